"""What the commands of permission groups share: whom they are about, and how they answer."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from ...._core.context import Context, Refused
from ...._memory.groups.groups import Group
from ...._memory.groups.permission_groups import PermissionGroup
from ..lookup import BAD_VALUE, DENIED, group_of

NO_PERMISSION_GROUP = 110006

T = TypeVar("T")


def community_of(call: Context) -> Group:
    """Return the community that GroupId names. Refused with 10007 for a group of another type."""
    group = group_of(call)
    if group.type != "Community":
        raise Refused(DENIED, f"A group of type {group.type} has no permission groups.")
    return group


def permission_group_of(call: Context, group: Group) -> PermissionGroup:
    """Return the permission group that PermissionGroupId names. Refused with 110006 where there is none."""
    found = group.permission_groups.get(call.body["PermissionGroupId"])
    if found is None:
        raise Refused(NO_PERMISSION_GROUP)
    return found


def outcome(call: Context, code: int = 0) -> dict[str, int | str]:
    """Return the fields of an item in an answer that say what became of it."""
    reason = call.catalogue.message(call.command.service, code) if code else ""
    return {"ErrorCode": code, "ErrorInfo": reason}


def page_of(call: Context, numbered: Iterable[tuple[int, T]], largest: int) -> tuple[list[T], str]:
    """Return those of a page, by Limit and Next of the request, and with what to read on; empty after the last page.

    `numbered` grow. What comes or goes between two pages does not move the others. Refused with 10004.
    """
    start: str = call.body.get("Next") or "0"
    size: int = call.body.get("Limit", largest)
    if not (start.isascii() and start.isdigit()):
        raise Refused(BAD_VALUE, "Next: is of no earlier answer")
    if size < 1:
        raise Refused(BAD_VALUE, f"Limit: {size} is less than 1")
    behind = (entry for entry in numbered if entry[0] > int(start))
    page = list(islice(behind, size + 1))
    further = str(page[size - 1][0]) if len(page) > size else ""
    return [item for _, item in page[:size]], further
