"""Finding commands by words, names and error codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from math import log

from tencent_chat import COMMANDS, ErrorCode
from tencent_chat.commands import Command, named

from .pages import page

# What a word counts for by the place where it stands.
_IN_NAMES, _IN_SUMMARY, _IN_FIELDS, _IN_TEXTS = 4.0, 3.0, 1.5, 1.0
# Of a word that only begins like the one that is looked for.
_BEGINS_ALIKE = 0.6
_SHORTEST_BEGINNING = 4
_OUTDATED = 0.5
# What is asked with, but not for.
_EMPTY = frozenset(["a", "an", "are", "how", "in", "is", "of", "the", "to", "what", "which", "who"])
# Of the best score; what has less is left out.
_NEAR = 0.4
# Of two commands that share the same words with a query, the one with the shorter name is meant.
_EVERY_NAME = 12

_NAME = re.compile("[A-Za-z0-9_]+")
_PART = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def find(query: str) -> list[Command]:
    """Return what fits `query`, the best first: the command that is called so, those whose pages name the error code,
    else those that share words with it."""
    exact = named(query.strip())
    if exact:
        return [exact]
    code = error_code(query)
    if code is not None:
        return [command for command in COMMANDS.values() if code in command.errors]
    wanted = set(_words(query)) - _EMPTY
    scores = {
        path: _score(wanted, known) / (_EVERY_NAME + len(COMMANDS[path].method.split("_")))
        for path, known in _index().items()
    }
    least = _NEAR * max(scores.values())
    near = [path for path, score in scores.items() if score > 0 and score >= least]
    return [COMMANDS[path] for path in sorted(near, key=lambda path: (-scores[path], path))]


def error_code(text: str) -> ErrorCode | None:
    """Return the code with this number or name."""
    text = text.strip()
    if re.fullmatch("-?[0-9]{1,9}", text):
        return next((code for code in ErrorCode if code == int(text)), None)
    return ErrorCode.__members__.get(text.upper().removeprefix("ERRORCODE."))


def _score(wanted: set[str], known: Mapping[str, float]) -> float:
    total = sum(_rarity(word) * _worth(word, known) for word in wanted)
    return total * (_OUTDATED if "deprecated" in known else 1)


def _worth(word: str, known: Mapping[str, float]) -> float:
    if word in known:
        return known[word]
    if len(word) < _SHORTEST_BEGINNING:
        return 0
    alike = [
        worth
        for other, worth in known.items()
        if other.startswith(word) or _is_beginning(other, word)
    ]
    return _BEGINS_ALIKE * max(alike, default=0)


def _is_beginning(part: str, word: str) -> bool:
    return len(part) >= _SHORTEST_BEGINNING and word.startswith(part)


@cache
def _rarity(word: str) -> float:
    having = sum(_worth(word, known) > 0 for known in _index().values())
    return log((len(COMMANDS) + 1) / (having + 1))


@cache
def _index() -> dict[str, dict[str, float]]:
    """Return what each word counts for, by path."""
    found: dict[str, dict[str, float]] = {}
    for path, command in COMMANDS.items():
        worth: dict[str, float] = {}
        for text, weight in _texts(command):
            for word in _words(text):
                worth[word] = max(weight, worth.get(word, 0))
        found[path] = worth
    return found


def _texts(command: Command) -> Iterator[tuple[str, float]]:
    more = page(command.path)
    yield f"{command.method} {command.path}", _IN_NAMES
    yield command.summary, _IN_SUMMARY
    for line in (*more.request, *more.answer):
        name, _, meaning = line.partition(":")
        yield name, _IN_FIELDS
        yield meaning, _IN_TEXTS
    yield more.description, _IN_TEXTS
    if command.deprecated:
        yield "deprecated", _IN_TEXTS


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text in the singular; of a name like MsgLifeTime also what it is made of."""
    for name in _NAME.findall(text):
        for word in {name, *_PART.findall(name)}:
            lower = word.lower()
            yield lower.removesuffix("s") if len(lower) >= _SHORTEST_BEGINNING else lower
