"""All that an application remembers."""

from __future__ import annotations

from dataclasses import dataclass, field

from .accounts import Account
from .conversations import Conversations
from .direct_messages import DirectMessages
from .groups.groups import Group
from .ids import Ids
from .message_parts import Desk
from .official_accounts import OfficialAccounts
from .push import Push
from .recent import Recent
from .relations import Relations
from .rooms.calls import Calls
from .rooms.gifts import Gifts
from .rooms.rooms import Rooms
from .settings import Settings


@dataclass(slots=True)
class Memory:
    """The whole of it: plain data, which a snapshot holds as JSON."""

    ids: Ids = field(default_factory=Ids)
    settings: Settings = field(default_factory=Settings)
    accounts: dict[str, Account] = field(default_factory=dict[str, Account])
    """By UserID."""
    relations: Relations = field(default_factory=Relations)
    groups: dict[str, Group] = field(default_factory=dict[str, Group])
    """By GroupId."""
    direct_messages: DirectMessages = field(default_factory=DirectMessages)
    conversations: Conversations = field(default_factory=Conversations)
    official_accounts: OfficialAccounts = field(default_factory=OfficialAccounts)
    push: Push = field(default_factory=Push)
    rooms: Rooms = field(default_factory=Rooms)
    gifts: Gifts = field(default_factory=Gifts)
    calls: Calls = field(default_factory=Calls)
    recent: Recent = field(default_factory=Recent)
    joined_groups: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """GroupIds by UserID, in the order of joining."""
    groups_made: int = 0
    """How many groups there have ever been."""
    groups_created: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    """How many groups somebody has created: by UserID, then by type."""
    desk: Desk = field(default_factory=Desk)
