"""Messages whose text arrives in fragments: one-to-one, in groups, and from chatbots."""

from __future__ import annotations

from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.direct_messages import WEEK, DirectMessage
from ..._memory.groups.messages import GroupMessage
from ..._memory.message_parts import Stream
from ..groups.lookup import BAD_VALUE, UNKNOWN_ACCOUNT, group_of, rules_of
from .keys import client_id
from .parties import party, sender_of

_PATIENCE = 15_000
"""Milliseconds from one fragment to the next."""
_MAX_BYTES = 128 * 1024 - 1
"""Of the text of a whole message."""

_ON_STREAMS = (
    "A fragment for a stream that ended, or that there never was, is answered with {0}, and so is an Index that does "
    "not rise.",
    "A message whose text gets longer than 128 KB is answered with {1}.",
    "The history has one fragment with the whole text so far, and no webhook is called.",
)


@behaviour(
    "stream_msg/send_c2c_stream_msg",
    guesses=(
        *(guess.format(20001, 93000) for guess in _ON_STREAMS),
        "A sender that was never imported is answered with 20003, such a recipient with 90012.",
    ),
)
def send_c2c_stream_msg(call: Context) -> Answer:
    sender, receiver = sender_of(call, 20003), party(call, "To_Account", 90012)
    codes = 20001, 93000
    content = call.body["MsgBody"][0]["MsgContent"]
    messages = call.memory.direct_messages
    dialogue, name = messages.between(sender, receiver), content.get("StreamMsgID")
    if name is not None:
        stream = _open_stream(call, dialogue.streams, name, codes)
        message = messages.find(sender, receiver, stream.message, call.now)
        if message is None or message.is_recalled:
            raise _no_stream(name, codes)
        message.body = _continued(content, stream, message.body, codes)
        message.cloud_custom_data = call.body.get("CloudCustomData", message.cloud_custom_data)
    else:
        message = DirectMessage(
            sender=sender,
            receiver=receiver,
            seq=call.body["MsgSeq"] if "MsgSeq" in call.body else call.memory.ids.number(32),
            random=call.body["MsgRandom"],
            time=call.now,
            until=call.now + WEEK,
            body=[],
            cloud_custom_data=call.body.get("CloudCustomData", ""),
            hidden_from_sender=call.body.get("SyncOtherMachine") == 2,
        )
        stream = Stream(message.key)
        name = client_id(sender, message.time, message.random)
        message.body = _continued(content, stream, _begun(content, name), codes)
        if message.key in dialogue.messages:
            return {"StreamMsgID": name}
        messages.keep(message, call.now)
        dialogue = messages.between(sender, receiver)
    _go_on(call, dialogue.streams, name, stream, content["Chunks"])
    return {"StreamMsgID": name}


@behaviour(
    "stream_msg/send_group_stream_msg",
    guesses=(
        *(guess.format(10004, 80002) for guess in _ON_STREAMS),
        "A group that does not exist is answered with 10010, a sender that was never imported with 10019.",
        "An AVChatRoom takes streams, and keeps nothing of them.",
    ),
)
def send_group_stream_msg(call: Context) -> Answer:
    group, sender = group_of(call), sender_of(call, UNKNOWN_ACCOUNT)
    history, keeps = group.history, rules_of(group).keeps_history
    codes = BAD_VALUE, 80002
    content = call.body["MsgBody"][0]["MsgContent"]
    name = content.get("StreamMsgID")
    if name is not None:
        stream = _open_stream(call, history.streams, name, codes)
        message = history.messages.get(int(stream.message))
        if keeps and (message is None or message.is_recalled or message.sender != sender):
            raise _no_stream(name, codes)
        known = _begun(content, name) if message is None else message.body
        body = _continued(content, stream, known, codes)
        if message is not None:
            message.body = body
            message.cloud_custom_data = call.body.get("CloudCustomData", message.cloud_custom_data)
    else:
        random = call.body.get("MsgRandom", call.body.get("Random"))
        if random is None:
            random = call.memory.ids.number(32)
        seq = history.last_seq + 1
        stream, name = Stream(str(seq)), client_id(sender, call.now, random)
        message = GroupMessage(
            seq=seq,
            random=random,
            time=call.now,
            sender=sender,
            body=_continued(content, stream, _begun(content, name), codes),
            cloud_custom_data=call.body.get("CloudCustomData", ""),
            came=call.now,
            entered=group.entered,
        )
        history.add(message, keep=keeps)
    _go_on(call, history.streams, name, stream, content["Chunks"])
    return {"StreamMsgID": name}


