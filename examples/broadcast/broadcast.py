r"""Sends a message to everybody in a list, nobody twice, and reports who has it.

    $ export TENCENT_CHAT_SDKAPPID=1400000000 TENCENT_CHAT_SECRET_KEY=... TENCENT_CHAT_REGION=singapore
    $ python broadcast.py users.txt "We move on Sunday." --report report.csv

`users.txt` has an account a line. `report.csv` has a row for each that the message went out for:

    done        the account has the message
    failed      the service refused it, for the reason given
    not_sent    the service has not seen it
    unknown     the account may have the message: no answer came, or the program was stopped before it did

Run it again with the same report, after a crash, Ctrl-C or a look at the failures, and it goes on with those who
certainly do not have the message. Who is `unknown` is left alone: nothing tells whether a second message would be
one too many. It exits with 0 when all have the message, 1 when the report names somebody who has not, 2 when the
arguments are wrong. It needs a system with `flock`, such as Linux or macOS.

To try it on the emulator, start `tencent-chat-emulator --port 8099`; in another terminal:

    $ export TENCENT_CHAT_SDKAPPID=1400000000 TENCENT_CHAT_SECRET_KEY=emulator-secret-key-that-opens-nothing
    $ export TENCENT_CHAT_BASE_URL=http://127.0.0.1:8099
    $ python -m tencent_chat call accounts.import_accounts '{"Accounts": ["ann", "bob"]}'
    $ printf 'ann\nbob\neve\n' > users.txt
    $ python broadcast.py users.txt "We move on Sunday." --report report.csv || cat report.csv
    $ python -m tencent_chat call accounts.import_accounts '{"Accounts": ["eve"]}'
    $ python broadcast.py users.txt "We move on Sunday." --report report.csv
"""

from __future__ import annotations

import asyncio
import csv
import fcntl
import os
import sys
from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import NamedTuple, TextIO

import click

from tencent_chat import AsyncChatClient, AsyncRateLimiter, BatchResult, ChatAPIError, ChatError, RateLimit
from tencent_chat.models import SendMessageBatchRequest, SendMessageBatchResponse, TextElem

COMMAND = "openim/batchsendmsg"
RECIPIENTS = 500
"""Of a call, as many as the service takes."""
CALLS_A_MINUTE = 24
"""So that there are 12,000 recipients a minute, which is what the service lets an app have."""
CONCURRENCY = 4
PAUSES = (0.0, 2.0, 10.0)
"""Seconds before each round; from the second one on it is for those whom the service refused for the moment."""


class Row(NamedTuple):
    """A row of the report."""

    account: str
    outcome: str
    code: str
    reason: str
    message: str


class Report:
    """What became of each account: a CSV file that is written to before and after each call.

    The last row about an account counts. A row `sending` that nothing followed is of a call that never ended.
    """

    def __init__(self, rows: dict[str, Row], message: str, file: TextIO) -> None:
        self.rows = rows
        self.message = message
        self._file = file

    def due(self, accounts: Iterable[str]) -> list[str]:
        """Return those who certainly do not have the message."""
        settled = {row.account for row in self.rows.values() if row.outcome in ("done", "unknown")}
        return [account for account in accounts if account not in settled]

    def begin(self, accounts: Iterable[str]) -> None:
        """Note that a call is about to be made."""
        self._note([Row(account, "sending", "", "", self.message) for account in accounts])

    def end(self, result: BatchResult[str, SendMessageBatchResponse]) -> None:
        """Note what became of the call."""
        rows: list[Row] = []
        for item in result:
            code = None if item.code is None else int(item.code)
            reason = item.info or ("" if code is None else ChatAPIError(code, command=COMMAND).message)
            rows.append(Row(item.item, item.outcome, "" if code is None else str(code), reason, self.message))
        self._note(rows)

    def _note(self, rows: list[Row]) -> None:
        self.rows |= {row.account: row for row in rows}
        csv.writer(self._file).writerows(rows)
        self._file.flush()
        os.fsync(self._file.fileno())


