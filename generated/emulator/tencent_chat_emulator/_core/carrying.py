"""Carrying out calls: the behaviour of a command, or the example of the catalogue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, cast

from .. import _commands
from .._catalogue.catalogue import Catalogue, Command, Example, Json
from .behaviours import Behaviour, registered

_SUCCESS = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}


def behaviours() -> Mapping[str, Behaviour]:
    """Return all behaviours by path, their modules loaded."""
    for module in walk_packages(_commands.__path__, f"{_commands.__name__}."):
        import_module(module.name)
    return registered()


def succeeded(catalogue: Catalogue, command: Command, answer: Mapping[str, Any]) -> Json:
    """Return a whole answer: `answer`, with the envelope of success unless it has one of its own."""
    if answer.keys() & _SUCCESS.keys():
        return dict(answer)
    return _SUCCESS | _request_id(catalogue, command.path) | dict(answer)


def failed(
    catalogue: Catalogue, path: str, code: int, info: str | None, fields: Mapping[str, Any]
) -> Json:
    """Return the answer with an error code; `info` None stands for what the code means there."""
    service = path.partition("/")[0]
    reason = catalogue.message(service, code) if info is None else info
    return (
        {"ActionStatus": "FAIL", "ErrorInfo": reason, "ErrorCode": code}
        | _request_id(catalogue, path)
        | dict(fields)
    )


def documented(command: Command, body: Mapping[str, Any]) -> Json:
    """Return the answer of the example whose request is `body`, else of the first one that succeeds.

    Of a list that comes in pages that is the last page, if an example shows one: it has an end then.
    A request counts as equal also when it differs only in fields that the client fills in at random.
    """
    for ignored in ((), command.fill):
        wanted = _canonical(body, ignored)
        for example in command.examples:
            if _canonical(example.request, ignored) == wanted:
                return example.response
    succeeding = [example.response for example in command.examples if _succeeds(example)]
    succeeding.sort(key=lambda response: not _is_last_page(command, response))
    return succeeding[0] if succeeding else dict(_SUCCESS)


def recent_key(command: Command, body: Mapping[str, Any]) -> str | None:
    """Return what the service knows a call by when it comes again; None where it does not know it."""
    if command.dedupe is None:
        return None
    return json.dumps(
        [command.path, *(body.get(name) for name in command.dedupe.fields)], sort_keys=True
    )


def _request_id(catalogue: Catalogue, path: str) -> Json:
    """Return a RequestId where the command's examples have one."""
    command = catalogue.command(path)
    for example in command.examples if command else ():
        if "RequestId" in example.response:
            return {"RequestId": example.response["RequestId"]}
    return {}


def _is_last_page(command: Command, response: Mapping[str, object]) -> bool:
    return all(response.get(name, end) == end for name, end in command.last_page.items())


def _succeeds(example: Example) -> bool:
    status: object = example.response.get("ActionStatus", "OK")
    return example.response.get("ErrorCode", 0 if status == "OK" else None) == 0


def _canonical(body: Mapping[str, Any], ignored: Sequence[str]) -> str:
    """Return `body` without the fields at the wire paths `ignored`, as text that is equal for equal JSON."""
    text = json.dumps(body, sort_keys=True)
    if not ignored:
        return text
    copy = json.loads(text)
    for path in ignored:
        _remove(copy, path.split("."))
    return json.dumps(copy, sort_keys=True)


def _remove(value: object, steps: Sequence[str]) -> None:
    if not isinstance(value, dict):
        return
    fields = cast("dict[str, object]", value)
    name, rest = steps[0], steps[1:]
    if not rest:
        fields.pop(name, None)
    elif name.endswith("[]"):
        items = fields.get(name.removesuffix("[]"))
        for item in cast("list[object]", items) if isinstance(items, list) else ():
            _remove(item, rest)
    else:
        _remove(fields.get(name), rest)
