"""Sessions of the desk product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator

SESSION = "2baf4d84"


def refused(call: Callable[[], Any]) -> int | None:
    with pytest.raises(ChatAPIError) as caught:
        call()
    return caught.value.code


def stream(client: ChatClient, index: int, words: str, key: str | None = None, *, is_last: bool = False) -> str:
    """Send a numbered fragment, and return the MsgKey."""
    chunk = {"EventType": "data", "Index": index, "Markdown": words, "IsLast": is_last}
    body = [{"MsgType": "TIMStreamElem", "MsgContent": {"Chunks": [chunk]}}]
    return client.desk.send_stream_message_v2(session_id=SESSION, msg_body=body, msg_key=key).msg_key or ""


def test_a_session_ends_once(client: ChatClient) -> None:
    client.desk.end_session(session_id=SESSION)
    assert refused(lambda: client.desk.end_session(session_id=SESSION)) == 141005
    assert refused(lambda: client.desk.send_stream_message(session_id=SESSION, chunk="hi")) == 141005
    assert refused(lambda: stream(client, 1, "hi")) == 141005
    assert client.desk.send_stream_message(session_id="another", chunk="hi").msg_key
    assert refused(lambda: client.desk.end_session()) == 141004


def test_a_message_takes_text_until_it_is_finished(client: ChatClient) -> None:
    def send(chunk: str, key: str | None = None, session: str = SESSION, **fields: Any) -> str | None:
        return client.desk.send_stream_message(session_id=session, chunk=chunk, msg_key=key, **fields).msg_key

    key = send("Your parcel ")
    assert send("arrives ", key) == key
    assert refused(lambda: send("arrives ", key, "another")) == 141004
    assert send("tomorrow.", key, finish=True) == key
    assert refused(lambda: send("More", key)) == 141004
    assert send("Another message") != key


def test_numbered_fragments_rise_and_come_in_time(emulator: Emulator, client: ChatClient) -> None:
    assert refused(lambda: stream(client, 2, "two")) == 141004
    key = stream(client, 1, "one")
    assert refused(lambda: stream(client, 1, "one", key)) == 141004
    emulator.clock.advance(15)
    assert stream(client, 3, "three", key) == key
    emulator.clock.advance(16)
    assert refused(lambda: stream(client, 4, "four", key)) == 141004


def test_the_last_fragment_and_the_size_end_a_message(client: ChatClient) -> None:
    key = stream(client, 1, "x" * 100_000)
    assert refused(lambda: stream(client, 2, "x" * 40_000, key)) == 141004
    stream(client, 2, "end", key, is_last=True)
    assert refused(lambda: stream(client, 3, "more", key)) == 141004
