r"""A small chat backend: users, rooms, messages, and a receiver of webhooks that keeps advertising out.

With an app of yours: set TENCENT_CHAT_SDKAPPID, TENCENT_CHAT_SECRET_KEY, TENCENT_CHAT_REGION and, as entered in the
console, TENCENT_CHAT_WEBHOOK_TOKEN; let the console send `Group.CallbackBeforeSendMsg` to https://.../chat/webhooks,
where a proxy with TLS hands it to uvicorn.

With the emulator, in this folder, at one terminal:

    $ source ../emulator.env
    $ tencent-chat-emulator --port 8099 --webhooks-to http://127.0.0.1:8000/chat/webhooks \
        --webhooks-token "$TENCENT_CHAT_WEBHOOK_TOKEN"

at a second one:

    $ source ../emulator.env
    $ uvicorn backend:app --port 8000

and at a third one:

    $ curl --json '{"name": "ann"}' http://127.0.0.1:8000/users
    $ curl --json '{"name": "Readers", "owner": "ann"}' http://127.0.0.1:8000/rooms
    $ curl --json '{"sender": "ann", "text": "Good books"}' http://127.0.0.1:8000/rooms/room-readers/messages
    $ curl --json '{"sender": "ann", "text": "cheap watches"}' http://127.0.0.1:8000/rooms/room-readers/messages
    $ curl http://127.0.0.1:8000/rooms/room-readers/messages
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from pydantic import BaseModel

from tencent_chat import AsyncChatClient, ChatAPIError, ErrorCode, webhooks
from tencent_chat.models import TextElem
from tencent_chat.webhooks import BeforeSendGroupMessageEvent, BeforeSendGroupMessageReply

UNWANTED = ("cheap watches", "free money")


class User(BaseModel):
    """Somebody who may chat."""

    name: str


class Room(BaseModel):
    """A room with its first member, who owns it."""

    name: str
    owner: str


class Message(BaseModel):
    """What somebody says in a room."""

    sender: str
    text: str


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
    """Hold one client for as long as the app runs."""
    async with AsyncChatClient.from_env() as client:
        app.state.chat = client
        yield


app = FastAPI(lifespan=lifespan)


def chat_of(request: Request) -> AsyncChatClient:
    """Return the client of the app."""
    client: AsyncChatClient = request.app.state.chat
    return client


Chat = Annotated[AsyncChatClient, Depends(chat_of)]


@app.exception_handler(ChatAPIError)
async def refused(_request: Request, error: ChatAPIError) -> Response:
    """Hand on what the chat service refused."""
    status = 404 if error.code in (ErrorCode.GROUP_NOT_FOUND, ErrorCode.GROUP_ACCOUNT_NOT_FOUND) else 422
    return Response(error.message, status_code=status, media_type="text/plain")


@app.post("/users", status_code=201)
async def create_user(user: User, chat: Chat) -> None:
    """Let somebody chat."""
    await chat.accounts.import_account(user_id=user.name)


@app.post("/rooms", status_code=201)
async def create_room(room: Room, chat: Chat) -> dict[str, str]:
    """Open a room."""
    # An ID of our own: the service's contain a #, which does not go well with URLs.
    room_id = f"room-{room.name.lower()}"
    await chat.groups.create(type="Public", name=room.name, group_id=room_id, owner_account=room.owner)
    return {"id": room_id}


@app.put("/rooms/{room_id}/members/{name}", status_code=204)
async def add_member(room_id: str, name: str, chat: Chat) -> None:
    """Let somebody in."""
    await chat.groups.add_members(group_id=room_id, member_list=[{"Member_Account": name}])


@app.post("/rooms/{room_id}/messages", status_code=201)
async def say(room_id: str, message: Message, chat: Chat) -> dict[str, int]:
    """Say something in a room."""
    sent = await chat.groups.send_message(
        group_id=room_id, from_account=message.sender, msg_body=[TextElem(message.text)]
    )
    return {"number": sent.msg_seq or 0}


@app.get("/rooms/{room_id}/messages")
async def read(room_id: str, chat: Chat) -> list[Message]:
    """Return what was said in a room, the first thing first."""
    said = [message async for message in chat.groups.iter_history(group_id=room_id)]
    return [
        Message(sender=message.from_account or "", text=element.msg_content.text or "")
        for message in reversed(said)
        for element in message.msg_body or ()
        if element.msg_type == "TIMTextElem"
    ]


router = webhooks.Router(
    token=os.environ["TENCENT_CHAT_WEBHOOK_TOKEN"], sdkappid=int(os.environ["TENCENT_CHAT_SDKAPPID"])
)


@router.on(BeforeSendGroupMessageEvent)
def moderate(event: BeforeSendGroupMessageEvent) -> BeforeSendGroupMessageReply | None:
    """Keep advertising out."""
    texts = [element.msg_content.text for element in event.msg_body or () if element.msg_type == "TIMTextElem"]
    if any(word in (text or "") for text in texts for word in UNWANTED):
        return webhooks.reject(event)
    return None


@app.post("/chat/webhooks")
async def receive(request: Request) -> Response:
    """Take a webhook of the chat service."""
    answer = await router.handle_async(request.query_params, await request.body())
    return Response(answer.body, answer.status, answer.headers)
