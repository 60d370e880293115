"""Replies can be written, whatever a webhook brought that is in them: the service lets pass what fails."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from tencent_chat import RequestError, webhooks
from tencent_chat._bodies import lenient
from tencent_chat.models import TextContent, TextElem
from tencent_chat.webhooks import BeforeSendMessageEvent, BeforeSendMessageReply, Reply, Router

BEFORE = {"CallbackCommand": "C2C.CallbackBeforeSendMsg", "ClientIP": "\udcff"}
TEXT = {"MsgType": "TIMTextElem", "MsgContent": {"Text": "x"}}


def body(text: str = '"x"', elements: str = "", content: str = "") -> bytes:
    """A message as JSON; `text` and what is added are JSON, too."""
    element = f'{{"MsgType": "TIMTextElem", "MsgContent": {{"Text": {text}{content}}}}}'
    return f'{{"From_Account": {text}, "CloudCustomData": {text}, "MsgBody": [{element}{elements}]}}'.encode()


FACE = '{"MsgType": "TIMFaceElem", "MsgContent": {"Index": %s}}'
DEEP = "[" * 90 + "]" * 90
MESSAGES = {
    "plain": body(),
    "half a pair": body(r'"\ud800 badword"'),
    "the other half": body(r'"badword \udc00"'),
    "a pair": body(r'"\ud83d\ude00"'),
    "half a pair in a key": body(content=r', "\ud800": "\udfff"'),
    "half a pair in bytes": body('"Z"').replace(b"Z", b"\xed\xa0\x80"),
    "control characters": body('"\t\n\0\x1b"') + b"\0",
    "deep": body(content=f', "a": {"[" * 900 + "]" * 900}'),
    "deeper": body(elements=f', {"[" * 5000 + "]" * 5000}'),
    "below the bound": body(content=f', "a": {DEEP}, "b": {DEEP}'),
    "NaN": body(content=', "a": NaN, "b": [-Infinity, Infinity]', elements=f", {FACE % 'NaN'}"),
    "a number too large": body(content=', "a": 1e400, "b": -1e999', elements=f", {FACE % '1e400'}"),
    "a long integer": body(content=f', "a": {"9" * 4000}'),
    "an integer too long": body(content=f', "a": {"9" * 9000}'),
    "a number for a text": body("5"),
    "an array for a text": body('["x"]'),
    "elements of other kinds": body(elements=', 5, null, [], {}, {"MsgType": 5}, {"MsgContent": {}}, "\\ud800"'),
    "a text for elements": rb'{"MsgBody": "\ud800"}',
    "an object for elements": rb'{"MsgBody": {"\ud800": NaN}}',
}  # fmt: skip


def own(event: BeforeSendMessageEvent, raw: bytes) -> Any:
    """What a handler that reads the body by itself gets; the event's JSON where the library cannot read it."""
    try:
        return json.loads(raw, strict=False)
    except (ValueError, RecursionError):
        return event.raw


def censored(event: BeforeSendMessageEvent, _raw: bytes) -> Reply:
    elements = event.msg_body if isinstance(event.msg_body, list) else []
    for element in elements:
        if isinstance(element, TextElem):
            element.msg_content.text = str(element.msg_content.text).replace("badword", "***")
    return webhooks.allow(event, msg_body=elements)


def quoting(event: BeforeSendMessageEvent, _raw: bytes) -> Reply:
    return webhooks.reject(event, info=f"{event.context.client_ip} wrote {event.raw!r}: {event.from_account}")


HANDLERS: dict[str, Callable[[BeforeSendMessageEvent, bytes], Reply]] = {
    "msg_body": lambda event, _: webhooks.allow(event, msg_body=event.msg_body),
    "msg_body and more": lambda event, _: webhooks.allow(
        event, msg_body=[*(event.msg_body if isinstance(event.msg_body, list) else []), TextElem("!")]
    ),
    "raw": lambda event, _: webhooks.allow(event, msg_body=event.raw["MsgBody"]),
    "raw without the first": lambda event, _: webhooks.allow(
        event, msg_body=event.raw["MsgBody"][1:] if isinstance(event.raw["MsgBody"], list) else []
    ),
    "own reading": lambda event, raw: webhooks.allow(event, msg_body=own(event, raw)["MsgBody"]),
    "own text in a mapping": lambda event, raw: webhooks.allow(
        event, msg_body=[{"MsgType": "TIMTextElem", "MsgContent": {"Text": str(own(event, raw).get("From_Account"))}}]
    ),
    "own text in an object": lambda event, raw: webhooks.allow(
        event, msg_body=[TextElem(str(own(event, raw).get("From_Account")))]
    ),
    "own text in a reply by hand": lambda event, raw: BeforeSendMessageReply(
        action_status="OK", error_code=120001, error_info=str(own(event, raw).get("From_Account"))
    ),
    "own text in info": lambda event, raw: webhooks.reject(event, info=str(own(event, raw))),
    "censored": censored,
    "quoting": quoting,
    "dumped": lambda event, _: webhooks.reject(event, info=event.model_dump_json()),
    "drop": lambda event, _: webhooks.drop(event, info=str(event.cloud_custom_data)),
}  # fmt: skip


