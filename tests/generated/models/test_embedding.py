"""Answers and events inside of other models, frameworks and files: written as received, and never with a warning.

Pydantic's warnings about values that do not fit would show them, and they may be messages.
"""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import json
import logging
import pickle
from collections.abc import Callable
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import httpx
import pytest
from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, computed_field, field_serializer
from pydantic.dataclasses import dataclass
from typing_extensions import TypedDict

from tencent_chat import COMMANDS, webhooks
from tencent_chat._bodies.fields import wire_names
from tencent_chat.models import GroupMember, ImportGroupMessagesResponse, TextElem
from tencent_chat.models.groups.list_members import ListGroupMembersResponse
from tencent_chat.models.messages.get_history import GetMessageHistoryResponse
from tencent_chat.webhooks import BeforeSendMessageEvent, Event

pytestmark = pytest.mark.filterwarnings("error::UserWarning")

T = TypeVar("T")

PLAIN = {
    "ActionStatus": "OK",
    "ErrorCode": 0,
    "ErrorInfo": "",
    "MemberNum": 1,
    "MemberList": [{"Member_Account": "bob", "JoinTime": 7, "AppMemberDefinedData": [{"Key": "k", "Value": "v"}]}],
}
# Values of wrong types, null where something is required, items that are no objects, unknown fields.
ODD = {
    "ActionStatus": 5,
    "ErrorCode": "0",
    "MemberNum": True,
    "New": {"a": [1, None, {"b": 1.5}]},
    "MemberList": [
        {"Member_Account": None, "JoinTime": "secret", "AppMemberDefinedData": [{"Key": 5}, "secret", None]},
        {"Member_Account": ["secret"], "New": "secret", "AppMemberDefinedData": {"Key": "secret"}},
        "secret",
        7,
    ],
}
MESSAGES = {
    "ErrorCode": 0,
    "MsgList": [
        {"MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": 5, "New": "secret"}}, {"MsgType": 5}, {}, 7]},
        {"MsgBody": [{"MsgType": "TIMRelayElem", "MsgContent": {"MsgList": [{"MsgBody": [{"MsgType": None}]}]}}]},
        {"MsgBody": {"MsgType": "secret"}, "MsgTimeStamp": "secret"},
    ],
}
CASES: list[tuple[type[BaseModel], dict[str, object]]] = [
    (ListGroupMembersResponse, PLAIN),
    (ListGroupMembersResponse, ODD),
    (ListGroupMembersResponse, {"MemberList": "secret"}),
    (GetMessageHistoryResponse, MESSAGES),
    (BeforeSendMessageEvent, {"From_Account": ["secret"], **MESSAGES["MsgList"][0]}),  # type: ignore[index]
]
IDS = ["plain", "odd", "text for a list", "messages", "event"]
cases = pytest.mark.parametrize(("model", "received"), CASES, ids=IDS)


def wrapped(model: type[T], value: T) -> list[tuple[Any, object, Callable[[Any], Any]]]:
    """Types that hold a model, an object of each with `value` inside, and how to get to what is written of it."""

    class Outer(BaseModel):
        answer: model  # type: ignore[valid-type]

    class Deep(BaseModel):
        outer: Outer | None = None
        many: dict[str, list[tuple[model, int]]]  # type: ignore[valid-type]

    class Either(BaseModel):
        either: ImportGroupMessagesResponse | model | str  # type: ignore[valid-type]

    class Page(BaseModel, Generic[T]):
        items: list[T]

    @dataclass
    class Modern:
        answer: model  # type: ignore[valid-type]

    @dataclasses.dataclass
    class Standard:
        answer: model  # type: ignore[valid-type]

    Typed = TypedDict("Typed", {"answer": model})  # type: ignore[misc, valid-type]  # noqa: UP013
    Named = NamedTuple("Named", [("answer", model)])  # type: ignore[misc, valid-type]  # noqa: UP014

    return [
        (model, value, lambda written: written),
        (list[model], [value], lambda written: written[0]),  # type: ignore[valid-type]
        (dict[str, model | None], {"a": value}, lambda written: written["a"]),  # type: ignore[valid-type]
        (Annotated[model, Field(title="x")], value, lambda written: written),
        (Any, value, lambda written: written),
        (Outer, Outer(answer=value), lambda written: written["answer"]),
        (Deep, Deep(outer=Outer(answer=value), many={}), lambda written: written["outer"]["answer"]),
        (Deep, Deep(many={"a": [(value, 1)]}), lambda written: written["many"]["a"][0][0]),
        (Either, Either(either=value), lambda written: written["either"]),
        (Page[model], Page[model](items=[value]), lambda written: written["items"][0]),  # type: ignore[valid-type]
        (Modern, Modern(value), lambda written: written["answer"]),
        (Standard, Standard(value), lambda written: written["answer"]),
        (Typed, Typed(answer=value), lambda written: written["answer"]),
        (Named, Named(value), lambda written: written[0]),
    ]  # fmt: skip


