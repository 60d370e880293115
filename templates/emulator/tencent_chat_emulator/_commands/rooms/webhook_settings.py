"""Webhooks as an app sets them for live rooms, rooms and calls. Where they go is what `App.webhooks` says."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.rooms.webhook_settings import WebhookSettings
from .lookup import INVALID

_EXISTS, _MISSING, _NO_TOKEN = 100300, 100301, 100302
_LIVE, _ROOM, _CALL = "live", "room", "call"
_REMEMBERED = (
    "Settings are remembered; what is sent, and where to, is what the emulator is told by its user: it calls no "
    "address of its own accord."
)


@behaviour("live_config/set_callback", guesses=(_REMEMBERED,))
def set_live(call: Context) -> Answer:
    if _LIVE in call.memory.rooms.webhooks:
        raise Refused(_EXISTS)
    return _set(call, _LIVE)


@behaviour("live_config/update_callback")
def update_live(call: Context) -> Answer:
    _settings(call, _LIVE)
    return _set(call, _LIVE)


@behaviour("live_config/get_callback", reads=True)
def get_live(call: Context) -> Answer:
    return _get(call, _LIVE)


@behaviour(
    "live_config/set_callback_token",
    guesses=("A first call without both fields is answered with 100002.",),
)
def set_live_token(call: Context) -> Answer:
    rooms, body = call.memory.rooms, call.body
    if not rooms.token and not {"Token", "IsTokenEnable"} <= body.keys():
        raise Refused(INVALID, "The first call needs Token and IsTokenEnable.")
    rooms.token = body.get("Token", rooms.token)
    rooms.uses_token = body.get("IsTokenEnable", rooms.uses_token)
    return {}


@behaviour("live_config/get_callback_token", reads=True)
def get_live_token(call: Context) -> Answer:
    rooms = call.memory.rooms
    if not rooms.token:
        raise Refused(_NO_TOKEN)
    return {"Response": {"Token": rooms.token, "IsTokenEnable": rooms.uses_token}}


@behaviour(
    "live_config/delete_callback_token",
    guesses=("Without a token the answer is 100302.",),
)
def delete_live_token(call: Context) -> Answer:
    rooms = call.memory.rooms
    if not rooms.token:
        raise Refused(_NO_TOKEN)
    rooms.token, rooms.uses_token = "", False
    return {}


@behaviour(
    "room_config/update_callback",
    guesses=("It also sets what was never set, as no other command does.", _REMEMBERED),
)
def update_room(call: Context) -> Answer:
    return _set(call, _ROOM)


@behaviour("room_config/get_callback", reads=True)
def get_room(call: Context) -> Answer:
    return _get(call, _ROOM)


@behaviour("call_config/set_callback", guesses=(_REMEMBERED,))
def set_call(call: Context) -> Answer:
    return _set(call, _CALL)


@behaviour("call_config/get_callback", reads=True)
def get_call(call: Context) -> Answer:
    return _get(call, _CALL)


@behaviour("call_config/delete_callback", guesses=("Without settings the answer is 100301.",))
def delete_call(call: Context) -> Answer:
    _settings(call, _CALL)
    del call.memory.rooms.webhooks[_CALL]
    return {}


def _set(call: Context, product: str) -> Answer:
    url = call.body["Url"]
    if not _is_url(url):
        raise Refused(INVALID, "Url must begin with http:// or https://.")
    commands = list(call.body["CallbackCommandList"])
    call.memory.rooms.webhooks[product] = WebhookSettings(url, commands)
    return {}


def _get(call: Context, product: str) -> Answer:
    settings = _settings(call, product)
    return {"Response": {"Url": settings.url, "CallbackCommandList": list(settings.commands)}}


def _settings(call: Context, product: str) -> WebhookSettings:
    settings = call.memory.rooms.webhooks.get(product)
    if settings is None:
        raise Refused(_MISSING)
    return settings


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
