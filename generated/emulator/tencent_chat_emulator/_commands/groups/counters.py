"""Counters of groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.groups.groups import Group
from .lookup import BAD_VALUE, DENIED, group_of

MOST = 20
TOO_MANY = 10063
_LEAST_VALUE, _MOST_VALUE = -(2**63), 2**63 - 1
_SIGNS = {"Increase": 1, "Decrease": -1}


@behaviour(
    "group_open_http_svc/update_group_counter",
    guesses=(
        "Without Mode the values are set.",
        "What would not fit into 64 bits is answered with 10004, and no counter changes.",
    ),
)
def update_group_counter(call: Context) -> Answer:
    group = _group_with_counters(call)
    sign = _SIGNS.get(call.body.get("Mode", "Set"))
    changed: dict[str, int] = {}
    for item in call.body["GroupCounter"]:
        key, value = item["Key"], item["Value"]
        if sign is not None:
            value = changed.get(key, group.counters.get(key, 0)) + sign * value
        if not _LEAST_VALUE <= value <= _MOST_VALUE:
            raise Refused(BAD_VALUE, f"The counter {key} would not fit into 64 bits.")
        changed[key] = value
    if len(group.counters.keys() | changed.keys()) > MOST:
        raise Refused(TOO_MANY)
    group.counters.update(changed)
    return _in_answer(changed)


@behaviour(
    "group_open_http_svc/get_group_counter",
    reads=True,
    guesses=("Counters that are not there are left out.",),
)
def get_group_counter(call: Context) -> Answer:
    counters = _group_with_counters(call).counters
    keys = call.body.get("GroupCounterKeys") or counters
    return _in_answer({key: counters[key] for key in keys if key in counters})


@behaviour(
    "group_open_http_svc/delete_group_counter",
    guesses=("Deleting a counter that is not there is no error.",),
)
def delete_group_counter(call: Context) -> Answer:
    counters = _group_with_counters(call).counters
    for key in call.body.get("GroupCounterKeys") or list(counters):
        counters.pop(key, None)
    return {}


def _group_with_counters(call: Context) -> Group:
    group = group_of(call)
    if group.type == "Community":
        raise Refused(DENIED, "A community has no counters.")
    return group


def _in_answer(counters: Mapping[str, int]) -> dict[str, list[dict[str, Any]]]:
    return {"GroupCounter": [{"Key": key, "Value": value} for key, value in counters.items()]}
