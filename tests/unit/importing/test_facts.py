"""Facts in the words of tables."""

from __future__ import annotations

import pytest

from timgen.importing.facts import (
    date_of,
    is_conditional,
    is_required,
    limits_of,
    rate_limit_of,
    reply_codes_of,
    types_of,
    unit_of,
    values_of,
)


@pytest.mark.parametrize(
    ("words", "names", "items"),
    [
        ("String", ("string",), ()),
        ("`uint64`", ("integer",), ()),
        ("uint32/string", ("integer", "string"), ()),
        ("Array<Object>", ("array",), ("object",)),
        ("Object Array", ("array",), ("object",)),
        ("Array of String", ("array",), ("string",)),
        ("String[]", ("array",), ("string",)),
        ("字符串", ("string",), ()),
        ("Массив", ("array",), ()),
        ("Bool", ("boolean",), ()),
        ("whatever", (), ()),
        ("", (), ()),
    ],
)
def test_types(words: str, names: tuple[str, ...], items: tuple[str, ...]) -> None:
    found = types_of(words)
    assert (found.names, found.items) == (names, items)


@pytest.mark.parametrize(
    ("words", "required", "conditional"),
    [
        ("Yes", True, False),
        ("Required", True, False),
        ("必填", True, False),
        ("Да", True, False),
        ("No", False, False),
        ("Optional", False, False),
        ("选填", False, False),
        ("Yes (when Type is 1)", False, True),
        ("Required for the first call", False, True),
        ("", False, False),
    ],
)
def test_necessity(words: str, required: bool, conditional: bool) -> None:
    assert (is_required(words), is_conditional(words)) == (required, conditional)


@pytest.mark.parametrize(
    ("text", "kind", "limits"),
    [
        ("It can be up to 1,000 bytes", "string", {"x-max-bytes": 1000}),
        ("Maximum length: 30 bytes", "string", {"x-max-bytes": 30}),
        ("最长 240 字节", "string", {"x-max-bytes": 240}),
        ("no more than 16 characters", "string", {"maxLength": 16}),
        ("up to 30 bytes, at most 40 bytes in Work groups", "string", {}),
        ("Up to 100 users at a time", "array", {"maxItems": 100}),
        ("at most 20 per request", "array", {"maxItems": 20}),
        ("A request cannot hold more than 1,000 accounts.", "array", {"maxItems": 1000}),
        ("accounts, 1 - 500", "array", {"maxItems": 500}),
        ("up to 100 times per second", "array", {}),
        ("each up to 50 bytes", "array", {}),
        ("from 0 to 4294967295", "integer", {"minimum": 0, "maximum": 4294967295}),
        ("a 32-bit unsigned integer", "integer", {"minimum": 0, "maximum": 4294967295}),
        ("value range: 0 - 9", "integer", {"minimum": 0, "maximum": 9}),
        ("chapter 2 - 3", "integer", {}),
    ],
)
def test_limits(text: str, kind: str, limits: dict[str, object]) -> None:
    assert limits_of(text, (kind,)) == limits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("200 calls per second", 200),
        ("100 times/second", 100),
        ("The maximum calling frequency is 200 times per second.", 200),
        ("1 call per second (sibling pages)", 1),
        ("200次/秒", 200),
        ("每秒最多 10 次", 10),
        ("200 раз/с", 200),
        ("It can be called 100 times every day, with a second between.", {"calls": 100, "per": "day"}),
        (
            "Default: free edition 10/s, pro edition 30/s.",
            [{"calls": 10, "per": "second", "plan": "free"}, {"calls": 30, "per": "second", "plan": "pro"}],
        ),
        ("5 calls per second, 1000 calls per day", "TODO: which of the page's frequencies"),
        ("5 per second per stream", None),
        ("unlimited", None),
        ("0 calls per second", None),
    ],
)
def test_rate_limit(text: str, expected: object) -> None:
    assert rate_limit_of(text) == expected


def test_other_facts() -> None:
    assert date_of("2023-03-10 (newest edition 2024-09-24)") == "2023-03-10"
    assert date_of("2025 (crawl 2025-2026)") is None
    assert unit_of("Timestamp in milliseconds") == "milliseconds"
    assert unit_of("Moment, in seconds") == "seconds"
    assert unit_of("within one second") is None
    assert values_of("0: no. 1: yes.") == [0, 1]
    assert values_of("Bit 0: a, Bit 1: b") == []
    assert values_of("`0`: success, other values: failure") == []


def test_reply_codes_are_seen_in_front_of_what_they_do() -> None:
    text = "0 allows the message, 1 refuses it and 2 drops it without a word; others: [120001, 130000]."
    assert list(reply_codes_of(text)) == [{"code": 0}, {"code": 1}, {"code": 2}, {"from": 120001, "to": 130000}]
    assert list(reply_codes_of("It takes up to 100 accounts.")) == []
