"""Which of two domains a call goes to."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from generated.clients import QUICK, user_of
from generated.loopback import OK, Server, http, in_turn, reset, unused_port
from tencent_chat import ChatClient, ConfigurationError, Region, ResponseError, TransportError
from tencent_chat._calls import failover
from tencent_chat._calls.failover import COOL_DOWN, Domains

ONE, TWO = "https://one.example", "https://two.example"


class Clock:
    """Shows the time that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def domains(clock: Clock) -> Domains:
    return Domains(ONE, TWO, clock=clock)


def test_preferred_domain_while_nothing_fails(domains: Domains) -> None:
    assert {domains.choose() for _ in range(5)} == {ONE}
    domains.reached(ONE)
    assert domains.choose() == ONE


def test_backup_while_the_preferred_one_fails(domains: Domains, clock: Clock) -> None:
    assert domains.unreachable(ONE)
    assert {domains.choose() for _ in range(5)} == {TWO}
    clock.now = COOL_DOWN - 0.1
    domains.reached(TWO)
    assert domains.choose() == TWO


def test_one_caller_finds_out(domains: Domains, clock: Clock) -> None:
    domains.unreachable(ONE)
    clock.now = COOL_DOWN
    assert [domains.choose() for _ in range(4)] == [ONE, TWO, TWO, TWO]
    clock.now += COOL_DOWN
    assert [domains.choose() for _ in range(2)] == [ONE, TWO]
    domains.reached(ONE)
    assert {domains.choose() for _ in range(3)} == {ONE}


def test_failed_trial_starts_another_pause(domains: Domains, clock: Clock) -> None:
    domains.unreachable(ONE)
    clock.now = COOL_DOWN
    assert domains.choose() == ONE
    clock.now += 5
    assert domains.unreachable(ONE)
    clock.now += COOL_DOWN - 1
    assert domains.choose() == TWO
    clock.now += 1
    assert domains.choose() == ONE


def test_both_fail(domains: Domains, clock: Clock) -> None:
    assert domains.unreachable(ONE)
    clock.now = 1
    assert not domains.unreachable(TWO)
    assert domains.choose() == ONE
    clock.now = 2
    assert not domains.unreachable(ONE)
    assert domains.choose() == TWO
    domains.reached(TWO)
    assert domains.choose() == TWO


def test_single_domain(clock: Clock) -> None:
    domains = Domains(ONE, clock=clock)
    assert not domains.unreachable(ONE)
    for clock.now in (0, 1, COOL_DOWN, 2 * COOL_DOWN):
        assert domains.choose() == ONE


def test_trial_is_made_by_one_thread_of_many(domains: Domains, clock: Clock) -> None:
    ready = threading.Barrier(32)

    def choose(_: int) -> str:
        ready.wait()
        return domains.choose()

    with ThreadPoolExecutor(32) as pool:
        for round_ in range(1, 20):
            domains.unreachable(ONE)
            clock.now = round_ * 2 * COOL_DOWN
            chosen = list(pool.map(choose, range(32)))
            assert chosen.count(ONE) == 1


