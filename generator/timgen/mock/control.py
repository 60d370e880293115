"""The control endpoints, for tests that are not in the service's process.

| request              | what it does                                                                  |
| -------------------- | ----------------------------------------------------------------------------- |
| POST /_mock/faults   | inject `{"fault": "code=60008", "command": "openim/sendmsg", "times": 2}`;    |
|                      | without command any call is met, without times one                            |
| DELETE /_mock/faults | forget the faults                                                             |
| GET /_mock/calls     | the calls received, oldest first, with the fields of `timgen.mock.calls.Call` |
| DELETE /_mock/calls  | forget the calls                                                              |
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Protocol, cast

from werkzeug.wrappers import Request

from timgen.mock.calls import Call
from timgen.mock.reply import Reply, json_reply

PREFIX = "/_mock/"


class Controlled(Protocol):
    """What the endpoints steer."""

    @property
    def calls(self) -> tuple[Call, ...]: ...
    def inject(self, fault: str, *, command: str | None = None, times: int = 1) -> None: ...
    def clear(self, *, faults: bool = True, calls: bool = True) -> None: ...


def respond(mock: Controlled, request: Request) -> Reply:
    """Do what `request` asks of the service. A wrong request is answered with status 400 and what is wrong."""
    match request.path.removeprefix(PREFIX), request.method:
        case "faults", "POST":
            return _inject(mock, request.get_data())
        case "faults", "DELETE":
            mock.clear(calls=False)
            return json_reply({})
        case "calls", "GET":
            return json_reply([asdict(call) for call in mock.calls])
        case "calls", "DELETE":
            mock.clear(faults=False)
            return json_reply({})
        case "faults", _:
            return json_reply({"error": "use POST or DELETE"}, 405, allow="POST, DELETE")
        case "calls", _:
            return json_reply({"error": "use GET or DELETE"}, 405, allow="GET, DELETE")
        case _:
            return json_reply({"error": "there are /_mock/faults and /_mock/calls"}, 404)


def _inject(mock: Controlled, content: bytes) -> Reply:
    try:
        order: object = json.loads(content)
    except (ValueError, RecursionError):
        return json_reply({"error": "the body is not JSON"}, 400)
    if not isinstance(order, dict):
        return json_reply({"error": "the body is not an object"}, 400)
    order = cast("dict[str, object]", order)
    if unknown := sorted(order.keys() - {"fault", "command", "times"}):
        return json_reply({"error": f"unknown field {unknown[0]}: use fault, command and times"}, 400)
    fault, command, times = order.get("fault"), order.get("command"), order.get("times", 1)
    if not isinstance(fault, str):
        return json_reply({"error": "fault: a text such as code=60008 is needed"}, 400)
    if command is not None and not isinstance(command, str):
        return json_reply({"error": "command: a text such as openim/sendmsg is needed"}, 400)
    if type(times) is not int:
        return json_reply({"error": "times: an integer is needed"}, 400)
    try:
        mock.inject(fault, command=command, times=times)
    except ValueError as error:
        return json_reply({"error": str(error)}, 400)
    return json_reply({})
