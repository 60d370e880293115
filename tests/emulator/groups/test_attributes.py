"""Attributes of groups."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.groups import make_group, refused, told
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

CHANGED = "Group.CallbackAfterGroupAttrChanged"


@pytest.fixture
def group_id(client: ChatClient) -> str:
    return make_group(client)


def listed(attributes: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in attributes.items()]


def write(client: ChatClient, group_id: str, **attributes: str) -> None:
    """Change attributes."""
    client.groups.update_attributes(group_id=group_id, group_attr=listed(attributes), validate=False)


def replace(client: ChatClient, group_id: str, **attributes: str) -> None:
    """Let the group have these attributes only."""
    client.groups.set_attributes(group_id=group_id, group_attr=listed(attributes), validate=False)


def delete(client: ChatClient, group_id: str, *keys: str) -> None:
    client.groups.delete_attributes(group_id=group_id, group_attr=[{"key": key} for key in keys], validate=False)


def attributes(client: ChatClient, group_id: str) -> dict[str, str]:
    answer = client.groups.get_attributes(group_id=group_id)
    return {item.key: item.value for item in answer.group_attr_ary or ()}


def test_attributes_are_set_changed_and_deleted(client: ChatClient, group_id: str) -> None:
    assert attributes(client, group_id) == {}
    replace(client, group_id, colour="red", size="3")
    write(client, group_id, size="4", shape="round")
    assert attributes(client, group_id) == {"colour": "red", "size": "4", "shape": "round"}
    delete(client, group_id, "colour", "shape", "shape")
    assert attributes(client, group_id) == {"size": "4"}
    replace(client, group_id, colour="blue")
    assert attributes(client, group_id) == {"colour": "blue"}
    client.groups.clear_attributes(group_id=group_id)
    assert attributes(client, group_id) == {}


def test_of_several_to_delete_all_must_be_there(client: ChatClient, group_id: str) -> None:
    replace(client, group_id, colour="red")
    with refused(10050):
        delete(client, group_id, "colour", "size")
    assert attributes(client, group_id) == {"colour": "red"}


def test_16_attributes_are_the_most(client: ChatClient, group_id: str) -> None:
    full = {f"key{number}": "x" for number in range(16)}
    replace(client, group_id, **full)
    write(client, group_id, key3="y")
    with refused(10047):
        write(client, group_id, one_too_many="x")
    with refused(10047):
        replace(client, group_id, **full, one_too_many="x")
    assert attributes(client, group_id) == full | {"key3": "y"}


@pytest.mark.parametrize("change", [write, replace])
def test_what_is_too_long(client: ChatClient, group_id: str, change: Callable[..., None]) -> None:
    change(client, group_id, **{"ä" * 16: "ä" * 2000})
    with refused(10045):
        change(client, group_id, **{"ä" * 16 + "x": ""})
    with refused(10046):
        change(client, group_id, key="ä" * 2000 + "x")
    with refused(10048):
        change(client, group_id, **{f"key{number}": "x" * 3201 for number in range(5)})
    with refused(10045):
        delete(client, group_id, "x" * 33)


def test_five_changes_a_second_are_the_most() -> None:
    with (
        Emulator(rate_limits=True, now=1_800_000_000) as emulator,
        ChatClient(emulator.sdkappid, emulator.secret_key, base_url=emulator.url, retry=False) as client,
    ):
        group_id = make_group(client)
        for number in range(5):
            write(client, group_id, round=str(number))
        with refused(10049):
            write(client, group_id, round="5")
        with refused(10049):
            client.groups.clear_attributes(group_id=group_id)
        assert attributes(client, group_id) == {"round": "4"}
        emulator.clock.advance(1)
        delete(client, group_id, "round")


def test_communities_are_not_cleared(client: ChatClient) -> None:
    community = make_group(client, "Community")
    write(client, community, colour="red")
    with refused(10007):
        client.groups.clear_attributes(group_id=community)
    assert attributes(client, community) == {"colour": "red"}


def test_the_group_must_exist(client: ChatClient) -> None:
    for change in (write, replace):
        with refused(10010):
            change(client, "@TGS#gone", colour="red")
    with refused(10010):
        delete(client, "@TGS#gone", "colour")
    with refused(10010):
        client.groups.clear_attributes(group_id="@TGS#gone")
    with refused(10010):
        attributes(client, "@TGS#gone")


@pytest.mark.usefixtures("receiver")
def test_webhooks_tell_of_changes(client: ChatClient, emulator: Emulator, group_id: str) -> None:
    replace(client, group_id, colour="red", size="3")
    write(client, group_id, size="4")
    delete(client, group_id, "size")
    client.groups.clear_attributes(group_id=group_id)
    common = {"GroupId": group_id, "Type": "Public", "Operator_Account": "administrator"}
    assert told(emulator, CHANGED) == [
        {**common, "OptionType": "set", "GroupAttr": listed({"colour": "red", "size": "3"})},
        {**common, "OptionType": "modify", "GroupAttr": listed({"size": "4"})},
        {**common, "OptionType": "delete", "GroupAttr": [{"key": "size"}]},
        {**common, "OptionType": "clear", "GroupAttr": []},
    ]
