"""Rules about examples: they obey their own schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timgen.diagnostics import Diagnostic
from timgen.model import Schema
from timgen.rules import metaschemas
from timgen.rules.registry import Rule, deepest, mapping, sequence, shared_schemas
from timgen.schema import body_validator, open_components, references
from timgen.source import Document, KeyPath
from timgen.spec import Spec

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


def invalid_example(spec: Spec, root: Path) -> Iterator[Diagnostic]:
    """Find an example that its schema rejects."""
    # An example depends on its own file and on the shared schemas.
    trusted = spec.trusted if all(d.file in spec.trusted for d in spec.schemas.values()) else frozenset[str]()
    bodies = _Bodies(shared_schemas(spec), metaschemas.validators(root)["body"])
    for documents, parts in ((spec.commands, ("request", "response")), (spec.webhooks, ("request", "reply"))):
        for document in documents.values():
            if document.file not in trusted:
                for part in parts:
                    yield from _check(document, part, bodies)


def _check(document: Document, part: str, bodies: _Bodies) -> Iterator[Diagnostic]:
    validator = bodies.validator(mapping(document.mapping.get(part)) or {"type": "object"})
    if validator is None:
        return
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
        except RecursionError:
            # Of a schema without end, which another rule reports.
            return


class _Bodies:
    """Makes validators of body schemas, of sound ones only: what is wrong with the others, other rules report."""

    def __init__(self, shared: Mapping[str, Schema], form: Any) -> None:
        self._shared = shared
        self._form = form
        self._sound: dict[str, bool] = {}

    def validator(self, schema: Schema) -> Draft202012Validator | None:
        """Return the validator of `schema`, None when it or a shared schema that it leads to is not sound."""
        if not self._form.is_valid(schema):
            return None
        reached: set[str] = set()
        queue = [schema]
        while queue:
            for name in references(queue.pop()) - reached:
                if not self._is_sound(name):
                    return None
                reached.add(name)
                queue.append(self._shared[name])
        return body_validator(schema, open_components({name: self._shared[name] for name in reached}))

    def _is_sound(self, name: str) -> bool:
        if name not in self._sound:
            self._sound[name] = name in self._shared and self._form.is_valid(self._shared[name])
        return self._sound[name]


RULES = (Rule("invalid-example", "a schema rejects its example", invalid_example),)
