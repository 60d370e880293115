"""Batches at their edges: what is refused, stopped, told and filled in. Lists as they should be: tests/property."""

from __future__ import annotations

import asyncio
import inspect
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generated.loopback import OK, Received, Server, http, in_turn
from support.listings import method
from tencent_chat import (
    COMMANDS,
    AsyncChatClient,
    ChatClient,
    Command,
    ConfigurationError,
    PartialFailureError,
    RequestError,
    Retry,
)
from tencent_chat._bodies.fields import fields_of

ROOT = Path(__file__).parents[3]
BATCHES = [command for command in COMMANDS.values() if command.batch]
TEXT = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "a secret message"}}]


class Run:
    """Carries out one method of a client of either kind."""

    def __init__(self, kind: str, url: str) -> None:
        self._kind = kind
        self._settings: dict[str, Any] = {"base_url": url, "retry": False, "timeout": 5.0}

    def __call__(self, name: str, **arguments: object) -> Any:
        if self._kind == "sync":
            with ChatClient(1400000000, "dummy", **self._settings) as client:
                return method(client, name)(**arguments)
        return asyncio.run(self._awaited(name, arguments))

    async def _awaited(self, name: str, arguments: dict[str, object]) -> Any:
        async with AsyncChatClient(1400000000, "dummy", **self._settings) as client:
            return await method(client, name)(**arguments)


class Service:
    def __init__(self) -> None:
        self.answer: Callable[[Received], dict[str, Any]] = lambda _: {}
        self.server = Server(lambda request, _: http(OK | self.answer(request)))

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [request.json for request in self.server.requests]


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    with service.server:
        yield service


@pytest.fixture(params=["sync", "async"])
def run(request: pytest.FixtureRequest, service: Service) -> Run:
    return Run(str(request.param), service.server.url)


