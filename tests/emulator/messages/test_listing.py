"""The list of conversations: what stands in it and in which order, pages, pins, deletion."""

from __future__ import annotations

from typing import Any

import pytest

from support.chat import Chat, text
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator

PINNED, EMPTY, PINNED_BY_PAGE = 1, 2, 4
EVERYTHING = 63


def with_user(name: str) -> dict[str, Any]:
    return {"Type": 1, "To_Account": name}


def pin(client: ChatClient, *names: str, operation: int = 1) -> None:
    client.conversations.pin(
        from_account="alice",
        operation_type=operation,
        recent_contact_item=[with_user(name) for name in names],
    )


def many(client: ChatClient, count: int) -> list[str]:
    """Let alice write to users u0, u1 and so on, all in one second, and return their names."""
    names = [f"u{number}" for number in range(count)]
    client.accounts.import_accounts_many(accounts=names)
    client.messages.send_batch(from_account="alice", to_account=names, msg_body=text("hi"))
    return names


def test_the_newest_conversation_comes_first(emulator: Emulator, chat: Chat) -> None:
    for peer in ("bob", "carol", "bob"):
        emulator.clock.advance(1)
        chat.send(peer, "alice", "hi")
        assert chat.listed("alice")[0] == peer
    emulator.clock.advance(1)
    chat.send("alice", "carol", "hi")
    assert chat.listed("alice") == ["carol", "bob"]


def test_an_item_says_when_the_latest_message_came(client: ChatClient, chat: Chat, now: int) -> None:
    chat.send("bob", "alice", "hi")
    answer = client.conversations.list_all(
        from_account="alice",
        time_stamp=0,
        start_index=0,
        top_time_stamp=0,
        top_start_index=0,
        assist_flags=7,
    )
    (item,) = answer.session_item or ()
    assert (item.type, item.to_account, item.msg_time, item.top_flag) == (1, "bob", now, 0)
    assert (item.standard_mark, item.custom_mark, item.contact_group_id) == (None, None, None)
    assert answer.complete_flag == 1


@pytest.mark.parametrize("pinned", [0, 20, 50])
def test_the_iterator_reads_everything_once(client: ChatClient, chat: Chat, pinned: int) -> None:
    names = many(client, 80)
    if pinned:
        pin(client, *names[:pinned])
    chat.send("bob", "alice", "of another second")
    found = [
        (item.to_account, item.top_flag) for item in client.conversations.iter_all(from_account="alice", assist_flags=7)
    ]
    assert len(found) == 81
    assert {name for name, flag in found if flag} == set(names[:pinned])
    assert {name for name, _ in found} == {*names, "bob"}
    assert [flag for _, flag in found[: min(pinned, 30)]] == [1] * min(pinned, 30)


def test_a_hundred_are_kept(emulator: Emulator, client: ChatClient) -> None:
    many(client, 60)
    emulator.clock.advance(1)
    names = many(client, 100)
    found = [item.to_account for item in client.conversations.iter_all(from_account="alice", assist_flags=7)]
    assert sorted(name for name in found if name) == sorted(names)


def test_pinned_ones_come_first(emulator: Emulator, client: ChatClient, chat: Chat) -> None:
    for peer in ("bob", "carol"):
        chat.send(peer, "alice", "hi")
        emulator.clock.advance(1)
    assert chat.listed("alice") == ["carol", "bob"]
    pin(client, "bob")
    assert chat.listed("alice") == ["bob", "carol"]
    assert chat.listed("alice", EMPTY) == ["carol", "bob"]
    pin(client, "bob", operation=2)
    assert chat.listed("alice") == ["carol", "bob"]


@pytest.mark.parametrize(("flags", "first_page"), [(PINNED, 50 + 5), (PINNED | PINNED_BY_PAGE, 30 + 5)])
def test_fifty_can_be_pinned(client: ChatClient, chat: Chat, flags: int, first_page: int) -> None:
    names = many(client, 55)
    pin(client, *names[:50])
    assert len(chat.listed("alice", flags)) == first_page
    with pytest.raises(ChatAPIError) as caught:
        pin(client, names[50])
    assert caught.value.code == 51012
    pin(client, names[0])


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"Type": 1, "To_Account": "nobody"}, 50001),
        ({"Type": 1, "GroupId": "g"}, 50002),
        ({"Type": 2, "GroupId": "g"}, 50002),
        ({"Type": 2, "To_Account": "bob"}, 50002),
    ],
)
def test_pinning_is_refused(client: ChatClient, item: dict[str, Any], code: int) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.conversations.pin(from_account="alice", operation_type=1, recent_contact_item=[with_user("bob"), item])
    assert caught.value.code == code


