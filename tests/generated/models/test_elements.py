"""Elements of messages: made of their content, kept as they came."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from tencent_chat import COMMANDS, ChatClient, Received, Request, RequestError
from tencent_chat.models import (
    CustomElem,
    DeskStreamElem,
    FaceElem,
    FileElem,
    ImageElem,
    ImageInfo,
    LocationElem,
    RelayElem,
    SoundElem,
    StreamChunk,
    StreamElem,
    TextContent,
    TextElem,
    UnknownElement,
    VideoElem,
)
from tencent_chat.models._element import Element

OK = b'{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}'

ELEMENTS: list[tuple[Callable[[], BaseModel], str, dict[str, object]]] = [
    (lambda: TextElem("hi"), "TIMTextElem", {"Text": "hi"}),
    (lambda: TextElem(text="hi"), "TIMTextElem", {"Text": "hi"}),
    (
        lambda: LocationElem(desc="d", latitude=1.5, longitude=-2),
        "TIMLocationElem",
        {"Desc": "d", "Latitude": 1.5, "Longitude": -2},
    ),
    (lambda: FaceElem(index=0, data=""), "TIMFaceElem", {"Index": 0, "Data": ""}),
    (
        lambda: CustomElem(data="{}", desc="d", ext="e", sound="s"),
        "TIMCustomElem",
        {"Data": "{}", "Desc": "d", "Ext": "e", "Sound": "s"},
    ),
    (
        lambda: SoundElem(url="u", uuid="i", size=1, second=2, download_flag=2),
        "TIMSoundElem",
        {"Url": "u", "UUID": "i", "Size": 1, "Second": 2, "Download_Flag": 2},
    ),
    (
        lambda: ImageElem(uuid="i", image_format=255, image_info_array=[ImageInfo(type=1, url="u"), {"Type": 2}]),
        "TIMImageElem",
        {"UUID": "i", "ImageFormat": 255, "ImageInfoArray": [{"Type": 1, "URL": "u"}, {"Type": 2}]},
    ),
    (
        lambda: FileElem(url="u", file_name="f", file_size=3),
        "TIMFileElem",
        {"Url": "u", "FileName": "f", "FileSize": 3},
    ),
    (lambda: VideoElem(video_url="u", video_second=4), "TIMVideoFileElem", {"VideoUrl": "u", "VideoSecond": 4}),
    (lambda: RelayElem(title="t"), "TIMRelayElem", {"Title": "t"}),
    (
        lambda: StreamElem([StreamChunk(event_type="delta", index=1, markdown="m", is_last=False)]),
        "TIMStreamElem",
        {"Chunks": [{"EventType": "delta", "Index": 1, "Markdown": "m", "IsLast": False}]},
    ),
    (
        lambda: DeskStreamElem([{"EventType": "data", "Index": 1, "Markdown": "m", "IsLast": True}]),
        "TIMStreamElem",
        {"Chunks": [{"EventType": "data", "Index": 1, "Markdown": "m", "IsLast": True}]},
    ),
]


class Recorder:
    """Keeps what is sent, and answers with `answer`."""

    def __init__(self, answer: bytes = OK) -> None:
        self.answer = answer
        self.bodies: list[Any] = []

    def send(self, request: Request) -> Received:
        self.bodies.append(json.loads(request.body))
        return Received(200, {}, self.answer)


@pytest.mark.parametrize(("make", "name", "content"), ELEMENTS)
def test_an_element_is_its_type_and_its_content(
    make: Callable[[], BaseModel], name: str, content: dict[str, object]
) -> None:
    element, wire = make(), {"MsgType": name, "MsgContent": content}
    assert element.model_dump(mode="json", by_alias=True, exclude_unset=True) == wire
    recorder = Recorder()
    client = ChatClient(1, "dummy", region="china", transport=recorder)
    if isinstance(element, DeskStreamElem):
        client.desk.send_stream_message_v2(session_id="s", msg_body=[element])
    elif isinstance(element, StreamElem):
        client.messages.send_stream(from_account="ann", to_account="bob", msg_body=[element])
    else:
        client.messages.send(to_account="bob", msg_body=[element])
    assert recorder.bodies[0]["MsgBody"] == [wire]
    parsed = type(element).model_validate(wire)
    assert parsed == element
    assert copy.deepcopy(element) == element == pickle.loads(pickle.dumps(element))
    for text in (value for value in content.values() if isinstance(value, str) and len(value) > 1):
        assert text not in repr(element)


def test_every_element_is_tried() -> None:
    assert {type(make()) for make, _, _ in ELEMENTS} == set(Element.__subclasses__())


def test_its_own_fields_make_it_too() -> None:
    content = TextContent(text="hi")
    assert TextElem(msg_type="TIMTextElem", msg_content=content) == TextElem("hi")
    assert TextElem(**{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}) == TextElem("hi")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "fields", "message"),
    [
        (("hi", "there"), {}, "TextElem takes text by position, got 2 values"),
        (("hi",), {"text": "there"}, "TextElem got text twice"),
        (("hi",), {"Text": "there"}, "TextElem got text twice"),
        ((), {"text": "hi", "Text": "there"}, "TextElem got text twice"),
        ((), {"txt": "hi"}, "TextElem has no field txt; it has text"),
    ],
)
def test_wrong_arguments(arguments: tuple[str, ...], fields: dict[str, str], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        TextElem(*arguments, **fields)  # type: ignore[call-overload]


@pytest.mark.parametrize("make", [lambda: TextElem(7), lambda: TextElem(), lambda: FaceElem(index="7")])
def test_wrong_values(make: Callable[[], object]) -> None:
    with pytest.raises(RequestError, match=r"expected a string, got an integer|is required|expected an integer"):
        make()


WIRE = [
    {"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi", "New": [1, {"a": None}]}, "Newer": 1},
    {"MsgType": "TIMTextElem", "MsgContent": {"Text": 5}},
    {"MsgType": "TIMTextElem"},
    {"MsgType": "TIMFutureElem", "MsgContent": {"Anything": [1.0, "x", None]}, "More": {}},
    {"MsgType": "TIMFaceElem", "MsgContent": "text"},
]


def test_what_came_is_sent_on_as_it_was() -> None:
    answer = {"ActionStatus": "OK", "ErrorCode": 0, "MsgList": [{"From_Account": "a", "MsgBody": WIRE}]}
    recorder = Recorder(json.dumps(answer).encode())
    client = ChatClient(1, "dummy", region="china", transport=recorder)
    history = client.messages.get_history(operator_account="a", peer_account="b", max_cnt=1, min_time=0, max_time=1)
    body = (history.msg_list or [])[0].msg_body or []
    assert isinstance(body[3], UnknownElement)
    client.messages.send(to_account="bob", msg_body=body, validate=False)
    assert recorder.bodies[1]["MsgBody"] == WIRE


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_comes_through(data: str, desc: str, ext: str, sound: str) -> None:
    element = CustomElem(data=data, desc=desc, ext=ext, sound=sound)
    wire = element.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert wire["MsgContent"] == {"Data": data, "Desc": desc, "Ext": ext, "Sound": sound}
    assert CustomElem.model_validate(wire) == element


def test_answers_are_made_without_the_constructor(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("called")

    monkeypatch.setattr(Element, "__init__", refuse)
    model = COMMANDS["openim/admin_getroammsg"].response_model
    answer = model.model_validate(
        {"ErrorCode": 0, "MsgList": [{"MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "a"}}]}]}
    )
    assert answer.model_dump(by_alias=True, exclude_unset=True)["MsgList"][0]["MsgBody"][0]["MsgContent"] == {
        "Text": "a"
    }
