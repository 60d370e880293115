"""A transport that keeps what is sent, and the problems of what is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tencent_chat import ChatClient, Received, Request, RequestError

OK: dict[str, object] = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}


class Recorder:
    """Keeps the bodies that are sent, and answers with `answer`."""

    def __init__(self, answer: Mapping[str, object] = OK) -> None:
        self.answer = answer
        self.bodies: list[dict[str, Any]] = []

    def send(self, request: Request) -> Received:
        self.bodies.append(json.loads(request.body))
        return Received(200, {}, json.dumps(self.answer).encode())

    @property
    def body(self) -> dict[str, Any]:
        (body,) = self.bodies
        return body


def client_of(recorder: Recorder, **options: Any) -> ChatClient:
    return ChatClient(1, "dummy", region="china", transport=recorder, **options)


def problems(call: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(RequestError) as caught:
        call()
    return [(problem.path, problem.text) for problem in caught.value.problems]
