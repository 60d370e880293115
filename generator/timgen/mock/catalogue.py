"""The spec as the mock service asks it: commands by path, body validators, example answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from timgen.language.schema import JsonValue
from timgen.language.validators import request_validator
from timgen.modelling.model import Api, Command, Example, Service

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


class Catalogue:
    """Look-ups in an Api. Safe to share between threads."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.services: Mapping[str, Service] = {service.name: service for service in api.services}
        self.commands: Mapping[str, Command] = {command.path: command for command in api.commands}
        self._errors = {error.code: error for error in api.errors}
        self._components = {schema.name: schema.schema for schema in api.schemas}
        # Validators are dear to build, and a run rarely meets more than a few commands.
        self._body_validator = lru_cache(maxsize=None)(self._build_body_validator)
        self._parameter_validators: Mapping[str, Draft202012Validator] = {
            parameter.name: request_validator(parameter.schema, {}) for parameter in api.query
        }
        self._request_ids = {service.name: _example_request_id(service) for service in api.services}

    def parameter_validator(self, name: str) -> Draft202012Validator:
        """Return the validator of the values of a query parameter."""
        return self._parameter_validators[name]

    def request_validator(self, command: Command) -> Draft202012Validator:
        """Return the validator of the request bodies of `command`."""
        return self._body_validator(command.path)

    def success(self, command: Command, body: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
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
        return next(iter(succeeding), {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0})

    def failure(self, service: str, code: int, info: str) -> Mapping[str, JsonValue]:
        """Return a failed answer, with a RequestId where the examples of `service` have one."""
        answer: dict[str, JsonValue] = {"ActionStatus": "FAIL", "ErrorInfo": info, "ErrorCode": code}
        request_id = self._request_ids.get(service)
        return answer if request_id is None else {**answer, "RequestId": request_id}

    def message(self, service: str, code: int) -> str:
        """Return what `code` means in `service`."""
        error = self._errors.get(code)
        return error.meaning(service).message if error else f"Error {code}."

    def _build_body_validator(self, path: str) -> Draft202012Validator:
        return request_validator(self.commands[path].request.schema, self._components)


def _is_last_page(command: Command, response: Mapping[str, object]) -> bool:
    ends = [variant.until for variant in command.paging if variant.until is not None]
    return all(response.get(name, end) == end for name, end in ends)


def _succeeds(example: Example) -> bool:
    code = example.response.get("ErrorCode")
    return code == 0 if code is not None else example.response.get("ActionStatus", "OK") == "OK"


def _example_request_id(service: Service) -> str | None:
    examples = (example for command in service.commands for example in command.examples)
    ids = (example.response.get("RequestId") for example in examples)
    return next((request_id for request_id in ids if isinstance(request_id, str)), None)


def _canonical(body: Mapping[str, JsonValue], ignored: Sequence[str]) -> str:
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
