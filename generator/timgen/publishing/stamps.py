"""Stamps: what an output depends on, as a hash that tells whether it has to be made anew.

A template for each command, say, sees its command, what `spec/api.yaml` says, the error codes that the command names
and the shared schemas that its bodies lead to (see `render.places_of`). The stamp is over these, so that an edit of
another code or another schema leaves the output alone.
"""

from __future__ import annotations

import hashlib

from timgen.modelling.build import Built
from timgen.modelling.model import ErrorCode, SharedSchema
from timgen.reading.inputs import Inputs
from timgen.rendering.render import Place, Stamp


def stamper(built: Built, inputs: Inputs) -> Stamp:
    """Return what stamps the outputs of a run: see `render`."""
    schemas: dict[str, str] = {}
    errors: dict[tuple[int, int, tuple[str, ...]], str] = {}

    def of_schema(schema: SharedSchema) -> str:
        if schema.name not in schemas:
            # Bodies say of it what its classes do: whether apps write it, for one.
            keys = sorted(built.shared.closure([f"{schema.module}.{schema.name}"]))
            schemas[schema.name] = _hash(repr(schema), *(built.shared.by_key[key].text for key in keys))
        return schemas[schema.name]

    def of_error(error: ErrorCode) -> str:
        # With its place and without it, a code says two things.
        key = (error.code, error.location.line, error.commands)
        if key not in errors:
            errors[key] = _hash(repr(error))
        return errors[key]

    def stamp(place: Place) -> str:
        said = (*map(of_schema, place.schemas), *map(of_error, place.errors))
        return inputs.stamp(place.origins or (), said)

    return stamp


def _hash(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
