"""Members of permission groups."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context
from ..answers import members_of
from ..paging import page_of, start_of
from .communities import community_of, permission_group_of

LARGEST_PAGE = 50


@behaviour(
    "group_open_http_svc/add_permission_group_member",
    guesses=(
        "Accounts that are no members of the community are not added, and are absent from the answer.",
        "Adding a member that is there already is no error.",
    ),
)
def add_permission_group_member(call: Context) -> Answer:
    group = community_of(call)
    members = permission_group_of(call, group).members
    accounts = [item["Member_Account"] for item in call.body["MemberList"]]
    added = [account for account in accounts if account in group.members]
    for account in added:
        members.setdefault(account, next(reversed(members.values()), 0) + 1)
    return {"MemberList": [{"Member_Account": account} for account in added]}


@behaviour("group_open_http_svc/delete_permission_group_member")
def delete_permission_group_member(call: Context) -> Answer:
    members = permission_group_of(call, community_of(call)).members
    for item in call.body["MemberList"]:
        members.pop(item["Member_Account"], None)
    return {}


@behaviour(
    "group_open_http_svc/get_permission_group_member_list",
    reads=True,
    guesses=("A Next that no answer gave is answered with 10004.",),
)
def get_permission_group_member_list(call: Context) -> Answer:
    group = community_of(call)
    numbered = (
        (number, group.members[account])
        for account, number in permission_group_of(call, group).members.items()
    )
    start, size = start_of("Next", call.body.get("Next", "")), call.body.get("Limit", LARGEST_PAGE)
    page, further = page_of(numbered, start, size)
    return {"MemberList": members_of(group, page, call.now), "Next": further}
