"""Objects that are alike: an inline one and a shared schema, or several on one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from timgen.checking.rules.registry import mapping, sequence
from timgen.language.schema import Schema, ref_name, types

_FEWEST = 2
"""Fields of an object that is worth a name."""
_NEAR = 3
"""Fields in common, for each that differs, of objects that are nearly the same."""
_DEEPEST = 8


def differences(own: Schema, shared: Schema, schemas: Mapping[str, Schema], depth: int = 0) -> list[str]:
    """Return what an object of a page has otherwise than a shared one, as words about the shared one.

    A type that the page shows is the same when it is one of the shared ones: pages show less than there is.
    """
    mine, theirs = mapping(own.get("properties")), mapping(shared.get("properties"))
    found = [f"lacks {name}" for name in mine if name not in theirs]
    found += [f"has {name} too" for name in theirs if name not in mine]
    for name in mine:
        if name in theirs and not _is_same(mapping(mine[name]), mapping(theirs[name]), schemas, depth + 1):
            found.append(f"has another {name}")
    return found


def closest(own: Schema, schemas: Mapping[str, Schema]) -> tuple[list[str], str]:
    """Return the names of the shared `schemas` that an object equals, and words on the one that it nearly equals."""
    mine = mapping(own.get("properties"))
    equal: list[str] = []
    near: list[tuple[int, str]] = []
    for name, schema in schemas.items():
        theirs = mapping(schema.get("properties"))
        common = len(mine.keys() & theirs.keys())
        if common < _FEWEST:
            continue
        found = differences(own, schema, schemas)
        if not found:
            equal.append(name)
        elif len(found) * _NEAR <= common:
            near.append((len(found), f"nearly {name}, which {', '.join(found)}"))
    return equal, min(near)[1] if near and not equal else ""


def repeated(bodies: Mapping[str, Schema]) -> Iterator[tuple[Schema, str]]:
    """Yield each field whose objects have the fields of an earlier one's, and what that one is called.

    `bodies` are those of a page by their names.
    """
    first: dict[object, str] = {}
    for body, schema in bodies.items():
        for path, field in _fields(schema, body):
            inside = mapping(field.get("items")) or field
            if len(mapping(inside.get("properties"))) >= _FEWEST:
                place = first.setdefault(_shape(inside), path)
                if place != path:
                    yield field, place


def _fields(schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Yield every field inside an object, the outer ones first, with its path."""
    for name, value in mapping(schema.get("properties")).items():
        field = mapping(value)
        is_list = "items" in field
        yield f"{path}.{name}", field
        yield from _fields(mapping(field["items"]) if is_list else field, f"{path}.{name}{'[]' if is_list else ''}")


def _is_same(own: Schema, other: Schema, schemas: Mapping[str, Schema], depth: int) -> bool:
    if ref_name(own) is not None and ref_name(own) == ref_name(other):
        return True
    own, other = _target(own, schemas), _target(other, schemas)
    if depth > _DEEPEST or not _types(own, schemas) <= _types(other, schemas):
        return False
    if "items" in own and not _is_same(mapping(own["items"]), mapping(other.get("items")), schemas, depth + 1):
        return False
    return "properties" not in own or not differences(own, other, schemas, depth)


def _target(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    for _ in range(_DEEPEST):
        schema = mapping(schemas.get(ref_name(schema) or "")) or schema
    return schema


def _types(schema: Schema, schemas: Mapping[str, Schema], depth: int = 0) -> set[str]:
    found = set(types(schema)) - {"null"}
    for key in ("anyOf", "oneOf"):
        for option in sequence(schema.get(key)) if depth < _DEEPEST else ():
            found |= _types(_target(mapping(option), schemas), schemas, depth + 1)
    return found


def _shape(schema: Schema) -> object:
    """Return what is the same for objects with the same fields."""
    reference = ref_name(schema)
    inside = {name: _shape(mapping(value)) for name, value in mapping(schema.get("properties")).items()}
    items = _shape(mapping(schema["items"])) if "items" in schema else None
    return reference, frozenset(types(schema)), frozenset(inside.items()), items
