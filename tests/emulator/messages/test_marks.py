"""Marks of conversations, and conversation groups."""

from __future__ import annotations

from typing import Any

import pytest

from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator

STANDARD, CUSTOM, BOTH = 1, 2, 3


def with_user(name: str) -> dict[str, Any]:
    return {"Type": 1, "To_Account": name}


def mark(client: ChatClient, name: str, kind: int = BOTH, **fields: Any) -> int | None:
    """Mark alice's conversation with a user, and return the code of the result."""
    answer = client.conversations.mark(
        from_account="alice",
        mark_item=[{"OptType": kind, "ContactItem": with_user(name), **fields}],
    )
    (result,) = answer.result_item or ()
    return result.result_code


def create(client: ChatClient, name: str, *users: str) -> list[int | None]:
    """Create a conversation group of alice's, and return the code of each conversation."""
    answer = client.conversations.create_groups(
        from_account="alice",
        group_contact_item=[{"GroupName": name, "ContactItem": [with_user(user) for user in users]}],
        validate=False,
    )
    (group,) = answer.group_result_item or ()
    return [item.result_code for item in group.result_item or ()]


def update(client: ChatClient, **change: Any) -> Any:
    return client.conversations.update_groups(
        from_account="alice", update_type=1, update_group=change
    ).update_group_result


def found(client: ChatClient, *names: str) -> dict[str | None, tuple[Any, ...]]:
    """Return marks and conversation groups by user."""
    answer = client.conversations.search_groups(from_account="alice", contact_item=[with_user(name) for name in names])
    return {
        item.to_account: (item.standard_mark, item.custom_mark, item.contact_group_id)
        for item in answer.contact_result_item or ()
    }


def users(client: ChatClient, count: int) -> list[str]:
    names = [f"u{number}" for number in range(count)]
    client.accounts.import_accounts_many(accounts=names)
    return names


class TestMarks:
    def test_bits_are_set_and_cleared(self, client: ChatClient) -> None:
        mark(client, "bob", STANDARD, SetMark=[1, 4, 64])
        assert found(client, "bob") == {"bob": ("1001" + "0" * 59 + "1", None, None)}
        mark(client, "bob", STANDARD, SetMark=[2], ClearMark=[1, 64])
        assert found(client, "bob") == {"bob": ("0101", None, None)}

    def test_each_kind_leaves_the_other_alone(self, client: ChatClient) -> None:
        mark(client, "bob", STANDARD, SetMark=[1], CustomMark="no")
        mark(client, "bob", CUSTOM, SetMark=[2], CustomMark="yes")
        assert found(client, "bob") == {"bob": ("1", "yes", None)}

    def test_a_conversation_without_marks_is_not_found(self, client: ChatClient) -> None:
        mark(client, "bob", SetMark=[1], CustomMark="vip")
        mark(client, "bob", ClearMark=[1])
        assert found(client, "bob", "carol") == {}

    def test_each_conversation_has_its_result(self, client: ChatClient) -> None:
        def item(**contact: Any) -> dict[str, Any]:
            return {"OptType": CUSTOM, "ContactItem": contact, "CustomMark": "x"}

        answer = client.conversations.mark(
            from_account="alice",
            mark_item=[
                item(Type=1, To_Account="bob"),
                item(Type="1", To_Account="nobody"),
                item(Type=2, ToGroupId="gone"),
                item(Type=2, To_Account="bob"),
                {"OptType": STANDARD, "ContactItem": with_user("carol"), "SetMark": [65]},
            ],
        )
        results = answer.result_item or ()
        assert [it.result_code for it in results] == [0, 50001, 51007, 50002, 50002]
        assert [bool(it.result_info) for it in results] == [False, True, True, True, True]
        assert [it.contact_item.type for it in results if it.contact_item] == [1, 1, 2, 2, 1]
        assert found(client, "bob", "carol") == {"bob": (None, "x", None)}

    def test_a_thousand_conversations_can_be_marked(self, emulator: Emulator, client: ChatClient) -> None:
        names = users(client, 1000)
        for start in range(0, 1000, 100):
            client.conversations.mark(
                from_account="alice",
                mark_item=[
                    {"OptType": CUSTOM, "ContactItem": with_user(name), "CustomMark": "x"}
                    for name in names[start : start + 100]
                ],
            )
        assert mark(client, "bob", CustomMark="x") == 51008
        assert create(client, "work", "bob", "u1") == [51008, 0]
        assert mark(client, "u0", CustomMark="y") == 0
        listed = [(item.to_account, item.timestamp) for item in client.conversations.iter_groups(from_account="alice")]
        assert listed == [(name, int(emulator.clock.now())) for name in names]


