"""One client used by many threads, tasks, event loops and processes."""

from __future__ import annotations

import asyncio
import contextvars
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import requests

import tencent_chat
from generated.clients import KEY, QUICK, user_of
from generated.loopback import OK, Received, Server, http
from tencent_chat import (
    AsyncChatClient,
    AsyncHTTPTransport,
    ChatClient,
    ConfigurationError,
    HTTPTransport,
    TransportError,
    usersig,
)
from tencent_chat._support.secret import Secret

ROOT = Path(tencent_chat.__file__).parents[1]


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The accounts for which UserSigs are signed."""
    accounts: list[str] = []
    sign = usersig.sign

    def counted(sdkappid: int, key: Secret, userid: str, **options: Any) -> Secret:
        accounts.append(userid)
        return sign(sdkappid, key, userid, **options)

    monkeypatch.setattr(usersig, "sign", counted)
    return accounts


def echoed(request: Received, _connection: object) -> bytes:
    return http({**OK, "Echo": request.json["Number"], "As": request.query["identifier"]})


@pytest.fixture
def echo() -> Iterator[Server]:
    with Server(echoed) as server:
        yield server


def test_threads(echo: Server, signed: list[str]) -> None:
    def work(number: int) -> None:
        answer = client.as_identifier("other") if number % 2 else client
        raw = answer.call("x/y", {"Number": number, "Text": "x" * (number % 7 * 1000)}).raw
        assert (raw["Echo"], raw["As"]) == (number, "other" if number % 2 else "administrator")

    with ChatClient(1, KEY, base_url=echo.url) as client, ThreadPoolExecutor(32) as pool:
        list(pool.map(work, range(800)))
    assert len(echo.requests) == 800
    assert echo.connections <= 32
    assert sorted(signed) == ["administrator", "other"]


def test_tasks(echo: Server, signed: list[str]) -> None:
    async def work(client: AsyncChatClient, number: int) -> None:
        answer = client.as_identifier("other") if number % 2 else client
        for step in range(2):
            raw = (await answer.call("x/y", {"Number": [number, step]})).raw
            assert (raw["Echo"], raw["As"]) == ([number, step], "other" if number % 2 else "administrator")

    async def all_of_them() -> None:
        async with AsyncChatClient(1, KEY, base_url=echo.url, timeout=20) as client:
            await asyncio.gather(*(work(client, number) for number in range(500)))

    asyncio.run(all_of_them())
    assert len(echo.requests) == 1000
    assert echo.connections <= 500
    assert sorted(signed) == ["administrator", "other"]


def script(code: str, *args: str) -> None:
    """Run a program in which every warning is an error, and nothing may be printed."""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", code, *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


FORK_AMONG_THREADS = """
import os, sys, threading, warnings
from tencent_chat import ChatClient
warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork")

def work(start, count):
    for number in range(start, start + count):
        assert client.call("x/y", {"Number": number}).raw["Echo"] == number

with ChatClient(1, "dummy", base_url=sys.argv[1]) as client:
    work(0, 1)
    threads = [threading.Thread(target=work, args=(n * 1000, 40)) for n in range(8)]
    for thread in threads:
        thread.start()
    children = []
    for child in range(4):
        pid = os.fork()
        if pid == 0:
            work(100_000 * (child + 1), 20)
            sys.exit(7)
        children.append(pid)
        work(50_000 + child, 5)
    for thread in threads:
        thread.join()
    for pid in children:
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    work(90_000, 5)
"""

FORK_DURING_THE_FIRST_CALL = """
import os, signal, sys, threading, warnings
from collections import Counter
import tencent_chat
from tencent_chat import ChatClient
warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork")

def sends(client):
    client.messages.send(to_account="bob", msg_body=[{"MsgType": "TIMFaceElem", "MsgContent": {}}])

def reads(client):
    list(client.groups.iter_all(limit=1))

def looks(_client):
    repr(tencent_chat.models.TextElem("hi")), tencent_chat.Region("singapore")
    body = b'{"CallbackCommand": "Group.CallbackAfterSendMsg", "MsgBody": [{"MsgType": 1}]}'
    tencent_chat.webhooks.parse({"SdkAppid": "1"}, body).model_dump()

