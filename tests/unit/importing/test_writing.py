"""Drafts as text."""

from __future__ import annotations

import json
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from support.vendor import JSON
from timgen.importing.writing import dump


@given(st.dictionaries(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1), JSON))
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    value = json.loads(json.dumps(value).encode("utf-8", "replace"))
    if "\\ud" not in json.dumps(value):
        text = dump({"examples": [value], "value": value}, first_line="a comment")
        assert yaml.safe_load(text) == {"examples": [value], "value": value}
