"""How findings are shown."""

import json
from dataclasses import replace

import pytest

from timgen.reading.diagnostics import Diagnostic, as_github, as_json, as_text, errors, summary

FINDING = Diagnostic(
    file="spec/v4/openim/sendmsg.yaml",
    line=41,
    column=9,
    rule="unknown-error-code",
    message="7010 is not in errors.yaml",
    hint="did you mean 70107?",
    source="errors: [7010]",
)


def caret(source: str, column: int) -> tuple[str, str]:
    """Return the source line and the caret line of a report, without their margin."""
    shown = as_text([Diagnostic("f.yaml", 7, column, "r", "m", source=source)]).splitlines()
    assert shown[1].startswith("  7 | ")
    assert shown[2].startswith("    | ")
    return shown[1][6:], shown[2][6:]


def test_text_form() -> None:
    assert as_text([FINDING]) == (
        "spec/v4/openim/sendmsg.yaml:41:9: error[unknown-error-code]: 7010 is not in errors.yaml\n"
        "  41 | errors: [7010]\n"
        "     |         ^\n"
        "    = did you mean 70107?\n"
    )


def test_text_form_without_source_and_hint_is_one_line() -> None:
    assert as_text([Diagnostic("a.yaml", 1, 1, "missing-file", "the file does not exist")]) == (
        "a.yaml:1:1: error[missing-file]: the file does not exist\n"
    )


def test_the_first_line_is_never_wrapped() -> None:
    message = "word " * 400
    shown = as_text([Diagnostic("a.yaml", 1, 1, "r", message, source="x")]).splitlines()
    assert shown[0] == f"a.yaml:1:1: error[r]: {message}"
    assert len(shown) == 3


def test_a_newline_in_a_message_makes_no_new_line() -> None:
    shown = as_text([Diagnostic("a.yaml", 1, 1, "r", "one\ntwo\u2028three\x85four", hint="a\nb")])
    assert len(shown.splitlines()) == 2
    assert "one\\ntwo\\u2028three\\x85four" in shown


def test_the_caret_keeps_tabs_before_it() -> None:
    assert caret("\ta:\t1 # x", 5) == ("\ta:\t1 # x", "\t  \t^")


def test_the_caret_stands_under_the_character_after_wide_ones() -> None:
    # Chinese characters take two columns of a terminal, a combining accent none.
    assert caret("名: no", 4) == ("名: no", "    ^")
    assert caret("e\u0301: no", 5) == ("e\u0301: no", "   ^")


def test_the_caret_stands_under_the_character_after_escaped_ones() -> None:
    assert caret("\x1b: no", 4) == ("\\x1b: no", "      ^")


@pytest.mark.parametrize("column", [1, 2, 60, 61, 62, 1_000, 4_990, 5_000])
def test_the_caret_finds_its_character_in_a_very_long_line(column: int) -> None:
    line = "a" * (column - 1) + "^" + "b" * (5_000 - column)
    shown, below = caret(line, column)
    assert shown[below.index("^")] == "^"
    assert len(shown) <= 120


def test_the_caret_may_stand_behind_the_end_of_the_line() -> None:
    assert caret("a: [", 5) == ("a: [", "    ^")


@pytest.mark.parametrize(
    "hostile", ["\x1b[31mred", "\x1b]0;title\x07", "\x9b2J", "\x08\x08", "\r", "\u202eevil", "\x00"]
)
def test_nothing_steers_the_terminal(hostile: str) -> None:
    text = f"x{hostile}y"
    shown = as_text([Diagnostic(text, 1, 1, "r", text, hint=text, source=text)])
    assert all(char.isprintable() or char == "\n" for char in shown)
    assert len(shown.splitlines()) == 4


def test_findings_are_sorted_and_each_is_shown_once() -> None:
    findings = [
        Diagnostic("b.yaml", 1, 1, "r", "third"),
        Diagnostic("a.yaml", 10, 1, "r", "second"),
        Diagnostic("a.yaml", 9, 5, "r", "first"),
        Diagnostic("a.yaml", 9, 5, "r", "first"),
    ]
    assert [line.split(": ")[-1] for line in as_text(findings).splitlines()] == ["first", "second", "third"]
    assert [entry["message"] for entry in json.loads(as_json(findings))] == ["first", "second", "third"]
    assert [line.split("::")[-1] for line in as_github(findings).splitlines()] == ["first", "second", "third"]


def test_json_has_the_fields_and_keeps_every_character() -> None:
    text = 'quote " backslash \\ newline \n 名 \x1b \u2028'
    finding = Diagnostic("a.yaml", 3, 4, "r", text, text, text)
    assert json.loads(as_json([finding])) == [
        {
            "file": "a.yaml",
            "line": 3,
            "column": 4,
            "rule": "r",
            "message": text,
            "hint": text,
            "source": text,
            "severity": "error",
        }
    ]
    assert json.loads(as_json([])) == []


def test_github_annotation() -> None:
    assert as_github([FINDING]) == (
        "::error file=spec/v4/openim/sendmsg.yaml,line=41,col=9,title=unknown-error-code::"
        "7010 is not in errors.yaml. did you mean 70107?\n"
    )


def test_a_warning_says_so_in_every_form() -> None:
    warning = replace(FINDING, severity="warning")
    assert as_text([warning]).startswith("spec/v4/openim/sendmsg.yaml:41:9: warning[unknown-error-code]: ")
    assert as_github([warning]).startswith("::warning file=")
    assert [entry["severity"] for entry in json.loads(as_json([warning]))] == ["warning"]
    assert errors([FINDING, warning]) == [FINDING]


def test_summary_counts_each_once() -> None:
    warning = replace(FINDING, severity="warning")
    assert summary([FINDING]) == "1 error."
    assert summary([FINDING, FINDING, replace(FINDING, line=42)]) == "2 errors."
    assert summary([warning, FINDING, replace(warning, line=42)]) == "1 error, 2 warnings."


def test_github_escapes_what_would_end_the_annotation() -> None:
    shown = as_github([Diagnostic("a,b:c%.yaml", 1, 1, "r", "50% off\r\n::error::x", "")])
    assert shown == "::error file=a%2Cb%3Ac%25.yaml,line=1,col=1,title=r::50%25 off%0D%0A::error::x\n"
    assert len(shown.splitlines()) == 1
