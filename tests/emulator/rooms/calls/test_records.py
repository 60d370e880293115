"""Records of calls that have ended."""

from __future__ import annotations

import pytest

from support.groups import refused
from support.rooms import last_answer
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


@pytest.fixture
def calls(client: ChatClient, emulator: Emulator) -> list[str]:
    """Five calls, a minute apart: two answered, then one with three members, then two that nobody answered."""
    ids: list[str] = []
    for number in range(5):
        call_id = emulator.start_call("alice", ["bob", "carol"] if number == 2 else ["bob"])
        if number < 3:
            emulator.take_call(call_id, "bob")
            client.calls.end(call_id=call_id)
        emulator.clock.advance(60)
        ids.append(call_id)
    return ids


def test_records_page_by_page(client: ChatClient, emulator: Emulator, calls: list[str]) -> None:
    for size in (1, 2, 5, None):
        assert [record.call_id for record in client.calls.iter_records(number_per_page=size)] == calls
    client.calls.list_records(number_per_page=2, page=3)
    page = last_answer(emulator)
    assert (page["TotalNum"], page["Page"], len(page["CallRecordList"])) == (5, 3, 1)
    client.calls.list_records(number_per_page=2, page=4)
    assert last_answer(emulator) == {"TotalNum": 5, "Page": 0, "CallRecordList": []}


def test_ten_records_make_a_page(client: ChatClient, emulator: Emulator) -> None:
    for _ in range(11):
        emulator.hang_up(emulator.start_call("alice", ["bob"]), "bob")
    emulator.clock.advance(5)
    client.calls.list_records()
    assert len(last_answer(emulator)["CallRecordList"]) == 10


def test_conditions(client: ChatClient, emulator: Emulator, calls: list[str]) -> None:
    start = int(emulator.clock.now()) - 300

    def found(**conditions: object) -> list[str | None]:
        return [record.call_id for record in client.calls.iter_records(**conditions)]  # type: ignore[arg-type]

    assert found(call_result="NotAnswer") == calls[3:]
    assert found(call_type="MultiCall") == calls[2:3]
    assert found(call_type="SingleCall", call_result="NormalEnd") == calls[:2]
    assert found(start_time=start + 60, end_time=start + 180) == calls[1:4]
    assert found(start_time=0) == calls
    with refused(101050):
        found(call_result="Reject")


def test_records_are_there_after_five_seconds_and_found_for_a_week(client: ChatClient, emulator: Emulator) -> None:
    call_id = emulator.start_call("alice", ["bob"])
    with refused(101050):
        client.calls.get_records(call_id=call_id)
    emulator.hang_up(call_id, "bob")
    emulator.clock.advance(4)
    for call in (lambda: client.calls.get_records(call_id=call_id), client.calls.list_records):
        with refused(101050):
            call()
    emulator.clock.advance(1)
    client.calls.get_records(call_id=call_id)
    assert [record.call_id for record in client.calls.iter_records()] == [call_id]
    emulator.clock.advance(7 * 86400)
    client.calls.get_records(call_id=call_id)
    with refused(101050):
        client.calls.list_records(start_time=0)
