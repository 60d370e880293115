"""What the tests of the rules share: a case is a spec that breaks a rule, and one beside it that does not."""

from __future__ import annotations

from dataclasses import dataclass

from support import minispec
from support.minispec import Mini
from timgen.pipeline import load
from timgen.reading.diagnostics import Diagnostic, errors

API = "spec/api.yaml"
ERRORS = "spec/errors.yaml"
NOTE = "spec/schemas/note.yaml"
PERSON = "spec/schemas/person.yaml"
SEND = "spec/v4/note_svc/send.yaml"
NOTE_SERVICE = "spec/v4/note_svc/_service.yaml"
ROOM_SERVICE = "spec/v4/room_svc/_service.yaml"
ADD = "spec/v4/room_svc/add_members.yaml"
LIST = "spec/v4/room_svc/list_members.yaml"
WEBHOOK = "spec/webhooks/Note.BeforeSend.yaml"

MARK = "▲"
"""Stands in a bad text right before the character that the finding is about."""

ALL = ""
"""In place of an old text: the new text is the whole file."""

SEND_AGAIN = minispec.SEND.replace("notes.send", "notes.send_again")
"""A second command, like the first."""

Patch = tuple[str, str, str]
"""File, old text, new text."""

Place = tuple[str, int, int]
"""File, line and column."""


@dataclass(frozen=True)
class Case:
    """A spec that breaks a rule, what is told about it, and a spec beside it that does not break it."""

    rule: str
    bad: tuple[Patch, ...]
    good: tuple[Patch, ...]
    message: str
    hint: str
    name: str = ""
    at: Place | None = None
    """Where the finding stands when it is not at a mark in what the case writes."""

    def __str__(self) -> str:
        return f"{self.rule}-{self.name}" if self.name else self.rule


def case(
    rule: str,
    file: str,
    old: str,
    bad: str,
    good: str,
    message: str,
    hint: str = "",
    name: str = "",
    at: Place | None = None,
) -> Case:
    """Return a case that replaces one text of one file."""
    return Case(rule, ((file, old, bad),), ((file, old, good),), message, hint, name, at)


def described(name: str, text: str) -> str:
    return f"{name}: {{type: string, description: {text}}}"


def findings(mini: Mini) -> list[Diagnostic]:
    """Return the errors of a project; what a case leaves unused is not what it is about."""
    return errors(load(mini.root)[1])


def warnings(mini: Mini) -> list[tuple[str, str, int, int]]:
    """Return rule, file, line and column of everything found, all of which must be warnings."""
    built, found = load(mini.root)
    assert built is not None, found
    assert {finding.severity for finding in found} <= {"warning"}
    return [(finding.rule, finding.file, finding.line, finding.column) for finding in found]


def apply(mini: Mini, patches: tuple[Patch, ...]) -> set[Place]:
    """Patch the project; return the places of the marks, which are taken out."""
    places: set[Place] = set()
    for file, old, new in patches:
        if old:
            mini.patch(file, old, new)
        elif new:
            mini.write(file, new.encode(errors="surrogateescape"))
        if not mini.path(file).is_file():
            continue
        text = mini.path(file).read_bytes().decode(errors="surrogateescape")
        if MARK in text:
            before = text[: text.index(MARK)]
            places.add((file, before.count("\n") + 1, len(before) - before.rfind("\n")))
            mini.write(file, text.replace(MARK, "").encode(errors="surrogateescape"))
    return places


def assert_one_finding(mini: Mini, given: Case) -> None:
    """Say that the bad spec of a case is one finding, at its place."""
    places = apply(mini, given.bad) or {given.at}
    found = findings(mini)
    assert {((f.file, f.line, f.column), f.rule) for f in found} == {(place, given.rule) for place in places}
    assert any(given.message in finding.message for finding in found), found
    assert any(given.hint in finding.hint for finding in found), found


def assert_nothing_found(mini: Mini, given: Case) -> None:
    """Say that nothing is found in the good spec of a case."""
    apply(mini, given.good)
    assert findings(mini) == []
