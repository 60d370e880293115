"""Tags of users, to push by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from .users import check_users, failures, known_users

TOO_MANY = 90032
_MOST_ADDED, _MOST_OF_USER, _MOST_OF_APP = 10, 100, 1000


@behaviour(
    "timpush/add_tag",
    guesses=(
        "More than 10 tags without Replace, and more than 1000 in the app, are answered with 90032.",
        "A user who would have more than 100 tags gets none, and stands in ErrorList with 90032.",
    ),
)
@behaviour(
    "all_member_push/im_add_tag",
    guesses=(
        "A user who would have more than 100 tags is answered with 90032, and nobody gets any.",
        "A call that names an account that was never imported is answered with 90048.",
    ),
)
def add_tag(call: Context) -> Answer:
    check_users(call, "UserTags")
    push, replaces = call.memory.push, call.body.get("Replace") == 1
    full: list[str] = []
    tags_of: dict[str, list[str]] = {}
    for item in call.body["UserTags"]:
        if not replaces and len(item["Tags"]) > _MOST_ADDED:
            raise Refused(TOO_MANY)
    for item in known_users(call, "UserTags"):
        user_id: str = item["To_Account"]
        old = () if replaces else tags_of.get(user_id, push.tags.get(user_id, ()))
        tags = list(dict.fromkeys([*old, *item["Tags"]]))
        if len(tags) > _MOST_OF_USER:
            full.append(user_id)
        else:
            tags_of[user_id] = tags
    if full and call.command.service == "all_member_push":
        raise Refused(TOO_MANY, f"The account {full[0]} has no room for more tags.")
    _check_room(call, tags_of.values())
    for user_id, tags in tags_of.items():
        push.set_tags(user_id, tags)
    return _with_full(failures(call, "UserTags"), full)


@behaviour("timpush/remove_tag", guesses=("Tags that a user does not have are no error.",))
@behaviour(
    "all_member_push/im_remove_tag",
    guesses=("A call that names an account that was never imported is answered with 90048.",),
)
def remove_tag(call: Context) -> Answer:
    check_users(call, "UserTags")
    push = call.memory.push
    for item in known_users(call, "UserTags"):
        user_id: str = item["To_Account"]
        left = [tag for tag in push.tags.get(user_id, ()) if tag not in item["Tags"]]
        push.set_tags(user_id, left)
    return failures(call, "UserTags")


@behaviour("timpush/clear_all_tags")
@behaviour(
    "all_member_push/im_remove_all_tags",
    guesses=("A call that names an account that was never imported is answered with 90048.",),
)
def clear_all_tags(call: Context) -> Answer:
    check_users(call, "To_Account")
    for user_id in known_users(call, "To_Account"):
        call.memory.push.set_tags(user_id, [])
    return failures(call, "To_Account")


@behaviour("timpush/get_tag", reads=True)
@behaviour(
    "all_member_push/im_get_tag",
    reads=True,
    guesses=("A call that names an account that was never imported is answered with 90048.",),
)
def get_tag(call: Context) -> Answer:
    check_users(call, "To_Account")
    found = [
        {"To_Account": user_id, "Tags": call.memory.push.tags.get(user_id, [])}
        for user_id in known_users(call, "To_Account")
    ]
    return {"UserTags": found, **failures(call, "To_Account")}


def _check_room(call: Context, lists: Iterable[list[str]]) -> None:
    """Refuse with 90032 tags that the app has no room for."""
    uses = call.memory.push.tag_uses
    fresh = {tag for tags in lists for tag in tags if tag not in uses}
    if len(uses) + len(fresh) > _MOST_OF_APP:
        raise Refused(TOO_MANY, f"An app has at most {_MOST_OF_APP} different tags.")


def _with_full(answer: dict[str, Any], full: list[str]) -> dict[str, Any]:
    if not full:
        return answer
    errors = [
        {"To_Account": user_id, "ErrorCode": TOO_MANY, "ErrorInfo": ""}
        for user_id in dict.fromkeys(full)
    ]
    return {"ErrorList": [*answer.get("ErrorList", ()), *errors]}
