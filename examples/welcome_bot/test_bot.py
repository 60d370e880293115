"""Its tests, on the emulator."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Thread

import pytest
import requests
from aiohttp import web
from bot import BOT, HELP, create_app

from tencent_chat import ChatClient
from tencent_chat.models import GetGroupHistoryResultMessage, TextElem
from tencent_chat_emulator import Emulator

TOKEN = "a token of the app"
WEBHOOKS = ["Group.CallbackAfterNewMemberJoin", "Bot.OnC2CMessage"]

Running = Callable[[], AbstractContextManager[str]]


@pytest.fixture
def running(tencent_chat_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Running:
    """What runs the bot for as long as a block lasts; at its end everything is done that the bot began."""
    for name, value in {
        "TENCENT_CHAT_SDKAPPID": str(tencent_chat_emulator.sdkappid),
        "TENCENT_CHAT_SECRET_KEY": tencent_chat_emulator.secret_key,
        "TENCENT_CHAT_BASE_URL": tencent_chat_emulator.url,
        "TENCENT_CHAT_WEBHOOK_TOKEN": TOKEN,
    }.items():
        monkeypatch.setenv(name, value)

    @contextmanager
    def run() -> Generator[str]:
        with served(create_app()) as address:
            url = f"{address}/chat/webhooks"
            tencent_chat_emulator.webhooks.send_to(url, token=TOKEN, only=WEBHOOKS)
            yield url
            assert all(delivery.problem == "" for delivery in tencent_chat_emulator.webhooks.delivered)

    return run


@contextmanager
def served(app: web.Application) -> Generator[str]:
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    runner = web.AppRunner(app)

    async def start(listener: socket.socket) -> None:
        await runner.setup()
        await web.SockSite(runner, listener).start()

    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            asyncio.run_coroutine_threadsafe(start(listener), loop).result(timeout=10)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(timeout=10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def chat(tencent_chat_emulator: Emulator) -> Iterator[ChatClient]:
    with ChatClient(
        tencent_chat_emulator.sdkappid, tencent_chat_emulator.secret_key, base_url=tencent_chat_emulator.url
    ) as client:
        client.accounts.import_accounts(accounts=["ann", "bob", "eve"])
        client.groups.create(type="Public", name="Readers", group_id="readers", owner_account="eve")
        yield client


def said(chat: ChatClient, group_id: str = "readers") -> list[GetGroupHistoryResultMessage]:
    return list(reversed(list(chat.groups.iter_history(group_id=group_id))))


def answers(chat: ChatClient) -> list[str]:
    """Return what the bot wrote to ann."""
    history = chat.messages.get_history(
        operator_account="ann", peer_account=BOT, max_cnt=100, min_time=0, max_time=2**31
    )
    return [
        element.msg_content.text or ""
        for message in history.msg_list or ()
        for element in message.msg_body or ()
        if message.from_account == BOT and isinstance(element, TextElem)
    ]


def ask(chat: ChatClient, text: str) -> None:
    chat.messages.send(from_account="ann", to_account=BOT, msg_body=[TextElem(text)])


def test_newcomers_are_greeted_by_name(chat: ChatClient, running: Running, tencent_chat_emulator: Emulator) -> None:
    with running():
        chat.groups.add_members(group_id="readers", member_list=[{"Member_Account": "ann"}, {"Member_Account": "bob"}])
    (greeting,) = said(chat)
    assert greeting.from_account == BOT
    assert [element.msg_content for element in greeting.msg_body or ()] == [
        TextElem("Welcome, @ann @bob! Ask me anything: @RBT#welcome").msg_content
    ]
    sent = [call.body for call in tencent_chat_emulator.calls if call.command.endswith("send_group_msg")]
    assert [body["GroupAtInfo"] for body in sent] == [[{"GroupAt_Account": "ann"}, {"GroupAt_Account": "bob"}]]


def test_who_joins_without_being_invited_is_greeted(
    chat: ChatClient, running: Running, tencent_chat_emulator: Emulator
) -> None:
    chat.groups.update(group_id="readers", apply_join_option="FreeAccess")
    with running():
        assert tencent_chat_emulator.join("readers", "bob")
    assert len(said(chat)) == 1


def test_a_webhook_that_comes_twice_greets_once(
    chat: ChatClient, running: Running, tencent_chat_emulator: Emulator
) -> None:
    with running():
        chat.groups.add_members(group_id="readers", member_list=[{"Member_Account": "ann"}])
        (first,) = tencent_chat_emulator.webhooks.delivered
        tencent_chat_emulator.webhooks.send(first.command, first.body)
    with running():
        # Neither does it matter that the bot was restarted.
        tencent_chat_emulator.webhooks.send(first.command, first.body)
    assert len(said(chat)) == 1
    with running():
        again = int(first.body["EventTime"]) + 60_000
        tencent_chat_emulator.webhooks.send(first.command, {**first.body, "EventTime": again})
    assert len(said(chat)) == 2


def test_a_live_group_is_left_alone(running: Running, tencent_chat_emulator: Emulator) -> None:
    body = {"GroupId": "live", "Type": "AVChatRoom", "NewMemberList": [{"Member_Account": "ann"}]}
    with running():
        tencent_chat_emulator.webhooks.send("Group.CallbackAfterNewMemberJoin", body)
    assert "group_open_http_svc/send_group_msg" not in {call.command for call in tencent_chat_emulator.calls}


def test_questions_are_answered(chat: ChatClient, running: Running, tencent_chat_emulator: Emulator) -> None:
    with running():
        ask(chat, "What are your HOURS?")
        ask(chat, "hm")
        _, second = tencent_chat_emulator.webhooks.delivered
        tencent_chat_emulator.webhooks.send(second.command, second.body)
    assert sorted(answers(chat)) == sorted(["Somebody of the team is here from 9 to 17.", HELP])


def test_chatbots_do_not_talk_to_each_other(
    chat: ChatClient, running: Running, tencent_chat_emulator: Emulator
) -> None:
    chat.bots.create(user_id="@RBT#other")
    with running():
        chat.messages.send(from_account="@RBT#other", to_account=BOT, msg_body=[TextElem("hours")])
    assert [call.command for call in tencent_chat_emulator.calls].count("openim/sendmsg") == 1


def test_what_was_begun_is_finished_at_the_end(
    chat: ChatClient, running: Running, tencent_chat_emulator: Emulator
) -> None:
    with running():
        tencent_chat_emulator.fail("openim/sendmsg", latency=0.3)
        tencent_chat_emulator.webhooks.send(
            "Bot.OnC2CMessage", {"From_Account": "ann", "To_Account": BOT, "MsgSeq": 7, "MsgKey": "7_8_9"}
        )
        assert answers(chat) == []
    assert answers(chat) == [HELP]


def test_only_the_service_is_believed(chat: ChatClient, running: Running, tencent_chat_emulator: Emulator) -> None:
    with running() as url:
        query = {"SdkAppid": tencent_chat_emulator.sdkappid, "CallbackCommand": "Group.CallbackAfterNewMemberJoin"}
        body = {"GroupId": "readers", "NewMemberList": [{"Member_Account": "ann"}]}
        assert requests.post(url, params=query, json=body, timeout=5).status_code == 403
    assert said(chat) == []
