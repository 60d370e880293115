r"""A bot that greets whoever joins a group, and answers to a few words in one-to-one chats.

It listens to `Group.CallbackAfterNewMemberJoin` and `Bot.OnC2CMessage`, checks their signatures, answers them at once
and works afterwards. The service may send a webhook twice. The bot remembers nothing: it derives the number of a
message from the event, and the service drops a message whose number and text came in the minutes before.

With an app of yours: set TENCENT_CHAT_SDKAPPID, TENCENT_CHAT_SECRET_KEY, TENCENT_CHAT_REGION and, as entered in the
console, TENCENT_CHAT_WEBHOOK_TOKEN; let the console send both webhooks to https://.../chat/webhooks, where a proxy with
TLS hands them to this program; run `python bot.py`. SIGTERM ends it when what it has begun is done.

With the emulator, in this folder, at one terminal:

    $ source ../emulator.env
    $ tencent-chat-emulator --port 8099 --webhooks-to http://127.0.0.1:8000/chat/webhooks \
        --webhooks-token "$TENCENT_CHAT_WEBHOOK_TOKEN"

at a second one:

    $ source ../emulator.env
    $ python bot.py

and at a third one:

    $ source ../emulator.env
    $ python -m tencent_chat call accounts.import_account '{"UserID": "ann"}'
    $ python -m tencent_chat call groups.create '{"Type": "Public", "Name": "Readers", "GroupId": "readers"}'
    $ python -m tencent_chat call groups.add_members \
        '{"GroupId": "readers", "MemberList": [{"Member_Account": "ann"}]}'
    $ python -m tencent_chat call groups.get_history '{"GroupId": "readers", "ReqMsgNumber": 1}'
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from hashlib import sha256

from aiohttp import web

from tencent_chat import AsyncChatClient
from tencent_chat.models import TextElem
from tencent_chat.webhooks import AfterJoinGroupEvent, AfterSendBotMessageEvent, Router

CHATBOTS = "@RBT#"
"""How the accounts of all chatbots begin."""
BOT = f"{CHATBOTS}welcome"
ANSWERS = {
    "rules": "Be kind, stay on topic, no advertising.",
    "hours": "Somebody of the team is here from 9 to 17.",
    "human": "Write to the account support, and somebody of the team will answer.",
}
HELP = f"I am a bot. Ask me for: {', '.join(ANSWERS)}."
MOST_MENTIONS = 30


class WelcomeBot:
    """What the bot does about each event."""

    def __init__(self, chat: AsyncChatClient) -> None:
        self._chat = chat

    async def greet(self, event: AfterJoinGroupEvent) -> None:
        """Greet those who joined a group, except for an AVChatRoom, where people come and go."""
        accounts = [member.member_account for member in event.new_member_list or ()]
        people = [account for account in accounts if account and not account.startswith(CHATBOTS)]
        if not event.group_id or not people or event.type == "AVChatRoom":
            return
        await self._chat.groups.send_message(
            group_id=event.group_id,
            from_account=BOT,
            random=number_of(event.group_id, event.event_time, *people),
            msg_body=[TextElem(f"Welcome, {' '.join(f'@{account}' for account in people)}! Ask me anything: {BOT}")],
            group_at_info=[{"GroupAt_Account": account} for account in people[:MOST_MENTIONS]],
        )

    async def answer(self, event: AfterSendBotMessageEvent) -> None:
        """Answer what a user asks, but not other chatbots, which might answer for ever."""
        user = event.from_account
        if event.to_account != BOT or event.send_msg_result or not user or user.startswith(CHATBOTS):
            return
        texts = [element.msg_content.text or "" for element in event.msg_body or () if isinstance(element, TextElem)]
        words = re.findall(r"\w+", " ".join(texts).lower())
        await self._chat.messages.send(
            from_account=BOT,
            to_account=user,
            # Within one second messages stand in the order of MsgSeq: the answer comes after the question.
            msg_seq=((event.msg_seq or 0) + 1) % 2**32,
            msg_random=number_of(event.msg_key),
            msg_body=[TextElem(next((ANSWERS[word] for word in words if word in ANSWERS), HELP))],
        )


def number_of(*facts: object) -> int:
    """Return 32 bits that are the same whenever the facts are."""
    return int.from_bytes(sha256(repr(facts).encode()).digest()[:4])


class Receiver:
    """Takes webhooks, and lets the bot work on them in tasks."""

    def __init__(self, token: str, sdkappid: int) -> None:
        self._router = Router(token=token, sdkappid=sdkappid)
        self._tasks = asyncio.TaskGroup()

    async def run(self, _app: web.Application) -> AsyncIterator[None]:
        """Hold a client while the server runs; before it is closed, wait for what is under way."""
        async with AsyncChatClient.from_env() as chat, self._tasks:
            # Without an effect on a bot that is there already.
            await chat.bots.create(user_id=BOT, nick="Welcome")
            bot = WelcomeBot(chat)
            self._router.on(AfterJoinGroupEvent)(bot.greet)
            self._router.on(AfterSendBotMessageEvent)(bot.answer)
            yield

    async def receive(self, request: web.Request) -> web.Response:
        """Take a webhook: two seconds are all that the service waits."""
        answer = await self._router.handle_async(request.query, await request.read(), defer=self._begin)
        return web.Response(status=answer.status, body=answer.body, headers=answer.headers)

    def _begin(self, function: Callable[..., Coroutine[None, None, None]], *arguments: object) -> None:
        self._tasks.create_task(function(*arguments))


def create_app() -> web.Application:
    """Make the server's app, as the environment describes it."""
    receiver = Receiver(os.environ["TENCENT_CHAT_WEBHOOK_TOKEN"], int(os.environ["TENCENT_CHAT_SDKAPPID"]))
    app = web.Application()
    app.cleanup_ctx.append(receiver.run)
    app.router.add_post("/chat/webhooks", receiver.receive)
    return app


if __name__ == "__main__":
    web.run_app(create_app(), host="127.0.0.1", port=int(os.environ.get("PORT", "8000")))