def test_threads_that_do_everything_at_once(domains: Domains, clock: Clock) -> None:
    def work(number: int) -> None:
        for step in range(500):
            chosen = domains.choose()
            assert chosen in (ONE, TWO)
            if (number + step) % 3:
                domains.reached(chosen)
            else:
                domains.unreachable(chosen)
            clock.now += 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(16)))
    domains.reached(ONE)
    assert domains.choose() == ONE


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_forked_child_does_not_wait_for_a_thread_of_its_parent(domains: Domains) -> None:
    domains.unreachable(ONE)
    with domains._lock:
        child = os.fork()
        if child == 0:
            os._exit(0 if domains.choose() == TWO else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_settings() -> None:
    def urls(**options: object) -> tuple[str, ...]:
        return ChatClient(1, "dummy", **options)._caller.core.domains.base_urls  # type: ignore[arg-type]

    for region in Region:
        assert urls(region=region) == tuple(f"https://{name}" for name in (region.domain, region.backup) if name)
    assert any(region.backup for region in Region)
    assert not all(region.backup for region in Region)
    assert urls(base_url=ONE + "/") == (ONE,)
    assert urls(base_url=ONE, backup_url=TWO + "/", region="china") == (ONE, TWO)
    assert urls(base_url=ONE, backup_url=ONE) == (ONE,)
    for wrong in ({"backup_url": TWO}, {"region": "china", "backup_url": TWO}, {"base_url": ONE, "backup_url": "x"}):
        with pytest.raises(ConfigurationError, match="backup_url"):
            urls(**wrong)


def test_calls_go_on_at_the_backup(kind: str) -> None:
    port = unused_port()
    with Server(in_turn()) as backup:
        primary = f"http://127.0.0.1:{port}"
        # A pause would outlast the total, so that there would be no second attempt.
        patient = QUICK._replace(first_pause=60.0, longest_pause=60.0, total=5.0)
        attempts: list[tuple[int, str]] = []

        class Hook:
            def __init__(self, attempt) -> None:
                attempts.append((attempt.number, attempt.base_url))

            def __enter__(self) -> None: ...
            def __exit__(self, *_: object) -> None: ...

        with user_of(kind, primary, backup_url=backup.url, retry=patient, hooks=[Hook]) as user:
            for _ in range(3):
                user(lambda client: client.groups.create(type="Public", name="n"))
    assert attempts == [(1, primary), (2, backup.url), (1, backup.url), (1, backup.url)]
    assert len(backup.requests) == 3


def test_calls_come_back_to_the_preferred_domain(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = unused_port()
    with (
        Server(in_turn()) as backup,
        user_of(kind, f"http://127.0.0.1:{port}", backup_url=backup.url) as user,
    ):
        user(lambda client: client.call("x/y"))
        with Server(in_turn(), port=port) as primary:
            user(lambda client: client.call("x/y"))
            assert (len(primary.requests), len(backup.requests)) == (0, 2)
            monkeypatch.setattr(failover, "COOL_DOWN", 0.0)
            user(lambda client: client.call("x/y"))
            monkeypatch.setattr(failover, "COOL_DOWN", 30.0)
            user(lambda client: client.call("x/y"))
            assert (len(primary.requests), len(backup.requests)) == (2, 2)


@pytest.mark.parametrize(
    "answer",
    [
        http(b"<h1>Bad Gateway</h1>", 502),
        http(b"<html>"),
        http({"ErrorCode": 60008}),
        http({"ErrorCode": 60007}),
        http({"ErrorCode": 70001}),
        http({"ErrorCode": 987654}),
        lambda _request, connection: reset(connection),
        lambda _request, connection: connection.recv(1) and None,
    ],
    ids=["502", "page", "server", "rate limit", "UserSig", "unknown code", "reset", "slow"],
)
def test_no_backup_for_a_domain_that_was_reached(kind: str, answer) -> None:
    with (
        Server(lambda *given: answer if isinstance(answer, bytes) else answer(*given)) as primary,
        Server(in_turn()) as backup,
        user_of(kind, primary, backup_url=backup.url, timeout=(1.0, 0.1)) as user,
    ):
        with pytest.raises(Exception, match="foo/bar"):
            user(lambda client: client.call("foo/bar"))
        with pytest.raises(Exception, match="get_appid_group_list"):
            user(lambda client: client.groups.list_all())
    assert len(primary.requests) > 1
    assert not backup.requests


def test_backup_answers_with_an_error(kind: str) -> None:
    with (
        Server(lambda *_: http(b"", 502)) as backup,
        user_of(kind, f"http://127.0.0.1:{unused_port()}", backup_url=backup.url) as user,
        pytest.raises(ResponseError) as caught,
    ):
        user(lambda client: client.call("foo/bar"))
    assert [attempt.outcome for attempt in caught.value.attempts] == ["not_sent", "unknown"]
    assert len(backup.requests) == 1


def test_both_are_down(kind: str) -> None:
    one, two = (f"http://127.0.0.1:{unused_port()}" for _ in range(2))
    with user_of(kind, one, backup_url=two, retry=QUICK._replace(attempts=4)) as user:
        with pytest.raises(TransportError) as caught:
            user(lambda client: client.call("foo/bar"))
        first, second, third, fourth = caught.value.attempts
        assert [attempt.base_url for attempt in (first, second, third, fourth)] == [one, two, one, two]
        assert first.pause == 0
        assert second.pause
        assert third.pause
        assert caught.value.outcome == "not_sent"
        with Server(lambda *_: http(OK), port=int(two.rpartition(":")[2])) as server:
            user(lambda client: client.call("foo/bar"))
            user(lambda client: client.call("foo/bar"))
        assert len(server.requests) == 2


def test_single_attempt_has_no_backup_but_the_next_call_does(kind: str) -> None:
    with Server(in_turn()) as backup:
        url = f"http://127.0.0.1:{unused_port()}"
        with user_of(kind, url, backup_url=backup.url, retry=False) as user:
            with pytest.raises(TransportError):
                user(lambda client: client.call("x/y"))
            user(lambda client: client.call("x/y"))
    assert len(backup.requests) == 1


def test_clients_of_other_accounts_know_of_the_failure(kind: str) -> None:
    with (
        Server(in_turn()) as backup,
        user_of(kind, f"http://127.0.0.1:{unused_port()}", backup_url=backup.url, retry=False) as user,
    ):
        with pytest.raises(TransportError):
            user(lambda client: client.call("x/y"))
        user(lambda client: client.as_identifier("other").call("x/y"))
    assert backup.requests[0].query["identifier"] == "other"
