"""Follows: add, delete, check, list, count."""

from __future__ import annotations

import re
from itertools import islice

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.relations import MAX_FOLLOWING, Contacts, Follow
from ..profiles import profile_items
from .results import INVALID, NOT_FOUND, account_of, result

_FULL = 32100
_FOLLOWERS, _FOLLOWING = 1, 2


@behaviour(
    "follow/follow_add",
    guesses=(
        "Following somebody a second time succeeds, keeps the first time, and is not told.",
        "An account that follows itself gets 30001.",
        "Only the limit of 5,000 on followed users is known; there is none on followers and mutual follows.",
    ),
)
def follow_add(call: Context) -> Answer:
    user_id = account_of(call)
    results: list[Answer] = []
    followed: list[str] = []
    for other in (item["To_Account"] for item in call.body["FollowItem"]):
        code = _refusal(call, user_id, other)
        results.append(result(call, other, code))
        if not code and other not in call.memory.relations.seen(user_id).following:
            call.memory.relations.follow(user_id, other, call.now)
            followed.append(other)
    if followed:
        call.after(
            "Follow.CallbackAfterFollowAdd",
            {
                "From_Account": user_id,
                "FollowList": [{"To_Account": other} for other in followed],
                "EventTime": call.now_ms,
            },
        )
    return {"ResultItem": results, "ErrorDisplay": ""}


@behaviour(
    "follow/follow_delete",
    guesses=("Unfollowing somebody who is not followed succeeds, and is not told.",),
)
def follow_delete(call: Context) -> Answer:
    user_id = account_of(call)
    results: list[Answer] = []
    unfollowed: list[str] = []
    for other in call.body["To_Account"]:
        code = 0 if other in call.memory.accounts else NOT_FOUND
        results.append(result(call, other, code))
        if other in call.memory.relations.seen(user_id).following:
            call.memory.relations.unfollow(user_id, other)
            unfollowed.append(other)
    if unfollowed:
        call.after(
            "Follow.CallbackAfterFollowDelete",
            {"From_Account": user_id, "To_Account": unfollowed, "EventTime": call.now_ms},
        )
    return {"ResultItem": results, "ErrorDisplay": ""}


@behaviour("follow/follow_check", reads=True)
def follow_check(call: Context) -> Answer:
    seen = call.memory.relations.seen(account_of(call))
    return {
        "ResultItem": [_check(call, seen, other) for other in call.body["To_Account"]],
        "ErrorDisplay": "",
    }


@behaviour(
    "follow/follow_get",
    reads=True,
    guesses=(
        "Whoever was followed first comes first; mutual follows are in the order of the user's own.",
        "The last page has an empty NextCursor.",
        "ProfileItem has every field that is set.",
        "A StartCursor that is no cursor and a WantNum below 1 get 30001.",
    ),
)
def follow_get(call: Context) -> Answer:
    seen = call.memory.relations.seen(account_of(call))
    cursor, size = call.body["StartCursor"], call.body["WantNum"]
    if cursor and not re.fullmatch("[0-9]{1,18}", cursor):
        raise Refused(INVALID, "StartCursor is no cursor of an earlier answer.")
    if size < 1:
        raise Refused(INVALID, "WantNum must be at least 1.")
    after = int(cursor or 0)
    rest = (
        (other, follow)
        for other, follow in _listed(seen, call.body["FollowType"]).items()
        if follow.number > after
    )
    page = list(islice(rest, size))
    has_more = next(rest, None) is not None
    return {
        "FollowItem": [_item(call, other, follow) for other, follow in page],
        "NextCursor": str(page[-1][1].number) if has_more else "",
        "ErrorDisplay": "",
    }


@behaviour("follow/follow_get_info", reads=True)
def follow_get_info(call: Context) -> Answer:
    account_of(call)
    return {
        "FollowInfo": [_counts(call, other) for other in call.body["To_Account"]],
        "ErrorDisplay": "",
    }


def _refusal(call: Context, user_id: str, other: str) -> int:
    """Return the code with which a follow is refused, or 0."""
    if other not in call.memory.accounts:
        return NOT_FOUND
    if other == user_id:
        return INVALID
    following = call.memory.relations.seen(user_id).following
    return _FULL if other not in following and len(following) >= MAX_FOLLOWING else 0


def _check(call: Context, seen: Contacts, other: str) -> Answer:
    if other not in call.memory.accounts:
        return result(call, other, NOT_FOUND, FollowType=0)
    kind = (other in seen.followers) + 2 * (other in seen.following)
    return result(call, other, FollowType=kind)


def _listed(seen: Contacts, kind: int) -> dict[str, Follow]:
    if kind == _FOLLOWERS:
        return seen.followers
    if kind == _FOLLOWING:
        return seen.following
    return {other: follow for other, follow in seen.following.items() if other in seen.followers}


def _item(call: Context, other: str, follow: Follow) -> Answer:
    account = call.memory.accounts[other]
    return {
        "To_Account": other,
        "FollowTime": follow.since,
        "ProfileItem": profile_items(account),
        "profile_sequence": account.profile_sequence,
    }


def _counts(call: Context, other: str) -> Answer:
    if other not in call.memory.accounts:
        return result(call, other, NOT_FOUND)
    seen = call.memory.relations.seen(other)
    return result(
        call,
        other,
        FollowerCount=len(seen.followers),
        FollowingCount=len(seen.following),
        MutualFollowingCount=sum(one in seen.followers for one in seen.following),
    )
