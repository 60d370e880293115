"""What only reads changes nothing: the spec says it, the emulator shows it."""

from __future__ import annotations

import re
from typing import Any, cast

import pytest

from tencent_chat import COMMANDS, ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._catalogue.catalogue import Catalogue
from tencent_chat_emulator._core.carrying import behaviours
from tencent_chat_emulator._memory.groups.groups import Group, Member

READING = [path for path, command in COMMANDS.items() if command.reads]
WRITING = [path for path, command in COMMANDS.items() if not command.reads]

CHANGES_NOTHING_HERE = {
    # A notification is pushed, and kept nowhere.
    "group_open_http_svc/send_group_system_notification",
    # What it signs opens a file, which the emulator has none of.
    "im_cos_msg/get_cos_sig",
}


def examples(path: str) -> list[dict[str, Any]]:
    command = Catalogue().command(path)
    assert command is not None
    return [dict(example.request) for example in command.examples]


def values(body: object, fields: str) -> set[str]:
    """Return the texts in fields whose names are those of a pattern, in lists of theirs too."""
    if isinstance(body, list):
        return {value for item in cast("list[object]", body) for value in values(item, fields)}
    found: set[str] = set()
    for name, inner in cast("dict[str, object]", body).items() if isinstance(body, dict) else ():
        entries = cast("list[object]", inner) if isinstance(inner, list) else [inner]
        if re.fullmatch(fields, name):
            found |= {entry for entry in entries if isinstance(entry, str)}
        found |= values(inner, fields)
    return found


def call(client: ChatClient, path: str, body: dict[str, Any]) -> bool:
    """Whether the call succeeded."""
    try:
        client.call(path, body, validate=False)
    except ChatAPIError:
        return False
    return True


@pytest.fixture
def busy(emulator: Emulator, client: ChatClient) -> Emulator:
    """An app in which a lot was done: each example of what changes something, twice, since some need others."""
    named = [body for path in COMMANDS for body in examples(path)]
    accounts = {name for name in values(named, "UserID|Account|.*_Account") if not name.startswith("@")}
    for account in accounts:
        call(client, "im_open_login_svc/account_import", {"UserID": account})
    bodies = [(path, body) for path in WRITING for body in examples(path) if path != "im_open_login_svc/account_delete"]
    done = sum(call(client, path, body) for path, body in [*bodies, *bodies])
    assert done > 150
    for number, group_id in enumerate(sorted(values(named, "GroupId|GroupIdList")), start=1):
        members = {name: Member(name) for name in accounts}
        emulator.state.groups[group_id] = Group(
            group_id, "Public", "g", members=members, max_members=1000, number=number
        )
    return emulator


def test_what_only_reads_changes_nothing(busy: Emulator, client: ChatClient) -> None:
    # What time alone has changed since the calls before.
    client.operations.list_ip_addresses()
    before = busy.snapshot()
    answered: set[str] = set()
    for path in READING:
        for body in examples(path):
            answered |= {path} if call(client, path, body) else set()
            assert busy.snapshot() == before, path
    assert len(answered) > 50


def test_the_emulator_knows_the_same_of_what_reads() -> None:
    known = {path for path, behaviour in behaviours().items() if behaviour.reads}
    assert known - set(READING) == CHANGES_NOTHING_HERE


def test_methods_are_called_as_what_they_do() -> None:
    """A second look at what the spec says, by the verbs of methods."""
    verbs = {path: COMMANDS[path].method.partition(".")[2].partition("_")[0] for path in COMMANDS}
    assert {verbs[path] for path in READING} == {"check", "export", "get", "list", "search"}
    # Each text and file that is checked for what is forbidden is paid for.
    paid = {"im_msg_audit/batch_content_moderation", "im_msg_audit/content_moderation"}
    assert {path for path in WRITING if verbs[path] in {verbs[path] for path in READING}} == paid
