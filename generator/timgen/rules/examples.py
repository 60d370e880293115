"""Rules about examples: they obey their own schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from timgen.diagnostics import Diagnostic
from timgen.model import Schema
from timgen.rules.registry import Rule, deepest, mapping, sequence, shared_schemas
from timgen.schema import ref_name, walk
from timgen.source import Document, KeyPath
from timgen.spec import Spec


def invalid_example(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find an example that its schema rejects."""
    shared = shared_schemas(spec)
    for document in spec.commands.values():
        yield from _check(document, "request", "request", shared)
        yield from _check(document, "response", "response", shared)
    for document in spec.webhooks.values():
        yield from _check(document, "request", "request", shared)
        yield from _check(document, "reply", "reply", shared)


def _check(document: Document, key: str, part: str, shared: Mapping[str, Schema]) -> Iterator[Diagnostic]:
    from jsonschema import SchemaError
    from referencing.exceptions import Unresolvable

    from timgen.schema import body_validator

    schema = mapping(document.mapping.get(key)) or {"type": "object"}
    if not _is_sound(schema, shared):
        return
    validator = body_validator(schema, shared)
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
