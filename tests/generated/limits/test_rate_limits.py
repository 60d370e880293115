"""The limiter: in threads, tasks and processes, and with a real Redis that fails and comes back."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import multiprocessing
import pickle
import re
import socketserver
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

import pytest

from generated.imports import loaded_by
from generated.leaks import reachable
from generated.loopback import Server
from generated.redis_server import PASSWORD, RedisServer, free_port
from tencent_chat import COMMANDS, ChatError, ConfigurationError, RateLimit, ThrottledError
from tencent_chat._limits import lanes
from tencent_chat.rate_limits import AsyncRateLimiter, RateLimiter

ROOT = Path(__file__).parents[3]
CLIENT = ROOT / "generated" / "client"
APP = 1400000000
COMMAND = "openim/sendmsg"


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    redis_server.client().flushall()
    return redis_server.url


@pytest.fixture(params=["alone", "redis"])
def url(request: pytest.FixtureRequest) -> str | None:
    """Where the limits are kept: in the process, or in Redis."""
    return str(request.getfixturevalue("redis_url")) if request.param == "redis" else None


def admissions(limiter: RateLimiter, count: int) -> list[tuple[float, float]]:
    """Try without a pause until `count` calls may begin; return for each when it was tried and when it was admitted."""
    admitted: list[tuple[float, float]] = []
    while len(admitted) < count:
        before = time.monotonic()
        with suppress(ThrottledError):
            limiter.acquire(APP, COMMAND)
            admitted.append((before, time.monotonic()))
    return admitted


def most_within(seconds: float, admitted: list[tuple[float, float]]) -> int:
    """How many calls certainly began within less than `seconds`, wherever such an interval starts."""
    return max(sum(first <= before and after < first + seconds for before, after in admitted) for first, _ in admitted)


def keeps_pace(start: float, admitted: list[float], calls: int) -> bool:
    """Whether call number k waited for k // `calls` seconds."""
    return all(moment >= start + number // calls for number, moment in enumerate(sorted(admitted)))


def fails(action: Callable[[], object]) -> ChatError:
    with pytest.raises(ChatError) as caught:
        action()
    return caught.value


class TestLimits:
    def test_documented_limits_hold(self) -> None:
        limiter = RateLimiter(max_wait=0)
        for command in ("im_open_login_svc/account_check", COMMAND):
            documented = COMMANDS[command].rate_limit
            assert documented
            start = time.monotonic()
            with pytest.raises(ThrottledError, match=f"the limit is {documented} calls per second"):  # noqa: PT012
                for _ in range(10 * documented):
                    limiter.acquire(APP, command)
            assert time.monotonic() - start < 9

    def test_limits_hold_per_command_and_app(self, url: str | None) -> None:
        limiter = RateLimiter(max_wait=0, overrides={"a/b": RateLimit(1, "day"), "a/c": RateLimit(1, "day")}, redis=url)
        for app, command in ((1, "a/b"), (2, "a/b"), (1, "a/c")):
            limiter.acquire(app, command)
            with pytest.raises(ThrottledError):
                limiter.acquire(app, command)

    def test_without_a_limit_nothing_waits(self) -> None:
        limiter = RateLimiter(max_wait=0, overrides={COMMAND: None})
        (unknown, *_) = [path for path, command in COMMANDS.items() if not command.rate_limits]
        for command in (COMMAND, unknown, "new_service/new_command"):
            for _ in range(1000):
                limiter.acquire(APP, command)

    @pytest.mark.parametrize(("plan", "calls"), [(None, 10), ("Free", 10), ("Standard", 30), ("Advanced", 40)])
    def test_the_plan_decides_and_without_it_the_lowest_limit(self, plan: str | None, calls: int) -> None:
        assert {limit.plan for limit in COMMANDS["timpush/batch"].rate_limits} == {"Free", "Standard", "Advanced"}
        limiter = RateLimiter(max_wait=0, plan=plan)
        error = fails(lambda: [limiter.acquire(APP, "timpush/batch") for _ in range(1000)])
        assert f"the limit is {calls} calls per second (plan {plan or 'Free'})" in str(error)

    def test_a_plan_that_a_command_does_not_name_leaves_its_lowest_limit(self) -> None:
        limiter = RateLimiter(max_wait=0, plan="Standard")
        error = fails(lambda: [limiter.acquire(APP, "stream_msg/send_c2c_stream_msg") for _ in range(1001)])
        assert "1000 calls per day" in str(error)

    def test_limits_for_every_plan_hold_together_with_those_of_the_plan(self, url: str | None) -> None:
        assert len(COMMANDS["timpush/push"].rate_limits) == 4
        limiter = RateLimiter(max_wait=0, plan="Free", redis=url)
        limiter.acquire(APP, "timpush/push")
        error = fails(lambda: limiter.acquire(APP, "timpush/push"))
        assert isinstance(error, ThrottledError)
        assert error.retry_after <= 1
        assert "1 call per second and 10 calls per day (plan Free)" in str(error)

    def test_the_longer_of_two_limits_holds_too(self, url: str | None) -> None:
        limits = [RateLimit(3, "day"), RateLimit(100, "second")]
        limiter = RateLimiter(max_wait=30, overrides={"a/b": limits}, redis=url)
        for _ in range(3):
            limiter.acquire(APP, "a/b")
        error = fails(lambda: limiter.acquire(APP, "a/b"))
        assert isinstance(error, ThrottledError)
        assert 86000 < error.retry_after <= 86400

    @pytest.mark.parametrize(
        ("settings", "text"),
        [
            ({"max_wait": -1}, "max_wait must be seconds"),
            ({"max_wait": float("nan")}, "max_wait must be seconds"),
            ({"max_wait": True}, "max_wait must be seconds"),
            ({"plan": "Gratis"}, "no limit depends on the plan 'Gratis'; limits do on 'Advanced', 'Free', "),
            ({"overrides": 5}, "overrides must be like"),
            ({"overrides": {"sendmsg": 5}}, "'sendmsg' is no command"),
            ({"overrides": {"openim/sendmsgs": 5}}, "did you mean openim/sendmsg?"),
            ({"overrides": {COMMAND: 0}}, f"the limit of {COMMAND} must be"),
            ({"overrides": {COMMAND: True}}, f"the limit of {COMMAND} must be"),
            ({"overrides": {COMMAND: [RateLimit(0, "day")]}}, f"the limit of {COMMAND} must be"),
            ({"overrides": {COMMAND: "5"}}, f"the limit of {COMMAND} must be"),
            ({"overrides": {COMMAND: RateLimit(5, "week")}}, f"the limit of {COMMAND} must be"),
            ({"redis": ""}, "redis must be a text and not empty"),
            ({"redis": f"http://:{PASSWORD}@host"}, "redis must be a URL like"),
            ({"redis": f"redis://:x@host:{PASSWORD}"}, "redis must be a URL like"),
            ({"redis": f"redis://host?unknown={PASSWORD}"}, "redis must be a URL like"),
        ],
    )
    @pytest.mark.parametrize("limiter_class", [RateLimiter, AsyncRateLimiter])
    def test_settings_that_cannot_work(
        self, limiter_class: type[RateLimiter | AsyncRateLimiter], settings: dict[str, object], text: str
    ) -> None:
        error = fails(lambda: limiter_class(**settings))  # type: ignore[arg-type]
        assert isinstance(error, ConfigurationError)
        assert text in str(error)
        assert PASSWORD not in reachable(error)


class TestThreads:
    def test_no_interval_has_more_calls_than_the_limit(self, url: str | None) -> None:
        limiter = RateLimiter(max_wait=0, overrides={COMMAND: 20}, redis=url)
        with ThreadPoolExecutor(4) as threads:
            parts = [threads.submit(admissions, limiter, 12) for _ in range(4)]
            admitted = [admission for part in parts for admission in part.result()]
        assert most_within(1, admitted) <= 20

    def test_a_window_has_no_border(self, url: str | None) -> None:
        limiter = RateLimiter(max_wait=0, overrides={COMMAND: 20}, redis=url)
        admitted = admissions(limiter, 1)
        # Late in the second that the first call began, and into the next.
        time.sleep(0.7)
        admitted += admissions(limiter, 30)
        assert most_within(1, admitted) <= 20

    def test_threads_wait_for_their_turn_and_do_not_spin(self, url: str | None) -> None:
        limiter = RateLimiter(overrides={COMMAND: 50}, redis=url)
        moments: list[float] = []

        def work() -> None:
            for _ in range(4):
                limiter.acquire(APP, COMMAND)
                moments.append(time.monotonic())

        start, switches = time.monotonic(), getrusage(RUSAGE_SELF).ru_nvcsw
        with ThreadPoolExecutor(30) as threads:
            for result in [threads.submit(work) for _ in range(30)]:
                result.result()
        assert len(moments) == 120
        assert keeps_pace(start, moments, 50)
        assert getrusage(RUSAGE_SELF).ru_nvcsw - switches < 6000

    def test_the_longest_waiting_thread_is_next(self) -> None:
        turn = lanes.Turn()
        order: list[int] = []

        def work(number: int) -> None:
            assert turn.acquire(60)
            order.append(number)
            turn.release()

        turn.acquire(60)
        with ThreadPoolExecutor(20) as threads:
            results: list[Future[None]] = []
            for number in range(20):
                results.append(threads.submit(work, number))
                while len(turn._waiting) < len(results):
                    time.sleep(0.001)
            turn.release()
        assert [result.exception() for result in results] == [None] * 20
        assert order == list(range(20))

    def test_who_may_not_wait_is_told_when_to_come_back(self, url: str | None) -> None:
        limiter = RateLimiter(max_wait=0, overrides={COMMAND: RateLimit(1, "minute")}, redis=url)
        limiter.acquire(APP, COMMAND)
        error = fails(lambda: limiter.acquire(APP, COMMAND))
        for form in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
            assert isinstance(form, ThrottledError)
            assert form.command == COMMAND
            assert 0 < form.retry_after <= 60
            assert str(form).startswith(f"{COMMAND}: not sent, because the limit is 1 call per minute; ")
            assert form.__context__ is None

    def test_a_wait_beyond_the_bound_raises_at_once(self, url: str | None) -> None:
        limiter = RateLimiter(max_wait=30, overrides={COMMAND: RateLimit(1, "minute")}, redis=url)
        limiter.acquire(APP, COMMAND)
        start = time.monotonic()
        assert isinstance(fails(lambda: limiter.acquire(APP, COMMAND)), ThrottledError)
        assert time.monotonic() - start < 15

    def test_the_bound_holds_in_the_queue_too(self, url: str | None) -> None:
        limiter = RateLimiter(max_wait=1.5, overrides={COMMAND: 1}, redis=url)
        with ThreadPoolExecutor(5) as threads:
            results = [threads.submit(limiter.acquire, APP, COMMAND) for _ in range(5)]
        errors = [result.exception() for result in results]
        assert 1 <= errors.count(None) <= 2
        assert all(error is None or isinstance(error, ThrottledError) for error in errors)

    def test_who_gives_up_in_the_queue_lets_the_next_one_on(self) -> None:
        limiter = RateLimiter(max_wait=0.3, overrides={COMMAND: 1})
        patient = RateLimiter(overrides={COMMAND: 1})
        patient._lanes = limiter._lanes
        patient.acquire(APP, COMMAND)
        with ThreadPoolExecutor(4) as threads:
            first = threads.submit(patient.acquire, APP, COMMAND)
            hasty = [threads.submit(limiter.acquire, APP, COMMAND) for _ in range(2)]
            last = threads.submit(patient.acquire, APP, COMMAND)
        assert all(isinstance(result.exception(), ThrottledError) for result in hasty)
        assert first.exception() is last.exception() is None

    def test_works_after_a_fork_while_threads_wait(self, url: str | None) -> None:
        limiter = RateLimiter(overrides={COMMAND: 2}, redis=url)
        with ThreadPoolExecutor(4) as threads:
            waiting = [threads.submit(limiter.acquire, APP, COMMAND) for _ in range(6)]
            child = multiprocessing.get_context("fork").Process(target=limiter.acquire, args=(APP, COMMAND))
            child.start()
            child.join(30)
            assert child.exitcode == 0
            assert [result.exception() for result in waiting] == [None] * 6


class TestTasks:
    def test_tasks_wait_for_their_turn(self, url: str | None) -> None:
        async def main() -> tuple[float, list[float], int]:
            moments: list[float] = []
            ticks = 0

            async def work(limiter: AsyncRateLimiter) -> None:
                await limiter.acquire(APP, COMMAND)
                moments.append(time.monotonic())

            async def tick() -> None:
                nonlocal ticks
                while True:
                    ticks += 1
                    await asyncio.sleep(0.01)

            async with AsyncRateLimiter(overrides={COMMAND: 50}, redis=url) as limiter:
                start = time.monotonic()
                ticking = asyncio.create_task(tick())
                await asyncio.gather(*(work(limiter) for _ in range(120)))
                ticking.cancel()
            return start, moments, ticks

        start, moments, ticks = asyncio.run(main())
        assert len(moments) == 120
        assert keeps_pace(start, moments, 50)
        assert ticks > 20

    def test_errors_are_those_of_threads(self, url: str | None) -> None:
        async def main(max_wait: float) -> None:
            limit = RateLimit(1, "minute")
            async with AsyncRateLimiter(
                max_wait=max_wait, overrides={f"a/b{max_wait:.0f}": limit}, redis=url
            ) as limiter:
                for _ in range(2):
                    await limiter.acquire(APP, f"a/b{max_wait:.0f}")

        for max_wait in (0, 30):
            error = fails(lambda: asyncio.run(main(max_wait)))  # noqa: B023
            assert isinstance(error, ThrottledError)
            assert 0 < error.retry_after <= 60

    def test_the_bound_holds_in_the_queue_too(self) -> None:
        async def main() -> list[BaseException | None]:
            limiter = AsyncRateLimiter(max_wait=1.5, overrides={COMMAND: 1})
            return await asyncio.gather(*(limiter.acquire(APP, COMMAND) for _ in range(5)), return_exceptions=True)

        errors = asyncio.run(main())
        assert 1 <= errors.count(None) <= 2
        assert all(error is None or isinstance(error, ThrottledError) for error in errors)
        assert all(error is None or error.__context__ is None for error in errors)

    def test_cancelled_tasks_leave_nothing_behind(self, redis_server: RedisServer, url: str | None) -> None:
        async def main() -> int:
            """Return how many tasks were cancelled."""
            async with AsyncRateLimiter(overrides={COMMAND: 5}, redis=url) as limiter:
                tasks = [asyncio.create_task(limiter.acquire(APP, COMMAND)) for _ in range(10)]
                while sum(task.done() for task in tasks) < 5:
                    await asyncio.sleep(0.01)
                # The first of these sleeps until there is room, the others queue behind it. On a machine that is
                # slow, it may have had its turn.
                cancelled = {number for number in (5, 7, 9) if tasks[number].cancel()}
                done = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 30)
            assert {7, 9} <= cancelled
            assert [isinstance(result, asyncio.CancelledError) for result in done] == [
                number in cancelled for number in range(10)
            ]
            return len(cancelled)

        if url is None:
            asyncio.run(main())
            return
        with redis_server.client() as client, client.monitor() as monitor:
            cancelled = asyncio.run(main())
            client.ping()
            pushed = 0
            for event in monitor.listen():
                if event["command"] == "PING":
                    break
                pushed += event["command"].lower().startswith("lpush")
        assert pushed == 10 - cancelled

    def test_works_in_one_event_loop_after_the_other(self, url: str | None) -> None:
        limiter = AsyncRateLimiter(overrides={COMMAND: 20}, redis=url)

        async def main() -> None:
            await asyncio.gather(*(limiter.acquire(APP, COMMAND) for _ in range(22)))
            await limiter.close()

        start = time.monotonic()
        asyncio.run(main())
        asyncio.run(main())
        assert time.monotonic() - start >= 2

    def test_works_in_event_loops_side_by_side(self, url: str | None) -> None:
        limiter = AsyncRateLimiter(overrides={COMMAND: 20}, redis=url)
        moments: list[float] = []

        async def work() -> None:
            await limiter.acquire(APP, COMMAND)
            moments.append(time.monotonic())

        async def main() -> None:
            await asyncio.gather(*(work() for _ in range(15)))
            await limiter.close()

        start = time.monotonic()
        with ThreadPoolExecutor(3) as threads:
            for result in [threads.submit(lambda: asyncio.run(main())) for _ in range(3)]:
                result.result()
        assert keeps_pace(start, moments, 20)


