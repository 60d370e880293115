"""Friends, blocklists and follows."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_FRIENDS = 3000
MAX_LISTS = 32
MAX_REQUESTS = 100
MAX_BLOCKED = 1000
MAX_FOLLOWING = 5000


@dataclass(slots=True)
class Friend:
    """What a user's contacts hold about a friend."""

    added: int
    """Unix seconds."""
    source: str = ""
    """`AddSource_Type_Android`; empty where nothing was said."""
    wording: str = ""
    """Words of the friend request."""
    remark: str = ""
    lists: list[str] = field(default_factory=list[str])
    """Names of the friend lists that hold the friend."""
    custom: dict[str, str | int] = field(default_factory=dict[str, str | int])
    """Values by tag: `Tag_SNS_Custom_Test`."""


@dataclass(slots=True)
class Follow:
    """That one account follows another."""

    since: int
    """Unix seconds."""
    number: int
    """Grows from one follow of the app to the next."""


@dataclass(slots=True)
class Contacts:
    """The relations of one account. Other accounts stand in it by UserID, in the order in which they came."""

    friends: dict[str, Friend] = field(default_factory=dict[str, Friend])
    friend_of: dict[str, None] = field(default_factory=dict[str, None])
    """Who has the account as a friend."""
    lists: list[str] = field(default_factory=list[str])
    """Names of the friend lists, empty ones too."""
    requests: dict[str, Friend] = field(default_factory=dict[str, Friend])
    """Friend requests that wait, by who is to answer, with what the contacts will hold then."""
    requested_by: dict[str, None] = field(default_factory=dict[str, None])
    """Whose requests the account is to answer."""
    blocked: dict[str, int] = field(default_factory=dict[str, int])
    """Since when, in Unix seconds."""
    blocked_by: dict[str, None] = field(default_factory=dict[str, None])
    following: dict[str, Follow] = field(default_factory=dict[str, Follow])
    followers: dict[str, Follow] = field(default_factory=dict[str, Follow])
    standard_sequence: int = 0
    """Grows with every change of friends and of their standard fields."""
    custom_sequence: int = 0
    """Grows with every change of the app's own fields of friends."""
    list_sequence: int = 0
    """Grows with every change of the friend lists."""
    block_sequence: int = 0
    """Grows with every change of the blocklist."""


@dataclass(slots=True)
class Relations:
    """Of all accounts."""

    contacts: dict[str, Contacts] = field(default_factory=dict[str, Contacts])
    """By UserID; absent while there are none. `of` adds them, `seen` only looks."""
    follows: int = 0
    """How many follows there ever were."""

    def of(self, user_id: str) -> Contacts:
        """Return the relations of an account, to be changed."""
        return self.contacts.setdefault(user_id, Contacts())

    def seen(self, user_id: str) -> Contacts:
        """Return the relations of an account, to be looked at."""
        return self.contacts.get(user_id) or Contacts()

    def is_friend(self, user_id: str, other: str) -> bool:
        """Whether `user_id` has `other` as a friend; the reverse may not hold."""
        return other in self.seen(user_id).friends

    def has_blocked(self, user_id: str, other: str) -> bool:
        """Whether `other` is on the blocklist of `user_id`."""
        return other in self.seen(user_id).blocked

    def befriend(self, user_id: str, other: str, friend: Friend) -> None:
        """Put `other` among the friends of `user_id`, in place of what is there."""
        mine = self.of(user_id)
        mine.friends[other] = friend
        mine.standard_sequence += 1
        mine.custom_sequence += bool(friend.custom)
        self.add_lists(user_id, friend.lists)
        self.of(other).friend_of[user_id] = None
        self.withdraw(user_id, other)

    def unfriend(self, user_id: str, other: str) -> None:
        """Take `other` off the friends of `user_id`."""
        mine = self.of(user_id)
        friend = mine.friends.pop(other)
        mine.standard_sequence += 1
        mine.custom_sequence += bool(friend.custom)
        del self.of(other).friend_of[user_id]

    def add_lists(self, user_id: str, names: list[str]) -> None:
        """Add those friend lists that are not there."""
        mine = self.of(user_id)
        new = [name for name in dict.fromkeys(names) if name not in mine.lists]
        mine.lists += new
        mine.list_sequence += bool(new)

    def request(self, user_id: str, other: str, friend: Friend) -> None:
        """Let a friend request of `user_id` wait for the answer of `other`, in place of an earlier one."""
        self.of(user_id).requests[other] = friend
        self.of(other).requested_by[user_id] = None

    def withdraw(self, user_id: str, other: str) -> None:
        """Drop the friend request of `user_id` to `other`, if there is one."""
        if other in self.seen(user_id).requests:
            del self.of(user_id).requests[other]
            del self.of(other).requested_by[user_id]

    def block(self, user_id: str, other: str, now: int) -> None:
        """Put `other` on the blocklist of `user_id`, which ends friendships and friend requests between them."""
        mine = self.of(user_id)
        mine.blocked[other] = now
        mine.block_sequence += 1
        self.of(other).blocked_by[user_id] = None
        for one, another in ((user_id, other), (other, user_id)):
            self.withdraw(one, another)
            if self.is_friend(one, another):
                self.unfriend(one, another)

    def unblock(self, user_id: str, other: str) -> None:
        """Take `other` off the blocklist of `user_id`."""
        mine = self.of(user_id)
        del mine.blocked[other]
        mine.block_sequence += 1
        del self.of(other).blocked_by[user_id]

    def follow(self, user_id: str, other: str, now: int) -> None:
        """Let `user_id` follow `other`."""
        self.follows += 1
        follow = Follow(now, self.follows)
        self.of(user_id).following[other] = self.of(other).followers[user_id] = follow

    def unfollow(self, user_id: str, other: str) -> None:
        """Let `user_id` no longer follow `other`."""
        del self.of(user_id).following[other]
        del self.of(other).followers[user_id]

    def forget(self, user_id: str) -> None:
        """Drop all relations of an account, on both sides."""
        mine = self.contacts.get(user_id)
        if mine is None:
            return
        for other in list(mine.friends):
            self.unfriend(user_id, other)
        for other in list(mine.friend_of):
            self.unfriend(other, user_id)
        for other in list(mine.requests):
            self.withdraw(user_id, other)
        for other in list(mine.requested_by):
            self.withdraw(other, user_id)
        for other in list(mine.blocked):
            self.unblock(user_id, other)
        for other in list(mine.blocked_by):
            self.unblock(other, user_id)
        for other in list(mine.following):
            self.unfollow(user_id, other)
        for other in list(mine.followers):
            self.unfollow(other, user_id)
        del self.contacts[user_id]
