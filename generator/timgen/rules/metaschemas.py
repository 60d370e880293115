"""The meta-schemas: the form of each kind of spec file, as validators."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from timgen import project


class MetaSchemaError(Exception):
    """A meta-schema of the project cannot be read."""


def validators(root: Path) -> dict[str, Any]:
    """Return the validators of the spec in `root` by kind: api, body, command, errors, schemas, service, webhook.

    A meta-schema that the project lacks is that of this release. Raises MetaSchemaError when one is damaged.
    """
    from jsonschema import Draft202012Validator
    from jsonschema import validators as library
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    paths = {path.name: path for folder in _folders(root) for path in sorted(folder.glob("*.schema.json"))}
    metas = {name: _load(path) for name, path in paths.items()}
    registry: Any = Registry().with_resources(  # pyright: ignore
        [(name, Resource.from_contents(meta, default_specification=DRAFT202012)) for name, meta in metas.items()]
    )
    # JSON Schema takes 1.0 for an integer; what reads the spec afterwards does not.
    types: Any = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
    strict = cast(Any, library).extend(Draft202012Validator, type_checker=types)
    formats = Draft202012Validator.FORMAT_CHECKER
    return {
        name.removesuffix(".schema.json"): strict(meta, registry=registry, format_checker=formats)
        for name, meta in metas.items()
    }


def _folders(root: Path) -> list[Path]:
    return [project.packaged().spec / "meta", root / "spec" / "meta"]


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise MetaSchemaError(f"{path} is damaged: {error}") from error


def _is_integer(_checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
