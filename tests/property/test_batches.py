"""Long lists in several calls: nothing lost, nothing doubled, in order, and of each item what the service did to it."""

from __future__ import annotations

import asyncio
import socket
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generated.loopback import OK, Received, Server, http, reset
from support.batches import COMMANDS, BatchCommand
from support.effort import cases
from support.listings import method
from tencent_chat import AsyncChatClient, ChatClient

# What becomes of a whole call; most of them are carried out.
endings = st.lists(st.sampled_from(["ok", "ok", "ok", "refused", "reset", "gateway"]), min_size=1, max_size=5)
OUTCOMES = {"refused": "failed", "reset": "unknown", "gateway": "unknown"}
commands = pytest.mark.parametrize("command", COMMANDS, ids=str)
few = settings(max_examples=cases(12), suppress_health_check=[HealthCheck.function_scoped_fixture])


class Service:
    def __init__(self) -> None:
        self.server = Server(self._answer)
        self.carried_out: list[Sequence[str]] = []
        self.plan: Sequence[str] = ["ok"]
        self.command = COMMANDS[0]

    def serve(self, command: BatchCommand, plan: Sequence[str]) -> None:
        self.command, self.plan = command, plan
        self.carried_out = []

    def fails(self, name: str) -> bool:
        return zlib.crc32(f"{name} {self.plan}".encode()) % 3 == 0

    def ending(self, names: Sequence[str]) -> str:
        return self.plan[zlib.crc32(",".join(names).encode()) % len(self.plan)]

    def _answer(self, request: Received, connection: socket.socket) -> bytes | None:
        names = [self.command.name(item) for item in request.json[self.command.field]]
        ending = self.ending(names)
        if ending == "refused":
            return http({"ActionStatus": "FAIL", "ErrorCode": 60002, "ErrorInfo": "no"})
        if ending == "reset":
            reset(connection)
            return None
        if ending == "gateway":
            return http(b"<html>", 502)
        self.carried_out.append(names)
        return http(OK | self.command.answer(names, {name: self.fails(name) for name in names}))


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    service = Service()
    with service.server:
        yield service


def check(service: Service, command: BatchCommand, names: list[str], plan: list[str], **options: Any) -> None:
    service.serve(command, plan)
    in_tasks = options.pop("in_tasks")
    settings: dict[str, Any] = {"base_url": service.server.url, "retry": False, "timeout": 5.0}
    told: list[Any] = []
    arguments = {command.argument: [command.item(name) for name in names], **command.others, **options}

    async def run() -> Any:
        async with AsyncChatClient(1400000000, "dummy", **settings) as client:
            return await method(client, command.method)(**arguments, progress=told.append)

    if in_tasks:
        result = asyncio.run(run())
    else:
        with ChatClient(1400000000, "dummy", **settings) as client:
            result = method(client, command.method)(**arguments, progress=told.append)

    chunks = [names[start : start + command.most] for start in range(0, len(names), command.most)]
    assert sorted(service.carried_out) == sorted(chunk for chunk in chunks if service.ending(chunk) == "ok")
    assert [item.item for item in result.items] == arguments[command.argument]
    number = 0
    for chunk in chunks:
        for name in chunk:
            item, ending = result.items[number], service.ending(chunk)
            number += 1
            expected = OUTCOMES.get(ending) or ("failed" if service.fails(name) else "done")
            assert item.outcome == expected, item
            assert (item.response is None) == (ending != "ok")
            assert (item.error is None) == (ending == "ok")
    assert result.unmatched == ()
    assert len(result.failures) == sum(item.outcome != "done" for item in result.items)
    assert len(result.responses) + len(result.errors) == len(chunks)
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)
    assert sum(len(progress.items) for progress in told) == len(names)
    assert {progress.total for progress in told} <= {len(names)}
    assert not chunks or told[-1].done == len(names)


@st.composite
def lists(draw: st.DrawFn, most: int) -> list[str]:
    """Names, some of them more than once, around multiples of what a call takes."""
    calls, extra = draw(st.integers(0, 3)), draw(st.integers(-2, 2))
    size = max(calls * most + extra, 0)
    different = draw(st.sampled_from([size, size, 3, most]))
    return [f"user{number % max(different, 1)}" for number in range(size)]


@commands
@few
@given(data=st.data(), plan=endings, concurrency=st.integers(1, 8))
def test_a_long_list_in_threads(
    service: Service, command: BatchCommand, data: st.DataObject, plan: list[str], concurrency: int
) -> None:
    names = data.draw(lists(command.most))
    check(service, command, names, plan, concurrency=concurrency, in_tasks=False)


@commands
@settings(few, max_examples=cases(6))
@given(data=st.data(), plan=endings, concurrency=st.integers(1, 8))
def test_a_long_list_in_tasks(
    service: Service, command: BatchCommand, data: st.DataObject, plan: list[str], concurrency: int
) -> None:
    names = data.draw(lists(command.most))
    check(service, command, names, plan, concurrency=concurrency, in_tasks=True)
