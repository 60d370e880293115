"""Documented sets of values: closed in what is sent, open in what comes."""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generated.recording import OK, Recorder, client_of, problems
from support.effort import cases
from tencent_chat import ChatClient
from tencent_chat.models import (
    CreateGroupMember,
    GroupInfo,
    OfflinePushInfo,
    ProfileItem,
    SoundElem,
    TextElem,
    UnknownElement,
)
from tencent_chat.webhooks import WEBHOOKS

BODY = [TextElem("hi")]


def create(client: ChatClient, **arguments: Any) -> object:
    return client.groups.create(**{"type": "Public", "name": "n", **arguments})


def send(client: ChatClient, **arguments: Any) -> object:
    return client.messages.send(**{"to_account": "bob", "msg_body": BODY, **arguments})


WRONG: list[tuple[Callable[[ChatClient], object], str, str]] = [
    (lambda c: create(c, type="Pubic"), "Type", 'did you mean "Public"?'),
    (lambda c: create(c, type="public"), "Type", 'did you mean "Public"?'),
    (lambda c: create(c, type=""), "Type", 'must be "Public", "Private", '),
    # Only webhooks have it.
    (lambda c: create(c, type="Live"), "Type", '"AVChatRoom" or "Community"'),
    (
        lambda c: create(c, member_list=[{"Member_Account": "a", "Role": "Owner"}]),
        "MemberList[0].Role",
        'must be "Admin"',
    ),
    (lambda c: send(c, sync_other_machine=3), "SyncOtherMachine", "must be 1 or 2"),
    (lambda c: send(c, sync_other_machine=0), "SyncOtherMachine", "must be 1 or 2"),
    (lambda c: send(c, sync_other_machine=True), "SyncOtherMachine", "expected an integer, got a boolean"),
    (lambda c: send(c, sync_other_machine=1.0), "SyncOtherMachine", "expected an integer, got a number"),
    (lambda c: send(c, sync_other_machine="1"), "SyncOtherMachine", "expected an integer, got a string"),
    (lambda c: send(c, send_msg_control=["NoLastMsg", "NoUnraed"]), "SendMsgControl[1]", 'did you mean "NoUnread"?'),
    (
        lambda c: send(c, msg_body=[TextElem("a"), {"MsgType": "TIMTextElement", "MsgContent": {"Text": "b"}}]),
        "MsgBody[1].MsgType",
        'did you mean "TIMTextElem"?',
    ),
    (lambda c: send(c, msg_body=[{"MsgType": "TIMSoundElem", "MsgContent": {"Download_Flag": 1}}]),
     "MsgBody[0].MsgContent.Download_Flag", "must be 2"),
    (
        lambda c: c.profiles.update(from_account="a", profile_item=[{"Tag": "Tag_Profile_IM_Nik", "Value": "x"}]),
        "ProfileItem[0].Tag",
        'or "Tag_Profile_Custom_…"; did you mean "Tag_Profile_IM_Nick"?',
    ),
    (
        lambda c: c.profiles.update(from_account="a", profile_item=[{"Tag": "tag_profile_custom_x", "Value": "x"}]),
        "ProfileItem[0].Tag",
        'or "Tag_Profile_Custom_…"',
    ),
    (
        lambda c: c.call("group_open_http_svc/create_group", {"Type": "Pubic", "Name": "n"}),
        "Type",
        'did you mean "Public"?',
    ),
    (lambda _: CreateGroupMember(member_account="a", role="Owner"), "Role", 'must be "Admin"'),  # type: ignore[arg-type]
    (lambda _: ProfileItem(tag="Tag_Profile_IM_Nik", value="x"), "Tag", 'did you mean "Tag_Profile_IM_Nick"?'),
    (lambda _: SoundElem(download_flag=1), "Download_Flag", "must be 2"),  # type: ignore[call-overload]
    (lambda _: UnknownElement(msg_type="TIMTextElement"), "MsgType", 'did you mean "TIMTextElem"?'),
]  # fmt: skip


