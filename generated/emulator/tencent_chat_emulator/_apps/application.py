"""An app that is served: its memory, its clock, what it received, and how a call of it is answered."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Any, TypeAlias

from .._catalogue.catalogue import Catalogue, Command, Json
from .._checks.checks import Accepted, Credentials
from .._core.behaviours import DEVICES, Behaviour, acts
from .._core.carrying import documented, failed, recent_key, succeeded
from .._core.context import Context, Passed, Refused, Verdict, VerdictNeeded
from .._memory.accounts import Account
from .._memory.ids import Ids
from .._memory.memory import Memory
from .._webhooks.deliveries import Deliveries
from ..faults import Faults
from .clock import Clock
from .rate_limits import RateLimits
from .records import Call
from .snapshots import read, take

MAX_CALLS = 10_000
"""Calls remembered; older ones are forgotten, so that a service that runs for days does not grow."""

MAX_FILES = 1000

OwnAnswer: TypeAlias = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""A body, or a function from the body received to the one answered."""


@dataclass(eq=False)
class _Own:
    answer: OwnAnswer
    times: int | None


@dataclass(frozen=True)
class Answered:
    """What a call is answered with, before faults."""

    body: Json
    outcome: str
    """In a few words, for the log."""
    modelled: bool = False


def _nobody(_webhook: str) -> bool:
    return False


def _never(_what: str, _most: int) -> bool:
    return False


def _act(path: str) -> Command:
    """Return what stands in for a command where a user does something on a device."""
    return Command(path, "", "", frozenset(), (), None, (), {}, ())


