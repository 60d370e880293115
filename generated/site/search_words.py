"""The words that stand, not shown, beside the titles in the index of the search."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_VOCABULARY = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text("utf-8"))
_WORDS: Mapping[str, str] = _VOCABULARY["words"]
_PAGES: Mapping[str, str] = _VOCABULARY["pages"]

FILLING = ("with", "for", "from", "in", "of", "the", "to", "an")
"""Words that tell nothing; they stand before all commands alike, for those who type whole sentences."""

_TRANSLATED = ("commands/", "namespaces/")
"""Folders whose pages are found by what others say for their words."""
_SEAM = re.compile(r"[._/\s]+|(?<=[a-z])(?=[A-Z])")


def chosen(page: str, title: str) -> list[str]:
    """Return what the vocabulary holds for a page."""
    return _once(_PAGES.get(page, "").split(), title)


def telling(page: str, name: str, other: str, summary: str) -> list[str]:
    """Return the words of a page besides its names `name` and `other`, each once, those first that tell most."""
    inside = name.rpartition(".")[2]
    command = other.partition("/")[2] or other
    words = [
        *_PAGES.get(page, "").split(),
        *_SEAM.split(inside),
        *summary.split(),
        *_SEAM.split(name),
    ]
    if page.startswith(_TRANSLATED):
        words += [same for word in words for same in _same(_bare(word))]
    whole = [part for part in (inside, command) if part not in (name, other)]
    return [*_once([*words, *_SEAM.split(command)], name), *whole]


def hidden(words: Sequence[str]) -> str:
    """Return HTML that the search reads and nobody sees."""
    return f'<span hidden="hidden"> {html.escape(" ".join(words))} </span>' if words else ""


def _same(word: str) -> list[str]:
    return (_WORDS.get(word) or _WORDS.get(word.removesuffix("s"), "")).split()


def _bare(word: str) -> str:
    return word.lower().strip(",.;:()")


def _once(words: Iterable[str], title: str) -> list[str]:
    """Return the words that tell something and do not begin a word that is there, or in the title."""
    found: list[str] = []
    shown = [*FILLING, *(_bare(word) for word in title.split())]
    for word in map(_bare, words):
        if not word or any(other.startswith(word) for other in (*shown, *found)):
            continue
        shorter = next((place for place, other in enumerate(found) if word.startswith(other)), None)
        if shorter is None:
            found.append(word)
        else:
            found[shorter] = word
    return found
