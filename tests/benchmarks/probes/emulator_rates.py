"""Calls a second that an emulator answers, empty and with much in its memory, which is told in MiB.

emulator_rates.py MESSAGES
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tencent_chat import AsyncChatClient
from tencent_chat.models import TextElem
from tencent_chat_emulator.emulator import DEFAULT_SDKAPPID, DEFAULT_SECRET_KEY

ACCOUNTS, GROUPS, CALLS = 10_000, 1_000, 2_000
AT_ONCE = 32


@contextmanager
def serving() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the emulator in a process of its own; yield it and its address."""
    command = [sys.executable, "-m", "tencent_chat_emulator"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().split()[0]
        finally:
            process.terminate()


def memory(process: subprocess.Popen[str]) -> float:
    """Return MiB that a process has in memory."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def in_turn(count: int, call: Callable[[int], Awaitable[object]]) -> float:
    """Make calls in some tasks at a time; return calls a second."""
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await call(number)

    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return count / (time.perf_counter() - start)


async def rates(client: AsyncChatClient, state: str) -> dict[str, float]:
    """Return how many calls of some kinds are answered a second."""

    async def send(number: int) -> None:
        await client.messages.send(to_account=f"user{number}", msg_body=[TextElem("hi")])

    async def check(number: int) -> None:
        await client.accounts.check(check_item=[{"UserID": f"user{number}"}])

    async def profile(number: int) -> None:
        await client.profiles.get(to_account=[f"user{number}"], tag_list=["Tag_Profile_IM_Nick"])

    calls = {"send": send, "check": check, "profile": profile}
    return {f"{name}, {state}": await in_turn(CALLS, call) for name, call in calls.items()}


async def fill(client: AsyncChatClient, messages: int) -> None:
    async def create(number: int) -> None:
        members = [{"Member_Account": f"user{(number * 10 + n) % ACCOUNTS}"} for n in range(20)]
        await client.groups.create(type="Public", name="g", group_id=f"g{number}", member_list=members)

    async def send(number: int) -> None:
        body = [TextElem(f"message {number}, as long as what people write to one another")]
        await client.groups.send_message(group_id=f"g{number % GROUPS}", msg_body=body)

    await in_turn(GROUPS, create)
    await in_turn(messages, send)


async def main(messages: int) -> None:
    with serving() as (process, url):
        async with AsyncChatClient(DEFAULT_SDKAPPID, DEFAULT_SECRET_KEY, base_url=url) as client:
            await client.accounts.import_accounts_many(accounts=[f"user{n}" for n in range(ACCOUNTS)])
            figures = await rates(client, "empty")
            await fill(client, messages)
            figures |= await rates(client, "full")
            figures["memory"] = memory(process)
    print(json.dumps(figures))


asyncio.run(main(int(sys.argv[1])))
