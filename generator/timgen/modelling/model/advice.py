"""Advice against what is there still, and what to use instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Replacement:
    """The command to use in place of a deprecated one."""

    path: str
    """`service/command`."""
    method: str
    """`namespace.function`."""
    file: str
    """Its file in the spec."""


@dataclass(frozen=True)
class Deprecated:
    """That something is no longer to be used, and what to use instead."""

    since: str | None
    """A date; None where the vendor names none."""
    use: str
    """An imperative without a full stop: `use query_online_status`."""
    replacement: Replacement | None
    """The command that `use` names, if it names one."""

    @property
    def as_written(self) -> Mapping[str, str]:
        """By its keys in the spec; `use` in words, also where that has a code."""
        return {**({"since": self.since} if self.since else {}), "use": self.use}

    @property
    def text(self) -> str:
        """For people: `Deprecated since 2021-12-31: use query_online_status (client.accounts.query_online_status)`."""
        since = f" since {self.since}" if self.since else ""
        method = f"client.{self.replacement.method}" if self.replacement else ""
        return f"Deprecated{since}: {self.use}" + (f" ({method})" if method and method not in self.use else "")
