"""Topics: creating, importing, reading, changing and deleting them."""

from __future__ import annotations

from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused, obeying
from ...._memory.groups.groups import Group
from ...._memory.groups.topics import Topic
from ..lookup import BAD_VALUE, NOT_FOUND, REJECTED, account_of, group_of

WITHOUT_TOPICS = 11000
ID_IN_USE, OWN_ID_IN_USE, TOO_MANY, GONE = 10021, 10025, 10037, 110003
MOST = 200
_INFIX, _MADE_UP = "@TOPIC#_", "@TOPIC#_@TOPIC#"
_GUESSES = (
    "A group without topics, whatever its type, is answered with 11000.",
    "An account in From_Account that was never imported is answered with 10019; it need not be a member.",
)


@behaviour(
    "million_group_open_http_svc/create_topic",
    guesses=(
        *_GUESSES,
        "A TopicId of another form is answered with 10004, one in use with 10025.",
        "Topic number 201 of a community is answered with 10037.",
    ),
)
def create_topic(call: Context) -> Answer:
    group, operator = _community(call), _operator(call)
    _check_new(call, group, OWN_ID_IN_USE)
    event = {"Operator_Account": operator, "Type": group.type, "Name": call.body["TopicName"]}
    call.before("Group.CallbackBeforeCreateTopic", event, obeying(REJECTED))
    topic = _add(call, group, call.now)
    created = {"GroupId": group.id, "TopicId": topic.id, "Owner_Account": group.owner}
    call.after("Group.CallbackAfterCreateTopic", {**event, **created})
    return {"TopicId": topic.id}


@behaviour(
    "group_open_http_svc/import_topic",
    guesses=(
        *_GUESSES,
        "A TopicId of another form is answered with 10004.",
        "Topic number 201 of a community is answered with 10037.",
    ),
)
def import_topic(call: Context) -> Answer:
    group = _community(call)
    _operator(call)
    _check_new(call, group, ID_IN_USE)
    return {"TopicId": _add(call, group, call.body.get("CreateTime", call.now)).id}


@behaviour(
    "million_group_open_http_svc/get_topic",
    reads=True,
    guesses=(
        *_GUESSES,
        "The state of an account that is no member is left out.",
        "How far an account has read a topic is not known: MsgSeq is 0.",
    ),
)
def get_topic(call: Context) -> Answer:
    group, account = _community(call), _operator(call)
    wanted = call.body.get("TopicIdList") or group.topics
    fields = call.body.get("ResponseFilter")
    return {
        "TopicAndSelfInfo": [
            _in_answer(group, topic, account, fields, call.now)
            if (topic := group.topics.get(topic_id)) is not None
            else _gone(call, TopicInfo={"TopicId": topic_id})
            for topic_id in wanted
        ]
    }


@behaviour("million_group_open_http_svc/modify_topic", guesses=_GUESSES)
def modify_topic(call: Context) -> Answer:
    group, operator, body = _community(call), _operator(call), call.body
    topic = group.topics.get(body["TopicId"])
    if topic is None:
        raise Refused(NOT_FOUND)
    before = _profile(topic)
    _write(topic, body)
    changes = {name: value for name, value in _profile(topic).items() if value != before[name]}
    if changes:
        event = {"GroupId": group.id, "Type": group.type, "Operator_Account": operator}
        call.after("Group.CallbackAfterTopicInfoChanged", {**event, **changes})
    return {}


@behaviour("million_group_open_http_svc/destroy_topic", guesses=_GUESSES[:1])
def destroy_topic(call: Context) -> Answer:
    group = _community(call)
    deleted: list[str] = []
    results: list[dict[str, Any]] = []
    for topic_id in call.body["TopicIdList"]:
        if group.topics.pop(topic_id, None) is None:
            results.append(_gone(call, TopicId=topic_id))
            continue
        group.topic_mutes.pop(topic_id, None)
        deleted.append(topic_id)
        results.append({"ErrorCode": 0, "ErrorInfo": "ok", "TopicId": topic_id})
        for permission_group in group.permission_groups.values():
            permission_group.topics.pop(topic_id, None)
    if deleted:
        event = {"GroupId": group.id, "Type": group.type, "TopicIdList": deleted}
        call.after("Group.CallbackAfterTopicDestroyed", event)
    return {"DestroyResultItem": results}


