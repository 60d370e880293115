"""Pinned messages of a group."""

from __future__ import annotations

from support.group_messages import send
from support.groups import make_group, refused
from tencent_chat import ChatClient


def pinned(client: ChatClient, group_id: str, topic_id: str | None = None) -> list[tuple[int | None, str | None]]:
    answer = client.groups.list_pinned_messages(group_id=group_id, topic_id=topic_id)
    return [(item.msg_seq, item.pinner_account) for item in answer.pinned_msg_list or ()]


def test_what_was_pinned_latest_comes_first(client: ChatClient, group_id: str) -> None:
    for _ in range(3):
        send(client, group_id)
    client.groups.pin_message(group_id=group_id, msg_seq=2, pinner_account="alice")
    client.groups.pin_message(group_id=group_id, msg_seq=1)
    assert pinned(client, group_id) == [(1, "administrator"), (2, "alice")]
    client.groups.unpin_message(group_id=group_id, msg_seq=1)
    assert pinned(client, group_id) == [(2, "alice")]
    client.groups.recall_messages(group_id=group_id, msg_seq_list=[{"MsgSeq": 2}])
    assert pinned(client, group_id) == []


def test_messages_that_cannot_be_pinned(client: ChatClient, group_id: str, live_id: str) -> None:
    for _ in range(11):
        send(client, group_id)
    with refused(10030):
        client.groups.pin_message(group_id=group_id, msg_seq=12)
    with refused(10019):
        client.groups.pin_message(group_id=group_id, msg_seq=1, pinner_account="nobody")
    for seq in range(1, 11):
        client.groups.pin_message(group_id=group_id, msg_seq=seq)
    with refused(10071):
        client.groups.pin_message(group_id=group_id, msg_seq=3)
    with refused(10070):
        client.groups.pin_message(group_id=group_id, msg_seq=11)
    with refused(10030):
        client.groups.unpin_message(group_id=group_id, msg_seq=11)
    with refused(10019):
        client.groups.unpin_message(group_id=group_id, msg_seq=1, un_pinner_account="nobody")
    with refused(10007):
        client.groups.pin_message(group_id=live_id, msg_seq=1)
    with refused(10007):
        pinned(client, live_id)


def test_topics_have_pinned_messages_of_their_own(client: ChatClient) -> None:
    community = make_group(client, "Community", support_topic=True)
    topic_id = client.topics.create(group_id=community, topic_name="Routes").topic_id
    send(client, community, topic_id=topic_id)
    with refused(10004):
        client.groups.pin_message(group_id=community, msg_seq=1)
    client.groups.pin_message(group_id=community, topic_id=topic_id, msg_seq=1)
    assert pinned(client, community, topic_id) == [(1, "administrator")]
    with refused(10004):
        pinned(client, community)


def test_a_community_without_topics(client: ChatClient) -> None:
    community = make_group(client, "Community")
    send(client, community)
    client.groups.pin_message(group_id=community, msg_seq=1)
    assert pinned(client, community) == [(1, "administrator")]