class TestDeletion:
    def test_a_conversation_leaves_the_list(self, client: ChatClient, chat: Chat) -> None:
        chat.send("bob", "alice", "hi")
        pin(client, "bob")
        client.conversations.delete(from_account="alice", type=1, to_account="bob")
        assert (chat.listed("alice"), chat.listed("bob")) == ([], ["alice"])
        assert chat.texts("alice", "bob") == ["hi"]
        assert chat.unread("alice") == 0
        chat.send("bob", "alice", "again")
        chat.send("carol", "alice", "hi")
        assert chat.listed("alice") == ["bob", "carol"]
        assert (chat.texts("alice", "bob"), chat.unread("alice")) == (["hi", "again"], 2)

    def test_messages_can_go_with_it(self, client: ChatClient, chat: Chat) -> None:
        chat.send("bob", "alice", "hi")
        client.conversations.delete(from_account="alice", type=1, to_account="bob", clear_ramble=True)
        assert (chat.texts("alice", "bob"), chat.texts("bob", "alice")) == ([], ["hi"])
        chat.send("bob", "alice", "again")
        assert chat.texts("alice", "bob") == ["again"]

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"from_account": "nobody"}, 50001),
            ({"to_account": None}, 50002),
            ({"type": 2}, 50002),
        ],
    )
    def test_it_is_refused(self, client: ChatClient, fields: dict[str, Any], code: int) -> None:
        call = {"from_account": "alice", "type": 1, "to_account": "bob"}
        with pytest.raises(ChatAPIError) as caught:
            client.conversations.delete(**call | fields)
        assert caught.value.code == code


def test_empty_conversations_are_listed_on_request(client: ChatClient, chat: Chat) -> None:
    key = chat.send("bob", "alice", "hi")
    client.messages.delete(operator_account="alice", peer_account="bob", msg_key_list=[key])
    assert chat.listed("alice", PINNED) == []
    assert chat.listed("alice", PINNED | EMPTY) == ["bob"]


def test_an_account_that_does_not_exist_has_no_list(chat: Chat) -> None:
    with pytest.raises(ChatAPIError) as caught:
        chat.listed("nobody")
    assert caught.value.code == 50001


def test_items_tell_marks_and_groups(client: ChatClient, chat: Chat) -> None:
    chat.send("bob", "alice", "hi")
    client.conversations.mark(
        from_account="alice",
        mark_item=[{"OptType": 3, "ContactItem": with_user("bob"), "SetMark": [1, 3], "CustomMark": "vip"}],
    )
    client.conversations.create_groups(
        from_account="alice", group_contact_item=[{"GroupName": "work", "ContactItem": [with_user("bob")]}]
    )
    (item,) = client.conversations.iter_all(from_account="alice", assist_flags=EVERYTHING)
    assert (item.standard_mark, item.custom_mark, item.contact_group_id) == ("101", "vip", [1])


class TestGroups:
    @pytest.fixture(autouse=True)
    def group(self, client: ChatClient) -> None:
        client.groups.create(
            type="Public", name="g", group_id="g", member_list=[{"Member_Account": name} for name in ("alice", "bob")]
        )

    def test_a_group_stands_among_the_conversations_of_its_members(
        self, emulator: Emulator, client: ChatClient, chat: Chat
    ) -> None:
        chat.send("carol", "alice", "hi")
        emulator.clock.advance(1)
        client.groups.send_message(group_id="g", from_account="bob", msg_body=text("hi"))
        assert (chat.listed("alice"), chat.listed("bob"), chat.listed("carol")) == (["g", "carol"], ["g"], ["alice"])
        emulator.clock.advance(1)
        chat.send("carol", "alice", "hi")
        assert chat.listed("alice") == ["carol", "g"]
        client.conversations.pin(
            from_account="alice", operation_type=1, recent_contact_item=[{"Type": 2, "GroupId": "g"}]
        )
        assert chat.listed("alice") == ["g", "carol"]
        client.groups.remove_members(group_id="g", member_to_del_account=["alice"])
        assert chat.listed("alice") == ["carol"]

    def test_one_without_messages_is_empty(self, chat: Chat) -> None:
        assert chat.listed("alice", PINNED) == []
        assert chat.listed("alice", PINNED | EMPTY) == ["g"]

    def test_it_is_deleted_until_the_next_message(self, client: ChatClient, chat: Chat) -> None:
        client.groups.send_message(group_id="g", msg_body=text("hi"))
        client.conversations.delete(from_account="alice", type=2, to_groupid="g")
        assert (chat.listed("alice"), chat.listed("bob")) == ([], ["g"])
        client.groups.send_message(group_id="g", msg_body=text("again"))
        assert chat.listed("alice") == ["g"]

    def test_an_audio_video_group_is_no_conversation(self, emulator: Emulator, client: ChatClient, chat: Chat) -> None:
        client.groups.create(type="AVChatRoom", name="live", group_id="live")
        emulator.join("live", "carol")
        client.groups.send_message(group_id="live", msg_body=text("hi"))
        assert chat.listed("carol", EVERYTHING) == []

    def test_it_can_be_marked(self, client: ChatClient) -> None:
        group = {"Type": 2, "ToGroupId": "g"}
        client.conversations.mark(
            from_account="alice", mark_item=[{"OptType": 2, "ContactItem": group, "CustomMark": "vip"}]
        )
        answer = client.conversations.search_groups(from_account="alice", contact_item=[group])
        assert [(it.to_group_id, it.custom_mark) for it in answer.contact_result_item or ()] == [("g", "vip")]


@pytest.mark.parametrize("field", ["start_index", "top_start_index"])
def test_a_page_begins_at_0_or_later(client: ChatClient, field: str) -> None:
    call = {"time_stamp": 0, "start_index": 0, "top_time_stamp": 0, "top_start_index": 0}
    with pytest.raises(ChatAPIError) as caught:
        client.conversations.list_all(from_account="alice", assist_flags=7, **call | {field: -1})
    assert caught.value.code == 50002
