"""Where accounts are online."""

from __future__ import annotations

import pytest

from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator

DAY = 86400
CHANGED = "State.StateChange"


def status(client: ChatClient, name: str) -> tuple[str | None, dict[str | None, str | None]]:
    answer = client.accounts.get_online_status(to_account=[name], is_need_detail=True)
    (result,) = answer.query_result or ()
    assert result.state == result.status
    return result.state, {item.platform: item.status for item in result.detail or ()}


def test_an_account_is_online_until_it_logs_out(emulator: Emulator, client: ChatClient) -> None:
    assert status(client, "bob") == ("Offline", {})
    emulator.come_online("bob", "Web")
    emulator.come_online("bob", "iPhone")
    assert status(client, "bob") == ("Online", {"Web": "Online", "iPhone": "Online"})
    emulator.go_offline("bob", "Web")
    assert status(client, "bob") == ("Online", {"iPhone": "Online"})
    emulator.go_offline("bob")
    assert status(client, "bob") == ("Offline", {})


def test_a_lost_connection_leaves_pushes_for_seven_days(emulator: Emulator, client: ChatClient) -> None:
    for platform in ("Web", "iPhone"):
        emulator.come_online("bob", platform)
    emulator.go_offline("bob", is_lost=True)
    assert status(client, "bob") == ("PushOnline", {"iPhone": "PushOnline"})
    emulator.clock.advance(7 * DAY - 1)
    assert status(client, "bob")[0] == "PushOnline"
    emulator.clock.advance(1)
    assert status(client, "bob") == ("Offline", {})
    emulator.come_online("bob", "iPhone")
    assert status(client, "bob") == ("Online", {"iPhone": "Online"})


def test_unknown_accounts_are_listed(client: ChatClient) -> None:
    answer = client.accounts.get_online_status(to_account=["nobody", "bob"])
    assert [result.to_account for result in answer.query_result or ()] == ["bob"]
    assert [(item.to_account, item.error_code) for item in answer.error_list or ()] == [("nobody", 70107)]
    assert (answer.query_result or ())[0].detail is None


@pytest.mark.parametrize("ask", ["openim/query_online_status", "openim/querystate"])
def test_only_strangers_are_refused(client: ChatClient, ask: str) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.call(ask, {"To_Account": ["nobody"]})
    assert caught.value.code == 70107


def test_the_older_command_knows_it_too(emulator: Emulator, client: ChatClient) -> None:
    emulator.come_online("bob", "Mac")
    answer = client.accounts.get_state(to_account=["bob", "alice", "nobody"], is_need_detail=True)
    assert [(item.to_account, item.state, len(item.detail or ())) for item in answer.query_result or ()] == [
        ("bob", "Online", 1),
        ("alice", "Offline", 0),
    ]


@pytest.mark.usefixtures("receiver")
def test_changes_are_told(emulator: Emulator, client: ChatClient) -> None:
    emulator.come_online("bob", "PC")
    emulator.come_online("bob", "PC")
    emulator.come_online("bob", "iPhone")
    emulator.go_offline("bob", "iPhone", is_lost=True)
    client.accounts.kick(user_id="bob")
    emulator.go_offline("bob")
    told = [delivery for delivery in emulator.webhooks.delivered if delivery.command == CHANGED]
    assert [
        (
            item.query["OptPlatform"],
            item.body["Info"]["Action"],
            item.body["Info"]["Reason"],
            item.body.get("KickedDevice"),
        )
        for item in told
    ] == [
        ("Windows", "Login", "Register", None),
        ("Windows", "Login", "Register", [{"Platform": "Windows"}]),
        ("IOS", "Login", "Register", None),
        ("IOS", "Disconnect", "LinkClose", None),
        ("Windows", "Logout", "Unregister", None),
        ("IOS", "Logout", "Unregister", None),
    ]
    assert {item.body["Info"]["To_Account"] for item in told} == {"bob"}
    assert {item.body["EventTime"] for item in told} == {int(emulator.clock.now() * 1000)}


def test_mistakes_are_told(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="'nobody' was not imported"):
        emulator.come_online("nobody")
    with pytest.raises(ValueError, match="unknown platform 'Amiga': use iPhone or"):
        emulator.go_offline("bob", "Amiga")
