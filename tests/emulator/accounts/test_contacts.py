"""What contacts hold about friends, and friend lists."""

from __future__ import annotations

from typing import Any

import pytest

from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator


@pytest.fixture(autouse=True)
def befriended(client: ChatClient) -> None:
    """bob and carol are friends of alice, bob with a remark."""
    items = [{"To_Account": "bob", "Remark": "B", "AddSource": "AddSource_Type_Web"}, {"To_Account": "carol"}]
    client.friends.add(from_account="alice", add_friend_item=items)


def update(client: ChatClient, other: str, **fields: object) -> int | None:
    items = [{"Tag": f"Tag_SNS_{name}", "Value": value} for name, value in fields.items()]
    answer = client.friends.update(from_account="alice", update_item=[{"To_Account": other, "SnsItem": items}])
    (result,) = answer.result_item or ()
    return result.result_code


def fields(client: ChatClient, other: str) -> dict[str, Any]:
    return {
        str(field.tag).removeprefix("Tag_SNS_"): field.value
        for item in client.friends.iter_all(from_account="alice")
        if item.to_account == other
        for field in item.value_item or ()
    }


def lists(client: ChatClient, **more: Any) -> dict[str | None, tuple[int | None, list[str] | None]]:
    answer = client.friends.get_lists(from_account="alice", **more)
    return {item.group_name: (item.friend_number, item.to_account) for item in answer.result_item or ()}


def test_fields_are_updated(emulator: Emulator, client: ChatClient) -> None:
    assert update(client, "bob", IM_Remark="Bobby", IM_Group=["School", "Work"], Custom_Test="x", Custom_Count=0) == 0
    assert fields(client, "bob") == {
        "IM_AddSource": "AddSource_Type_Web",
        "IM_Remark": "Bobby",
        "IM_Group": ["School", "Work"],
        "IM_AddTime": int(emulator.clock.now()),
        "Custom_Test": "x",
        "Custom_Count": 0,
    }
    assert update(client, "bob", IM_Remark="", IM_Group=["Work"]) == 0
    assert fields(client, "bob")["IM_Group"] == ["Work"]
    assert "IM_Remark" not in fields(client, "bob")
    assert lists(client, need_friend="Need_Friend_Type_Yes") == {"School": (0, []), "Work": (1, ["bob"])}


@pytest.mark.parametrize(
    ("other", "changed", "code"),
    [
        ("alice", {}, 30001),
        ("nobody", {}, 30003),
        ("bob", {"IM_Remark": "x" * 97}, 30001),
        ("bob", {"IM_Remark": 5}, 30001),
        ("bob", {"IM_Group": "School"}, 30001),
        ("bob", {"Custom_Test": ["x"]}, 30001),
        ("bob", {"Custom_No1": "x"}, 30001),
    ],
)
def test_a_wrong_update_changes_nothing(client: ChatClient, other: str, changed: dict[str, object], code: int) -> None:
    before = fields(client, "bob")
    assert update(client, other, **{"Custom_Test": "y", **changed}) == code
    assert fields(client, "bob") == before


def test_there_are_32_lists_at_most(client: ChatClient) -> None:
    names = [str(number) for number in range(31)]
    client.friends.add_lists(from_account="alice", group_name=names)
    assert update(client, "bob", IM_Group=["30", "31", "32"]) == 30011
    assert update(client, "bob", IM_Group=["30", "31"]) == 0
    with pytest.raises(ChatAPIError) as caught:
        client.friends.add_lists(from_account="alice", group_name=["0", "33"])
    assert caught.value.code == 30011
    assert len(lists(client)) == 32


def test_friends_come_in_pages(client: ChatClient) -> None:
    names = [f"user{number}" for number in range(250)]
    for start in range(0, 250, 100):
        client.accounts.import_accounts(accounts=names[start : start + 100])
    items = [{"To_Account": name, "AddSource": "AddSource_Type_X"} for name in names]
    client.friends.import_friends(from_account="alice", add_friend_item=items)
    found = [item.to_account for item in client.friends.iter_all(from_account="alice")]
    assert found == ["bob", "carol", *names]
    page = client.friends.list_all(from_account="alice", start_index=200)
    assert (len(page.user_data_item or ()), page.friend_num, page.complete_flag) == (52, 252, 1)
    with pytest.raises(ChatAPIError) as caught:
        client.friends.list_all(from_account="alice", start_index=-1)
    assert caught.value.code == 30001


