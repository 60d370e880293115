"""Calls that go on: start, look up, end; and what users do on their devices."""

from __future__ import annotations

from typing import Any

import pytest

from support.groups import refused, told
from support.receiver import Receiver
from support.rooms import last_answer
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

STARTED, CHANGED, ENDED = (f"Call.CallbackAfter{what}" for what in ("StartCall", "MemberChanged", "EndCall"))


def ring(client: ChatClient, emulator: Emulator, *callees: str, timeout: int = 60_000, **info: Any) -> str:
    client.calls.start_by_robot(
        robot_account="alice",
        callee_list_account=callees,
        timeout_=timeout,
        call_info={"MediaType": "Video", **info},
    )
    return str(last_answer(emulator)["CallId"])


def status(client: ChatClient, emulator: Emulator, call_id: str) -> dict[str, str]:
    client.calls.get(call_id=call_id)
    return {user["User_Account"]: user["Status"] for user in last_answer(emulator)["UserList"]}


def result(client: ChatClient, emulator: Emulator, call_id: str) -> tuple[str, int, int]:
    """Return how a call ended, and after how many seconds it was answered and over."""
    emulator.clock.advance(5)
    client.calls.get_records(call_id=call_id)
    record = last_answer(emulator)["CallRecord"]
    start = record["StartTime"]
    return record["CallResult"], max(record["AcceptTime"] - start, -1), record["EndTime"] - start


def test_a_call_of_a_robot(client: ChatClient, emulator: Emulator) -> None:
    call_id = ring(client, emulator, "bob", "nobody", RoomId="1001", RoomIdType=1)
    assert last_answer(emulator)["CallResult"] == [
        {"Callee_Account": "bob", "ResultCode": 0},
        {"Callee_Account": "nobody", "ResultCode": 101002},
    ]
    assert status(client, emulator, call_id) == {"alice": "Calling", "bob": "Waiting"}
    assert last_answer(emulator)["CallInfo"] == {
        "CallId": call_id,
        "MediaType": "Video",
        "ChatGroupId": "",
        "RoomId": "1001",
        "RoomIdType": 1,
    }
    emulator.take_call(call_id, "bob")
    assert status(client, emulator, call_id) == {"alice": "Calling", "bob": "Calling"}
    client.calls.end(call_id=call_id)
    with refused(101004):
        client.calls.end(call_id=call_id)
    with refused(101004):
        client.calls.get(call_id=call_id)


def test_refusals(client: ChatClient, emulator: Emulator) -> None:
    with refused(101002):
        ring(client, emulator, "nobody")
    with refused(101002):
        client.calls.start_by_robot(
            robot_account="nobody",
            callee_list_account=["bob"],
            timeout_=60_000,
            call_info={"MediaType": "Audio"},
        )
    call_id = ring(client, emulator, "bob")
    with refused(101002):
        emulator.take_call(call_id, "carol")
    with refused(101002):
        emulator.hang_up(call_id, "carol")
    with refused(101004):
        emulator.take_call("gone", "bob")


@pytest.mark.parametrize(
    ("callees", "acts", "expected"),
    [
        ([], [], ("NotAnswer", -1, 30)),
        (["bob"], [("take", "bob")], ("NormalEnd", 10, 20)),
        (["bob"], [("hang up", "bob")], ("Reject", -1, 10)),
        (["bob"], [("hang up", "alice")], ("Cancel", -1, 10)),
        (["bob", "carol"], [("hang up", "bob"), ("take", "carol")], ("NormalEnd", 20, 30)),
        (["bob", "carol"], [("hang up", "bob"), ("hang up", "carol")], ("Reject", -1, 20)),
        (["bob", "carol"], [("hang up", "alice")], ("Cancel", -1, 10)),
        (["bob", "carol"], [("take", "bob"), ("hang up", "bob")], ("NormalEnd", 10, 30)),
    ],
)
def test_how_calls_end(
    client: ChatClient,
    emulator: Emulator,
    callees: list[str],
    acts: list[tuple[str, str]],
    expected: tuple[str, int, int],
) -> None:
    call_id = emulator.start_call("alice", callees or ["bob"])
    for act, name in acts:
        emulator.clock.advance(10)
        (emulator.take_call if act == "take" else emulator.hang_up)(call_id, name)
    emulator.clock.advance(10)
    if acts and acts[-1][0] == "take":
        client.calls.end(call_id=call_id)
    emulator.clock.advance(20)
    assert result(client, emulator, call_id) == expected


def test_who_does_not_answer_is_out_of_a_call_that_goes_on(client: ChatClient, emulator: Emulator) -> None:
    call_id = emulator.start_call("alice", ["bob", "carol"])
    emulator.take_call(call_id, "bob")
    emulator.clock.advance(30)
    assert status(client, emulator, call_id) == {"alice": "Calling", "bob": "Calling"}


@pytest.mark.usefixtures("receiver")
def test_webhooks(emulator: Emulator) -> None:
    call_id = emulator.start_call("alice", ["bob", "carol"], "Audio", group_id="hikers")
    emulator.take_call(call_id, "bob")
    emulator.hang_up(call_id, "carol")
    emulator.hang_up(call_id, "bob")
    now = int(emulator.clock.now())
    alice, bob, carol = (
        {"User_Account": name, "Status": state}
        for name, state in (("alice", "Calling"), ("bob", "Waiting"), ("carol", "Waiting"))
    )
    assert told(emulator, STARTED) == [
        {
            "CallId": call_id,
            "MediaType": "Audio",
            "ChatGroupId": "hikers",
            "RoomId": call_id,
            "RoomIdType": 2,
            "UserList": [alice, bob, carol],
        }
    ]
    bob["Status"] = "Calling"
    assert told(emulator, CHANGED) == [
        {
            "CallId": call_id,
            "UserList": users,
            "ChangedUserList": [{"User_Account": name, "ActionType": action}],
        }
        for users, name, action in (
            ([alice, bob, carol], "bob", "Answer"),
            ([alice, bob], "carol", "Reject"),
            ([alice], "bob", "Hangup"),
        )
    ]
    assert told(emulator, ENDED) == [
        {
            "CallRecord": {
                "CallId": call_id,
                "Caller_Account": "alice",
                "MediaType": "Audio",
                "CallType": "MultiCall",
                "StartTime": now,
                "EndTime": now,
                "AcceptTime": now,
                "CallResult": "NormalEnd",
                "CalleeList_Account": ["alice", "bob", "carol"],
                "RoomId": call_id,
                "RoomIdType": 2,
            }
        }
    ]


def test_that_nobody_answered_is_told_also_by_a_call_that_is_refused(
    client: ChatClient, emulator: Emulator, receiver: Receiver
) -> None:
    call_id = ring(client, emulator, "bob", timeout=10_000)
    emulator.clock.advance(10)
    with refused(101004):
        client.calls.get(call_id=call_id)
    assert [event["ChangedUserList"][0]["ActionType"] for event in told(emulator, CHANGED)] == ["NotAnswer"]
    assert receiver.commands == [STARTED, CHANGED, ENDED]


def test_what_nobody_can_do(emulator: Emulator) -> None:
    for callees in ([], ["alice"], ["nobody"]):
        with pytest.raises(ValueError, match=r"callees|not imported"):
            emulator.start_call("alice", callees)
    with pytest.raises(ValueError, match="media_type"):
        emulator.start_call("alice", ["bob"], "Smell")
