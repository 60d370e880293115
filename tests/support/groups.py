"""What the emulator's tests of groups have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator, Refused


def import_accounts(client: ChatClient, *names: str) -> None:
    for name in names:
        client.accounts.import_account(user_id=name)


def make_group(client: ChatClient, type_: str = "Public", *members: str, owner: str | None = None) -> str:
    """Create a group; return its ID."""
    made = client.groups.create(
        type=type_,  # type: ignore[arg-type]
        name="Hikers",
        owner_account=owner,
        member_list=[{"Member_Account": name} for name in members] or None,
    )
    assert made.group_id is not None
    return made.group_id


def members_of(client: ChatClient, group_id: str) -> list[str | None]:
    """Return the accounts of the members, in order."""
    answer = client.groups.list_members(group_id=group_id)
    return [member.member_account for member in answer.member_list or ()]


def roles_of(client: ChatClient, group_id: str, *names: str) -> dict[str | None, object]:
    answer = client.groups.get_roles(group_id=group_id, user_account=names)
    return {user.member_account: user.role for user in answer.user_id_list or ()}


def come_in(emulator: Emulator, group_id: str, *names: str) -> None:
    """Let accounts join as their clients do."""
    for name in names:
        assert emulator.join(group_id, name)


def told(emulator: Emulator, command: str) -> list[Any]:
    """Return what was sent of one webhook, in order, each without its name and its time, which is that of the clock."""
    bodies = [dict(delivery.body) for delivery in emulator.webhooks.delivered if delivery.command == command]
    for body in bodies:
        assert body.pop("CallbackCommand") == command
        assert body.pop("EventTime") == int(emulator.clock.now() * 1000)
    return bodies


@contextmanager
def refused(code: int) -> Iterator[None]:
    """Expect that the service, or what stands for a client, refuses with that code."""
    with pytest.raises((ChatAPIError, Refused)) as caught:
        yield
    assert caught.value.code == code
