"""What becomes of the messages of customers and agents: tickets, with all that they need in a database."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tencent_chat import (
    AuthenticationError,
    ChatAPIError,
    ChatClient,
    ChatError,
    ErrorCode,
    ResponseError,
    ThrottledError,
    TransportError,
)
from tencent_chat.models import TextElem

SUPPORT = "support"
CLOSE = "/close"
TICKETS = "ticket-"
"""How the IDs of tickets' groups begin."""
SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS inbox (
    id INTEGER PRIMARY KEY, key TEXT UNIQUE, sender TEXT, group_id TEXT, elements TEXT, is_close INTEGER,
    came TEXT DEFAULT CURRENT_TIMESTAMP, is_done INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS tickets (
    id INTEGER PRIMARY KEY, customer TEXT, agent TEXT, group_id TEXT UNIQUE, closed TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS one_for_each ON tickets (customer) WHERE closed IS NULL;
DELETE FROM inbox WHERE is_done AND came < datetime('now', '-1 day');
"""

Elements = list[dict[str, object]]
"""The elements of a message, as they travel."""

log = logging.getLogger("desk")


def connect(path: Path) -> sqlite3.Connection:
    """Open the database; each thread has a connection of its own."""
    database = sqlite3.connect(path, isolation_level=None)
    database.row_factory = sqlite3.Row
    database.executescript(SCHEMA)
    return database


def keep(
    database: sqlite3.Connection,
    key: str | None,
    sender: str,
    elements: object,
    group_id: str | None = None,
    *,
    is_close: bool = False,
) -> None:
    """Put a message into the inbox, unless one with its key was there before; without a group it is a customer's."""
    database.execute(
        "INSERT OR IGNORE INTO inbox (key, sender, group_id, elements, is_close) VALUES (?, ?, ?, ?, ?)",
        [key, sender, group_id, json.dumps(elements), is_close],
    )


@dataclass(frozen=True)
class Ticket:
    """The conversation of a customer with an agent."""

    id: int
    customer: str
    agent: str
    group_id: str


def open_tickets(database: sqlite3.Connection, condition: str = "TRUE", *values: object) -> list[Ticket]:
    """Return the open tickets for which an SQL condition holds, the oldest first."""
    columns = "SELECT id, customer, agent, group_id FROM tickets"
    rows = database.execute(f"{columns} WHERE closed IS NULL AND {condition} ORDER BY id", values)
    return [Ticket(*row) for row in rows]


@dataclass(frozen=True)
class Desk:
    """What is done with the messages of the inbox, one after the other."""

    database: sqlite3.Connection
    chat: ChatClient
    transcripts: Path
    agents: Sequence[str]

    def work(self) -> bool:
        """Do what the oldest message asks for; return False when there is none, or it has to wait."""
        row = self.database.execute("SELECT * FROM inbox WHERE NOT is_done ORDER BY id LIMIT 1").fetchone()
        if row is None:
            return False
        try:
            self._handle(row)
        except ChatError as error:
            if may_pass_later(error):
                log.warning("later: %s", error)
                return False
            # Another attempt would fail as well, and keep all others waiting.
            log.exception("given up: a message of %s", row["sender"])
        self.database.execute("UPDATE inbox SET is_done = 1, elements = '' WHERE id = ?", [row["id"]])
        return True

    def _handle(self, row: sqlite3.Row) -> None:
        number, elements = row["id"], json.loads(row["elements"])
        if row["group_id"] is None:
            self._from_customer(number, row["key"], row["sender"], elements)
            return
        for ticket in open_tickets(self.database, "group_id = ?", row["group_id"]):
            if row["is_close"]:
                self._close(ticket, number)
            else:
                self._send(ticket, number, elements)

    def _close(self, ticket: Ticket, number: int) -> None:
        """Write the transcript, tell the customer, delete the group."""
        try:
            self._write_transcript(ticket)
            self._tell(ticket, number, f"Ticket {ticket.id} is closed. Write again whenever you need us.")
            self.chat.groups.delete(group_id=ticket.group_id)
        except ChatAPIError as error:
            # It was deleted before, when something ended the program right afterwards.
            if error.code != ErrorCode.GROUP_NOT_FOUND:
                raise
        self.database.execute("UPDATE tickets SET closed = CURRENT_TIMESTAMP WHERE id = ?", [ticket.id])

    def _from_customer(self, number: int, key: str, customer: str, elements: Elements) -> None:
        group_id = TICKETS + sha256(key.encode()).hexdigest()[:16]
        found = open_tickets(self.database, "customer = ?", customer)
        ticket = found[0] if found else self._open(group_id, customer)
        if ticket.group_id == group_id:
            # It is this message that opened it, perhaps in an attempt that came no further.
            self._tell(ticket, number, f"Ticket {ticket.id} is open; {ticket.agent} will write to you here.")
        self.chat.groups.send_message(
            group_id=ticket.group_id,
            from_account=customer,
            # By it the service knows a message that it got before.
            random=number,
            msg_body=elements,
            forbid_callback_control=["ForbidBeforeSendMsgCallback", "ForbidAfterSendMsgCallback"],
            # What was received can be sent, whatever it is.
            validate=False,
        )

    def _open(self, group_id: str, customer: str) -> Ticket:
        """Make a group with the agent whose turn it is; a second attempt finds what the first one made."""
        agent = self._next_agent()
        try:
            self.chat.groups.create(type="Public", name="Ticket", group_id=group_id, owner_account=SUPPORT)
        except ChatAPIError as error:
            if error.code != ErrorCode.GROUP_ID_IN_USE_BY_OWNER:
                raise
        self.chat.groups.add_members(group_id=group_id, member_list=[{"Member_Account": agent}])
        values = [customer, agent, group_id]
        self.database.execute("INSERT INTO tickets (customer, agent, group_id) VALUES (?, ?, ?)", values)
        (ticket,) = open_tickets(self.database, "group_id = ?", group_id)
        return ticket

    def _next_agent(self) -> str:
        """Return who had no ticket for the longest time, among those online if there are any."""
        answer = self.chat.accounts.get_online_status(to_account=self.agents)
        online = {result.to_account for result in answer.query_result or () if result.status == "Online"}
        latest = dict(self.database.execute("SELECT agent, max(id) FROM tickets GROUP BY agent").fetchall())
        return min(self.agents, key=lambda agent: (agent not in online, latest.get(agent, 0)))

    def _tell(self, ticket: Ticket, number: int, text: str) -> None:
        self._send(ticket, number, [TextElem(text).model_dump(by_alias=True)])

    def _send(self, ticket: Ticket, number: int, elements: Elements) -> None:
        self.chat.messages.send(
            from_account=SUPPORT,
            to_account=ticket.customer,
            # Rising numbers keep messages of one second in order; the service knows them when they come again.
            msg_seq=number,
            msg_random=number,
            msg_body=elements,
            forbid_callback_control=["ForbidBeforeSendMsgCallback", "ForbidAfterSendMsgCallback"],
            validate=False,
        )

    def _write_transcript(self, ticket: Ticket) -> None:
        lines = [f"Ticket {ticket.id} of {ticket.customer}, with {ticket.agent}"]
        for message in reversed(list(self.chat.groups.iter_history(group_id=ticket.group_id))):
            for element in message.msg_body or ():
                text = element.msg_content.text if isinstance(element, TextElem) else f"[{element.msg_type}]"
                if text != CLOSE:
                    lines.append(f"{message.msg_time_stamp_utc:%Y-%m-%d %H:%M:%S} {message.from_account}: {text}")
        self.transcripts.mkdir(parents=True, exist_ok=True)
        (self.transcripts / f"ticket-{ticket.id}.txt").write_text("\n".join([*lines, ""]), encoding="utf-8")


def may_pass_later(error: ChatError) -> bool:
    """Return whether it makes sense to try again: the network, the service, or our own key may be mended."""
    if isinstance(error, ChatAPIError):
        return error.retryable or isinstance(error, AuthenticationError)
    return isinstance(error, TransportError | ResponseError | ThrottledError)
