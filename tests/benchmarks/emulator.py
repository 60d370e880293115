"""What the emulator costs: its start, calls over a socket, and memory when it knows a lot.

.venv/bin/python tests/benchmarks/emulator.py [messages]
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATHS = [str(ROOT / "generated" / name) for name in ("client", "emulator")]
sys.path[:0] = PATHS

from tencent_chat import AsyncChatClient, ChatClient  # noqa: E402
from tencent_chat.models import TextElem  # noqa: E402
from tencent_chat_emulator.emulator import DEFAULT_SDKAPPID, DEFAULT_SECRET_KEY  # noqa: E402

ACCOUNTS, GROUPS = 10_000, 1_000
TASKS = 32


@contextmanager
def serving() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the emulator in a process of its own; yield it and its address."""
    command = [sys.executable, "-m", "tencent_chat_emulator"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(PATHS)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().split()[0]
    finally:
        process.terminate()
        process.wait()


def memory(process: subprocess.Popen[str]) -> float:
    """Return MiB that a process has in memory."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def start() -> None:
    began = time.perf_counter()
    with serving() as (process, url), ChatClient(DEFAULT_SDKAPPID, DEFAULT_SECRET_KEY, base_url=url) as client:
        ready = time.perf_counter()
        client.accounts.import_account(user_id="bob")
        answered = time.perf_counter()
        print(f"start {ready - began:.2f} s, first answer after {answered - began:.2f} s; {memory(process):.0f} MiB")


async def in_turn(count: int, call: Callable[[int], Awaitable[object]]) -> float:
    """Make calls in some tasks at a time; return calls a second."""
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await call(number)

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(TASKS)))
    return count / (time.perf_counter() - began)


async def load(messages: int) -> None:
    with serving() as (process, url):
        async with AsyncChatClient(DEFAULT_SDKAPPID, DEFAULT_SECRET_KEY, base_url=url) as client:
            await client.accounts.import_accounts_many(accounts=[f"user{n}" for n in range(ACCOUNTS)])
            few = await rates(client, 2_000)
            print("calls a second, empty:", "  ".join(f"{name} {rate:,.0f}" for name, rate in few.items()))

            async def create(number: int) -> None:
                members = [{"Member_Account": f"user{(number * 10 + n) % ACCOUNTS}"} for n in range(20)]
                await client.groups.create(type="Public", name="g", group_id=f"g{number}", member_list=members)

            async def send(number: int) -> None:
                body = [TextElem(f"message {number}, as long as what people write to one another")]
                await client.groups.send_message(group_id=f"g{number % GROUPS}", msg_body=body)

            await in_turn(GROUPS, create)
            await in_turn(messages, send)
            print(f"{ACCOUNTS:,} accounts, {GROUPS:,} groups, {messages:,} messages: {memory(process):.0f} MiB")
            many = await rates(client, 2_000)
            print("calls a second, full: ", "  ".join(f"{name} {rate:,.0f}" for name, rate in many.items()))


async def rates(client: AsyncChatClient, count: int) -> dict[str, float]:
    """Return how many calls of some kinds are answered a second."""

    async def send(number: int) -> None:
        await client.messages.send(to_account=f"user{number}", msg_body=[TextElem("hi")])

    async def check(number: int) -> None:
        await client.accounts.check(check_item=[{"UserID": f"user{number}"}])

    async def profile(number: int) -> None:
        await client.profiles.get(to_account=[f"user{number}"], tag_list=["Tag_Profile_IM_Nick"])

    calls = {"send": send, "check": check, "profile": profile}
    return {name: await in_turn(count, call) for name, call in calls.items()}


if __name__ == "__main__":
    for _ in range(3):
        start()
    asyncio.run(load(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