@behaviour(
    "openim_robot_http_svc/send_stream_msg",
    guesses=(
        "A sender that is no chatbot, a recipient that was never imported, and a MsgKey of no unfinished message are "
        "answered with 10004.",
        "The history has one text element with the whole text so far, and no webhook is called.",
        "A chatbot's message takes text until it is finished, however long that lasts.",
    ),
)
def send_stream_msg(call: Context) -> Answer:
    sender, receiver = party(call, "From_Account", 10004), party(call, "To_Account", 10004)
    account = call.memory.accounts[sender]
    if not account.is_robot or account.is_disabled:
        raise Refused(10004, f"{sender} is no chatbot.")
    messages = call.memory.direct_messages
    key, chunk = call.body.get("MsgKey", ""), call.body["Chunk"]
    if key:
        message = messages.find(sender, receiver, key, call.now)
        if message is None or key not in messages.between(sender, receiver).streams:
            raise Refused(10004, f"There is no unfinished message {key}.")
        chunk = message.body[0]["MsgContent"]["Text"] + chunk
    else:
        draw = call.memory.ids.number
        message = DirectMessage(sender, receiver, draw(32), draw(32), call.now, call.now + WEEK, [])
        key = message.key
        messages.keep(message, call.now)
    message.body = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": chunk}}]
    streams = messages.between(sender, receiver).streams
    if call.body.get("Finish") == 1:
        streams.pop(key, None)
    else:
        streams[key] = Stream(key, time=call.now_ms)
    return {"MsgKey": key}


def _open_stream(
    call: Context, streams: dict[str, Stream], name: str, codes: tuple[int, int]
) -> Stream:
    stream = streams.get(name)
    if stream is None or call.now_ms > stream.time + _PATIENCE:
        raise _no_stream(name, codes)
    return stream


def _no_stream(name: str, codes: tuple[int, int]) -> Refused:
    return Refused(
        codes[0],
        f"There is no open stream {name}; one ends 15 seconds after its latest fragment.",
    )


def _begun(content: dict[str, Any], name: str) -> list[Any]:
    """Return the body of a message before its first fragment."""
    begun: dict[str, Any] = {"StreamMsgID": name, "Chunks": [{"Markdown": ""}]}
    if "CompatibleText" in content:
        begun["CompatibleText"] = content["CompatibleText"]
    return [{"MsgType": "TIMStreamElem", "MsgContent": begun}]


def _continued(
    content: dict[str, Any], stream: Stream, body: list[Any], codes: tuple[int, int]
) -> list[Any]:
    """Return the body of a message with the fragments of a call.

    Refused with the first code when they do not follow, with the second when the text gets too long.
    """
    known = body[0]["MsgContent"]
    index, text = stream.index, known["Chunks"][0]["Markdown"]
    if not index and content["Chunks"][0]["Index"] != 1:
        raise Refused(codes[0], "The first fragment must have Index 1.")
    for chunk in content["Chunks"]:
        if chunk["Index"] <= index:
            raise Refused(codes[0], f"Index {chunk['Index']} must be higher than {index}.")
        index = chunk["Index"]
        text += chunk.get("Markdown", "")
    if len(text.encode("utf-8", "surrogatepass")) > _MAX_BYTES:
        raise Refused(codes[1])
    is_last = _ends(content["Chunks"])
    joined = {"EventType": "data", "Index": index, "Markdown": text, "IsLast": is_last}
    return [{"MsgType": "TIMStreamElem", "MsgContent": known | {"Chunks": [joined]}}]


def _go_on(
    call: Context,
    streams: dict[str, Stream],
    name: str,
    stream: Stream,
    chunks: list[dict[str, Any]],
) -> None:
    """Remember where a stream stands after a call."""
    stream.index, stream.time = chunks[-1]["Index"], call.now_ms
    if _ends(chunks):
        streams.pop(name, None)
    else:
        streams[name] = stream


def _ends(chunks: list[dict[str, Any]]) -> bool:
    return any(chunk.get("IsLast", False) for chunk in chunks)
