"""Samples: JSON the way the vendor writes it.

Pages show comments, missing and trailing commas, `...` for what is left out and typographic quotes.
Parsers of JSON5 refuse most of that, so this reads as much as can be read.
"""

from __future__ import annotations

import json
import math
import re
from contextlib import suppress
from typing import cast

from timgen.language.schema import JsonValue

_SKIPPED = re.compile(r"(?:[\s\ufeff]+|//[^\n]*|/\*.*?\*/|#[^\n]*)+", re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|“([^”\n]*)”|\'((?:[^\'\\\n]|\\.)*)\'')
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![\w.])")
_ELISION = re.compile(r"\.{2,}|…+|。{2,}")
_WORD = re.compile(r"[^\s,，:：{}\[\]\"“”]+")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS: dict[str, JsonValue] = {"true": True, "false": False, "null": None}
_MAX_DEPTH = 60


class SampleError(Exception):
    """A sample that is no JSON object."""


class _ElidedError(Exception):
    """A value that the sample leaves out."""


def parse_objects(text: str) -> list[dict[str, JsonValue]]:
    """Return the JSON objects that `text` holds one after the other.

    Values that the sample leaves out are left out. Raises SampleError when something else stands there.
    """
    reader = _Reader(text)
    found: list[dict[str, JsonValue]] = []
    reader.skip()
    while reader.position < len(text):
        if reader.peek() != "{":
            raise SampleError("no JSON object")
        with suppress(_ElidedError):
            found.append(cast(dict[str, JsonValue], reader.value(0)))
        reader.skip()
    if not found:
        raise SampleError("no JSON object")
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def skip(self) -> None:
        if match := _SKIPPED.match(self.text, self.position):
            self.position = match.end()

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def value(self, depth: int) -> JsonValue:
        if depth > _MAX_DEPTH:
            raise SampleError(f"nested more than {_MAX_DEPTH} levels deep")
        char = self.peek()
        if char == "{":
            return self._object(depth)
        if char == "[":
            return self._list(depth)
        if match := _STRING.match(self.text, self.position):
            self.position = match.end()
            return _string(match)
        if match := _NUMBER.match(self.text, self.position):
            self.position = match.end()
            return _number(match[0])
        if match := _WORD.match(self.text, self.position):
            self.position = match.end()
            if match[0].lower() in _WORDS:
                return _WORDS[match[0].lower()]
            raise _ElidedError
        raise SampleError("a value is missing")

    def _object(self, depth: int) -> dict[str, JsonValue]:
        result: dict[str, JsonValue] = {}
        has_elision = False
        self.position += 1
        while not self._closes("}"):
            match = _STRING.match(self.text, self.position) or _WORD.match(self.text, self.position)
            if match is None:
                raise SampleError("a key is missing")
            self.position = match.end()
            if _ELISION.match(match[0]):
                has_elision = True
                continue
            key = _string(match) if match.re is _STRING else match[0]
            self.skip()
            if self.peek() not in (":", "："):
                raise SampleError(f"no value for {key}")
            self.position += 1
            self.skip()
            try:
                result[key] = self.value(depth + 1)
            except _ElidedError:
                continue
        if has_elision and not result:
            raise _ElidedError
        return result

    def _list(self, depth: int) -> list[JsonValue]:
        result: list[JsonValue] = []
        self.position += 1
        while not self._closes("]"):
            try:
                result.append(self.value(depth + 1))
            except _ElidedError:
                continue
        return result

    def _closes(self, bracket: str) -> bool:
        """Pass over commas; with the closing bracket, pass over that and tell so."""
        self.skip()
        while self.peek() in (",", "，", ";") and self.position < len(self.text):
            self.position += 1
            self.skip()
        if not self.peek():
            raise SampleError(f"`{bracket}` is missing")
        if self.peek() == bracket:
            self.position += 1
            return True
        return False


def _string(match: re.Match[str]) -> str:
    text = next(group for group in match.groups() if group is not None)
    if match[1] is not None:
        try:
            text = str(json.loads(f'"{text}"', strict=False))
        except ValueError:
            # An escape that JSON lacks; the text stands as the page shows it.
            return text
    return _LONE_SURROGATE.sub("\ufffd", text)


def _number(text: str) -> JsonValue:
    if re.fullmatch(r"-?[0-9]{1,40}", text):
        return int(text)
    number = float(text)
    if not math.isfinite(number):
        raise _ElidedError
    return number
