"""What is done for a body grows with its size, and no faster: four times the items are four times the work.

Work is counted in calls of functions. Of what pydantic does, each of its own loops counts once.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from pydantic import BaseModel

from tencent_chat import COMMANDS, ChatClient, Received, RequestError, webhooks
from tencent_chat._bodies import lenient
from tencent_chat.models import TextElem
from tencent_chat.webhooks import BeforeSendMessageEvent

BEFORE = {"CallbackCommand": "C2C.CallbackBeforeSendMsg"}
ODD: list[object] = [
    {}, 7, None, [], {"MsgType": 5}, {"MsgType": "TIMTextElem"}, {"MsgType": "TIMTextElem", "MsgContent": {"Text": 5}},
    {"MsgType": "TIMFutureElem", "MsgContent": 3},
]  # fmt: skip
FEW = 100
# A step that goes through all items for each of them would make it 16.
MOST = 4.5


def work(action: Callable[[], object]) -> int:
    """Count the calls that `action` makes, those of generators that go on and of functions in C included."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(before)
    return calls


def read(answer: object) -> Callable[[], object]:
    class Canned:
        def send(self, _request: object) -> Received:
            return Received(200, {}, json.dumps(answer).encode())

    client = ChatClient(1400000000, "dummy", region="singapore", transport=Canned())
    return lambda: client.groups.list_members(group_id="x")


def parse(text: str) -> Callable[[], BeforeSendMessageEvent]:
    def parsed() -> BeforeSendMessageEvent:
        event = webhooks.parse(BEFORE, text.encode())
        assert isinstance(event, BeforeSendMessageEvent)
        return event

    return parsed


def message(*elements: object) -> Callable[[], BeforeSendMessageEvent]:
    return parse(json.dumps({"MsgBody": elements}))


def reply(elements: list[object], change: Callable[[BeforeSendMessageEvent], list[Any]]) -> Callable[[], object]:
    event = message(*elements)()
    return lambda: webhooks.allow(event, msg_body=change(event))


def refuse(body: list[object]) -> Callable[[], object]:
    client = ChatClient(1400000000, "dummy", region="singapore")

    def refused() -> None:
        with pytest.raises(RequestError) as caught:
            client.messages.send(to_account="a", msg_body=body)  # type: ignore[arg-type]
        assert len(caught.value.problems) >= FEW

    return refused


DEVIATING: dict[str, Callable[[int], Callable[[], object]]] = {
    "members": lambda n: read({"ErrorCode": 0, "MemberList": [{"Member_Account": "a", "JoinTime": "odd"}] * n}),
    "members each in its way": lambda n: read(
        {"ErrorCode": 0, "MemberList": [{f"New{i}": 1, "JoinTime": [None, "", []][i % 3]} for i in range(n)]}
    ),
    "empty elements": lambda n: message(*[{}] * n),
    "elements of all kinds": lambda n: message(*ODD * (n // 4)),
    "unknown fields": lambda n: message({"MsgType": "TIMTextElem", "MsgContent": {"Text": 5, **keys(n)}}),
    "unknown fields of the event": lambda n: parse(json.dumps({"MsgBody": 5, **keys(n)})),
    "halves of pairs": lambda n: parse(json.dumps({"MsgBody": ["\ud800"] * n})),
    "halves of pairs in keys": lambda n: parse(json.dumps({f"{i}\ud800": 1 for i in range(n)})),
    "nested too deeply": lambda n: parse(f'{{"MsgBody": {"[" * 199}{",".join(["[[1]]"] * n)}{"]" * 199}}}'),
    "elements that go back": lambda n: reply(ODD * (n // 4), lambda event: event.msg_body or []),
    "elements that go back with another": lambda n: reply(
        ODD * (n // 4), lambda event: [TextElem("!"), *(event.msg_body or [])]
    ),
    "JSON that goes back with another": lambda n: reply(
        ODD * (n // 4), lambda event: [TextElem("!"), *event.raw["MsgBody"]]
    ),
    "a request's elements": lambda n: refuse(ODD * (n // 4)),
    "a request's unknown fields": lambda n: refuse(
        [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "x", **keys(n)}}]
    ),
    "a request's fields that are missing": lambda n: refuse([{"MsgType": "TIMTextElem", "MsgContent": {}}] * n),
    "a request's texts": lambda n: refuse(["\ud800"] * n),
}


def keys(number: int) -> dict[str, object]:
    return {f"From_Accoun{i}": i for i in range(number)}


@pytest.mark.parametrize("case", DEVIATING.values(), ids=DEVIATING)
def test_work_grows_with_the_size(
    case: Callable[[int], Callable[[], object]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    case(FEW)()  # so that models are loaded, and what deviates is logged
    few, many = work(case(FEW)), work(case(4 * FEW))
    assert many < MOST * few


def test_one_message_makes_few_lines(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lenient, "_logged", set())
    message(*ODD * 100)()
    assert 3 < len(caplog.records) < 20
    caplog.clear()
    model = COMMANDS["group_open_http_svc/get_group_info"].response_model
    lenient.log_deviations(model, [((), f"deviates in way {number}") for number in range(1000)])
    assert len(caplog.records) == 100


def test_the_objects_that_a_deviating_answer_makes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lenient, "_MOST_OBJECTS", 10)
    model = COMMANDS["group_open_http_svc/get_group_info"].response_model
    answer = model.model_validate({"ErrorCode": 0, "GroupInfo": [*({} for _ in range(30)), 1]})
    groups = answer.group_info
    assert [isinstance(group, BaseModel) for group in groups] == [True] * 10 + [False] * 21
    assert groups[10:] == [*({} for _ in range(20)), 1]
