"""The control endpoints, for tests that are not in the emulator's process; `?sdkappid=` names another app.

| request                    | what it does                                                               |
| -------------------------- | -------------------------------------------------------------------------- |
| POST /_emulator/faults     | as `App.fail`: `{"command": "openim/sendmsg", "code": 60008, "times": 2}`  |
| DELETE /_emulator/faults   | forgets the faults that wait                                               |
| POST /_emulator/answers    | as `App.answer`: `{"command": "...", "answer": {...}, "times": 1}`         |
| GET /_emulator/calls       | the calls received, oldest first, with the fields of `Call`                |
| DELETE /_emulator/calls    | forgets them                                                               |
| GET /_emulator/state       | a snapshot                                                                 |
| PUT /_emulator/state       | restores a snapshot                                                        |
| DELETE /_emulator/state    | as `App.reset`                                                             |
| GET /_emulator/clock       | `{"now": 1800000000.0}`                                                    |
| POST /_emulator/clock      | `{"advance": 60}`                                                          |
| POST /_emulator/devices    | lets a user do what `App` has a method for:                                |
|                            | `{"act": "come_online", "user_id": "bob", "platform": "iPhone"}`           |
| PUT /_emulator/webhooks    | as `send_to`: `{"url": "http://...", "token": "...", "only": ["..."]}`     |
| POST /_emulator/webhooks   | as `send`: `{"command": "...", "body": {...}, "query": {...}}`             |
| GET /_emulator/webhooks    | what was sent, with the fields of `Delivery`                               |
| GET /_emulator/files/NAME  | a file whose URL an answer names                                           |
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import cache
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator

from .._apps.application import Application
from .._catalogue.catalogue import Json
from .._catalogue.violations import first_violation, in_words
from .._checks.checks import Incoming
from .._core.context import Event
from ..faults import Fault
from .reply import Reply, json_reply

PREFIX = "/_emulator/"
FILES = f"{PREFIX}files/"

_TEXT: Json = {"type": "string"}
_TEXTS: Json = {"type": "object", "additionalProperties": _TEXT}
_COUNT: Json = {"type": "integer", "minimum": 1}
_BOOLEAN: Json = {"type": "boolean"}
_FAULT: Json = {
    "command": _TEXT,
    "code": {"type": "integer"},
    "status": {"type": "integer"},
    "html": _BOOLEAN,
    "half": _BOOLEAN,
    "reset": _BOOLEAN,
    "latency": {"type": "number"},
    "after": _BOOLEAN,
    "times": _COUNT,
}


async def respond(app: Application, call: Incoming) -> Reply:
    """Do what `call` asks of the app. A wrong request is answered with status 400 and what is wrong."""
    if (content := app.files.get(call.path.removeprefix(FILES))) is not None:
        return Reply(200, "application/octet-stream", content)
    name = call.path.removeprefix(PREFIX)
    methods = {method: action for (known, method), action in _ACTIONS.items() if known == name}
    if not methods:
        names = sorted({known for known, _ in _ACTIONS})
        return json_reply(
            {"error": f"there are {', '.join(PREFIX + known for known in names)}"}, 404
        )
    action = methods.get(call.method)
    if action is None:
        allowed = ", ".join(sorted(methods))
        return json_reply({"error": f"use {allowed}"}, 405, allow=allowed)
    try:
        order = _order(call, f"{call.method} {name}")
        return json_reply(await action(app, order))
    except ValueError as error:
        return json_reply({"error": str(error)}, 400)


def _order(call: Incoming, name: str) -> Json:
    """Return what the body asks for. Raises ValueError when it does not fit."""
    schema = _ORDERS.get(name)
    if schema is None:
        return {}
    try:
        order: Any = json.loads(call.body)
    except (ValueError, RecursionError):
        raise ValueError("the body is not JSON") from None
    if violation := first_violation(_validator(name), order):
        raise ValueError(in_words(violation))
    unknown = sorted(order.keys() - schema["properties"].keys()) if "properties" in schema else []
    if unknown:
        raise ValueError(f"unknown field {unknown[0]}: use {', '.join(schema['properties'])}")
    return dict(order)


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(_ORDERS[name])


async def _add_fault(app: Application, order: Json) -> Json:
    command, times = order.pop("command", None), order.pop("times", 1)
    if command is not None:
        app.check_command(command)
    app.faults.add(Fault(**order), command, times)
    return {}


async def _clear_faults(app: Application, _order: Json) -> Json:
    app.faults.clear()
    return {}


async def _add_answer(app: Application, order: Json) -> Json:
    app.check_command(order["command"])
    app.answer(order["command"], order["answer"], order.get("times"))
    return {}


async def _calls(app: Application, _order: Json) -> list[Json]:
    return [asdict(call) for call in app.received]


async def _clear_calls(app: Application, _order: Json) -> Json:
    app.received.clear()
    return {}


async def _snapshot(app: Application, _order: Json) -> Json:
    return app.snapshot()


async def _restore(app: Application, order: Json) -> Json:
    app.restore(order)
    return {}


async def _reset(app: Application, _order: Json) -> Json:
    app.reset()
    return {}


async def _now(app: Application, _order: Json) -> Json:
    return {"now": app.clock.now()}


async def _advance(app: Application, order: Json) -> Json:
    app.advance(order["advance"])
    return {"now": app.clock.now()}


async def _act(app: Application, order: Json) -> Json:
    return await app.act(order.pop("act"), order.pop("user_id"), order)


async def _send_to(app: Application, order: Json) -> Json:
    app.webhooks.send_to(order["url"], order.get("token"), order.get("only"))
    return {}


async def _send(app: Application, order: Json) -> Json:
    return asdict(
        await app.webhooks.send(Event(order["command"], order["body"], order.get("query", {})))
    )


async def _delivered(app: Application, _order: Json) -> list[Json]:
    await app.webhooks.settle()
    return [asdict(delivery) for delivery in app.webhooks.done]


_Action: TypeAlias = Callable[[Application, Json], Awaitable[Any]]

_ACTIONS: dict[tuple[str, str], _Action] = {
    ("faults", "POST"): _add_fault,
    ("faults", "DELETE"): _clear_faults,
    ("answers", "POST"): _add_answer,
    ("calls", "GET"): _calls,
    ("calls", "DELETE"): _clear_calls,
    ("state", "GET"): _snapshot,
    ("state", "PUT"): _restore,
    ("state", "DELETE"): _reset,
    ("clock", "GET"): _now,
    ("clock", "POST"): _advance,
    ("devices", "POST"): _act,
    ("webhooks", "PUT"): _send_to,
    ("webhooks", "POST"): _send,
    ("webhooks", "GET"): _delivered,
}

_ORDERS: dict[str, Json] = {
    "POST faults": {"type": "object", "properties": _FAULT},
    "POST answers": {
        "type": "object",
        "required": ["command", "answer"],
        "properties": {"command": _TEXT, "answer": {"type": "object"}, "times": _COUNT},
    },
    "PUT state": {"type": "object"},
    "POST clock": {
        "type": "object",
        "required": ["advance"],
        "properties": {"advance": {"type": "number"}},
    },
    "POST devices": {
        "type": "object",
        "required": ["act", "user_id"],
        "properties": {
            "act": _TEXT,
            "user_id": _TEXT,
            "platform": _TEXT,
            "is_lost": _BOOLEAN,
            "other": _TEXT,
            "wording": _TEXT,
            "is_both": _BOOLEAN,
            "asking": _TEXT,
            "action": _TEXT,
            "group_id": _TEXT,
            "approved": _BOOLEAN,
            "opt_platform": _TEXT,
            "room_id": _TEXT,
            "password": _TEXT,
            "callees": {"type": "array", "items": _TEXT},
            "media_type": _TEXT,
            "call_id": _TEXT,
        },
    },
    "PUT webhooks": {
        "type": "object",
        "required": ["url"],
        "properties": {"url": _TEXT, "token": _TEXT, "only": {"type": "array", "items": _TEXT}},
    },
    "POST webhooks": {
        "type": "object",
        "required": ["command", "body"],
        "properties": {"command": _TEXT, "body": {"type": "object"}, "query": _TEXTS},
    },
}
