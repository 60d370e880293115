"""Its tests, on the emulator."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest
import requests
import uvicorn
from click.testing import CliRunner
from desk import create_app, main
from tickets import SUPPORT, Ticket, connect, open_tickets

from tencent_chat import ChatClient
from tencent_chat.models import FaceElem, MsgElement, TextElem
from tencent_chat_emulator import Emulator

TOKEN = "a token of the app"
AGENTS = ["ann", "bob"]
AFTER = "C2C.CallbackAfterSendMsg"

Serving = Callable[[], AbstractContextManager[str]]


@pytest.fixture(autouse=True)
def database(tencent_chat_emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {
        "TENCENT_CHAT_SDKAPPID": str(tencent_chat_emulator.sdkappid),
        "TENCENT_CHAT_SECRET_KEY": tencent_chat_emulator.secret_key,
        "TENCENT_CHAT_BASE_URL": tencent_chat_emulator.url,
        "TENCENT_CHAT_WEBHOOK_TOKEN": TOKEN,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("desk.DATABASE", tmp_path / "desk.db")
    monkeypatch.setattr("desk.TRANSCRIPTS", tmp_path / "transcripts")
    return tmp_path / "desk.db"


@pytest.fixture
def chat() -> Iterator[ChatClient]:
    with ChatClient.from_env() as client:
        client.accounts.import_accounts(accounts=[SUPPORT, *AGENTS, "carol", "dave", "erin"])
        yield client


@pytest.fixture
def serving(database: Path, tencent_chat_emulator: Emulator) -> Serving:
    """What serves the desk for as long as a block lasts; at its end all that came was worked through."""

    @contextmanager
    def serve() -> Generator[str]:
        server = uvicorn.Server(uvicorn.Config(create_app(AGENTS), log_config=None, lifespan="on"))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/chat/webhooks"
            tencent_chat_emulator.webhooks.send_to(url, token=TOKEN)
            try:
                yield url
                settle(database, tencent_chat_emulator)
            finally:
                server.should_exit = True
                thread.join()

    return serve


def settle(path: Path, emulator: Emulator) -> None:
    """Wait until all that was told has been worked through."""
    assert {delivery.problem for delivery in emulator.webhooks.delivered} <= {""}
    deadline = time.monotonic() + 10
    with closing(connect(path)) as database:
        while database.execute("SELECT count(*) FROM inbox WHERE NOT is_done").fetchone()[0]:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def tickets(path: Path) -> list[Ticket]:
    with closing(connect(path)) as database:
        return open_tickets(database)


def write(chat: ChatClient, customer: str, *elements: MsgElement | str) -> None:
    body = [TextElem(element) if isinstance(element, str) else element for element in elements]
    chat.messages.send(from_account=customer, to_account=SUPPORT, msg_body=body)


def reply(chat: ChatClient, ticket: Ticket, *elements: MsgElement | str) -> None:
    body = [TextElem(element) if isinstance(element, str) else element for element in elements]
    chat.groups.send_message(group_id=ticket.group_id, from_account=ticket.agent, msg_body=body)


def told(chat: ChatClient, customer: str) -> list[MsgElement]:
    """Return what the desk wrote to a customer."""
    history = chat.messages.get_history(
        operator_account=customer, peer_account=SUPPORT, max_cnt=100, min_time=0, max_time=2**31
    )
    messages = [message for message in history.msg_list or () if message.from_account == SUPPORT]
    return [element for message in messages for element in message.msg_body or ()]


def in_group(chat: ChatClient, ticket: Ticket) -> list[tuple[str | None, list[MsgElement]]]:
    history = reversed(list(chat.groups.iter_history(group_id=ticket.group_id)))
    return [(message.from_account, message.msg_body or []) for message in history]


def test_a_conversation(chat: ChatClient, serving: Serving, database: Path, tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.come_online("bob")
    with serving():
        write(chat, "carol", "Hello")
        write(chat, "carol", "Where is my order?", FaceElem(index=3))
        settle(database, tencent_chat_emulator)
        (ticket,) = tickets(database)
        reply(chat, ticket, "On its way")
        reply(chat, ticket, FaceElem(index=6))
    assert (ticket.customer, ticket.agent) == ("carol", "bob")
    assert set(tencent_chat_emulator.state.groups[ticket.group_id].members) == {SUPPORT, "bob"}
    assert in_group(chat, ticket) == [
        ("carol", [TextElem("Hello")]),
        ("carol", [TextElem("Where is my order?"), FaceElem(index=3)]),
        ("bob", [TextElem("On its way")]),
        ("bob", [FaceElem(index=6)]),
    ]
    greeting = TextElem("Ticket 1 is open; bob will write to you here.")
    assert told(chat, "carol") == [greeting, TextElem("On its way"), FaceElem(index=6)]


def test_agents_take_turns_those_online_first(
    chat: ChatClient, serving: Serving, database: Path, tencent_chat_emulator: Emulator
) -> None:
    with serving():
        for customer in ("carol", "dave"):
            write(chat, customer, "Hello")
        settle(database, tencent_chat_emulator)
        tencent_chat_emulator.come_online("bob")
        write(chat, "erin", "Hello")
    assert [(ticket.customer, ticket.agent) for ticket in tickets(database)] == [
        ("carol", "ann"),
        ("dave", "bob"),
        ("erin", "bob"),
    ]


def test_the_end_of_a_ticket(
    chat: ChatClient, serving: Serving, database: Path, tmp_path: Path, tencent_chat_emulator: Emulator
) -> None:
    with serving():
        write(chat, "carol", "Where is my order?", FaceElem(index=3))
        settle(database, tencent_chat_emulator)
        (ticket,) = tickets(database)
        reply(chat, ticket, "On its way")
        reply(chat, ticket, "/close")
        settle(database, tencent_chat_emulator)
        assert tickets(database) == []
        write(chat, "carol", "Thanks")
    assert list(tencent_chat_emulator.state.groups) == [tickets(database)[0].group_id]
    transcript = (tmp_path / "transcripts" / "ticket-1.txt").read_text(encoding="utf-8")
    assert re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "…", transcript).splitlines() == [
        "Ticket 1 of carol, with ann",
        "… carol: Where is my order?",
        "… carol: [TIMFaceElem]",
        "… ann: On its way",
    ]
    closed = TextElem("Ticket 1 is closed. Write again whenever you need us.")
    assert told(chat, "carol")[1:3] == [TextElem("On its way"), closed]


def test_what_comes_twice_is_done_once(
    chat: ChatClient, serving: Serving, database: Path, tencent_chat_emulator: Emulator
) -> None:
    with serving():
        write(chat, "carol", "Hello")
        told_of = [each for each in tencent_chat_emulator.webhooks.delivered if each.command == AFTER]
    first = told_of[0]
    with serving():
        # After a restart, too.
        tencent_chat_emulator.webhooks.send(AFTER, first.body)
    (ticket,) = tickets(database)
    assert in_group(chat, ticket) == [("carol", [TextElem("Hello")])]
    assert len(told(chat, "carol")) == 1


def test_nothing_is_lost_when_an_answer_is(
    chat: ChatClient, serving: Serving, database: Path, tencent_chat_emulator: Emulator
) -> None:
    tencent_chat_emulator.fail("group_open_http_svc/create_group", reset=True, after=True)
    with serving():
        write(chat, "carol", "Hello")
    (ticket,) = tickets(database)
    assert list(tencent_chat_emulator.state.groups) == [ticket.group_id]
    assert in_group(chat, ticket) == [("carol", [TextElem("Hello")])]


def test_what_is_refused_for_good_keeps_nobody_waiting(
    chat: ChatClient, serving: Serving, database: Path, tencent_chat_emulator: Emulator
) -> None:
    tencent_chat_emulator.fail("group_open_http_svc/send_group_msg", code=10004)
    with serving():
        write(chat, "carol", "too strange")
        write(chat, "carol", "Hello")
    (ticket,) = tickets(database)
    assert in_group(chat, ticket) == [("carol", [TextElem("Hello")])]


def test_a_transcript_that_cannot_be_written_is_written_later(
    chat: ChatClient,
    serving: Serving,
    database: Path,
    tmp_path: Path,
    tencent_chat_emulator: Emulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    obstacle = tmp_path / "transcripts"
    obstacle.touch()
    with serving():
        write(chat, "carol", "Hello")
        settle(database, tencent_chat_emulator)
        reply(chat, tickets(database)[0], "/close")
        deadline = time.monotonic() + 10
        while "it will be tried again" not in caplog.messages:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert len(tickets(database)) == 1
        obstacle.unlink()
    assert tickets(database) == []
    assert (obstacle / "ticket-1.txt").exists()


def test_tickets_at_the_command_line(
    chat: ChatClient, serving: Serving, database: Path, tmp_path: Path, tencent_chat_emulator: Emulator
) -> None:
    with serving():
        write(chat, "carol", "Hello")
        settle(database, tencent_chat_emulator)
        listed = CliRunner().invoke(main, ["tickets"])
        assert listed.exit_code == 0
        assert re.search(r"1 +│ +carol +│ +ann", listed.output)
        missing = CliRunner().invoke(main, ["close", "2"])
        assert (missing.exit_code, missing.output) == (1, "Error: there is no open ticket 2\n")
        assert CliRunner().invoke(main, ["close", "1"]).exit_code == 0
    assert tickets(database) == []
    assert (tmp_path / "transcripts" / "ticket-1.txt").exists()


def test_only_the_service_is_believed(serving: Serving, database: Path, tencent_chat_emulator: Emulator) -> None:
    with serving() as url:
        query = {"SdkAppid": tencent_chat_emulator.sdkappid, "CallbackCommand": AFTER}
        body = {"From_Account": "carol", "To_Account": SUPPORT, "MsgKey": "1_2_3", "SendMsgResult": 0}
        assert requests.post(url, params=query, json=body, timeout=5).status_code == 403
    assert tickets(database) == []
