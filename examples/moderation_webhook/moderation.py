r"""Decides about messages before they are sent: refuses some, hides parts of others, mutes who does not stop.

It answers `C2C.CallbackBeforeSendMsg` and `Group.CallbackBeforeSendMsg`, whose signatures it checks. Unwanted words
are refused, addresses and phone numbers become ***, and the third refusal within ten minutes mutes its sender for an
hour. A classifier of yours may be asked as well: it gets `{"text": "..."}` and answers `{"unwanted": true}`. The
service waits two seconds; when the classifier fails or takes too long, the message is sent, or refused, as configured.
Logs are lines of JSON, and have nothing of what people write.

    MODERATION_CLASSIFIER    URL of the classifier; none when left out
    MODERATION_FAILS         open to send what could not be judged (when left out), closed to refuse it
    MODERATION_PATIENCE      seconds to wait for a judgement: 1.2
    MODERATION_STORAGE       where refusals are counted: memory://, or for several processes redis://HOST

With an app of yours: set TENCENT_CHAT_SDKAPPID, TENCENT_CHAT_SECRET_KEY, TENCENT_CHAT_REGION and, as entered in the
console, TENCENT_CHAT_WEBHOOK_TOKEN; let the console send both webhooks to https://.../chat/webhooks, where a proxy with
TLS hands them to gunicorn. What the console does when no answer comes should agree with MODERATION_FAILS.

With the emulator, in this folder, at one terminal:

    $ source ../emulator.env
    $ tencent-chat-emulator --port 8099 --webhooks-to http://127.0.0.1:8000/chat/webhooks \
        --webhooks-token "$TENCENT_CHAT_WEBHOOK_TOKEN"

at a second one:

    $ source ../emulator.env
    $ gunicorn --preload --threads 16 --bind 127.0.0.1:8000 'moderation:create_app()'

and at a third one:

    $ source ../emulator.env
    $ python -m tencent_chat call accounts.import_accounts '{"Accounts": ["ann", "bob"]}'
    $ python -m tencent_chat call messages.send '{"From_Account": "ann", "To_Account": "bob",
        "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "Write to ann@example.com"}}]}'
    $ python -m tencent_chat call messages.get_history '{"Operator_Account": "ann", "Peer_Account": "bob",
        "MaxCnt": 10, "MinTime": 0, "MaxTime": 4000000000}'
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests
from flask import Flask, Response, request
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from tencent_chat import ChatClient, webhooks
from tencent_chat.models import MsgElement, TextElem
from tencent_chat.webhooks import (
    BeforeSendGroupMessageEvent,
    BeforeSendGroupMessageReply,
    BeforeSendMessageEvent,
    BeforeSendMessageReply,
    Router,
)

UNWANTED = re.compile(r"cheap\s+watches|free\s+money", re.IGNORECASE)
# Bounded, so that a long text cannot keep it busy.
PRIVATE = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(\.[\w-]{1,64}){1,4}|\+?\d[\d /-]{6,20}\d")
FORGIVEN = parse("2 per 10 minutes")
MUTE_SECONDS = 3600
REASON = "This is against the rules."

log = logging.getLogger("moderation")

Judge = Callable[[str], bool]
"""Tells whether a text is unwanted."""


@dataclass(frozen=True)
class Verdict:
    """What becomes of a message."""

    is_refused: bool = False
    is_offence: bool = False
    """Whether the sender is to blame: not so where nobody could judge."""
    changed: list[MsgElement] | None = None
    """The elements to send instead; None to send it as it is."""


class Moderation:
    """Judges messages in time, and mutes repeat offenders."""

    def __init__(
        self, chat: ChatClient, judges: list[Judge], storage: str, patience: float, *, fails_open: bool
    ) -> None:
        self._chat = chat
        self._judges = judges
        self._patience = patience
        self._fails_open = fails_open
        self._refusals = MovingWindowRateLimiter(storage_from_string(storage))
        # Apart, so that judges that hang stop no mutes.
        self._judging = ThreadPoolExecutor(16)
        self._muting = ThreadPoolExecutor(1)

    def verdict(self, sender: str, elements: Iterable[MsgElement], **facts: object) -> Verdict:
        """Return what becomes of a message, in time whatever happens; `facts` are for the log."""
        began = time.monotonic()
        judging = self._judging.submit(self._judge, list(elements))
        try:
            verdict, error = judging.result(self._patience), ""
        except Exception as failure:
            judging.cancel()
            verdict, error = Verdict(is_refused=not self._fails_open), type(failure).__name__
        outcome = "refused" if verdict.is_refused else "changed" if verdict.changed else "sent"
        took = round((time.monotonic() - began) * 1000)
        say(logging.ERROR if error else logging.INFO, outcome, sender=sender, ms=took, error=error, **facts)
        if verdict.is_offence:
            self._muting.submit(self._count, sender)
        return verdict

    def _judge(self, elements: list[MsgElement]) -> Verdict:
        texts = [element.msg_content.text or "" for element in elements if isinstance(element, TextElem)]
        if any(judge(text) for judge in self._judges for text in texts):
            return Verdict(is_refused=True, is_offence=True)
        if not any(PRIVATE.search(text) for text in texts):
            return Verdict()
        return Verdict(changed=[without_private_data(element) for element in elements])

    def _count(self, sender: str) -> None:
        """Count a refusal, and mute the sender where it is one too many."""
        try:
            if not self._refusals.hit(FORGIVEN, sender):
                self._chat.operations.set_mute(
                    set_account=sender, c2_cmsg_nospeaking_time=MUTE_SECONDS, groupmsg_nospeaking_time=MUTE_SECONDS
                )
                say(logging.WARNING, "muted", sender=sender, seconds=MUTE_SECONDS)
        except Exception as error:
            say(logging.ERROR, "not muted", sender=sender, error=type(error).__name__)


def without_private_data(element: MsgElement) -> MsgElement:
    """Return an element with stars in place of addresses and phone numbers."""
    if isinstance(element, TextElem):
        return TextElem(PRIVATE.sub("***", element.msg_content.text or ""))
    return element


def classifier(url: str, patience: float) -> Judge:
    """Return a judge that asks the classifier at `url`."""

    def ask(text: str) -> bool:
        answer = requests.post(url, json={"text": text}, timeout=patience)
        answer.raise_for_status()
        return bool(answer.json()["unwanted"])

    return ask


class Lines(logging.Formatter):
    """Formats a record as a line of JSON; of an exception it shows the class, as messages may quote texts."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {"time": record.created, "level": record.levelname, "message": record.getMessage()}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps({**line, **getattr(record, "facts", {})})


