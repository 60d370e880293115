"""What the spec advises against and names all the same is a warning, at its place."""

from pathlib import Path

import pytest

from support import minispec
from support.minispec import Mini
from support.rules import ADD, ERRORS, warnings
from timgen.pipeline import load


@pytest.fixture
def mini(tmp_path: Path) -> Mini:
    return minispec.make(tmp_path)


def deprecate(mini: Mini, name: str, use: str) -> None:
    mini.patch(ERRORS, f"  name: {name}\n", f"  name: {name}\n  deprecated: {{since: '2024-01-01', use: {use}}}\n")


def told(mini: Mini) -> list[tuple[str, str]]:
    return [(finding.message, finding.hint) for finding in load(mini.root)[1]]


def test_a_command_that_names_a_code_that_no_longer_comes(mini: Mini) -> None:
    deprecate(mini, "TOO_LONG", "10002")
    # What comes in its place stands beside it.
    assert warnings(mini) == []
    mini.patch(ADD, "errors: [10002, -7]", "errors: [-7]")
    assert warnings(mini) == [("deprecated-code", ADD, 33, 10)]
    assert told(mini) == [("-7 is deprecated: 10002 comes in its place", "name 10002 as well, or alone")]


def test_a_command_that_names_a_code_without_another_in_its_place(mini: Mini) -> None:
    deprecate(mini, "TOO_LONG", "cut the text")
    assert warnings(mini) == [("deprecated-code", ADD, 33, 17)]
    assert told(mini) == [("-7 is deprecated: cut the text", "leave it out")]


def test_a_code_in_place_of_another_that_no_longer_comes_either(mini: Mini) -> None:
    deprecate(mini, "TOO_LONG", "10002")
    deprecate(mini, "INTERNAL", "10002")
    assert warnings(mini) == [("deprecated-code", ERRORS, 3, 42), ("deprecated-code", ERRORS, 10, 42)]
    assert told(mini)[1][0] == "10002, which is said to come in place of -7, is deprecated as well"


def test_lint_tells_it_and_is_content(mini: Mini) -> None:
    deprecate(mini, "TOO_LONG", "cut the text")
    done = mini.timgen("lint")
    assert done.returncode == 0
    assert f"{ADD}:33:17: warning[deprecated-code]: -7 is deprecated: cut the text" in done.stdout
