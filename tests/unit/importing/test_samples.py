"""Samples, which are JSON or nearly so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.vendor import JSON
from timgen.importing.samples import SampleError, parse_objects


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, // no\n "b": [1, 2,],}', {"a": 1, "b": [1, 2]}),
        ('{"a": 1 "b": "http://x//y" /* no */}', {"a": 1, "b": "http://x//y"}),
        ('{"a": [{"b": 1}, {...}, ...], ...}', {"a": [{"b": 1}]}),
        ('{"a": ..., "b": {…}, "c": 1}', {"c": 1}),
        ('{"a": xxx, b: TRUE, "c": null}', {"b": True, "c": None}),
        ("{“a”：“b”，“c”：1}", {"a": "b", "c": 1}),
        ('{"a": "\\q", "b": "tab\there", "c": "\\ud83d"}', {"a": "\\q", "b": "tab\there", "c": "\ufffd"}),
        ('// first\n{"a": -1.5e3}', {"a": -1500.0}),
        ('{"a": 1e999, "b": 18446744073709551615}', {"b": 18446744073709551615}),
        ("{}", {}),
    ],
)
def test_sample(text: str, expected: object) -> None:
    assert parse_objects(text) == [expected]


def test_several_samples_in_one() -> None:
    assert parse_objects('{"a": 1}\n{"a": 2}') == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"a"', '{"a": }', '{"a": [1', "{" * 9999, '{"a":' * 500])
def test_no_sample(text: str) -> None:
    with pytest.raises(SampleError):
        parse_objects(text)


@given(st.dictionaries(st.text(min_size=1), JSON))
def test_what_is_json_is_read_as_json(value: dict[str, Any]) -> None:
    text = json.dumps(value)
    read = json.loads(text)
    if "\\ud" not in text:
        assert parse_objects(text) == [read]
