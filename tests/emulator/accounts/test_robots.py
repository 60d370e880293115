"""Chatbot accounts."""

from __future__ import annotations

import pytest

from tencent_chat import ChatAPIError, ChatClient


def test_chatbots_are_created_and_listed(client: ChatClient) -> None:
    assert client.bots.list_all().robot_account == []
    client.bots.create(user_id="@RBT#1", nick="Jarvis", self_signature="Hello")
    client.bots.create(user_id="@RBT#2")
    client.bots.create(user_id="@RBT#1", nick="Jarvis II")
    assert client.bots.list_all().robot_account == ["@RBT#1", "@RBT#2"]
    tags = ["Tag_Profile_IM_Nick", "Tag_Profile_IM_SelfSignature"]
    (item,) = client.profiles.get(to_account=["@RBT#1"], tag_list=tags).user_profile_item or ()
    assert [field.value for field in item.profile_item or ()] == ["Jarvis II", "Hello"]


def test_a_deleted_chatbot_keeps_its_name(client: ChatClient) -> None:
    client.bots.create(user_id="@RBT#1")
    client.bots.delete(robot_account="@RBT#1")
    client.bots.delete(robot_account="@RBT#1")
    assert client.bots.list_all().robot_account == []
    (item,) = client.accounts.check(check_item=[{"UserID": "@RBT#1"}]).result_item or ()
    assert item.account_status == "Imported"
    client.bots.create(user_id="@RBT#1")
    assert client.bots.list_all().robot_account == ["@RBT#1"]
    client.accounts.delete(delete_item=[{"UserID": "@RBT#1"}])
    assert client.bots.list_all().robot_account == []


def test_there_are_20_chatbots_at_most(client: ChatClient) -> None:
    for number in range(20):
        client.bots.create(user_id=f"@RBT#{number}")
    with pytest.raises(ChatAPIError) as caught:
        client.bots.create(user_id="@RBT#20")
    assert caught.value.code == 10008
    client.bots.create(user_id="@RBT#19")
    client.bots.delete(robot_account="@RBT#0")
    client.bots.create(user_id="@RBT#20")


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("create_robot", {"UserID": "robot"}),
        ("delete_robot", {"Robot_Account": "bob"}),
        ("delete_robot", {"Robot_Account": "@RBT#none"}),
    ],
)
def test_what_is_no_chatbot_is_refused(client: ChatClient, command: str, body: dict[str, object]) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.call(f"openim_robot_http_svc/{command}", body)
    assert caught.value.code == 10004
