"""Groups and their members."""

from __future__ import annotations

from dataclasses import dataclass, field

from .messages import History
from .permission_groups import PermissionGroup
from .topics import Topic


@dataclass(slots=True)
class Member:
    """A member of a group."""

    user_id: str
    role: str = "Member"
    """Owner, Admin or Member."""
    joined: int = 0
    """Unix seconds."""
    muted_until: int = 0
    """Unix seconds."""
    name_card: str = ""
    msg_flag: str = "AcceptAndNotify"
    """How it receives messages: AcceptAndNotify, AcceptNotNotify or Discard."""
    read_seq: int = 0
    """Sequence number of the last message that it has read."""
    custom: dict[str, str] = field(default_factory=dict[str, str])
    last_sent: int = 0
    """When it last sent a message, in Unix seconds."""
    marks: list[int] = field(default_factory=list[int])
    """Only in an AVChatRoom."""
    number: int = 0
    """Grows with every member that comes into the group; lists are read on after it."""


@dataclass(slots=True)
class Group:
    """A group of any type."""

    id: str
    type: str
    """Public, Private (Work), ChatRoom (Meeting), AVChatRoom or Community, in the spelling of answers."""
    name: str = ""
    owner: str = ""
    """Empty for a group without an owner."""
    created: int = 0
    """Unix seconds."""
    introduction: str = ""
    notification: str = ""
    face_url: str = ""
    max_members: int = 0
    """0 for no limit."""
    apply_join: str = "NeedPermission"
    invite_join: str = ""
    """Empty where the type has no such option."""
    is_muted: bool = False
    """Whether ordinary members may not send."""
    supports_topics: bool = False
    custom: dict[str, str] = field(default_factory=dict[str, str])
    members: dict[str, Member] = field(default_factory=dict[str, Member])
    """By UserID, in the order of joining. Those of an AVChatRoom are the online ones."""
    banned: dict[str, int] = field(default_factory=dict[str, int])
    """Until when accounts may not come back, in Unix seconds."""
    attributes: dict[str, str] = field(default_factory=dict[str, str])
    counters: dict[str, int] = field(default_factory=dict[str, int])
    history: History = field(default_factory=History)
    topics: dict[str, Topic] = field(default_factory=dict[str, Topic])
    """By TopicId."""
    permission_groups: dict[str, PermissionGroup] = field(
        default_factory=dict[str, PermissionGroup]
    )
    """By ID."""
    info_seq: int = 0
    """Grows with every change of the profile."""
    info_changed: int = 0
    """When the profile last changed, in Unix seconds."""
    uses_permissions: bool = False
    """Whether permission groups decide what members may do."""
    default_permission: int = 0
    """What every member may do where permission groups decide."""
    muted_leavers: dict[str, int] = field(default_factory=dict[str, int])
    """Until when those who left muted may not send once they are back, in Unix seconds."""
    topic_mutes: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    """Until when accounts may not send in a topic, in Unix seconds: by TopicId, then by UserID."""
    admins: list[str] = field(default_factory=list[str])
    """Administrators of an AVChatRoom, who need not be there."""
    disconnected: dict[str, Member] = field(default_factory=dict[str, Member])
    """Those in an AVChatRoom who lost their connection, by UserID."""
    number: int = 0
    """Grows with every group of the app; lists are read on after it."""
    entered: int = 0
    """How many members have ever come in."""
