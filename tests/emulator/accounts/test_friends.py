"""Who is whose friend: add, import, delete, check."""

from __future__ import annotations

from typing import Any

import pytest

from support.receiver import Receiver
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._memory.relations import Friend

ADDED, DELETED = "Sns.CallbackFriendAdd", "Sns.CallbackFriendDelete"
ASKED, ANSWERED = "Sns.CallbackPrevFriendAdd", "Sns.CallbackPrevFriendResponse"


def add(client: ChatClient, one: str, other: str, **more: Any) -> int | None:
    answer = client.friends.add(from_account=one, add_friend_item=[{"To_Account": other}], **more)
    (result,) = answer.result_item or ()
    return result.result_code


def relation(client: ChatClient, one: str, other: str, *, both: bool = True) -> str:
    way = "CheckResult_Type_Both" if both else "CheckResult_Type_Single"
    (item,) = client.friends.check(from_account=one, to_account=[other], check_type=way).info_item or ()
    return str(item.relation).removeprefix("CheckResult_Type_")


def friends(client: ChatClient, name: str) -> list[str | None]:
    return [item.to_account for item in client.friends.iter_all(from_account=name)]


def allow(client: ChatClient, name: str, how: str) -> None:
    field = {"Tag": "Tag_Profile_IM_AllowType", "Value": f"AllowType_Type_{how}"}
    client.profiles.update(from_account=name, profile_item=[field])


def fill(emulator: Emulator, name: str) -> None:
    """Give an account as many friends as there may be, which calls would take long for."""
    contacts = emulator.state.relations.of(name)
    contacts.friends = {f"friend{number}": Friend(0) for number in range(3000)}


def test_both_become_friends(client: ChatClient) -> None:
    assert add(client, "alice", "bob") == 0
    assert relation(client, "alice", "bob") == relation(client, "bob", "alice") == "BothWay"
    assert relation(client, "alice", "carol") == "NoRelation"
    assert (friends(client, "alice"), friends(client, "bob")) == (["bob"], ["alice"])


def test_one_gets_a_friend(client: ChatClient) -> None:
    add(client, "alice", "bob", add_type="Add_Type_Single")
    assert (relation(client, "alice", "bob"), relation(client, "bob", "alice")) == ("AWithB", "BWithA")
    assert relation(client, "bob", "alice", both=False) == "NoRelation"
    assert relation(client, "alice", "bob", both=False) == "AWithB"
    assert add(client, "alice", "bob", add_type="Add_Type_Single") == 30015
    assert add(client, "alice", "bob") == 0
    assert relation(client, "alice", "bob") == "BothWay"
    assert add(client, "alice", "bob", force_add_flags=True) == 30015


def test_a_friend_comes_with_fields(emulator: Emulator, client: ChatClient) -> None:
    client.friends.add(
        from_account="alice",
        add_friend_item=[
            {
                "To_Account": "bob",
                "Remark": "Bobby",
                "GroupName": "School",
                "AddSource": "AddSource_Type_Web",
                "AddWording": "Hello",
            }
        ],
    )
    (item,) = client.friends.iter_all(from_account="alice")
    assert {str(field.tag): field.value for field in item.value_item or ()} == {
        "Tag_SNS_IM_AddSource": "AddSource_Type_Web",
        "Tag_SNS_IM_Remark": "Bobby",
        "Tag_SNS_IM_Group": ["School"],
        "Tag_SNS_IM_AddTime": int(emulator.clock.now()),
        "Tag_SNS_IM_AddWording": "Hello",
    }
    (back,) = client.friends.iter_all(from_account="bob")
    assert [str(field.tag) for field in back.value_item or ()] == ["Tag_SNS_IM_AddSource", "Tag_SNS_IM_AddTime"]


def test_some_of_several_fail(client: ChatClient) -> None:
    items = [{"To_Account": name} for name in ("nobody", "bob", "alice")]
    answer = client.friends.add(from_account="alice", add_friend_item=items)
    assert [item.result_code for item in answer.result_item or ()] == [30003, 0, 30001]
    assert answer.fail_account == ["nobody", "alice"]
    assert friends(client, "alice") == ["bob"]


