"""Permission groups: creating, reading, changing and deleting them."""

from __future__ import annotations

from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.groups.permission_groups import PermissionGroup
from ..paging import page_of, start_of
from .communities import NO_PERMISSION_GROUP, community_of, outcome, permission_group_of

ID_IN_USE, GONE = 10021, 110008
LARGEST_PAGE = 20


@behaviour(
    "group_open_http_svc/create_permission_group",
    guesses=(
        "A PermissionGroupId in use is answered with 10021; any text is one.",
        "A group that is no community is answered with 10007, as by all commands of permission groups.",
        "What the bits of permissions mean is not documented: they are kept, and nothing depends on them.",
    ),
)
def create_permission_group(call: Context) -> Answer:
    group, body = community_of(call), call.body
    own_id = body.get("PermissionGroupId", "")
    if own_id in group.permission_groups:
        raise Refused(ID_IN_USE, f"The permission group {own_id} exists.")
    while not own_id or own_id in group.permission_groups:
        own_id = f"@PMG#_@PMG#c{call.memory.ids.text(9)}"
    last = next(reversed(group.permission_groups.values()), None)
    group.permission_groups[own_id] = PermissionGroup(
        own_id,
        body["PermissionGroupName"],
        body["Permission"],
        body.get("CustomString", ""),
        number=last.number + 1 if last else 1,
    )
    return {"PermissionGroupId": own_id}


@behaviour("group_open_http_svc/modify_permission_group")
def modify_permission_group(call: Context) -> Answer:
    found, body = permission_group_of(call, community_of(call)), call.body
    found.name = body.get("PermissionGroupName", found.name)
    found.permission = body.get("Permission", found.permission)
    found.custom_string = body.get("CustomString", found.custom_string)
    return {}


@behaviour("group_open_http_svc/destroy_permission_group")
def destroy_permission_group(call: Context) -> Answer:
    group = community_of(call)
    results: list[dict[str, Any]] = []
    for own_id in call.body["PermissionGroupIdList"]:
        found = group.permission_groups.pop(own_id, None)
        results.append({**outcome(call, 0 if found else GONE), "PermissionGroupId": own_id})
    return {"PermissionGroupResultList": results}


@behaviour(
    "group_open_http_svc/get_permission_group",
    reads=True,
    guesses=("A Next that no answer gave is answered with 10004.",),
)
def get_permission_group(call: Context) -> Answer:
    group = community_of(call)
    if wanted := call.body.get("PermissionGroupIdList"):
        return {
            "PermissionGroupInfoList": [
                _in_answer(call, found)
                if (found := group.permission_groups.get(own_id)) is not None
                else {**outcome(call, NO_PERMISSION_GROUP), "PermissionGroupId": own_id}
                for own_id in wanted
            ]
        }
    numbered = ((found.number, found) for found in group.permission_groups.values())
    start, size = start_of("Next", call.body.get("Next", "")), call.body.get("Limit", LARGEST_PAGE)
    page, further = page_of(numbered, start, size)
    return {
        "Next": further,
        "PermissionGroupInfoList": [_in_answer(call, found) for found in page],
    }


def _in_answer(call: Context, found: PermissionGroup) -> dict[str, Any]:
    return {
        **outcome(call),
        "PermissionGroupId": found.id,
        "PermissionGroupName": found.name,
        "CustomString": found.custom_string,
        "Permission": found.permission,
        "MemberCount": len(found.members),
    }
