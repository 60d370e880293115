"""The attempts of a call: the record of each, and what is called for each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["done", "refused", "not_sent", "unknown"]
"""What became of an attempt.

`done`: the service carried the command out. `refused`: it answered with an error. `not_sent`: it
cannot have seen the request. `unknown`: it may have carried the command out; no answer tells.
"""


class Attempt:
    """One attempt of a call: what hooks see, and what exceptions carry. Holds no secret and no body."""

    __slots__ = (
        "base_url",
        "code",
        "command",
        "http_status",
        "identifier",
        "number",
        "outcome",
        "pause",
        "reason",
        "request_id",
        "sdkappid",
        "seconds",
    )

    def __init__(
        self, *, command: str, number: int, base_url: str, sdkappid: int, identifier: str
    ) -> None:
        self.command = command
        """Path of the command: `openim/sendmsg`."""
        self.number = number
        """From 1."""
        self.base_url = base_url
        """Where the request goes."""
        self.sdkappid = sdkappid
        self.identifier = identifier
        """Account that the call is made as."""
        self.outcome: Outcome | None = None
        """None while the attempt is under way, and for one that was given up."""
        self.seconds: float | None = None
        """How long it took."""
        self.code: int | None = None
        """The answer's ErrorCode, 0 on success; None without an answer of the API."""
        self.http_status: int | None = None
        self.request_id: str | None = None
        """The answer's RequestId, which only some services send."""
        self.reason = ""
        """What went wrong, in words of this package."""
        self.pause: float | None = None
        """Seconds until the next attempt, None after the last one."""

    def __repr__(self) -> str:
        return f"<Attempt {self}>"

    def __str__(self) -> str:
        code = f" with code {self.code}" if self.code else ""
        took = "" if self.seconds is None else f" after {self.seconds * 1000:.1f} ms"
        return f"{self.number} at {self.base_url}: {self.outcome or 'under way'}{code}{took}{': ' if self.reason else ''}{self.reason}"


Hook: TypeAlias = Callable[[Attempt], AbstractContextManager[object]]
"""Called for every attempt; what it returns is entered before the attempt and left after it."""
