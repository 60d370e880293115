"""Rules about files as a whole: their meta-schema, and their names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from timgen.checking import metaschemas
from timgen.checking.rules.registry import Rule, choices, deepest, mapping, nearest_names, sequence, suggestion
from timgen.language.schema import REF_PREFIX, type_name
from timgen.language.todo import TODO, is_marked
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.source import NO_COMMENT, Document, KeyPath, plain_as, quoted
from timgen.reading.spec import Spec

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}


def schema(spec: Spec, root: Path) -> Iterator[Diagnostic]:
    """Check every file against its meta-schema."""
    forms = metaschemas.validators(root)
    for kind, document in spec.documents():
        if document.value is None or document.file in spec.trusted:
            continue
        for error in forms[kind].iter_errors(document.value):
            # What a person must still write is the finding of `todo`.
            if not is_marked(deepest(error).instance):
                yield from _explain(document, error)
    if spec.webhooks and spec.api.mapping and "webhooks" not in spec.api.mapping:
        first = min(document.file for document in spec.webhooks.values())
        hint = "what all webhooks share: {command: ..., reply: ...}"
        yield spec.api.at((), "missing-key", f"`webhooks` is missing, which {first} needs", hint, key=True)


def todo(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find the mark of a place that a person must still fill in."""
    for _, document in spec.documents():
        # Few files have the mark, so that nearly all are passed over at the speed of a text search.
        if document.file not in spec.trusted and TODO in document.text():
            for path, text in _marked(document.value, ()):
                question = text.removeprefix(TODO).lstrip(": ") if text.startswith(TODO) else ""
                hint = question or "write it, after the vendor's page, in your own words"
                yield document.at(path, "todo", f"{_place(path)} is still to be decided", hint, inside=TODO)


