"""Areas of error codes."""

from __future__ import annotations

import pytest

from timgen.language.areas import area_of

AREAS = {"negative": [[-9, -1]], "two": [[10, 20], [30, 30]], "late": [[1, 100]]}


@pytest.mark.parametrize(
    ("code", "area"),
    [(-9, "negative"), (-1, "negative"), (0, None), (10, "two"), (20, "two"), (21, "late"), (30, "two"), (101, None)],
)
def test_a_code_is_in_the_first_area_whose_ranges_have_it(code: int, area: str | None) -> None:
    assert area_of(code, AREAS) == area
