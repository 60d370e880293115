"""Scheduled pushes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from support.groups import refused
from support.pushes import NOTICE, events, statistics
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

HOUR = 3600
NOW = 1_800_000_000
"""Unix seconds."""
CONTENT: dict[str, Any] = {"From_Account": "alice", "OfflinePushInfo": NOTICE}


def moment(emulator: Emulator, seconds: int) -> str:
    """Return a time from now on."""
    return datetime.fromtimestamp(int(emulator.clock.now()) + seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def schedule(client: ChatClient, emulator: Emulator, seconds: int = HOUR, type_: Any = "All", **content: Any) -> int:
    """Schedule a push; return its TaskID."""
    answer = client.push.create_task(
        sdkappid=emulator.sdkappid,
        type=type_,
        sched_at=moment(emulator, seconds),
        content=CONTENT | content,  # type: ignore[arg-type]
    )
    assert answer.task_id is not None
    return answer.task_id


def task(client: ChatClient, emulator: Emulator, task_id: int) -> dict[str, Any]:
    client.push.get_task(sdkappid=emulator.sdkappid, task_id=task_id)
    info: dict[str, Any] = emulator.calls[-1].answer["TaskInfo"]
    return info


def test_it_waits(client: ChatClient, emulator: Emulator) -> None:
    created, at = moment(emulator, 0), moment(emulator, HOUR)
    task_id = schedule(client, emulator)
    emulator.clock.advance(HOUR - 1)
    assert task(client, emulator, task_id) == {
        "TaskID": task_id,
        "Sdkappid": emulator.sdkappid,
        "CreateAt": created,
        "Type": "All",
        "SchedAt": at,
        "Content": CONTENT,
        "Title": "Maintenance",
        "Desc": "Closed from 2 to 3",
        "Status": "pending",
        "DispatchSuccess": 0,
        "DispatchErr": "",
        "PushTaskID": "",
    }
    assert statistics(client, emulator)[0]["TotalCount"] == 0


@pytest.mark.usefixtures("receiver")
def test_it_is_sent_when_its_time_has_come(client: ChatClient, emulator: Emulator) -> None:
    client.push.add_tags(user_tags=[{"To_Account": "bob", "Tags": ["a"]}])
    emulator.come_online("bob")
    later = schedule(client, emulator, 2 * HOUR, "User", To_Account=["bob", "carol"])
    sooner = schedule(client, emulator, HOUR, "Tag", Condition={"TagsAnd": ["a"]})
    now = int(emulator.clock.now())
    emulator.clock.advance(3 * HOUR)
    push_ids = [item["TaskID"] for item in statistics(client, emulator)]
    assert push_ids == [""]
    first, second = task(client, emulator, sooner), task(client, emulator, later)
    assert [(item["Status"], item["DispatchSuccess"], item["DispatchErr"]) for item in (first, second)] == [
        ("dispatched", 1, "")
    ] * 2
    numbers = statistics(client, emulator, first["PushTaskID"], second["PushTaskID"])
    assert [(item["TotalCount"], item["SentCount"]) for item in numbers] == [(1, 1), (2, 1)]
    assert [(item["To_Account"], item["TaskTime"] - now) for item in events(emulator)] == [
        ("bob", HOUR),
        ("bob", HOUR),
        ("bob", 2 * HOUR),
        ("bob", 2 * HOUR),
        ("carol", 2 * HOUR),
    ]
    client.push.revoke(task_id=first["PushTaskID"], offline_push_info=NOTICE)


def test_it_is_changed_while_it_waits(client: ChatClient, emulator: Emulator) -> None:
    task_id = schedule(client, emulator)
    change = {"sdkappid": emulator.sdkappid, "task_id": task_id}
    client.push.update_task(
        **change,
        type="All",
        sched_at=moment(emulator, 2 * HOUR),
        content={"OfflinePushInfo": {"Title": "Sale", "Desc": "Half price"}},
    )
    at = moment(emulator, 2 * HOUR)
    with refused(90104):
        client.push.update_task(**change, type="User")
    emulator.clock.advance(HOUR)
    info = task(client, emulator, task_id)
    assert (info["Status"], info["Title"], info["SchedAt"]) == ("pending", "Sale", at)
    assert info["Content"]["From_Account"] == "alice"
    emulator.clock.advance(HOUR)
    for command in ("timpush/modify_sched_task", "timpush/delete_sched_task"):
        with refused(90106):
            client.call(command, {"Sdkappid": emulator.sdkappid, "TaskID": task_id, "Type": "All"})
        assert emulator.calls[-1].answer["TaskID"] == 0
    assert task(client, emulator, task_id)["Status"] == "dispatched"


def test_what_is_deleted_is_not_sent(client: ChatClient, emulator: Emulator) -> None:
    task_id = schedule(client, emulator)
    client.push.delete_task(sdkappid=emulator.sdkappid, task_id=task_id, type="All")
    emulator.clock.advance(HOUR)
    with refused(90104):
        task(client, emulator, task_id)
    assert statistics(client, emulator)[0]["TotalCount"] == 0


def test_what_cannot_be_sent_says_so(client: ChatClient, emulator: Emulator) -> None:
    task_id = schedule(client, emulator)
    client.accounts.delete(delete_item=[{"UserID": "alice"}])
    emulator.clock.advance(HOUR)
    info = task(client, emulator, task_id)
    assert (info["Status"], info["DispatchSuccess"], info["PushTaskID"]) == ("failed", 0, "")
    assert "alice" in info["DispatchErr"]


@pytest.mark.parametrize(
    "changes",
    [
        {"Sdkappid": 1},
        {"Sdkappid": "x"},
        {"SchedAt": "tomorrow"},
        {"SchedAt": "2020-01-01 00:00:00"},
        {"Type": "Tag"},
        {"Type": "User"},
        {"Type": "Some"},
        {"Content": CONTENT | {"Condition": {"TagsOr": ["a"]}}},
        {"Content": CONTENT | {"To_Account": ["bob"]}},
        {"Content": CONTENT | {"From_Account": "nobody"}},
        {"Content": {"From_Account": "alice"}},
        {"Type": "Tag", "Content": CONTENT | {"Condition": {"TagsOr": ["a", "a"]}}},
    ],
)
def test_tasks_that_are_wrong(client: ChatClient, emulator: Emulator, changes: dict[str, Any]) -> None:
    body = {"Sdkappid": emulator.sdkappid, "Type": "All", "SchedAt": moment(emulator, HOUR), "Content": CONTENT}
    with refused(90104):
        client.call("timpush/add_sched_task", body | changes, validate=False)


def listed(client: ChatClient, emulator: Emulator, **changes: Any) -> list[int | None]:
    asked: dict[str, Any] = {
        "want": 20,
        "order_by": "schedat",
        "asc": True,
        "begin_time": moment(emulator, 0),
        "end_time": moment(emulator, 10 * HOUR),
    }
    return [item.task_id for item in client.push.iter_tasks(sdkappid=emulator.sdkappid, **asked | changes)]


@pytest.mark.parametrize("want", [1, 2, 3, 20])
def test_tasks_are_listed(client: ChatClient, emulator: Emulator, want: int) -> None:
    third, first, second = (schedule(client, emulator, hours * HOUR) for hours in (3, 1, 2))
    assert listed(client, emulator, want=want) == [first, second, third]
    assert listed(client, emulator, want=want, asc=False) == [third, second, first]
    assert listed(client, emulator, want=want, order_by="createAt") == [third, first, second]
    assert listed(client, emulator, want=want, end_time=moment(emulator, 2 * HOUR)) == [first, second]


def test_tasks_are_found_by_a_word(client: ChatClient, emulator: Emulator) -> None:
    schedule(client, emulator)
    sale = schedule(client, emulator, OfflinePushInfo={"Title": "Sale", "Desc": "Half price"})
    assert listed(client, emulator, keyword="Half") == listed(client, emulator, keyword="Sale") == [sale]
    with refused(90104):
        listed(client, emulator, begin_time=moment(emulator, 11 * HOUR))


def test_what_reading_sent_is_kept(tmp_path: Path) -> None:
    """Calls that only look send what is due, too; a file of the state has that, also when nobody closes it."""
    state, left = tmp_path / "state", tmp_path / "left"
    with Emulator(state=state, now=NOW) as emulator, connected(emulator) as client:
        client.accounts.import_accounts(accounts=["alice", "bob"])
        emulator.come_online("bob")
        task_id = schedule(client, emulator)
        emulator.clock.advance(HOUR)
        with refused(90106):
            client.push.delete_task(sdkappid=emulator.sdkappid, task_id=task_id, type="All")
        assert task(client, emulator, task_id)["Status"] == "dispatched"
        emulator.go_offline("bob")
        client.push.send_to_users(from_account="alice", to_account=["bob"], offline_push_info=NOTICE)
        before = emulator.snapshot()
        shutil.copy(state, left)
    with Emulator(state=left, now=NOW) as emulator:
        assert emulator.snapshot() == before


@contextmanager
def connected(emulator: Emulator) -> Iterator[ChatClient]:
    with ChatClient(emulator.sdkappid, emulator.secret_key, base_url=emulator.url, retry=False) as client:
        yield client
