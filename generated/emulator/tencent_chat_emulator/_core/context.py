"""What the behaviour of a command gets to see, and what it can say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .._catalogue.catalogue import Catalogue, Command, Json
from .._memory.memory import Memory


class Refused(Exception):
    """The call is answered with an error code, and nothing has changed.

    `info` None stands for what the code means in the command's service. `fields` stand in the answer
    beside the envelope.
    """

    def __init__(self, code: int, info: str | None = None, **fields: object) -> None:
        super().__init__(f"{code} {info}" if info else str(code))
        self.code = code
        self.info = info
        self.fields = fields


class Passed(Exception):
    """The call is answered with success, and yet nothing has changed. `fields` stand in the answer."""

    def __init__(self, **fields: object) -> None:
        super().__init__()
        self.fields = fields


@dataclass(frozen=True)
class Verdict:
    """What the receiver of a webhook decided."""

    webhook: str
    """Whose receiver decided."""
    outcome: str = "allow"
    """allow, reject or drop; allow also when nobody answered in time."""
    code: int = 0
    """Of the reply."""
    info: str = ""
    """Reason in the reply."""
    changes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What else the reply says, by wire name; empty unless allowed."""
    is_proper: bool = True
    """Whether there was a reply in time, and one that the documentation knows."""


Obey: TypeAlias = Callable[[Verdict], None]
"""Ends the call, with Refused or Passed, where a receiver does not allow it."""


def obeying(rejected: int, dropped: Mapping[str, Any] | None = None) -> Obey:
    """Return what ends a call that is not allowed.

    What is rejected is answered with the code `rejected` or with the receiver's own, what is dropped with `dropped`.
    """

    def obey(verdict: Verdict) -> None:
        if verdict.outcome == "reject" and verdict.code == 1:
            raise Refused(rejected)
        if verdict.outcome == "reject":
            raise Refused(verdict.code, verdict.info or None)
        if verdict.outcome == "drop":
            raise Passed(**(dropped or {}))

    return obey


@dataclass(frozen=True)
class Event:
    """A webhook to be sent."""

    command: str
    """`Group.CallbackAfterCreateGroup`."""
    body: Json
    """Without CallbackCommand."""
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    """Parameters beside those that all webhooks have."""


class VerdictNeeded(Exception):
    """The receiver of `event` has to be asked; unless `obey` ends the call, the behaviour is then run again."""

    def __init__(self, event: Event, obey: Obey) -> None:
        super().__init__(event.command)
        self.event = event
        self.obey = obey


class Context:
    """One call that passed every check, and the memory that it works on.

    A behaviour first checks, then asks (`before`), then changes the memory, then tells (`after`): it is run
    again from its start for every receiver that allowed it, so nothing may have changed by then.
    """

    def __init__(
        self,
        memory: Memory,
        catalogue: Catalogue,
        command: Command,
        identifier: str,
        body: Json,
        now: float,
        asks: Callable[[str], bool],
        verdicts: Sequence[Verdict],
        sdkappid: int,
        exceeds: Callable[[str, int], bool],
        publish: Callable[[bytes], str],
    ) -> None:
        self.memory = memory
        self.catalogue = catalogue
        self.command = command
        self.identifier = identifier
        """The administrator who calls."""
        self.body = body
        """What was sent; fits the command's schema. Not to be changed, and to be copied where it is kept."""
        self.now = int(now)
        """Unix seconds on the application's clock."""
        self.now_ms = int(now * 1000)
        """The same in milliseconds."""
        self.sdkappid = sdkappid
        self.told: list[Event] = []
        self.always_told: list[Event] = []
        """Those of `told` that are sent also when the call is refused."""
        self.exceeds = exceeds
        """Counts one more of something in the current second, and says whether that is more than a number of them.

        It never is where rates are not limited. To be called once all receivers were asked.
        """
        self.publish = publish
        """Keeps a file for the caller to download, and returns its URL."""
        self._asks = asks
        self._verdicts = list(verdicts)

    def before(self, command: str, body: Json, obey: Obey, **query: str) -> Verdict:
        """Ask the receiver of webhook `command`, if there is one, whether the call may go on; return how it may.

        `body` is without CallbackCommand. `obey` ends the call at once, whatever has happened since the question.
        """
        if self._verdicts and self._verdicts[0].webhook == command:
            verdict = self._verdicts.pop(0)
            obey(verdict)
            return verdict
        if self._asks(command):
            raise VerdictNeeded(Event(command, body, query), obey)
        return Verdict(command)

    def is_heard(self, command: str) -> bool:
        """Whether somebody receives webhook `command`, for those whose bodies are many."""
        return self._asks(command)

    def after(self, command: str, body: Json, **query: str) -> None:
        """Let webhook `command` be sent, unless the call is refused. `body` is without CallbackCommand."""
        self.told.append(Event(command, body, query))

    def always(self, command: str, body: Json, **query: str) -> None:
        """Let webhook `command` be sent, also when the call is refused. `body` is without CallbackCommand."""
        self.after(command, body, **query)
        self.always_told.append(self.told[-1])
