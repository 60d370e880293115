"""Chatbot accounts: create, delete, list."""

from __future__ import annotations

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.accounts import Account
from .profiles import change_profile

_PREFIX = "@RBT#"
_MAX_ROBOTS = 20
_INVALID, _TOO_MANY = 10004, 10008
_TAGS = {
    "Nick": "Tag_Profile_IM_Nick",
    "FaceUrl": "Tag_Profile_IM_Image",
    "SelfSignature": "Tag_Profile_IM_SelfSignature",
}


@behaviour(
    "openim_robot_http_svc/create_robot",
    guesses=(
        "A UserID that does not begin with @RBT# gets 10004.",
        "Nick, FaceUrl and SelfSignature of a chatbot that is there already are set anew.",
        "A chatbot that was deleted works again once it is created again.",
    ),
)
def create_robot(call: Context) -> Answer:
    user_id = call.body["UserID"]
    _check_prefix("UserID", user_id)
    if user_id not in (names := _robots(call)) and len(names) >= _MAX_ROBOTS:
        raise Refused(_TOO_MANY, f"The app has {_MAX_ROBOTS} chatbots already.")
    account = call.memory.accounts.setdefault(user_id, Account(user_id, call.now))
    account.is_robot, account.is_disabled = True, False
    call.memory.settings.robots[user_id] = None
    change_profile(
        account, {tag: call.body[field] for field, tag in _TAGS.items() if field in call.body}
    )
    return {}


@behaviour(
    "openim_robot_http_svc/delete_robot",
    guesses=(
        "A chatbot that was never created gets 10004.",
        "One that was deleted is no longer listed; a second deletion succeeds.",
    ),
)
def delete_robot(call: Context) -> Answer:
    user_id = call.body["Robot_Account"]
    _check_prefix("Robot_Account", user_id)
    account = call.memory.accounts.get(user_id)
    if account is None or not account.is_robot:
        raise Refused(_INVALID, f"There is no chatbot {user_id}.")
    account.is_disabled = True
    call.memory.settings.robots.pop(user_id, None)
    return {}


@behaviour("openim_robot_http_svc/get_all_robots", reads=True)
def get_all_robots(call: Context) -> Answer:
    return {"Robot_Account": _robots(call)}


def _robots(call: Context) -> list[str]:
    return list(call.memory.settings.robots)


def _check_prefix(field: str, user_id: str) -> None:
    if not user_id.startswith(_PREFIX):
        raise Refused(_INVALID, f"{field} must begin with {_PREFIX}.")
