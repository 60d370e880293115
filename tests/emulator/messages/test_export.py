"""The files with all messages of an hour."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timedelta, timezone
from hashlib import md5
from typing import Any

import pytest
import requests

from support.chat import Chat, text
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator

HOUR = 3600
SHANGHAI = timezone(timedelta(hours=8))


def hour_of(time: int) -> str:
    """Return the hour of a time in Unix seconds, as the command names it."""
    return datetime.fromtimestamp(time, SHANGHAI).strftime("%Y%m%d%H")


def file_of(client: ChatClient, time: int, kind: Any = "C2C") -> Any:
    """Return the one file of an hour."""
    (file,) = client.operations.export_messages(chat_type=kind, msg_time=hour_of(time)).file or ()
    return file


def test_the_messages_of_an_hour_are_in_a_file(emulator: Emulator, client: ChatClient, chat: Chat) -> None:
    emulator.clock.advance(HOUR - emulator.clock.now() % HOUR + 10)
    now = int(emulator.clock.now())
    chat.send("bob", "alice", "hi", msg_seq=1, msg_random=2)
    emulator.clock.advance(1)
    chat.send("alice", "bob", "gräße", msg_seq=3, msg_random=4)
    chat.send("carol", "bob", "later", msg_time_stamp=now + HOUR)
    emulator.clock.advance(HOUR)
    file = file_of(client, now)
    packed = requests.get(file.url, timeout=5).content
    content = gzip.decompress(packed)
    assert (file.gzip_size, file.file_size) == (len(packed), len(content))
    assert file.gzip_md5 == md5(packed, usedforsecurity=False).hexdigest()
    assert file.file_md5 == md5(content, usedforsecurity=False).hexdigest()
    assert json.loads(content) == {
        "SdkAppId": emulator.sdkappid,
        "ChatType": "C2C",
        "MsgTime": hour_of(now),
        "MsgList": [
            {
                "From_Account": "bob",
                "To_Account": "alice",
                "MsgTimestamp": now,
                "MsgSeq": 1,
                "MsgRandom": 2,
                "MsgBody": text("hi"),
            },
            {
                "From_Account": "alice",
                "To_Account": "bob",
                "MsgTimestamp": now + 1,
                "MsgSeq": 3,
                "MsgRandom": 4,
                "MsgBody": text("gräße"),
            },
        ],
    }
    # The documented way to read large files.
    head, *messages, end = content.decode().splitlines()
    assert json.loads(head + "]}")["MsgList"] == []
    assert [json.loads(line.rstrip(","))["MsgSeq"] for line in messages] == [1, 3]
    assert end == "]}"


def test_hours_without_a_file(emulator: Emulator, client: ChatClient, chat: Chat, now: int) -> None:
    def code(hour: str) -> int | None:
        with pytest.raises(ChatAPIError) as caught:
            client.operations.export_messages(chat_type="C2C", msg_time=hour)
        return caught.value.code

    chat.send("bob", "alice", "hi", msg_life_time=60)
    assert code(hour_of(now)) == 1004
    assert code(hour_of(now - HOUR)) == 1004
    assert code("2015120199") == code("201512012") == 1002
    emulator.clock.advance(6 * 24 * HOUR)
    assert file_of(client, now).file_size
    emulator.clock.advance(24 * HOUR + HOUR)
    assert code(hour_of(now)) == 1005


def test_messages_of_groups_have_a_file_of_their_own(emulator: Emulator, client: ChatClient, chat: Chat) -> None:
    emulator.clock.advance(HOUR - emulator.clock.now() % HOUR)
    now = int(emulator.clock.now())
    client.groups.create(type="Public", name="g", group_id="g")
    chat.send("bob", "alice", "not in a group")
    for words in ("one", "two"):
        client.groups.send_message(group_id="g", from_account="bob", msg_body=text(words))
    emulator.clock.advance(HOUR)
    client.groups.send_message(group_id="g", msg_body=text("later"))
    content = json.loads(gzip.decompress(requests.get(file_of(client, now, "Group").url, timeout=5).content))
    assert content["ChatType"] == "Group"
    assert content["MsgList"] == [
        {"From_Account": "bob", "GroupId": "g", "MsgTimestamp": now, "MsgSeq": seq, "MsgBody": text(words)}
        for seq, words in ((1, "one"), (2, "two"))
    ]


def test_a_file_is_where_its_app_was_called(emulator: Emulator) -> None:
    other = emulator.add_app(1400000777)
    here = emulator.url.replace("127.0.0.1", "localhost")
    with ChatClient(other.sdkappid, other.secret_key, base_url=here) as client:
        client.accounts.import_accounts(accounts=["bob", "alice"])
        client.messages.send(from_account="bob", to_account="alice", msg_body=text("hi"))
        now = int(other.clock.now())
        other.clock.advance(HOUR)
        url = file_of(client, now).url
    assert url.startswith(f"{here}/")
    found = requests.get(url, timeout=5)
    assert b'"hi"' in gzip.decompress(found.content)
    other.reset()
    assert requests.get(url, timeout=5).status_code == 404
