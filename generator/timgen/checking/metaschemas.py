"""The meta-schemas: the form of each kind of spec file, as validators."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from timgen.reading import project
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.files import read_file
from timgen.reading.source import KeyPath, conflicts, parse

_FOLDER = "spec/meta"
_OUTPUT = "../../generated/"


def problems(root: Path, trusted: frozenset[str] = frozenset()) -> list[Diagnostic]:
    """Return what is wrong with the meta-schemas that the project in `root` brings.

    Those that are `trusted` were sound in an earlier run; all of them are then looked at or none.
    """
    paths = sorted((root / _FOLDER).glob("*.schema.json"))
    if all(f"{_FOLDER}/{path.name}" in trusted for path in paths):
        return []
    texts: dict[str, bytes] = {}
    findings: list[Diagnostic] = []
    for path in paths:
        try:
            texts[path.name] = read_file(path)
        except OSError as error:
            file = f"{_FOLDER}/{path.name}"
            findings.append(Diagnostic(file, 1, 1, "unreadable", f"cannot be read: {error.strerror}"))
    metas: dict[str, Any] = {}
    for name, data in texts.items():
        if left := conflicts(f"{_FOLDER}/{name}", data.decode("utf-8", "replace")):
            findings += left
            continue
        try:
            metas[name] = _loads(data.decode("utf-8"))
        except json.JSONDecodeError as error:
            source = error.doc.splitlines()[error.lineno - 1 : error.lineno] or [""]
            message = f"the meta-schema is not JSON: {error.msg}"
            findings.append(
                Diagnostic(f"{_FOLDER}/{name}", error.lineno, error.colno, "meta-schema", message, "", source[0])
            )
        except (UnicodeDecodeError, RecursionError):
            findings.append(_finding(name, data, (), "the meta-schema is not JSON in UTF-8"))
    if findings:
        return findings
    every = {**_load(project.packaged().root), **metas}
    return [
        _finding(name, texts[name], path, message)
        for name, meta in metas.items()
        for path, message in _mistakes(name, meta, every)
    ]


def validators(root: Path) -> dict[str, Any]:
    """Return the validators of the spec in `root` by kind: api, body, command, errors, schemas, service, webhook.

    A meta-schema that the project lacks is that of this release. Those that it has must be without `problems`.
    """
    from jsonschema import Draft202012Validator
    from jsonschema import validators as library

    metas = {**_load(project.packaged().root), **_load(root)}
    registry = _registry(metas)
    # JSON Schema takes 1.0 for an integer; what reads the spec afterwards does not.
    types: Any = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
    strict = cast(Any, library).extend(Draft202012Validator, type_checker=types)
    formats = Draft202012Validator.FORMAT_CHECKER
    return {
        name.removesuffix(".schema.json"): strict(meta, registry=registry, format_checker=formats)
        for name, meta in metas.items()
    }


def _load(root: Path) -> dict[str, Any]:
    return {
        path.name: _loads(path.read_text(encoding="utf-8")) for path in sorted((root / _FOLDER).glob("*.schema.json"))
    }


def _loads(text: str) -> Any:
    """Return a meta-schema without what editors learn from the output: here, the spec itself is what counts."""
    return json.loads(text, object_hook=_without_output)


def _without_output(part: dict[str, Any]) -> dict[str, Any]:
    reference = part.get("$ref")
    if isinstance(reference, str) and reference.startswith(_OUTPUT):
        del part["$ref"]
    return part


def _registry(metas: Mapping[str, Any]) -> Any:
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    return cast(Any, Registry()).with_resources(  # pyright: ignore
        [(name, Resource.from_contents(meta, default_specification=DRAFT202012)) for name, meta in metas.items()]
    )


def _mistakes(name: str, meta: Any, metas: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Yield where a meta-schema is no JSON Schema, or refers to something that is not there."""
    from referencing.exceptions import NoSuchResource, Unresolvable

    sound = True
    for error in _meta_validator().iter_errors(meta):
        sound = False
        yield tuple(error.absolute_path), f"the meta-schema is no JSON Schema: {error.message}"
    if not sound:
        return
    resolver = _registry(metas).resolver(name)
    for path, reference in _references(meta, ()):
        try:
            resolver.lookup(reference)
        except (Unresolvable, NoSuchResource):
            yield path, f"{reference} leads nowhere"


@cache
def _meta_validator() -> Any:
    from jsonschema import Draft202012Validator

    checker: Any = Draft202012Validator
    return checker(checker.META_SCHEMA, format_checker=checker.FORMAT_CHECKER)


def _references(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, dict):
        for key, inner in cast(dict[str, object], value).items():
            if key == "$ref" and isinstance(inner, str):
                yield (*path, key), inner
            yield from _references(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(cast(list[object], value)):
            yield from _references(inner, (*path, index))


def _finding(name: str, data: bytes, path: KeyPath, message: str) -> Diagnostic:
    # JSON is YAML, whose parser knows where everything stands.
    document, _ = parse(f"{_FOLDER}/{name}", data)
    return document.at(path, "meta-schema", message)


def _is_integer(_checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
