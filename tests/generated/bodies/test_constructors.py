"""What constructors refuse, in the words that mappings get."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from generated.recording import Recorder, client_of
from tencent_chat import COMMANDS, ChatClient, ChatError, RequestError
from tencent_chat._bodies.fields import fields_of
from tencent_chat.models import (
    CreateGroupMember,
    CustomElem,
    GroupInfo,
    ImageElem,
    ImageInfo,
    MemberCustomField,
    OfflinePushInfo,
    ProfileItem,
    TextContent,
    TextElem,
    UnknownElement,
)
from tencent_chat.models.groups.create import CreateGroupRequest
from tencent_chat.webhooks import BeforeSendMessageReply


def refusal(call: Callable[[], object]) -> RequestError:
    with pytest.raises(RequestError) as caught:
        call()
    error = caught.value
    # Pydantic's error holds what was written.
    assert (error.__cause__, error.__context__) == (None, None)
    return error


def problems(call: Callable[[], object]) -> list[tuple[str, str]]:
    return [(problem.path, problem.text) for problem in refusal(call).problems]


SAME: list[tuple[type[BaseModel], dict[str, Any], str, str]] = [
    (ProfileItem, {"tag": "Tag_Profile_IM_Nick", "value": "n" * 501}, "Value", "at most 500 bytes of UTF-8, got 501"),
    (ProfileItem, {"tag": "Tag_Profile_IM_Nick", "value": "字" * 167}, "Value", "at most 500 bytes of UTF-8, got 501"),
    (ProfileItem, {"tag": "Tag_Profile_IM_Nick"}, "Value", "is required"),
    (ProfileItem, {"tag": "Tag_Profile_IM_Nick", "value": None}, "Value", "is required"),
    (ProfileItem, {"value": 1}, "Tag", "is required"),
    (ProfileItem, {"tag": 5, "value": 1}, "Tag", "expected a string, got an integer"),
    (
        ProfileItem,
        {"tag": "Tag_Profile_IM_Nick", "value": 1.5},
        "Value",
        "expected a string or an integer, got a number",
    ),
    (CreateGroupMember, {"member_account": ""}, "Member_Account", "at least 1 character"),
    (CreateGroupMember, {"member_account": "a", "msg_seq": -1}, "MsgSeq", "at least 0"),
    (CreateGroupMember, {"member_account": "a", "msg_seq": 2**32}, "MsgSeq", "at most 4294967295"),
    (CreateGroupMember, {"member_account": "a", "msg_seq": True}, "MsgSeq", "expected an integer, got a boolean"),
    (
        CreateGroupMember,
        {"member_account": "a", "app_member_defined_data": [{"Key": "k", "Value": "v"}] * 6},
        "AppMemberDefinedData",
        "at most 5 items, got 6",
    ),
    (
        CreateGroupMember,
        {"member_account": "a", "app_member_defined_data": [{"Key": "k", "Value": "v"}, {"Key": "k"}]},
        "AppMemberDefinedData[1].Value",
        "is required",
    ),
    (MemberCustomField, {"key": "k", "value": "v" * 65}, "Value", "at most 64 bytes of UTF-8, got 65"),
    (TextContent, {"text": 7}, "Text", "expected a string, got an integer"),
    (OfflinePushInfo, {"apns_info": {"BadgeMode": "x"}}, "ApnsInfo.BadgeMode", "expected an integer, got a string"),
    (OfflinePushInfo, {"android_info": 7}, "AndroidInfo", "expected an object, got an integer"),
    (ImageInfo, {"type": "1"}, "Type", "expected an integer, got a string"),
]


@pytest.mark.parametrize(("model", "fields", "path", "text"), SAME)
def test_what_does_not_fit(model: type[BaseModel], fields: dict[str, Any], path: str, text: str) -> None:
    error = refusal(lambda: model(**fields))
    assert [(problem.path, problem.text) for problem in error.problems] == [(path, text)]
    assert isinstance(error, ChatError)
    assert isinstance(error, ValueError)
    assert not isinstance(error, ValidationError)
    assert (error.model, error.command) == (model.__name__, None)
    assert str(error).startswith(f"no {model.__name__} was made:\n  {path} (")
    # By the names on the wire it is the same.
    names = {name: field.alias or name for name, field in fields_of(model).items()}
    wire = {names[name]: value for name, value in fields.items()}
    assert problems(lambda: model(**wire)) == [(path, text)]


@pytest.mark.parametrize(("model", "fields", "path", "text"), [case for case in SAME if case[0] is CreateGroupMember])
def test_a_mapping_gets_the_same_words(model: type[BaseModel], fields: dict[str, Any], path: str, text: str) -> None:
    names = {name: field.alias or name for name, field in fields_of(model).items()}
    member = {names[name]: value for name, value in fields.items()}
    recorder = Recorder()
    client = client_of(recorder)
    error = refusal(lambda: client.groups.create(type="Public", name="n", member_list=[member]))
    assert [(problem.path, problem.text) for problem in error.problems] == [(f"MemberList[0].{path}", text)]
    assert not recorder.bodies


@pytest.mark.parametrize(
    ("make", "model", "path", "name", "text"),
    [
        (lambda: TextElem(), "TextElem", "Text", "text", "is required"),
        (lambda: TextElem(None), "TextElem", "Text", "text", "is required"),
        (lambda: TextElem(7), "TextElem", "Text", "text", "expected a string, got an integer"),
        (lambda: CustomElem(data=7), "CustomElem", "Data", "data", "expected a string, got an integer"),
        (
            lambda: ImageElem(image_info_array=[ImageInfo(type=1), {"Type": "2"}]),
            "ImageElem",
            "ImageInfoArray[1].Type",
            "image_info_array[1].type",
            "expected an integer, got a string",
        ),
        (
            lambda: TextElem(msg_type="TIMTextElem", msg_content={"Text": 7}),
            "TextElem",
            "MsgContent.Text",
            "msg_content.text",
            "expected a string, got an integer",
        ),
        (
            lambda: TextElem(msg_type="TIMFaceElem", msg_content=TextContent(text="hi")),
            "TextElem",
            "MsgType",
            "msg_type",
            'must be "TIMTextElem"',
        ),
    ],
)
def test_elements(make: Callable[[], object], model: str, path: str, name: str, text: str) -> None:
    error = refusal(make)
    [problem] = error.problems
    assert (error.model, problem.path, problem.name, problem.text) == (model, path, name, text)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"member_acount": "a"}, 'unknown field; did you mean "member_account"?'),
        ({"Member_Acount": "a"}, 'unknown field; did you mean "member_account"?'),
        ({"memberAccount": "a"}, 'unknown field; did you mean "member_account"?'),
        ({"nothing_like_it": "a"}, "unknown field"),
        ({"self": "a"}, "unknown field"),
    ],
)
def test_an_unknown_argument_is_told_with_the_one_that_is_meant(fields: dict[str, Any], expected: str) -> None:
    told = problems(lambda: CreateGroupMember(**fields))
    assert (next(iter(fields)), expected) in told
    (name,) = fields
    assert problems(lambda: ProfileItem(tag="Tag_Profile_IM_Nick", value="v", **fields))[0][0] == name


def test_a_field_is_given_once() -> None:
    fields: dict[str, Any] = {"member_account": "a", "Member_Account": "b"}
    assert problems(lambda: CreateGroupMember(**fields)) == [("Member_Account", "is given under both of its names")]


def test_none_is_left_out() -> None:
    member = CreateGroupMember(member_account="a", role=None, mute_until=None)
    assert member.model_fields_set == {"member_account"}
    assert member.model_dump(by_alias=True, exclude_unset=True) == {"Member_Account": "a"}


def test_all_problems_are_told_at_once() -> None:
    told = problems(lambda: CreateGroupMember(role="Owner", msg_seq=-1, nmae="x", join_time="now"))  # type: ignore[arg-type, call-arg]
    assert {path for path, _ in told} == {"Member_Account", "Role", "MsgSeq", "nmae", "JoinTime"}


def test_errors_of_constructors_can_be_pickled_and_hold_no_value() -> None:
    error = refusal(lambda: ProfileItem(tag="Tag_Profile_IM_Nick", value="secret " * 100))
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.problems, again.model) == (str(error), error.problems, "ProfileItem")
    assert "secret" not in str(error)
    assert "secret" not in repr(error)
    [problem] = error.problems
    assert problem.name == "value"
    assert str(problem) == "Value (value): at most 500 bytes of UTF-8, got 700"


@given(st.text(min_size=501, max_size=520))
def test_constructors_and_mappings_agree_about_texts(text: str) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    made = problems(lambda: ProfileItem(tag="Tag_Profile_Custom_x", value=text))
    item = {"Tag": "Tag_Profile_Custom_x", "Value": text}
    given_ = problems(lambda: client.profiles.update(from_account="a", profile_item=[item]))
    assert [(f"ProfileItem[0].{path}", words) for path, words in made] == given_
    assert not recorder.bodies


def test_the_way_out_is_a_mapping() -> None:
    recorder = Recorder()
    client = client_of(recorder).with_options(validate=False)
    client.groups.create(type="Public", name="n", member_list=[{"Member_Account": "a", "Role": "OfTomorrow"}])
    assert recorder.body["MemberList"] == [{"Member_Account": "a", "Role": "OfTomorrow"}]


def test_subclasses_and_parts_of_other_models() -> None:
    class Mine(CreateGroupMember):
        pass

    assert refusal(lambda: Mine(member_account="a", role="Owner")).model == "Mine"  # type: ignore[arg-type]

    class Holder(BaseModel):
        member: CreateGroupMember
        element: TextElem

    holder = Holder(member=CreateGroupMember(member_account="a"), element=TextElem("hi"))
    assert holder.model_dump(by_alias=True, exclude_unset=True) == {
        "member": {"Member_Account": "a"},
        "element": {"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}},
    }
    with pytest.raises(ValidationError):
        Holder.model_validate({"member": {"Member_Account": 5}, "element": {"MsgType": "TIMTextElem"}})


def test_replies_too() -> None:
    fields: dict[str, Any] = {"action_status": "OK", "error_info": "", "error_code": "x"}
    error = refusal(lambda: BeforeSendMessageReply(**fields))
    assert [tuple(problem) for problem in error.problems] == [("ErrorCode", "expected an integer, got a string")]


def test_what_an_answer_lacks_is_none() -> None:
    empty: list[tuple[type[BaseModel], str]] = [
        (GroupInfo, "group_id"),
        (ProfileItem, "value"),
        (ProfileItem, "tag"),
        (MemberCustomField, "value"),
        (TextContent, "text"),
        (UnknownElement, "msg_content"),
    ]
    for model, attribute in empty:
        fields: dict[str, object] = {"MsgType": "OfTomorrow"} if model is UnknownElement else {}
        assert getattr(model.model_validate(fields), attribute) is None
    element = TextElem.model_validate({"MsgType": "TIMTextElem", "MsgContent": {}})
    assert element.msg_content.text is None


def test_what_an_answer_may_lack_a_request_needs() -> None:
    recorder = Recorder()
    client = client_of(recorder)
    element = TextElem.model_validate({"MsgType": "TIMTextElem", "MsgContent": {}})
    assert problems(lambda: client.messages.send(to_account="a", msg_body=[element])) == [
        ("MsgBody[0].MsgContent.Text", "is required")
    ]
    item = ProfileItem.model_validate({"Tag": "Tag_Profile_IM_Nick"})
    assert problems(lambda: client.profiles.update(from_account="a", profile_item=[item])) == [
        ("ProfileItem[0].Value", "is required")
    ]
    client.profiles.update(from_account="a", profile_item=[item], validate=False)
    assert recorder.body["ProfileItem"] == [{"Tag": "Tag_Profile_IM_Nick"}]


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.messages.send(to_account=7, msg_body=[TextElem("hi")]),
        lambda c: c.call("openim/sendmsg", {"To_Account": 7, "MsgBody": [TextElem("hi")]}),
        lambda c: c.call(
            "openim/sendmsg",
            COMMANDS["openim/sendmsg"].request_model.model_construct(to_account=7, msg_body=[TextElem("hi")]),
        ),
    ],
)
def test_errors_name_both_names(call: Callable[[ChatClient], object]) -> None:
    error = refusal(lambda: call(client_of(Recorder())))
    assert str(error) == (
        "the body of openim/sendmsg was not sent:\n  To_Account (to_account): expected a string, got an integer"
    )


def test_both_names_inside_of_unions_and_lists() -> None:
    contents: list[tuple[str, dict[str, object], str]] = [
        ("TIMTextElem", {"Text": 5}, "msg_content.text"),
        ("TIMFaceElem", {"Index": "5"}, "msg_content.index"),
        ("TIMLocationElem", {"Latitude": "5"}, "msg_content.latitude"),
        ("TIMImageElem", {"ImageInfoArray": [{"Type": "5"}]}, "msg_content.image_info_array[0].type"),
        ("TIMVideoFileElem", {"VideoUrl": 5}, "msg_content.video_url"),
        ("TIMRelayElem", {"MsgList": [{"MsgTimeStamp": "5"}]}, "msg_content.msg_list[0].msg_time_stamp"),
    ]
    for kind, content, name in contents:
        body = [{"MsgType": kind, "MsgContent": content}]
        error = refusal(lambda body=body: client_of(Recorder()).messages.send(to_account="b", msg_body=body))  # type: ignore[misc]
        assert [problem.name for problem in error.problems] == [f"msg_body[0].{name}"]


def test_one_name_is_enough_where_both_are_alike_or_none_is_known() -> None:
    error = refusal(lambda: client_of(Recorder()).call("of_tomorrow/command", {"A": object()}))
    assert str(error.problems[0]) == "A: JSON has no form for object"
    batch = refusal(
        lambda: client_of(Recorder()).groups.add_members_many(
            group_id="g", member_list=[{"Member_Account": "a"}] * 350 + [{"Member_Account": 5}]
        )
    )
    assert str(batch.problems[0]) == (
        "MemberList[350].Member_Account (member_list[350].member_account): expected a string, got an integer"
    )


def test_a_request_model_is_strict() -> None:
    assert problems(lambda: CreateGroupRequest(type="Pubic", name="n" * 31, group_id=""))[0][0] == "Name"  # type: ignore[arg-type]
