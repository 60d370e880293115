"""What is sent again after which failure: counted by the servers."""

from __future__ import annotations

import asyncio
import pickle
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter

from generated.clients import QUICK, User, user_of
from generated.loopback import OK, Answer, Received, Server, http, in_turn, reset, unused_port
from tencent_chat import (
    COMMANDS,
    ChatAPIError,
    ChatClient,
    ChatError,
    ConfigurationError,
    HTTPTransport,
    Region,
    RequestError,
    ResponseError,
    Retry,
    TransportError,
)
from tencent_chat import Received as Reception
from tencent_chat._calls.preparing import prepare
from tencent_chat._support.settings import CallOptions
from tencent_chat.retries import pause_after

MESSAGE: list[dict[str, object]] = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}]

Action = Callable[[Any], Any]
COMMANDS_OF: dict[str, Action] = {
    "safe": lambda client: client.groups.list_all(),
    "deduplicated": lambda client: client.messages.send(to_account="bob", msg_body=MESSAGE),
    "unsafe": lambda client: client.groups.create(type="Public", name="n"),
    "not in the spec": lambda client: client.call("foo/bar", {"a": 1}),
}

every_command = pytest.mark.parametrize("command", list(COMMANDS_OF))


def fails(user: User, action: Action) -> ChatError:
    with pytest.raises(ChatError) as caught:
        user(action)
    assert caught.value.__context__ is None
    return caught.value


def sent_alike(requests: list[Received]) -> None:
    """Assert that all are the same request, each with a `random` of its own."""
    assert len({request.body for request in requests}) <= 1
    assert len({request.query["random"] for request in requests}) == len(requests)


def resets(_request: Received, connection: socket.socket) -> None:
    reset(connection)