def test_who_wants_to_be_asked_is_asked(emulator: Emulator, client: ChatClient) -> None:
    allow(client, "bob", "NeedConfirm")
    assert add(client, "alice", "bob") == 30539
    assert add(client, "alice", "bob") == 30539
    assert relation(client, "alice", "bob") == "NoRelation"
    assert emulator.answer_friend("bob", "alice") == 0
    assert relation(client, "alice", "bob") == "BothWay"
    with pytest.raises(ValueError, match="no friend request of 'alice' waits"):
        emulator.answer_friend("bob", "alice")


@pytest.mark.parametrize(
    ("action", "after"),
    [("Response_Action_Agree", "AWithB"), ("Response_Action_Reject", "NoRelation")],
)
def test_a_request_is_answered(emulator: Emulator, client: ChatClient, action: str, after: str) -> None:
    allow(client, "bob", "NeedConfirm")
    assert emulator.request_friend("alice", "bob", wording="Hello") == 30539
    assert emulator.answer_friend("bob", "alice", action) == 0
    assert relation(client, "alice", "bob") == after


def test_who_wants_nobody_gets_nobody(client: ChatClient) -> None:
    allow(client, "bob", "DenyAny")
    assert add(client, "alice", "bob") == 30516
    assert add(client, "alice", "bob", force_add_flags=True) == 0
    assert relation(client, "alice", "bob") == "BothWay"


def test_who_may_not_ask_does_not(client: ChatClient) -> None:
    forbidden = {"Tag": "Tag_Profile_IM_AdminForbidType", "Value": "AdminForbid_Type_SendOut"}
    client.profiles.update(from_account="alice", profile_item=[forbidden])
    assert add(client, "alice", "bob") == 30009
    assert add(client, "bob", "alice") == 0


def test_blocks_keep_friends_away(client: ChatClient) -> None:
    client.blocklist.add(from_account="alice", to_account=["bob"])
    assert (add(client, "alice", "bob"), add(client, "bob", "alice")) == (30515, 30525)


def test_limits(emulator: Emulator, client: ChatClient) -> None:
    fill(emulator, "alice")
    assert add(client, "alice", "bob") == 30010
    assert add(client, "bob", "alice") == 30014
    assert add(client, "bob", "alice", add_type="Add_Type_Single") == 0
    client.friends.add_lists(from_account="carol", group_name=[str(number) for number in range(32)])
    item = {"To_Account": "bob", "GroupName": "one more"}
    answer = client.friends.add(from_account="carol", add_friend_item=[item])
    assert [failure.code for failure in answer.failures] == [30011]


def test_a_hundred_requests_wait(client: ChatClient) -> None:
    names = [f"user{number}" for number in range(101)]
    client.accounts.import_accounts(accounts=names[:100])
    client.accounts.import_accounts(accounts=names[100:])
    for name in names:
        allow(client, name, "NeedConfirm")
    items = [{"To_Account": name} for name in names]
    answer = client.friends.add(from_account="alice", add_friend_item=items)
    assert [item.result_code for item in answer.result_item or ()] == [30539] * 100 + [30012]


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("sns/friend_add", {"AddFriendItem": [{"To_Account": "bob"}]}),
        ("sns/friend_import", {"AddFriendItem": [{"To_Account": "bob", "AddSource": "AddSource_Type_X"}]}),
        ("sns/friend_delete", {"To_Account": ["bob"]}),
        ("sns/friend_delete_all", {}),
        ("sns/friend_check", {"To_Account": ["bob"], "CheckType": "CheckResult_Type_Both"}),
        ("sns/friend_update", {"UpdateItem": [{"To_Account": "bob", "SnsItem": []}]}),
        ("sns/friend_get", {"StartIndex": 0}),
        ("sns/friend_get_list", {"To_Account": ["bob"], "TagList": []}),
        ("sns/group_add", {"GroupName": ["a"]}),
        ("sns/group_delete", {"GroupName": ["a"]}),
        ("sns/group_get", {}),
        ("sns/black_list_add", {"To_Account": ["bob"]}),
        ("sns/black_list_delete", {"To_Account": ["bob"]}),
        ("sns/black_list_check", {"To_Account": ["bob"], "CheckType": "BlackCheckResult_Type_Both"}),
        ("sns/black_list_get", {"StartIndex": 0, "MaxLimited": 1, "LastSequence": 0}),
        ("follow/follow_add", {"FollowItem": [{"To_Account": "bob"}]}),
        ("follow/follow_delete", {"To_Account": ["bob"]}),
        ("follow/follow_check", {"To_Account": ["bob"]}),
        ("follow/follow_get", {"FollowType": 1, "StartCursor": "", "WantNum": 1}),
        ("follow/follow_get_info", {"To_Account": ["bob"]}),
    ],
)
def test_a_stranger_has_no_relations(client: ChatClient, command: str, body: dict[str, object]) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.call(command, {"From_Account": "nobody", **body})
    assert caught.value.code == 30003


