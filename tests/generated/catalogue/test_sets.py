"""Documented sets of values in every command's body."""

from __future__ import annotations

from typing import Any

import pytest

from generated.catalogue.spec import COMMANDS_WITH_EXAMPLES, at, good_bodies, places, put, text_of
from generated.recording import Recorder, client_of
from tencent_chat import ChatClient, RequestError
from timgen.modelling.model import Command


@pytest.mark.parametrize("command", COMMANDS_WITH_EXAMPLES, ids=lambda command: command.path)
def test_every_set_of_a_request(command: Command) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    for body in good_bodies(command):
        client.call(command.path, body)
        for path, schema in places(command.request.schema, body):
            if "enum" not in schema or (isinstance(path[-1], int) and path[-1] > 1):
                continue
            for value in schema["enum"]:
                told = refusal(client, command.path, put(body, path, value))
                assert not [text for where, text in told if where == text_of(path) and "must be" in text], value
            wrong = "no such value" if isinstance(schema["enum"][0], str) else 987654321
            told = refusal(client, command.path, put(body, path, wrong))
            outside = [text for where, text in told if where == text_of(path) and text.startswith("must be ")]
            assert bool(outside) is ("x-open" not in schema), text_of(path)
            client.call(command.path, put(body, path, wrong), validate=False)
            assert at(recorder.bodies[-1], path) == wrong


def refusal(client: ChatClient, path: str, body: dict[str, Any]) -> list[tuple[str, str]]:
    try:
        client.call(path, body)
    except RequestError as error:
        return [(problem.path, problem.text) for problem in error.problems]
    return []