def closes(_request: Received, connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def is_slow(_request: Received, connection: socket.socket) -> None:
    connection.recv(1)


def is_slow_in_the_middle(_request: Received, connection: socket.socket) -> None:
    connection.sendall(http(b'{"ErrorCode": 0', length=99))
    connection.recv(1)


def half_by_length(_request: Received, connection: socket.socket) -> None:
    connection.sendall(http(b'{"ErrorCode": 0', length=99))
    connection.shutdown(socket.SHUT_RDWR)


def half_by_chunks(_request: Received, connection: socket.socket) -> None:
    connection.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"Err\r\n')
    connection.shutdown(socket.SHUT_RDWR)


def code(number: int, headers: str = "") -> bytes:
    return http({"ActionStatus": "FAIL", "ErrorCode": number, "ErrorInfo": "why"}, headers=headers)


UNKNOWN: dict[str, tuple[bytes | Answer, type[ChatError]]] = {
    "reset": (resets, TransportError),
    "closed": (closes, TransportError),
    "slow": (is_slow, TransportError),
    "slow in the middle": (is_slow_in_the_middle, TransportError),
    "half by length": (half_by_length, ResponseError),
    "half by chunks": (half_by_chunks, ResponseError),
    "502": (http(b"<h1>Bad Gateway</h1>", 502), ResponseError),
    "503": (http(b"", 503), ResponseError),
    "502 with a success": (http(OK, 502), ResponseError),
    "redirect": (http(b"", 307, headers="Location: /elsewhere\r\n"), ResponseError),
    "page": (http(b"<html>Sign in</html>"), ResponseError),
    "no JSON": (http(b'{"ErrorCode": 0'), ResponseError),
    "no object": (http(b"[0]"), ResponseError),
    "no envelope": (http(b"{}"), ResponseError),
    "server error": (code(60008), ChatAPIError),
}


@every_command
@pytest.mark.parametrize("fault", list(UNKNOWN))
def test_unknown_outcome(kind: str, command: str, fault: str) -> None:
    answer, error_class = UNKNOWN[fault]
    repeated = command in ("safe", "deduplicated")
    timeout = (1.0, 0.5) if "slow" in fault else 10.0
    with Server(in_turn(answer)) as server, user_of(kind, server, timeout=timeout) as user:
        if repeated:
            assert user(COMMANDS_OF[command]).error_code == 0
        else:
            error = fails(user, COMMANDS_OF[command])
            assert isinstance(error, error_class)
            assert len(error.attempts) == 1
            assert getattr(error, "outcome", "unknown") == "unknown"
    assert len(server.requests) == (2 if repeated else 1)
    sent_alike(server.requests)


def resets_unread(connection: socket.socket) -> bool:
    connection.recv(1, socket.MSG_PEEK)
    reset(connection)
    return False


@every_command
def test_reset_before_the_request_was_read(kind: str, command: str) -> None:
    with (
        Server(in_turn(), meet=resets_unread) as server,
        user_of(kind, server) as user,
    ):
        error = fails(user, COMMANDS_OF[command])
    assert isinstance(error, TransportError)
    assert error.outcome == "unknown"
    assert server.connections == (3 if command in ("safe", "deduplicated") else 1)
    assert not server.requests


@every_command
def test_no_connection(kind: str, command: str) -> None:
    with user_of(kind, f"http://127.0.0.1:{unused_port()}") as user:
        error = fails(user, COMMANDS_OF[command])
    assert isinstance(error, TransportError)
    assert error.outcome == "not_sent"
    assert [attempt.outcome for attempt in error.attempts] == ["not_sent"] * 3


@every_command
def test_connection_that_is_made_at_the_second_attempt(kind: str, command: str) -> None:
    port = unused_port()
    seen: list[int] = []

    class Hook:
        def __init__(self, attempt: object) -> None:
            seen.append(attempt.number)  # type: ignore[attr-defined]

        def __enter__(self) -> None:
            if len(seen) == 2:
                server.__enter__()

        def __exit__(self, *_: object) -> None:
            pass

    server = Server(in_turn(), port=port)
    with user_of(kind, f"http://127.0.0.1:{port}", hooks=[Hook]) as user:
        assert user(COMMANDS_OF[command]).error_code == 0
    server.__exit__()
    assert seen == [1, 2]
    assert len(server.requests) == 1


@every_command
@pytest.mark.parametrize("number", [60007, 20028, 60004, 20002, 70001])
def test_codes_after_which_nothing_was_done(kind: str, command: str, number: int) -> None:
    with Server(in_turn(code(number))) as server, user_of(kind, server) as user:
        assert user(COMMANDS_OF[command]).error_code == 0
    assert len(server.requests) == 2
    sent_alike(server.requests)


@every_command
@pytest.mark.parametrize("number", [60002, 10004, 987654])
def test_codes_that_stay(kind: str, command: str, number: int) -> None:
    with Server(in_turn(code(number))) as server, user_of(kind, server) as user:
        error = fails(user, COMMANDS_OF[command])
    assert isinstance(error, ChatAPIError)
    assert error.code == number
    assert len(server.requests) == len(error.attempts) == 1


@pytest.mark.parametrize("number", [60007, 60008])
def test_all_attempts_are_used_up(kind: str, number: int) -> None:
    with Server(lambda *_: code(number)) as server, user_of(kind, server, retry=QUICK._replace(attempts=5)) as user:
        error = fails(user, COMMANDS_OF["safe"])
    assert isinstance(error, ChatAPIError)
    assert len(server.requests) == len(error.attempts) == 5
    sent_alike(server.requests)


def test_usersig_is_made_anew_once(kind: str) -> None:
    with Server(lambda *_: code(70001)) as server, user_of(kind, server, retry=QUICK._replace(attempts=5)) as user:
        error = fails(user, COMMANDS_OF["unsafe"])
    assert isinstance(error, ChatAPIError)
    assert error.code == 70001
    assert len(server.requests) == 2


def test_given_usersig_is_not_made_anew(kind: str) -> None:
    with Server(lambda *_: code(70001)) as server, user_of(kind, server, usersig="given") as user:
        fails(user, COMMANDS_OF["safe"])
    assert len(server.requests) == 1


def test_unsafe_command_is_not_repeated_after_a_doubtful_attempt(kind: str) -> None:
    """The second attempt was refused for sure; the first one may have done it all the same."""
    for answer in (code(60007), code(70001)):
        with Server(in_turn(code(60007), code(60008), answer)) as server, user_of(kind, server) as user:
            error = fails(user, COMMANDS_OF["unsafe"])
        assert isinstance(error, ChatAPIError)
        assert error.code == 60008
        assert len(server.requests) == 2


def test_every_safe_command_of_the_registry_and_no_other(kind: str) -> None:
    """Commands as `call` sends them, with empty bodies."""
    with (
        Server(lambda *_: code(60008)) as server,
        user_of(kind, server, validate=False, retry=Retry(attempts=2, first_pause=0)) as user,
    ):
        for command in COMMANDS.values():
            before = len(server.requests)
            fails(user, lambda client, path=command.path: client.call(path, {}))
            sent = len(server.requests) - before
            without = command.safe_if is not None and not command.safe_if.given
            filled_in = command.safe_if is not None and command.safe_if.field in command.fill
            assert sent == (1 if command.repeat == "unsafe" and not (without or filled_in) else 2), command.path


def dropped_for_a_second(client: Any) -> Any:
    """Send a message that the service tells from others for one second only."""
    body = {"To_Account": "bob", "MsgBody": MESSAGE}
    command = COMMANDS["openim/sendmsg"]
    options = CallOptions(None, None, None, None, None)
    prepared = prepare(client._caller.core, command.path, command, command.response_model, body, options)
    return client._caller.run(prepared._replace(dedupe_window=1))


def test_deduplicated_command_is_not_repeated_after_its_window(kind: str) -> None:
    with Server(in_turn(is_slow)) as server, user_of(kind, server, timeout=(1.0, 0.55)) as user:
        error = fails(user, dropped_for_a_second)
    assert isinstance(error, TransportError)
    assert error.outcome == "unknown"
    assert len(server.requests) == 1


def test_pause_is_shortened_to_the_window(kind: str) -> None:
    patient = Retry(first_pause=30.0, longest_pause=60.0, total=100.0)
    with Server(lambda *_: code(60008)) as server, user_of(kind, server, retry=patient) as user:
        error = fails(user, dropped_for_a_second)
    assert len(server.requests) == len(error.attempts) > 1
    assert server.requests[-1].at - server.requests[0].at < 0.6
    assert [attempt.pause is None for attempt in error.attempts][-1]


@pytest.mark.parametrize(("command", "sent"), [("deduplicated", 1), ("safe", 2)])
def test_rate_limiter_that_holds_a_repetition_back(kind: str, command: str, sent: int) -> None:
    class Slow:
        calls = 0

        def acquire(self, _sdkappid: int, _path: str) -> Any:
            self.calls += 1
            seconds = 1.0 if self.calls == 2 else 0.0
            return time.sleep(seconds) if kind == "sync" else asyncio.sleep(seconds)

    with Server(in_turn(code(60008))) as server, user_of(kind, server, rate_limiter=Slow()) as user:
        if sent == 1:
            error = fails(user, dropped_for_a_second)
            assert isinstance(error, ChatAPIError)
            assert [attempt.pause for attempt in error.attempts] == [None]
        else:
            user(COMMANDS_OF[command])
    assert len(server.requests) == sent


def test_rate_limiter_that_uses_up_the_total(kind: str) -> None:
    class Slow:
        calls = 0

        def acquire(self, _sdkappid: int, _path: str) -> Any:
            self.calls += 1
            seconds = 0.3 if self.calls == 2 else 0.0
            return time.sleep(seconds) if kind == "sync" else asyncio.sleep(seconds)

    with (
        Server(in_turn(code(60008))) as server,
        user_of(kind, server, rate_limiter=Slow(), retry=QUICK._replace(total=0.2)) as user,
    ):
        fails(user, COMMANDS_OF["safe"])
    assert len(server.requests) == 1


def test_refusal_after_an_unknown_attempt_is_unknown(kind: str) -> None:
    def last(_request: Received, connection: socket.socket) -> None:
        server.__exit__()
        reset(connection)

    with Server(last) as server, user_of(kind, server) as user:
        error = fails(user, COMMANDS_OF["safe"])
    assert isinstance(error, TransportError)
    assert [attempt.outcome for attempt in error.attempts] == ["unknown", "not_sent", "not_sent"]
    assert error.outcome == "unknown"
    assert "unknown whether" in str(error)
    assert error.command == "group_open_http_svc/get_appid_group_list"


def test_single_attempt(kind: str) -> None:
    with Server(lambda *_: code(60007)) as server:
        with user_of(kind, server, retry=False) as user:
            error = fails(user, COMMANDS_OF["safe"])
            assert len(server.requests) == len(error.attempts) == 1
            assert not getattr(error, "__notes__", [])
        with user_of(kind, server) as user:
            fails(user, lambda client: client.groups.list_all(retry=False))
            assert len(server.requests) == 2
            fails(user, lambda client: client.call("foo/bar", retry=False))
            assert len(server.requests) == 3
            fails(user, lambda client: client.call("foo/bar", retry=QUICK._replace(attempts=2)))
            assert len(server.requests) == 5
            fails(user, lambda client: client.groups.list_all(retry=QUICK._replace(attempts=4)))
            assert len(server.requests) == 9
        with user_of(kind, server, retry=False) as user:
            fails(user, lambda client: client.call("foo/bar", retry=QUICK))
            assert len(server.requests) == 12


def test_no_attempt_begins_after_the_total(kind: str) -> None:
    with Server(lambda *_: code(60007)) as server:
        with user_of(kind, server, retry=Retry(attempts=50, total=1.0, first_pause=0.1)) as user:
            error = fails(user, COMMANDS_OF["safe"])
        assert 1 < len(error.attempts) < 10
        assert server.requests[-1].at - server.requests[0].at < 1.2
        with user_of(kind, server, retry=Retry(total=0, first_pause=0)) as user:
            assert len(fails(user, COMMANDS_OF["safe"]).attempts) == 1


def test_later_attempt_ends_with_the_total(kind: str) -> None:
    with (
        Server(in_turn(code(60007), is_slow)) as server,
        user_of(kind, server, timeout=20.0, retry=QUICK._replace(total=0.4)) as user,
    ):
        error = fails(user, COMMANDS_OF["safe"])
    assert isinstance(error, TransportError)
    assert [attempt.outcome for attempt in error.attempts] == ["refused", "unknown"]


def test_record_of_the_attempts(kind: str) -> None:
    answers = (code(60007), http(b"<html>", 502), resets)
    with Server(in_turn(*answers)) as server, user_of(kind, server, identifier="boss") as user:
        error = fails(user, COMMANDS_OF["safe"])
    first, second, third = error.attempts
    assert [attempt.number for attempt in error.attempts] == [1, 2, 3]
    assert (first.outcome, first.code, first.http_status) == ("refused", 60007, 200)
    assert type(first.code) is int
    assert (second.outcome, second.code, second.http_status) == ("unknown", None, 502)
    assert (third.outcome, third.code, third.http_status) == ("unknown", None, None)
    for attempt in error.attempts:
        assert attempt.command == "group_open_http_svc/get_appid_group_list"
        assert (attempt.base_url, attempt.sdkappid, attempt.identifier) == (server.url, 1400000000, "boss")
        assert attempt.seconds is not None
        assert attempt.reason
    assert all(0 <= attempt.pause <= 0.02 for attempt in (first, second))
    assert third.pause is None
    notes = error.__notes__
    assert len(notes) == 3
    assert all(f"attempt {number} at {server.url}: " in note for number, note in enumerate(notes, 1))
    twin = pickle.loads(pickle.dumps(error))
    assert [str(attempt) for attempt in twin.attempts] == [str(attempt) for attempt in error.attempts]
    assert twin.__notes__ == notes


def test_request_id_is_recorded(kind: str) -> None:
    refusal = http({"ActionStatus": "FAIL", "ErrorCode": 60002, "RequestId": "r-1"})
    with Server(lambda *_: refusal) as server, user_of(kind, server) as user:
        [attempt] = fails(user, COMMANDS_OF["safe"]).attempts
    assert attempt.request_id == "r-1"


def test_answer_may_take_longer_than_the_connection(kind: str) -> None:
    def answer(_request: Received, _connection: socket.socket) -> bytes:
        time.sleep(0.3)
        return http(OK)

    with Server(answer) as server, user_of(kind, server, timeout=(0.1, 5.0), retry=False) as user:
        user(COMMANDS_OF["unsafe"])
    assert len(server.requests) == 1


def test_time_limit_covers_the_wait_for_a_free_connection() -> None:
    """A deduplicated command must not wait for one until its window is over."""

    def answer(request: Received, _connection: socket.socket) -> bytes:
        if "slow/slow" in request.line:
            time.sleep(0.5)
        return http(OK)

    with requests.Session() as session, Server(answer) as server:
        session.mount("http://", HTTPAdapter(pool_maxsize=1, pool_block=True))
        with user_of("sync", server, transport=HTTPTransport(session)) as user:
            other = threading.Thread(target=user.client.call, args=("slow/slow",))
            other.start()
            while not server.requests:
                time.sleep(0.01)
            error = fails(user, lambda client: client.call("x/y", timeout=(0.1, 2.0), retry=False))
            other.join()
    assert isinstance(error, TransportError)
    assert error.outcome == "not_sent"
    assert len(server.requests) == 1


class Failing:
    """A transport of the caller's own that fails in a way of its own."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.calls = 0

    def send(self, _: object) -> Any:
        self.calls += 1
        if self.kind == "sync":
            raise KeyError("own")
        return self._fail()

    async def _fail(self) -> Reception:
        raise KeyError("own")


def test_failure_of_the_callers_own_transport_is_passed_on(kind: str) -> None:
    transport = Failing(kind)
    with user_of(kind, None, region=Region.CHINA, transport=transport) as user, pytest.raises(KeyError, match="own"):
        user(COMMANDS_OF["safe"])
    assert transport.calls == 1


@pytest.mark.parametrize(
    ("retry", "about"),
    [
        (True, "must be a Retry"),
        (3, "must be a Retry"),
        (None, "must be a Retry"),
        ({"attempts": 3}, "must be a Retry"),
        ((3, 30.0, 0.2, 5.0), "must be a Retry"),
        (QUICK._replace(attempts=0), "attempts"),
        (lambda: Retry(attempts=0), "attempts"),
        (lambda: Retry(attempts=True), "attempts"),
        (lambda: Retry(attempts=1.5), "attempts"),  # type: ignore[arg-type]
        (lambda: Retry(total=-1), "total"),
        (lambda: Retry(total=float("nan")), "total"),
        (lambda: Retry(total=float("inf")), "total"),
        (lambda: Retry(total=10**400), "total"),
        (lambda: Retry(total="30"), "total"),  # type: ignore[arg-type]
        (lambda: Retry(first_pause=-0.1), "first_pause"),
        (lambda: Retry(longest_pause=None), "longest_pause"),  # type: ignore[arg-type]
        (lambda: Retry(longest_pause=10.0**300), "longest_pause"),
    ],
)
def test_settings_that_cannot_work(kind: str, retry: Any, about: str) -> None:
    if callable(retry):
        with pytest.raises(ConfigurationError, match=about):
            retry()
        return
    with pytest.raises(ConfigurationError, match=about), user_of(kind, "http://127.0.0.1:1", retry=retry):
        pass
    if retry is None:
        return
    with user_of(kind, "http://127.0.0.1:1") as user, pytest.raises(ConfigurationError, match=about):
        user(lambda client: client.call("x/y", retry=retry))


@given(
    number=st.integers(1, 5000),
    first=st.just(0.0) | st.floats(0.001, 1000),
    longest=st.floats(0, 1000),
)
def test_pauses(number: int, first: float, longest: float) -> None:
    pause = pause_after(number, Retry(first_pause=first, longest_pause=longest))
    doubled = first * 2.0 ** min(number - 1, 900)
    assert min(doubled, longest) <= pause <= min(doubled + first, longest)


def test_pauses_differ() -> None:
    """Clients that failed together do not come back together."""
    assert len({pause_after(3, Retry()) for _ in range(50)}) > 40


def test_default_settings() -> None:
    assert Retry() == (3, 30.0, 0.2, 5.0)
    assert ChatClient(1, "dummy", base_url="http://127.0.0.1:1")._caller.core.retry == Retry()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_host_without_an_address(kind: str, scheme: str) -> None:
    with user_of(kind, f"{scheme}://host.invalid", retry=False) as user, pytest.raises(TransportError) as caught:
        user(lambda client: client.call("x/y"))
    assert caught.value.reason == f"{scheme}://host.invalid: the host name cannot be resolved"
    assert caught.value.outcome == "not_sent"


@pytest.mark.parametrize("url", ["{server}", "http://127.0.0.1:{port}"])
def test_reason_is_that_of_the_call(kind: str, url: str) -> None:
    """And not of what its caller is just handling."""
    with Server(is_slow) as server:
        base_url = url.format(server=server.url, port=unused_port())
        with user_of(kind, base_url, timeout=(1.0, 0.05), retry=False) as user:

            def handling(client: Any) -> Any:
                try:
                    raise FileNotFoundError(2, "the caller's own")
                except FileNotFoundError:
                    return client.call("x/y")

            async def async_handling(client: Any) -> Any:
                try:
                    raise FileNotFoundError(2, "the caller's own")
                except FileNotFoundError:
                    return await client.call("x/y")

            with pytest.raises(TransportError, match=r"no answer within|refused") as caught:
                user(async_handling if kind == "async" else handling)
    assert isinstance(caught.value.__context__, FileNotFoundError)


def test_options_for_a_part_of_a_program(kind: str) -> None:
    with Server(lambda *_: code(60008)) as server, user_of(kind, server) as user:
        part = user.client.with_options(retry=Retry(attempts=2, first_pause=0), validate=False)
        fails(user, lambda _: part.call("openim/querystate", {"no": "field"}))
        assert len(server.requests) == 2
        fails(user, lambda _: part.with_options(timeout=1).as_identifier("b").call("x/y", retry=False))
        assert server.requests[-1].query["identifier"] == "b"
        # The client that it was made from is as it was.
        assert isinstance(fails(user, lambda client: client.groups.create(type=1, name="n")), RequestError)
        with pytest.raises(ConfigurationError):
            user.client.with_options(timeout=0)
