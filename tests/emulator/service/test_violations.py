"""How the emulator says what is wrong with a body."""

from __future__ import annotations

from typing import Any

import pytest

from tencent_chat_emulator._catalogue.catalogue import Catalogue
from tencent_chat_emulator._catalogue.validators import validator
from tencent_chat_emulator._catalogue.violations import first_violation, in_words
from timgen.rendering.forms import validation


def violation(schema: dict[str, Any], value: object) -> str | None:
    error = first_violation(validator(validation(schema, {})), value)
    return None if error is None else in_words(error)


@pytest.mark.parametrize(
    ("schema", "value", "text"),
    [
        ({"type": "string"}, "", None),
        ({"type": "string"}, None, "must be a string, not null"),
        ({"type": "string"}, [], "must be a string, not an array"),
        ({"type": "integer"}, 1.5, "must be an integer, not a number"),
        ({"type": "integer"}, True, "must be an integer, not a boolean"),
        ({"type": ["string", "integer"]}, {}, "must be a string or an integer, not an object"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, {}, "must be a string or an integer, not an object"),
        ({"anyOf": [{"type": "object"}, {"type": "object"}]}, 1, "must be an object, not an integer"),
        ({"minimum": 1}, 0, "0 is less than the minimum of 1"),
        ({"maximum": 1}, 2, "2 is greater than the maximum of 1"),
        ({"minLength": 1}, "", "has 0 characters, at least 1 are needed"),
        ({"maxLength": 1}, "secret", "has 6 characters, at most 1 are allowed"),
        ({"minItems": 1}, [], "has 0 items, at least 1 are needed"),
        ({"maxItems": 1}, [1, 2], "has 2 items, at most 1 are allowed"),
        ({"x-max-bytes": 5}, "你好", "has 6 bytes of UTF-8, at most 5 are allowed"),
        ({"pattern": "^a$"}, "secret", "does not match ^a$"),
        ({"const": "json"}, "secret", 'must be "json"'),
        ({"enum": ["a", 1]}, "a", None),
        ({"enum": ["a", 1]}, "secret", 'must be "a" or 1'),
        ({"enum": ["a"], "x-prefixes": ["Own_"]}, "Own_x", None),
        ({"enum": ["a"], "x-prefixes": ["Own_"]}, "secret", 'must be "a" or begin with "Own_"'),
        ({"enum": ["a"], "x-open": "So the vendor"}, "secret", None),
        ({"type": "integer", "x-flag": True}, 2, "must be 0 or 1"),
        ({"type": "integer", "x-flag": True}, True, "must be an integer, not a boolean"),
        ({"x-max-bytes": 5}, ["你好"], "has 10 bytes of JSON, at most 5 are allowed"),
        (
            {"contains": {"properties": {"A": {"const": 1}}, "required": ["A"]}, "minContains": 0, "maxContains": 1},
            [{"A": 1}, {"A": 1}],
            "has too many items of one kind, at most 1 are allowed",
        ),
        ({"properties": {"a": {"type": "string"}}}, {"b": "secret"}, None),
        ({"required": ["a", "b"]}, {"a": 1}, "b: is missing"),
        ({"properties": {"a": {"items": {"required": ["b"]}}}}, {"a": [{"b": 1}, {}]}, "a[1].b: is missing"),
        ({"items": {"items": {"type": "string"}}}, [["a"], ["b", 1]], "[1][1]: must be a string, not an integer"),
    ],
)
def test_rules(schema: dict[str, Any], value: object, text: str | None) -> None:
    assert violation(schema, value) == text


@pytest.mark.parametrize(
    ("element", "text"),
    [
        ({"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}, None),
        ({"MsgType": "TIMTextElement", "MsgContent": 1}, 'MsgType: must be "TIMTextElem" or '),
        ({"MsgType": "TIMTextElem", "MsgContent": {}}, "MsgContent.Text: is missing"),
        ({"MsgType": "TIMTextElem"}, "MsgContent: is missing"),
        (
            {"MsgType": "TIMFaceElem", "MsgContent": {"Index": "1", "Data": 2}},
            "MsgContent.Index: must be an integer, not a string",
        ),
        ({"MsgType": 5, "MsgContent": {}}, 'MsgType: must be "TIMTextElem" or '),
        ({}, "MsgType: is missing"),
        ("text", "must be an object, not a string"),
    ],
)
def test_a_union_is_judged_by_the_member_that_is_meant(element: object, text: str | None) -> None:
    body = {"To_Account": "bob", "MsgRandom": 1, "MsgBody": [element]}
    error = first_violation(Catalogue().request_validator("openim/sendmsg"), body)
    if text is None:
        assert error is None
    else:
        place = "MsgBody[0]: " if text.startswith("must") else "MsgBody[0]."
        assert error is not None
        assert in_words(error).startswith(place + text)


def test_a_profile_tag_may_begin_as_those_of_the_app() -> None:
    validator = Catalogue().request_validator("profile/portrait_set")
    body = {"From_Account": "bob", "ProfileItem": [{"Tag": "Tag_Profile_Custom_Pet", "Value": "cat"}]}
    assert first_violation(validator, body) is None
    body["ProfileItem"] = [{"Tag": "Tag_Profile_IM_Nik", "Value": "cat"}]
    error = first_violation(validator, body)
    assert error is not None
    assert in_words(error).startswith('ProfileItem[0].Tag: must be "Tag_Profile_IM_Nick" or ')
    assert in_words(error).endswith('begin with "Tag_Profile_Custom_"')
