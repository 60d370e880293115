"""An app that is served: its memory, its clock, what it received, and how a call of it is answered."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from .._catalogue.catalogue import Catalogue, Command, Json
from .._checks.checks import Accepted, Credentials
from .._memory.accounts import Account
from .._memory.ids import Ids
from .._memory.memory import Memory
from .._webhooks.deliveries import Deliveries
from ..faults import Faults
from .behaviours import Behaviour
from .carrying import documented, failed, recent_key, succeeded
from .clock import Clock
from .context import Context, Refused, Verdict, VerdictNeeded
from .rate_limits import RateLimits
from .records import Call

MAX_CALLS = 10_000
"""Calls remembered; older ones are forgotten, so that a service that runs for days does not grow."""

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

    @property
    def succeeded(self) -> bool:
        return self.body.get("ErrorCode") == 0


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
        self._behaviours = behaviours
        self._seed = seed
        self._limits = RateLimits(catalogue) if limits else None
        self._own: dict[str, _Own] = {}
        self.memory = self._fresh()

    def reset(self) -> None:
        """Forget everything: what calls did, the calls themselves, faults and answers of one's own, webhooks sent."""
        self.memory = self._fresh()
        self.faults.clear()
        self._own.clear()
        self.received.clear()
        self.webhooks.receiver = None
        self.webhooks.done.clear()
        if self._limits:
            self._limits.clear()

    def answer(self, command: str, answer: OwnAnswer, times: int | None) -> None:
        """Answer `command` with `answer`, the next `times` times or for good."""
        self._own[command] = _Own(answer, times)

    async def respond(self, call: Accepted) -> Answered:
        """Carry out a call that passed every check."""
        command = call.command
        if self._limits and (code := self._limits.refusal(command, self.clock.now())):
            return self._refusal(command, Refused(code))
        if own := self._own_answer(command.path, call.body):
            return Answered(succeeded(self.catalogue, command, own), "answered by hand")
        found = self._behaviours.get(command.path)
        if found is None:
            return Answered(documented(command, call.body), "OK, as in the example")
        key = recent_key(command, call.body)
        known = None if key is None else self.memory.recent.answer(key, self.clock.now())
        if known is not None:
            return Answered(known, "OK, the same as before", modelled=True)
        answered = await self._carry_out(found, call)
        if key is not None and command.dedupe is not None and answered.succeeded:
            self.memory.recent.keep(key, answered.body, self.clock.now(), command.dedupe.window)
        return answered

    async def _carry_out(self, behaviour: Behaviour, call: Accepted) -> Answered:
        verdicts: tuple[Verdict, ...] = ()
        while True:
            now, drawn = self.clock.now(), self.memory.ids.drawn
            context = Context(
                self.memory,
                self.catalogue,
                call.command,
                call.identifier,
                call.body,
                now,
                verdicts,
                self.credentials.sdkappid,
            )
            try:
                answer = behaviour.carry(context)
            except VerdictNeeded as question:
                # What is drawn after the receiver was asked is what it was asked about.
                self.memory.ids.drawn = drawn
                verdicts = (*verdicts, await self.webhooks.ask(question.event))
            except Refused as refusal:
                return replace(self._refusal(call.command, refusal), modelled=True)
            else:
                self.webhooks.tell(context.told)
                return Answered(
                    succeeded(self.catalogue, call.command, answer), "OK", modelled=True
                )

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
