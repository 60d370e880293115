"""What models show of themselves: names and numbers, nothing that somebody wrote."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel
from rich.console import Console

from tencent_chat import COMMANDS, webhooks
from tencent_chat._bodies.fields import arms, fields_of, model_classes
from tencent_chat.models import CustomElem, CustomField, GroupInfo, ImageElem, TextElem
from tencent_chat.models._base import ResponseModel

RESPONSES = {path: command.response_model for path, command in COMMANDS.items()}


def response(path: str, **received: object) -> Any:
    return RESPONSES[path].model_validate(received)


def test_ids_codes_flags_and_documented_values_are_shown() -> None:
    group = GroupInfo(
        group_id="@TGS#1",
        name="Our group",
        type="Public",
        owner_account="leckie",
        error_code=10015,
        face_url="https://example.com/a?sign=1",
        introduction="",
        member_num=2,
        app_defined_data=[CustomField(key="k", value="v")],
    )
    assert repr(group) == (
        "GroupInfo(group_id='@TGS#1', error_code=10015, type='Public', name=<9 characters>, introduction='', "
        "face_url=<28 characters>, owner_account='leckie', member_num=2, app_defined_data=[1 items])"
    )


def test_an_undocumented_value_is_a_text() -> None:
    assert repr(GroupInfo.model_validate({"Type": "a secret"})) == "GroupInfo(type=<8 characters>)"


def test_values_that_a_list_is_documented_to_have() -> None:
    request = COMMANDS["group_open_http_svc/get_group_info"].request_model.model_validate(
        {
            "GroupIdList": ["a", "b"],
            "ResponseFilter": {
                "GroupBaseInfoFilter": ["Type", "Name", "FaceUrl", "MemberNum"],
                "MemberInfoFilter": ["Role", "a secret"],
            },
        },
        by_alias=True,
    )
    assert repr(request).endswith(
        "(group_id_list=['a', 'b'], response_filter=GetGroupFilter(group_base_info_filter="
        "['Type', 'Name', 'FaceUrl', ... 1 more], member_info_filter=[2 items]))"
    )


def test_lists_of_ids_are_shortened() -> None:
    found = response("profile/portrait_get", Fail_Account=[f"u{number}" for number in range(100)])
    assert repr(found) == "GetProfileResponse(fail_account=['u0', 'u1', 'u2', ... 97 more])"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Later_Account", "bob", "'bob'"),
        ("LaterId", "x", "'x'"),
        ("LaterID", "x", "'x'"),
        ("LaterIDs", ["x"], "['x']"),
        ("LaterIdList", ["x", 5, None], "['x', 5, None]"),
        ("MsgKeyList", ["x", {"a": "b"}], "[2 items]"),
        ("LaterUUID", "x", "'x'"),
        ("LastMsgKey", "1_2_3", "'1_2_3'"),
        ("LaterId", "x" * 129, "<129 characters>"),
        ("LaterId", {"a": "b"}, "{1 fields}"),
        ("LaterId", "\x1b[31m", r"'\x1b[31m'"),
        ("CallbackCommand", "C2C.CallbackLater", "'C2C.CallbackLater'"),
        ("LaterCode", "-10004", "'-10004'"),
        ("LaterCode", "a code", "<6 characters>"),
        ("LaterCodes", "10004", "<5 characters>"),
        ("LaterNum", "10004", "<5 characters>"),
        ("Counts", [1, 2.5, True, None], "[1, 2.5, True, ... 1 more]"),
        ("Words", ["a"], "[1 items]"),
        ("Empty", [], "[]"),
        ("Key", "x", "<1 characters>"),
        ("AppKey", "x", "<1 characters>"),
        ("Token", "x", "<1 characters>"),
        ("TokenId", "x", "<1 characters>"),
        ("TmpSecretId", "x", "<1 characters>"),
        ("UserSigID", "x", "<1 characters>"),
        ("UserSig", "x", "<1 characters>"),
        ("Grid", "x", "<1 characters>"),
        ("Accounting", "x", "<1 characters>"),
        ("ID\n", "x", "<1 characters>"),
    ],
)
def test_unknown_fields_are_told_apart_by_their_names(name: str, value: object, shown: str) -> None:
    assert repr(response("openim/sendmsg", **{name: value})) == f"SendMessageResponse({name}={shown})"


def test_what_is_no_json_shows_no_text() -> None:
    held: list[tuple[object, str]] = [
        (("a secret",), "[1 items]"),
        ({"a secret"}, "[1 items]"),
        (b"a secret", "<8 bytes>"),
        (Decimal(5), "Decimal('5')"),
    ]
    for value, shown in held:
        assert repr(TextElem.model_construct(msg_type=value)) == f"TextElem(msg_type={shown})"


def test_every_form_of_a_model_hides_texts(caplog: pytest.LogCaptureFixture) -> None:
    elements = [TextElem("a secret"), CustomElem(data="a secret", desc="a secret"), ImageElem(uuid="i1")]
    console = Console(width=200, record=True)
    for element in elements:
        console.print(element)
        logging.getLogger(__name__).warning("%s %r", element, element)
        assert "a secret" not in f"{element} {element!r}" + str(list(element.__pretty__(repr)))  # type: ignore[no-untyped-call]
    assert "a secret" not in console.export_text() + caplog.text
    assert "msg_type='TIMTextElem'" in caplog.text


def leaves(model: type[BaseModel], seen: frozenset[type[BaseModel]] = frozenset()) -> dict[str, object]:
    """Return an object with a text in every field of `model`, however deep, that tells the field's name."""
    found: dict[str, object] = {}
    for name, field in fields_of(model).items():
        wire_name = field.alias or name
        classes = sorted(model_classes(field.annotation) - seen, key=lambda cls: cls.__name__)
        inner: object = leaves(classes[0], seen | {model}) if classes else f"text of {wire_name}."
        is_list = any(str(arm).startswith("list[") for arm in arms(field.annotation))
        found[wire_name] = [inner] if is_list else inner
    return found


def models_in(value: object) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for item in value.__dict__.values():
            yield from models_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from models_in(item)


HIDDEN = ("Text", "Data", "Name", "Nick", "Url", "URL", "Token", "Sig", "Content", "Info", "Desc", "Title", "Ext", "IP")


@pytest.mark.parametrize(
    "model",
    [*RESPONSES.values(), *(webhook.event_model for webhook in webhooks.WEBHOOKS.values())],
    ids=lambda model: model.__name__,
)
def test_no_text_of_any_answer_or_event_is_shown(model: type[ResponseModel]) -> None:
    received = leaves(model)
    told = "".join(map(repr, models_in(model.model_validate(received))))
    for part in json.dumps(received).split("text of ")[1:]:
        name = part.partition(".")[0]
        if name.endswith(HIDDEN) or (name.endswith("Key") and not name.endswith("MsgKey")):
            assert f"text of {name}." not in told
    for name, value in received.items():
        if name.endswith(("_Account", "Id", "ID", "MsgKey")) and isinstance(value, str):
            assert value in told