client = ChatClient(1, "dummy", base_url=sys.argv[1])
works = [globals()[name] for name in sys.argv[2].split()]
threads = [threading.Thread(target=work, args=(client,)) for work in works]
sys.setswitchinterval(1e-6)
for thread in threads:
    thread.start()
# A thread that is seen in the middle of something waits for this one.
children, seen = [], Counter()
while any(thread.is_alive() for thread in threads) and len(children) < 60:
    for thread in threads:
        frame = sys._current_frames().get(thread.ident)
        if frame is None:
            continue
        where = frame.f_code.co_filename, frame.f_lineno
        del frame
        seen[where] += 1
        if seen[where] > 4:
            continue
        pid = os.fork()
        if pid == 0:
            # Ends a child that waits for a lock that nobody holds any more.
            signal.alarm(30)
            for work in works:
                work(client)
            os._exit(7)
        children.append(pid)
for thread in threads:
    thread.join()
client.close()
assert children
assert {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children} == {7}
"""

FORK_DURING_A_VALIDATION = """
import os, sys, threading, time, warnings
from pydantic import field_serializer, field_validator
from tencent_chat import Response, models
warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork")

def take_time(value):
    under_way.set()
    time.sleep(0.2)
    done.append(value)
    return value

class Slow(models.TextContent):
    validate = field_validator("text")(take_time)
    serialize = field_serializer("text")(take_time)

class SlowAnswer(Response):
    validate = field_validator("error_info")(take_time)

under_way, done = threading.Event(), []
one = Slow(text="hi")
for work in (
    lambda: Slow(text="hi"),
    lambda: SlowAnswer(error_info="hi"),
    lambda: SlowAnswer.model_validate({"ErrorInfo": "hi"}),
    lambda: Slow.model_validate({"Text": "hi"}),
    lambda: Slow.model_validate_json('{"Text": "hi"}'),
    one.model_dump,
    one.model_dump_json,
):
    under_way.clear()
    done.clear()
    thread = threading.Thread(target=work)
    thread.start()
    under_way.wait()
    pid = os.fork()
    if pid == 0:
        os._exit(7 if done == ["hi"] else 1)
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
"""

FORK_BETWEEN_CALLS_OF_AN_EVENT_LOOP = """
import asyncio, os, sys, warnings
from tencent_chat import AsyncChatClient
warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork")

async def work(start):
    asyncio.get_running_loop().slow_callback_duration = 60
    async def one(number):
        assert (await client.call("x/y", {"Number": number})).raw["Echo"] == number
    for again in range(3):
        await asyncio.gather(*(one(start + number) for number in range(20)))

client = AsyncChatClient(1, "dummy", base_url=sys.argv[1])
with asyncio.Runner() as runner:
    runner.run(work(0))
    pid = os.fork()
    if pid == 0:
        asyncio.run(work(1000))
        # As multiprocessing ends it: an event loop of the parent must not be taken down here.
        os._exit(7)
    runner.run(work(2000))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    runner.run(work(3000))
    runner.run(client.close())
"""

TWO_EVENT_LOOPS = """
import asyncio, sys
from tencent_chat import AsyncChatClient

async def work():
    asyncio.get_running_loop().slow_callback_duration = 60
    for number in range(3):
        assert (await client.call("x/y", {"Number": number})).raw["Echo"] == number

client = AsyncChatClient(1, "dummy", base_url=sys.argv[1])
asyncio.run(work())
asyncio.run(work())
asyncio.run(client.close())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_fork_among_threads(echo: Server) -> None:
    script(FORK_AMONG_THREADS, echo.url)
    assert len(echo.requests) == 1 + 8 * 40 + 4 * 20 + 4 * 5 + 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("works", ["sends", "reads", "looks", "sends reads looks"])
def test_fork_while_other_threads_make_the_first_call(works: str) -> None:
    with Server(lambda *_: http(OK)) as server:
        script(FORK_DURING_THE_FIRST_CALL, server.url, works)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_fork_waits_for_a_validation() -> None:
    script(FORK_DURING_A_VALIDATION)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_fork_between_calls_of_an_event_loop(echo: Server) -> None:
    script(FORK_BETWEEN_CALLS_OF_AN_EVENT_LOOP, echo.url)
    assert len(echo.requests) == 4 * 60
    # The child opened its own; the parent went on with those that it had.
    assert echo.connections <= 40


