"""Codes of single rules, for commands that say more of a field that is wrong than that it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .._catalogue.catalogue import Command

_OF_ATTRIBUTES = {
    ("GroupAttr", "maxItems"): 10047,
    ("GroupAttr[].key", "x-max-bytes"): 10045,
    ("GroupAttr[].value", "x-max-bytes"): 10046,
}
_CODES: Mapping[str, Mapping[tuple[str, str], int]] = {
    "group_open_http_svc/delete_group_attr": _OF_ATTRIBUTES,
    "group_open_http_svc/modify_group_attr": _OF_ATTRIBUTES,
    "group_open_http_svc/send_group_msg": {("GroupAtInfo", "maxItems"): 10053},
    "group_open_http_svc/set_group_attr": _OF_ATTRIBUTES,
    "group_open_http_svc/update_group_counter": {("GroupCounter", "maxItems"): 10063},
}
"""By command, then by the path of the field and the keyword of its schema."""


def own_code(command: Command, path: Iterable[str | int], keyword: str) -> int | None:
    """Return the code of the rule `keyword` of the field at `path`; None where it is that of any wrong field."""
    codes = _CODES.get(command.path)
    if codes is None:
        return None
    names = ["[]" if isinstance(step, int) else f".{step}" for step in path]
    return codes.get(("".join(names).removeprefix("."), keyword))