def _marked(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Yield every text inside `value` that has the mark, with its path."""
    if isinstance(value, str):
        if is_marked(value):
            yield path, value
    elif isinstance(value, Mapping):
        for key, inner in cast(Mapping[str, object], value).items():
            yield from _marked(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(cast(list[object], value)):
            yield from _marked(inner, (*path, index))


def _place(path: KeyPath) -> str:
    """Return what a text is for, in a word or two: `summary`, `description of GroupId`."""
    names = [step for step in path if isinstance(step, str)]
    last = names[-1] if names else "this"
    if last in ("description", "x-enum-descriptions") and len(names) > 2:
        owner = next((name for name in reversed(names[:-1]) if name not in ("items", "additionalProperties")), "")
        return f"{last} of {owner}"
    return last


def webhook_command(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Check that a webhook's examples carry the name that its file has."""
    key = mapping(spec.api.mapping.get("webhooks")).get("command")
    if not isinstance(key, str):
        return
    for name, document in spec.webhooks.items():
        for index, example in enumerate(sequence(document.mapping.get("examples"))):
            for part in ("query", "request"):
                command = mapping(mapping(example).get(part)).get(key, name)
                if command != name:
                    path = ("examples", index, part, key)
                    yield document.at(path, "webhook-command", f"the file is named {name}, not {command}")


def _explain(document: Document, error: Any) -> Iterator[Diagnostic]:
    """Turn an error of jsonschema into findings that say where, what and what to do."""
    error = deepest(error)
    path: KeyPath = tuple(error.absolute_path)
    value, limit = error.instance, error.validator_value
    if error.validator == "additionalProperties" and isinstance(value, dict):
        known = cast(Mapping[str, object], error.schema.get("properties", {}))
        for key in cast(dict[str, object], value):
            if key not in known:
                message = f"`{key}` is not known here"
                yield document.at((*path, key), "unknown-key", message, nearest_names(key, known), key=True)
    elif error.validator == "required":
        given = cast(dict[str, object], value)
        for key in cast(list[str], limit):
            if key not in given:
                about = str(error.schema.get("properties", {}).get(key, {}).get("description", ""))
                yield document.at(path, "missing-key", f"`{key}` is missing", about, key=True)
    elif error.validator == "type":
        yield _wrong_type(document, path, value, limit)
    elif error.validator in ("enum", "const"):
        shown = [_shown(choice) for choice in (limit if error.validator == "enum" else [limit])]
        hint = suggestion(_shown(value), shown) or choices(shown)
        yield document.at(path, "schema", f"`{_shown(value)}` is not a value that is known here", hint)
    elif "propertyNames" in error.absolute_schema_path:
        yield document.at(
            (*path, str(value)), "schema", f"`{value}` is not a name for this place", _about(error), key=True
        )
    elif error.validator == "pattern" and path[-1:] == ("$ref",) and str(value).isidentifier():
        yield document.at(path, "schema", f"{value!r} has the wrong form", f'write "{REF_PREFIX}{value}"')
    elif error.validator == "pattern":
        yield document.at(path, "schema", f"{value!r} has the wrong form", _about(error) or f"it must match {limit}")
    elif error.validator == "format":
        yield document.at(path, "schema", f"{value!r} is not a {limit}", _about(error))
    elif error.validator == "minItems" and value and path[-1] in ("anyOf", "oneOf"):
        hint = "write that one in the place of the union"
        yield document.at(path, "schema", f"`{path[-1]}` has one member only", hint, key=True)
    elif error.validator in ("minItems", "minProperties", "minLength"):
        message = f"at least {limit} must be here" if value else "nothing is here"
        yield document.at(path, "schema", message, _about(error))
    elif error.validator in ("minimum", "maximum"):
        bound = f"too large: at most {limit}" if error.validator == "maximum" else f"too small: at least {limit}"
        yield document.at(path, "schema", f"{value} is {bound} can stand here", _about(error))
    elif error.validator == "dependentRequired":
        needed, name = re.findall("'([^']*)'", error.message)
        yield document.at((*path, name), "schema", f"`{name}` needs `{needed}` beside it", _about(error), key=True)
    else:
        yield document.at(path, "schema", error.message, _about(error), key=True)


def _wrong_type(document: Document, path: KeyPath, value: object, expected: str | list[str]) -> Diagnostic:
    names = [expected] if isinstance(expected, str) else expected
    due = " or ".join(_TYPES[name] for name in names)
    text = document.is_plain_scalar(path)
    found = _TYPES[type_name(value)]
    if value is None and "string" in names:
        if finding := _comment(document, path):
            return finding
        if text in ("", "null"):
            hint = "write it, or leave out what need not be here"
            return document.at(path, "schema", f"{due} is due here, not {found}", hint)
    if "string" in names and text:
        message, hint = f"`{text}` is read as {plain_as(text)}; {due} is due here", f'quote it: "{text}"'
        if path[-1] == "const" and isinstance(value, bool):
            hint = "a constant is text or a whole number; a yes or no is `type: boolean`"
        return document.at(path, "schema", message, hint)
    return document.at(path, "schema", f"{due} is due here, not {found}", key=text is None)


def _comment(document: Document, path: KeyPath) -> Diagnostic | None:
    """Find that a value is missing because it begins with a number sign, which begins a comment."""
    line, column = document.position(path)
    source = document.lines[line - 1] if line <= len(document.lines) else ""
    comment = re.match(r"\s*(#\S.*)", source[column - 1 :])
    if not comment:
        return None
    return document.at(path, "schema", NO_COMMENT, quoted(comment[1]), inside=comment[1])


def _shown(value: object) -> str:
    """Return a value as it stands in YAML: `null`, not `None`."""
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _about(error: Any) -> str:
    # A schema may be `false` alone.
    return str(mapping(error.schema).get("description", ""))


RULES = (
    Rule("schema", "a file breaks its meta-schema", schema, alone=True),
    Rule("todo", "a place is marked TODO: a person must still fill it in", todo, alone=True),
    Rule(
        "webhook-command",
        "an example of a webhook carries another command than its file's name",
        webhook_command,
        alone=True,
    ),
)