def test_a_sequence_leaves_out_what_is_known(client: ChatClient) -> None:
    def tags(**known: Any) -> list[list[str]]:
        page = client.friends.list_all(from_account="alice", start_index=0, **known)
        return [[str(field.tag) for field in item.value_item or ()] for item in page.user_data_item or ()]

    update(client, "carol", Custom_Test="x")
    page = client.friends.list_all(from_account="alice", start_index=0, standard_sequence=0, custom_sequence=0)
    standard, custom = page.standard_sequence, page.custom_sequence
    assert tags(standard_sequence=standard) == [[], ["Tag_SNS_Custom_Test"]]
    assert tags(custom_sequence=custom)[1] == ["Tag_SNS_IM_AddTime"]
    assert tags(standard_sequence=standard, custom_sequence=custom) == [[], []]
    update(client, "bob", IM_Remark="Bobby")
    assert tags(standard_sequence=standard, custom_sequence=custom)[1] == ["Tag_SNS_IM_AddTime"]
    update(client, "bob", Custom_Test="y")
    page = client.friends.list_all(from_account="alice", start_index=0)
    assert (page.standard_sequence, page.custom_sequence) == ((standard or 0) + 1, (custom or 0) + 1)


def test_given_friends_are_read_with_their_profiles(client: ChatClient) -> None:
    client.profiles.update(
        from_account="bob",
        profile_item=[
            {"Tag": "Tag_Profile_IM_Nick", "Value": "Bob"},
            {"Tag": "Tag_Profile_Custom_Test", "Value": "gold"},
        ],
    )
    update(client, "bob", Custom_Count=0)
    answer = client.friends.get(
        from_account="alice",
        to_account=["bob", "alice", "nobody"],
        tag_list=[
            "Tag_Profile_IM_Nick",
            "Tag_Profile_IM_Image",
            "Tag_SNS_Custom_Count",
            "Tag_SNS_IM_Remark",
            "Tag_SNS_IM_Group",
            "Tag_Profile_Custom_Test",
        ],
    )
    bob, *others = answer.info_item or ()
    assert [(str(field.tag), field.value) for field in bob.sns_profile_item or ()] == [
        ("Tag_Profile_IM_Nick", "Bob"),
        ("Tag_SNS_Custom_Count", 0),
        ("Tag_SNS_IM_Remark", "B"),
        ("Tag_Profile_Custom_Test", "gold"),
    ]
    assert [(item.result_code, item.sns_profile_item) for item in others] == [(30001, None), (30003, None)]
    assert answer.fail_account == ["alice", "nobody"]


def test_lists_hold_friends(client: ChatClient) -> None:
    answer = client.friends.add_lists(from_account="alice", group_name=["School", "Work"])
    assert (answer.result_item, answer.current_sequence) == (None, 1)
    answer = client.friends.add_lists(
        from_account="alice", group_name=["Work", "Club"], to_account=["bob", "alice", "nobody"]
    )
    assert [item.result_code for item in answer.result_item or ()] == [0, 32216, 30003]
    assert answer.fail_account == ["alice", "nobody"]
    assert lists(client) == {"School": (0, None), "Work": (1, None), "Club": (1, None)}
    assert lists(client, group_name=["Work", "None"], need_friend="Need_Friend_Type_Yes") == {"Work": (1, None)}
    assert fields(client, "bob")["IM_Group"] == ["Work", "Club"]

    before = client.friends.get_lists(from_account="alice").current_sequence or 0
    deleted = client.friends.delete_lists(from_account="alice", group_name=["Work", "None"])
    assert deleted.current_sequence == before + 1
    assert lists(client) == {"School": (0, None), "Club": (1, None)}
    assert fields(client, "bob")["IM_Group"] == ["Club"]
    again = client.friends.delete_lists(from_account="alice", group_name=["Work"])
    assert again.current_sequence == before + 1


def test_a_deleted_friend_leaves_the_lists(client: ChatClient) -> None:
    client.friends.add_lists(from_account="alice", group_name=["Work"], to_account=["bob"])
    client.friends.delete(from_account="alice", to_account=["bob"])
    assert lists(client) == {"Work": (0, None)}
