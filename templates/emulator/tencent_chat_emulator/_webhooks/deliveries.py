"""Sending webhooks to the receiver of an app: signed, one after the other, with two seconds' patience."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from .._catalogue.catalogue import Catalogue, Json
from .._core.context import Event, Verdict

PATIENCE = 2.0
"""Seconds that a receiver has for its reply."""
MAX_DELIVERIES = 10_000
_MAX_REPLY = 1024 * 1024


@dataclass(frozen=True)
class Delivery:
    """A webhook that was sent, and what came back."""

    command: str
    """`Group.CallbackAfterCreateGroup`."""
    query: Mapping[str, str]
    """The parameters of its URL; `Sign` among them where it is signed."""
    body: Json
    status: int | None = None
    """HTTP status of the reply; None where none came within two seconds."""
    reply: Any = None
    """The JSON that came back; None where none did."""
    problem: str = ""
    """Why the reply does not count; empty where it does."""


@dataclass(frozen=True)
class Receiver:
    """Where webhooks go."""

    url: str
    token: str | None = field(default=None, repr=False)
    """What they are signed with; None for no signature."""
    only: frozenset[str] | None = None
    """Names of the webhooks that are sent; None for all."""


_NOBODY = Receiver("http://127.0.0.1:1/")
"""Who receives what was under way when the receiver was taken away."""


class Deliveries:
    """The webhooks of an app. Its methods run on the event loop of the server."""

    def __init__(self, catalogue: Catalogue, sdkappid: int) -> None:
        self._catalogue = catalogue
        self._sdkappid = sdkappid
        self._session: ClientSession | None = None
        self._waiting: asyncio.Queue[Event] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None
        self.receiver: Receiver | None = None
        self.done: deque[Delivery] = deque(maxlen=MAX_DELIVERIES)

    def send_to(self, url: str, token: str | None, only: Collection[str] | None) -> None:
        """Let webhooks go to `url`, those named in `only`. Raises ValueError for what is no URL or no webhook."""
        parsed = URL(url)
        if parsed.scheme not in ("http", "https") or not parsed.host:
            raise ValueError(f"{url!r} is no URL that begins with http:// or https://")
        for name in only or ():
            self._check_name(name)
        self.receiver = Receiver(url, token, None if only is None else frozenset(only))

    def wants(self, command: str) -> bool:
        """Whether somebody receives webhook `command`."""
        return self.receiver is not None and (
            self.receiver.only is None or command in self.receiver.only
        )

    async def ask(self, event: Event) -> Verdict:
        """Send a webhook before something happens, and return what the receiver decides."""
        return self._verdict(await self._deliver(event))

    def tell(self, events: Sequence[Event]) -> None:
        """Send webhooks after something happened, one after the other, without waiting for them."""
        wanted = [event for event in events if self.wants(event.command)]
        for event in wanted:
            self._waiting.put_nowait(event)
        if wanted and (self._worker is None or self._worker.done()):
            self._worker = asyncio.create_task(self._work())

    async def send(self, event: Event) -> Delivery:
        """Send a webhook now, whatever `only` says. Raises ValueError without a receiver, or for an unknown name."""
        self._check_name(event.command)
        if self.receiver is None:
            raise ValueError("nobody receives webhooks; say where they go with send_to(url)")
        return await self._deliver(event)

    async def settle(self) -> None:
        """Wait until everything that is to be sent was sent."""
        await self._waiting.join()

    def forget(self) -> None:
        """Give up what was not sent, and forget what was, and who receives it."""
        while not self._waiting.empty():
            self._waiting.get_nowait()
            self._waiting.task_done()
        if self._worker is not None:
            self._worker.cancel()
        self._worker = self.receiver = None
        self.done.clear()

    async def close(self) -> None:
        """Give up what was not sent."""
        if self._worker is not None:
            self._worker.cancel()
        if self._session is not None:
            await self._session.close()

    async def _work(self) -> None:
        while not self._waiting.empty():
            event = self._waiting.get_nowait()
            try:
                await self._deliver(event)
            finally:
                self._waiting.task_done()

    async def _deliver(self, event: Event) -> Delivery:
        receiver = self.receiver or _NOBODY
        query = self._query(event, receiver.token)
        webhook = self._catalogue.webhook(event.command)
        # A webhook of several events is named in each of them.
        is_named = webhook is None or "CallbackCommand" in webhook.fields
        body = {"CallbackCommand": event.command, **event.body} if is_named else event.body
        status, reply, problem = await self._post(URL(receiver.url).update_query(query), body)
        delivery = Delivery(event.command, query, body, status, reply, problem)
        self.done.append(delivery)
        return delivery

    async def _post(self, url: URL, body: Json) -> tuple[int | None, Any, str]:
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=PATIENCE))
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
        try:
            headers = {"Content-Type": "application/json"}
            async with self._session.post(
                url, data=content, headers=headers, allow_redirects=False
            ) as response:
                received = await response.content.read(_MAX_REPLY)
                status = response.status
        except TimeoutError:
            return None, None, f"no reply within {PATIENCE:.0f} s"
        except (ClientError, OSError) as error:
            return None, None, f"the receiver was not reached: {type(error).__name__}"
        if status != 200:
            return status, None, f"HTTP status {status}"
        try:
            reply = json.loads(received)
        except (ValueError, RecursionError):
            return status, None, "the reply is not JSON"
        return status, reply, "" if isinstance(reply, dict) else "the reply is no JSON object"

    def _query(self, event: Event, token: str | None) -> dict[str, str]:
        webhook = self._catalogue.webhook(event.command)
        usual = {"ClientIP": "127.0.0.1", "OptPlatform": "RESTAPI"}
        query = {
            "SdkAppid": str(self._sdkappid),
            "CallbackCommand": event.command,
            "contenttype": "json",
            **{
                name: value
                for name, value in usual.items()
                if webhook is None or name in webhook.query
            },
            **event.query,
        }
        if token is not None:
            # Of the real time: receivers compare it with their own clock.
            moment = str(int(time.time()))
            query |= {
                "Sign": sha256(f"{token}{moment}".encode()).hexdigest(),
                "RequestTime": moment,
            }
        return query

    def _verdict(self, delivery: Delivery) -> Verdict:
        if delivery.problem:
            return Verdict(delivery.command, is_proper=False)
        code = delivery.reply.get("ErrorCode", 0)
        info = str(delivery.reply.get("ErrorInfo", ""))
        webhook = self._catalogue.webhook(delivery.command)
        ranges = webhook.reply_codes if webhook else ()
        outcome = next(
            (
                found.outcome
                for found in ranges
                if type(code) is int and found.first <= code <= found.last
            ),
            None,
        )
        if outcome in ("reject", "drop"):
            return Verdict(delivery.command, outcome, code, info)
        changes = {
            name: value
            for name, value in delivery.reply.items()
            if outcome == "allow" and name not in ("ActionStatus", "ErrorInfo", "ErrorCode")
        }
        return Verdict(delivery.command, changes=changes, is_proper=outcome is not None)

    def _check_name(self, name: str) -> None:
        if name not in self._catalogue.webhooks:
            raise ValueError(
                f"unknown webhook {name!r}: use a name such as {self._catalogue.webhooks[0]}"
            )
