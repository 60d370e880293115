"""Kept: what earlier runs worked out of single files of commands and webhooks, a text for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from timgen.reading.inputs import Inputs
from timgen.reading.shelf import Shelf

COMMON = ""
"""Stands for the common files alone, in place of a file of a command or a webhook."""


@dataclass(frozen=True)
class Kept:
    """Texts of one kind. Each depends on its file, api.yaml and the shared schemas alone, and so does its key.

    That of the common files depends on errors.yaml as well.
    """

    kind: str
    """What they are of: `outline`."""
    inputs: Inputs
    shelf: Shelf
    known: frozenset[str]
    """The files that are as they were when an earlier run found nothing in them."""
    is_still: bool = True
    """Whether files are as they were when the inputs were read, so that what is made of them may be kept."""

    def take(self) -> dict[str, str]:
        """Return what is kept, by file."""
        wanted = [COMMON, *sorted(self.known)] if self.known else []
        files = {self._key(file): file for file in wanted}
        return {files[key]: text for key, text in self.shelf.take(files).items()}

    def put(self, texts: Mapping[str, str]) -> None:
        """Keep texts, by file, at the next `save` of the shelf."""
        if self.is_still:
            self.shelf.put({self._key(file): text for file, text in texts.items()})

    def _key(self, file: str) -> str:
        return self.inputs.common_part_key(self.kind) if file == COMMON else self.inputs.part_key(self.kind, file)


def as_text(value: object) -> str:
    """Return what was kept as a text. Raises TypeError for what somebody else put there, as the others do."""
    if not isinstance(value, str):
        raise TypeError
    return value


def as_list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return cast(list[object], value)


def as_texts(value: object) -> tuple[str, ...]:
    return tuple(map(as_text, as_list(value)))


def as_names(value: object) -> dict[str, str]:
    """Return what was kept as texts by name."""
    if not isinstance(value, dict):
        raise TypeError
    return {name: as_text(text) for name, text in cast(dict[str, object], value).items()}
