"""Its tests, on the emulator."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
import requests
from flask import Flask, Response, request
from moderation import Lines, create_app
from werkzeug.serving import make_server

from tencent_chat import ChatAPIError, ChatClient
from tencent_chat.models import FaceElem, MsgElement, TextElem
from tencent_chat_emulator import Emulator

TOKEN = "a token of the app"


@contextmanager
def served(app: Flask) -> Generator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def environment(tencent_chat_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in {
        "TENCENT_CHAT_SDKAPPID": str(tencent_chat_emulator.sdkappid),
        "TENCENT_CHAT_SECRET_KEY": tencent_chat_emulator.secret_key,
        "TENCENT_CHAT_BASE_URL": tencent_chat_emulator.url,
        "TENCENT_CHAT_WEBHOOK_TOKEN": TOKEN,
    }.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@contextmanager
def moderated(emulator: Emulator) -> Generator[str]:
    """Let the service ask the program about messages; every answer must have come in time."""
    with served(create_app()) as address:
        url = f"{address}/chat/webhooks"
        emulator.webhooks.send_to(url, token=TOKEN, only=["C2C.CallbackBeforeSendMsg", "Group.CallbackBeforeSendMsg"])
        yield url
        assert [delivery.problem for delivery in emulator.webhooks.delivered if delivery.problem] == []


@pytest.fixture
def chat() -> Iterator[ChatClient]:
    with ChatClient.from_env() as client:
        client.accounts.import_accounts(accounts=["ann", "bob"])
        client.groups.create(type="Public", name="Readers", group_id="readers", owner_account="bob")
        client.groups.add_members(group_id="readers", member_list=[{"Member_Account": "ann"}])
        yield client


def write(chat: ChatClient, *texts: str) -> None:
    chat.messages.send(from_account="ann", to_account="bob", msg_body=[TextElem(text) for text in texts])


def write_to_group(chat: ChatClient, *elements: MsgElement) -> None:
    chat.groups.send_message(group_id="readers", from_account="ann", msg_body=list(elements))


def read(chat: ChatClient) -> list[Any]:
    """Return the contents of what ann wrote to bob."""
    history = chat.messages.get_history(
        operator_account="ann", peer_account="bob", max_cnt=100, min_time=0, max_time=2**31
    )
    return [element.msg_content for message in history.msg_list or () for element in message.msg_body or ()]


def test_ordinary_messages_are_sent_as_they_are(chat: ChatClient, tencent_chat_emulator: Emulator) -> None:
    with moderated(tencent_chat_emulator):
        write(chat, "Good morning")
        write_to_group(chat, TextElem("Hi"), FaceElem(index=6))
    assert read(chat) == [TextElem("Good morning").msg_content]
    assert len(tencent_chat_emulator.webhooks.delivered) == 2


def test_unwanted_words_are_refused_in_chats_and_groups(chat: ChatClient, tencent_chat_emulator: Emulator) -> None:
    with moderated(tencent_chat_emulator):
        with pytest.raises(ChatAPIError, match=r"120001.*against the rules"):
            write(chat, "Hello", "buy CHEAP  watches")
        with pytest.raises(ChatAPIError, match=r"10100.*against the rules"):
            write_to_group(chat, TextElem("free money"))
    assert read(chat) == []
    assert list(chat.groups.iter_history(group_id="readers")) == []


def test_private_data_is_hidden_and_the_rest_kept(chat: ChatClient, tencent_chat_emulator: Emulator) -> None:
    with moderated(tencent_chat_emulator):
        write(chat, "Write to ann.smith+x@mail.example.com")
        write_to_group(chat, FaceElem(index=6), TextElem("Call +43 660 123 45 67, at 17:30"))
    assert read(chat) == [TextElem("Write to ***").msg_content]
    (message,) = chat.groups.iter_history(group_id="readers")
    assert message.msg_body == [FaceElem(index=6), TextElem("Call ***, at 17:30")]


def test_who_does_not_stop_is_muted(chat: ChatClient, tencent_chat_emulator: Emulator) -> None:
    with moderated(tencent_chat_emulator):
        for _ in range(2):
            with pytest.raises(ChatAPIError, match="120001"):
                write(chat, "free money")
        assert chat.operations.get_mute(get_account="ann").groupmsg_nospeaking_time == 0
        with pytest.raises(ChatAPIError, match="10100"):
            write_to_group(chat, TextElem("free money"))
        deadline = time.monotonic() + 5
        while not (left := chat.operations.get_mute(get_account="ann").groupmsg_nospeaking_time):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert 3590 < left <= 3600
        with pytest.raises(ChatAPIError, match="10017"):
            write_to_group(chat, TextElem("Sorry"))
        tencent_chat_emulator.clock.advance(3601)
        write_to_group(chat, TextElem("Sorry"))


def classifying(behaviour: str) -> Flask:
    app = Flask("classifier")

    @app.post("/")
    def classify() -> Response:
        answer = json.dumps({"unwanted": "insult" in request.get_json()["text"]})
        if behaviour == "slow":
            return Response(byte_for_byte(answer))
        return Response(answer, 500 if behaviour == "broken" else 200)

    return app


def byte_for_byte(text: str) -> Iterator[str]:
    """Yield an answer so slowly that a whole one takes longer than anybody waits, but no part of it does."""
    for character in f"{text:60}":
        time.sleep(0.05)
        yield character


def test_a_classifier_is_asked(
    chat: ChatClient, environment: pytest.MonkeyPatch, tencent_chat_emulator: Emulator
) -> None:
    with served(classifying("quick")) as url:
        environment.setenv("MODERATION_CLASSIFIER", url)
        with moderated(tencent_chat_emulator):
            write(chat, "a compliment")
            with pytest.raises(ChatAPIError, match="120001"):
                write(chat, "an insult")
    assert read(chat) == [TextElem("a compliment").msg_content]


@pytest.mark.parametrize(
    ("behaviour", "fails", "patience", "error"),
    [("slow", "open", "1", "TimeoutError"), ("broken", "closed", "1.5", "HTTPError")],
)
def test_a_classifier_that_fails_decides_nothing(
    behaviour: str,
    fails: str,
    patience: str,
    error: str,
    chat: ChatClient,
    environment: pytest.MonkeyPatch,
    tencent_chat_emulator: Emulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with served(classifying(behaviour)) as url:
        environment.setenv("MODERATION_CLASSIFIER", url)
        environment.setenv("MODERATION_FAILS", fails)
        environment.setenv("MODERATION_PATIENCE", patience)
        with moderated(tencent_chat_emulator):
            for _ in range(3):
                if fails == "closed":
                    with pytest.raises(ChatAPIError, match="120001"):
                        write(chat, "Good morning")
                else:
                    write(chat, "Good morning")
    assert len(read(chat)) == (3 if fails == "open" else 0)
    lines = [json.loads(Lines().format(record)) for record in caplog.records if record.name == "moderation"]
    assert [line["error"] for line in lines] == [error] * 3
    # Nobody is to blame for it.
    assert chat.operations.get_mute(get_account="ann").c2_cmsg_nospeaking_time == 0


def test_logs_are_json_without_what_people_write(
    chat: ChatClient, tencent_chat_emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with moderated(tencent_chat_emulator) as url:
        write(chat, "the old mill")
        with pytest.raises(ChatAPIError, match="120001"):
            write(chat, "cheap watches at the old mill")
        unsigned = {"SdkAppid": tencent_chat_emulator.sdkappid, "CallbackCommand": "C2C.CallbackBeforeSendMsg"}
        assert requests.post(url, params=unsigned, json={}, timeout=5).status_code == 403
    records = [record for record in caplog.records if record.name in ("moderation", "tencent_chat.webhooks")]
    lines = [json.loads(Lines().format(record)) for record in records]
    assert [(line["message"], line.get("sender")) for line in lines[:2]] == [("sent", "ann"), ("refused", "ann")]
    assert lines[2]["level"] == "WARNING"
    assert "a webhook was refused" in lines[2]["message"]
    assert "mill" not in json.dumps(lines)


def test_a_setting_that_means_nothing_is_refused(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MODERATION_FAILS", "perhaps")
    with pytest.raises(SystemExit, match="open or closed, not 'perhaps'"):
        create_app()
