"""What a call costs once all is loaded, in counts: a loss shows without a clock."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from generated.clients import KEY
from generated.loopback import OK, Server, http
from tencent_chat import AsyncChatClient, ChatClient, Received, Request

ARGUMENTS: dict[str, Any] = {"type": "Public", "name": "n", "member_list": [{"Member_Account": "bob"}]}

# Calls of functions in Python, those of libraries included, which differ a little between versions.
MOST_WITHOUT_NETWORK = 105
MOST_OVER_A_SOCKET = 165
MOST_IN_A_TASK = 235
"""The event loop's own are among them."""


class Counts:
    """Calls of functions in Python, and of functions in C by their names."""

    def __init__(self) -> None:
        self.python = 0
        self.c: Counter[str] = Counter()

    def __call__(self, _frame: object, event: str, argument: Any) -> None:
        if event == "call":
            self.python += 1
        elif event == "c_call":
            self.c[argument.__name__] += 1


@contextmanager
def counting() -> Iterator[Counts]:
    counts = Counts()
    before = sys.getprofile()
    sys.setprofile(counts)
    try:
        yield counts
    finally:
        sys.setprofile(before)


def cheapest(action: Callable[[], object]) -> Counts:
    """Return the counts of a call that nothing got into the way of, such as a timer or the collector."""
    found: list[Counts] = []
    for _ in range(10):
        with counting() as counts:
            action()
        found.append(counts)
    return min(found, key=lambda counts: counts.python)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(lambda *_: http({**OK, "GroupId": "g", "Type": "Public"})) as server:
        yield server


def test_without_network() -> None:
    class Canned:
        def send(self, _request: Request) -> Received:
            return Received(200, {"content-type": "application/json"}, b'{"ActionStatus":"OK","ErrorCode":0}')

    with ChatClient(1, KEY, base_url="http://localhost", transport=Canned()) as client:
        counts = cheapest(lambda: client.groups.create(**ARGUMENTS))
    assert 20 < counts.python <= MOST_WITHOUT_NETWORK


def test_over_a_socket(server: Server) -> None:
    with ChatClient(1, KEY, base_url=server.url) as client:
        counts = cheapest(lambda: client.groups.create(**ARGUMENTS))
    assert 20 < counts.python <= MOST_OVER_A_SOCKET
    # One look at whether the connection has ended, which is two functions; one write, one read.
    assert [counts.c[name] for name in ("poll", "sendall", "send", "recv_into", "recv")] == [2, 1, 0, 1, 0]
    assert server.connections == 1


class Turning(asyncio.SelectorEventLoop):
    """Counts its turns."""

    turns = 0

    def _run_once(self) -> None:
        self.turns += 1
        super()._run_once()  # type: ignore[misc]


def test_in_a_task(server: Server) -> None:
    async def use() -> tuple[Counts, int]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Turning)
        found: list[tuple[Counts, int]] = []
        async with AsyncChatClient(1, KEY, base_url=server.url) as client:
            for _ in range(10):
                before = loop.turns
                with counting() as counts:
                    await client.groups.create(**ARGUMENTS)
                found.append((counts, loop.turns - before))
        return min(found, key=lambda one: (one[1], one[0].python))

    with asyncio.Runner(loop_factory=Turning) as runner:
        counts, turns = runner.run(use())
    # One in which the answer arrives, and one in which it is read.
    assert turns == 2
    assert 20 < counts.python <= MOST_IN_A_TASK
    assert [counts.c[name] for name in ("send", "recv")] == [1, 1]
    assert server.connections == 1