class TestGroups:
    def test_a_group_holds_conversations(self, client: ChatClient) -> None:
        assert create(client, "work", "bob", "nobody") == [0, 50001]
        create(client, "family", "bob", "carol")
        assert found(client, "bob", "carol") == {"bob": (None, None, [1, 2]), "carol": (None, None, [2])}
        answer = client.conversations.get_groups(from_account="alice", start_index=0)
        assert [it.to_account for it in answer.contact_item or ()] == ["bob", "carol"]
        assert [(it.group_name, it.group_id) for it in answer.group_item or ()] == [("work", 1), ("family", 2)]
        assert (answer.complete_flag, answer.next_start_index) == (1, 0)

    def test_only_the_groups_of_what_was_found_are_named(self, client: ChatClient) -> None:
        create(client, "work", "bob")
        create(client, "family", "carol")
        answer = client.conversations.search_groups(from_account="alice", contact_item=[with_user("carol")])
        assert [it.group_name for it in answer.group_item or ()] == ["family"]

    def test_a_group_gets_another_name(self, client: ChatClient) -> None:
        create(client, "work", "bob")
        result = update(client, UpdateGroupType=1, OldGroupName="work", NewGroupName="team")
        assert (result.group_name, result.old_group_name, result.group_id) == ("team", "work", 1)
        assert found(client, "bob") == {"bob": (None, None, [1])}
        with pytest.raises(ChatAPIError) as caught:
            update(client, UpdateGroupType=1, OldGroupName="work", NewGroupName="team")
        assert caught.value.code == 51009

    def test_conversations_come_and_go(self, client: ChatClient) -> None:
        create(client, "work", "bob")
        result = update(
            client,
            UpdateGroupType=2,
            OldGroupName="work",
            ContactUpdateItem=[
                {"ContactOptType": 1, "ContactItem": with_user("carol")},
                {"ContactOptType": 1, "ContactItem": with_user("nobody")},
                {"ContactOptType": 2, "ContactItem": with_user("bob")},
            ],
        )
        assert [
            (it.contact_opt_type, it.contact_item.to_account, it.result_code) for it in result.contact_result_item
        ] == [(1, "carol", 0), (1, "nobody", 50001), (2, "bob", 0)]
        assert found(client, "bob", "carol") == {"carol": (None, None, [1])}

    def test_a_deleted_group_lets_its_conversations_go(self, client: ChatClient) -> None:
        create(client, "work", "bob", "carol")
        mark(client, "carol", CustomMark="vip")
        answer = client.conversations.delete_groups(from_account="alice", group_name=["work"])
        assert [(it.group_name, it.group_id) for it in answer.group_item or ()] == [("work", 1)]
        assert found(client, "bob", "carol") == {"carol": (None, "vip", None)}
        with pytest.raises(ChatAPIError) as caught:
            client.conversations.delete_groups(from_account="alice", group_name=["work"])
        assert caught.value.code == 51009
        create(client, "work", "bob")
        assert found(client, "bob") == {"bob": (None, None, [2])}

    def test_there_are_twenty_groups(self, client: ChatClient) -> None:
        for number in range(20):
            create(client, f"group {number}", "bob")
        with pytest.raises(ChatAPIError) as caught:
            create(client, "one more", "bob")
        assert caught.value.code == 51010

    @pytest.mark.parametrize(("name", "members", "code"), [("work", ["bob"], 50002), ("empty", [], 51006)])
    def test_creating_is_refused(self, client: ChatClient, name: str, members: list[str], code: int) -> None:
        create(client, "work", "bob")
        with pytest.raises(ChatAPIError) as caught:
            create(client, name, *members)
        assert caught.value.code == code

    def test_names_have_up_to_32_bytes(self, client: ChatClient) -> None:
        create(client, "é" * 16, "bob")
        with pytest.raises(ChatAPIError) as caught:
            create(client, "é" * 16 + "x", "bob")
        assert caught.value.code == 51011

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"UpdateGroupType": 1, "NewGroupName": "team"}, 50002),
            ({"UpdateGroupType": 1, "OldGroupName": "work"}, 50002),
            ({"UpdateGroupType": 1, "OldGroupName": "work", "NewGroupName": "family"}, 50002),
            ({"UpdateGroupType": 2, "OldGroupName": "work"}, 51006),
            ({"UpdateGroupType": 2, "OldGroupName": "team", "ContactUpdateItem": []}, 51009),
        ],
    )
    def test_changing_is_refused(self, client: ChatClient, change: dict[str, Any], code: int) -> None:
        create(client, "work", "bob")
        create(client, "family", "bob")
        with pytest.raises(ChatAPIError) as caught:
            update(client, **change)
        assert caught.value.code == code


def test_a_user_that_does_not_exist_has_nothing(client: ChatClient) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.conversations.get_groups(from_account="nobody", start_index=0)
    assert caught.value.code == 50001
    with pytest.raises(ChatAPIError) as caught:
        client.conversations.get_groups(from_account="alice", start_index=-1)
    assert caught.value.code == 50002


def test_accounts_keep_their_own(client: ChatClient) -> None:
    create(client, "work", "bob")
    answer = client.conversations.get_groups(from_account="bob", start_index=0)
    assert (answer.contact_item, answer.group_item) == ([], [])
