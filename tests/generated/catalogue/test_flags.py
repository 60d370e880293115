"""Flags of every command's body."""

from __future__ import annotations

import json

import pytest

from generated.catalogue.spec import COMMANDS_WITH_EXAMPLES, at, good_bodies, places, put, text_of
from generated.recording import Recorder, client_of
from tencent_chat import COMMANDS, RequestError
from timgen.modelling.model import Command

REFUSED = "must be true or false; 1 or 0 on the wire"


@pytest.mark.parametrize("command", COMMANDS_WITH_EXAMPLES, ids=lambda command: command.path)
def test_every_flag_of_a_request(command: Command) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    for body in good_bodies(command):
        for path, schema in places(command.request.schema, body):
            if schema.get("x-flag") is not True:
                continue
            for flag in (True, False):
                client.call(command.path, put(body, path, flag))
                assert json.dumps(at(recorder.bodies[-1], path)) == str(int(flag))
            with pytest.raises(RequestError) as caught:
                client.call(command.path, put(body, path, 2))
            assert (text_of(path), REFUSED) in [tuple(problem) for problem in caught.value.problems]


def test_the_catalogue_has_flags() -> None:
    assert sum(command.method.startswith("groups.") for command in COMMANDS.values())
    flags = [
        path
        for command in COMMANDS_WITH_EXAMPLES
        for body in good_bodies(command)
        for path, schema in places(command.request.schema, body)
        if schema.get("x-flag") is True
    ]
    assert len(flags) > 20
    assert not [path for path in flags if path[-1] == "PushFlag"]
