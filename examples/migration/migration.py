r"""Moves users, groups and their members to Tencent Cloud Chat, from three CSV files in a folder.

    $ export TENCENT_CHAT_SDKAPPID=1400000000 TENCENT_CHAT_SECRET_KEY=... TENCENT_CHAT_REGION=singapore
    $ python migration.py old-chat --dry-run
    $ python migration.py old-chat

    users.csv      user_id, nick, face_url, motto
    groups.csv     group_id, type, name, owner_account, introduction, create_time
    members.csv    group_id, member_account, role, join_time

Cells that are not needed may be empty, their columns left out. Times are written as `2021-03-04T09:30:00+01:00`.

All files are checked before anything is sent; what is wrong is told with file and line. Run it again to go on after
an interruption or a failure: `migration.done` in the folder has what is done, and is not done again. What fails is
reported in `failures.csv`. It exits with 0 when all is moved, 1 when something is wrong or failed, 2 when the
arguments are wrong.

To try it on the emulator, start `tencent-chat-emulator --port 8099`; in another terminal:

    $ export TENCENT_CHAT_SDKAPPID=1400000000 TENCENT_CHAT_SECRET_KEY=emulator-secret-key-that-opens-nothing
    $ export TENCENT_CHAT_BASE_URL=http://127.0.0.1:8099
    $ mkdir -p old-chat
    $ printf 'user_id,nick\nann,Ann\nbob,Bob\n' > old-chat/users.csv
    $ printf 'group_id,type,name,owner_account\nreaders,Public,Readers,ann\n' > old-chat/groups.csv
    $ printf 'group_id,member_account,role\nreaders,bob,Admin\n' > old-chat/members.csv
    $ python migration.py old-chat
    $ python -m tencent_chat call groups.list_members '{"GroupId": "readers"}'
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO

import click
from plan import PROFILE, Plan, Row, read_plan
from rich.console import Console
from rich.progress import Progress

from tencent_chat import BatchItem, ChatClient, ChatError, RateLimiter, Response
from tencent_chat.models import ImportGroupMembersMember

CALLS_AT_A_TIME = 8


class Migration:
    """Moves what a plan says, and passes over what `done` has. What needs something that failed waits for the next run.

    All that is sent may be sent twice, so that a run which breaks off does no harm.
    """

    def __init__(self, client: ChatClient, done: TextIO, progress: Progress) -> None:
        self.failures: list[tuple[str, str, str]] = []
        """Place, name and reason of each."""
        self._client = client
        self._progress = progress
        self._file = done
        done.seek(0)
        text = done.read()
        # A crash may have left half a line.
        whole = text[: text.rfind("\n") + 1]
        done.truncate(len(whole.encode()))
        self._done = set(whole.split("\n"))

    def run(self, plan: Plan) -> None:
        """Move everything. Raises ChatError when no call gets through."""
        # Changes nothing, and fails where all others would: wrong credentials, no network.
        self._client.accounts.check(check_item=[{"UserID": self._client.identifier}])
        users = self._due("account", plan.users)
        self._send(
            "account", [users[start : start + 100] for start in range(0, len(users), 100)], self._import_accounts
        )
        profiles = [row for row in self._due("profile", plan.users) if PROFILE.keys() & row.cells.keys()]
        self._send("profile", [[row] for row in profiles if f"account {row.name}" in self._done], self._set_profile)
        self._send("group", [[row] for row in self._due("group", plan.groups)], self._import_group)
        members: dict[str, list[Row]] = {}
        for row in self._due("member", plan.members):
            if f"group {row.cells['group_id']}" in self._done:
                members.setdefault(row.cells["group_id"], []).append(row)
        self._send("member", list(members.values()), self._import_members)

    def _due(self, kind: str, rows: list[Row]) -> list[Row]:
        return [row for row in rows if f"{kind} {row.name}" not in self._done]

    def _send(self, kind: str, parts: list[list[Row]], send: Callable[[list[Row]], list[str]]) -> None:
        """Call `send` with each part; it returns why each row failed, an empty text for one that did not."""
        task = self._progress.add_task(f"{kind}s", total=sum(map(len, parts)))
        pool = ThreadPoolExecutor(CALLS_AT_A_TIME)
        try:
            for rows, reasons in zip(parts, pool.map(send, parts), strict=True):
                for row, reason in zip(rows, reasons, strict=True):
                    if reason:
                        self.failures.append((row.place, row.name, f"{kind}: {reason}"))
                    else:
                        self._done.add(f"{kind} {row.name}")
                        self._file.write(f"{kind} {row.name}\n")
                self._file.flush()
                self._progress.advance(task, len(rows))
        finally:
            # Ctrl-C does not wait for what has not begun.
            pool.shutdown(cancel_futures=True)

    def _import_accounts(self, rows: list[Row]) -> list[str]:
        return reasons(self._client.accounts.import_accounts_many(accounts=[row.name for row in rows]))

    def _set_profile(self, rows: list[Row]) -> list[str]:
        (row,) = rows
        items = [{"Tag": tag, "Value": row.cells[column]} for column, tag in PROFILE.items() if column in row.cells]
        try:
            self._client.profiles.update(from_account=row.name, profile_item=items)
        except ChatError as error:
            return [first_line(error)]
        return [""]

    def _import_group(self, rows: list[Row]) -> list[str]:
        (row,) = rows
        try:
            self._client.groups.import_group(**row.cells)
        except ChatError as error:
            # Made by a run before, or by this call, whose answer did not arrive: what counts is that it is there.
            return [""] if self._is_there(row) else [first_line(error)]
        return [""]

    def _is_there(self, row: Row) -> bool:
        try:
            answer = self._client.groups.get(group_id_list=[row.name])
        except ChatError:
            return False
        wanted = (row.cells["name"], row.cells.get("owner_account", ""))
        return [(group.name, group.owner_account) for group in answer.group_info or ()] == [wanted]

    def _import_members(self, rows: list[Row]) -> list[str]:
        members = [{name: value for name, value in row.cells.items() if name != "group_id"} for row in rows]
        group_id = rows[0].cells["group_id"]
        return reasons(
            self._client.groups.import_members_many(
                group_id=group_id, member_list=[ImportGroupMembersMember(**member) for member in members]
            )
        )


def reasons(items: Iterable[BatchItem[object, Response]]) -> list[str]:
    """Return why each item failed, an empty text for one that did not."""
    return [
        "" if item.outcome == "done" else " ".join(filter(None, [item.outcome, str(item.code or ""), item.info]))
        for item in items
    ]


def first_line(error: ChatError) -> str:
    return str(error).partition("\n")[0]


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check the files, send nothing.")
def main(folder: Path, dry_run: bool) -> None:
    """Move what the CSV files in FOLDER say."""
    plan, problems = read_plan(folder)
    if problems:
        raise click.ClickException("\n".join([*problems, f"{len(problems)} problems: nothing was sent"]))
    counts = ", ".join(f"{kind} {len(rows)}" for kind, rows in plan._asdict().items())
    if dry_run:
        click.echo(f"{counts}; nothing was sent")
        return
    try:
        with (
            ChatClient.from_env(rate_limiter=RateLimiter()) as client,
            (folder / "migration.done").open("a+", encoding="utf-8") as done,
            Progress(console=Console(stderr=True)) as progress,
        ):
            migration = Migration(client, done, progress)
            migration.run(plan)
        with (folder / "failures.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("place", "name", "reason"), *migration.failures])
    except (ChatError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{counts}; failures {len(migration.failures)}")
    sys.exit(1 if migration.failures else 0)


if __name__ == "__main__":
    main()
