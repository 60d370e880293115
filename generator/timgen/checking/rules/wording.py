"""Rules about texts: what the docs print of a keyword, no description says too; what it says alone, nothing checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from timgen.checking.rules.registry import Rule, mapping, shared_schemas
from timgen.language.schema import Schema, reached
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.spec import BodySchema, Spec

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LIMIT = re.compile(
    r"\b(?:(?P<most>at most|up to|(?:no|not) (?:more|longer|greater|larger|higher) than|max(?:imum|\.)?(?: of)?)"
    r"|at least|(?:no|not) (?:less|fewer|shorter) than|min(?:imum|\.)? of)"
    rf"\s+(?P<number>[0-9][0-9,]*|{'|'.join(_WORDS)})\b(?![.,]?[0-9])(?P<unit>[\s-]+[A-Za-z]+)?",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"\b(?:from\s+)?(?P<low>[0-9][0-9,]*)\s+(?:to|and)\s+(?P<high>[0-9][0-9,]*)\b(?![.,]?[0-9])", re.IGNORECASE
)
# What comes right before a limit of something else than the field, or before mere advice.
_OF_OTHERS = re.compile(
    r"\b(?:best|has|have|had|holds?|takes?|fits?|allows?|shows?|returns?|with|in)\s+$", re.IGNORECASE
)
_OF_ITEMS = re.compile(r"\beach(?:\s+of)?\s+$", re.IGNORECASE)
_RATE = re.compile(r"\s+(?:a|an|per|each|every)\s+(?:second|minute|hour|day)\b", re.IGNORECASE)
_SIZES = {"byte": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
_CHARACTERS = ("character", "char")
_MILLISECONDS = {"millisecond": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000}
# Units that no keyword counts in.
_UNCOUNTED = ("letter", "digit", "word", "line", "level", "time", "percent", "week", "month", "year")
# What says by itself which values there are, or leaves it to another schema.
_CLOSED = frozenset({"$ref", "anyOf", "oneOf", "enum", "const", "x-flag"})


@dataclass(frozen=True)
class _Limit:
    """A limit that a text states."""

    text: str
    is_upper: bool
    number: int
    unit: str
    """In lower case and singular; empty when there is none."""
    is_of_items: bool

    @property
    def is_plain(self) -> bool:
        """Whether it is in digits, and in no unit that files and networks are measured in as well."""
        return any(char.isdigit() for char in self.text) and self.unit not in ("kb", "mb", "gb")


def limit_in_words(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a description with a limit that the docs print of a keyword too, or for which there is no keyword."""
    # The client checks the limits of what requests and replies lead to; which of what is shared, all of them decide.
    checked: frozenset[str] | None = None
    for body in spec.unsettled.bodies:
        found = [*_in_body(body, is_checked=body.role in ("request", "reply", "shared"))]
        if found and body.role == "shared":
            if checked is None:
                checked = _checked(spec)
            found = [*_in_body(body, is_checked=str(body.path[0]) in checked)]
        yield from found


def _checked(spec: Spec) -> frozenset[str]:
    """Return the names of the shared schemas that requests and replies lead to."""
    written = (body.schema for body in spec.bodies if body.role in ("request", "reply"))
    return reached(written, shared_schemas(spec))


def _in_body(body: BodySchema, *, is_checked: bool) -> Iterator[Diagnostic]:
    for path, schema in body.parts:
        text = schema.get("description")
        # What a reference leads to has its keywords elsewhere, and nothing is printed of them here.
        if isinstance(text, str) and "$ref" not in schema:
            for found, message, hint in _findings(text, schema, is_checked=is_checked):
                where = (*body.path, *path, "description")
                yield body.document.at(where, "limit-in-words", message, hint, inside=found)


def _findings(text: str, schema: Schema, *, is_checked: bool) -> Iterator[tuple[str, str, str]]:
    """Yield the text of a limit, what is wrong with it, and what to do."""
    missing: dict[tuple[str, str], tuple[float, str]] = {}
    for limit in _limits_in(text):
        owner = mapping(schema.get("items")) if limit.is_of_items else schema
        for keyword, value in _keywords(limit, owner):
            if owner.get(keyword) == value:
                yield _repeated(limit.text, f"{keyword}: {_shown(value)}")
            elif is_checked and limit.is_plain and not owner.keys() & {*_CLOSED, keyword}:
                # Of several that hold in different cases, the widest.
                key = ("a keyword of its items" if limit.is_of_items else "a keyword", keyword)
                widest = max if limit.is_upper else min
                missing[key] = widest(missing.get(key, (value, limit.text)), (value, limit.text))
    for (place, keyword), (value, words) in missing.items():
        yield words, f"`{words}` is a limit that nothing checks", f"state it as {place}: {keyword}: {_shown(value)}"
    for found in _RANGE.finditer(text):
        low, high = _number(found["low"]), _number(found["high"])
        if (schema.get("minimum"), schema.get("maximum")) == (low, high):
            yield _repeated(found[0], f"minimum: {low} and maximum: {high}")


def _repeated(text: str, keywords: str) -> tuple[str, str, str]:
    return text, f"`{text}` stands twice in the docs, which print {keywords}", "leave it out of the description"


def _limits_in(text: str) -> Iterator[_Limit]:
    """Yield the limits that `text` states of its own field, or of each item of its list."""
    for found in _LIMIT.finditer(text):
        before, end = text[: found.start()], found.end("number")
        if _OF_OTHERS.search(before) or _RATE.match(text, found.end()) or _RATE.match(text, end):
            continue
        word = (found["unit"] or "").strip(" \n-").lower()
        unit = word.removesuffix("s")
        is_unit = unit in _SIZES or unit in _CHARACTERS or unit in _MILLISECONDS
        shown = found[0] if is_unit else text[found.start() : end]
        yield _Limit(shown, bool(found["most"]), _number(found["number"]), unit, bool(_OF_ITEMS.search(before)))


def _keywords(limit: _Limit, schema: Schema) -> Iterator[tuple[str, float]]:
    """Yield the keywords that say the same of values of `schema`, by its types, each with its value."""
    given, end = schema.get("type"), "max" if limit.is_upper else "min"
    types = set(cast(list[object], given) if isinstance(given, list) else [given])
    is_number = bool(types & {"integer", "number"})
    unit = str(schema.get("x-unit", "")).removesuffix("s")
    if limit.unit in _SIZES:
        size = limit.number * _SIZES[limit.unit]
        if is_number and unit == "byte":
            yield f"{end}imum", size
        elif limit.is_upper and types & {"string", "array", "object"}:
            yield "x-max-bytes", size
    elif limit.unit in _CHARACTERS:
        if "string" in types:
            yield f"{end}Length", limit.number
    elif limit.unit in _MILLISECONDS:
        if is_number and unit in _MILLISECONDS:
            yield f"{end}imum", limit.number * _MILLISECONDS[limit.unit] / _MILLISECONDS[unit]
    elif limit.unit not in _UNCOUNTED:
        if "array" in types:
            yield f"{end}Items", limit.number
        elif is_number:
            yield f"{end}imum", limit.number


def _number(text: str) -> int:
    word = text.lower()
    return _WORDS.index(word) if word in _WORDS else int(text.replace(",", ""))


def _shown(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else str(value)


RULES = (
    Rule(
        "limit-in-words",
        "a description states a limit that is a keyword, or should be one",
        limit_in_words,
        shown=True,
    ),
)
