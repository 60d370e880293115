"""Accounts: import, check, delete, log out."""

from __future__ import annotations

import pytest

from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator

PHOTO = "https://example.com/dave.png"


def statuses(client: ChatClient, *names: str) -> list[str | None]:
    answer = client.accounts.check(check_item=[{"UserID": name} for name in names])
    return [item.account_status for item in answer.result_item or ()]


def profile(client: ChatClient, name: str) -> dict[str, object]:
    tags = ["Tag_Profile_IM_Nick", "Tag_Profile_IM_Image"]
    (item,) = client.profiles.get(to_account=[name], tag_list=tags).user_profile_item or ()
    return {str(field.tag): field.value for field in item.profile_item or ()}


def test_an_imported_account_is_there(client: ChatClient) -> None:
    client.accounts.import_account(user_id="dave")
    assert statuses(client, "dave", "nobody") == ["Imported", "NotImported"]
    assert profile(client, "dave") == {}


def test_an_import_sets_the_profile_and_a_second_one_sets_it_anew(client: ChatClient) -> None:
    client.accounts.import_account(user_id="dave", nick="Dave", face_url=PHOTO)
    client.accounts.import_account(user_id="dave", nick="David")
    assert profile(client, "dave") == {"Tag_Profile_IM_Nick": "David", "Tag_Profile_IM_Image": PHOTO}


def test_many_are_imported_in_both_forms(client: ChatClient) -> None:
    users = [{"UserID": "dave", "Nick": "Dave"}, {"UserID": "erin"}]
    assert client.accounts.import_accounts(account_list=users).fail_accounts == []
    client.accounts.import_accounts(accounts=["frank"])
    assert statuses(client, "dave", "erin", "frank") == ["Imported"] * 3
    assert profile(client, "dave") == {"Tag_Profile_IM_Nick": "Dave"}
    client.accounts.import_accounts(account_list=[{"UserID": "dave", "Nick": "David"}])
    assert profile(client, "dave") == {"Tag_Profile_IM_Nick": "David"}


def test_some_of_many_fail(client: ChatClient) -> None:
    users = [{"UserID": "dave", "Nick": "é" * 251}, {"UserID": "erin"}]
    assert client.accounts.import_accounts(account_list=users).fail_accounts == ["dave"]
    assert statuses(client, "dave", "erin") == ["NotImported", "Imported"]


def test_an_import_of_nobody_is_refused(client: ChatClient) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.accounts.import_accounts()
    assert caught.value.code == 70402


def test_administrators_are_there_from_the_start(emulator: Emulator, client: ChatClient) -> None:
    assert statuses(client, emulator.identifier) == ["Imported"]


def test_a_deleted_account_is_gone_with_all_it_had(emulator: Emulator, client: ChatClient) -> None:
    client.profiles.update(from_account="alice", profile_item=[{"Tag": "Tag_Profile_IM_Nick", "Value": "A"}])
    for one, other in (("alice", "bob"), ("carol", "alice")):
        client.friends.add(from_account=one, add_friend_item=[{"To_Account": other}], add_type="Add_Type_Single")
        client.follows.add(from_account=other, follow_item=[{"To_Account": one}])
    client.accounts.import_account(user_id="dave")
    client.blocklist.add(from_account="dave", to_account=["alice"])
    client.operations.set_mute(set_account="alice", groupmsg_nospeaking_time=60)

    answer = client.accounts.delete(delete_item=[{"UserID": "alice"}])
    assert [(item.user_id, item.result_code) for item in answer.result_item or ()] == [("alice", 0)]
    assert statuses(client, "alice") == ["NotImported"]
    assert "alice" not in str(emulator.snapshot())

    client.accounts.import_account(user_id="alice")
    assert profile(client, "alice") == {}
    assert client.operations.get_mute(get_account="alice").groupmsg_nospeaking_time == 0
    assert list(client.blocklist.iter_all(from_account="dave")) == []
    counts = client.follows.get_counts(from_account="bob", to_account=["bob", "carol"]).follow_info or ()
    assert [(item.follower_count, item.following_count) for item in counts] == [(0, 0), (0, 0)]


def test_deleting_a_stranger_fails_alone(client: ChatClient) -> None:
    answer = client.accounts.delete(delete_item=[{"UserID": "nobody"}, {"UserID": "bob"}])
    (failure,) = answer.failures
    assert (failure.item, failure.code) == ("nobody", 70107)
    assert statuses(client, "bob") == ["NotImported"]


def test_a_kick_logs_the_account_out(emulator: Emulator, client: ChatClient) -> None:
    emulator.come_online("bob", "Android")
    client.accounts.kick(user_id="bob")
    (result,) = client.accounts.get_online_status(to_account=["bob"]).query_result or ()
    assert result.state == "Offline"


def test_a_kick_of_a_stranger_is_refused(client: ChatClient) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.accounts.kick(user_id="nobody")
    assert caught.value.code == 70107
