"""JSON that is not written as it should be: answers and webhooks are read all the same, and it is logged once."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tencent_chat import ChatAPIError, ChatClient, Received, ResponseError, webhooks
from tencent_chat._bodies import lenient
from tencent_chat._bodies.reading import read_json
from tencent_chat.models.groups.create import CreateGroupResponse
from tencent_chat.webhooks import BeforeSendMessageEvent, Router, UnknownEvent, WebhookError

BEFORE = {"CallbackCommand": "C2C.CallbackBeforeSendMsg"}


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What was logged as deviations, in a process that has logged nothing yet."""
    monkeypatch.setattr(lenient, "_logged", set())
    return lambda: [
        record.getMessage().removeprefix("answer deviates from ")
        for record in caplog.records
        if record.name == "tencent_chat" and record.levelno == logging.WARNING and "deviates" in record.message
    ]


class Canned:
    def __init__(self, body: bytes, status: int = 200) -> None:
        self.received = Received(status, {}, body)

    def send(self, _request: object) -> Received:
        return self.received


def client(body: bytes, status: int = 200) -> ChatClient:
    return ChatClient(1400000000, "dummy", region="singapore", transport=Canned(body, status), retry=False)


# How the text of a field may be written, what it is then, and what is logged of it.
TEXTS = [
    pytest.param(rb"\ud800 badword", "\ufffd badword", "{path}: holds half of a surrogate pair", id="high"),
    pytest.param(rb"badword \udfff", "badword \ufffd", "{path}: holds half of a surrogate pair", id="low"),
    pytest.param(rb"\ude00\ud83d", "\ufffd\ufffd", "{path}: holds half of a surrogate pair", id="reversed"),
    pytest.param(rb"\ud83d\ude00 \ud800", "😀 \ufffd", "{path}: holds half of a surrogate pair", id="beside a pair"),
    pytest.param(b"a\xed\xa0\x80b", "a\ufffdb", "{path}: holds half of a surrogate pair", id="in bytes"),
    pytest.param(rb"\ud83d\ude00", "😀", None, id="pair"),
    pytest.param(b"\xed\xa0\xbd\xed\xb8\x80", "😀", "{path}: holds half of a surrogate pair", id="pair in bytes"),
    pytest.param(b"a\tb", "a\tb", "*: texts have control characters", id="tab"),
    pytest.param(b"a\nb\rc", "a\nb\rc", "*: texts have control characters", id="line"),
    pytest.param(b"\x1b[31m", "\x1b[31m", "*: texts have control characters", id="escape"),
    pytest.param(b"a\0b", "a\0b", "*: texts have control characters", id="zero"),
    pytest.param(b"a\xffb", "a\ufffdb", "*: expected UTF-8, got other bytes", id="no UTF-8"),
]
AROUND = [
    pytest.param(before, after, id=repr((before, after)))
    for before, after in [
        (b"", b"\0"), (b"", b"\0\0\0\n"), (b"\0", b""), (b"\0\0", b"\0"), (b"\xef\xbb\xbf", b""),
        (b" \x1b", b"\x7f"), (b"\r\n\x0c", b"\x0b\x1a"), (b"", b"\xc2\xa0"),
    ]
]  # fmt: skip
SUCCESS = b'{"ErrorCode": 0, "GroupId": "%s"}'
FAILURE = b'{"ErrorCode": 10002, "ActionStatus": "FAIL", "ErrorInfo": "%s"}'


@pytest.mark.parametrize(("written", "text", "deviation"), TEXTS)
def test_texts_of_answers(written: bytes, text: str, deviation: str | None, logged: Callable[[], list[str]]) -> None:
    caller = client(SUCCESS % written)
    for _ in range(2):
        response = caller.groups.create(type="Public", name="x")
        assert (response.group_id, response.raw["GroupId"]) == (text, text)
    response.model_dump_json().encode()
    with pytest.raises(ChatAPIError) as caught:
        client(FAILURE % written).groups.create(type="Public", name="x")
    assert (caught.value.info, caught.value.raw["ErrorInfo"]) == (text, text)
    str(caught.value).encode()
    assert set(logged()) == (
        {f"CreateGroupResponse: {deviation.format(path=name)}" for name in ("GroupId", "ErrorInfo")}
        if deviation
        else set()
    )
    assert len(logged()) == len(set(logged()))


@pytest.mark.parametrize(("before", "after"), AROUND)
def test_what_is_around_an_answer(before: bytes, after: bytes, logged: Callable[[], list[str]]) -> None:
    for _ in range(2):
        assert client(before + SUCCESS % b"x" + after).groups.create(type="Public", name="x").group_id == "x"
    with pytest.raises(ChatAPIError) as caught:
        client(before + FAILURE % b"why" + after).groups.create(type="Public", name="x")
    assert (caught.value.code, caught.value.info) == (10002, "why")
    assert logged() == ["CreateGroupResponse: *: has control characters or a byte order mark around it"]


@pytest.mark.parametrize(("written", "text", "deviation"), TEXTS)
def test_texts_of_webhooks(written: bytes, text: str, deviation: str | None, logged: Callable[[], list[str]]) -> None:
    body = b'{"MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "%s"}}], "New": {"%s": 1}}' % (
        written,
        written,
    )
    seen: list[Any] = []
    router = Router(token=None)
    router.fallback(seen.append)
    for _ in range(2):
        assert router.handle(BEFORE, body).status == 200
    for event in (seen[0], copy.deepcopy(seen[0]), pickle.loads(pickle.dumps(seen[0]))):
        assert type(event) is BeforeSendMessageEvent
        assert event.msg_body[0].msg_content.text == text
        assert event.raw == {
            "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": text}}],
            "New": {text: 1},
        }
        assert event.model_dump(by_alias=True, exclude_unset=True) == event.raw
        assert event == seen[0]
    paths = ["MsgBody[].MsgContent.Text", "*"] if deviation else []
    assert set(logged()) == {f"BeforeSendMessageEvent: {str(deviation).format(path=path)}" for path in paths}
    assert len(logged()) == len(set(logged()))


