"""Topics of communities."""

from __future__ import annotations

from typing import Any

import pytest

from support.group_messages import history, send
from support.groups import make_group, refused
from support.receiver import Receiver
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

BEFORE, CREATED = "Group.CallbackBeforeCreateTopic", "Group.CallbackAfterCreateTopic"
CHANGED, DELETED = "Group.CallbackAfterTopicInfoChanged", "Group.CallbackAfterTopicDestroyed"


def create(client: ChatClient, community: str, name: str = "Routes", **arguments: Any) -> str:
    made = client.topics.create(group_id=community, topic_name=name, validate=False, **arguments)
    assert made.topic_id is not None
    return made.topic_id


def profiles(client: ChatClient, emulator: Emulator, community: str, **arguments: Any) -> list[dict[str, Any]]:
    """Return the topics as Bob gets them."""
    client.topics.get(group_id=community, from_account="bob", **arguments)
    found: list[dict[str, Any]] = emulator.calls[-1].answer["TopicAndSelfInfo"]
    return found


def bodies(emulator: Emulator, command: str) -> list[dict[str, Any]]:
    """Return what was sent of one webhook, without its name."""
    found = [dict(delivery.body) for delivery in emulator.webhooks.delivered if delivery.command == command]
    for body in found:
        del body["CallbackCommand"]
    return found


def test_a_new_topic(client: ChatClient, emulator: Emulator, community: str) -> None:
    topic_id = create(
        client,
        community,
        from_account="alice",
        custom_string="mine",
        face_url="http://pictures.example/1",
        notification="We start at nine",
        introduction="Where we go",
    )
    assert topic_id.startswith(f"{community}@TOPIC#_@TOPIC#")
    assert profiles(client, emulator, community) == [
        {
            "ErrorCode": 0,
            "ErrorInfo": "ok",
            "SelfInfo": {"ShutUpTime": 0, "MsgSeq": 0, "MsgFlag": "AcceptAndNotify"},
            "TopicInfo": {
                "GroupID": community,
                "TopicId": topic_id,
                "TopicName": "Routes",
                "FaceUrl": "http://pictures.example/1",
                "Notification": "We start at nine",
                "Introduction": "Where we go",
                "CustomString": "mine",
                "NextMsgSeq": 1,
                "CreateTime": int(emulator.clock.now()),
                "LastMsgTime": 0,
                "MuteAllMember": "Off",
            },
        }
    ]


def test_ids_of_ones_own(client: ChatClient, emulator: Emulator, community: str) -> None:
    own = f"{community}@TOPIC#_Routes of the week"
    assert create(client, community, topic_id=own) == own
    with refused(10025):
        create(client, community, topic_id=own)
    with refused(10021):
        client.topics.import_topic(group_id=community, topic_id=own)
    assert len(profiles(client, emulator, community)) == 1


@pytest.mark.parametrize("part", ["", "@TOPIC#c1", "a@TOPIC#_@TOPIC#b", "a@TGS#_b", "ä", "a\nb"])
def test_ids_that_cannot_be(client: ChatClient, community: str, part: str) -> None:
    with refused(10004):
        create(client, community, topic_id=f"{community}@TOPIC#_{part}")
    with refused(10004):
        client.topics.import_topic(group_id=community, topic_id=f"{community}@TOPIC#_{part}")


def test_an_id_of_another_community(client: ChatClient, community: str) -> None:
    with refused(10004):
        create(client, community, topic_id=f"{community}x@TOPIC#_Routes")


@pytest.mark.parametrize("group", ["a community without topics", "a public group"])
def test_groups_without_topics(client: ChatClient, emulator: Emulator, group: str) -> None:
    group_id = make_group(client, "Public" if "public" in group else "Community")
    with refused(11000):
        create(client, group_id)
    with refused(11000):
        client.topics.import_topic(group_id=group_id)
    with refused(11000):
        client.topics.update(group_id=group_id, topic_id="gone", topic_name="x")
    with refused(11000):
        client.topics.delete(group_id=group_id, topic_id_list=["gone"])
    with refused(11000):
        profiles(client, emulator, group_id)


