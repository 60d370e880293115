"""Rules about examples: they obey their own schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from timgen.diagnostics import Diagnostic
from timgen.model import Schema
from timgen.rules.registry import Rule, deepest, mapping, sequence, shared_schemas
from timgen.schema import body_validator, open_components, ref_name, walk
from timgen.source import Document, KeyPath
from timgen.spec import Spec


def invalid_example(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find an example that its schema rejects."""
    # An example depends on its own file and on the shared schemas.
    trusted = spec.trusted if all(d.file in spec.trusted for d in spec.schemas.values()) else frozenset[str]()
    shared = shared_schemas(spec)
    components = open_components(shared)
    for documents, parts in ((spec.commands, ("request", "response")), (spec.webhooks, ("request", "reply"))):
        for document in documents.values():
            if document.file not in trusted:
                for part in parts:
                    yield from _check(document, part, shared, components)


def _check(
    document: Document, part: str, shared: Mapping[str, Schema], components: Mapping[str, Schema]
) -> Iterator[Diagnostic]:
    from jsonschema import SchemaError
    from referencing.exceptions import Unresolvable

    schema = mapping(document.mapping.get(part)) or {"type": "object"}
    if not _is_sound(schema, shared):
        return
    validator = body_validator(schema, components)
    for index, example in enumerate(sequence(document.mapping.get("examples"))):
        body = mapping(example).get(part)
        if body is None:
            continue
        where: KeyPath = ("examples", index, part)
        try:
            for error in validator.iter_errors(body):  # pyright: ignore
                inner = deepest(error)
                path: KeyPath = tuple(inner.absolute_path)
                message = f"its schema rejects the {part}: {inner.message}"
                yield document.at((*where, *path), "invalid-example", message)
        except (SchemaError, Unresolvable, RecursionError, TypeError, ValueError):
            # The schema itself is broken, which other rules report.
            return


def _is_sound(schema: Schema, shared: Mapping[str, Schema]) -> bool:
    """Whether every reference that `schema` leads to is there."""
    seen: set[str] = set()
    queue = [schema]
    while queue:
        for _, part in walk(queue.pop()):
            name = ref_name(part)
            if name is None or name in seen:
                continue
            if name not in shared:
                return False
            seen.add(name)
            queue.append(shared[name])
    return True


RULES = (Rule("invalid-example", "a schema rejects its example", invalid_example),)
