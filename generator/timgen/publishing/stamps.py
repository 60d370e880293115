"""Stamps: what an output depends on, as a hash that tells whether it has to be made anew.

A template for each command, say, sees its command, what `spec/api.yaml` says, the error codes that the command names
and the shared schemas that its bodies lead to (see `render.places_of`). The stamp is over these, so that an edit of
another code or another schema leaves the output alone.
"""

from __future__ import annotations

import json
from functools import cache

from timgen.modelling.build import Built
from timgen.modelling.model import ErrorCode
from timgen.reading.inputs import Inputs, digest
from timgen.rendering.render import Place, Stamp


def stamper(built: Built, inputs: Inputs) -> Stamp:
    """Return what stamps the outputs of a run: see `render`."""
    shared = built.api.schemas_by_name
    of_files = cache(inputs.stamp)
    errors: dict[tuple[int, int, tuple[str, ...]], str] = {}

    @cache
    def of_schema(name: str) -> str:
        schema = shared[name]
        # Its definition tells whether apps write it, or read it.
        return digest([json.dumps(schema.schema), built.shared.by_key[f"{schema.module}.{name}"].text])

    @cache
    def of_schemas(names: tuple[str, ...]) -> str:
        return digest(map(of_schema, sorted(built.api.envelope_schemas.union(names))))

    def of_error(error: ErrorCode) -> str:
        # With its place and without it, a code says two things.
        key = (error.code, error.location.line, error.commands)
        if key not in errors:
            errors[key] = digest([repr(error)])
        return errors[key]

    def stamp(place: Place) -> str:
        return digest([of_files(place.origins or ()), of_schemas(place.schemas), *map(of_error, place.errors)])

    return stamp
