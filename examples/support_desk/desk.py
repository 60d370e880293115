r"""A support desk: customers write to one account, each conversation goes to an agent, and ends with a transcript.

A customer's first message opens a ticket: a group for the agent who is online and had no ticket for the longest time.
What the customer writes to the account `support` appears in the group, what agents write there is sent to the customer
by `support`. An agent who writes /close there ends it: its history becomes a file, and the group is gone.

Two webhooks bring the messages, `C2C.CallbackAfterSendMsg` and `Group.CallbackAfterSendMsg`. They go into a table of a
database before they are answered, each once, and one thread works through it: nothing is lost, doubled or overtaken
when the service repeats a webhook, the API fails or the program is restarted. `tickets.py` has all of that.

With an app of yours: set TENCENT_CHAT_SDKAPPID, TENCENT_CHAT_SECRET_KEY, TENCENT_CHAT_REGION and, as entered in the
console, TENCENT_CHAT_WEBHOOK_TOKEN; let the console send both webhooks to https://.../chat/webhooks, where a proxy with
TLS hands them to this program; run `python desk.py serve --agent ANN --agent BOB` with the accounts of your agents.

With the emulator, in this folder, at one terminal:

    $ source ../emulator.env
    $ tencent-chat-emulator --port 8099 --webhooks-to http://127.0.0.1:8000/chat/webhooks \
        --webhooks-token "$TENCENT_CHAT_WEBHOOK_TOKEN"

at a second one:

    $ source ../emulator.env
    $ python desk.py serve --agent ann --agent bob

and at a third one:

    $ source ../emulator.env
    $ python -m tencent_chat call accounts.import_account '{"UserID": "carol"}'
    $ python -m tencent_chat call messages.send '{"From_Account": "carol", "To_Account": "support",
        "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "Where is my order?"}}]}'
    $ python desk.py tickets
    $ python desk.py close 1
    $ cat transcripts/ticket-1.txt
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from threading import Event, Thread

import click
import uvicorn
from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tickets import CLOSE, SUPPORT, TICKETS, Desk, connect, keep, open_tickets

from tencent_chat import ChatClient
from tencent_chat.models import TextElem
from tencent_chat.webhooks import AfterSendGroupMessageEvent, AfterSendMessageEvent, Router

DATABASE = Path("desk.db")
TRANSCRIPTS = Path("transcripts")

log = logging.getLogger("desk")


class Worker:
    """Works through the inbox in a thread of its own."""

    def __init__(self, agents: Sequence[str]) -> None:
        self._agents = agents
        self._thread = Thread(target=self._run)
        self._is_ending = False
        self._news = Event()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Tell that a message came."""
        self._news.set()

    def end(self) -> None:
        """End the thread, once it has done what it is about."""
        self._is_ending = True
        self._news.set()
        self._thread.join()

    def _run(self) -> None:
        with closing(connect(DATABASE)) as database, ChatClient.from_env() as chat:
            desk = Desk(database, chat, TRANSCRIPTS, self._agents)
            while not self._is_ending:
                try:
                    is_busy = desk.work()
                except Exception:
                    # A full disk, say: what is not done waits, and the thread must not end.
                    log.exception("it will be tried again")
                    is_busy = False
                if not is_busy:
                    # News of `desk.py close`, and a service that works again, do not wake it.
                    self._news.wait(timeout=1)
                    self._news.clear()


def create_router(database: sqlite3.Connection, agents: Sequence[str], worker: Worker) -> Router:
    """Make what puts messages of customers and agents into the inbox."""
    router = Router(token=os.environ["TENCENT_CHAT_WEBHOOK_TOKEN"], sdkappid=int(os.environ["TENCENT_CHAT_SDKAPPID"]))

    @router.on(AfterSendMessageEvent)
    def customer_wrote(event: AfterSendMessageEvent) -> None:
        is_for_us = event.to_account == SUPPORT and event.send_msg_result == 0
        if is_for_us and event.msg_key and event.from_account:
            keep(database, event.msg_key, event.from_account, event.raw["MsgBody"])
            worker.wake()

    @router.on(AfterSendGroupMessageEvent)
    def agent_wrote(event: AfterSendGroupMessageEvent) -> None:
        group_id, sender = event.group_id or "", event.from_account or ""
        if group_id.startswith(TICKETS) and sender in agents:
            texts = [element.msg_content.text for element in event.msg_body or () if isinstance(element, TextElem)]
            key = f"{group_id} {event.msg_seq}"
            keep(database, key, sender, event.raw["MsgBody"], group_id, is_close=texts == [CLOSE])
            worker.wake()

    return router


def create_app(agents: Sequence[str]) -> Starlette:
    """Make the server's app, as the environment describes it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        worker = Worker(agents)
        with closing(connect(DATABASE)) as database:
            app.state.router = create_router(database, agents, worker)
            worker.start()
            yield
            worker.end()

    return Starlette(routes=[Route("/chat/webhooks", receive, methods=["POST"])], lifespan=lifespan)


async def receive(request: Request) -> Response:
    """Take a webhook."""
    router: Router = request.app.state.router
    answer = router.handle(request.query_params, await request.body())
    return Response(answer.body, answer.status, answer.headers)


@click.group()
def main() -> None:
    """Run a support desk."""


@main.command()
@click.option("--agent", "agents", multiple=True, required=True, help="Account of an agent; repeatable.")
@click.option("--port", default=8000, envvar="PORT", show_default=True, show_envvar=True)
def serve(agents: tuple[str, ...], port: int) -> None:
    """Receive webhooks, until Ctrl-C or SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with ChatClient.from_env() as chat:
        chat.accounts.import_accounts(accounts=[SUPPORT, *agents])
    uvicorn.run(create_app(agents), port=port, log_config=None)


@main.command()
def tickets() -> None:
    """List open tickets."""
    table = Table("Ticket", "Customer", "Agent", "Group")
    with closing(connect(DATABASE)) as database:
        for ticket in open_tickets(database):
            table.add_row(str(ticket.id), ticket.customer, ticket.agent, ticket.group_id)
    Console().print(table)


@main.command()
@click.argument("number", type=int)
def close(number: int) -> None:
    """Let the server close a ticket, and wait until it has."""
    with closing(connect(DATABASE)) as database:
        found = open_tickets(database, "id = ?", number)
        if not found:
            raise click.ClickException(f"there is no open ticket {number}")
        for ticket in found:
            keep(database, None, ticket.agent, [], ticket.group_id, is_close=True)
        deadline = time.monotonic() + 10
        while open_tickets(database, "id = ?", number):
            if time.monotonic() > deadline:
                raise click.ClickException("it is not closed yet; is the server running?")
            time.sleep(0.1)


if __name__ == "__main__":
    main()
