"""Limits that the vendor states for any command are in the spec."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from generated.catalogue.spec import API, resolved


def fields_of(
    schema: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Yield the fields of a request body, and of the objects in it, but for elements of messages."""
    schema = resolved(schema)
    for name, part in schema.get("properties", {}).items():
        yield (*path, name), resolved(part)
        yield from fields_of(part, (*path, name))
    if "items" in schema:
        items = resolved(schema["items"])
        if items.get("type") in ("string", "integer"):
            yield path, items
        else:
            yield from fields_of(items, path)


REQUEST_FIELDS = [
    pytest.param(path, schema, id=f"{command.path}-{'.'.join(path)}")
    for command in API.commands
    for path, schema in fields_of(command.request.schema)
]
ACCOUNT = re.compile(r"(?:_Account|UserID|UserId|\AGroupId)\Z")
PROSE = re.compile(r"\b(?:at most|no more than|no longer than|up to) \d", re.IGNORECASE)
LIMITS = {"maximum", "maxLength", "maxItems", "maxProperties", "x-max-bytes", "pattern", "enum"}


def test_every_account_has_a_character() -> None:
    accounts = [case for case in REQUEST_FIELDS if ACCOUNT.search(case.values[0][-1])]
    assert len(accounts) > 100
    assert not [
        case.id
        for case in accounts
        if case.values[1].get("type") == "string"
        and not case.values[1].get("minLength")
        and "const" not in case.values[1]
    ]


def test_every_limit_in_prose_is_one_of_the_schema() -> None:
    # Files behind URLs are not in the body.
    stated = [
        case.id
        for case in REQUEST_FIELDS
        if PROSE.search(case.values[1].get("description", "")) and not LIMITS & case.values[1].keys()
    ]
    assert not [name for name in stated if not name.endswith(("GoogleImage", "OfflinePushInfo"))]