class Application:
    """All of one app. Its methods run on the event loop of the server."""

    def __init__(
        self,
        catalogue: Catalogue,
        behaviours: Mapping[str, Behaviour],
        credentials: Credentials,
        *,
        seed: int,
        now: float | None,
        limits: bool,
    ) -> None:
        self.catalogue = catalogue
        self.credentials = credentials
        self.clock = Clock(now)
        self.faults = Faults()
        self.webhooks = Deliveries(catalogue, credentials.sdkappid)
        self.received: deque[Call] = deque(maxlen=MAX_CALLS)
        self.files: dict[str, bytes] = {}
        """What can be downloaded, by name; at most the last MAX_FILES."""
        self._behaviours = behaviours
        self._seed = seed
        self._limits = RateLimits(catalogue) if limits else None
        self._own: dict[str, _Own] = {}
        self._write: Callable[[Json], None] = lambda _entry: None
        self.memory = self._fresh()

    def write_to(self, write: Callable[[Json], None]) -> None:
        """Hand every change of the memory to `write` from now on, before it is answered."""
        self._write = write

    def snapshot(self) -> Json:
        """Return what is remembered, as JSON."""
        return take(self.memory, self.clock.ahead)

    def restore(self, snapshot: Json) -> None:
        """Remember what a snapshot holds, and nothing else. Raises ValueError for what is none."""
        self.memory, self.clock.ahead = read(snapshot)
        self._write({"restore": snapshot})

    def advance(self, seconds: float) -> None:
        """Move the clock on. Raises ValueError for less than nothing."""
        self.clock.advance(seconds)
        self._write({"advance": seconds})

    def reset(self) -> None:
        """Forget everything: what calls did, the calls themselves, faults and answers of one's own, webhooks sent."""
        self.memory = self._fresh()
        self._write({"reset": True})
        self.faults.clear()
        self._own.clear()
        self.received.clear()
        self.files.clear()
        self.webhooks.forget()
        if self._limits:
            self._limits.clear()

    def check_command(self, command: str) -> None:
        """Raise ValueError for a command that the catalogue lacks."""
        if self.catalogue.command(command) is None:
            raise ValueError(
                f"unknown command {command!r}: use service/command, as in openim/sendmsg"
            )

    def answer(self, command: str, answer: OwnAnswer, times: int | None) -> None:
        """Answer `command` with `answer`, the next `times` times or for good."""
        self._own[command] = _Own(answer, times)

    async def respond(self, call: Accepted, downloads: str) -> Answered:
        """Answer a call that passed every check. Files that it names are found below the URL `downloads`."""
        command = call.command
        if self._limits and (code := self._limits.refusal(command, self.clock.now())):
            return self._refusal(command, Refused(code))
        if (own := self._own_answer(command.path, call.body)) is not None:
            return Answered(succeeded(self.catalogue, command, own), "answered by hand")
        found = self._behaviours.get(command.path)
        if found is None:
            return Answered(documented(command, call.body), "OK, as in the example")
        return await self._carry_out(found, command, call.identifier, call.body, downloads)

    async def act(self, name: str, user_id: str, order: Json) -> Json:
        """Let a user do something on a device; return what it leads to.

        Raises ValueError for what cannot be done.
        """
        found = self._found(f"{DEVICES}/{name}")
        if found is None:
            raise ValueError(f"unknown act {name!r}: use {' or '.join(acts())}")
        return (await self._carry_out(*found, user_id, order)).body

    async def _carry_out(
        self,
        behaviour: Behaviour,
        command: Command,
        identifier: str,
        body: Json,
        downloads: str = "",
    ) -> Answered:
        verdicts: list[Verdict] = []
        while True:
            made = self._attempt(
                behaviour,
                command,
                identifier,
                body,
                self.clock.now(),
                verdicts,
                downloads=downloads,
            )
            if isinstance(made, Answered):
                return made
            verdict = await self.webhooks.ask(made.event)
            try:
                made.obey(verdict)
            except (Refused, Passed) as end:
                return self._ended(command, end)
            verdicts.append(verdict)

    def _found(self, path: str) -> tuple[Behaviour, Command] | None:
        """Return how a command, or an act of a user, is carried out."""
        service, _, name = path.partition("/")
        if service == DEVICES and name in acts():
            return Behaviour(path, acts()[name], reads=False, guesses=()), _act(path)
        behaviour, command = self._behaviours.get(path), self.catalogue.command(path)
        return (behaviour, command) if behaviour and command else None

    def replay(self, entry: Json) -> None:
        """Let happen again what the journal holds. Raises ValueError for what the emulator does not know."""
        match entry:
            case {"call": path, "as": identifier, "body": body, "at": at, "verdicts": given}:
                found = self._found(path)
                if found is None:
                    raise ValueError(f"{path} is no command that the emulator carries out")
                verdicts = [Verdict(**verdict) for verdict in given]
                self._attempt(*found, identifier, body, at, verdicts, again=True)
            case {"advance": seconds}:
                self.clock.advance(seconds)
            case {"reset": True}:
                self.memory = self._fresh()
            case {"restore": snapshot}:
                self.memory, self.clock.ahead = read(snapshot)
            case _:
                raise ValueError(f"no entry of the emulator's state: {', '.join(entry)}")

    def _attempt(
        self,
        behaviour: Behaviour,
        command: Command,
        identifier: str,
        body: Json,
        now: float,
        verdicts: Sequence[Verdict],
        *,
        downloads: str = "",
        again: bool = False,
    ) -> Answered | VerdictNeeded:
        """Carry out a call, as a whole or not at all; return whose verdict is needed first.

        `again`: it was carried out before, with all verdicts; nobody is told.
        """
        recent, key = self.memory.recent, recent_key(command, body)
        if key is not None and (known := recent.answer(key, now)) is not None:
            return Answered(known, "OK, the same as before", modelled=True)
        drawn = self.memory.ids.drawn
        asks = _nobody if again else self.webhooks.wants
        limits = None if again else self._limits
        exceeds = partial(limits.exceeds, now) if limits else _never
        context = Context(
            self.memory,
            self.catalogue,
            command,
            identifier,
            body,
            now,
            asks,
            verdicts,
            self.credentials.sdkappid,
            exceeds,
            partial(self._publish, downloads),
        )
        try:
            fields = behaviour.carry(context)
        except VerdictNeeded as question:
            # What is drawn once the receiver was asked is what it was asked about.
            self.memory.ids.drawn = drawn
            return question
        except Refused as refusal:
            self.memory.ids.drawn = drawn
            if not again:
                self.webhooks.tell(context.always_told)
            return self._ended(command, refusal)
        except Passed as passed:
            self.webhooks.tell(context.told)
            return self._ended(command, passed)
        answer = succeeded(self.catalogue, command, fields)
        if key is not None and command.dedupe is not None:
            recent.keep(key, answer, now, command.dedupe.window)
        if not again:
            if not behaviour.reads:
                given = [asdict(verdict) for verdict in verdicts]
                self._write(
                    {
                        "call": command.path,
                        "as": identifier,
                        "body": body,
                        "at": now,
                        "verdicts": given,
                    }
                )
            self.webhooks.tell(context.told)
        return Answered(answer, "OK", modelled=True)

    def _publish(self, downloads: str, content: bytes) -> str:
        name = sha256(content).hexdigest()
        self.files.pop(name, None)
        self.files[name] = content
        if len(self.files) > MAX_FILES:
            del self.files[next(iter(self.files))]
        return f"{downloads}{name}?sdkappid={self.credentials.sdkappid}"

    def _ended(self, command: Command, end: Refused | Passed) -> Answered:
        if isinstance(end, Refused):
            return replace(self._refusal(command, end), modelled=True)
        answer = succeeded(self.catalogue, command, end.fields)
        return Answered(answer, "OK, and nothing done", modelled=True)

    def _refusal(self, command: Command, refused: Refused) -> Answered:
        body = failed(self.catalogue, command.path, refused.code, refused.info, refused.fields)
        return Answered(body, f"{refused.code} {body['ErrorInfo']}")

    def _own_answer(self, command: str, body: Json) -> Mapping[str, Any] | None:
        own = self._own.get(command)
        if own is None:
            return None
        if own.times is not None:
            own.times -= 1
            if not own.times:
                del self._own[command]
        return own.answer(body) if callable(own.answer) else own.answer

    def _fresh(self) -> Memory:
        now = int(self.clock.now())
        accounts = {name: Account(name, now) for name in self.credentials.administrators}
        return Memory(Ids(self._seed), accounts=accounts)
