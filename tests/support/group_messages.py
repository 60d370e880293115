"""What the emulator's tests of messages in groups have in common."""

from __future__ import annotations

from typing import Any

from tencent_chat import ChatClient


def text(words: str) -> list[dict[str, Any]]:
    """Return the body of a message."""
    return [{"MsgType": "TIMTextElem", "MsgContent": {"Text": words}}]


def send(client: ChatClient, group_id: str, words: str = "hello", **arguments: Any) -> int:
    """Send a text; return its sequence number."""
    answer = client.groups.send_message(group_id=group_id, msg_body=text(words), **arguments)
    assert answer.msg_seq is not None
    return answer.msg_seq


def history(client: ChatClient, group_id: str, **arguments: Any) -> list[tuple[int, str]]:
    """Return sequence numbers and texts, newest first; of what has no text, its state."""
    found: list[tuple[int, str]] = []
    for item in client.groups.iter_history(group_id=group_id, **arguments):
        raw = item.model_dump(by_alias=True)
        body = raw["MsgBody"]
        found.append((raw["MsgSeq"], body[0]["MsgContent"]["Text"] if body else f"state {raw['IsPlaceMsg']}"))
    return found


def listed(client: ChatClient, account: str) -> list[tuple[str | None, int | None]]:
    """Return the groups among somebody's conversations that are not empty, with their times."""
    answer = client.conversations.list_all(
        from_account=account, time_stamp=0, start_index=0, top_time_stamp=0, top_start_index=0, assist_flags=0
    )
    return [(item.group_id, item.msg_time) for item in answer.session_item or () if item.group_id]
