"""Tags of users."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from support.groups import refused
from tencent_chat import ChatClient


def tagged(tags: Sequence[str], *names: str) -> list[dict[str, object]]:
    return [{"To_Account": name, "Tags": list(tags)} for name in names]


def tags(client: ChatClient, *names: str) -> dict[str | None, object]:
    answer = client.push.get_tags(to_account=names)
    return {item.to_account: item.tags for item in answer.user_tags or ()}


def test_tags_are_those_of_both_services(client: ChatClient) -> None:
    client.push.add_tags(user_tags=tagged(["a", "b"], "bob", "carol"))
    client.member_push.add_tags(user_tags=tagged(["b", "c"], "bob"))
    assert tags(client, "bob", "carol", "alice") == {"bob": ["a", "b", "c"], "carol": ["a", "b"], "alice": []}
    client.push.remove_tags(user_tags=tagged(["a", "z"], "bob"))
    client.member_push.remove_tags(user_tags=tagged(["a"], "carol"))
    answer = client.member_push.get_tags(to_account=["bob", "carol"])
    assert [item.tags for item in answer.user_tags or ()] == [["b", "c"], ["b"]]
    client.push.clear_tags(to_account=["bob"])
    client.member_push.clear_tags(to_account=["carol"])
    assert tags(client, "bob", "carol") == {"bob": [], "carol": []}


def test_tags_are_replaced(client: ChatClient) -> None:
    client.push.add_tags(user_tags=tagged(["a", "b"], "bob"))
    client.push.add_tags(user_tags=tagged([f"t{n}" for n in range(100)], "bob"), replace=True)
    assert tags(client, "bob") == {"bob": [f"t{n}" for n in range(100)]}


def test_unknown_accounts_fail_alone(client: ChatClient) -> None:
    for answer in (
        client.push.add_tags(user_tags=tagged(["a"], "nobody", "bob")),
        client.push.get_tags(to_account=["nobody", "bob"]),
        client.push.remove_tags(user_tags=tagged(["b"], "nobody", "bob")),
        client.push.clear_tags(to_account=["nobody"]),
    ):
        assert [(item.to_account, item.error_code) for item in answer.error_list or ()] == [("nobody", 70107)]
    assert tags(client, "bob") == {"bob": ["a"]}
    with refused(90048):
        client.member_push.add_tags(user_tags=tagged(["b"], "bob", "nobody"))


def test_a_user_has_room_for_a_hundred(client: ChatClient) -> None:
    client.push.add_tags(user_tags=tagged([f"t{n}" for n in range(95)], "bob"), replace=True)
    answer = client.push.add_tags(user_tags=tagged([f"u{n}" for n in range(6)], "bob", "carol"))
    assert [(item.to_account, item.error_code) for item in answer.error_list or ()] == [("bob", 90032)]
    assert tags(client, "carol") == {"carol": [f"u{n}" for n in range(6)]}
    with refused(90032):
        client.member_push.add_tags(user_tags=tagged([f"v{n}" for n in range(6)], "bob"))


def test_an_app_has_room_for_a_thousand(client: ChatClient) -> None:
    client.accounts.import_accounts(accounts=[f"user{n}" for n in range(10)])
    for number in range(10):
        names = [f"t{number}-{n}" for n in range(100)]
        client.push.add_tags(user_tags=tagged(names, f"user{number}"), replace=True)
    with refused(90032):
        client.push.add_tags(user_tags=tagged(["new"], "bob"))
    client.push.add_tags(user_tags=tagged(["t3-7"], "bob"))
    client.push.clear_tags(to_account=["user0"])
    client.push.add_tags(user_tags=tagged(["new"], "bob"))
    assert tags(client, "bob") == {"bob": ["t3-7", "new"]}


@pytest.mark.parametrize("command", ["timpush/add_tag", "all_member_push/im_add_tag"])
def test_more_than_one_call_takes(client: ChatClient, command: str) -> None:
    with refused(90018):
        client.call(command, {"UserTags": tagged(["a"], *["bob"] * 101)}, validate=False)
    with refused(90032 if command.startswith("timpush") else 90001):
        client.call(command, {"UserTags": tagged([f"t{n}" for n in range(11)], "bob")}, validate=False)