@pytest.mark.parametrize(("call", "path", "words"), WRONG)
def test_a_value_outside_of_a_set_is_refused(call: Callable[[ChatClient], object], path: str, words: str) -> None:
    recorder = Recorder()
    [(where, text)] = problems(lambda: call(client_of(recorder)))
    assert (where, words in text) == (path, True), text
    assert not recorder.bodies


@pytest.mark.parametrize("call", [call for call, *_ in WRONG[:16]])
def test_without_validation_it_is_sent(call: Callable[[ChatClient], object]) -> None:
    recorder = Recorder()
    call(client_of(recorder, validate=False))
    call(client_of(recorder).with_options(validate=False))
    assert len(recorder.bodies) == 2


def test_what_is_sent_without_validation_is_what_was_given() -> None:
    recorder = Recorder()
    given: dict[str, Any] = {"sync_other_machine": 3, "send_msg_control": ["NoUnraed"], "validate": False}
    send(client_of(recorder), msg_body=[{"MsgType": "TIMTextElement", "MsgContent": 7}], **given)
    assert recorder.body | {"MsgSeq": 0, "MsgRandom": 0} == {
        "To_Account": "bob",
        "MsgBody": [{"MsgType": "TIMTextElement", "MsgContent": 7}],
        "SyncOtherMachine": 3,
        "SendMsgControl": ["NoUnraed"],
        "MsgSeq": 0,
        "MsgRandom": 0,
    }


def test_extra_sends_it_and_may_stand_for_what_is_required() -> None:
    recorder = Recorder()
    client = client_of(recorder)
    send(client, extra={"SyncOtherMachine": 3, "SendMsgControl": ["NoUnraed"]})
    assert (recorder.body["SyncOtherMachine"], recorder.body["SendMsgControl"]) == (3, ["NoUnraed"])
    create(client, type=None, extra={"Type": "AKindOfTomorrow"})
    assert recorder.bodies[1] == {"Name": "n", "Type": "AKindOfTomorrow"}


RIGHT: list[tuple[str, Callable[[ChatClient], object]]] = [
    ("a prefix", lambda c: c.profiles.update(
        from_account="a", profile_item=[{"Tag": "Tag_Profile_Custom_X", "Value": 1}])),
    ("a prefix", lambda c: c.profiles.update(
        from_account="a", profile_item=[ProfileItem(tag="Tag_Profile_Custom_", value="v")])),
    ("filters", lambda c: c.groups.get(
        group_id_list=["g"],
        response_filter={"GroupBaseInfoFilter": ["OfTomorrow"], "MemberInfoFilter": ["OfTomorrow"]})),
    ("open", lambda c: create(c, member_list=[CreateGroupMember(member_account="a", online_status="Asleep")])),
    ("open", lambda c: create(c, invite_join_option="OfTomorrow")),
]  # fmt: skip


@pytest.mark.parametrize(("why", "call"), RIGHT)
def test_open_sets_and_prefixes_take_other_values(why: str, call: Callable[[ChatClient], object]) -> None:
    recorder = Recorder()
    call(client_of(recorder))
    assert recorder.body, why


class Kind(enum.StrEnum):
    PUBLIC = "Public"


class Text(str):
    __slots__ = ()


class Machine(enum.IntEnum):
    ONE = 1


