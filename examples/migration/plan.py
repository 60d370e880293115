"""What the files say, and what is wrong with them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from tencent_chat import RequestError
from tencent_chat.models import ImportAccountRequest, ImportGroupMembersMember, ImportGroupRequest, ProfileItem

Cells = dict[str, Any]
PROFILE = {"nick": "Tag_Profile_IM_Nick", "face_url": "Tag_Profile_IM_Image", "motto": "Tag_Profile_IM_SelfSignature"}
GROUP = ("type", "name", "owner_account", "introduction", "create_time")


class Row(NamedTuple):
    """A row of a file."""

    place: str
    """File and line."""
    name: str
    """What it is about: an account, a group, or a group and an account."""
    cells: Cells
    """Without the empty ones; times are `datetime`. The columns are named as the client's arguments are."""


class Plan(NamedTuple):
    """What is to be moved."""

    users: list[Row]
    groups: list[Row]
    members: list[Row]


def read_plan(folder: Path) -> tuple[Plan, list[str]]:
    """Return what the files say, and all that is wrong with them."""
    problems: list[str] = []
    users = read(folder / "users.csv", ("user_id",), (*PROFILE,), check_user, problems)
    groups = read(folder / "groups.csv", ("group_id",), GROUP, check_group, problems)
    members = read(
        folder / "members.csv", ("group_id", "member_account"), ("role", "join_time"), check_member, problems
    )
    accounts, group_ids = {row.name for row in users}, {row.name for row in groups}
    for rows, column, known in (
        (groups, "owner_account", accounts),
        (members, "member_account", accounts),
        (members, "group_id", group_ids),
    ):
        strangers = (row for row in rows if column in row.cells and row.cells[column] not in known)
        problems += [f"{row.place}: {column}: there is no row for {row.cells[column]}" for row in strangers]
    return Plan(users, groups, members), problems


def read(
    path: Path,
    keys: tuple[str, ...],
    others: tuple[str, ...],
    check: Callable[[Cells], Iterator[str]],
    problems: list[str],
) -> list[Row]:
    """Return the rows of a file, which `keys` name; add what is wrong to `problems`."""
    rows: dict[str, Row] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="more cells than columns", restval="")
            if unknown := [name for name in reader.fieldnames or () if name not in (*keys, *others)]:
                problems.append(f"{path.name}:1: nothing is done with the column {' and '.join(unknown)}")
            for texts in reader:
                cells: Cells = {name: text for name, text in texts.items() if name in (*keys, *others) and text}
                found = [f"{name}: is required" for name in keys if name not in cells]
                found += [*parse_times(cells), *check(cells), *(name for name in texts if name == reader.restkey)]
                row = Row(f"{path.name}:{reader.line_num}", " ".join(str(cells.get(name)) for name in keys), cells)
                if cells.keys() >= {*keys} and rows.setdefault(row.name, row) is not row:
                    found.append(f"{row.name} is in {rows[row.name].place} already")
                problems += [f"{row.place}: {text}" for text in dict.fromkeys(found)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problems.append(f"{path}: {error}")
    return list(rows.values())


def parse_times(cells: Cells) -> Iterator[str]:
    """Put `datetime` in the place of texts; yield what is wrong."""
    for column in {"create_time", "join_time"} & cells.keys():
        text = cells.pop(column)
        if time := time_of(text):
            cells[column] = time
        else:
            yield f"{column}: {text!r} is no time such as 2021-03-04T09:30:00+01:00"


def time_of(text: str) -> datetime | None:
    """Return a time with its offset from UTC, None for anything else."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else None


def check_user(cells: Cells) -> Iterator[str]:
    """Yield what is wrong with a row of users.csv, as do the following with theirs."""
    yield from refused(ImportAccountRequest, {"user_id": cells.get("user_id")})
    for column, tag in PROFILE.items():
        if column in cells:
            texts = refused(ProfileItem, {"tag": tag, "value": cells[column]})
            yield from (text.replace("value", column, 1) for text in texts)


def check_group(cells: Cells) -> Iterator[str]:
    return refused(ImportGroupRequest, cells)


def check_member(cells: Cells) -> Iterator[str]:
    return refused(ImportGroupMembersMember, {name: value for name, value in cells.items() if name != "group_id"})


def refused(model: Callable[..., object], cells: Cells) -> Iterator[str]:
    """Yield what the client would not send."""
    try:
        model(**cells)
    except RequestError as error:
        yield from (f"{problem.name}: {problem.text}" for problem in error.problems)
