"""Loading modules when they are first needed.

A child process that is forked while another thread imports a module finds that module locked, and
waits for ever when it needs it. So what this package loads late is loaded under a lock of its own,
which a fork waits for.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

PACKAGE = __name__.removesuffix("._support.loading")
"""Name of this package, which an app may keep inside of its own."""

# Of a program that forks while it imports what a thread of ours waits for; better a fork than none.
_LONGEST_WAIT = 10.0
_FOR_CALLS = (
    "_bodies.body",
    "_bodies.construction",
    "_bodies.former",
    "_bodies.lenient",
    "_calls.call",
    "error_codes",
    "models.envelope",
    "usersig",
)

_lock = threading.RLock()
_held = 0
_loaded_for_calls = False
_is_before_logging = False


@contextmanager
def loading() -> Generator[None]:
    """Let no other thread fork the process while modules are loaded."""
    with _lock:
        yield


def load(name: str, package: str | None) -> ModuleType:
    """Return the module that the relative `name` stands for inside `package`."""
    with loading():
        return import_module(name, package)


def load_heavy(name: str, package: str | None) -> ModuleType:
    """Return a module that loads libraries."""
    come_before_logging()
    return load(name, package)


def load_for_calls() -> None:
    """Load what every call needs, whatever its command."""
    global _loaded_for_calls
    if _loaded_for_calls:
        return
    come_before_logging()
    with loading():
        for name in _FOR_CALLS:
            import_module(f"{PACKAGE}.{name}")
        # Looking up a host name loads this codec.
        "".encode("idna")
        _loaded_for_calls = True


def come_before_logging() -> None:
    """Have a fork wait for the loading of modules before it takes the lock of logging, which they need."""
    global _is_before_logging
    if not _is_before_logging:
        import_module("logging")
        # The handlers that were registered last are called first.
        _register()
        _is_before_logging = True


def _before_fork() -> None:
    global _held
    _held += _lock.acquire(timeout=_LONGEST_WAIT)


def _after_in_parent() -> None:
    global _held
    if _held:
        _held -= 1
        _lock.release()


def _after_in_child() -> None:
    global _lock, _held
    _lock, _held = threading.RLock(), 0


def _register() -> None:
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_before_fork, after_in_parent=_after_in_parent, after_in_child=_after_in_child
        )


_register()