NONSENSE: dict[str, list[bytes]] = {
    "large integer": [b":99999999999999999999\r\n"],
    "integer with too many digits": [b":" + b"9" * 5000 + b"\r\n"],
    "negative length": [b"$-5\r\n"],
    "unknown type": [b"\0\xff\r\n"],
    "text": [b"+four\r\n"],
    "list without an end": [b"*1000000000\r\n"],
    "a byte now and then": [b"x"] * 100,
}


class NonsenseServer(socketserver.ThreadingTCPServer):
    """Answers whatever it is asked with the same pieces, half a second apart."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], pieces: list[bytes]) -> None:
        super().__init__(address, NonsenseHandler)
        self.pieces = pieces


class NonsenseHandler(socketserver.BaseRequestHandler):
    server: NonsenseServer

    def handle(self) -> None:
        with suppress(OSError):
            while asked := self.request.recv(65536):
                for _ in range(max(asked.count(b"\r\n*"), 0) + 1):
                    for number, piece in enumerate(self.server.pieces):
                        time.sleep(0.5 if number else 0)
                        self.request.sendall(piece)


class TestRedis:
    def test_processes_share_the_limit(self, redis_url: str) -> None:
        program = (
            "import json, sys\n"
            "from generated.limits.test_rate_limits import *\n"
            "limiter = RateLimiter(max_wait=0, overrides={COMMAND: 20}, redis=sys.stdin.read())\n"
            "print(json.dumps(admissions(limiter, 25)))"
        )
        environment = {"PYTHONPATH": f"{CLIENT}:{ROOT / 'tests'}:{ROOT / 'generator'}", "PATH": ""}
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", program],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
            )
            for _ in range(2)
        ]  # fmt: skip
        for process in processes:
            assert process.stdin is not None
            process.stdin.write(redis_url)
            process.stdin.close()
        admitted: list[tuple[float, float]] = []
        for process in processes:
            assert process.stdout is not None
            admitted += json.load(process.stdout)
            process.stdout.close()
            assert process.wait() == 0
        assert len(admitted) == 50
        assert most_within(1, admitted) <= 20

    def test_threads_and_tasks_share_the_limit(self, redis_url: str) -> None:
        settings = {"max_wait": 0, "overrides": {COMMAND: RateLimit(2, "day")}, "redis": redis_url}

        async def main() -> None:
            async with AsyncRateLimiter(**settings) as limiter:  # type: ignore[arg-type]
                await limiter.acquire(APP, COMMAND)

        with RateLimiter(**settings) as limiter:  # type: ignore[arg-type]
            limiter.acquire(APP, COMMAND)
            asyncio.run(main())
            for action in (partial(limiter.acquire, APP, COMMAND), lambda: asyncio.run(main())):
                assert isinstance(fails(action), ThrottledError)

    def test_redis_stops_and_comes_back(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lanes, "_PAUSE", 0.05)
        limit = RateLimit(4, "day")
        with RedisServer() as server:
            limiter = RateLimiter(max_wait=0, overrides={COMMAND: limit, "a/b": limit}, redis=server.url)
            limiter.acquire(APP, COMMAND)
            server.stop()
            # What this process has sent counts on.
            for _ in range(3):
                limiter.acquire(APP, COMMAND)
                time.sleep(0.06)
            assert isinstance(fails(lambda: limiter.acquire(APP, COMMAND)), ThrottledError)
            assert len(caplog.records) == 1
            assert "Redis fails (ConnectionError)" in caplog.text
            assert server.start()
            time.sleep(0.06)
            limiter.acquire(APP, "a/b")
            assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
            assert "Redis is back" in caplog.text
            assert len(server.client().keys("tencent_chat:*a/b*")) == 1

    def test_tasks_go_on_without_redis(self, caplog: pytest.LogCaptureFixture) -> None:
        async def main() -> list[None]:
            url = f"redis://127.0.0.1:{free_port()}"
            async with AsyncRateLimiter(overrides={COMMAND: 20}, redis=url) as limiter:
                return await asyncio.gather(*(limiter.acquire(APP, COMMAND) for _ in range(25)))

        start = time.monotonic()
        assert len(asyncio.run(main())) == 25
        assert time.monotonic() - start >= 1
        assert len([record for record in caplog.records if record.name == "tencent_chat"]) == 1

    @pytest.mark.parametrize("in_tasks", [False, True])
    def test_calls_do_not_queue_for_a_redis_that_hangs(self, in_tasks: bool) -> None:
        commands = [f"a/b{number}" for number in range(5)]
        overrides = dict.fromkeys(commands, 20)
        with Server(lambda _request, _connection: b"", meet=lambda _: time.sleep(2) is not None) as hanging:
            url = f"redis://127.0.0.1:{hanging.port}?max_connections=1&socket_timeout=0.6"

            async def tasks() -> None:
                async with AsyncRateLimiter(overrides=overrides, redis=url) as limiter:
                    await asyncio.gather(*(limiter.acquire(APP, command) for command in commands))

            if in_tasks:
                asyncio.run(tasks())
            else:
                with RateLimiter(overrides=overrides, redis=url) as limiter, ThreadPoolExecutor() as pool:
                    list(pool.map(partial(limiter.acquire, APP), commands))
        # The first call tries twice; the others give up before it is their turn.
        assert hanging.connections == 2

    @pytest.mark.parametrize("in_tasks", [False, True])
    @pytest.mark.parametrize("said", list(NONSENSE))
    def test_nonsense_counts_as_a_failure(self, said: str, in_tasks: bool, caplog: pytest.LogCaptureFixture) -> None:
        with NonsenseServer(("127.0.0.1", 0), NONSENSE[said]) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
            thread.start()
            url = f"redis://127.0.0.1:{server.server_address[1]}"
            settings: dict[str, Any] = {"overrides": {COMMAND: 20}, "redis": url, "max_wait": 3}

            async def tasks() -> None:
                async with AsyncRateLimiter(**settings) as limiter:
                    for _ in range(3):
                        await limiter.acquire(APP, COMMAND)

            start = time.monotonic()
            if in_tasks:
                asyncio.run(tasks())
            else:
                with RateLimiter(**settings) as limiter:
                    for _ in range(3):
                        limiter.acquire(APP, COMMAND)
            assert time.monotonic() - start < 8
            server.shutdown()
        told = len([record for record in caplog.records if record.name == "tencent_chat"])
        # The library for tasks takes these for an answer.
        assert told == 1 or (told == 0 and said in ("large integer", "text"))

    @pytest.mark.parametrize("password", [PASSWORD, "another-" + PASSWORD], ids=["right", "wrong"])
    def test_nothing_shows_the_password(
        self, redis_server: RedisServer, password: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(0)
        for name in ("redis", "limits", "asyncio"):
            logging.getLogger(name).setLevel(0)
        settings = {
            "max_wait": 0,
            "overrides": {COMMAND: RateLimit(1, "day")},
            "redis": redis_server.url.replace(PASSWORD, password),
        }
        redis_server.client().flushall()
        limiter = RateLimiter(**settings)  # type: ignore[arg-type]
        limiter.acquire(APP, COMMAND)
        errors = [fails(lambda: limiter.acquire(APP, COMMAND))]
        tasks_limiter = AsyncRateLimiter(**settings)  # type: ignore[arg-type]

        async def main() -> None:
            async with tasks_limiter:
                for _ in range(2):
                    await tasks_limiter.acquire(APP, COMMAND)

        errors.append(fails(lambda: asyncio.run(main())))
        shown = ""
        for thing in (limiter, tasks_limiter):
            with pytest.raises(TypeError):
                pickle.dumps(thing)
            shown += repr(thing) + repr(vars(thing))
        assert limiter._redis is not None
        shown += repr(vars(limiter._redis)) + repr(vars(limiter._redis._pool))
        shown += "".join(map(reachable, errors)) + caplog.text
        assert COMMAND in shown
        assert PASSWORD not in shown
        assert ("AuthenticationError" in caplog.text) == (password != PASSWORD)

    def test_without_the_extra(self) -> None:
        extras = tomllib.loads((CLIENT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert {re.split("[<>=]", name)[0] for name in extras["optional-dependencies"]["redis"]} == {"limits", "redis"}
        for missing in ("limits", "redis"):
            program = (
                f"import sys; sys.modules[{missing!r}] = None\n"
                "from tencent_chat import ConfigurationError, rate_limits\n"
                "rate_limits.RateLimiter().acquire(1, 'openim/sendmsg')\n"
                "for limiter in (rate_limits.RateLimiter, rate_limits.AsyncRateLimiter):\n"
                "    try: limiter(redis='redis://localhost')\n"
                "    except ConfigurationError as error: print(error, error.__context__)"
            )
            command = [sys.executable, "-c", program]
            output = subprocess.run(command, cwd=CLIENT, capture_output=True, text=True, check=True).stdout
            text = f"rate limits through Redis need {missing}: pip install {missing} None"
            assert output.splitlines() == [text, text]


def test_what_is_not_needed_is_not_loaded() -> None:
    loaded = loaded_by(
        "from tencent_chat.rate_limits import AsyncRateLimiter, RateLimiter\n"
        "AsyncRateLimiter(); RateLimiter().acquire(1, 'openim/sendmsg')"
    )
    assert not {"limits", "redis", "asyncio", "logging", "pydantic", "requests", "ssl"} & loaded


def test_the_snippets_of_the_guide_run(redis_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    guide = (ROOT / "generated" / "docs" / "guides" / "rate-limits.md").read_text(encoding="utf-8")
    snippets = re.findall(r"```python\n(.*?)```", guide, flags=re.DOTALL)
    assert len(snippets) == 5
    for snippet in snippets:
        exec(snippet.replace("redis://:password@127.0.0.1:6379/0", redis_url), {})
    assert capsys.readouterr().out.splitlines() == ["0 sent", "1 sent", "2 later: openim/sendmsg True"]