WIRE = {"by_alias": True, "exclude_unset": True}


@cases
def test_inside_of_anything(model: type[BaseModel], received: dict[str, object]) -> None:
    value = model.model_validate(received)
    for kind, outer, inner in wrapped(model, value):
        adapter = TypeAdapter(kind)
        assert inner(adapter.dump_python(outer, **WIRE)) == received
        assert inner(adapter.dump_python(outer, mode="json", **WIRE)) == received
        assert inner(json.loads(adapter.dump_json(outer, **WIRE))) == received
        if isinstance(outer, BaseModel):
            assert inner(outer.model_dump(**WIRE)) == received
            assert inner(outer.model_dump(mode="json", **WIRE)) == received
            assert inner(json.loads(outer.model_dump_json(**WIRE))) == received
        # What is not said to be by alias or unset is as the object itself says.
        for options in ({}, {"exclude_none": True}, {"exclude_defaults": True}, {"by_alias": True}):
            assert inner(adapter.dump_python(outer, **options)) == value.model_dump(**options)
            assert inner(json.loads(adapter.dump_json(outer, **options))) == value.model_dump(**options)


@cases
def test_copies_and_objects_that_are_validated_again(model: type[BaseModel], received: dict[str, object]) -> None:
    value = model.model_validate(received)
    for kind, outer, _inner in wrapped(model, value):
        adapter = TypeAdapter(kind)
        assert adapter.dump_python(adapter.validate_python(outer)) == adapter.dump_python(outer)
    for twin in (
        model.model_validate(value),
        value.model_copy(),
        value.model_copy(deep=True),
        copy.deepcopy(value),
        pickle.loads(pickle.dumps(value)),
    ):
        assert twin == value
        assert twin.model_dump(**WIRE) == TypeAdapter(model).dump_python(twin, **WIRE) == received
        repr(twin)


@cases
def test_the_encoder_of_fastapi(model: type[BaseModel], received: dict[str, object]) -> None:
    value = model.model_validate(received)
    assert jsonable_encoder({"a": [value]}, exclude_unset=True) == {"a": [received]}
    assert jsonable_encoder(value) == value.model_dump(by_alias=True)
    assert jsonable_encoder(value, by_alias=False) == value.model_dump()


