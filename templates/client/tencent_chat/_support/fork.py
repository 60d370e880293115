"""Objects with locks or sockets that a forked child process must not share with its parent."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class Resettable(Protocol):
    def reset_after_fork(self) -> None:
        """Drop what belongs to the parent process; runs in the child before anything else does."""
        ...


_live: WeakSet[Resettable] = WeakSet()


def watch(thing: Resettable) -> None:
    """Have `thing` reset in every child process forked from now on, while it is alive."""
    _live.add(thing)


def _reset_all() -> None:
    for thing in list(_live):
        thing.reset_after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_all)
