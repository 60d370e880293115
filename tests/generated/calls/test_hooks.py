"""Hooks around attempts, and the log of attempts."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pytest

from generated.clients import KEY, QUICK, user_of
from generated.loopback import OK, Received, Server, http, in_turn, reset, unused_port
from tencent_chat import AsyncChatClient, ChatAPIError, ConfigurationError, TransportError

LOGGER = "tencent_chat"
BUSY = http({"ActionStatus": "FAIL", "ErrorCode": 60007, "RequestId": "r-7"})
FINE = http({**OK, "RequestId": "r-8"})


def resets(_request: Received, connection: Any) -> None:
    reset(connection)


class Recording:
    """Hooks that write down what happens, by name."""

    def __init__(self) -> None:
        self.events: list[tuple[Any, ...]] = []

    def hook(self, name: str) -> Any:
        @contextmanager
        def around(attempt: Any) -> Iterator[None]:
            assert (attempt.outcome, attempt.seconds, attempt.code, attempt.pause) == (None, None, None, None)
            self.events.append((name, "before", attempt.number, attempt.command))
            yield
            assert attempt.seconds > 0
            self.events.append((name, "after", attempt.number, attempt.outcome, attempt.code, attempt.request_id))

        return around


def test_order_and_fields(kind: str) -> None:
    record = Recording()
    with (
        Server(in_turn(BUSY, FINE)) as server,
        user_of(kind, server, hooks=[record.hook("a"), record.hook("b")]) as user,
    ):
        user(lambda client: client.call("x/y"))
    assert record.events == [
        ("a", "before", 1, "x/y"),
        ("b", "before", 1, "x/y"),
        ("b", "after", 1, "refused", 60007, "r-7"),
        ("a", "after", 1, "refused", 60007, "r-7"),
        ("a", "before", 2, "x/y"),
        ("b", "before", 2, "x/y"),
        ("b", "after", 2, "done", 0, "r-8"),
        ("a", "after", 2, "done", 0, "r-8"),
    ]


def test_pause_is_known_when_a_hook_is_left(kind: str) -> None:
    pauses: list[float | None] = []

    @contextmanager
    def hook(attempt: Any) -> Iterator[None]:
        yield
        pauses.append(attempt.pause)

    with Server(in_turn(BUSY)) as server, user_of(kind, server, hooks=[hook]) as user:
        user(lambda client: client.call("x/y"))
    assert pauses[0] is not None
    assert pauses[1] is None


def test_hooks_see_what_failed(kind: str) -> None:
    seen: list[Any] = []

    @contextmanager
    def hook(attempt: Any) -> Iterator[None]:
        yield
        seen.append(attempt)

    with Server(in_turn(resets, http(b"<html>", 502))) as server, user_of(kind, server, hooks=[hook]) as user:
        user(lambda client: client.groups.list_all())
    with (
        user_of(kind, f"http://127.0.0.1:{unused_port()}", hooks=[hook], retry=False) as user,
        pytest.raises(TransportError) as caught,
    ):
        user(lambda client: client.call("x/y"))
    assert [attempt.outcome for attempt in seen] == ["unknown", "unknown", "done", "not_sent"]
    assert [attempt.http_status for attempt in seen] == [None, 502, 200, None]
    assert all(attempt.reason for attempt in seen if attempt.outcome != "done")
    assert caught.value.attempts == (seen[-1],)


class Failing:
    """A hook that fails in one of the places where it can."""

    def __init__(self, where: str) -> None:
        self.where = where

    def fail(self, where: str) -> None:
        if where == self.where:
            raise ZeroDivisionError(where)

    def __call__(self, _attempt: object) -> Failing:
        self.fail("call")
        return self

    def __enter__(self) -> None:
        self.fail("enter")

    def __exit__(self, *_: object) -> bool:
        self.fail("exit")
        return True


@pytest.mark.parametrize("where", ["call", "enter", "exit"])
def test_failing_hook_is_logged_and_harmless(kind: str, where: str, caplog: pytest.LogCaptureFixture) -> None:
    record = Recording()
    hooks = [record.hook("a"), Failing(where), record.hook("b")]
    with Server(in_turn(BUSY)) as server, user_of(kind, server, hooks=hooks) as user:
        assert user(lambda client: client.call("x/y")).error_code == 0
    assert len(server.requests) == 2
    assert [event[:3] for event in record.events] == [
        (name, when, number)
        for number in (1, 2)
        for name, when in zip("abba", ["before", "before", "after", "after"], strict=True)
    ]
    failures = [entry for entry in caplog.records if entry.exc_info]
    assert [entry.levelname for entry in failures] == ["ERROR"] * 2
    assert all(entry.exc_info[0] is ZeroDivisionError and "x/y" in entry.getMessage() for entry in failures)


def test_something_that_is_no_context_manager(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    with Server(in_turn()) as server, user_of(kind, server, hooks=[lambda _: None]) as user:
        user(lambda client: client.call("x/y"))
    assert "a hook failed before an attempt of x/y" in caplog.text


def test_interrupt_in_a_hook_leaves_those_that_were_entered(kind: str) -> None:
    class Interrupt:
        def __init__(self, _attempt: object) -> None:
            raise KeyboardInterrupt

    record = Recording()
    with (
        Server(in_turn()) as server,
        user_of(kind, server, hooks=[record.hook("a"), Interrupt]) as user,
        pytest.raises(KeyboardInterrupt),
    ):
        user(lambda client: client.call("x/y"))
    assert [event[:2] for event in record.events] == [("a", "before"), ("a", "after")]
    assert not server.requests


def test_transport_that_fails_in_its_own_way_leaves_the_hooks(kind: str) -> None:
    class Broken:
        def send(self, _request: object) -> Any:
            raise LookupError

    record = Recording()
    with (
        user_of(kind, None, region="china", transport=Broken(), hooks=[record.hook("a")]) as user,
        pytest.raises(LookupError),
    ):
        user(lambda client: client.call("x/y"))
    assert [event[:4] for event in record.events] == [("a", "before", 1, "x/y"), ("a", "after", 1, None)]


def test_no_attempt_no_hook(kind: str) -> None:
    record = Recording()
    with user_of(kind, "http://127.0.0.1:1", usersig="given", hooks=[record.hook("a")]) as user:
        with pytest.raises(ConfigurationError, match="usersig"):
            user(lambda client: client.call("x/y", identifier="other"))
        with pytest.raises(Exception, match="was not sent"):
            user(lambda client: client.groups.create(type="Public", name="n" * 31))
    assert not record.events


current: ContextVar[str] = ContextVar("current", default="outside")


@contextmanager
def traced(attempt: Any) -> Iterator[None]:
    """As a tracing library does it: the attempt's span is the current one while it lasts."""
    token = current.set(f"{current.get()}>{attempt.command}#{attempt.number}")
    try:
        yield
    finally:
        current.reset(token)


