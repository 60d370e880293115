"""Profiles: setting and reading fields."""

from __future__ import annotations

import pytest

from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator

SET = {
    "Tag_Profile_IM_Nick": "Zoë",
    "Tag_Profile_IM_Gender": "Gender_Type_Female",
    "Tag_Profile_IM_BirthDay": 20190419,
    "Tag_Profile_IM_Location": "x" * 16,
    "Tag_Profile_IM_AllowType": "AllowType_Type_DenyAny",
    "Tag_Profile_IM_AdminForbidType": "AdminForbid_Type_SendOut",
    "Tag_Profile_IM_Level": 4294967295,
    "Tag_Profile_Custom_Test": "gold",
}


def items(values: dict[str, str | int]) -> list[dict[str, object]]:
    return [{"Tag": tag, "Value": value} for tag, value in values.items()]


def read(client: ChatClient, name: str, *tags: str) -> dict[str, object]:
    (found,) = client.profiles.get(to_account=[name], tag_list=tags).user_profile_item or ()
    return {str(item.tag): item.value for item in found.profile_item or ()}


def test_fields_are_read_as_they_were_set(client: ChatClient) -> None:
    client.profiles.update(from_account="alice", profile_item=items(SET))
    assert read(client, "alice", *SET, "Tag_Profile_IM_Image") == SET
    assert read(client, "alice", "Tag_Profile_Custom_Test") == {"Tag_Profile_Custom_Test": "gold"}
    client.profiles.update(from_account="alice", profile_item=items({"Tag_Profile_IM_Nick": "Z"}))
    assert read(client, "alice", *SET) == SET | {"Tag_Profile_IM_Nick": "Z"}


@pytest.mark.parametrize(
    ("tag", "value", "code"),
    [
        ("Tag_Profile_IM_Nick", 5, 40610),
        ("Tag_Profile_IM_Level", "5", 40610),
        ("Tag_Profile_Custom_Test", 5, 40610),
        ("Tag_Profile_IM_Level", -1, 40605),
        ("Tag_Profile_IM_BirthDay", 2**32, 40605),
        ("Tag_Profile_IM_Gender", "Gender_Type_Other", 40605),
        ("Tag_Profile_IM_AllowType", "", 40605),
        ("Tag_Profile_IM_Location", "x" * 17, 40605),
        ("Tag_Profile_Custom_", "gold", 40009),
        ("Tag_Profile_Custom_TooLongIt", "gold", 40009),
        ("Tag_Profile_Custom_No1", "gold", 40009),
    ],
)
def test_a_wrong_field_is_refused_and_nothing_is_set(client: ChatClient, tag: str, value: str | int, code: int) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.profiles.update(from_account="alice", profile_item=items({"Tag_Profile_IM_Image": "x", tag: value}))
    assert caught.value.code == code
    assert read(client, "alice", "Tag_Profile_IM_Image") == {}


def test_a_stranger_has_no_profile(client: ChatClient) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.profiles.update(from_account="nobody", profile_item=items({"Tag_Profile_IM_Nick": "N"}))
    assert caught.value.code == 40003
    answer = client.profiles.get(to_account=["nobody", "alice"], tag_list=["Tag_Profile_IM_Nick"])
    assert answer.fail_account == ["nobody"]
    assert [(item.to_account, item.result_code) for item in answer.user_profile_item or ()] == [
        ("nobody", 40003),
        ("alice", 0),
    ]
    assert client.profiles.get(to_account=["alice"], tag_list=[]).fail_account is None


def test_a_field_that_the_app_lacks_cannot_be_read(client: ChatClient) -> None:
    with pytest.raises(ChatAPIError) as caught:
        read(client, "alice", "Tag_Profile_Custom_No1")
    assert caught.value.code == 40009


@pytest.mark.usefixtures("receiver")
def test_a_change_is_told(emulator: Emulator, client: ChatClient) -> None:
    client.profiles.update(from_account="alice", profile_item=items({"Tag_Profile_IM_Nick": "A"}))
    (told,) = emulator.webhooks.delivered
    assert told.body == {
        "CallbackCommand": "Profile.CallbackPortraitSet",
        "Operator_Account": emulator.identifier,
        "From_Account": "alice",
        "EventTime": int(emulator.clock.now() * 1000),
        "ProfileItem": [{"Tag": "Tag_Profile_IM_Nick", "Value": "A"}],
    }
