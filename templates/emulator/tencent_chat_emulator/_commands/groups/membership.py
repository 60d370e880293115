"""Coming into groups and going out of them, as far as the memory is concerned."""

from __future__ import annotations

from collections.abc import Iterable

from ..._memory.groups.groups import Group, Member
from ..._memory.memory import Memory


def enter(memory: Memory, group: Group, member: Member) -> None:
    """Make somebody who is no member one. Who left muted is muted still."""
    member.muted_until = group.muted_leavers.pop(member.user_id, member.muted_until)
    group.members[member.user_id] = member
    memory.joined_groups.setdefault(member.user_id, []).append(group.id)


def leave(memory: Memory, group: Group, user_id: str, now: int) -> None:
    """Take a member out of its group, which has no owner then if that was the owner. `now` is in Unix seconds."""
    member = group.members.pop(user_id)
    memory.joined_groups[user_id].remove(group.id)
    if not memory.joined_groups[user_id]:
        del memory.joined_groups[user_id]
    if member.muted_until > now:
        group.muted_leavers[user_id] = member.muted_until
    if group.owner == user_id:
        group.owner = ""


def disband(memory: Memory, group: Group) -> None:
    """Forget a group, with everything in it."""
    for user_id in group.members:
        memory.joined_groups[user_id].remove(group.id)
        if not memory.joined_groups[user_id]:
            del memory.joined_groups[user_id]
    del memory.groups[group.id]


def room_for(group: Group) -> int | None:
    """Return how many more members the group can take; None for any number."""
    return max(0, group.max_members - len(group.members)) if group.max_members else None


def groups_joined(memory: Memory, user_id: str) -> Iterable[Group]:
    """Return the groups that somebody is in, in the order of joining."""
    return (memory.groups[group_id] for group_id in memory.joined_groups.get(user_id, ()))
