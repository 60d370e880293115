"""Error codes and their kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from timgen.modelling.model.advice import Deprecated
from timgen.modelling.model.bodies import Location


@dataclass(frozen=True)
class ErrorCode:
    """A code of the error table, with its general meaning."""

    code: int
    """As in answers."""
    name: str
    """In capitals: `INVALID_JSON`."""
    message: str
    """What happened, in one sentence."""
    fix: str
    """What to do about it, in one sentence."""
    category: str
    """Name of its category."""
    exception: str
    """The class of its category."""
    retry: str
    """never, backoff or resign."""
    editions: tuple[str, ...]
    """Editions of the common table that name it; empty for other codes."""
    services: Mapping[str, Meaning]
    """Meanings where they differ, by service; sorted."""
    commands: tuple[str, ...]
    """Paths of the commands whose pages name it, sorted."""
    deprecated: Deprecated | None
    """None while the service answers with it."""
    successor: int | None
    """The code with which it answers in its place, where there is one."""
    location: Location
    """Where it stands."""
    area: str | None = None
    """Name of its area; None where the spec has no areas."""

    @property
    def alone(self) -> ErrorCode:
        """The same without `commands`, and at line 1: what does not change with other codes and commands."""
        return replace(self, commands=(), location=replace(self.location, line=1))

    def meaning(self, service: str) -> Meaning:
        """Return the meaning in `service`, which is the general one for most codes."""
        return self.services.get(service) or Meaning(self.message, self.fix, self.category, self.exception, self.retry)


@dataclass(frozen=True)
class Meaning:
    """What an error code says in one place, and what to do."""

    message: str
    """What happened, in one sentence."""
    fix: str
    """What to do about it, in one sentence."""
    category: str
    """Name of its category."""
    exception: str
    """The class of its category."""
    retry: str
    """never, backoff or resign."""


@dataclass(frozen=True)
class Category:
    """A kind of errors, with an exception class of its own."""

    name: str
    """`rate_limit`."""
    exception: str
    """`RateLimitError`."""
    summary: str
    """When it is raised, without a full stop."""
    has_unknown_outcome: bool
    """Whether a call that is refused so may have taken effect all the same."""
    is_about_credentials: bool
    """Whether it is who calls that was refused, whatever the call."""


@dataclass(frozen=True)
class ErrorArea:
    """A part of the product whose codes are next to each other."""

    name: str
    """`groups`."""
    title: str
    """A noun: `Groups and topics`."""
    errors: tuple[ErrorCode, ...]
    """Sorted by code."""
