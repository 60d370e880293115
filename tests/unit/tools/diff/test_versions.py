from __future__ import annotations

import pytest

from timgen.tools.diff.changes import Level
from timgen.tools.diff.versions import Step, is_enough, key, least, step


@pytest.mark.parametrize(
    ("old", "level", "expected", "lowest"),
    [
        ("0.1.0", "breaking", "minor", "0.2.0"),
        ("0.1.3", "additive", "patch", "0.1.4"),
        ("0.1.0", "docs", "none", "0.1.0"),
        ("1.2.3", "breaking", "major", "2.0.0"),
        ("1.2.3", "additive", "minor", "1.3.0"),
        ("1.2.3", "none", "none", "1.2.3"),
        ("0.2.0rc1", "additive", "patch", "0.2.0"),
    ],
)
def test_the_step_that_a_level_asks_for(old: str, level: Level, expected: Step, lowest: str) -> None:
    assert step(old, level) == expected
    assert least(old, expected) == lowest
    assert is_enough(old, lowest, expected)


@pytest.mark.parametrize(
    ("old", "new", "needed", "enough"),
    [
        ("0.1.0", "0.1.0", "patch", False),
        ("0.1.0", "0.1.0", "none", True),
        ("0.1.9", "0.1.10", "patch", True),
        ("0.9.0", "0.10.0", "minor", True),
        ("0.1.0", "0.1.9", "minor", False),
        ("1.9.9", "2.0.0", "major", True),
        ("1.0.0", "1.9.0", "major", False),
        ("0.2.0", "0.1.9", "patch", False),
        ("0.1.0", "0.2.0rc1", "minor", True),
        ("0.2.0rc1", "0.2.0rc1", "minor", False),
        ("0.2.0rc1", "0.2.0rc2", "minor", True),
        ("0.2.0b9", "0.2.0", "minor", True),
        ("0.2.0rc1", "0.2.0b2", "patch", False),
    ],
)
def test_whether_a_version_moved_enough(old: str, new: str, needed: Step, enough: bool) -> None:
    assert is_enough(old, new, needed) is enough


def test_versions_are_sorted_with_what_comes_before_a_release() -> None:
    given = ["1.0.0", "0.10.0", "0.9.0", "1.0.0rc1", "1.0.0a10", "1.0.0a9", "1.0.0b1"]
    assert sorted(given, key=key) == ["0.9.0", "0.10.0", "1.0.0a9", "1.0.0a10", "1.0.0b1", "1.0.0rc1", "1.0.0"]


def test_what_no_spec_can_have_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"1\.0 is no version"):
        key("1.0")