@contextmanager
def opened(path: Path, text: str) -> Generator[Report]:
    """Open the report of a message, and leave it with a row an account. Raises click.ClickException."""
    message = sha256(text.encode()).hexdigest()[:16]
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(f"{path}: another run is at work on it") from None
        rows = read(path) if path.exists() else {}
        if any(row.message != message for row in rows.values()):
            raise click.UsageError(f"{path} is the report of another message: give --report another name")
        write(path, rows)
        try:
            with path.open("a", encoding="utf-8", newline="") as file:
                yield Report(rows, message, file)
        finally:
            write(path, read(path))


def read(path: Path) -> dict[str, Row]:
    """Return the last row about each account. Raises click.UsageError for a file that is no report."""
    text = path.read_bytes().decode("utf-8", "replace")
    # A crash may have left half a row at the end, of a call that is known to have begun.
    cells = [*csv.reader(StringIO(text[: text.rfind("\n") + 1], newline=""))]
    if cells[:1] != [[*Row._fields]] or any(len(row) != len(Row._fields) for row in cells):
        raise click.UsageError(f"{path} is no report: give --report another name")
    rows = [Row(*row) for row in cells[1:]]
    lost = ("unknown", "", "the program ended before the answer came")
    return {row.account: Row(row.account, *lost, row.message) if row.outcome == "sending" else row for row in rows}


def write(path: Path, rows: dict[str, Row]) -> None:
    """Write the rows, all or nothing."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([Row._fields, *rows.values()])
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


async def broadcast(accounts: list[str], text: str, report: Report) -> None:
    """Send to those of the accounts that do not have the message. Raises ChatError when no call gets through."""
    limit = RateLimit(CALLS_A_MINUTE, "minute")
    async with (
        AsyncChatClient.from_env() as client,
        AsyncRateLimiter(overrides={COMMAND: limit}, max_wait=None) as limiter,
    ):
        # Changes nothing, and fails where all others would: wrong credentials, no network.
        await client.accounts.check(check_item=[{"UserID": client.identifier}])
        due = report.due(accounts)
        for pause in PAUSES:
            if due:
                await asyncio.sleep(pause)
                due = await send_round(client, limiter, due, text, report)


async def send_round(
    client: AsyncChatClient, limiter: AsyncRateLimiter, accounts: list[str], text: str, report: Report
) -> list[str]:
    """Send to each account once; return those that are worth another try."""
    free = asyncio.Semaphore(CONCURRENCY)
    again: list[str] = []

    async def send(part: list[str]) -> None:
        async with free:
            # Not by the client: who still waits for the limit was not sent anything, and the report shall say so.
            await limiter.acquire(client.sdkappid, COMMAND)
            report.begin(part)
            result = await client.messages.send_batch_many(to_account=part, msg_body=[TextElem(text)])
            report.end(result)
            again.extend(result.again)

    await asyncio.gather(*(send(accounts[start : start + RECIPIENTS]) for start in range(0, len(accounts), RECIPIENTS)))
    return again


@click.command()
@click.argument("users", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("text")
@click.option(
    "--report", "path", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to report."
)
def main(users: Path, text: str, path: Path) -> None:
    """Send TEXT to the accounts in the file USERS, an account a line."""
    try:
        lines = (line.strip() for line in users.read_text("utf-8-sig").splitlines())
        accounts = list(dict.fromkeys(line for line in lines if line))
        SendMessageBatchRequest(to_account=accounts[:1], msg_body=[TextElem(text)])
        with opened(path, text) as report:
            asyncio.run(broadcast(accounts, text, report))
    except (ChatError, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    counts = Counter(report.rows[account].outcome for account in accounts)
    click.echo(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    sys.exit(0 if counts["done"] == len(accounts) else 1)


if __name__ == "__main__":
    main()
