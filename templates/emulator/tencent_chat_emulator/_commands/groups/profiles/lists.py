"""Lists of groups: all of the app, and those that somebody is in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.groups.groups import Group
from .. import answers
from ..lookup import BAD_VALUE, account_of, type_in_answers
from .profiles import group_fields

_MOST_GROUPS = 10_000


@behaviour("group_open_http_svc/get_appid_group_list", reads=True)
def get_appid_group_list(call: Context) -> Answer:
    body = call.body
    limit = limit_of(call) or _MOST_GROUPS
    type_ = body.get("GroupType") and type_in_answers(body["GroupType"])
    groups = [
        group for group in call.memory.groups.values() if type_ is None or group.type == type_
    ]
    after = body.get("Next", 0)
    page = list(islice((group for group in groups if group.number > after), limit + 1))
    more = len(page) > limit
    return {
        "TotalCount": len(groups),
        "GroupIdList": [{"GroupId": group.id} for group in page[:limit]],
        "Next": page[limit - 1].number if more else 0,
    }


@behaviour(
    "group_open_http_svc/get_joined_group_list",
    reads=True,
    guesses=(
        "An account that was never imported is answered with 10019.",
        "Groups of the type AVChatRoom are listed also where GroupType asks for them.",
        "SupportTopic with another GroupType than Community is answered with 10004.",
    ),
)
def get_joined_group_list(call: Context) -> Answer:
    body = call.body
    user_id = body["Member_Account"]
    account_of(call, user_id)
    limit, offset = limit_of(call), max(0, body.get("Offset", 0))
    if "SupportTopic" in body and body.get("GroupType") != "Community":
        raise Refused(BAD_VALUE, "SupportTopic goes with the GroupType Community only.")
    groups = list(_joined(call, user_id))
    page = groups[offset : None if limit is None else offset + limit]
    wanted: dict[str, Any] = body.get("ResponseFilter") or {}
    infos = [
        {"GroupId": group.id}
        | group_fields(call, group, wanted)
        | _self_info(call, group, user_id, wanted)
        for group in page
    ]
    answer = {"TotalCount": len(groups), "GroupIdList": infos}
    answers.check_size(
        answer, sum(1 + len(group.members) * ("MemberInfoFilter" in wanted) for group in page)
    )
    return answer


def limit_of(call: Context) -> int | None:
    """Return the Limit of the body; None where there is none, or 0. Refused with 10004 where it is negative."""
    limit = call.body.get("Limit") or None
    if limit is not None and limit < 0:
        raise Refused(BAD_VALUE, "Limit must not be negative.")
    return limit


def _joined(call: Context, user_id: str) -> Iterator[Group]:
    body = call.body
    type_ = body.get("GroupType") and type_in_answers(body["GroupType"])
    for group_id in call.memory.joined_groups.get(user_id, ()):
        group = call.memory.groups[group_id]
        if type_ is not None and group.type != type_:
            continue
        if "SupportTopic" in body and group.supports_topics != bool(body["SupportTopic"]):
            continue
        is_silent = group.type == "Private" and not group.history.last_seq
        if is_silent and not body.get("WithNoActiveGroups"):
            continue
        if group.type == "AVChatRoom" and type_ is None and not body.get("WithHugeGroups"):
            continue
        yield group


def _self_info(call: Context, group: Group, user_id: str, wanted: dict[str, Any]) -> dict[str, Any]:
    if "SelfInfoFilter" not in wanted:
        return {}
    info = answers.member_profile(
        group.members[user_id], call.now, wanted["SelfInfoFilter"], custom=()
    )
    if "Member_Account" not in wanted["SelfInfoFilter"]:
        del info["Member_Account"]
    return {"SelfInfo": info}