@pytest.fixture
def nowhere() -> Iterator[str]:
    """A URL where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.mark.parametrize("command", BATCHES, ids=lambda command: command.path)
def test_every_batch_wants_its_list(command: Command) -> None:
    assert command.batch is not None
    namespace, _, function = command.method.partition(".")
    names = {field.alias or name: name for name, field in fields_of(command.request_model).items()}
    for client in (ChatClient(1, "dummy", region="china"), AsyncChatClient(1, "dummy", region="china")):
        parameters = inspect.signature(getattr(getattr(client, namespace), f"{function}_many")).parameters
        assert parameters[names[command.batch.field]].default is inspect.Parameter.empty
        assert {"concurrency", "progress", "extra", "identifier", "timeout", "validate", "retry"} <= parameters.keys()


def test_problems_of_all_calls_are_told_before_anything_is_sent(run: Run, service: Service) -> None:
    names: list[Any] = [f"u{number}" for number in range(1200)]
    names[250], names[1100] = 7, None
    with pytest.raises(RequestError) as caught:
        run("messages.send_batch_many", to_account=names, msg_body=TEXT, sync_other_machine="x")
    paths = [problem.path for problem in caught.value.problems]
    assert paths.count("SyncOtherMachine") == 1
    assert {"To_Account[250]", "To_Account[1100]"} == {path for path in paths if path.startswith("To_Account")}
    with pytest.raises(RequestError) as caught:
        run("accounts.check_many", check_item=[*[{"UserID": "a"}] * 130, {"UserId": "b"}])
    assert {problem.path.partition(".")[0] for problem in caught.value.problems} == {"CheckItem[130]"}
    assert service.bodies == []


@pytest.mark.parametrize(
    "wrong",
    ["bob", b"bob", {"a": 1}, None, 7],
    ids=["text", "bytes", "dict", "None", "number"],
)
def test_a_list_must_be_one(run: Run, service: Service, wrong: object) -> None:
    with pytest.raises(RequestError, match=r"To_Account: expected a list, not "):
        run("accounts.get_online_status_many", to_account=wrong)
    assert service.bodies == []


def test_progress_must_be_a_function(run: Run, service: Service) -> None:
    with pytest.raises(ConfigurationError, match="progress must be a function"):
        run("accounts.get_online_status_many", to_account=["a"], progress=True)
    assert service.bodies == []


@pytest.mark.parametrize("wrong", [0, -1, True, 2.0, "4"], ids=repr)
@pytest.mark.parametrize("names", [[], ["a"]], ids=len)
def test_concurrency_must_be_a_number(run: Run, service: Service, wrong: object, names: list[str]) -> None:
    with pytest.raises(ConfigurationError, match="concurrency"):
        run("accounts.get_online_status_many", to_account=names, concurrency=wrong)
    assert service.bodies == []


def test_an_empty_list_is_done_at_once(run: Run, service: Service) -> None:
    result = run("accounts.get_online_status_many", to_account=[], progress=pytest.fail)
    assert (result.items, result.responses, result.errors, result.failures) == ((), (), (), ())
    result.raise_for_failures()
    assert service.bodies == []


@pytest.mark.parametrize("sequence", [tuple(range(120)), range(120), deque(range(120))], ids=type)
def test_any_sequence_will_do(run: Run, service: Service, sequence: Any) -> None:
    run(
        "groups.send_read_receipts_many",
        from_account="a",
        group_id="g",
        msg_seq_list=sequence,
        validate=False,
        concurrency=1,
    )
    assert [seq for body in service.bodies for seq in body["MsgSeqList"]] == list(range(120))


def test_a_progress_that_raises_stops_the_rest(run: Run, service: Service) -> None:
    def progress(_: object) -> None:
        raise KeyError("enough")

    def answer(_: Received) -> dict[str, Any]:
        # Else many calls would end before a slow machine comes to the first progress.
        threading.Event().wait(0.1)
        return {}

    service.answer = answer
    with pytest.raises(KeyError, match="enough"):
        run("accounts.get_online_status_many", to_account=["a"] * 20000, concurrency=2, progress=progress)
    assert 1 <= len(service.bodies) < 10


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_calls_run_at_a_time(run: Run, service: Service, concurrency: int) -> None:
    lock, running, most = threading.Lock(), 0, 0
    together = threading.Barrier(concurrency)

    def answer(_: Received) -> dict[str, Any]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait(5)
        with lock:
            running -= 1
        return {}

    service.answer = answer
    run("follows.remove_many", from_account="a", to_account=["b"] * 20 * 6, concurrency=concurrency)
    assert most == concurrency
    assert len(service.bodies) == 6


def test_each_call_has_a_random_number_of_its_own_unless_one_is_given(run: Run, service: Service) -> None:
    names = [f"u{number}" for number in range(1001)]
    run("messages.send_batch_many", to_account=names, msg_body=TEXT)
    assert len({body["MsgRandom"] for body in service.bodies}) == 3
    run("messages.send_batch_many", to_account=names, msg_body=TEXT, msg_random=7)
    assert [body["MsgRandom"] for body in service.bodies[3:]] == [7, 7, 7]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_what_is_refused_is_not_sent(nowhere: str, kind: str) -> None:
    result = Run(kind, nowhere)("accounts.get_online_status_many", to_account=["a"] * 501)
    assert {item.outcome for item in result.items} == {"not_sent"}
    assert len(result.errors) == 2
    assert result.failures[0].item == "a"


def test_a_service_that_fails_leaves_open_what_was_done(run: Run, service: Service) -> None:
    service.answer = lambda request: {"ErrorCode": 10002 if request.json["To_Account"][0] == "a" else 70001}
    result = run("accounts.get_online_status_many", to_account=["a"] * 500 + ["b"])
    assert [(item.outcome, item.code) for item in result.items[499:]] == [("unknown", 10002), ("failed", 70001)]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_refusal_after_an_unknown_attempt_leaves_open_what_was_done(kind: str) -> None:
    retry = Retry(attempts=2, first_pause=0.01)
    with Server(in_turn(http(b"<html>", 502), http({"ErrorCode": 60007}))) as server:
        result = Run(kind, server.url)("accounts.get_online_status_many", to_account=["a"], retry=retry)
    assert [(item.outcome, item.code) for item in result.items] == [("unknown", 60007)]


def test_duplicates_with_results_of_their_own_have_them_in_order(run: Run, service: Service) -> None:
    service.answer = lambda _: {
        "ResultItem": [{"To_Account": "a", "ResultCode": 0}, {"To_Account": "a", "ResultCode": 30001}]
    }
    result = run("follows.remove_many", from_account="x", to_account=["a", "a"])
    assert [(item.outcome, item.code) for item in result.items] == [("done", None), ("failed", 30001)]
    service.answer = lambda _: {"ResultItem": [{"To_Account": "a", "ResultCode": 30001}]}
    result = run("follows.remove_many", from_account="x", to_account=["a", "b", "a"])
    assert [item.outcome for item in result.items] == ["failed", "done", "failed"]


def test_failures_that_name_no_item_are_told_beside_them(run: Run, service: Service) -> None:
    service.answer = lambda _: {"ErrorList": [{"To_Account": "stranger", "ErrorCode": 70107}]}
    result = run("accounts.get_online_status_many", to_account=["a", "b"])
    assert [item.outcome for item in result.items] == ["done", "done"]
    assert [failure.item for failure in result.unmatched] == ["stranger"]
    with pytest.raises(PartialFailureError, match="1 item failed\n  stranger: 70107"):
        result.raise_for_failures()


def test_parts_of_an_only_item_are_not_taken_for_it(run: Run, service: Service) -> None:
    contact = {"Type": 1, "To_Account": "b"}
    service.answer = lambda _: {"GroupResultItem": [{"ResultItem": [{"ContactItem": contact, "ResultCode": 51007}]}]}
    groups = [{"GroupName": name, "ContactItem": [contact]} for name in ("one", "two")]
    result = run("conversations.create_groups_many", from_account="a", group_contact_item=groups)
    assert len(service.bodies) == 2
    assert [item.outcome for item in result.items] == ["done", "done"]
    assert [failure.item for failure in result.unmatched] == [contact, contact]
    with pytest.raises(PartialFailureError):
        result.raise_for_failures()


def test_models_are_matched_like_mappings(run: Run, service: Service) -> None:
    from tencent_chat.models import CheckAccountItem

    service.answer = lambda _: {"ResultItem": [{"UserID": "b", "ResultCode": 70169, "ResultInfo": "no"}]}
    result = run("accounts.check_many", check_item=[CheckAccountItem(user_id="a"), {"UserID": "b"}])
    assert [(item.name, item.outcome, item.info) for item in result.items] == [("a", "done", ""), ("b", "failed", "no")]


def test_an_exception_holds_no_message(run: Run, service: Service, nowhere: str) -> None:
    message = {"From_Account": "a", "SendTime": 1700000000, "MsgBody": TEXT}
    service.answer = lambda _: {"ImportMsgResult": [{"MsgSeq": 5, "Result": 10004}]}
    result = run("groups.import_messages_many", group_id="g", msg_list=[message, message])
    lost = Run("sync", nowhere)("groups.import_messages_many", group_id="g", msg_list=[message, message])
    for failed in (result, lost):
        assert "secret message" not in repr(failed)
        with pytest.raises(PartialFailureError) as caught:
            failed.raise_for_failures()
        error = caught.value
        again = pickle.loads(pickle.dumps(error))
        assert (str(again), again.failures, again.command) == (str(error), error.failures, error.command)
        assert "secret message" not in f"{error} {error!r} {vars(error)} {error.args}"
    assert [failure.item for failure in lost.failures] == ["MsgList[0]", "MsgList[1]"]


def test_a_result_can_be_pickled(run: Run, service: Service) -> None:
    service.answer = lambda _: {"ErrorList": [{"To_Account": "a", "ErrorCode": 70107}]}
    result = run("accounts.get_online_status_many", to_account=["a", "b"])
    assert pickle.loads(pickle.dumps(result)) == result


def test_a_batch_that_is_cancelled_stops(service: Service) -> None:
    arrived, release = threading.Event(), threading.Event()

    def answer(_: Received) -> dict[str, Any]:
        arrived.set()
        release.wait(5)
        return {}

    service.answer = answer

    async def run() -> int:
        async with AsyncChatClient(1400000000, "dummy", base_url=service.server.url) as client:
            task = asyncio.create_task(client.accounts.get_online_status_many(to_account=["a"] * 10000, concurrency=2))
            await asyncio.to_thread(arrived.wait, 5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            # Nothing is left behind.
            return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1
    release.set()
    assert len(service.bodies) <= 2


def test_ctrl_c_stops_the_rest(service: Service) -> None:
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from tencent_chat import ChatClient\n"
        f"client = ChatClient(1400000000, 'dummy', base_url={service.server.url!r})\n"
        "client.accounts.get_online_status_many(to_account=['a'] * 10000, concurrency=2)\n"
    )
    arrived, release = threading.Event(), threading.Event()

    def answer(_: Received) -> dict[str, Any]:
        arrived.set()
        release.wait(5)
        return {}

    service.answer = answer
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated" / "client")}
    with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, env=environment) as process:
        assert arrived.wait(20)
        process.send_signal(signal.SIGINT)
        release.set()
        assert b"KeyboardInterrupt" in process.communicate(timeout=20)[1]
    assert len(service.bodies) < 20


def test_a_result_sums_up_what_became_of_its_items(run: Run, service: Service) -> None:
    codes = {"gone": 70107, "busy": 60007}

    def answer(request: Received) -> dict[str, Any]:
        accounts = request.json["To_Account"]
        if "fails" in accounts:
            return {"ErrorCode": 10002}
        return {"ErrorList": [{"To_Account": name, "ErrorCode": codes[name]} for name in accounts if name in codes]}

    service.answer = answer
    names = ["ann", "gone", "busy", *(f"user{number}" for number in range(497)), "fails"]
    result = run("accounts.get_online_status_many", to_account=names)
    assert [entry.item for entry in result] == names
    assert len(result) == 501
    assert not result.ok
    assert result.done == ("ann", *names[3:-1])
    assert {code: [entry.item for entry in entries] for code, entries in result.failed.items()} == {
        70107: ["gone"],
        60007: ["busy"],
    }
    # Refused for now; and unknown, of a command that may be carried out twice.
    assert result.again == ("busy", "fails")
    assert "498 done, 2 failed, 1 unknown" in repr(result)


def test_what_may_have_been_sent_to_many_is_not_worth_another_try(run: Run, service: Service) -> None:
    service.answer = lambda _: {"ErrorCode": 60008}
    result = run("messages.send_batch_many", to_account=["a"], msg_body=TEXT)
    assert [entry.outcome for entry in result] == ["unknown"]
    assert result.again == ()


def test_a_batch_without_items_is_all_done(run: Run) -> None:
    result = run("accounts.get_online_status_many", to_account=[])
    assert result.ok
    assert list(result) == []
