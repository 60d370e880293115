"""What the commands of permission groups share: whom they are about, and how they answer."""

from __future__ import annotations

from ...._core.context import Context, Refused
from ...._memory.groups.groups import Group
from ...._memory.groups.permission_groups import PermissionGroup
from ..lookup import DENIED, group_of

NO_PERMISSION_GROUP = 110006


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