def say(level: int, message: str, **facts: object) -> None:
    """Write a line into the log; facts that are empty are left out."""
    log.log(level, message, extra={"facts": {name: fact for name, fact in facts.items() if fact not in ("", None)}})


def create_app() -> Flask:
    """Make the app, as the environment describes it."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])

    patience = float(os.environ.get("MODERATION_PATIENCE", "1.2"))
    judges: list[Judge] = [lambda text: UNWANTED.search(text) is not None]
    if url := os.environ.get("MODERATION_CLASSIFIER"):
        judges.append(classifier(url, patience))
    fails = os.environ.get("MODERATION_FAILS", "open")
    if fails not in ("open", "closed"):
        raise SystemExit(f"MODERATION_FAILS is open or closed, not {fails!r}")
    storage = os.environ.get("MODERATION_STORAGE", "memory://")
    moderation = Moderation(ChatClient.from_env(), judges, storage, patience, fails_open=fails == "open")
    router = Router(token=os.environ["TENCENT_CHAT_WEBHOOK_TOKEN"], sdkappid=int(os.environ["TENCENT_CHAT_SDKAPPID"]))

    @router.on(BeforeSendMessageEvent)
    def message(event: BeforeSendMessageEvent) -> BeforeSendMessageReply:
        verdict = moderation.verdict(event.from_account or "", event.msg_body or ())
        if verdict.is_refused:
            return webhooks.reject(event, 120001, REASON)
        return webhooks.allow(event, msg_body=verdict.changed)

    @router.on(BeforeSendGroupMessageEvent)
    def group_message(event: BeforeSendGroupMessageEvent) -> BeforeSendGroupMessageReply:
        verdict = moderation.verdict(event.from_account or "", event.msg_body or (), group=event.group_id)
        if verdict.is_refused:
            return webhooks.reject(event, 10100, REASON)
        return webhooks.allow(event, msg_body=verdict.changed)

    app = Flask(__name__)

    @app.post("/chat/webhooks")
    def receive() -> Response:
        answer = router.handle(request.args, request.get_data())
        return Response(answer.body, answer.status, answer.headers)

    return app
