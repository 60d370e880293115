"""Limits in the words of descriptions: told when a keyword says the same, and when none does."""

from __future__ import annotations

import json

import pytest

from support.minispec import Mini
from support.rules import LIST, NOTE, PERSON, Case, assert_nothing_found, assert_one_finding, case, findings

CASES = (
    case(
        "limit-in-words",
        LIST,
        "maximum: 100, description: Members in a page.}",
        'maximum: 100, description: "Members in a page, ▲at most 100."}',
        'maximum: 100, description: "Members in a page, 100 of them are many."}',
        "`at most 100` stands twice in the docs, which print maximum: 100",
        "leave it out of the description",
        "twice",
    ),
    case(
        "limit-in-words",
        LIST,
        "Offset: {type: integer, description: Members to skip.}",
        'Offset: {type: integer, description: "Members to skip, ▲up to 1,000."}',
        "Offset: {type: integer, maximum: 1000, description: Members to skip.}",
        "`up to 1,000` is a limit that nothing checks",
        "state it as a keyword: maximum: 1000",
        "unchecked",
    ),
)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_a_bad_spec_is_one_finding_with_its_place(mini: Mini, given: Case) -> None:
    assert_one_finding(mini, given)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_the_good_spec_beside_it_has_nothing_to_report(mini: Mini, given: Case) -> None:
    assert_nothing_found(mini, given)


def described_as(mini: Mini, file: str, old: str, schema: str, text: str) -> list[str]:
    """Return what is found, messages and hints, in a field that is `schema` with the description `text`."""
    mini.patch(file, old, f"Field: {{{schema}, description: {json.dumps(text)}}}\n    {old}")
    found = findings(mini)
    assert {finding.rule for finding in found} <= {"limit-in-words"}
    return [f"{finding.message}: {finding.hint}" for finding in found]


@pytest.mark.parametrize(
    ("schema", "text", "words", "keyword"),
    [
        ("type: array, maxItems: 10, items: {type: string}", "Up to ten tags.", "Up to ten", "maxItems: 10"),
        ("type: array, minItems: 2, items: {type: string}", "At least two.", "At least two", "minItems: 2"),
        ("type: string, maxLength: 50", "No more than 50 characters.", "No more than 50 characters", "maxLength: 50"),
        ("type: string, x-max-bytes: 1024", "A name, at most 1 KB.", "at most 1 KB", "x-max-bytes: 1024"),
        ("type: [string, integer], x-max-bytes: 8", "Up to 8 bytes.", "Up to 8 bytes", "x-max-bytes: 8"),
        ("type: integer, maximum: 604800, x-unit: seconds", "Up to 7 days.", "Up to 7 days", "maximum: 604800"),
        ("type: integer, maximum: 4294967295", "At most 4294967295.", "At most 4294967295", "maximum: 4294967295"),
        ("type: integer, maximum: 9, x-unit: bytes", "Maximum of 9 bytes.", "Maximum of 9 bytes", "maximum: 9"),
        ("type: integer, minimum: 1, maximum: 100", "From 1 to 100.", "From 1 to 100", "minimum: 1 and maximum: 100"),
        ("type: array, items: {type: string, x-max-bytes: 5}", "Each up to 5 bytes", "up to 5 bytes", "x-max-bytes: 5"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("file", "old"), [(LIST, "Offset: {"), (LIST, "Total: {"), (PERSON, "Name: {")])
def test_a_limit_that_a_keyword_states_is_in_no_description(
    mini: Mini, file: str, old: str, schema: str, text: str, words: str, keyword: str
) -> None:
    message = f"`{words}` stands twice in the docs, which print {keyword}: leave it out of the description"
    assert described_as(mini, file, old, schema, text) == [message]


@pytest.mark.parametrize(
    ("schema", "text", "words", "keyword"),
    [
        ("type: array, items: {type: string}", "Accounts, up to 100 a call.", "up to 100", "maxItems: 100"),
        ("type: array, items: {type: string}", "Each at most 9 bytes.", "at most 9 bytes", "x-max-bytes: 9"),
        ("type: string", "At most 50 characters.", "At most 50 characters", "maxLength: 50"),
        ("type: string", "A name of not more than 30 bytes.", "not more than 30 bytes", "x-max-bytes: 30"),
        ("type: string", "At least 2 characters.", "At least 2 characters", "minLength: 2"),
        ("type: object", "Data, at most 8192 bytes.", "at most 8192 bytes", "x-max-bytes: 8192"),
        ("type: integer, x-unit: seconds", "How long, at most 7 days.", "at most 7 days", "maximum: 604800"),
        ("type: integer, x-unit: milliseconds", "Up to 2 seconds.", "Up to 2 seconds", "maximum: 2000"),
        ("type: integer", "It holds them, up to 20, in a community up to 1000.", "up to 1000", "maximum: 1000"),
        ("type: integer, minimum: 0", "No more than 20.", "No more than 20", "maximum: 20"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("file", "old"), [(LIST, "Offset: {"), (NOTE, "Text: {")])
def test_a_limit_in_words_alone_becomes_a_keyword(
    mini: Mini, file: str, old: str, schema: str, text: str, words: str, keyword: str
) -> None:
    place = "a keyword of its items" if text.startswith("Each") else "a keyword"
    message = f"`{words}` is a limit that nothing checks: state it as {place}: {keyword}"
    assert described_as(mini, file, old, schema, text) == [message]


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ("type: array, items: {type: string}", "Tags; a user has up to 10."),
        ("type: array, items: {type: string}", "Users with at least one of these."),
        ("type: array, items: {type: string}", "Friends to read; best up to 100."),
        ("type: array, maxItems: 100, items: {type: string}", "Tags, up to 10 without Replace."),
        ("type: string", "URL of an image of up to 5 MB."),
        ("type: string", "Own_ with up to 8 letters."),
        ("type: string, enum: [a, b]", "Which go first above 40 a second, at most 40 characters."),
        ("type: integer", "Which go first when more than 40 are sent."),
        ("type: integer", "Sent at most 40 per second."),
        ("type: integer, x-time: unix", "From when on, at most 30 days ago."),
        ("type: integer", "A code from 38000 to 39000."),
        ("type: integer, minimum: 0, maximum: 5", "From 1 to 4."),
        ("type: integer, x-flag: true", "At most 1."),
        ("type: integer", "Retried up to 3 times."),
        ("type: integer", "At most 3.5 of them."),
        ("type: integer, maximum: 999", "Huawei takes no more than 99."),
        ("type: boolean", "At most 5."),
    ],
)
def test_numbers_that_are_no_limits_of_the_field(mini: Mini, schema: str, text: str) -> None:
    assert described_as(mini, LIST, "Offset: {", schema, text) == []


def test_limits_of_answers_need_no_keyword(mini: Mini) -> None:
    assert described_as(mini, LIST, "Total: {", "type: integer", "Members, at most 100.") == []
    assert described_as(mini, PERSON, "Name: {", "type: string", "At most 9 characters.") == []