def test_event_loops_in_turn(echo: Server) -> None:
    script(TWO_EVENT_LOOPS, echo.url)
    assert echo.connections == 2
    assert len(echo.requests) == 6


class Counting:
    """A hook that counts how often it was entered and left."""

    def __init__(self) -> None:
        self.entered = self.left = 0
        self.attempts: list[Any] = []

    def __call__(self, attempt: Any) -> Counting:
        self.attempts.append(attempt)
        return self

    def __enter__(self) -> None:
        self.entered += 1

    def __exit__(self, *_: object) -> None:
        self.left += 1


def test_cancelled_tasks(signed: list[str]) -> None:
    def answer(request: Received, connection: Any) -> bytes | None:
        if request.json["Number"] == "slow":
            connection.recv(1)
            return None
        return echoed(request, connection)

    hook = Counting()

    async def use() -> None:
        async with AsyncChatClient(1, KEY, base_url=server.url, hooks=[hook]) as client:
            for _ in range(3):
                tasks = [asyncio.create_task(client.call("x/y", {"Number": "slow"})) for _ in range(20)]
                before = len(server.requests)
                while len(server.requests) < before + 20:
                    await asyncio.sleep(0.005)
                for task in tasks:
                    task.cancel()
                results = await asyncio.gather(*tasks, return_exceptions=True)
                assert all(isinstance(result, asyncio.CancelledError) for result in results)
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await client.call("x/y", {"Number": "slow"})
                answers = await asyncio.gather(*(client.call("x/y", {"Number": n}) for n in range(20)))
                assert [one.raw["Echo"] for one in answers] == list(range(20))

    with Server(answer) as server:
        asyncio.run(use())
    assert hook.entered == hook.left == 3 * 41
    given_up = [attempt for attempt in hook.attempts if attempt.outcome is None]
    assert len(given_up) == 3 * 21
    assert all(attempt.seconds is not None for attempt in hook.attempts)
    assert len(signed) == 1


def test_cancelled_between_attempts() -> None:
    hook = Counting()

    async def use() -> None:
        patient = QUICK._replace(first_pause=5.0, longest_pause=5.0)
        async with AsyncChatClient(1, KEY, base_url=server.url, hooks=[hook], retry=patient) as client:
            task = asyncio.create_task(client.call("x/y"))
            while not hook.left:
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    with Server(lambda *_: http({"ErrorCode": 60007})) as server:
        asyncio.run(use())
    assert hook.entered == hook.left == len(server.requests) == 1


def test_closing(kind: str, echo: Server) -> None:
    with user_of(kind, echo) as user:
        other = user.client.as_identifier("other")
        user(lambda _: other.call("x/y", {"Number": 1}))
        user(lambda _: other.close())
        with pytest.raises(ConfigurationError, match="closed"):
            user(lambda _: other.call("x/y", {"Number": 1}))
        user(lambda client: client.call("x/y", {"Number": 2}))
        third = user.client.as_identifier("third")
        user(lambda client: client.close())
        user(lambda client: client.close())
        for closed in (user.client, third, user.client.as_identifier("fourth")):
            with pytest.raises(ConfigurationError, match="closed"):
                user(lambda _, closed=closed: closed.call("x/y", {"Number": 3}))
            with pytest.raises(ConfigurationError, match="closed"):
                user(lambda _, closed=closed: closed.accounts.import_accounts_many(accounts=["bob"]))
    assert echo.connections == 1


def test_closed_before_its_first_call(kind: str, echo: Server) -> None:
    with user_of(kind, echo) as user:
        user(lambda client: client.close())
        with pytest.raises(ConfigurationError, match="closed"):
            user(lambda client: client.call("x/y"))
    assert not echo.connections


