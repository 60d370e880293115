"""Which commands are sent again after which the service may have carried them out, and what their answers mean."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generated.clients import KINDS, user_of
from generated.loopback import OK, Received, Server, http, in_turn, reset
from support.effort import cases
from tencent_chat import COMMANDS, ChatAPIError, Retry, TransportError

ROOT = Path(__file__).parents[3]
SPEC: dict[str, dict[str, Any]] = {
    f"{path.parent.name}/{path.stem}": yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "spec" / "v4").glob("*/[!_]*.yaml"))
}
REPEATED = [(path, entry) for path, command in SPEC.items() for entry in command.get("repeated", ())]
ATTEMPTS = 3


def drops(_request: Received, connection: socket.socket) -> None:
    reset(connection)


def body_of(path: str) -> dict[str, object]:
    examples = [example for example in SPEC[path]["examples"] if example["response"].get("ErrorCode", 0) == 0]
    return cast(dict[str, object], examples[0].get("request", {}))


def may_be_repeated(path: str, body: Mapping[str, object]) -> bool:
    """What the spec says."""
    command = SPEC[path]
    if command["repeat"] != "unsafe":
        return True
    condition = command.get("safe_if", {})
    if "given" in condition:
        filled_in = "x-fill" in command["request"]["properties"][condition["given"]]
        return bool(body.get(condition["given"])) or filled_in
    return "absent" in condition and not body.get(condition["absent"])


def copies(kind: str, path: str, body: Mapping[str, object], **options: Any) -> int:
    """Return how often the service sees a call whose connections all break off."""
    quick = Retry(attempts=ATTEMPTS, first_pause=0)
    with Server(drops) as server, user_of(kind, server, retry=quick, **options) as user:
        with pytest.raises(TransportError) as caught:
            user(lambda client: client.call(path, body))
        assert caught.value.outcome == "unknown"
    assert len({request.body for request in server.requests}) == 1
    return len(server.requests)


@pytest.mark.parametrize("path", sorted(SPEC))
def test_what_arrives_when_every_connection_breaks_off(path: str) -> None:
    body = body_of(path)
    expected = ATTEMPTS if may_be_repeated(path, body) else 1
    assert [copies(kind, path, body) for kind in KINDS] == [expected] * len(KINDS)


CONDITIONAL = sorted(path for path, command in SPEC.items() if "safe_if" in command)


@given(
    kind=st.sampled_from(KINDS),
    path=st.sampled_from(CONDITIONAL),
    value=st.sampled_from([None, 0, "", [], False, 1, "x", ["x"]]),
)
@settings(max_examples=cases(40))
def test_what_makes_a_single_call_safe(kind: str, path: str, value: object) -> None:
    ((_, field),) = SPEC[path]["safe_if"].items()
    body = {name: given for name, given in body_of(path).items() if name != field}
    if value is not None:
        body[field] = value
    # A value that the client does not replace stays.
    if value in (0, "", []) and "x-fill" in SPEC[path]["request"]["properties"][field]:
        return
    expected = ATTEMPTS if may_be_repeated(path, body) else 1
    assert copies(kind, path, body, validate=False) == expected


FANNING_OUT = ["openim/batchsendmsg", "all_member_push/im_push", "timpush/batch", "timpush/push"]


@pytest.mark.parametrize("path", FANNING_OUT)
def test_what_goes_to_many_is_sent_once(path: str) -> None:
    assert COMMANDS[path].repeat == "unsafe"
    assert [copies(kind, path, body_of(path)) for kind in KINDS] == [1, 1]


def test_messages_are_told_apart_by_what_the_newest_edition_names() -> None:
    assert SPEC["openim/sendmsg"]["dedupe"] == {
        "fields": ["From_Account", "MsgSeq", "MsgRandom", "MsgBody"],
        "window": 120,
    }


def test_every_command_says_why() -> None:
    assert [path for path, command in SPEC.items() if not command.get("repeat_evidence")] == []


def answer_of(path: str, entry: Mapping[str, Any]) -> tuple[dict[str, object], bool]:
    """Return an answer with a code of `repeated`, and whether it is the code of an item."""
    code, info = entry["code"], entry.get("info", "why")
    for place in SPEC[path].get("failures", ()):
        if "code" in place and "." not in place["items"]:
            item = {place["item"]: "bob", place["code"]: code}
            if "info" in place:
                item[place["info"]] = info
            return {**OK, place["items"]: [item]}, True
    return {"ActionStatus": "FAIL", "ErrorInfo": info, "ErrorCode": code}, False


@pytest.mark.parametrize(("path", "entry"), REPEATED, ids=[f"{path}-{entry['code']}" for path, entry in REPEATED])
def test_a_repeated_call_that_was_done_before_has_succeeded(kind: str, path: str, entry: dict[str, Any]) -> None:
    answer, of_item = answer_of(path, entry)
    body = body_of(path)
    if "single" in entry:
        body = {**body, entry["single"]: body[entry["single"]][:1]}  # type: ignore[index]
    with Server(in_turn(drops, http(answer))) as server, user_of(kind, server) as user:
        response = user(lambda client: client.call(path, body))
    assert len(server.requests) == 2
    assert response.raw == answer
    assert response.failures == ()
    assert response.done_before is not of_item
    assert response.error_code == answer["ErrorCode"]


@pytest.mark.parametrize(("path", "entry"), REPEATED, ids=[f"{path}-{entry['code']}" for path, entry in REPEATED])
@pytest.mark.parametrize("before", [(), ({"ActionStatus": "FAIL", "ErrorCode": 60007, "ErrorInfo": ""},)])
def test_without_an_attempt_of_unknown_outcome_it_is_an_error(
    kind: str, path: str, entry: dict[str, Any], before: tuple[dict[str, object], ...]
) -> None:
    answer, of_item = answer_of(path, entry)
    with Server(in_turn(*(http(one) for one in before), http(answer))) as server, user_of(kind, server) as user:
        if of_item:
            response = user(lambda client: client.call(path, body_of(path)))
            assert [failure.code for failure in response.failures] == [entry["code"]]
            assert not response.done_before
        else:
            with pytest.raises(ChatAPIError) as caught:
                user(lambda client: client.call(path, body_of(path)))
            assert caught.value.code == entry["code"]


def test_other_words_under_the_same_code_stay_an_error(kind: str) -> None:
    item = {"To_Account": "bob", "ResultCode": 30001, "ResultInfo": "Err_SNS_Bad_Request"}
    answer = http({**OK, "ResultItem": [item]})
    path = "sns/black_list_add"
    with Server(in_turn(drops, answer)) as server, user_of(kind, server) as user:
        response = user(lambda client: client.call(path, body_of(path)))
    assert [failure.info for failure in response.failures] == ["Err_SNS_Bad_Request"]


def test_batches_count_what_was_done_before_as_done(kind: str) -> None:
    answer = {**OK, "ResultItem": [{"UserID": "bob", "ResultCode": 70107, "ResultInfo": "gone"}]}
    with Server(in_turn(drops, http(answer))) as server, user_of(kind, server) as user:
        result = user(lambda client: client.accounts.delete_many(delete_item=[{"UserID": "bob"}]))
    assert [item.outcome for item in result.items] == ["done"]
    result.raise_for_failures()


def test_the_attempt_says_that_it_was_done_before(kind: str) -> None:
    answer = http({"ActionStatus": "FAIL", "ErrorInfo": "no such group", "ErrorCode": 10010})
    seen: list[Any] = []

    def hook(attempt: Any) -> Any:
        seen.append(attempt)
        return pytest.MonkeyPatch.context()

    with Server(in_turn(drops, answer)) as server, user_of(kind, server, hooks=[hook]) as user:
        assert user(lambda client: client.groups.delete(group_id="g")).done_before
    assert [(attempt.outcome, attempt.code) for attempt in seen] == [("unknown", None), ("done", 10010)]
    assert "before" in seen[-1].reason


def test_a_code_that_may_be_that_of_another_entry_stays_an_error(kind: str) -> None:
    answer = http({"ActionStatus": "FAIL", "ErrorInfo": "no such attribute", "ErrorCode": 10050})
    keys = [{"key": "a"}, {"key": "never"}]
    with Server(in_turn(drops, answer)) as server, user_of(kind, server) as user, pytest.raises(ChatAPIError):
        user(lambda client: client.groups.delete_attributes(group_id="g", group_attr=keys))