def test_context_variables(kind: str) -> None:
    seen: list[str] = []

    @contextmanager
    def inner(_attempt: object) -> Iterator[None]:
        seen.append(current.get())
        yield
        seen.append(current.get())

    with Server(in_turn(BUSY)) as server, user_of(kind, server, hooks=[traced, inner]) as user:
        user(lambda client: client.call("x/y"))
    assert seen == ["outside>x/y#1"] * 2 + ["outside>x/y#2"] * 2
    assert current.get() == "outside"


def test_context_variables_of_tasks_stay_apart() -> None:
    async def work(client: AsyncChatClient, number: int) -> None:
        current.set(f"task {number}")
        await client.call(f"x/y{number}")
        assert current.get() == f"task {number}"

    seen: list[tuple[str, str]] = []

    @contextmanager
    def inner(attempt: Any) -> Iterator[None]:
        yield
        seen.append((attempt.command, current.get()))

    async def all_of_them() -> None:
        async with AsyncChatClient(1, KEY, base_url=server.url, retry=QUICK, hooks=[traced, inner]) as client:
            await asyncio.gather(*(work(client, number) for number in range(50)))

    with Server(in_turn(*[BUSY] * 10)) as server:
        asyncio.run(all_of_them())
    assert len(seen) == 60
    assert all(re.fullmatch(rf"task {path[3:]}>{path}#[123]", value) for path, value in seen)


LINE = re.compile(r"(\S+) (\w+) code=(\S+) (\d+\.\d) ms attempt=(\d) request_id=(\S+?)(: .+)?")


def test_log_has_a_line_for_every_attempt(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, LOGGER)
    with Server(in_turn(BUSY, http(b"", 502), FINE)) as server, user_of(kind, server) as user:
        user(lambda client: client.groups.list_all())
    entries = [entry for entry in caplog.records if entry.name == LOGGER]
    found = [LINE.fullmatch(entry.getMessage()) for entry in entries]
    assert all(found)
    parts = [(entry.levelname, *match.groups()) for entry, match in zip(entries, found, strict=True) if match]
    path = "group_open_http_svc/get_appid_group_list"
    assert [(part[0], *part[1:4], *part[5:7]) for part in parts] == [
        ("WARNING", path, "refused", "60007", "1", "r-7"),
        ("WARNING", path, "unknown", "-", "2", "-"),
        ("INFO", path, "done", "0", "3", "r-8"),
    ]
    assert [bool(part[7] and re.search(r"; again in 0\.0\d s$", part[7])) for part in parts] == [True, True, False]
    assert parts[2][7] is None


def test_log_of_a_call_that_failed(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    with (
        user_of(kind, f"http://127.0.0.1:{unused_port()}", retry=False) as user,
        pytest.raises(TransportError),
    ):
        user(lambda client: client.call("x/y"))
    [entry] = caplog.records
    assert re.fullmatch(r"x/y not_sent code=- .* attempt=1 request_id=-: Connection refused", entry.getMessage())


@pytest.mark.parametrize(("level", "lines"), [(logging.INFO, 2), (logging.WARNING, 1), (logging.ERROR, 0)])
def test_levels(kind: str, caplog: pytest.LogCaptureFixture, level: int, lines: int) -> None:
    caplog.set_level(level, LOGGER)
    with Server(in_turn(BUSY)) as server, user_of(kind, server) as user:
        user(lambda client: client.call("x/y"))
    assert len([entry for entry in caplog.records if entry.name == LOGGER]) == lines


def test_hooks_are_of_the_client_and_its_twins(kind: str) -> None:
    record = Recording()
    hooks = [record.hook("a")]
    with Server(in_turn()) as server, user_of(kind, server, hooks=hooks) as user:
        hooks.append(record.hook("b"))
        user(lambda client: client.as_identifier("other").call("x/y"))
    assert [event[0] for event in record.events] == ["a", "a"]


def test_code_that_no_version_knows(kind: str) -> None:
    with (
        Server(lambda *_: http({"ErrorCode": 987654})) as server,
        user_of(kind, server) as user,
        pytest.raises(ChatAPIError) as caught,
    ):
        user(lambda client: client.call("x/y"))
    [attempt] = caught.value.attempts
    assert (attempt.outcome, attempt.code) == ("refused", 987654)
