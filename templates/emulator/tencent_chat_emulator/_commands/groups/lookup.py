"""What the commands of groups look up first: the group, its members, accounts, and the rules of its type."""

from __future__ import annotations

from dataclasses import dataclass

from ..._core.context import Context, Refused
from ..._memory.accounts import Account
from ..._memory.groups.groups import Group, Member

NOT_FOUND, BAD_ID = 10010, 10015
DENIED = 10007
UNKNOWN_ACCOUNT = 10019
BAD_VALUE = 10004
REJECTED = 10016
MAX_ID_BYTES = 48


@dataclass(frozen=True)
class Rules:
    """What a type of group allows. Of the edition with everything in it."""

    apply_join: str
    """Default of ApplyJoinOption: FreeAccess, NeedPermission or DisableApply."""
    can_change_apply_join: bool
    invite_join: str
    """Default of InviteJoinOption: FreeAccess, NeedPermission or DisableInvite; empty for none."""
    can_be_added: bool
    """Whether administrators of the app add members, and take them out."""
    can_be_muted: bool
    has_admins: bool
    owner_can_leave: bool
    keeps_history: bool
    keeps_members: bool
    """Whether there is a list of members, with a profile of each; else only who is online is known."""
    counts_unread: bool
    msg_flag: str
    """How new members receive messages."""
    default_members: int
    """Most members, unless the group says otherwise; 0 for no limit."""
    most_members: int
    """What a group may say at most; 0 for no limit."""


RULES = {
    "Private": Rules(
        apply_join="DisableApply",
        can_change_apply_join=False,
        invite_join="FreeAccess",
        can_be_added=True,
        can_be_muted=False,
        has_admins=False,
        owner_can_leave=True,
        keeps_history=True,
        keeps_members=True,
        counts_unread=True,
        msg_flag="AcceptAndNotify",
        default_members=2000,
        most_members=6000,
    ),
    "Public": Rules(
        apply_join="NeedPermission",
        can_change_apply_join=True,
        invite_join="DisableInvite",
        can_be_added=True,
        can_be_muted=True,
        has_admins=True,
        owner_can_leave=False,
        keeps_history=True,
        keeps_members=True,
        counts_unread=True,
        msg_flag="AcceptAndNotify",
        default_members=2000,
        most_members=6000,
    ),
    "ChatRoom": Rules(
        apply_join="FreeAccess",
        can_change_apply_join=True,
        invite_join="DisableInvite",
        can_be_added=True,
        can_be_muted=True,
        has_admins=True,
        owner_can_leave=False,
        keeps_history=True,
        keeps_members=True,
        counts_unread=False,
        msg_flag="AcceptNotNotify",
        default_members=2000,
        most_members=6000,
    ),
    "AVChatRoom": Rules(
        apply_join="FreeAccess",
        can_change_apply_join=True,
        invite_join="",
        can_be_added=False,
        can_be_muted=True,
        has_admins=False,
        owner_can_leave=False,
        keeps_history=False,
        keeps_members=False,
        counts_unread=False,
        msg_flag="AcceptNotNotify",
        default_members=0,
        most_members=0,
    ),
    "Community": Rules(
        apply_join="FreeAccess",
        can_change_apply_join=False,
        invite_join="FreeAccess",
        can_be_added=True,
        can_be_muted=True,
        has_admins=True,
        owner_can_leave=False,
        keeps_history=True,
        keeps_members=True,
        counts_unread=True,
        msg_flag="AcceptAndNotify",
        default_members=100_000,
        most_members=100_000,
    ),
}
"""By type, in the spelling of answers."""

_NEWER_NAMES = {"Work": "Private", "Meeting": "ChatRoom"}


def type_in_answers(name: str) -> str:
    """Return the type as answers and `RULES` spell it: Work is Private there, Meeting ChatRoom."""
    return _NEWER_NAMES.get(name, name)


def rules_of(group: Group) -> Rules:
    """Return what the type of `group` allows."""
    return RULES[group.type]


def group_of(call: Context, group_id: str | None = None) -> Group:
    """Return the group with that ID, or else the one that GroupId names.

    Refused with 10015 where no group can have the ID, with 10010 where none has it.
    """
    name: str = call.body["GroupId"] if group_id is None else group_id
    group = call.memory.groups.get(name)
    if group is not None:
        return group
    if not can_be_id(name) and BAD_ID in call.command.errors:
        raise Refused(BAD_ID, f"The group ID {name!r} is malformed.")
    raise Refused(NOT_FOUND, f"There is no group {name}.")


def member_of(call: Context, group: Group, user_id: str) -> Member:
    """Return the member. Refused with 10019 for an unknown account, with 10007 for one that is no member."""
    member = group.members.get(user_id)
    if member is None:
        account_of(call, user_id)
        raise Refused(DENIED, f"The account {user_id} is no member of the group {group.id}.")
    return member


def account_of(call: Context, user_id: str) -> Account:
    """Return the account. Refused with 10019 for one that was never imported."""
    account = call.memory.accounts.get(user_id)
    if account is None:
        raise Refused(UNKNOWN_ACCOUNT, f"The account {user_id} does not exist.")
    return account


def can_be_id(name: str) -> bool:
    """Whether a group can have that ID: printable ASCII, not too long."""
    return name.isascii() and name.isprintable() and 0 < len(name) <= MAX_ID_BYTES


def room_in(group: Group) -> int | None:
    """Return how many more members the group can take; None for any number."""
    return max(0, group.max_members - len(group.members)) if group.max_members else None
