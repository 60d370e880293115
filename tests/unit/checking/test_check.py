"""Checking a whole spec: all findings of one run, and no more than those."""

import pytest

from support import minispec
from support.minispec import Mini
from support.rules import ADD, API, ERRORS, LIST, NOTE_SERVICE, PERSON, ROOM_SERVICE, SEND, WEBHOOK, findings


def test_the_project_of_these_tests_has_nothing_to_report(mini: Mini) -> None:
    assert findings(mini) == []


def test_findings_of_all_files_come_in_one_run_and_sorted(mini: Mini) -> None:
    mini.patch(API, "title: Mini chat", "title: no")
    mini.patch(ERRORS, "category: limit", "category: limits")
    mini.patch(PERSON, "description: The name.", "description: The name., maxlength: 5")
    mini.patch(SEND, "window: 60", "window: 0")
    mini.patch(SEND, "fields: [Random]", "fields: [Rnd]")
    mini.patch(ADD, "errors: [10002, -7]", "errors: [1]")
    mini.patch(LIST, "Limit: 10}", "Limit: 0}")
    mini.patch(WEBHOOK, "phase: before", "phase: later")
    mini.write(NOTE_SERVICE, "summary: 'x\n")
    mini.remove(ROOM_SERVICE)
    found = findings(mini)
    assert found == sorted(found)
    assert {(finding.file, finding.rule) for finding in found} == {
        (API, "scalar"),
        (ERRORS, "unknown-category"),
        (PERSON, "unknown-key"),
        (SEND, "schema"),
        (SEND, "unknown-field"),
        (ADD, "unknown-error-code"),
        (LIST, "invalid-example"),
        (WEBHOOK, "schema"),
        (NOTE_SERVICE, "yaml-syntax"),
        (ROOM_SERVICE, "missing-file"),
    }


@pytest.mark.parametrize("broken", sorted(minispec.SPEC))
@pytest.mark.parametrize("content", ["a: [", "", "- 1\n- 2\n", "5\n"], ids=["syntax", "empty", "list", "number"])
def test_a_broken_file_causes_no_findings_elsewhere(mini: Mini, broken: str, content: str) -> None:
    mini.write(broken, content)
    found = findings(mini)
    assert found
    assert {finding.file for finding in found} == {broken}, found
    assert len(found) == 1
