"""jsonschema-rs says yes to nothing that jsonschema does not: only its yes counts, so nothing else may differ."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from support.effort import cases
from support.paths import ROOT
from timgen.checking import metaschemas
from timgen.language.quick import Validator
from timgen.language.validators import answer_validator, request_validator

FILES = {
    "api": "api.yaml",
    "errors": "errors.yaml",
    "schemas": "schemas/message.yaml",
    "service": "v4/group_open_http_svc/_service.yaml",
    "command": "v4/group_open_http_svc/destroy_group.yaml",
    "webhook": "webhooks/Group.CallbackAfterGroupFull.yaml",
}
ODD: list[Any] = [
    *(None, True, False, 0, 1, -1, 1.0, 1.5, -0.0, 0.1, 2**31, 2**63, 2**64, 10**40, 1e300, math.nan, math.inf),
    *("", " ", "a", "A", "1", "a\n", "\n", "é", "٢", "\ud800", "a\x1cb", "https://a", "https://a\x1cb", "https://a\n"),
    *("2026-11-27", "2026-02-30", "0000-01-01", "20261127", "2026-W48-5", "2026-11-27\n", "\u0662026-11-27"),
    *("POST", "safe", "string", "integer", "object", "#/components/schemas/Message", "$ref", "^a$", "("),
    *([], [1], [1, 1], [1, 1.0], [1, True], [0, False], ["a", "a"], [[1], [True]], [{}], [None]),
    *({}, {"": 1}, {"a": 1}, {"type": "string"}, {"type": "integer", "minimum": 1.0}, {"enum": [1, True]}, {"a\n": {}}),
]
"""What the engines might read differently."""
BODIES: list[Any] = [
    {"type": "integer", "minimum": 0, "maximum": 2**32 - 1},
    {"type": ["integer", "string"], "minLength": 1, "maxLength": 2},
    {"type": "number", "exclusiveMinimum": 0},
    {"type": "string", "pattern": "^[a-z]+$"},
    {"type": "string", "enum": ["a", "é"], "x-prefixes": ["a"]},
    {"enum": [0, 1], "x-open": "More may come"},
    {"enum": [1, "a", None]},
    {"type": "integer", "x-flag": True},
    {"type": "string", "x-max-bytes": 1},
    {"type": "array", "x-max-bytes": 6, "items": {"type": "integer"}, "uniqueItems": True},
    {"type": "array", "contains": {"properties": {"a": {"const": 1}}}, "minContains": 0, "maxContains": 1},
    {"type": "object", "required": ["a"], "properties": {"a": {"const": 1}}},
    {"type": "object", "patternProperties": {"^a$": {"type": "integer"}}, "additionalProperties": {"type": "string"}},
    {"anyOf": [{"$ref": "#/components/schemas/Node"}, {"type": "string"}]},
]
SHARED: dict[str, Any] = {
    "Node": {
        "type": "object",
        "properties": {
            "a": {"$ref": "#/components/schemas/Node"},
            "type": {"not": {"enum": ["string"]}, "x-open": "x"},
        },
        "deprecated": {"use": "something else"},
    }
}


def document(file: str) -> Any:
    text = (ROOT / "spec" / file).read_text(encoding="utf-8")
    # Dates as text, as the reader has them.
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


DOCUMENTS = {kind: document(file) for kind, file in FILES.items()}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every mapping and list inside with each of its keys."""
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def assert_yes_is_yes(validator: Validator, value: Any) -> None:
    if validator._accepts(value):  # pyright: ignore[reportPrivateUsage]
        assert validator._thorough().is_valid(value)  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize("kind", ["service", "command", "webhook"])
def test_of_every_odd_value_in_every_place_of_a_file(kind: str) -> None:
    validator = metaschemas.validators(ROOT)[kind]
    broken = copy.deepcopy(DOCUMENTS[kind])
    for holder, key in list(places(broken)):
        sound = holder[key]
        for value in ODD:
            holder[key] = value
            assert_yes_is_yes(validator, broken)
        holder[key] = sound


@settings(max_examples=cases(200))
@given(st.sampled_from(list(FILES)), st.data())
def test_of_files_with_two_mistakes(kind: str, data: st.DataObject) -> None:
    validator = metaschemas.validators(ROOT)[kind]
    broken = copy.deepcopy(DOCUMENTS[kind])
    for _ in range(data.draw(st.integers(1, 2))):
        every = list(places(broken))
        holder, key = every[data.draw(st.integers(0, len(every) - 1))]
        change = data.draw(st.sampled_from(["replace", "remove", "rename"]))
        odd = copy.deepcopy(ODD[data.draw(st.integers(0, len(ODD) - 1))])
        value = holder.pop(key) if isinstance(holder, dict) and change != "replace" else holder[key]
        if change == "replace":
            holder[key] = odd
        elif isinstance(holder, dict) and change == "rename":
            holder[str(odd)] = value
    assert_yes_is_yes(validator, broken)


def test_of_every_odd_value_as_a_body_and_inside_of_one() -> None:
    for make in (request_validator, answer_validator):
        for schema in BODIES:
            validator = make(schema, SHARED)
            for value in ODD:
                for instance in (value, {"a": value}, {"type": value}, [value], [value, value]):
                    assert_yes_is_yes(validator, instance)


def test_it_says_yes_to_what_is_sound() -> None:
    """Or nothing would be gained."""
    validators = metaschemas.validators(ROOT)
    for kind, value in DOCUMENTS.items():
        assert validators[kind]._accepts(value), kind  # pyright: ignore[reportPrivateUsage]
    assert request_validator(BODIES[13], SHARED)._accepts({"a": {"a": {}}})  # pyright: ignore[reportPrivateUsage]
