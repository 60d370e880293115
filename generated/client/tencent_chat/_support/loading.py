"""Loading modules when they are first needed.

A child process that is forked while another thread imports a module finds that module locked, and
waits for ever when it needs it. So what this package loads late is loaded under a lock of its own,
which a fork waits for. What pydantic's compiled part needs it makes when it first comes to it, under
locks that are not Python's, so it is called under the same lock.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from types import ModuleType
from typing import Any, Generic, TypeVar, cast, overload

T = TypeVar("T")
Entry = TypeVar("Entry")

PACKAGE = __name__.removesuffix("._support.loading")
"""Name of this package, which an app may keep inside of its own."""

# Of a program that forks while it imports what a thread of ours waits for; better a fork than none.
_LONGEST_WAIT = 10.0
_FOR_CALLS = (
    "_calls.call",
    "_calls.preparing",
    "models.envelope",
    "usersig",
)

_lock = threading.RLock()
_held = 0
_loaded_for_calls = False
_is_before_logging = False


def unforked() -> AbstractContextManager[object]:
    """Let no other thread fork the process meanwhile."""
    return _lock


def load(name: str, package: str | None) -> ModuleType:
    """Return the module that the relative `name` stands for inside `package`."""
    with unforked():
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
    with unforked():
        for name in _FOR_CALLS:
            import_module(f"{PACKAGE}.{name}")
        # Looking up a host name loads this codec.
        "".encode("idna")
        _loaded_for_calls = True


class lazy(Generic[T]):  # noqa: N801 - a decorator
    """A namespace of a client, made when it is first asked for; the function loads its class.

    Asked of the client's class it is that class, so that doubles of `unittest.mock` have the namespace's methods.
    """

    def __init__(self, load_class: Callable[[Any], type[T]]) -> None:
        self.__doc__ = load_class.__doc__
        self._load_class = load_class
        self._name: str = cast(Any, load_class).__name__

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> type[T]: ...
    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> T: ...
    def __get__(self, instance: Any, owner: type[Any] | None = None) -> type[T] | T:
        with unforked():
            made: Any = self._load_class(instance)
            if instance is None:
                return cast("type[T]", made)
            # Another thread may have been quicker.
            return cast(T, instance.__dict__.setdefault(self._name, made(instance._caller)))


class Catalogue(Mapping[str, Entry]):
    """Entries by name, sorted. The KeyError for an unknown name says which ones are similar."""

    def __init__(self, noun: str, load: Callable[[], Mapping[str, Entry]]) -> None:
        self._noun = noun
        self._load = load
        self._loaded: Mapping[str, Entry] | None = None

    def find(self, name: str) -> Entry | None:
        """Return the entry `name`, None when there is none."""
        return self._entries().get(name)

    def _entries(self) -> Mapping[str, Entry]:
        if self._loaded is None:
            with unforked():
                # Another thread may have been quicker.
                if self._loaded is None:
                    self._loaded = self._load()
        return self._loaded

    def __getitem__(self, name: str) -> Entry:
        entries = self._entries()
        if name in entries:
            return entries[name]
        from difflib import get_close_matches

        close = get_close_matches(str(name), entries, n=3)
        raise KeyError(f"{name}; did you mean {', '.join(close)}?" if close else name)

    def __contains__(self, name: object) -> bool:
        return name in self._entries()

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries())

    def __len__(self) -> int:
        return len(self._entries())

    def __repr__(self) -> str:
        return f"<{len(self)} {self._noun}>"


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
