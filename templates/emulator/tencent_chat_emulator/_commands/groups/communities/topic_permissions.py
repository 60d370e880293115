"""What permission groups may do in single topics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.groups.permission_groups import PermissionGroup
from ..lookup import BAD_VALUE
from .communities import community_of, outcome, permission_group_of

NO_TOPIC, THERE_ALREADY, NOT_THERE = 110003, 110010, 110011


@behaviour(
    "group_open_http_svc/add_topic_permission_group",
    guesses=("A topic that is not there is answered with 110003.",),
)
def add_topic_permission_group(call: Context) -> Answer:
    group = community_of(call)
    found = permission_group_of(call, group)

    def problem(topic_id: str) -> int:
        if topic_id not in group.topics:
            return NO_TOPIC
        return THERE_ALREADY if topic_id in found.topics else 0

    return _write(call, found, problem)


@behaviour(
    "group_open_http_svc/set_topic_permission_group",
    guesses=("A topic that the permission group does not have is answered with 110011.",),
)
def set_topic_permission_group(call: Context) -> Answer:
    found = permission_group_of(call, community_of(call))
    return _write(call, found, lambda topic_id: 0 if topic_id in found.topics else NOT_THERE)


@behaviour(
    "group_open_http_svc/delete_topic_permission_group",
    guesses=(
        "The topics are named by TopicIdList, as for get_topic_permission_group; without it all are removed.",
        "A topic that the permission group does not have is no error.",
    ),
)
def delete_topic_permission_group(call: Context) -> Answer:
    topics = permission_group_of(call, community_of(call)).topics
    # The schema does not know the field: anything may stand there.
    wanted = call.body.get("TopicIdList") or list(topics)
    if not isinstance(wanted, list):
        raise Refused(BAD_VALUE, "TopicIdList: must be an array")
    for topic_id in cast("list[object]", wanted):
        topics.pop(str(topic_id), None)
    return {}


@behaviour(
    "group_open_http_svc/get_topic_permission_group",
    reads=True,
    guesses=("A topic that the permission group does not have is answered with 110011.",),
)
def get_topic_permission_group(call: Context) -> Answer:
    topics = permission_group_of(call, community_of(call)).topics
    return {
        "TopicPermissionResultList": [
            {**outcome(call), "TopicId": topic_id, "Permission": topics[topic_id]}
            if topic_id in topics
            else {**outcome(call, NOT_THERE), "TopicId": topic_id}
            for topic_id in call.body.get("TopicIdList") or topics
        ]
    }


def _write(call: Context, found: PermissionGroup, problem: Callable[[str], int]) -> Answer:
    """Take over the permissions of topics with which `problem`, an error code, is 0."""
    results: list[dict[str, Any]] = []
    for item in call.body["TopicPermissionList"]:
        topic_id = item["TopicId"]
        code = problem(topic_id)
        if not code:
            found.topics[topic_id] = item["Permission"]
        results.append({**outcome(call, code), "TopicId": topic_id})
    return {"TopicPermissionResultList": results}
