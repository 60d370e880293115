"""Messages in live rooms."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.groups import refused, told
from support.receiver import Receiver
from support.rooms import last_answer, make_live_room
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

BEFORE, AFTER = "Group.CallbackBeforeSendMsg", "Group.CallbackAfterSendMsg"


def say(client: ChatClient, room_id: str, words: str = "Hello", sender: str = "bob") -> None:
    client.live_rooms.send_text_message(room_id=room_id, sender_account=sender, text_content=words)


def count(client: ChatClient, room_id: str) -> int | None:
    totals = client.live_rooms.get_stats(room_id=room_id).response
    return totals.total_msg_count if totals else None


def test_messages_are_numbered_and_counted(client: ChatClient, emulator: Emulator, live: str) -> None:
    now = int(emulator.clock.now())
    say(client, live)
    assert last_answer(emulator) == {"MsgTime": now, "MsgSeq": 1}
    client.live_rooms.send_custom_message(room_id=live, business_id="poll", data="tea?")
    assert last_answer(emulator) == {"MsgTime": now, "MsgSeq": 2}
    assert count(client, live) == 2


@pytest.mark.usefixtures("receiver")
def test_what_webhooks_tell(client: ChatClient, emulator: Emulator, live: str) -> None:
    client.live_rooms.send_text_message(
        room_id=live, sender_account="bob", text_content="Hello", extension_info='{"level":3}'
    )
    client.live_rooms.send_custom_message(room_id=live, business_id="poll", data="tea?", sender_account="carol")
    text, custom = told(emulator, AFTER)
    before = told(emulator, BEFORE)[0]
    assert text == before | {"MsgTime": int(emulator.clock.now()), "MsgSeq": 1}
    assert before.pop("Random") > 0
    assert before == {
        "GroupId": live,
        "Type": "Live",
        "From_Account": "bob",
        "Operator_Account": "administrator",
        "OnlineOnlyFlag": 0,
        "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "Hello"}}],
        "CloudCustomData": '{"level":3}',
    }
    [element] = custom["MsgBody"]
    assert json.loads(element["MsgContent"]["Data"]) == {"BusinessId": "poll", "Data": "tea?"}


def test_what_webhooks_decide(client: ChatClient, emulator: Emulator, receiver: Receiver, live: str) -> None:
    receiver.reject(BEFORE, 1)
    with refused(10016):
        say(client, live)
    receiver.reject(BEFORE, 10150, "No.")
    with refused(10150):
        say(client, live)
    receiver.reject(BEFORE, 2)
    say(client, live)
    assert last_answer(emulator)["MsgSeq"] == 0
    assert count(client, live) == 0
    other: list[dict[str, Any]] = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "***"}}]
    receiver.reply(BEFORE, MsgBody=other)
    say(client, live)
    assert count(client, live) == 1
    assert told(emulator, AFTER)[0]["MsgBody"] == other


def test_where_all_are_muted(client: ChatClient) -> None:
    live = make_live_room(client, IsMessageDisabled=True)
    client.live_rooms.update_admins(room_id=live, admin_account=["carol"], op_type="add")
    with refused(100601):
        say(client, live)
    for sender in ("alice", "carol", "administrator"):
        say(client, live, sender=sender)
    client.live_rooms.update(room_info={"RoomId": live, "IsMessageDisabled": False})
    say(client, live)


def test_refusals(client: ChatClient, live: str) -> None:
    with refused(100004):
        say(client, "nowhere")
    with refused(100002):
        say(client, live, sender="nobody")