@pytest.mark.filterwarnings("error", "ignore:unclosed <socket.socket:ResourceWarning")
def test_closed_during_a_pause(kind: str) -> None:
    """The call ends as its last attempt did; no connection is opened by a closed client."""
    patient = QUICK._replace(first_pause=0.3, longest_pause=0.3)
    hook = Counting()
    caught: list[tencent_chat.ChatError] = []

    def call_in_a_thread(client: ChatClient) -> None:
        try:
            client.call("x/y")
        except tencent_chat.ChatError as error:
            caught.append(error)

    async def call_in_a_task(client: AsyncChatClient) -> None:
        task = asyncio.create_task(client.call("x/y"))
        while not hook.left:
            await asyncio.sleep(0.005)
        await client.close()
        try:
            await task
        except tencent_chat.ChatError as error:
            caught.append(error)

    with (
        Server(lambda *_: http({"ErrorCode": 60007})) as server,
        user_of(kind, server, retry=patient, hooks=[hook]) as user,
    ):
        if kind == "async":
            user(call_in_a_task)
        else:
            thread = threading.Thread(target=call_in_a_thread, args=(user.client,))
            thread.start()
            while not hook.left:
                time.sleep(0.005)
            user.client.close()
            thread.join()
    [error] = caught
    assert isinstance(error, tencent_chat.ChatAPIError)
    assert [attempt.pause for attempt in error.attempts] == [None]
    assert len(server.requests) == server.connections == 1


@pytest.fixture
def fine() -> Iterator[Server]:
    """A server that does not look at requests, of which a closing client may send a part only."""
    with Server(lambda *_: http(OK)) as server:
        yield server


Outcomes = list[object]


def check_closed(outcomes: Outcomes) -> None:
    """Raise AssertionError unless calls ended well or as errors that say what became of them."""
    for outcome in outcomes:
        if isinstance(outcome, TransportError):
            # Otherwise the client would have been at fault, which is said in another way.
            assert outcome.outcome == "unknown"
        elif isinstance(outcome, ConfigurationError):
            assert "closed" in str(outcome)
            assert outcome.__context__ is None
        else:
            assert isinstance(outcome, tencent_chat.Response), repr(outcome)


@pytest.mark.filterwarnings("error", "ignore:unclosed <socket.socket:ResourceWarning")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("warm", [False, True])
def test_closed_while_calls_begin(host: str, warm: bool, fine: Server) -> None:
    """At any turn of the event loop."""
    url = fine.url.replace("127.0.0.1", host)

    async def use(turns: int) -> Outcomes:
        client = AsyncChatClient(1, KEY, base_url=url, retry=QUICK)
        if warm:
            await client.call("x/y", {"Number": 1})
        tasks = [asyncio.create_task(client.call("x/y", {"Number": n})) for n in range(3)]
        for _ in range(turns):
            await asyncio.sleep(0)
        await client.close()
        return await asyncio.gather(*tasks, return_exceptions=True)

    outcomes = [outcome for turns in range(40) for outcome in asyncio.run(use(turns))]
    check_closed(outcomes)
    assert any(isinstance(outcome, ConfigurationError) for outcome in outcomes)


@pytest.mark.filterwarnings("error", "ignore:unclosed <socket.socket:ResourceWarning")
@pytest.mark.parametrize("limit", [1, 100])
def test_session_that_is_closed_while_calls_begin(limit: int, fine: Server) -> None:
    async def use(turns: int) -> Outcomes:
        session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=limit))
        transport = AsyncHTTPTransport(session)
        async with AsyncChatClient(1, KEY, base_url=fine.url, retry=QUICK, transport=transport) as client:
            tasks = [asyncio.create_task(client.call("x/y", {"Number": n})) for n in range(3)]
            for _ in range(turns):
                await asyncio.sleep(0)
            await session.close()
            try:
                return await asyncio.gather(*tasks, return_exceptions=True)
            finally:
                with pytest.raises(ConfigurationError, match="handed in is closed"):
                    await client.call("x/y")

    for turns in range(40):
        for outcome in asyncio.run(use(turns)):
            assert isinstance(outcome, TransportError | ConfigurationError | tencent_chat.Response), repr(outcome)


def test_session_of_another_event_loop(fine: Server) -> None:
    async def session_of() -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    async def call(session: aiohttp.ClientSession) -> None:
        client = AsyncChatClient(1, KEY, base_url=fine.url, transport=AsyncHTTPTransport(session))
        with pytest.raises(ConfigurationError, match="another event loop") as caught:
            await client.call("x/y")
        assert caught.value.__context__ is None

    with asyncio.Runner() as runner:
        session = runner.run(session_of())
        asyncio.run(call(session))
        runner.run(session.close())