class Whole:
    """An integer of another library."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


def test_subclasses_stand_for_what_they_hold() -> None:
    recorder = Recorder()
    client = client_of(recorder)
    for kind in (Kind.PUBLIC, Text("Public")):
        create(client, type=kind)
        assert recorder.bodies[-1]["Type"] == "Public"
    for number in (Machine.ONE, Whole(1)):
        send(client, sync_other_machine=number)
        assert recorder.bodies[-1]["SyncOtherMachine"] == 1
    assert problems(lambda: send(client, sync_other_machine=Whole(3))) == [("SyncOtherMachine", "must be 1 or 2")]
    assert problems(lambda: create(client, type=Text("Pubic")))[0][0] == "Type"


ROLES = {"Admin"}


@settings(max_examples=cases(100))
@given(st.text().filter(lambda text: text not in ROLES) | st.sampled_from(["admin", "Admin ", "Owner", "Member"]))
def test_any_other_text_is_refused_wherever_it_is_written(role: str) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    body = {"Type": "Public", "Name": "n", "MemberList": [{"Member_Account": "a", "Role": role}]}
    told = [
        problems(lambda: CreateGroupMember(member_account="a", role=role)),  # type: ignore[arg-type]
        problems(lambda: create(client, member_list=body["MemberList"])),
        problems(lambda: client.call("group_open_http_svc/create_group", body)),
        problems(lambda: client.groups.add_members_many(group_id="g", member_list=[5, *body["MemberList"]])),
    ]
    assert not recorder.bodies
    if role.isprintable():
        assert [path for found in told[:3] for path, _ in found] == ["Role", "MemberList[0].Role", "MemberList[0].Role"]
        assert told[1] == told[2]
        assert told[0][0][1] == told[1][0][1]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_answers_take_any_value_and_say_nothing(text: str) -> None:
    answer = {**OK, "GroupInfo": [{"GroupId": "g", "Type": text, "ApplyJoinOption": text, "MuteAllMember": text}]}
    client = client_of(Recorder(answer))
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    logger = logging.getLogger("tencent_chat")
    logger.addHandler(handler)
    try:
        group = client.groups.get(group_id_list=["g"])
        event = WEBHOOKS["Group.CallbackAfterCreateGroup"].event_model.model_validate(
            {"CallbackCommand": "Group.CallbackAfterCreateGroup", "Type": text}
        )
    finally:
        logger.removeHandler(handler)
    assert not [record for record in records if record.levelno >= logging.WARNING]
    (info,) = group.group_info or []
    assert isinstance(info, GroupInfo)
    assert (info.type, info.apply_join_option, info.mute_all_member) == (text, text, text)
    assert group.model_dump(mode="json", by_alias=True, exclude_unset=True) == answer
    assert event.model_dump(by_alias=True, exclude_unset=True)["Type"] == text


def test_an_object_is_checked_when_it_is_sent_too() -> None:
    recorder = Recorder()
    client = client_of(recorder)
    member = CreateGroupMember(member_account="a")
    copied = member.model_copy(update={"role": "Owner"})
    member.role = "Owner"
    for changed in (member, copied):
        assert problems(lambda changed=changed: create(client, member_list=[changed])) == [  # type: ignore[misc]
            ("MemberList[0].Role", 'must be "Admin"')
        ]
    assert not recorder.bodies


def test_elements_that_came_are_refused_when_the_service_may_not_take_them() -> None:
    element = UnknownElement.model_validate({"MsgType": "TIMFutureElem", "MsgContent": {"A": 1}})
    recorder = Recorder()
    client = client_of(recorder)
    [(path, text)] = problems(lambda: send(client, msg_body=[element]))
    assert (path, text.startswith('must be "TIMTextElem", ')) == ("MsgBody[0].MsgType", True)
    send(client, msg_body=[element], validate=False)
    assert recorder.body["MsgBody"] == [{"MsgType": "TIMFutureElem", "MsgContent": {"A": 1}}]


def test_push_flag_is_no_yes_or_no() -> None:
    assert OfflinePushInfo(push_flag=1).push_flag is not True
    recorder = Recorder()
    send(client_of(recorder), offline_push_info=OfflinePushInfo(push_flag=1))
    assert recorder.body["OfflinePushInfo"] == {"PushFlag": 1}
    for wrong in (True, 2):
        for call in (
            lambda wrong=wrong: OfflinePushInfo(push_flag=wrong),  # type: ignore[misc]
            lambda wrong=wrong: send(client_of(recorder), offline_push_info={"PushFlag": wrong}),  # type: ignore[misc]
        ):
            [(path, _)] = problems(call)
            assert path.endswith("PushFlag")