def test_an_import_is_one_sided_and_replaces(client: ChatClient) -> None:
    item = {
        "To_Account": "bob",
        "AddSource": "AddSource_Type_Web",
        "GroupName": ["School", "Work"],
        "AddTime": 1_500_000_000,
        "CustomItem": [{"Tag": "Tag_SNS_Custom_Test", "Value": 5}],
    }
    client.friends.import_friends(from_account="alice", add_friend_item=[item])
    assert relation(client, "alice", "bob") == "AWithB"
    client.friends.import_friends(from_account="alice", add_friend_item=[item | {"Remark": "B"}])
    (found,) = client.friends.iter_all(from_account="alice")
    fields = {str(field.tag): field.value for field in found.value_item or ()}
    assert fields == {
        "Tag_SNS_IM_AddSource": "AddSource_Type_Web",
        "Tag_SNS_IM_Remark": "B",
        "Tag_SNS_IM_Group": ["School", "Work"],
        "Tag_SNS_IM_AddTime": 1_500_000_000,
        "Tag_SNS_Custom_Test": 5,
    }


def test_an_import_fails_in_part(emulator: Emulator, client: ChatClient) -> None:
    fill(emulator, "alice")
    items = [{"To_Account": name, "AddSource": "AddSource_Type_X"} for name in ("bob", "nobody", "alice")]
    answer = client.friends.import_friends(from_account="alice", add_friend_item=items)
    assert [failure.code for failure in answer.failures] == [30010, 30003, 30001]
    lists = {"To_Account": "bob", "AddSource": "AddSource_Type_X", "GroupName": ["a"]}
    client.friends.add_lists(from_account="carol", group_name=[str(number) for number in range(32)])
    tag = {"To_Account": "bob", "AddSource": "AddSource_Type_X", "CustomItem": [{"Tag": "Tag_SNS_Custom_1"}]}
    answer = client.friends.import_friends(from_account="carol", add_friend_item=[lists, tag])
    assert [failure.code for failure in answer.failures] == [30011, 30001]


@pytest.mark.parametrize(
    ("way", "left"),
    [(None, "BWithA"), ("Delete_Type_Single", "BWithA"), ("Delete_Type_Both", "NoRelation")],
)
def test_friends_are_deleted(client: ChatClient, way: Any, left: str) -> None:
    add(client, "alice", "bob")
    answer = client.friends.delete(from_account="alice", to_account=["bob", "carol", "nobody"], delete_type=way)
    assert [item.result_code for item in answer.result_item or ()] == [0, 31704, 30003]
    assert relation(client, "alice", "bob") == left


@pytest.mark.parametrize(("way", "left"), [(None, "BWithA"), ("Delete_Type_Both", "NoRelation")])
def test_all_friends_are_deleted(client: ChatClient, way: Any, left: str) -> None:
    add(client, "alice", "bob")
    add(client, "alice", "carol", add_type="Add_Type_Single")
    client.friends.delete_all(from_account="alice", delete_type=way)
    assert friends(client, "alice") == []
    assert relation(client, "alice", "bob") == left