@cases
def test_answers_of_fastapi(
    model: type[BaseModel], received: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    class Outer(BaseModel):
        answers: list[model]  # type: ignore[valid-type]

    app = FastAPI()
    value = model.model_validate(received)
    app.get("/plain", response_model=model)(lambda: value)
    app.get("/unset", response_model=model, response_model_exclude_unset=True)(lambda: value)
    app.get("/none", response_model=model, response_model_exclude_none=True, response_model_by_alias=False)(
        lambda: value
    )
    app.get("/list", response_model=list[model], response_model_exclude_unset=True)(lambda: [value])  # type: ignore[valid-type]
    app.get("/outer", response_model=Outer, response_model_exclude_unset=True)(lambda: Outer(answers=[value]))
    app.get("/undeclared")(lambda: {"a": value})
    caplog.set_level(logging.WARNING)
    caplog.clear()

    async def ask() -> dict[str, httpx.Response]:
        paths = ("plain", "unset", "none", "list", "outer", "undeclared")
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as browser:
            return {path: await browser.get(f"/{path}") for path in paths}

    answers = asyncio.run(ask())
    assert {answer.status_code for answer in answers.values()} == {200}
    assert answers["plain"].json() == value.model_dump(by_alias=True)
    assert answers["unset"].json() == received
    assert answers["none"].json() == value.model_dump(exclude_none=True)
    assert answers["list"].json() == [received]
    assert answers["outer"].json() == {"answers": [received]}
    assert answers["undeclared"].json() == {"a": value.model_dump(by_alias=True)}
    assert "secret" not in caplog.text


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_schemas_tell_the_types_of_fields(mode: Any) -> None:
    fields = TypeAdapter(list[GroupMember]).json_schema(mode=mode)["$defs"]["GroupMember"]["properties"]
    assert {"type": "integer"} in fields["JoinTime"]["anyOf"]
    [values] = [kind for kind in fields["AppMemberDefinedData"]["anyOf"] if kind.get("type") == "array"]
    assert "$ref" in values["items"]


def test_the_schema_of_an_app_tells_the_types_of_fields() -> None:
    app = FastAPI()
    app.get("/members", response_model=ListGroupMembersResponse)(lambda: None)
    fields = app.openapi()["components"]["schemas"]["ListGroupMembersResponse"]["properties"]
    [members] = [kind for kind in fields["MemberList"]["anyOf"] if kind.get("type") == "array"]
    assert members["items"]["$ref"].startswith("#/components/schemas/GroupMember")
    assert {"type": "integer"} in fields["MemberNum"]["anyOf"]


def test_classes_of_the_app_keep_their_own_way_of_writing() -> None:
    class Mine(ListGroupMembersResponse):
        when: int | None = None

        @field_serializer("member_list", mode="wrap")
        def count(self, members: Any, _handler: Any) -> int:
            return len(members)

        @computed_field  # type: ignore[prop-decorator]
        @property
        def first(self) -> GroupMember | None:
            return (self.member_list or [None])[0]

    class Outer(BaseModel):
        mine: Mine

    outer = Outer(mine=Mine.model_validate(PLAIN))
    written = outer.model_dump(by_alias=True, exclude_unset=True)["mine"]
    assert written == {**PLAIN, "MemberList": 1, "first": PLAIN["MemberList"][0]}  # type: ignore[index]


def test_parts_of_answers() -> None:
    response = ListGroupMembersResponse.model_validate(ODD)
    members = [member for member in response.member_list or [] if isinstance(member, GroupMember)]

    class Outer(BaseModel):
        model_config = ConfigDict(revalidate_instances="always")
        members: list[GroupMember]
        any_event: Event | TextElem | None = None

    written = Outer(members=members).model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert written == {"members": ODD["MemberList"][:2]}  # type: ignore[index]


@pytest.mark.parametrize("path", list(COMMANDS))
def test_every_answer_can_be_empty_inside_of_another(path: str) -> None:
    model = COMMANDS[path].response_model
    adapter = TypeAdapter(dict[str, model])  # type: ignore[valid-type]
    every = {name: {"secret": 1} for name in wire_names(model)}
    for received in ({}, every, dict.fromkeys(every), {key: [{}, 5, None, {"MsgType": []}] for key in every}):
        assert adapter.dump_python({"a": model.model_validate(received)}, **WIRE) == {"a": received}


def test_every_event_can_be_odd_inside_of_another() -> None:
    for webhook in webhooks.WEBHOOKS.values():
        model = webhook.event_model
        received = {name: [{"secret": 1}, 5] for name in wire_names(model)}
        adapter = TypeAdapter(dict[str, model])  # type: ignore[valid-type]
        assert json.loads(adapter.dump_json({"a": model.model_validate(received)}, **WIRE)) == {"a": received}
