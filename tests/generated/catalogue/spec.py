"""The catalogue of the spec, and what it says of the places in a body."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from timgen.modelling.model import Command
from timgen.pipeline import load_api
from timgen.reading import project

API = load_api(project.packaged().root)


def good_bodies(command: Command) -> Iterator[dict[str, Any]]:
    """Yield the requests of a command's examples that succeed."""
    for example in command.examples:
        if example.response.get("ErrorCode") == 0:
            yield copy.deepcopy(dict(example.request))


COMMANDS_WITH_EXAMPLES = [command for command in API.commands if any(good_bodies(command))]


def places(
    schema: Mapping[str, Any], value: object, path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield the places of `value` that have or could have a field, with the schema of each."""
    for own in _meant(schema, value):
        if isinstance(value, dict):
            for name, part in own.get("properties", {}).items():
                yield (*path, name), resolved(part)
                if name in value:
                    yield from places(part, value[name], (*path, name))
        elif isinstance(value, list) and "items" in own:
            for number, item in enumerate(value):
                if not isinstance(item, dict | list):
                    yield (*path, number), resolved(own["items"])
                yield from places(own["items"], item, (*path, number))


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a reference stands for, with what is said beside it."""
    shared = {one.name: one.schema for one in API.schemas}
    while "$ref" in schema:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**shared[schema["$ref"].rpartition("/")[2]], **beside}
    return schema


def _meant(schema: Mapping[str, Any], value: object) -> Iterator[Mapping[str, Any]]:
    schema = resolved(schema)
    for option in schema.get("anyOf") or schema.get("oneOf") or [schema]:
        if option is schema:
            constants = {
                name: part["const"] for name, part in schema.get("properties", {}).items() if "const" in resolved(part)
            }
            if not isinstance(value, dict) or constants.items() <= value.items():
                yield schema
        else:
            yield from _meant(option, value)


def put(body: dict[str, Any], path: tuple[Any, ...], value: object) -> dict[str, Any]:
    """Return a copy of `body` with `value` at `path`."""
    changed = copy.deepcopy(body)
    holder: Any = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return changed


def at(body: object, path: tuple[Any, ...]) -> Any:
    for step in path:
        body = body[step]  # type: ignore[index]
    return body


def text_of(path: tuple[Any, ...]) -> str:
    """Return a path as problems have it: `MemberList[0].Role`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
