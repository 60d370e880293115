"""Counters of groups."""

from __future__ import annotations

from typing import Literal

import pytest

from support.groups import make_group, refused
from tencent_chat import ChatClient

LARGEST = 2**63 - 1


@pytest.fixture
def group_id(client: ChatClient) -> str:
    return make_group(client)


def update(
    client: ChatClient, group_id: str, mode: Literal["Set", "Increase", "Decrease"] | None, **counts: int
) -> dict[str, int]:
    """Return the changed counters."""
    counters = [{"Key": key, "Value": value} for key, value in counts.items()]
    answer = client.groups.update_counter(group_id=group_id, group_counter=counters, mode=mode, validate=False)
    return {item.key: item.value for item in answer.group_counter or ()}


def counters(client: ChatClient, group_id: str, *keys: str) -> dict[str, int]:
    answer = client.groups.get_counters(group_id=group_id, group_counter_keys=keys or None)
    return {item.key: item.value for item in answer.group_counter or ()}


def test_counters_are_set_and_go_up_and_down(client: ChatClient, group_id: str) -> None:
    assert update(client, group_id, "Set", like=5, dislike=1) == {"like": 5, "dislike": 1}
    assert update(client, group_id, "Increase", like=3, gift=2) == {"like": 8, "gift": 2}
    assert update(client, group_id, "Decrease", dislike=4) == {"dislike": -3}
    assert update(client, group_id, None, gift=7) == {"gift": 7}
    assert counters(client, group_id) == {"like": 8, "dislike": -3, "gift": 7}
    assert counters(client, group_id, "gift", "like", "nothing") == {"gift": 7, "like": 8}


def test_counters_are_deleted(client: ChatClient, group_id: str) -> None:
    update(client, group_id, "Set", like=5, dislike=1, gift=2)
    client.groups.delete_counter(group_id=group_id, group_counter_keys=["like", "nothing"])
    assert counters(client, group_id) == {"dislike": 1, "gift": 2}
    client.groups.delete_counter(group_id=group_id)
    assert counters(client, group_id) == {}


def test_20_counters_are_the_most(client: ChatClient, group_id: str) -> None:
    full = {f"key{number}": number for number in range(20)}
    update(client, group_id, "Set", **full)
    assert update(client, group_id, "Increase", key3=1) == {"key3": 4}
    with refused(10063):
        update(client, group_id, "Increase", one_too_many=1)
    with refused(10063):
        update(client, group_id, "Set", **full, one_too_many=1)
    assert len(counters(client, group_id)) == 20


def test_counters_have_64_bits(client: ChatClient, group_id: str) -> None:
    update(client, group_id, "Set", like=LARGEST, dislike=0)
    with refused(10004):
        update(client, group_id, "Increase", dislike=1, like=1)
    assert counters(client, group_id) == {"like": LARGEST, "dislike": 0}
    assert update(client, group_id, "Decrease", like=LARGEST) == {"like": 0}
    with refused(10004):
        update(client, group_id, "Set", like=LARGEST + 1)


@pytest.mark.parametrize("code", [10007, 10010])
def test_groups_without_counters(client: ChatClient, code: int) -> None:
    group_id = make_group(client, "Community") if code == 10007 else "@TGS#gone"
    with refused(code):
        update(client, group_id, "Set", like=1)
    with refused(code):
        counters(client, group_id)
    with refused(code):
        client.groups.delete_counter(group_id=group_id)
