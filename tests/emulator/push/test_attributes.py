"""Attributes of users, and their names."""

from __future__ import annotations

from typing import Any

import pytest

from support.groups import refused
from tencent_chat import ChatClient


def name_attributes(client: ChatClient) -> None:
    client.push.set_attribute_names(attr_names={"1": "city", "0": "level", "2": "device"}, attr_types={"2": 1})


def attributes(client: ChatClient, *names: str) -> dict[str | None, object]:
    answer = client.push.get_attributes(to_account=names)
    return {item.to_account: item.attrs for item in answer.user_attrs or ()}


def test_names_are_those_of_both_services(client: ChatClient) -> None:
    name_attributes(client)
    client.member_push.set_attribute_names(attr_names={"1": "town"})
    answer = client.push.get_attribute_names()
    assert answer.attr_names == {"0": "level", "1": "town", "2": "device"}
    assert answer.attr_types == {"0": 0, "1": 0, "2": 1}
    assert client.member_push.get_attribute_names().attr_names == answer.attr_names


@pytest.mark.parametrize(
    "broken",
    [
        {"attr_names": {"3": "city"}},
        {"attr_names": {"3": "x", "4": "x"}},
        {"attr_names": {"10": "x"}},
        {"attr_names": {"0": "level"}, "attr_types": {"0": 1}},
        {"attr_names": {"3": "x"}, "attr_types": {"4": 0}},
    ],
)
def test_names_that_there_cannot_be(client: ChatClient, broken: dict[str, Any]) -> None:
    name_attributes(client)
    with refused(90033):
        client.push.set_attribute_names(**broken)
    assert client.push.get_attribute_names().attr_names == {"0": "level", "1": "city", "2": "device"}


def test_the_older_command_has_no_code_of_its_own(client: ChatClient) -> None:
    with refused(90001):
        client.member_push.set_attribute_names(attr_names={"3": "x", "4": "x"})


def test_values_are_set_changed_and_removed(client: ChatClient) -> None:
    name_attributes(client)
    client.push.set_attributes(user_attrs=[{"To_Account": "bob", "Attrs": {"level": "gold", "city": "Bonn"}}])
    client.member_push.set_attributes(user_attrs=[{"To_Account": "bob", "Attrs": {"city": "Ulm"}}])
    assert attributes(client, "bob", "alice") == {"bob": {"level": "gold", "city": "Ulm"}, "alice": {}}
    client.push.set_attribute_names(attr_names={"1": "town"})
    client.push.remove_attributes(user_attrs=[{"To_Account": "bob", "Attrs": ["level"]}])
    answer = client.member_push.get_attributes(to_account=["bob"])
    assert [item.attrs for item in answer.user_attrs or ()] == [{"town": "Ulm"}]
    client.member_push.remove_attributes(user_attrs=[{"To_Account": "bob", "Attrs": ["town"]}])
    assert attributes(client, "bob") == {"bob": {}}


def test_unknown_accounts_fail_alone(client: ChatClient) -> None:
    name_attributes(client)
    answer = client.push.set_attributes(
        user_attrs=[{"To_Account": name, "Attrs": {"city": "Bonn"}} for name in ("nobody", "bob")]
    )
    assert [(item.to_account, item.error_code) for item in answer.error_list or ()] == [("nobody", 70107)]
    assert attributes(client, "bob", "nobody") == {"bob": {"city": "Bonn"}}


def test_unknown_accounts_fail_the_older_commands(client: ChatClient) -> None:
    name_attributes(client)
    with refused(90048):
        client.member_push.set_attributes(
            user_attrs=[{"To_Account": name, "Attrs": {"city": "Bonn"}} for name in ("bob", "nobody")]
        )
    assert attributes(client, "bob") == {"bob": {}}
    with refused(90048):
        client.member_push.get_attributes(to_account=["nobody"])


@pytest.mark.parametrize(("attribute", "code"), [("height", 90033), ("device", 90035)])
def test_attributes_that_users_cannot_have(client: ChatClient, attribute: str, code: int) -> None:
    name_attributes(client)
    with refused(code):
        client.push.set_attributes(user_attrs=[{"To_Account": "bob", "Attrs": {"city": "Bonn", attribute: "x"}}])
    assert attributes(client, "bob") == {"bob": {}}
    with refused(90033):
        client.push.remove_attributes(user_attrs=[{"To_Account": "bob", "Attrs": ["height"]}])


def test_a_deleted_account_has_none(client: ChatClient) -> None:
    name_attributes(client)
    client.push.set_attributes(user_attrs=[{"To_Account": "bob", "Attrs": {"city": "Bonn"}}])
    client.accounts.delete(delete_item=[{"UserID": "bob"}])
    client.accounts.import_account(user_id="bob")
    assert attributes(client, "bob") == {"bob": {}}
