"""Every rule: a spec that breaks it, where it is told, and a spec beside it that does not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from support import minispec
from support.minispec import Mini

from timgen.check import check
from timgen.diagnostics import Diagnostic
from timgen.rules import FORM, READING, RULES
from timgen.rules.metaschemas import MetaSchemaError

API = "spec/api.yaml"
ERRORS = "spec/errors.yaml"
NOTE = "spec/schemas/note.yaml"
PERSON = "spec/schemas/person.yaml"
SEND = "spec/v4/note_svc/send.yaml"
SERVICE = "spec/v4/note_svc/_service.yaml"
ADD = "spec/v4/room_svc/add_members.yaml"
LIST = "spec/v4/room_svc/list_members.yaml"
WEBHOOK = "spec/webhooks/Note.BeforeSend.yaml"

MARK = "▲"
"""Stands in the bad text right before the character that the finding is about."""

WHOLE = ""
"""In place of the old text: the new text is the whole file."""

Patch = tuple[str, str, str]
"""File, old text, new text."""


@dataclass(frozen=True)
class Case:
    rule: str
    bad: tuple[Patch, ...]
    good: tuple[Patch, ...]
    message: str
    hint: str = ""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.rule}-{self.name}" if self.name else self.rule


def case(
    rule: str, file: str, old: str, bad: str, good: str, message: str, hint: str = "", *, name: str = ""
) -> Case:
    return Case(rule, ((file, old, bad),), ((file, old, good),), message, hint, name)


COMMAND_OF_NO_SERVICE = minispec.SEND.replace("notes.send", "notes.resend").replace("Send a", "Resend a")

CASES = (
    # Reading.
    case("alias", SERVICE, "summary: Notes", f"summary: {MARK}&a [*a]", "summary: Notes", "inside its own anchor", "write")
    if False
    else case(
        "alias",
        API,
        "regions:\n  home: {",
        f"regions:\n  home: {MARK}&a {{backup: *a, ",
        "regions:\n  home: {backup: &a b.example.com, ",
        "an alias inside its own anchor",
        "write the value out",
    ),
)