def test_unknown_accounts(client: ChatClient, community: str) -> None:
    with refused(10019):
        create(client, community, from_account="nobody")
    with refused(10019):
        client.topics.get(group_id=community, from_account="nobody")


def test_200_topics_are_the_most(client: ChatClient, community: str) -> None:
    for number in range(200):
        create(client, community, str(number))
    with refused(10037):
        create(client, community)
    with refused(10037):
        client.topics.import_topic(group_id=community)


def test_an_imported_topic(client: ChatClient, emulator: Emulator, community: str, receiver: Receiver) -> None:
    made = client.topics.import_topic(group_id=community, topic_name="Old", create_time=1448357837, type="Community")
    (found,) = profiles(client, emulator, community)
    assert found["TopicInfo"]["TopicId"] == made.topic_id
    assert (found["TopicInfo"]["TopicName"], found["TopicInfo"]["CreateTime"]) == ("Old", 1448357837)
    assert emulator.webhooks.delivered == ()
    assert receiver.commands == []


def test_the_topics_that_were_asked_for(client: ChatClient, emulator: Emulator, community: str) -> None:
    one, two = create(client, community, "one"), create(client, community, "two")
    found = profiles(client, emulator, community, topic_id_list=[two, "gone"], response_filter=["TopicName"])
    assert found[0]["TopicInfo"] == {"GroupID": community, "TopicId": two, "TopicName": "two"}
    assert found[1] == {
        "ErrorCode": 110003,
        "ErrorInfo": "The topic was deleted before.",
        "TopicInfo": {"TopicId": "gone"},
    }
    assert [topic["TopicInfo"]["TopicId"] for topic in profiles(client, emulator, community)] == [one, two]


def test_strangers_have_no_state(client: ChatClient, emulator: Emulator, community: str) -> None:
    create(client, community)
    client.topics.get(group_id=community, from_account="dave")
    assert "SelfInfo" not in emulator.calls[-1].answer["TopicAndSelfInfo"][0]


def test_a_topic_has_messages_of_its_own(client: ChatClient, emulator: Emulator, community: str) -> None:
    one, two = create(client, community, "one"), create(client, community, "two")
    assert send(client, community, "to one", topic_id=one) == 1
    assert send(client, community, "to two", topic_id=two) == 1
    assert send(client, community, "again", topic_id=two) == 2
    assert history(client, community, topic_id=two) == [(2, "again"), (1, "to two")]
    assert history(client, community) == []
    states = [topic["TopicInfo"] for topic in profiles(client, emulator, community)]
    assert [state["NextMsgSeq"] for state in states] == [2, 3]
    assert [state["LastMsgTime"] for state in states] == [emulator.clock.now()] * 2
    client.groups.recall_messages(group_id=community, topic_id=two, msg_seq_list=[{"MsgSeq": 1}])
    client.groups.delete_messages_by_sender(group_id=community, topic_id=one, sender_account="administrator")
    client.groups.update_message(group_id=community, topic_id=two, msg_seq=2, cloud_custom_data="mine")
    assert history(client, community, topic_id=one) == []
    assert history(client, community, topic_id=two) == [(2, "again")]
    for topic_id in ("gone", f"{community}@TOPIC#_gone"):
        with refused(10010):
            send(client, community, topic_id=topic_id)


def test_mutes_in_a_topic(client: ChatClient, emulator: Emulator, community: str) -> None:
    one, two = create(client, community, "one"), create(client, community, "two")
    client.groups.mute_members(group_id=community, topic_id=one, members_account=["bob"], mute_time=60)
    with refused(10017):
        send(client, community, topic_id=one, from_account="bob")
    assert send(client, community, topic_id=two, from_account="bob") == 1
    times = [topic["SelfInfo"]["ShutUpTime"] for topic in profiles(client, emulator, community)]
    assert times == [60, 0]
    emulator.clock.advance(60)
    assert send(client, community, topic_id=one, from_account="bob") == 1