@pytest.mark.parametrize(("before", "after"), AROUND)
def test_what_is_around_a_webhook(before: bytes, after: bytes, logged: Callable[[], list[str]]) -> None:
    for _ in range(2):
        event = webhooks.parse({}, before + json.dumps({**BEFORE, "From_Account": "bob"}).encode() + after)
        assert isinstance(event, BeforeSendMessageEvent)
        assert event.from_account == "bob"
    assert logged() == ["BeforeSendMessageEvent: *: has control characters or a byte order mark around it"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings(encoding: str, logged: Callable[[], list[str]]) -> None:
    body = '{"ErrorCode": 0, "GroupId": "é😀"}'.encode(encoding)
    assert client(body).groups.create(type="Public", name="x").group_id == "é😀"
    assert webhooks.parse({}, body).raw["GroupId"] == "é😀"
    assert all("expected UTF-8, got UTF-" in text or "around it" in text for text in logged())


def test_pages_with_control_characters_are_read_on() -> None:
    page = b'{"ErrorCode": 0, "TotalCount": 1, "GroupIdList": [{"GroupId": "a\x00\tb"}]}\0'
    assert next(iter(client(page).groups.iter_all())) == "a\0\tb"


@pytest.mark.parametrize("body", [b"{}x", b"{}{}", b"{\0}", b"\0", b"", b"\xef\xbb\xbf", b'{"a": "\t', b"<p>\0</p>"])
def test_no_json_stays_none(body: bytes, logged: Callable[[], list[str]]) -> None:
    with pytest.raises(ResponseError, match="no JSON"):
        client(body).groups.create(type="Public", name="x")
    with pytest.raises(WebhookError):
        webhooks.parse(BEFORE, body)
    assert logged() == []


@pytest.mark.parametrize("opened", [b"[", b'{"a":'])
def test_nesting_has_an_end(opened: bytes, logged: Callable[[], list[str]]) -> None:
    closed = b"]" if opened == b"[" else b"}"
    for depth in (500, 50_000):
        body = b'{"CallbackCommand": "C2C.CallbackBeforeSendMsg", "ErrorCode": 0, "GroupId": "}]", "New": %s1%s}' % (
            opened * depth,
            closed * depth,
        )
        event = webhooks.parse({}, body)
        assert isinstance(event, BeforeSendMessageEvent)
        assert json.loads(json.dumps(event.raw)) == event.raw == pickle.loads(pickle.dumps(event)).raw
        assert copy.deepcopy(event) == event
        assert event.model_dump(by_alias=True, exclude_unset=True) == event.raw
        assert json.loads(event.model_dump_json(by_alias=True, exclude_unset=True)) == event.raw
        assert client(body).groups.create(type="Public", name="x").group_id == "}]"
    assert len(logged()) == 2
    assert all("*: is nested in more than 200 levels" in text for text in logged())


def test_answers_from_texts(logged: Callable[[], list[str]]) -> None:
    for text in ('{"GroupId": "a\\ud800"}', '{"GroupId": "a\ud800"}', b'{"GroupId": "a\\ud800"}\0'):
        assert CreateGroupResponse.model_validate_json(text).group_id == "a\ufffd"
    assert set(logged()) == {
        "CreateGroupResponse: GroupId: holds half of a surrogate pair",
        "CreateGroupResponse: *: has control characters or a byte order mark around it",
    }


def test_queries_with_damaged_texts() -> None:
    query = parse_qs("CallbackCommand=%ff&ClientIP=%ed%a0%80&OptPlatform=%c3%28", errors="surrogateescape")
    event = webhooks.parse(query, b"{}")
    assert isinstance(event, UnknownEvent)
    assert event.context == ("\ufffd", None, "\ufffd\ufffd\ufffd", "\ufffd(")


def test_many_damaged_texts_make_few_lines(logged: Callable[[], list[str]]) -> None:
    keys = ",".join(f'"{number}\\ud800": "\\ud800"' for number in range(5000))
    webhooks.parse(BEFORE, f"{{{keys}}}".encode())
    assert logged() == ["BeforeSendMessageEvent: *: holds half of a surrogate pair"]


def mended(value: Any) -> Any:
    if isinstance(value, str):
        paired = re.sub("[\ud800-\udbff][\udc00-\udfff]", lambda pair: json.loads(json.dumps(pair[0])), value)
        return re.sub("[\ud800-\udfff]", "\ufffd", paired)
    if isinstance(value, list):
        return [mended(item) for item in value]
    if isinstance(value, dict):
        return {mended(key): mended(item) for key, item in value.items()}
    return value


texts = st.text(max_size=5) | st.text(st.sampled_from("\ud83d\ude00a\t"), max_size=4)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
)


@given(
    values.filter(lambda value: value is not None),
    st.booleans(),
    st.sampled_from([b"", b" ", b"\0", b"\xef\xbb\xbf", b"\n\x1b"]),
)
def test_all_that_json_can_say_is_read(value: object, ascii_only: bool, around: bytes) -> None:
    written = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    found = read_json(around + written + around)
    assert json.dumps(found.value) == json.dumps(mended(value))
    if around.strip() or json.dumps(mended(value)) != json.dumps(value):
        assert found.deviations
