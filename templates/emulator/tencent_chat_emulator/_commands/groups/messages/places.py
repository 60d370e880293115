"""Where messages are: the group that a call names, or one of its topics."""

from __future__ import annotations

from dataclasses import dataclass

from ...._core.context import Context, Refused
from ...._memory.groups.groups import Group
from ...._memory.groups.messages import GroupMessage, History
from ...._memory.groups.topics import Topic
from ..lookup import BAD_VALUE, NOT_FOUND, group_of, rules_of

NO_MESSAGE = 10030
NO_HISTORY = 10044


@dataclass(frozen=True)
class Place:
    """A group, or a topic of it."""

    group: Group
    topic: Topic | None

    @property
    def history(self) -> History:
        return self.group.history if self.topic is None else self.topic.history

    @property
    def keeps_history(self) -> bool:
        return rules_of(self.group).keeps_history

    @property
    def in_webhooks(self) -> dict[str, str]:
        """The fields of webhooks that name it."""
        topic = {} if self.topic is None else {"TopicId": self.topic.id}
        return {"GroupId": self.group.id, "Type": self.group.type, **topic}


def place_of(call: Context) -> Place:
    """Return the place that GroupId and TopicId name, without the messages that have expired.

    Refused with 10004 for a topic of a group without topics, with 10010 for one that does not exist.
    """
    place = in_topic(group_of(call), call.body.get("TopicId", ""))
    place.history.forget_expired(call.now)
    return place


def in_topic(group: Group, topic_id: str) -> Place:
    """Return the topic of `group` with that ID, or the group itself where that is empty. Refused like `place_of`."""
    if not topic_id:
        return Place(group, None)
    if not group.supports_topics:
        raise Refused(BAD_VALUE, f"The group {group.id} has no topics.")
    topic = group.topics.get(topic_id)
    if topic is None:
        raise Refused(NOT_FOUND, f"The group {group.id} has no topic {topic_id}.")
    return Place(group, topic)


def message_of(place: Place, seq: int) -> GroupMessage | None:
    """Return a message that is neither recalled nor expired; None where there is none."""
    message = place.history.messages.get(seq)
    return None if message is None or message.is_recalled else message