def _community(call: Context) -> Group:
    group = group_of(call)
    if not group.supports_topics:
        raise Refused(WITHOUT_TOPICS, f"The group {group.id} has no topics.")
    return group


def _operator(call: Context) -> str:
    """Return the account in whose name the call is made."""
    operator = str(call.body.get("From_Account", call.identifier))
    account_of(call, operator)
    return operator


def _check_new(call: Context, group: Group, in_use: int) -> None:
    topic_id = call.body.get("TopicId", "")
    if topic_id and not _is_own_id(topic_id, group):
        raise Refused(BAD_VALUE, f"TopicId: is not {group.id}{_INFIX} and a part of one's own")
    if topic_id in group.topics:
        raise Refused(in_use, f"The topic {topic_id} exists.")
    if len(group.topics) >= MOST:
        raise Refused(TOO_MANY, f"The community has {MOST} topics.")


def _is_own_id(topic_id: str, group: Group) -> bool:
    prefix = f"{group.id}{_INFIX}"
    own = topic_id.removeprefix(prefix)
    return (
        topic_id.startswith(prefix)
        and bool(own)
        and own.isascii()
        and own.isprintable()
        and _MADE_UP not in _INFIX + own
        and "@TGS#_" not in own
    )


def _add(call: Context, group: Group, created: int) -> Topic:
    topic_id = call.body.get("TopicId", "")
    while not topic_id or topic_id in group.topics:
        topic_id = f"{group.id}{_MADE_UP}c{call.memory.ids.text(11)}"
    topic = Topic(topic_id, created=created)
    _write(topic, call.body)
    group.topics[topic_id] = topic
    return topic


def _write(topic: Topic, body: dict[str, Any]) -> None:
    """Take over what `body` says of the profile."""
    topic.name = body.get("TopicName", topic.name)
    topic.custom_string = body.get("CustomString", topic.custom_string)
    topic.face_url = body.get("FaceUrl", topic.face_url)
    topic.notification = body.get("Notification", topic.notification)
    topic.introduction = body.get("Introduction", topic.introduction)
    if "MuteAllMember" in body:
        topic.is_muted = body["MuteAllMember"] == "On"


def _profile(topic: Topic) -> dict[str, str]:
    """Return what a webhook tells of changes to."""
    return {
        "Name": topic.name,
        "Introduction": topic.introduction,
        "Notification": topic.notification,
        "FaceUrl": topic.face_url,
    }


def _in_answer(
    group: Group, topic: Topic, account: str, fields: list[str] | None, now: int
) -> dict[str, Any]:
    info = {
        "TopicName": topic.name,
        "FaceUrl": topic.face_url,
        "Notification": topic.notification,
        "Introduction": topic.introduction,
        "CustomString": topic.custom_string,
        "NextMsgSeq": topic.history.last_seq + 1,
        "CreateTime": topic.created,
        "LastMsgTime": topic.history.last_time,
        "MuteAllMember": "On" if topic.is_muted else "Off",
    }
    shown = info if not fields else {name: info[name] for name in fields if name in info}
    answer: dict[str, Any] = {
        "ErrorCode": 0,
        "ErrorInfo": "ok",
        "TopicInfo": {"GroupID": group.id, "TopicId": topic.id, **shown},
    }
    if (member := group.members.get(account)) is not None:
        answer["SelfInfo"] = {
            "ShutUpTime": max(0, group.topic_mutes.get(topic.id, {}).get(account, 0) - now),
            "MsgSeq": 0,
            "MsgFlag": member.msg_flag,
        }
    return answer


def _gone(call: Context, **fields: object) -> dict[str, Any]:
    reason = call.catalogue.message(call.command.service, GONE)
    return {"ErrorCode": GONE, "ErrorInfo": reason, **fields}
