"""Limits that the vendor states are kept before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generated.recording import Recorder, client_of, problems
from tencent_chat import ChatClient, RequestError
from tencent_chat.models import CustomElem, TextElem, UnknownElement

LARGEST = 12288
TEXT = {"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}
CUSTOM = {"MsgType": "TIMCustomElem", "MsgContent": {"Data": "d"}}

Body = list[Any]
WAYS: dict[str, Callable[[ChatClient, Body], object]] = {
    "send": lambda c, body: c.messages.send(to_account="b", msg_body=body),
    "send_batch": lambda c, body: c.messages.send_batch(to_account=["b"], msg_body=body),
    "send_batch_many": lambda c, body: c.messages.send_batch_many(to_account=["b"], msg_body=body),
    "update": lambda c, body: c.messages.update(from_account="a", to_account="b", msg_key="k", msg_body=body),
    "import": lambda c, body: c.messages.import_message(
        from_account="a", to_account="b", msg_time_stamp=1, sync_from_old_system=5, msg_body=body
    ),
    "group": lambda c, body: c.groups.send_message(group_id="g", msg_body=body),
    "update of a group": lambda c, body: c.call(
        "openim/modify_group_msg", {"GroupId": "g", "MsgSeq": 1, "MsgBody": body}
    ),
    "call": lambda c, body: c.call("openim/sendmsg", {"To_Account": "b", "MsgBody": body}),
    "a model": lambda c, body: c.call("group_open_http_svc/send_group_msg", {"GroupId": "g", "MsgBody": tuple(body)}),
}


def text_of_size(size: int) -> TextElem:
    """Return an element that makes a body of `size` bytes."""
    return TextElem("x" * (size - len(json.dumps([{**TEXT, "MsgContent": {"Text": ""}}], separators=(",", ":")))))


@pytest.mark.parametrize("way", WAYS)
def test_a_body_over_12_kb(way: str) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    WAYS[way](client, [text_of_size(LARGEST)])
    assert len(json.dumps(recorder.body["MsgBody"], separators=(",", ":"))) == LARGEST
    assert problems(lambda: WAYS[way](client, [text_of_size(LARGEST + 1)])) == [
        ("MsgBody", "at most 12288 bytes of JSON, got 12289")
    ]
    # As UTF-8, of which three bytes are a character.
    assert problems(lambda: WAYS[way](client, [TextElem("字" * 4100)])) == [
        ("MsgBody", "at most 12288 bytes of JSON, got 12352")
    ]
    assert problems(lambda: WAYS[way](client, [{"MsgType": "TIMFaceElem", "MsgContent": {"Data": "d" * 13000}}]))
    assert len(recorder.bodies) == 1
    WAYS[way](client.with_options(validate=False), [text_of_size(LARGEST + 1)])
    assert len(recorder.bodies) == 2


@given(st.text(max_size=60), st.integers(3900, 4200))
def test_the_size_is_that_on_the_wire(text: str, count: int) -> None:
    body = [TextElem((text + "字") * count)]
    recorder = Recorder()
    client = client_of(recorder)
    try:
        client.messages.send(to_account="b", msg_body=body, validate=False)
    except RequestError:
        # Half a surrogate pair.
        return
    size = len(json.dumps(recorder.body["MsgBody"], separators=(",", ":"), ensure_ascii=False).encode())
    if size > LARGEST:
        told = problems(lambda: client.messages.send(to_account="b", msg_body=body))
        assert told == [("MsgBody", f"at most 12288 bytes of JSON, got {size}")]
    else:
        client.messages.send(to_account="b", msg_body=body)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "body",
    [
        [CustomElem(data="a"), CustomElem(data="b")],
        [CustomElem(data="a"), TextElem("hi"), CUSTOM],
        [CUSTOM, CUSTOM],
    ],
)
def test_two_custom_elements(way: str, body: Body) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    assert problems(lambda: WAYS[way](client, body)) == [("MsgBody", 'at most 1 with MsgType "TIMCustomElem", got 2')]
    assert not recorder.bodies
    WAYS[way](client, [TextElem("hi"), CUSTOM])
    WAYS[way](client.with_options(validate=False), body)
    assert len(recorder.bodies) == 2


@pytest.mark.parametrize("way", WAYS)
def test_an_empty_body(way: str) -> None:
    recorder = Recorder()
    assert problems(lambda: WAYS[way](client_of(recorder), [])) == [("MsgBody", "at least 1 item, got 0")]
    assert not recorder.bodies


def test_messages_inside_of_a_list() -> None:
    recorder = Recorder()
    messages = [{"From_Account": "a", "SendTime": 1, "MsgBody": [text_of_size(LARGEST + number)]} for number in (0, 1)]
    client = client_of(recorder)
    told = [
        problems(lambda: client.groups.import_messages(group_id="g", msg_list=messages)),
        problems(lambda: client.groups.import_messages_many(group_id="g", msg_list=messages)),
        problems(lambda: client.call("group_open_http_svc/import_group_msg", {"GroupId": "g", "MsgList": messages})),
    ]
    assert told == [[("MsgList[1].MsgBody", "at most 12288 bytes of JSON, got 12289")]] * 3
    assert not recorder.bodies


EMPTY: list[tuple[Callable[[ChatClient], object], str]] = [
    (lambda c: c.messages.send(to_account="", msg_body=[TextElem("hi")]), "To_Account"),
    (lambda c: c.messages.send(to_account="b", from_account="", msg_body=[TextElem("hi")]), "From_Account"),
    (lambda c: c.messages.send_batch(to_account=["a", ""], msg_body=[TextElem("hi")]), "To_Account[1]"),
    (lambda c: c.messages.send_batch_many(to_account=["a"] * 700 + [""], msg_body=[TextElem("hi")]), "To_Account[700]"),
    (lambda c: c.call("openim/sendmsg", {"To_Account": "", "MsgBody": [TEXT]}), "To_Account"),
    (
        lambda c: c.groups.add_members(group_id="g", member_list=[{"Member_Account": ""}]),
        "MemberList[0].Member_Account",
    ),
    (lambda c: c.accounts.import_account(user_id=""), "UserID"),
    (lambda c: c.groups.delete(group_id=""), "GroupId"),
]


@pytest.mark.parametrize(("call", "path"), EMPTY)
def test_an_empty_account(call: Callable[[ChatClient], object], path: str) -> None:
    recorder = Recorder()
    assert problems(lambda: call(client_of(recorder))) == [(path, "at least 1 character")]
    assert not recorder.bodies


def test_an_empty_list_of_accounts() -> None:
    recorder = Recorder()
    client = client_of(recorder)
    assert problems(lambda: client.messages.send_batch(to_account=[], msg_body=[TextElem("hi")]))[0][0] == "To_Account"
    assert not recorder.bodies


@pytest.mark.parametrize("lifetime", [0, 604800, 8 * 86400, timedelta(days=8), 2**40])
def test_commands_agree_about_lifetimes(lifetime: Any) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    client.messages.send(to_account="b", msg_body=[TextElem("hi")], msg_life_time=lifetime)
    client.messages.send_batch(to_account=["b"], msg_body=[TextElem("hi")], msg_life_time=lifetime)
    first, second = (body["MsgLifeTime"] for body in recorder.bodies)
    assert first == second
    for method in (client.messages.send, client.messages.send_batch):
        assert "longer ones are cut to 604800" in " ".join((method.__doc__ or "").split())


def test_an_unknown_element_has_any_fields_but_no_type_of_another() -> None:
    made = UnknownElement.model_validate({"MsgType": "TIMFutureElem", "MsgContent": {"A": 1}, "Beside": 2})
    recorder = Recorder()
    client_of(recorder).messages.send(to_account="b", msg_body=[made], validate=False)
    assert recorder.body["MsgBody"] == [{"MsgType": "TIMFutureElem", "MsgContent": {"A": 1}, "Beside": 2}]
