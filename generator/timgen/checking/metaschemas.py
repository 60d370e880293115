"""The meta-schemas: the form of each kind of spec file, as validators."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, cast

import jsonschema_rs

from timgen.language.quick import Accepts, Validator, quick, registry
from timgen.reading import project
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.files import read_file
from timgen.reading.listing import meta_schema_files
from timgen.reading.source import KeyPath, conflicts, parse

_FOLDER = "spec/meta"
_OUTPUT = "../../generated/"

_SUBSCHEMA_MAPS = ("$defs", "properties")
_SUBSCHEMA_LISTS = ("anyOf", "oneOf")
_SUBSCHEMAS = ("additionalProperties", "items", "not", "propertyNames")
# Keywords of which jsonschema-rs says the same as jsonschema, and those that mean nothing to either.
_ALIKE = frozenset(
    {*_SUBSCHEMA_MAPS, *_SUBSCHEMA_LISTS, *_SUBSCHEMAS, "$id", "$ref", "$schema", "const", "dependentRequired"}
    | {
        "description",
        "enum",
        "format",
        "maxItems",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
    }
    | {"minimum", "pattern", "required", "title", "type", "uniqueItems"}
)
_PLAIN_URI = re.compile(r"[A-Za-z0-9_.:/#$-]*")


def problems(root: Path, trusted: frozenset[str] = frozenset()) -> list[Diagnostic]:
    """Return what is wrong with the meta-schemas that the project in `root` brings.

    Those that are `trusted` were sound in an earlier run; all of them are then looked at or none.
    """
    paths = meta_schema_files(root)
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
    every = {**{name: _loads(text) for name, text in _texts(project.packaged().root).items()}, **metas}
    return [
        _finding(name, texts[name], path, message)
        for name, meta in metas.items()
        for path, message in _mistakes(name, meta, every)
    ]


def validators(root: Path) -> Mapping[str, Validator]:
    """Return the validators of the spec in `root` by kind: api, body, command, errors, schemas, service, webhook.

    A meta-schema that the project lacks is that of this release. Those that it has must be without `problems`.
    """
    return _validators(tuple({**_texts(project.packaged().root), **_texts(root)}.items()))


@lru_cache(maxsize=2)
def _validators(texts: tuple[tuple[str, str], ...]) -> Mapping[str, Validator]:
    metas = {name: _loads(text) for name, text in texts}

    @cache
    def thorough(name: str) -> Any:
        from jsonschema import Draft202012Validator
        from jsonschema import validators as library

        # JSON Schema takes 1.0 for an integer; what reads the spec afterwards does not.
        types: Any = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
        strict = cast(Any, library).extend(Draft202012Validator, type_checker=types)
        return strict(metas[name], registry=_registry(metas), format_checker=Draft202012Validator.FORMAT_CHECKER)

    def accepts(name: str, value: object) -> bool:
        return not _has_whole_float(value) and quickly(name)(value)

    @cache
    def quickly(name: str) -> Accepts:
        return quick(metas[name], {"pattern": _pattern, "format": _date}, metas)

    is_alike = all(map(_is_alike, metas.values()))
    return {
        name.removesuffix(".schema.json"): Validator(
            partial(accepts, name) if is_alike else lambda _value: False, partial(thorough, name)
        )
        for name in metas
    }


def _texts(root: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in meta_schema_files(root)}


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
    if _is_alike(meta) and _is_quickly_sound(name, meta, metas):
        return
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


def _is_quickly_sound(name: str, meta: Any, metas: Mapping[str, Any]) -> bool:
    """Whether it is certain that `_mistakes` finds nothing."""
    try:
        resolver = registry(metas).resolver(name)
        for _, reference in _references(meta, ()):
            resolver.lookup(reference)
        return jsonschema_rs.meta.is_valid(meta)
    except (ValueError, jsonschema_rs.ReferencingError):
        return False


def _is_alike(schema: object) -> bool:
    """Whether jsonschema-rs reads a schema as jsonschema does, with `_pattern` and `_date` in the place of its own."""
    if not isinstance(schema, dict):
        return isinstance(schema, bool)
    schema = cast(dict[str, Any], schema)
    inner = [part for key in _SUBSCHEMA_MAPS for part in cast(dict[str, Any], schema.get(key, {})).values()]
    inner += [part for key in _SUBSCHEMA_LISTS for part in cast(list[Any], schema.get(key, []))]
    inner += [schema[key] for key in _SUBSCHEMAS if key in schema]
    return (
        schema.keys() <= _ALIKE
        and schema.get("format", "date") == "date"
        and all(_PLAIN_URI.fullmatch(schema.get(key, "")) for key in ("$id", "$ref", "$schema"))
        and _is_pattern(schema.get("pattern", ""))
        and all(map(_is_alike, inner))
    )


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _pattern(pattern: str, instance: object, _schema: object) -> Iterator[str]:
    if isinstance(instance, str) and not re.search(pattern, instance):
        yield "does not match"


def _date(_format: object, instance: object, _schema: object) -> Iterator[str]:
    if isinstance(instance, str):
        try:
            date.fromisoformat(instance)
        except ValueError:
            yield "no date"
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", instance):
            yield "no date"


def _has_whole_float(value: object) -> bool:
    """Whether a number inside is written like 1.0, which is an integer for all but us."""
    queue = [value]
    for part in queue:
        if isinstance(part, dict):
            queue += cast(dict[str, object], part).values()
        elif isinstance(part, list):
            queue += cast(list[object], part)
        elif isinstance(part, float) and part.is_integer():
            return True
    return False


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
