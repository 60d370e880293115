"""An app takes over a spec that breaks it, and meets what `timgen diff` said: there, and nowhere else."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from support import minispec
from support.app import make_app
from support.git import commit
from support.minispec import Mini
from support.receiver import ALLOWED, receiving
from support.rules import ADD, API, LIST, SEND

# Strict type checkers read hundreds of modules, beside whatever else the machine does.
pytestmark = pytest.mark.timeout(400)

MAIN = """\
import sys

from app.vendor.deep.chat import ChatClient, models


def greet(client: ChatClient) -> str | None:
    return client.notes.send(note=models.TextNote(kind="text", text="hi")).action_status


def count(client: ChatClient) -> int | None:
    return client.rooms.list_members(room_id="lobby", sort="name").total


def count_by_age(client: ChatClient) -> int | None:
    return client.rooms.list_members(room_id="lobby", sort="age").total  # breaks room_svc/list_members.request.Sort


def invite(client: ChatClient) -> object:
    return client.rooms.add_members(room_id="lobby", names=["ann"])  # breaks room_svc/add_members.request.Reason


def describe(client: ChatClient) -> object:
    add = client.rooms.add_members
    return add(room_id="lobby", names=["ann"], reason="", note="x")  # breaks room_svc/add_members.request.Note


def kept(request: "models.SendNoteRequest") -> object:  # breaks SendNoteRequest
    return request.note


def answered(response: "models.SendNoteResponse") -> object:  # breaks SendNoteResponse
    return response.action_status


if __name__ == "__main__":
    with ChatClient(int(sys.argv[2]), sys.argv[3], base_url=sys.argv[1]) as client:
        print(greet(client), count(client))
"""
SORT = "    Sort: {type: string, enum: [name, age], description: What they are sorted by.}\n"
NOTE = "    Note: {type: string, description: What they are told.}\n"
OPTIONAL_REASON = "    Reason: {type: string, description: Why.}\n"


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """Return the repository of a spec with two releases, the older of which is checked out."""
    mini = minispec.make(tmp_path_factory.mktemp("spec"))
    # The templates of this release, which have the whole client.
    shutil.rmtree(mini.path("templates"))
    mini.patch(LIST, "    Limit: {", f"{SORT}    Limit: {{")
    mini.patch(ADD, "    Names:\n", f"{NOTE}{OPTIONAL_REASON}    Names:\n")
    commit(mini.root, tag="v0.1.0")
    return mini


def release(mini: Mini) -> None:
    """Make the release that breaks apps."""
    mini.patch(LIST, "enum: [name, age]", "enum: [name]")
    mini.patch(ADD, NOTE, "")
    mini.patch(ADD, "required: [RoomId, Names]", "required: [RoomId, Names, Reason]")
    mini.patch(ADD, "request: {RoomId: lobby, ", "request: {Reason: Fun, RoomId: lobby, ")
    mini.patch(SEND, "method: notes.send\n", "method: notes.post\naliases: {send: 0.2.0}\n")
    mini.patch(API, "version: 0.1.0", "version: 0.2.0")
    commit(mini.root, tag="v0.2.0")


def marked() -> dict[int, str]:
    """Return what breaks in the app, by line."""
    lines = enumerate(MAIN.splitlines(), 1)
    return {number: match[1] for number, line in lines if (match := re.search(r"# breaks (\S+)$", line))}


def test_an_app_meets_what_diff_said(spec: Mini, tmp_path: Path) -> None:
    app = make_app(tmp_path / "somebody", MAIN)
    app.vendor(spec=spec.root)
    assert app.mypy().startswith("Success"), app.mypy()

    release(spec)
    said = spec.timgen("diff", "v0.1.0", "v0.2.0", "--format", "json")
    assert said.returncode == 0, said.stdout + said.stderr
    changes = json.loads(said.stdout)["changes"]
    assert {change["subject"] for change in changes if change["level"] == "breaking"} == set(marked().values())
    assert {change["subject"] for change in changes if change["kind"] == "method-renamed"} == {"notes.send"}

    assert "tencent-chat 0.1.0 -> 0.2.0" in app.vendor(spec=spec.root)
    found = app.mypy()
    assert {int(line) for line in re.findall(r"^app/main\.py:(\d+): error:", found, re.MULTILINE)} == marked().keys()
    assert not re.search(r"^app/(?!main\.py)", found, re.MULTILINE), found
    assert "reportDeprecated" in (seen := app.pyright()), seen
    assert "app/main.py:7:" in seen

    with receiving() as service:
        service.otherwise = {**ALLOWED, "Total": 1}
        result = app.run("app.main", service.url.removesuffix("/callback"), "1400000000", "dummy")
    assert (result.returncode, result.stdout) == (0, "OK 1\n"), result.stderr
    assert "app/main.py:7: DeprecationWarning: Deprecated since 0.2.0: use post" in result.stderr