def test_a_check_of_a_stranger_fails_alone(client: ChatClient) -> None:
    answer = client.friends.check(
        from_account="alice", to_account=["nobody", "bob"], check_type="CheckResult_Type_Both"
    )
    assert [(item.to_account, item.result_code) for item in answer.info_item or ()] == [("nobody", 30003), ("bob", 0)]
    assert answer.fail_account == ["nobody"]


def test_new_and_lost_friends_are_told(emulator: Emulator, client: ChatClient, receiver: Receiver) -> None:
    add(client, "alice", "bob", force_add_flags=True)
    add(client, "alice", "nobody")
    client.friends.import_friends(
        from_account="alice", add_friend_item=[{"To_Account": "carol", "AddSource": "AddSource_Type_X"}]
    )
    client.friends.delete(from_account="alice", to_account=["bob"], delete_type="Delete_Type_Both")
    client.friends.delete_all(from_account="alice")
    client.friends.delete_all(from_account="alice")
    assert emulator.webhooks.delivered
    assert receiver.commands == [ADDED, DELETED, DELETED]
    forth, back = {"From_Account": "alice", "To_Account": "bob"}, {"From_Account": "bob", "To_Account": "alice"}
    assert receiver.bodies(ADDED) == [
        {
            "CallbackCommand": ADDED,
            "PairList": [pair | {"Initiator_Account": "alice"} for pair in (forth, back)],
            "ClientCmd": "friend_add",
            "Admin_Account": emulator.identifier,
            "ForceFlag": 1,
        }
    ]
    assert [body["PairList"] for body in receiver.bodies(DELETED)] == [
        [forth, back],
        [{"From_Account": "alice", "To_Account": "carol"}],
    ]


def test_the_app_is_asked_before_users_ask(emulator: Emulator, client: ChatClient, receiver: Receiver) -> None:
    refusal = [{"To_Account": "bob", "ResultCode": 38001, "ResultInfo": "no"}]
    receiver.reply(ASKED, ResultItem=refusal)
    assert emulator.request_friend("alice", "bob", wording="Hello") == 38001
    assert relation(client, "alice", "bob") == "NoRelation"
    (body,) = receiver.bodies(ASKED)
    assert (body["Requester_Account"], body["AddType"], body["FriendItem"][0]["AddWording"]) == (
        "alice",
        "Add_Type_Both",
        "Hello",
    )
    # The failure of the app itself is passed over, and what the REST API does is not asked about.
    receiver.reply(ASKED, ErrorCode=38002, ResultItem=refusal)
    assert emulator.request_friend("alice", "bob") == 0
    assert add(client, "alice", "carol") == 0
    assert receiver.commands.count(ASKED) == 2


def test_the_app_is_asked_before_users_answer(emulator: Emulator, client: ChatClient, receiver: Receiver) -> None:
    allow(client, "bob", "NeedConfirm")
    assert emulator.request_friend("alice", "bob") == 30539
    receiver.reply(ANSWERED, ResultItem=[{"To_Account": "alice", "ResultCode": 38001, "ResultInfo": ""}])
    assert emulator.answer_friend("bob", "alice") == 38001
    assert relation(client, "alice", "bob") == "NoRelation"
    receiver.reply(ANSWERED, ResultItem="nonsense")
    assert emulator.answer_friend("bob", "alice") == 0
    assert emulator.webhooks.delivered[-1].command == ADDED
    (told,) = receiver.bodies(ADDED)
    assert (told["ClientCmd"], told["Admin_Account"], told["PairList"][0]["Initiator_Account"]) == (
        "friend_response",
        "",
        "alice",
    )


def test_mistakes_are_told(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="'nobody' was not imported"):
        emulator.request_friend("nobody", "bob")
    with pytest.raises(ValueError, match="unknown action 'yes': use Response_Action_AgreeAndAdd or"):
        emulator.answer_friend("bob", "alice", "yes")
    assert emulator.request_friend("bob", "nobody") == 30003
