"""The files of a spec: those that must be there, and those that have no place in it."""

import pytest

from support.minispec import Mini
from support.rules import (
    ALL,
    API,
    ERRORS,
    MARK,
    SEND_AGAIN,
    Case,
    assert_nothing_found,
    assert_one_finding,
    case,
    findings,
)

CASES = (
    case(
        "file-name",
        "spec/v4/note_svc/resend.yml",
        ALL,
        MARK + SEND_AGAIN,
        "",
        "no part of a spec has this name",
        "resend.yaml",
        "ending",
    ),
    case(
        "file-name",
        "spec/notes.txt",
        ALL,
        "▲hello",
        "",
        "no part of a spec has this name",
        "v4/<service>/<command>.yaml",
        "stray",
    ),
    case(
        "missing-file",
        "spec/v4/new_svc/resend.yaml",
        ALL,
        SEND_AGAIN,
        "",
        "the file does not exist",
        "beside the service's commands",
        "service",
        at=("spec/v4/new_svc/_service.yaml", 1, 1),
    ),
)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_a_bad_spec_is_one_finding_with_its_place(mini: Mini, given: Case) -> None:
    assert_one_finding(mini, given)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_the_good_spec_beside_it_has_nothing_to_report(mini: Mini, given: Case) -> None:
    assert_nothing_found(mini, given)


@pytest.mark.parametrize("name", [API, ERRORS])
def test_a_missing_file_that_every_spec_has(mini: Mini, name: str) -> None:
    mini.remove(name)
    assert [(f.file, f.line, f.column, f.rule) for f in findings(mini)] == [(name, 1, 1, "missing-file")]
