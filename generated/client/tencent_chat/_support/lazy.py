"""What is loaded when it is first asked for: the namespaces of a client, the tables of the spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar, cast, overload

from .loading import loading

T = TypeVar("T")
Entry = TypeVar("Entry")


class lazy(Generic[T]):  # noqa: N801 - a decorator
    """A namespace of a client, made when it is first asked for; the function loads its class.

    Asked of the client's class it is that class, so that doubles of `unittest.mock` have the namespace's methods.
    """

    def __init__(self, load_class: Callable[[Any], type[T]]) -> None:
        self.__doc__ = load_class.__doc__
        self._load_class = load_class
        self._name = load_class.__name__

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> type[T]: ...
    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> T: ...
    def __get__(self, instance: Any, owner: type[Any] | None = None) -> type[T] | T:
        with loading():
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
            with loading():
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
