"""Sessions of the desk product: messages that are streamed to their customers, and how they end."""

from __future__ import annotations

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.message_parts import Stream

_BAD_PARAMETER, _NO_SESSION = 141004, 141005
_PATIENCE = 15_000
"""Milliseconds from one fragment to the next."""
_MAX_BYTES = 128 * 1024 - 1

_A_SESSION = "No command begins a session: one is there under every SessionId, until it is ended."
_NO_MESSAGE = "A MsgKey of no unfinished message is answered with 141004."


@behaviour(
    "desk_http_svc/end_session",
    guesses=(_A_SESSION, "A call without SessionId is answered with 141004."),
)
def end_session(call: Context) -> Answer:
    if not call.body.get("SessionId"):
        raise Refused(_BAD_PARAMETER, "SessionId is missing.")
    session = _open_session(call)
    call.memory.desk.streams.pop(session, None)
    call.memory.desk.ended[session] = call.now
    return {}


@behaviour("desk_http_svc/send_stream_msg", guesses=(_A_SESSION, _NO_MESSAGE))
def send_stream_msg(call: Context) -> Answer:
    session = _open_session(call)
    stream = _stream(call, session)
    return _go_on(call, session, stream, is_last=call.body.get("Finish") == 1)


@behaviour(
    "desk_http_svc/send_stream_msg_v2",
    guesses=(
        _A_SESSION,
        _NO_MESSAGE,
        "An Index that does not rise, and a text that gets longer than 128 KB, are answered with 141004.",
    ),
)
def send_stream_msg_v2(call: Context) -> Answer:
    session = _open_session(call)
    stream = _stream(call, session)
    if stream.index and call.now_ms > stream.time + _PATIENCE:
        raise _ended(stream.message)
    index, size = stream.index, stream.size
    chunks = call.body["MsgBody"][0]["MsgContent"]["Chunks"]
    for chunk in chunks:
        if chunk["Index"] <= index or not (index or chunk["Index"] == 1):
            raise Refused(_BAD_PARAMETER, "Index must rise from 1 on.")
        index = chunk["Index"]
        size += len(chunk.get("Markdown", "").encode("utf-8", "surrogatepass"))
    if size > _MAX_BYTES:
        raise Refused(_BAD_PARAMETER, f"The message has more than {_MAX_BYTES} bytes.")
    stream.index, stream.size = index, size
    return _go_on(call, session, stream, is_last=any(it.get("IsLast", False) for it in chunks))


def _open_session(call: Context) -> str:
    session: str = call.body["SessionId"]
    if session in call.memory.desk.ended:
        raise Refused(_NO_SESSION)
    return session


def _stream(call: Context, session: str) -> Stream:
    """Return the message that MsgKey names, or a new one without it."""
    key = call.body.get("MsgKey")
    if not key:
        draw = call.memory.ids.number
        return Stream(f"{draw(32)}_{draw(32)}_{call.now}")
    stream = call.memory.desk.streams.get(session, {}).get(key)
    if stream is None:
        raise _ended(key)
    return stream


def _ended(key: str) -> Refused:
    return Refused(_BAD_PARAMETER, f"There is no message {key} that takes more text.")


def _go_on(call: Context, session: str, stream: Stream, *, is_last: bool) -> Answer:
    """Remember where a message stands after a call."""
    stream.time = call.now_ms
    streams = call.memory.desk.streams.setdefault(session, {})
    streams[stream.message] = stream
    if is_last:
        del streams[stream.message]
    return {"MsgKey": stream.message}
