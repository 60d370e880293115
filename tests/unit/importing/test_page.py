"""A page taken apart."""

from __future__ import annotations

from support.minispec import Mini
from support.vendor import request


def test_two_rows_in_one_line(mini: Mini) -> None:
    fields = request(mini, "| A | String | x || B | Integer | y |")
    assert [fields["A"]["type"], fields["B"]["type"]] == ["string", "integer"]
