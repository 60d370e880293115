"""Sending a message to a group, and what stands in the way of it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Passed, Refused, Verdict, obeying
from ...._memory.groups.messages import GroupMessage
from ...._memory.settings import is_muted
from ...messages.keys import client_id
from ...push.chat_messages import GROUP, push_message, who_wait
from ..lookup import BAD_VALUE, REJECTED, account_of, rules_of
from .places import Place, place_of
from .receipts import WITHOUT_RECEIPTS, tell_receipts

MOST = 40
"""Messages of one group, or of one topic, in a second."""
MUTED, TOO_OFTEN, NO_RECEIPTS_ONLINE = 10017, 10023, 10061
_PRIORITIES = ("High", "Normal", "Low")


@behaviour(
    "group_open_http_svc/send_group_msg",
    guesses=(
        "A sender who was never imported is answered with 10019.",
        "Fields that do not go with the group's type or with one another are answered with 10004.",
        "What takes no place in the history, for online members only or dropped by a webhook, has MsgSeq 0.",
        "An AVChatRoom counts MsgSeq on although it keeps no messages.",
        "Group.CallbackSendMsgException tells of what is refused here, not of what a webhook refuses.",
        "Where rates are limited, a message that is more important leaves less room for the others of its second.",
        "A topic has room for as many messages as a group.",
        "A chatbot that is mentioned need not be in the group.",
        "A community with topics takes messages without TopicId too.",
        "Members in To_Account who are not in the group are passed over.",
        "Of the app's administrators only the one who calls may speak where all are muted.",
    ),
)
def send_group_msg(call: Context) -> Answer:
    sender: str = call.body.get("From_Account", call.identifier)
    try:
        place = _check(call, sender)
    except Refused as refusal:
        _tell_of_failure(call, sender, refusal)
        raise
    is_online_only = place.keeps_history and call.body.get("OnlineOnlyFlag") == 1
    event = {
        **place.in_webhooks,
        "From_Account": sender,
        "Operator_Account": call.identifier,
        "Random": call.body["Random"],
        "OnlineOnlyFlag": int(is_online_only),
    }
    content = _content(call.body)
    forbidden = call.body.get("ForbidCallbackControl", ())
    if "ForbidBeforeSendMsgCallback" not in forbidden:
        body = {**event, **content, "EventTime": call.now_ms}
        dropped = {"MsgTime": call.now, "MsgSeq": 0}
        verdict = call.before("Group.CallbackBeforeSendMsg", body, obeying(REJECTED, dropped))
        content |= _changes(verdict)
    if _is_too_much(call, place):
        _tell_of_failure(call, sender, Refused(TOO_OFTEN))
        raise Passed(MsgTime=call.now, MsgSeq=0, MsgDropReason="MsgFreqCtrl")
    seq = 0 if is_online_only else _store(call, place, sender, content)
    answer = {"MsgTime": call.now, "MsgSeq": seq}
    told = {**event, **content, **answer, "EventTime": call.now_ms}
    if "ForbidAfterSendMsgCallback" not in forbidden:
        call.after("Group.CallbackAfterSendMsg", told)
    if bots := _mentioned_bots(call):
        call.after("Bot.OnGroupMessage", {**told, "AtRobots_Account": bots})
    if call.body.get("NeedReadReceipt") == 1:
        tell_receipts(call, place, [place.history.messages[seq]])
    if not is_online_only:
        _push(call, place, sender, seq)
    return answer


def _check(call: Context, sender: str) -> Place:
    """Return where the message goes, if nothing stands in its way."""
    place = place_of(call)
    account_of(call, sender)
    _check_fields(call.body, place)
    _check_mutes(call, place, sender)
    return place


def _check_fields(body: dict[str, Any], place: Place) -> None:
    """Refuse combinations of fields that are not for the group, or not for one message."""
    is_online_only = body.get("OnlineOnlyFlag") == 1
    controls = body.get("SendMsgControl", [])
    if controls and is_online_only and place.keeps_history:
        raise Refused(BAD_VALUE, "SendMsgControl and OnlineOnlyFlag exclude each other.")
    if "NoUnread" in controls and not rules_of(place.group).counts_unread:
        raise Refused(BAD_VALUE, f"A group of type {place.group.type} counts nothing as unread.")
    if body.get("To_Account") and place.group.type not in ("Private", "Public", "ChatRoom"):
        raise Refused(BAD_VALUE, f"A group of type {place.group.type} has no messages to members.")
    mentions_all = any(item.get("GroupAtAllFlag") == 1 for item in body.get("GroupAtInfo", ()))
    if mentions_all and place.group.type == "AVChatRoom":
        raise Refused(BAD_VALUE, "An AVChatRoom has no mentions of all members.")
    if body.get("NeedReadReceipt") == 1:
        if place.group.type in WITHOUT_RECEIPTS:
            raise Refused(BAD_VALUE, f"A group of type {place.group.type} has no read receipts.")
        if is_online_only:
            raise Refused(NO_RECEIPTS_ONLINE)


def _check_mutes(call: Context, place: Place, sender: str) -> None:
    """Refuse with 10017 for a sender who is muted."""
    if is_muted(call.memory, sender, call.now, "Group"):
        raise Refused(MUTED, f"The account {sender} is muted in all groups.")
    member = place.group.members.get(sender)
    left_until = place.group.muted_leavers.get(sender, 0)
    if (left_until if member is None else member.muted_until) > call.now:
        raise Refused(MUTED, f"The account {sender} is muted in the group.")
    topic_mutes = place.group.topic_mutes.get(place.topic.id, {}) if place.topic else {}
    if topic_mutes.get(sender, 0) > call.now:
        raise Refused(MUTED, f"The account {sender} is muted in the topic.")
    are_muted = place.group.is_muted or (place.topic is not None and place.topic.is_muted)
    is_ordinary = (
        (member is None or member.role == "Member")
        and sender not in place.group.admins
        and sender not in (place.group.owner, call.identifier)
    )
    if are_muted and is_ordinary:
        raise Refused(MUTED, "All ordinary members are muted.")


def _is_too_much(call: Context, place: Place) -> bool:
    """Whether there are too many messages in this second, as far as they are not less important."""
    priority = call.body.get("MsgPriority", "Normal")
    first = _PRIORITIES.index(priority) if priority in _PRIORITIES else 1
    name = f"messages to {place.topic.id if place.topic else place.group.id}"
    if call.exceeds(f"{name}: {_PRIORITIES[first]}", MOST):
        return True
    for less_important in _PRIORITIES[first + 1 :]:
        call.exceeds(f"{name}: {less_important}", MOST)
    return False


def _tell_of_failure(call: Context, sender: str, refusal: Refused) -> None:
    """Tell the app why a message was not sent."""
    body = call.body
    group = call.memory.groups.get(body["GroupId"])
    event = {
        "GroupId": body["GroupId"],
        **({} if group is None else {"Type": group.type}),
        "From_Account": sender,
        "Operator_Account": call.identifier,
        "Random": body["Random"],
        "OnlineOnlyFlag": body.get("OnlineOnlyFlag", 0),
        **_content(body),
        "ErrorCode": refusal.code,
        "ErrorInfo": refusal.info or call.catalogue.message(call.command.service, refusal.code),
        "EventTime": call.now_ms,
    }
    call.always("Group.CallbackSendMsgException", event)


def _mentioned_bots(call: Context) -> list[str]:
    mentioned = {
        item.get("GroupAt_Account", ""): None
        for item in call.body.get("GroupAtInfo", ())
        if item.get("GroupAtAllFlag") != 1
    }
    accounts = call.memory.accounts
    return [
        name
        for name in mentioned
        if (account := accounts.get(name)) and account.is_robot and not account.is_disabled
    ]


def _content(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in ("MsgBody", "CloudCustomData") if name in body}


def _changes(verdict: Verdict) -> dict[str, Any]:
    """Return what the receiver of the webhook wants to be sent instead, as far as it can be sent."""
    changes: dict[str, Any] = {}
    if isinstance(elements := verdict.changes.get("MsgBody"), list) and elements:
        changes["MsgBody"] = elements
    if isinstance(data := verdict.changes.get("CloudCustomData"), str):
        changes["CloudCustomData"] = data
    return changes


def _push(call: Context, place: Place, sender: str, seq: int) -> None:
    """Push a message to the members who lost their connection, and want to hear of messages."""
    members, named = place.group.members, call.body.get("To_Account")
    receivers = [
        user_id
        for user_id in who_wait(call, members)
        if user_id != sender
        and members[user_id].msg_flag == "AcceptAndNotify"
        and (not named or user_id in named)
    ]
    event = {
        "EventTime": call.now,
        "From_Account": sender,
        "GroupID": place.group.id,
        "MsgSeq": seq,
        "MsgRandom": call.body["Random"],
        "MsgTime": call.now,
    }
    push_message(call, client_id(sender, call.now, call.body["Random"]), GROUP, receivers, event)


def _store(call: Context, place: Place, sender: str, content: dict[str, Any]) -> int:
    """Put a message into the history, and return its sequence number."""
    body, history = call.body, place.history
    message = GroupMessage(
        seq=history.last_seq + 1,
        random=body["Random"],
        time=call.now,
        sender=sender,
        body=deepcopy(content["MsgBody"]),
        cloud_custom_data=content.get("CloudCustomData", ""),
        priority=body.get("MsgPriority", "Normal"),
        came=call.now,
        recipients=list(body.get("To_Account", ())),
        supports_extensions=body.get("SupportMessageExtension") == 1,
        wants_receipts=body.get("NeedReadReceipt") == 1,
        entered=place.group.entered,
    )
    lists = "NoLastMsg" not in body.get("SendMsgControl", ())
    history.add(message, keep=place.keeps_history, lists=lists)
    if (member := place.group.members.get(sender)) is not None:
        member.last_sent = call.now
    return message.seq