def test_cancelled_while_the_client_closes(fine: Server) -> None:
    """Whoever cancels a call hears of that, not of the closing."""

    async def use(turns: int) -> None:
        client = AsyncChatClient(1, KEY, base_url=fine.url, retry=QUICK)
        task = asyncio.create_task(client.call("x/y", {"Number": 1}))
        for _ in range(turns):
            await asyncio.sleep(0)
        in_time = task.cancel()
        await client.close()
        with pytest.raises(asyncio.CancelledError) if in_time else nullcontext():
            await task
        cancelled.append(in_time)

    cancelled: list[bool] = []
    for turns in range(12):
        asyncio.run(use(turns))
    assert sum(cancelled) >= 5


def test_call_that_is_given_up_in_another_context(fine: Server) -> None:
    """As are those of an event loop that ended, when they are collected as garbage."""

    async def use() -> None:
        async with AsyncChatClient(1, KEY, base_url=fine.url) as client:
            call = client.call("x/y", {"Number": 1})
            context = contextvars.copy_context()
            # Up to its waiting for the connection.
            context.run(call.send, None)
            call.close()
            await client.call("x/y", {"Number": 2})

    asyncio.run(use())


@pytest.mark.filterwarnings("error", "ignore:unclosed <socket.socket:ResourceWarning")
def test_closed_while_threads_call(fine: Server) -> None:
    def work(client: ChatClient, number: int) -> object:
        try:
            return client.call("x/y", {"Number": number})
        except tencent_chat.ChatError as error:
            return error

    for delay in range(12):
        client = ChatClient(1, KEY, base_url=fine.url, retry=QUICK)
        with ThreadPoolExecutor(8) as pool:
            futures = [pool.submit(work, client, number) for number in range(40)]
            time.sleep(delay / 1000)
            client.close()
            check_closed([future.result() for future in futures])


def test_session_that_is_closed_can_still_be_used(fine: Server) -> None:
    """As its own calls can: requests opens it again."""
    with (
        requests.Session() as session,
        ChatClient(1, KEY, base_url=fine.url, transport=HTTPTransport(session)) as client,
    ):
        for number in range(3):
            client.call("x/y", {"Number": number})
            session.close()
    assert len(fine.requests) == 3


def test_what_an_earlier_attempt_may_have_done_is_not_forgotten() -> None:
    """The first attempt was sent, the client closed before the second one."""

    async def use() -> TransportError:
        session = aiohttp.ClientSession()
        patient = QUICK._replace(first_pause=0.2, longest_pause=0.2)
        hook = Counting()
        transport = AsyncHTTPTransport(session)
        client = AsyncChatClient(1, KEY, base_url=server.url, retry=patient, hooks=[hook], transport=transport)
        task = asyncio.create_task(client.groups.list_all())
        while not hook.left:
            await asyncio.sleep(0.005)
        await session.close()
        with pytest.raises(TransportError) as caught:
            await task
        return caught.value

    def answer(_request: Received, connection: Any) -> None:
        connection.shutdown(socket.SHUT_RDWR)

    with Server(answer) as server:
        error = asyncio.run(use())
    assert error.outcome == "unknown"
    assert [attempt.outcome for attempt in error.attempts] == ["unknown", None]


@pytest.mark.filterwarnings("error", "ignore:unclosed <socket.socket:ResourceWarning")
def test_closed_during_calls() -> None:
    """Whatever comes of them, they end, and as errors of this package."""

    def answer(_request: Received, _connection: object) -> bytes:
        time.sleep(0.2)
        return http(OK)

    async def use() -> list[Any]:
        client = AsyncChatClient(1, KEY, base_url=server.url, retry=QUICK)
        tasks = [asyncio.create_task(client.call("x/y")) for _ in range(20)]
        while not server.requests:
            await asyncio.sleep(0.005)
        await client.close()
        return await asyncio.gather(*tasks, return_exceptions=True)

    with Server(answer) as server:
        for result in asyncio.run(use()):
            assert result is None or isinstance(result, TransportError | ConfigurationError), result
