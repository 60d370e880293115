"""What the keywords of two schemas at one place say of a change.

What apps write and what they read is judged apart, and the graver judgement counts where a schema is both:

- Written (requests, replies): taking more is additive, taking less breaks. That goes for types, sets, limits and
  patterns, all of which the client checks before it sends.
- Read (answers, events): a type that may now be something else breaks, since code that reads it did not expect it; one
  that is fewer things is additive. Sets are open there and limits are not checked, so that a new value is additive, and
  one that is gone, a limit or a pattern is a text. No field is ever promised, so that `required` is a text as well.
- A set that is a schema of its own is a type that apps name. A value that it loses breaks, wherever it is used.
- What a number stands for (a flag, an instant, a span and its unit) decides about its type in Python, and what it
  means. A time where none was is additive, since numbers still pass; all else about them breaks in both directions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from timgen.language.keywords import instant, is_flag, is_open, prefixes, span
from timgen.language.schema import JsonValue, Schema, type_name, types
from timgen.tools.diff.changes import Level, gravest

LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxContains", "x-max-bytes")
VALUES = ("enum", "x-open", "x-prefixes", "not", "const")
MEANINGS = ("x-flag", "x-time", "x-unit")
TEXTS = ("description", "default", "x-enum-descriptions")
ADVICE = ("deprecated", "x-enum-deprecated")
OTHERS = ("type", "pattern", "contains")
JUDGED = frozenset((*LOWER, *UPPER, *VALUES, *MEANINGS, *TEXTS, *ADVICE, *OTHERS))
"""The keywords that this module knows."""

REFUSED = "requests that go beyond it are refused before they are sent"
UNEXPECTED = "code that reads it does not expect that"


@dataclass(frozen=True)
class Effect:
    """What a difference does to apps that write, or to those that read."""

    level: Level
    words: str = ""
    """Behind the difference itself; empty when that says it."""


@dataclass(frozen=True)
class Difference:
    """What two schemas do not agree in."""

    kind: str
    words: str
    written: Effect | None
    """None where it does not concern what apps write."""
    read: Effect | None

    def effect(self, *, written: bool, read: bool) -> Effect | None:
        """Return the gravest effect on those that are concerned."""
        effects = [e for e, concerned in ((self.written, written), (self.read, read)) if concerned and e]
        level = gravest(effect.level for effect in effects)
        return next((effect for effect in effects if effect.level == level), None)


def both(kind: str, words: str, level: Level, consequence: str = "") -> Difference:
    """Return a difference that does the same to all."""
    effect = Effect(level, consequence)
    return Difference(kind, words, effect, effect)


def shown(value: JsonValue) -> str:
    """Return a value as in JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def texts(old: Schema, new: Schema) -> Iterator[Difference]:
    """Yield what is said of a schema for people alone, also beside a reference."""
    for key, words in (("description", "another description"), ("x-enum-descriptions", "other meanings of its values")):
        if old.get(key) != new.get(key):
            yield both("text", words, "docs")
    if old.get("default") != new.get("default"):
        yield both("default", f"another default: {_move(old, new, 'default')}", "docs")
    yield from _advice(old, new)


def scalars(old: Schema, new: Schema, *, named: bool, field: bool) -> Iterator[Difference]:
    """Yield what two schemas that are no references say of a value, apart from what is inside of it.

    `named`: they are types with a name of their own. `field`: they are fields, which may be absent in what is read.
    """
    if is_flag(old) != is_flag(new):
        words = "a number of 0 and 1 is a yes or no now" if is_flag(new) else "a yes or no is a number now"
        yield both("flag", words, "breaking", "it is of another type in Python")
    else:
        yield from _types(old, new, field=field)
        yield from _values(old, new, named=named)
    yield from _constants(old, new)
    yield from _excluded(old, new)
    yield from _limits(old, new)
    yield from _patterns(old, new)
    yield from _times(old, new)


def _types(old: Schema, new: Schema, *, field: bool) -> Iterator[Difference]:
    before, after = ([type_name(s["const"])] if "const" in s else types(s) for s in (old, new))
    if set(before) == set(after):
        return
    words = f"type: {_types_text(before)} -> {_types_text(after)}"
    written = (
        Effect("additive", "requests may be either")
        if _covers(after, before)
        else Effect("breaking", "requests that are something else are refused")
    )
    known = [*before, "null"] if field and before else before
    read = Effect("additive") if _covers(known, after) else Effect("breaking", UNEXPECTED)
    yield Difference("type", words, written, read)


def _covers(wide: list[str], narrow: list[str]) -> bool:
    """Whether every value of the types `narrow` is one of `wide`; without a name, a type is any."""
    if not wide:
        return True
    return bool(narrow) and all(name in wide or (name == "integer" and "number" in wide) for name in narrow)


def _types_text(names: list[str]) -> str:
    return " or ".join(names) or "any"


def _values(old: Schema, new: Schema, *, named: bool) -> Iterator[Difference]:
    before, after = (cast(list[JsonValue], schema.get("enum", [])) for schema in (old, new))
    closes = bool(after) and not is_open(new)
    if not before and not after:
        return
    if not before or not after:
        words = "a set of values where any was" if after else "any value where a set of them was"
        yield Difference(
            "set-added" if after else "set-removed",
            words,
            Effect("breaking", "requests with other values are refused") if closes else Effect("additive"),
            Effect("additive"),
        )
        return
    if closes and is_open(old):
        yield Difference("set-closed", "the set is closed now", Effect("breaking", REFUSED), Effect("docs"))
    elif is_open(old) != is_open(new):
        yield Difference("set-opened", "the set is open now", Effect("additive"), Effect("docs"))
    elif old.get("x-open") != new.get("x-open"):
        yield both("text", "another reason why the set is open", "docs")
    for value in _without(before, after):
        if isinstance(value, str) and value.startswith(prefixes(new)):
            continue
        gone = Effect("docs")
        type_lost = Effect("breaking", "the type no longer has it") if named else gone
        refused = Effect("breaking", "requests with it are refused") if closes else type_lost
        yield Difference("value-removed", f"the value {shown(value)} is gone", refused, type_lost)
    for value in _without(after, before):
        yield both("value-added", f"a new value: {shown(value)}", "additive")
    for text in prefixes(old):
        if text not in prefixes(new):
            refused = Effect("breaking", REFUSED) if closes else Effect("docs")
            yield Difference("value-removed", f"values that begin with {shown(text)} are gone", refused, Effect("docs"))
    for text in prefixes(new):
        if text not in prefixes(old):
            yield both("value-added", f"new values: those that begin with {shown(text)}", "additive")


