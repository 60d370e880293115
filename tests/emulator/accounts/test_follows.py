"""Who follows whom."""

from __future__ import annotations

from typing import Literal

import pytest

from support.receiver import Receiver
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._memory.relations import Follow


def follow(client: ChatClient, one: str, *others: str) -> list[int | None]:
    items = [{"To_Account": other} for other in others]
    return [item.result_code for item in client.follows.add(from_account=one, follow_item=items).result_item or ()]


def kind(client: ChatClient, one: str, other: str) -> int | None:
    (item,) = client.follows.check(from_account=one, to_account=[other]).result_item or ()
    return item.follow_type


def listed(client: ChatClient, name: str, which: Literal[1, 2, 3], size: int = 100) -> list[str | None]:
    found = client.follows.iter_all(from_account=name, follow_type=which, want_num=size)
    return [item.to_account for item in found]


def test_follows_are_known_on_both_sides(client: ChatClient) -> None:
    assert kind(client, "alice", "bob") == 0
    follow(client, "alice", "bob")
    assert (kind(client, "alice", "bob"), kind(client, "bob", "alice")) == (2, 1)
    follow(client, "bob", "alice")
    assert (kind(client, "alice", "bob"), kind(client, "bob", "alice")) == (3, 3)
    client.follows.remove(from_account="alice", to_account=["bob"])
    assert (kind(client, "alice", "bob"), kind(client, "bob", "alice")) == (1, 2)


def test_some_of_several_fail(client: ChatClient) -> None:
    assert follow(client, "alice", "nobody", "alice", "bob", "bob") == [30003, 30001, 0, 0]
    removed = client.follows.remove(from_account="alice", to_account=["nobody", "bob", "carol"])
    assert [item.result_code for item in removed.result_item or ()] == [30003, 0, 0]
    checked = client.follows.check(from_account="alice", to_account=["nobody", "bob"])
    assert [(item.result_code, item.follow_type) for item in checked.result_item or ()] == [(30003, 0), (0, 0)]


def test_5000_are_followed_at_most(emulator: Emulator, client: ChatClient) -> None:
    following = {f"user{number}": Follow(0, 0) for number in range(4999)}
    emulator.state.relations.of("alice").following = following
    assert follow(client, "alice", "bob", "carol", "bob") == [0, 32100, 0]


def test_counts(client: ChatClient) -> None:
    follow(client, "alice", "bob", "carol")
    follow(client, "bob", "alice")
    answer = client.follows.get_counts(from_account="carol", to_account=["alice", "bob", "carol", "nobody"])
    assert [
        (item.follower_count, item.following_count, item.mutual_following_count, item.result_code)
        for item in answer.follow_info or ()
    ] == [(1, 2, 1, 0), (1, 1, 1, 0), (1, 0, 0, 0), (None, None, None, 30003)]


def test_lists_come_in_pages(client: ChatClient) -> None:
    names = [f"user{number}" for number in range(45)]
    client.accounts.import_accounts(accounts=names)
    for start in range(0, 45, 20):
        follow(client, "alice", *names[start : start + 20])
    for name in names[::2]:
        follow(client, name, "alice")
    assert listed(client, "alice", 2, size=10) == names
    assert listed(client, "alice", 1, size=7) == names[::2]
    assert listed(client, "alice", 3, size=5) == names[::2]
    assert listed(client, "alice", 2, size=45) == names
    assert listed(client, "user1", 1) == ["alice"]
    assert listed(client, "user1", 2) == []


def test_a_cursor_stays_where_it_is(client: ChatClient) -> None:
    client.accounts.import_account(user_id="dave")
    follow(client, "alice", "bob", "carol", "dave")
    page = client.follows.list_all(from_account="alice", follow_type=2, start_cursor="", want_num=2)
    client.follows.remove(from_account="alice", to_account=["bob", "carol"])
    rest = client.follows.list_all(from_account="alice", follow_type=2, start_cursor=page.next_cursor or "", want_num=2)
    assert [item.to_account for item in rest.follow_item or ()] == ["dave"]
    assert rest.next_cursor == ""


@pytest.mark.parametrize(("cursor", "size"), [("nonsense", 5), ("", 0), ("9" * 5000, 5)])
def test_a_wrong_page_is_refused(client: ChatClient, cursor: str, size: int) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.follows.list_all(from_account="alice", follow_type=1, start_cursor=cursor, want_num=size)
    assert caught.value.code == 30001


def test_follows_come_with_profiles(emulator: Emulator, client: ChatClient) -> None:
    def entry() -> tuple[object, ...]:
        (item,) = client.follows.iter_all(from_account="alice", follow_type=2)
        return item.follow_time, [field.value for field in item.profile_item or ()], item.profile_sequence

    follow(client, "alice", "bob")
    assert entry() == (int(emulator.clock.now()), [], 0)
    emulator.clock.advance(60)
    since = int(emulator.clock.now()) - 60
    client.profiles.update(from_account="bob", profile_item=[{"Tag": "Tag_Profile_IM_Nick", "Value": "Bob"}])
    follow(client, "alice", "bob")
    assert entry() == (since, ["Bob"], 1)


def test_follows_are_told(emulator: Emulator, client: ChatClient, receiver: Receiver) -> None:
    follow(client, "alice", "bob")
    follow(client, "alice", "bob", "carol", "nobody")
    client.follows.remove(from_account="alice", to_account=["bob", "nobody"])
    client.follows.remove(from_account="alice", to_account=["bob"])
    assert len(emulator.webhooks.delivered) == 3
    base = {"From_Account": "alice", "EventTime": int(emulator.clock.now() * 1000)}
    added, removed = "Follow.CallbackAfterFollowAdd", "Follow.CallbackAfterFollowDelete"
    assert [received.body for received in receiver.received] == [
        {"CallbackCommand": added, **base, "FollowList": [{"To_Account": "bob"}]},
        {"CallbackCommand": added, **base, "FollowList": [{"To_Account": "carol"}]},
        {"CallbackCommand": removed, **base, "To_Account": ["bob"]},
    ]
