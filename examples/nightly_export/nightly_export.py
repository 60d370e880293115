"""Keeps what was written yesterday: each hour's file of the message export, as JSON lines.

    archive/2026-11-26/C2C-09.jsonl      one-to-one messages from 9:00 to 9:59, a message a line
    archive/2026-11-26/Group-09.jsonl    those of groups; an empty file is an hour in which nobody wrote

Days and hours are those of China, as the service counts them. It makes a file an hour or more after its hour, and
keeps it for seven days. What is in the archive is not fetched again, so run it as often as you like:

    $ export TENCENT_CHAT_SDKAPPID=1400000000 TENCENT_CHAT_SECRET_KEY=... TENCENT_CHAT_REGION=singapore
    $ python nightly_export.py archive
    $ python nightly_export.py archive --day 2026-11-25

In a crontab: `15 * * * * python nightly_export.py /var/lib/chat-archive`. It exits with

    0     the day is complete
    1     running it again will not help: a file is gone, the credentials are wrong, the service refuses
    2     the arguments are wrong
    75    run it again later: a file is not made yet, a download or the service failed

To try it on the emulator, start `tencent-chat-emulator --port 8099`; in another terminal:

    $ export TENCENT_CHAT_SDKAPPID=1400000000 TENCENT_CHAT_SECRET_KEY=emulator-secret-key-that-opens-nothing
    $ export TENCENT_CHAT_BASE_URL=http://127.0.0.1:8099
    $ YESTERDAY=$(python -c 'import time; print(int(time.time()) - 86400)')
    $ python -m tencent_chat call accounts.import_accounts '{"Accounts": ["ann", "bob"]}'
    $ python -m tencent_chat call messages.import_message '{"SyncFromOldSystem": 2, "MsgTimeStamp": '$YESTERDAY',
      "From_Account": "ann", "To_Account": "bob",
      "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "Good morning"}}]}'
    $ python nightly_export.py archive
    $ cat archive/*/C2C-*.jsonl
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import zlib
from collections import Counter
from datetime import datetime, timedelta, timezone
from hashlib import md5
from http.client import HTTPException
from pathlib import Path
from typing import Literal
from urllib.request import urlopen

import click

from tencent_chat import (
    ChatAPIError,
    ChatClient,
    ChatError,
    ErrorCode,
    RateLimiter,
    ResponseError,
    ThrottledError,
    TransportError,
)
from tencent_chat.models import ExportMessagesResultFile

CHINA = timezone(timedelta(hours=8))
HOUR = timedelta(hours=1)
PATIENCE = timedelta(hours=6)
"""After the end of an hour without a file: before, the file may still be made, and after, nobody wrote."""
LATER = 75
"""EX_TEMPFAIL of sysexits.h."""

Kind = Literal["C2C", "Group"]
KINDS: tuple[Kind, ...] = ("C2C", "Group")
Outcome = Literal["saved", "empty", "waiting", "gone"]


class DownloadError(Exception):
    """A file did not arrive, or not as the service made it."""


@click.command()
@click.argument("archive", type=click.Path(file_okay=False, path_type=Path))
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="In China; yesterday when left out.")
def main(archive: Path, day: datetime | None) -> None:
    """Keep the messages of a day in ARCHIVE."""
    now = datetime.now(CHINA)
    start = (day or now - timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=CHINA)
    if start + timedelta(days=1) > now:
        raise click.BadParameter("it is not over yet in China", param_hint="--day")
    folder = archive / f"{start:%Y-%m-%d}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with ChatClient.from_env(rate_limiter=RateLimiter()) as client:
            sys.exit(export(client, folder, start, now))
    except (ChatError, OSError) as error:
        click.echo(error, err=True)
        sys.exit(LATER if may_pass(error) else 1)


def export(client: ChatClient, folder: Path, start: datetime, now: datetime) -> int:
    """Fetch what `folder` lacks of the day that begins at `start`; return the exit code.

    Raises ChatError for what would happen to all files.
    """
    outcomes: Counter[Outcome] = Counter()
    for hour in (start + number * HOUR for number in range(24)):
        for kind in KINDS:
            target = folder / f"{kind}-{hour:%H}.jsonl"
            if target.exists():
                continue
            try:
                outcome = fetch(client, kind, hour, target, now)
            except DownloadError as error:
                click.echo(f"{target}: {error}", err=True)
                outcome = "waiting"
            if outcome == "gone":
                click.echo(f"{target}: the service does not keep the file any more", err=True)
            outcomes[outcome] += 1
    click.echo(f"{folder}: " + (", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) or "complete"))
    return 1 if outcomes["gone"] else LATER if outcomes["waiting"] else 0


def fetch(client: ChatClient, kind: Kind, hour: datetime, target: Path, now: datetime) -> Outcome:
    """Fetch an hour into `target`, if there is something to be had. Raises ChatError and DownloadError."""
    try:
        answer = client.operations.export_messages(chat_type=kind, msg_time=f"{hour:%Y%m%d%H}")
    except ChatAPIError as error:
        if error.code == ErrorCode.EXPORT_FILE_EXPIRED:
            return "gone"
        if error.code != ErrorCode.EXPORT_FILE_NOT_FOUND:
            raise
        if now < hour + HOUR + PATIENCE:
            return "waiting"
        save(target, [])
        return "empty"
    save(target, [message for file in answer.file or () for message in download(file)])
    return "saved"


def download(file: ExportMessagesResultFile) -> list[object]:
    """Return the messages in a file of the export. Raises DownloadError.

    The whole file is in memory meanwhile: an hour's messages, or a part of them.
    """
    url = file.url or ""
    if not url.startswith(("https://", "http://")):
        raise DownloadError("the service gave no URL that can be opened")
    try:
        with urlopen(url, timeout=60) as reply:  # noqa: S310
            packed = reply.read()
        check(packed, file.gzip_md5)
        content = gzip.decompress(packed)
        check(content, file.file_md5)
        messages: list[object] = json.loads(content)["MsgList"]
    except (OSError, HTTPException, EOFError, zlib.error, ValueError, KeyError) as error:
        raise DownloadError(f"{type(error).__name__}: {error}") from error
    return messages


def check(content: bytes, checksum: str | None) -> None:
    """Raise DownloadError unless the MD5 sum of `content` is the one that the service names."""
    if md5(content, usedforsecurity=False).hexdigest() != (checksum or "").lower():
        raise DownloadError("it arrived damaged: its MD5 sum is another one")


def save(target: Path, messages: list[object]) -> None:
    """Write messages as JSON lines, all or nothing: what has this name is complete."""
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    with part.open("w", encoding="ascii") as file:
        file.writelines(f"{json.dumps(message)}\n" for message in messages)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


def may_pass(error: Exception) -> bool:
    """Whether the same call may succeed later."""
    if isinstance(error, ChatAPIError):
        return error.retry == "backoff"
    return isinstance(error, TransportError | ResponseError | ThrottledError)


if __name__ == "__main__":
    main()
