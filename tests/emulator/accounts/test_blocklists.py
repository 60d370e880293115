"""Blocklists."""

from __future__ import annotations

import pytest

from support.receiver import Receiver
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator


def relation(client: ChatClient, one: str, other: str, *, both: bool = True) -> str:
    answer = client.blocklist.check(
        from_account=one,
        to_account=[other],
        check_type="BlackCheckResult_Type_Both" if both else "BlackCheckResult_Type_Single",
    )
    (item,) = answer.black_list_check_item or ()
    return str(item.relation).removeprefix("BlackCheckResult_Type_")


def test_a_block_ends_a_friendship(client: ChatClient) -> None:
    client.friends.add(from_account="alice", add_friend_item=[{"To_Account": "bob"}])
    client.blocklist.add(from_account="bob", to_account=["alice"])
    assert (relation(client, "bob", "alice"), relation(client, "alice", "bob")) == ("AWithB", "BWithA")
    assert (relation(client, "bob", "alice", both=False), relation(client, "alice", "bob", both=False)) == (
        "AWithB",
        "NO",
    )
    assert list(client.friends.iter_all(from_account="alice")) == []
    assert list(client.friends.iter_all(from_account="bob")) == []
    client.blocklist.add(from_account="alice", to_account=["bob"])
    assert relation(client, "alice", "bob") == "BothWay"
    client.blocklist.remove(from_account="bob", to_account=["alice"])
    client.blocklist.remove(from_account="alice", to_account=["bob"])
    assert relation(client, "alice", "bob") == "NO"


def test_a_block_ends_a_friend_request(emulator: Emulator, client: ChatClient) -> None:
    asking = {"Tag": "Tag_Profile_IM_AllowType", "Value": "AllowType_Type_NeedConfirm"}
    client.profiles.update(from_account="bob", profile_item=[asking])
    assert emulator.request_friend("alice", "bob") == 30539
    client.blocklist.add(from_account="bob", to_account=["alice"])
    with pytest.raises(ValueError, match="no friend request"):
        emulator.answer_friend("bob", "alice")


def test_some_of_several_fail(client: ChatClient) -> None:
    client.blocklist.add(from_account="alice", to_account=["bob"])
    answer = client.blocklist.add(from_account="alice", to_account=["bob", "alice", "nobody", "carol"])
    results = [(item.result_code, item.result_info) for item in answer.result_item or ()]
    assert results[0] == (30001, "Err_SNS_BlackListAdd_Already_Exist")
    assert [code for code, _ in results] == [30001, 30001, 30003, 0]
    assert answer.fail_account == ["bob", "alice", "nobody"]
    removed = client.blocklist.remove(from_account="alice", to_account=["nobody", "carol", "carol"])
    assert [item.result_code for item in removed.result_item or ()] == [30003, 0, 0]
    assert relation(client, "alice", "carol") == "NO"
    checked = client.blocklist.check(
        from_account="alice", to_account=["nobody"], check_type="BlackCheckResult_Type_Single"
    )
    assert [failure.code for failure in checked.failures] == [30003]


def test_a_blocklist_comes_in_pages(emulator: Emulator, client: ChatClient) -> None:
    names = [f"user{number}" for number in range(90)]
    client.accounts.import_accounts(accounts=names)
    client.blocklist.add(from_account="alice", to_account=names)
    found = list(client.blocklist.iter_all(from_account="alice", max_limited=40))
    assert [item.to_account for item in found] == names
    assert {item.add_black_time_stamp for item in found} == {int(emulator.clock.now())}
    for start, size, ends in ((0, 90, 0), (0, 89, 89), (89, 5, 0), (200, 5, 0)):
        page = client.blocklist.list_all(from_account="alice", start_index=start, max_limited=size, last_sequence=0)
        assert page.start_index == ends
    for start, size in ((-1, 5), (0, 0)):
        with pytest.raises(ChatAPIError) as caught:
            client.blocklist.list_all(from_account="alice", start_index=start, max_limited=size, last_sequence=0)
        assert caught.value.code == 30001


def test_a_thousand_are_blocked_at_most(emulator: Emulator, client: ChatClient) -> None:
    emulator.state.relations.of("alice").blocked = {f"user{number}": 0 for number in range(999)}
    answer = client.blocklist.add(from_account="alice", to_account=["bob", "carol"])
    assert [item.result_code for item in answer.result_item or ()] == [0, 30013]


def test_blocks_are_told(emulator: Emulator, client: ChatClient, receiver: Receiver) -> None:
    client.blocklist.add(from_account="alice", to_account=["bob", "nobody"])
    client.blocklist.add(from_account="alice", to_account=["bob"])
    client.blocklist.remove(from_account="alice", to_account=["bob", "carol"])
    client.blocklist.remove(from_account="alice", to_account=["bob"])
    assert len(emulator.webhooks.delivered) == 2
    pairs = [{"From_Account": "alice", "To_Account": "bob"}]
    assert [received.body for received in receiver.received] == [
        {"CallbackCommand": "Sns.CallbackBlackListAdd", "PairList": pairs},
        {"CallbackCommand": "Sns.CallbackBlackListDelete", "PairList": pairs},
    ]
