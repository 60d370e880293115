from __future__ import annotations

from pathlib import Path

import pytest

from support import spec_changes
from support.rules import ADD, API, ERRORS, LIST, NOTE, PERSON, SEND, WEBHOOK, Patch
from support.spec_changes import BOOK, PARTS, Change
from timgen.pipeline import load
from timgen.tools.diff.compare import compare
from timgen.tools.diff.positions import position

CODE = "          Result: {type: integer, description: 0 on success.}\n"
MORE = "          More: {type: integer, description: More.}\n"


@pytest.mark.parametrize(
    ("patch", "told", "place"),
    [
        ((SEND, "maximum: 4294967295", "maximum: 99"), "limit-tightened note_svc/send.request.Random", "Random: {"),
        ((ADD, CODE, CODE + MORE), "field-added room_svc/add_members.response.Results[].More", "More: {"),
        ((PERSON, "maxLength: 32, ", ""), "limit-loosened Person.Name", "Name: {"),
        ((NOTE, "Url: {", "Address: {"), "field-removed LinkNote.Url", "LinkNote:"),
        ((LIST, "rate_limit: 100", "rate_limit: 9"), "rate-limit room_svc/list_members", "rate_limit: 9"),
        ((LIST, "rate_limit: 100\n", ""), "rate-limit room_svc/list_members", "summary: "),
        (
            (SEND, "repeat: deduplicated\ndedupe: {fields: [Random], window: 60}", "repeat: unsafe"),
            "repeat note_svc/send",
            "repeat: unsafe",
        ),
        ((SEND, "method: notes.send", "method: notes.post"), "method-removed notes.send", "method: notes.post"),
        ((ERRORS, "name: TOO_LONG", "name: TOO_LARGE"), "code-renamed -7", "name: TOO_LARGE"),
        ((API, "domain: home.", "domain: house."), "region home", "home: {"),
        ((API, "exception: ServerError", "exception: FailureError"), "exception server", "exception: FailureError"),
        (
            (
                API,
                "  ErrorInfo: {type: string, description: Reason.}\n",
                "  ErrorInfo: {type: [string, integer], description: Reason.}\n",
            ),
            "type Response.ErrorInfo",
            "ErrorInfo: {",
        ),
        (
            (
                WEBHOOK,
                "reply:\n  type: object\n  properties:\n",
                "reply:\n  type: object\n  properties:\n    More: {type: string, description: More.}\n",
            ),
            "field-added Note.BeforeSend.reply.More",
            "More: {",
        ),
        ((WEBHOOK, "to: 9, outcome", "to: 8, outcome"), "reply-code-added Note.BeforeSend", "reply_codes:"),
        ((BOOK, spec_changes.BOOK_TEXT, ""), "command-removed room_svc/book", ""),
        ((PARTS, "minimum: 3", "minimum: 4"), "limit-tightened Chair.Legs", "Legs: {"),
    ],
    ids=str,
)
def test_a_change_stands_where_it_was_made(tmp_path: Path, patch: Patch, told: str, place: str) -> None:
    old, new = (spec_changes.make(tmp_path / name) for name in ("old", "new"))
    spec_changes.perform(new, Change("", (patch,), (), ""))
    (before, _), (after, found) = load(old.root), load(new.root)
    assert before
    assert after, found
    changes = {f"{change.kind} {change.subject}": change for change in compare(before, after).changes}
    assert told in changes, changes
    line, column = position(after.spec, changes[told])
    file = new.path(changes[told].file)
    text = file.read_text(encoding="utf-8").splitlines()[line - 1] if file.exists() else ""
    assert text[column - 1 :].startswith(place)
    if not place:
        assert (line, column) == (1, 1)