def test_a_topic_in_which_all_are_muted(client: ChatClient, emulator: Emulator, community: str) -> None:
    topic_id = create(client, community)
    client.topics.update(group_id=community, topic_id=topic_id, mute_all_member="On")
    assert profiles(client, emulator, community)[0]["TopicInfo"]["MuteAllMember"] == "On"
    with refused(10017):
        send(client, community, topic_id=topic_id, from_account="bob")
    assert send(client, community, topic_id=topic_id, from_account="alice") == 1
    assert send(client, community, from_account="bob") == 1


def test_a_changed_topic(client: ChatClient, emulator: Emulator, community: str) -> None:
    topic_id = create(client, community, introduction="Where we go")
    client.topics.update(group_id=community, topic_id=topic_id, topic_name="Maps", custom_string="new")
    info = profiles(client, emulator, community)[0]["TopicInfo"]
    assert (info["TopicName"], info["CustomString"], info["Introduction"]) == ("Maps", "new", "Where we go")
    with refused(10010):
        client.topics.update(group_id=community, topic_id="gone", topic_name="Maps")


def test_deleted_topics(client: ChatClient, emulator: Emulator, community: str) -> None:
    topic_id = create(client, community, topic_id=f"{community}@TOPIC#_Routes")
    client.groups.mute_members(group_id=community, topic_id=topic_id, members_account=["bob"], mute_time=60)
    send(client, community, topic_id=topic_id)
    client.topics.delete(group_id=community, topic_id_list=[topic_id, topic_id])
    outcomes = emulator.calls[-1].answer["DestroyResultItem"]
    assert [(item["TopicId"], item["ErrorCode"]) for item in outcomes] == [(topic_id, 0), (topic_id, 110003)]
    assert profiles(client, emulator, community) == []
    create(client, community, topic_id=topic_id)
    assert send(client, community, topic_id=topic_id, from_account="bob") == 1


@pytest.mark.usefixtures("receiver")
def test_webhooks(client: ChatClient, emulator: Emulator, community: str) -> None:
    topic_id = create(client, community, from_account="bob")
    client.topics.update(group_id=community, topic_id=topic_id, topic_name="Routes", custom_string="new")
    client.topics.update(group_id=community, topic_id=topic_id, topic_name="Maps", notification="At nine")
    client.topics.delete(group_id=community, topic_id_list=["gone", topic_id])
    client.topics.delete(group_id=community, topic_id_list=["gone"])
    new = {"Operator_Account": "bob", "Type": "Community", "Name": "Routes"}
    place = {"GroupId": community, "Type": "Community"}
    assert bodies(emulator, BEFORE) == [new]
    assert bodies(emulator, CREATED) == [{**new, "GroupId": community, "TopicId": topic_id, "Owner_Account": "alice"}]
    assert bodies(emulator, CHANGED) == [
        {**place, "Operator_Account": "administrator", "Name": "Maps", "Notification": "At nine"}
    ]
    assert bodies(emulator, DELETED) == [{**place, "TopicIdList": [topic_id]}]


@pytest.mark.parametrize(("code", "answered"), [(1, 10016), (10101, 10101)])
def test_a_topic_that_the_receiver_rejects(
    client: ChatClient, emulator: Emulator, community: str, receiver: Receiver, code: int, answered: int
) -> None:
    receiver.reject(BEFORE, code)
    with refused(answered):
        create(client, community)
    assert profiles(client, emulator, community) == []
    assert bodies(emulator, CREATED) == []


def test_notifications_in_a_topic(client: ChatClient, community: str) -> None:
    topic_id = create(client, community)
    client.groups.send_system_notification(group_id=community, topic_id=topic_id, content="Closing at ten")
    with refused(10010):
        client.groups.send_system_notification(group_id=community, topic_id="gone", content="Closing at ten")
