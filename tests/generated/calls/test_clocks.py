"""UserSigs where clocks differ, and how many are signed."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from typing import Any

import pytest

from generated.clients import KEY, user_of
from generated.loopback import OK, Answer, Received, Server, http
from tencent_chat import ChatAPIError, ChatClient, usersig
from tencent_chat._calls.credentials import LIFETIME, MARGIN, Signature, SigningCredentials
from tencent_chat._support.secret import Secret

DAY = 86400
NOW = 1_800_000_000.0


def gmt(seconds: float) -> str:
    return formatdate(seconds, usegmt=True)


def checking(offset: float, code: int = 70001, date: Any = gmt) -> Answer:
    """Return a service whose clock is `offset` seconds ahead, and which takes no UserSig of another time."""

    def answer(request: Received, _connection: object) -> bytes:
        now = time.time() + offset
        claims = usersig.verify(request.query["usersig"], 1400000000, KEY, now=0)
        headers = f"Date: {date(now)}\r\n"
        if not claims.time - 60 <= now <= claims.time + claims.expire:
            return http({"ActionStatus": "FAIL", "ErrorCode": code}, headers=headers)
        return http(OK, headers=headers)

    return answer


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The times for which UserSigs are signed."""
    times: list[float] = []
    sign = usersig.sign

    def counted(*args: Any, **options: Any) -> str:
        times.append(options["now"])
        return sign(*args, **options)

    monkeypatch.setattr(usersig, "sign", counted)
    return times


@pytest.mark.parametrize("offset", [2 * DAY, -2 * DAY, 300 * DAY, -3600])
@pytest.mark.parametrize("code", [70001, 60004, 70003])
def test_clocks_that_differ(kind: str, offset: int, code: int, signed: list[float]) -> None:
    with Server(checking(offset, code)) as server, user_of(kind, server) as user:
        user(lambda client: client.groups.create(type="Public", name="n"))
        assert (len(server.requests), len(signed)) == (2, 2)
        for _ in range(3):
            user(lambda client: client.call("foo/bar"))
        user(lambda client: client.as_identifier("other").call("foo/bar"))
    assert (len(server.requests), len(signed)) == (6, 3)


def test_single_attempt_mends_the_clock_for_later_calls(kind: str) -> None:
    with Server(checking(2 * DAY)) as server, user_of(kind, server, retry=False) as user:
        with pytest.raises(ChatAPIError):
            user(lambda client: client.call("foo/bar"))
        user(lambda client: client.call("foo/bar"))
    assert len(server.requests) == 2


def test_clock_that_is_put_right(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's, which was two days behind until then."""
    right = time.time
    with Server(checking(0)) as server, user_of(kind, server) as user:
        credentials = user.client._caller.core.credentials
        monkeypatch.setattr(credentials, "_clock", lambda: right() - 2 * DAY)
        user(lambda client: client.call("foo/bar"))
        monkeypatch.setattr(credentials, "_clock", right)
        user(lambda client: client.call("foo/bar"))
        user(lambda client: client.call("foo/bar"))
    assert len(server.requests) == 5


def asctime(seconds: float) -> str:
    return time.asctime(time.gmtime(seconds))


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_date_without_a_zone_is_in_utc(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with Server(checking(-2 * DAY, date=asctime)) as server, user_of("sync", server) as user:
            user(lambda client: client.call("foo/bar"))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "Fri, 31 Feb 2026 00:00:00 GMT",
        "Mon, 01 Jan 1900 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Mon, 01 Jan 0001 00:00:00 +2359",
        "Mon, 01 Jan 99999 00:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 +99999999999",
        "\xff",
    ],
)
def test_date_of_no_use(kind: str, date: str, signed: list[float]) -> None:
    refusal = http({"ActionStatus": "FAIL", "ErrorCode": 70001}, headers=f"Date: {date}\r\n")
    with Server(lambda *_: refusal) as server, user_of(kind, server) as user:
        for _ in range(2):
            with pytest.raises(ChatAPIError) as caught:
                user(lambda client: client.call("foo/bar"))
            assert caught.value.code == 70001
    assert len(server.requests) == 4
    assert all(at > 0 for at in signed)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def test_one_usersig_for_all_threads(signed: list[float]) -> None:
    clock = Clock()
    credentials = SigningCredentials(1, Secret(KEY), clock=clock)
    ready = threading.Barrier(32)

    def ask(_: int) -> Signature:
        ready.wait()
        return credentials.signature("administrator")

    with ThreadPoolExecutor(32) as pool:
        for renewals in range(1, 6):
            assert len({id(signature) for signature in pool.map(ask, range(32))}) == 1
            assert len(signed) == renewals
            clock.now += LIFETIME - MARGIN


def test_one_usersig_for_all_threads_that_were_refused(signed: list[float]) -> None:
    """Each is told a time, which says whole seconds only and took a while to arrive."""
    credentials = SigningCredentials(1, Secret(KEY), clock=Clock())
    ready = threading.Barrier(32)

    def ask(number: int) -> Signature:
        refused = credentials.signature("administrator")
        ready.wait()
        credentials.renew("administrator", refused, NOW + 2 * DAY - number % 4)
        return credentials.signature("administrator")

    with ThreadPoolExecutor(32) as pool:
        assert len({id(signature) for signature in pool.map(ask, range(32))}) == 1
    assert len(signed) == 2
    assert 2 * DAY - 4 <= signed[1] - NOW <= 2 * DAY


def test_refused_calls_at_once(signed: list[float]) -> None:
    with Server(checking(2 * DAY)) as server, user_of("sync", server) as user, ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda _: user.client.call("foo/bar"), range(64)))
    assert len(signed) == 2
    assert len(server.requests) <= 64 + 32


def test_clock_that_another_thread_finds_wrong_meanwhile(signed: list[float]) -> None:
    clock = Clock()
    credentials = SigningCredentials(1, Secret(KEY), clock=clock)
    first = credentials.signature("administrator")
    clock.now = NOW + LIFETIME

    class Overtaken(dict[str, Any]):
        """Another thread has its UserSig refused after this one has seen that there is none."""

        overtaken = False

        def get(self, name: str, default: Any = None) -> Any:
            found = super().get(name, default)
            if not self.overtaken:
                self.overtaken = True
                credentials.renew(name, first, clock.now + 2 * DAY)
            return found

    credentials._signed = Overtaken(credentials._signed)
    credentials.signature("administrator")
    assert signed == [NOW, NOW + LIFETIME + 2 * DAY]


def test_margin_and_steps_of_the_clock(signed: list[float]) -> None:
    clock = Clock()
    credentials = SigningCredentials(1, Secret(KEY), clock=clock)
    first = credentials.signature("administrator")
    clock.now = NOW + LIFETIME - MARGIN - 1
    assert credentials.signature("administrator") is first
    clock.now = NOW + LIFETIME - MARGIN
    assert credentials.signature("administrator") is not first
    clock.now = NOW - DAY
    credentials.signature("administrator")
    assert signed == [NOW, NOW + LIFETIME - MARGIN, NOW - DAY]


def test_each_account_has_its_own() -> None:
    credentials = SigningCredentials(1, Secret(KEY), clock=Clock())
    for name in [f"account{number}" for number in range(2500)]:
        assert usersig.verify(credentials.signature(name).encoded.reveal(), 1, KEY, userid=name, now=NOW)
    assert len(credentials._signed) <= 1000


def test_a_client_signs_nothing_before_its_first_call(signed: list[float]) -> None:
    ChatClient(1, KEY, region="china").as_identifier("other")
    assert not signed
