"""Numbers that tell the order of messages, as the service receives them."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from generated.clients import KEY, user_of
from generated.loopback import OK, Server, http, in_turn, reset
from tencent_chat import AsyncChatClient, ChatClient
from tencent_chat._calls.core import Rising

TEXT = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}]
FACE = [{"MsgType": "TIMFaceElem", "MsgContent": {"Index": 6}}]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(lambda _request, _connection: http(OK)) as server:
        yield server


def numbers(server: Server, field: str = "MsgSeq") -> list[int]:
    return [request.json[field] for request in server.requests]  # type: ignore[misc]


def rises(values: list[int]) -> bool:
    return all(0 <= before < after < 2**32 for before, after in pairwise(values))


def test_messages_in_a_row(kind: str, server: Server) -> None:
    started = int(time.time())
    with user_of(kind, server) as user:
        for _ in range(8):
            user(lambda client: client.messages.send(to_account="bob", msg_body=TEXT))
    assert rises(numbers(server))
    assert started <= numbers(server)[0] <= time.time()
    randoms = numbers(server, "MsgRandom")
    assert len(set(randoms)) == 8
    assert max(randoms) - min(randoms) > 1000


def test_all_commands_and_clients_of_one_origin_count_together(kind: str, server: Server) -> None:
    with user_of(kind, server) as user:
        for make in (lambda c: c, lambda c: c.as_identifier("b"), lambda c: c.with_options(retry=False), lambda c: c):
            user(lambda client, make=make: make(client).messages.send(to_account="bob", msg_body=TEXT))
            user(lambda client, make=make: make(client).messages.send_batch(to_account=["bob"], msg_body=TEXT))
            user(lambda client, make=make: make(client).call("openim/sendmsg", {"To_Account": "b", "MsgBody": FACE}))
    assert len(server.requests) == 12
    assert rises(numbers(server))


def test_one_that_is_given_is_sent(kind: str, server: Server) -> None:
    with user_of(kind, server) as user:
        user(lambda client: client.messages.send(to_account="bob", msg_body=TEXT, msg_seq=0))
        user(lambda client: client.messages.send(to_account="bob", msg_body=TEXT))
        user(lambda client: client.messages.send(to_account="bob", msg_body=TEXT, extra={"MsgSeq": 5}))
    assert numbers(server)[::2] == [0, 5]
    assert numbers(server)[1] > 5


def test_a_message_that_is_sent_again_keeps_its_numbers(kind: str) -> None:
    busy = http({"ErrorCode": 90994})
    fails = in_turn(lambda _request, connection: reset(connection), busy)
    with Server(fails) as server, user_of(kind, server) as user:
        user(lambda client: client.messages.send(to_account="bob", msg_body=TEXT))
        user(lambda client: client.messages.send(to_account="bob", msg_body=TEXT))
    first, second, third, other = server.requests
    assert first.body == second.body == third.body
    assert other.json["MsgSeq"] > first.json["MsgSeq"]  # type: ignore[operator]


def test_parts_of_a_batch_are_in_the_order_of_the_list(kind: str, server: Server) -> None:
    names = [f"u{number}" for number in range(2100)]
    with user_of(kind, server, retry=False) as user:
        user(lambda client: client.messages.send_batch_many(to_account=names, msg_body=TEXT, concurrency=3))
    parts: list[Any] = sorted((request.json for request in server.requests), key=lambda body: body["MsgSeq"])
    assert [name for part in parts for name in part["To_Account"]] == names
    assert rises([part["MsgSeq"] for part in parts])


def test_threads(server: Server) -> None:
    with ChatClient(1, KEY, base_url=server.url) as client, ThreadPoolExecutor(8) as pool:
        for sent in [pool.submit(client.messages.send, to_account="b", msg_body=TEXT) for _ in range(200)]:
            sent.result()
    assert len(set(numbers(server))) == 200


def test_tasks_in_the_order_in_which_they_were_made(server: Server) -> None:
    async def main() -> None:
        async with AsyncChatClient(1, KEY, base_url=server.url) as client:
            sends = [client.messages.send(to_account=str(number), msg_body=TEXT) for number in range(40)]
            await asyncio.gather(*sends)

    asyncio.run(main())
    by_account: Any = sorted((request.json for request in server.requests), key=lambda body: int(body["To_Account"]))
    assert rises([body["MsgSeq"] for body in by_account])


def test_threads_find_no_number_twice() -> None:
    rising = Rising()
    with ThreadPoolExecutor(8) as pool:
        parts = list(pool.map(lambda _: [rising.number() for _ in range(2000)], range(8)))
    assert all(map(rises, parts))
    assert len({number for part in parts for number in part}) == 16_000


@pytest.mark.parametrize("now", [-5.0, 0.0, 2**32 - 3.5, 2.0**32, 2.0**33])
def test_clocks_that_are_wrong(now: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tencent_chat._calls.core.time.time", lambda: now)
    rising = Rising()
    values = [rising.number() for _ in range(10)]
    assert len(set(values)) == 10
    assert all(0 <= value < 2**32 for value in values)


def test_a_clock_that_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([2000.0, 1000.0, 1000.5, 2001.5, 2010.0])
    monkeypatch.setattr("tencent_chat._calls.core.time.time", lambda: next(seconds))
    rising = Rising()
    assert [rising.number() for _ in range(5)] == [2000, 2001, 2002, 2003, 2010]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_that_is_forked_while_a_number_is_made() -> None:
    rising = Rising()
    before = rising.number()
    with rising._lock:
        pid = os.fork()
        if pid == 0:
            os._exit(7 if rising.number() > before else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
