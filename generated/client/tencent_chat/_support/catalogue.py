"""Mappings of what the spec holds, loaded when they are first asked for something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

Entry = TypeVar("Entry")


class Catalogue(Mapping[str, Entry]):
    """Entries by name, sorted. The KeyError for an unknown name says which ones are similar."""

    def __init__(self, noun: str, load: Callable[[], Mapping[str, Entry]]) -> None:
        self._noun = noun
        self._load = load

    def __getitem__(self, name: str) -> Entry:
        entries = self._load()
        if name in entries:
            return entries[name]
        from difflib import get_close_matches

        close = get_close_matches(str(name), entries, n=3)
        raise KeyError(f"{name}; did you mean {', '.join(close)}?" if close else name)

    def __contains__(self, name: object) -> bool:
        return name in self._load()

    def __iter__(self) -> Iterator[str]:
        return iter(self._load())

    def __len__(self) -> int:
        return len(self._load())

    def __repr__(self) -> str:
        return f"<{len(self)} {self._noun}>"
