"""Read receipts: which members have read a message that asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.groups.groups import Group, Member
from ...._memory.groups.messages import GroupMessage
from ..lookup import BAD_VALUE, DENIED, member_of
from ..paging import page_of, start_of
from .places import Place, message_of, place_of

NO_RECEIPT = 10062
WITHOUT_RECEIPTS = ("AVChatRoom", "Community")
"""Types of group."""
_LISTS = (("ReadList", "Read_Account"), ("UnreadList", "Unread_Account"))
"""By Filter: where the members stand in an answer."""


@behaviour(
    "group_open_http_svc/group_msg_receipt",
    guesses=(
        "Its codes are those of its siblings: 10007 for the group's type and for accounts outside of the group, "
        "10062 for a message without receipts, on which the whole call fails.",
        "Who reports a message of its own, or one that is for others, is passed over.",
    ),
)
def group_msg_receipt(call: Context) -> Answer:
    place = _place_with_receipts(call)
    reader: str = call.body["From_Account"]
    member_of(call, place.group, reader)
    seqs = dict.fromkeys(item["MsgSeq"] for item in call.body["MsgSeqList"])
    messages = [_message_with_receipts(place, seq) for seq in seqs]
    changed = [
        message
        for message in messages
        if reader not in message.readers and _is_for(message, reader)
    ]
    for message in changed:
        message.readers[reader] = call.now
    if changed:
        tell_receipts(call, place, changed)
    return {}


@behaviour(
    "group_open_http_svc/get_group_msg_receipt",
    reads=True,
    guesses=(
        "Members who joined after a message was sent do not count, nor does its sender.",
        "Recalled messages have no receipts.",
    ),
)
def get_group_msg_receipt(call: Context) -> Answer:
    place = _place_with_receipts(call)
    return {
        "GroupMsgReceiptList": [_counted(place, item["MsgSeq"]) for item in call.body["MsgSeqList"]]
    }


@behaviour(
    "group_open_http_svc/get_group_msg_receipt_detail",
    reads=True,
    guesses=("Without MsgSeq, or with a Cursor that no answer gave, the answer is 10004.",),
)
def get_group_msg_receipt_detail(call: Context) -> Answer:
    place = _place_with_receipts(call)
    if "MsgSeq" not in call.body:
        raise Refused(BAD_VALUE, "MsgSeq: is missing")
    message = _message_with_receipts(place, call.body["MsgSeq"])
    which: int = call.body["Filter"]
    list_name, name = _LISTS[which]
    page, further = page_of(
        _numbered(place.group, message, name),
        start_of("Cursor", call.body["Cursor"]),
        call.body["Count"],
    )
    return {
        "IsFinished": int(not further),
        "MsgSeq": message.seq,
        list_name: [{name: account} for account in page],
        "Cursor": further,
    }


def tell_receipts(call: Context, place: Place, messages: Sequence[GroupMessage]) -> None:
    """Tell the app that the receipts of `messages` have changed."""
    body = {
        **place.in_webhooks,
        "GroupMsgReceiptList": [
            {
                **_numbers(place.group, message),
                "ReadReceiptMembers": [{"Member_Account": reader} for reader in message.readers],
            }
            for message in messages
        ],
        "EventTime": call.now_ms,
    }
    call.after("Group.CallbackAfterReadReceipt", body)


def _place_with_receipts(call: Context) -> Place:
    place = place_of(call)
    if place.group.type in WITHOUT_RECEIPTS:
        raise Refused(DENIED, f"A group of type {place.group.type} has no read receipts.")
    return place


def _message_with_receipts(place: Place, seq: int) -> GroupMessage:
    message = message_of(place, seq)
    if message is None or not message.wants_receipts:
        raise Refused(NO_RECEIPT, f"There are no receipts of the message {seq}.")
    return message


def _counted(place: Place, seq: int) -> dict[str, int]:
    message = message_of(place, seq)
    if message is None or not message.wants_receipts:
        return {"Code": NO_RECEIPT, "MsgSeq": seq}
    return {"Code": 0, **_numbers(place.group, message)}


def _numbers(group: Group, message: GroupMessage) -> dict[str, int]:
    return {
        "MsgSeq": message.seq,
        "ReadNum": len(message.readers),
        "UnreadNum": sum(1 for _ in _unread(group, message)),
    }


def _unread(group: Group, message: GroupMessage) -> Iterator[Member]:
    """Yield the members whom the message is for and who have not reported it."""
    for user_id, member in group.members.items():
        is_newer = member.number > message.entered
        if not is_newer and user_id not in message.readers and _is_for(message, user_id):
            yield member


def _numbered(group: Group, message: GroupMessage, name: str) -> Iterator[tuple[int, str]]:
    """Yield those who have read the message, or else those who have not, with numbers that grow."""
    if name == "Read_Account":
        yield from enumerate(message.readers, 1)
    else:
        yield from ((member.number, member.user_id) for member in _unread(group, message))


def _is_for(message: GroupMessage, user_id: str) -> bool:
    is_recipient = not message.recipients or user_id in message.recipients
    return is_recipient and user_id != message.sender
