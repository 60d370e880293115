"""The list of conversations of an account: reading it, deleting from it, pinning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.conversations import Arrangement
from ..._memory.direct_messages import MAX_LISTED
from ..._memory.groups.messages import KEPT
from .marks import described
from .naming import (
    BAD_PARAMETER,
    check_partner,
    item_of,
    name_in,
    owner_of,
    with_group,
    with_user,
)

PAGE = 30
"""Ordinary conversations of an answer, and pinned ones."""
MAX_PINNED = 50
_PINNED, _EMPTY, _PINNED_BY_PAGE = 1, 2, 4
_MARKS = 8 | 16 | 32
_TOO_MANY_PINNED = 51012
_PIN = 1


@dataclass(frozen=True)
class _Conversation:
    name: str
    time: int
    is_pinned: bool

    @property
    def rank(self) -> tuple[int, str]:
        """The newest first."""
        return -self.time, self.name


@dataclass(frozen=True)
class _Cursor:
    """Where a page begins: after the first `index` conversations of the second `time`."""

    time: int
    index: int


@behaviour(
    "recentcontact/get_list",
    reads=True,
    guesses=(
        "Pinned conversations come first, then the others, each from new to old, 30 a page.",
        "A page is read on by the time of its last conversation and by how many of that second are read.",
        "Without the flag 1 pinned conversations stand among the others.",
        "Without the flag 4 all pinned conversations stand on the first page.",
        "The flags from 8 on ask for marks and conversation groups.",
        "Of one-to-one conversations and groups together the latest 100 are listed; an AVChatRoom never is.",
        "A conversation whose messages are all deleted is an empty one, and so is a group without messages.",
    ),
)
def get_list(call: Context) -> Answer:
    account, body = owner_of(call), call.body
    flags = body["AssistFlags"]
    if min(body["StartIndex"], body["TopStartIndex"]) < 0:
        raise Refused(BAD_PARAMETER, "StartIndex and TopStartIndex must not be below 0.")
    conversations = _conversations(call, account, flags)
    pinned = [it for it in conversations if it.is_pinned]
    ordinary = [it for it in conversations if not it.is_pinned]
    top, top_next, top_complete = _page(
        pinned,
        _Cursor(body["TopTimeStamp"], body["TopStartIndex"]),
        PAGE if flags & _PINNED_BY_PAGE else len(pinned),
    )
    rest, rest_next, rest_complete = _page(
        ordinary, _Cursor(body["TimeStamp"], body["StartIndex"]), PAGE
    )
    arrangement = call.memory.conversations.of(account)
    return {
        "SessionItem": [_item(it, arrangement, flags) for it in top + rest],
        "CompleteFlag": int(top_complete and rest_complete),
        "TimeStamp": rest_next.time,
        "StartIndex": rest_next.index,
        "TopTimeStamp": top_next.time,
        "TopStartIndex": top_next.index,
        "ErrorDisplay": "",
    }


@behaviour(
    "recentcontact/delete",
    guesses=(
        "A conversation that is not in the list is deleted all the same.",
        "A deleted conversation is no longer pinned, and nothing in it is unread.",
        "ClearRamble changes nothing about a group, whose history is that of all members.",
    ),
)
def delete(call: Context) -> Answer:
    account, body = owner_of(call), call.body
    name = name_in(body, "ToGroupid")
    arrangement = call.memory.conversations.changed(account)
    if name in arrangement.pinned:
        arrangement.pinned.remove(name)
    if int(body["Type"]) == 1:
        _delete_with_user(call, account, body["To_Account"])
    elif group := call.memory.groups.get(body["ToGroupid"]):
        arrangement.deleted[group.id] = group.history.last_seq
        if account in group.members:
            group.members[account].read_seq = group.history.last_seq
    return {"ErrorDisplay": ""}


@behaviour(
    "recentcontact/top",
    guesses=(
        "A user or a group that does not exist is answered with 50001 or 50002, and nothing is pinned.",
        "A conversation that is not in the list can be pinned, and is listed once there is a message.",
    ),
)
def top(call: Context) -> Answer:
    account = owner_of(call)
    names = [name_in(item, "GroupId") for item in call.body["RecentContactItem"]]
    pinned = call.memory.conversations.of(account).pinned
    if call.body["OperationType"] == _PIN:
        for name in names:
            check_partner(call, name, BAD_PARAMETER)
        left = list(dict.fromkeys((*pinned, *names)))
        if len(left) > MAX_PINNED:
            raise Refused(_TOO_MANY_PINNED)
    else:
        left = [name for name in pinned if name not in names]
    call.memory.conversations.changed(account).pinned = left
    return {"ErrorDisplay": ""}


def _conversations(call: Context, account: str, flags: int) -> list[_Conversation]:
    """Return the conversations of an account that `flags` ask for, in their order."""
    pinned = call.memory.conversations.of(account).pinned if flags & _PINNED else []
    found = [
        _Conversation(name, time, name in pinned)
        for name, time, is_empty in (*_with_users(call, account), *_with_groups(call, account))
        if flags & _EMPTY or not is_empty
    ]
    # Of more than that, pinned ones stay.
    kept = sorted(found, key=lambda it: (not it.is_pinned, it.rank))[:MAX_LISTED]
    return sorted(kept, key=lambda it: it.rank)


def _with_users(call: Context, account: str) -> Iterator[tuple[str, int, bool]]:
    """Yield name and time of one-to-one conversations, and whether they are empty."""
    messages = call.memory.direct_messages
    for peer, listed in messages.inbox(account).listed.items():
        if call.now < listed.until:
            is_empty = not any(
                message.is_visible_to(account, call.now)
                for message in messages.between(account, peer).newest_first()
            )
            yield with_user(peer), listed.time, is_empty


def _with_groups(call: Context, account: str) -> Iterator[tuple[str, int, bool]]:
    """Yield name and time of conversations with groups, and whether they are empty."""
    deleted = call.memory.conversations.of(account).deleted
    for group_id in call.memory.joined_groups.get(account, ()):
        group = call.memory.groups[group_id]
        history = group.history
        if group.type == "AVChatRoom" or deleted.get(group_id, -1) >= history.listed_seq:
            continue
        is_empty = history.last_seq <= history.hidden_seq or history.last_time + KEPT <= call.now
        time = history.listed_time if history.listed_seq else group.members[account].joined
        yield with_group(group_id), time, is_empty


def _page(
    conversations: list[_Conversation], cursor: _Cursor, size: int
) -> tuple[list[_Conversation], _Cursor, bool]:
    """Return the conversations from a cursor on, where to read on, and whether that is the end."""
    if cursor.time:
        same = [it for it in conversations if it.time == cursor.time]
        older = [it for it in conversations if it.time < cursor.time]
        conversations = same[cursor.index :] + older
    page = conversations[:size]
    if not page:
        return page, cursor, True
    time = page[-1].time
    index = sum(it.time == time for it in page) + (cursor.index if time == cursor.time else 0)
    return page, _Cursor(time, index), len(page) == len(conversations)


def _item(conversation: _Conversation, arrangement: Arrangement, flags: int) -> dict[str, Any]:
    item = item_of(conversation.name, "GroupId") | {
        "MsgTime": conversation.time,
        "TopFlag": int(conversation.is_pinned),
    }
    mark = arrangement.marks.get(conversation.name)
    return item | described(mark) if flags & _MARKS and mark else item


def _delete_with_user(call: Context, account: str, peer: str) -> None:
    messages = call.memory.direct_messages
    inbox = messages.inbox(account)
    inbox.listed.pop(peer, None)
    inbox.unread.pop(peer, None)
    if call.body.get("ClearRamble") == 1:
        for message in messages.between(account, peer).newest_first():
            message.hide_from(account)
