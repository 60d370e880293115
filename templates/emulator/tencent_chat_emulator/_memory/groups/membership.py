"""Groups come and go, and members come into them and out of them."""

from __future__ import annotations

from ..memory import Memory
from .groups import Group, Member


def found(memory: Memory, group: Group) -> None:
    """Remember a new group."""
    memory.groups_made += 1
    group.number = memory.groups_made
    memory.groups[group.id] = group


def disband(memory: Memory, group: Group) -> None:
    """Forget a group, with everything in it."""
    for user_id in group.members:
        _forget(memory, group, user_id)
    del memory.groups[group.id]


def enter(memory: Memory, group: Group, member: Member) -> None:
    """Make somebody who is no member one. Who left muted is muted still."""
    group.entered += 1
    member.number = group.entered
    member.muted_until = group.muted_leavers.pop(member.user_id, member.muted_until)
    group.members[member.user_id] = member
    memory.joined_groups.setdefault(member.user_id, []).append(group.id)


def leave(memory: Memory, group: Group, user_id: str, now: int) -> None:
    """Take a member out of its group, which has no owner then if that was the owner. `now` is in Unix seconds.

    An AVChatRoom keeps its owner, who need not be there.
    """
    member = group.members.pop(user_id)
    _forget(memory, group, user_id)
    if member.muted_until > now:
        group.muted_leavers[user_id] = member.muted_until
    for permission_group in group.permission_groups.values():
        permission_group.members.pop(user_id, None)
    if group.owner == user_id and group.type != "AVChatRoom":
        group.owner = ""


def forget_account(memory: Memory, user_id: str) -> None:
    """Take a deleted account out of all its groups."""
    for group_id in list(memory.joined_groups.get(user_id, ())):
        group = memory.groups[group_id]
        leave(memory, group, user_id, now=0)
        group.muted_leavers.pop(user_id, None)
    memory.groups_created.pop(user_id, None)


def _forget(memory: Memory, group: Group, user_id: str) -> None:
    joined = memory.joined_groups[user_id]
    joined.remove(group.id)
    if not joined:
        del memory.joined_groups[user_id]
