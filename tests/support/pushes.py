"""What the emulator's tests of push have in common."""

from __future__ import annotations

from typing import Any

from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

NOTICE: dict[str, Any] = {"PushFlag": 0, "Title": "Maintenance", "Desc": "Closed from 2 to 3"}


def push(client: ChatClient, **arguments: Any) -> str:
    """Push to all users; return the TaskId."""
    answer = client.push.send_to_all(**{"offline_push_info": NOTICE, **arguments})
    assert answer.task_id is not None
    return answer.task_id


def lose(emulator: Emulator, name: str, platform: str = "iPhone") -> None:
    """Let an account come online and lose its connection."""
    emulator.come_online(name, platform)
    emulator.go_offline(name, platform, is_lost=True)


def events(emulator: Emulator, webhook: str = "Push.AllMemberPush") -> list[dict[str, Any]]:
    """Return what webhooks told, one by one."""
    told: list[dict[str, Any]] = []
    for delivery in emulator.webhooks.delivered:
        if delivery.command == webhook:
            assert list(delivery.body) == ["Events"]
            told += delivery.body["Events"]
    return told


def statistics(client: ChatClient, emulator: Emulator, *tasks: str) -> list[dict[str, Any]]:
    """Return the numbers of the last day."""
    now = int(emulator.clock.now())
    client.push.get_statistics(start_time=now - 86400, end_time=now, task_id=list(tasks))
    results: list[dict[str, Any]] = emulator.calls[-1].answer["Results"]
    return results


def receivers(emulator: Emulator, task: str) -> list[str]:
    """Return who got a push on a device."""
    return list(emulator.state.push.pushes[task].devices)
