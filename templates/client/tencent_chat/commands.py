"""The registry of commands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ._support.loading import Catalogue, load_heavy
from ._tables.rows import Batch as Batch
from ._tables.rows import Deprecated as Deprecated
from ._tables.rows import FailureList as FailureList
from ._tables.rows import Paging as Paging
from ._tables.rows import Repeat as Repeat
from ._tables.rows import Repeated as Repeated
from ._tables.rows import Row as Row
from ._tables.rows import SafeIf as SafeIf

if TYPE_CHECKING:
    from .error_codes import ErrorCode
    from .models._base import RequestModel
    from .models.envelope import Response

_SUGGESTIONS = 5


class RateLimit(NamedTuple):
    """A documented limit per SDKAppID."""

    calls: int
    per: str
    """second, minute, hour or day."""
    plan: str | None = None
    """Edition that the limit is for."""
    note: str | None = None


class Command:
    """A command of the API."""

    __slots__ = ("_row",)

    def __init__(self, row: Row) -> None:
        self._row = row

    @property
    def path(self) -> str:
        """Service and command, as in the URL: `openim/sendmsg`."""
        return self._row.path

    @property
    def method(self) -> str:
        """The client's method: `messages.send`."""
        return self._row.method

    @property
    def summary(self) -> str:
        """What it does, as an imperative."""
        return self._row.summary

    @property
    def docs(self) -> str:
        """URL of the vendor's page."""
        return self._row.docs

    @property
    def date(self) -> str:
        """Date of that page: `2023-03-20`."""
        return self._row.date

    @property
    def reads(self) -> bool:
        """Whether it changes nothing: nothing that the service keeps, sends, counts or charges for."""
        return self._row.reads

    @property
    def repeat(self) -> Repeat:
        """May the call be sent again when its outcome is unknown?"""
        return self._row.repeat

    @property
    def dedupe_window(self) -> int:
        """Seconds in which the service drops the same call, 0 when it does not."""
        return self._row.dedupe_window

    @property
    def safe_if(self) -> SafeIf | None:
        """What makes a single call safe although others are not; None where nothing does."""
        return self._row.safe_if

    @property
    def repeated(self) -> tuple[Repeated, ...]:
        """How a call that is sent again says that it was done before; see `Response.done_before`."""
        return self._row.repeated

    def repeat_of(self, body: Mapping[str, object]) -> Repeat:
        """May a call with this `body` be sent again when its outcome is unknown?"""
        condition = self.safe_if
        if condition is not None and bool(body.get(condition.field)) is condition.given:
            return "safe"
        return self.repeat

    def repeated_of(self, body: Mapping[str, object]) -> tuple[Repeated, ...]:
        """How a call with this `body` says, when it is sent again, that it was done before."""
        return tuple(
            entry for entry in self.repeated if not entry.single or _has_one(body.get(entry.single))
        )

    @property
    def paging(self) -> tuple[Paging, ...]:
        """The ways to read its list page by page; empty when it has no pages."""
        return self._row.paging

    @property
    def batch(self) -> Batch | None:
        """The list that has a maximum length, None when none has."""
        return self._row.batch

    @property
    def failures(self) -> tuple[FailureList, ...]:
        """Where an OK answer reports failed items."""
        return self._row.failures

    @property
    def rate_limits(self) -> tuple[RateLimit, ...]:
        """The documented limits per SDKAppID; empty when unknown."""
        return tuple(RateLimit(*limit) for limit in self._row.rate_limits)

    @property
    def rate_limit(self) -> int | None:
        """Calls per second and SDKAppID, None when unknown or given in another way; see `rate_limits`."""
        return next((limit.calls for limit in self.rate_limits if limit.per == "second"), None)

    @property
    def errors(self) -> tuple[ErrorCode, ...]:
        """Codes that the command's page names; the common ones apply beside them."""
        from .error_codes import ErrorCode

        return tuple(ErrorCode(code) for code in self._row.errors)

    @property
    def fill(self) -> tuple[str, ...]:
        """Request fields that the client fills in when they are left out: `MsgRandom`, `MsgList[].Random`."""
        return self._row.fill

    @property
    def rising(self) -> tuple[str, ...]:
        """Those of `fill` that get a number greater than the one before; the others get a random one."""
        return self._row.rising

    @property
    def former(self) -> Mapping[str, str]:
        """Present names of request fields by the former ones, which bodies may have: `MemberList[].ShutUpTime`.

        `*` in a path stands for a name of the app's own. An object that is part of one of its own
        kind has none.
        """
        return self._row.former

    @property
    def deprecated(self) -> Deprecated | None:
        """Since when it is not to be used any more, and what to do instead; None for the others."""
        return self._row.deprecated

    @property
    def aliases(self) -> tuple[str, ...]:
        """Names that its method, and those made of it, had before: `groups.list_all`. They are deprecated."""
        return self._row.aliases

    @property
    def response_class(self) -> tuple[str, str]:
        """Module below `models`, and name, of the class of the answer."""
        return self._row.module, self._row.response_class

    @property
    def request_model(self) -> type[RequestModel]:
        """Class of the request body. Loads it, and pydantic."""
        return _class(self._row.module, self._row.request_class)

    @property
    def response_model(self) -> type[Response]:
        """Class of the answer. Loads it, and pydantic."""
        return _class(self._row.module, self._row.response_class)

    def __repr__(self) -> str:
        return f"<Command {self.path}>"

    def __reduce__(self) -> tuple[object, ...]:
        return _command, (self.path,)


# Any type, because what the registry names is only known when it is loaded.
@cache
def _class(module: str, name: str) -> type[Any]:
    found: type[Any] = getattr(load_heavy(f".models.{module}", __package__), name)
    return found


def _has_one(value: object) -> bool:
    return isinstance(value, list) and len(cast(list[object], value)) == 1


def _by_path() -> Mapping[str, Command]:
    from ._tables.commands import ROWS

    return {path: Command(row) for path, row in ROWS.items()}


COMMANDS = Catalogue("commands", _by_path)
"""The registry: every command of the API by its path."""


def find(path: str) -> Command | None:
    """Return the command at `path`, None for one that the spec lacks."""
    return COMMANDS.find(path) if isinstance(cast(object, path), str) else None


def named(name: str) -> Command | None:
    """Return the command with this path or method, in any case; `client.` before a method is let pass.

    A former name of the method will do.
    """
    wanted = name.lower().removeprefix("client.")
    return next(
        (
            command
            for command in COMMANDS.values()
            if wanted in (command.path.lower(), command.method.lower(), *command.aliases)
        ),
        None,
    )


def similar(name: str) -> list[Command]:
    """Return commands that may have been meant by `name`, the likeliest first."""
    from difflib import SequenceMatcher

    wanted = name.lower().removeprefix("client.")

    def likeness(text: str) -> float:
        text = text.lower()
        parts = (text, text.replace(".", "/").partition("/")[2])
        return max(SequenceMatcher(None, wanted, part).ratio() for part in parts)

    scores = {
        path: max(likeness(path), likeness(command.method)) for path, command in COMMANDS.items()
    }
    best = sorted(scores, key=lambda path: (-scores[path], path))[:_SUGGESTIONS]
    return [COMMANDS[path] for path in best if scores[path] > 0.6]


def _command(path: str) -> Command:
    return COMMANDS[path]