def refused(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("handler", HANDLERS.values(), ids=HANDLERS)
def test_every_reply_is_written(name: str, handler: Callable[[BeforeSendMessageEvent, bytes], Reply]) -> None:
    received = MESSAGES[name]
    router = Router(token=None)
    router.on(BeforeSendMessageEvent)(lambda event: handler(event, received))
    for answer in (router.handle(BEFORE, received), asyncio.run(router.handle_async(BEFORE, received))):
        assert answer.status == 200
        json.loads(answer.body.decode(), parse_constant=refused)


@pytest.mark.parametrize("name", MESSAGES)
def test_every_event_can_be_written_and_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    event = webhooks.parse({"CallbackCommand": "C2C.CallbackOfTomorrow"}, MESSAGES[name])
    known = webhooks.parse(BEFORE, MESSAGES[name])
    for text in (repr(event), repr(event.raw), repr(known), known.model_dump_json(), str(event.model_extra)):
        print(text)
        text.encode()
    capsys.readouterr()


def test_deferred_handlers_get_the_same() -> None:
    router = Router(token=None)
    kept: list[Any] = []
    router.fallback(lambda event: kept.append(json.dumps(event.raw, ensure_ascii=False).encode()))
    later: list[tuple[Any, ...]] = []
    query = {"CallbackCommand": "C2C.CallbackAfterSendMsg"}
    assert router.handle(query, MESSAGES["half a pair"], defer=lambda *call: later.append(call)).status == 200
    [(run, *arguments)] = later
    run(*arguments)
    assert json.loads(kept[0])["From_Account"] == "\ufffd badword"


def test_what_json_lacks_becomes_null_and_is_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lenient, "_logged", set())
    event = webhooks.parse(BEFORE, MESSAGES["plain"])
    assert isinstance(event, BeforeSendMessageEvent)
    element = {"MsgType": "TIMOther", "MsgContent": {"a": [float("inf"), 10**5000, "\ud800", "\ud83d\ude00"]}}
    reply = webhooks.allow(event, msg_body=[element])
    assert reply.model_dump(by_alias=True, exclude_unset=True)["MsgBody"] == [
        {"MsgType": "TIMOther", "MsgContent": {"a": [None, None, "\ufffd", "😀"]}}
    ]
    for text in ("JSON has no such number", "has too many digits", "holds half of a surrogate pair"):
        assert f"BeforeSendMessageReply: MsgBody[].MsgContent.*[]: {text}" in caplog.text


def test_what_the_handler_got_wrong_is_still_an_error() -> None:
    event = webhooks.parse(BEFORE, MESSAGES["elements of other kinds"])
    assert isinstance(event, BeforeSendMessageEvent)
    for wrong in (6, {"MsgType": 6}, {"MsgType": "TIMTextElem", "MsgContent": {}}, {1, 2}, object(), b"x"):
        with pytest.raises(RequestError) as caught:
            webhooks.allow(event, msg_body=[*(event.msg_body or []), wrong])
        assert {problem.path.partition(".")[0] for problem in caught.value.problems} == {"MsgBody[8]"}


def test_parts_of_the_handlers_own_may_be_deep() -> None:
    nested: object = TextContent(text="x")
    for _ in range(sys.getrecursionlimit() - 200):
        nested = [nested]
    event = webhooks.parse(BEFORE, MESSAGES["plain"])
    assert isinstance(event, BeforeSendMessageEvent)
    webhooks.allow(event, msg_body=[{"MsgType": "TIMOther", "MsgContent": {"a": nested}}])


@pytest.mark.parametrize(
    "content",
    [
        '{"MsgType": "TIMTextElem", "MsgContent": {}}',
        '{"MsgType": "TIMImageElem", "MsgContent": {"ImageInfoArray": [{}]}}',
    ],
)
def test_what_the_event_writes_of_itself_can_be_a_reply(content: str) -> None:
    router = webhooks.Router(token=None)

    @router.on(webhooks.BeforeSendMessageEvent)
    def check(event: webhooks.BeforeSendMessageEvent) -> webhooks.BeforeSendMessageReply:
        return webhooks.allow(event, msg_body=event.model_dump(by_alias=True)["MsgBody"])

    body = f'{{"MsgBody": [{content}]}}'.encode()
    answer = router.handle({"CallbackCommand": "C2C.CallbackBeforeSendMsg"}, body)
    assert answer.status == 200
    assert json.loads(answer.body)["ErrorCode"] == 0
