"""Conditions on the tags or attributes of the users that a push goes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.context import Context, Refused
from .attributes import attributes_of, check_attributes
from .tags import TOO_MANY

_TOO_LONG, _TWICE, _MIXED, _EMPTY = 90020, 90022, 90039, 90040
_MOST_TAGS, _MOST_BYTES = 10, 50
_TAGS, _ATTRIBUTES = ("TagsAnd", "TagsOr", "TagsNot"), ("AttrsAnd", "AttrsOr")


def check_condition(call: Context, condition: Mapping[str, Any]) -> None:
    """Refuse a condition that is wrong in itself."""
    if any(condition.get(name) for name in _TAGS) and any(
        condition.get(name) for name in _ATTRIBUTES
    ):
        raise Refused(_MIXED)
    for name in _TAGS:
        for tag in condition.get(name, ()):
            if not tag:
                raise Refused(_EMPTY)
            if len(tag.encode("utf-8", "surrogatepass")) > _MOST_BYTES:
                raise Refused(_TOO_LONG)
        if len(condition.get(name, ())) > _MOST_TAGS:
            raise Refused(TOO_MANY)
    tags = [*condition.get("TagsAnd", ()), *condition.get("TagsOr", ())]
    if len(set(tags)) < len(tags):
        raise Refused(_TWICE)
    check_attributes(call, condition)


def is_met(call: Context, user_id: str, condition: Mapping[str, Any]) -> bool:
    """Whether an account has the tags, or the attributes, that a condition asks for."""
    if any(condition.get(name) for name in _TAGS):
        tags = call.memory.push.tags.get(user_id, ())
        every, some, none = (condition.get(name, ()) for name in _TAGS)
        return (
            all(tag in tags for tag in every)
            and (not some or any(tag in tags for tag in some))
            and not (none and all(tag in tags for tag in none))
        )
    every, some = (condition.get(name, {}).items() for name in _ATTRIBUTES)
    if not every and not some:
        return True
    items = attributes_of(call, user_id).items()
    return every <= items and (not some or bool(some & items))