def _without(values: list[JsonValue], others: list[JsonValue]) -> list[JsonValue]:
    # True is no 1 here.
    known = {(type(value), value) for value in others}
    return [value for value in values if (type(value), value) not in known]


def _constants(old: Schema, new: Schema) -> Iterator[Difference]:
    if old.get("const") == new.get("const") and ("const" in old) == ("const" in new):
        return
    words = f"the constant value: {_move(old, new, 'const')}"
    if "const" not in new:
        yield Difference("constant", words, Effect("additive"), Effect("breaking", UNEXPECTED))
    elif "const" not in old:
        yield Difference("constant", words, Effect("breaking", REFUSED), Effect("additive"))
    else:
        yield both("constant", words, "breaking", "the former value is refused, and no longer sent")


def _excluded(old: Schema, new: Schema) -> Iterator[Difference]:
    before, after = (
        cast(list[JsonValue], cast(Schema, schema.get("not", {})).get("enum", [])) for schema in (old, new)
    )
    # Another member of the union takes them in.
    for value in _without(after, before):
        yield both("kind-known", f"{shown(value)} is a kind of its own now", "additive")
    for value in _without(before, after):
        yield both("kind-unknown", f"{shown(value)} is no kind of its own any longer", "additive")
    if not before and not after:
        return
    if is_open(old) != is_open(new):
        closed = Effect("breaking", "requests with other kinds are refused")
        words = "other kinds may be sent now" if is_open(new) else "other kinds may no longer be sent"
        yield Difference(
            "set-opened" if is_open(new) else "set-closed",
            words,
            Effect("additive") if is_open(new) else closed,
            Effect("docs"),
        )
    elif old.get("x-open") != new.get("x-open"):
        yield both("text", "another reason why the set is open", "docs")


def _limits(old: Schema, new: Schema) -> Iterator[Difference]:
    for key in (*LOWER, *UPPER):
        before, after = (cast("float | None", schema.get(key)) for schema in (old, new))
        if before == after:
            continue
        tighter = after is not None and (before is None or (after > before if key in LOWER else after < before))
        written = Effect("breaking", REFUSED) if tighter else Effect("additive")
        kind = "limit-tightened" if tighter else "limit-loosened"
        yield Difference(kind, f"{key}: {_move(old, new, key)}", written, Effect("docs"))
    if old.get("contains") != new.get("contains"):
        written = Effect("breaking", REFUSED) if "contains" in new else Effect("additive")
        yield Difference("contains", "another rule of how many items there may be", written, Effect("docs"))


def _patterns(old: Schema, new: Schema) -> Iterator[Difference]:
    if old.get("pattern") != new.get("pattern"):
        written = Effect("breaking", REFUSED) if "pattern" in new else Effect("additive")
        yield Difference("pattern", f"pattern: {_move(old, new, 'pattern')}", written, Effect("docs"))


def _times(old: Schema, new: Schema) -> Iterator[Difference]:
    before, after = instant(old), instant(new)
    if before != after:
        words = f"a time: {before or 'none'} -> {after or 'none'}"
        if before is None:
            yield both("time", words, "additive", "a datetime is taken, and offered in answers")
        else:
            lost = "the same number is another time" if after else "a datetime is no longer taken or offered"
            yield both("time", words, "breaking", lost)
    if old.get("x-unit") == new.get("x-unit"):
        return
    words = f"unit: {_move(old, new, 'x-unit')}"
    if "x-unit" in old and "x-unit" in new:
        yield both("unit", words, "breaking", "the same number is another amount")
    elif span(new):
        yield both("unit", words, "additive", "a timedelta is taken, and offered in answers")
    elif span(old):
        yield both("unit", words, "breaking", "a timedelta is no longer taken or offered")
    else:
        yield both("unit", words, "docs")


def _advice(old: Schema, new: Schema) -> Iterator[Difference]:
    yield from advice(old.get("deprecated"), new.get("deprecated"), "it")
    before, after = (cast(Mapping[str, object], schema.get("x-enum-deprecated", {})) for schema in (old, new))
    for value in sorted({*before, *after}):
        yield from advice(before.get(value), after.get(value), f"the value {value}")


def advice(old: object, new: object, what: str) -> Iterator[Difference]:
    """Yield what differs between two entries `deprecated`, in the spec's form; None where there is none."""
    if old == new:
        return
    if isinstance(new, Mapping) and old is None:
        use = cast(Mapping[str, object], new).get("use")
        yield both("deprecated", f"{what} is deprecated now: {use}", "additive")
    elif new is None:
        yield both("deprecated", f"{what} is no longer deprecated", "additive")
    else:
        yield both("text", f"another advice what to use instead of {what}", "docs")


def _move(old: Schema, new: Schema, key: str) -> str:
    """Return the values of a keyword before and after."""
    return " -> ".join(shown(schema[key]) if key in schema else "none" for schema in (old, new))
