"""Instants and spans of time in every command's body."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from generated.catalogue.spec import COMMANDS_WITH_EXAMPLES, at, good_bodies, places, put, text_of
from generated.recording import Recorder, client_of, problems
from timgen.modelling.model import Command

NAIVE = "a datetime needs a time zone: it is not said which instant is meant"
A_DAY = {"milliseconds": 86_400_000, "seconds": 86_400, "minutes": 1440, "hours": 24, "days": 1}


@pytest.mark.parametrize("command", COMMANDS_WITH_EXAMPLES, ids=lambda command: command.path)
def test_every_time_of_a_request(command: Command) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    instant = datetime(2024, 1, 1, tzinfo=UTC)
    for body in good_bodies(command):
        for path, schema in places(command.request.schema, body):
            if form := schema.get("x-time"):
                client.call(command.path, put(body, path, instant), validate=False)
                assert at(recorder.bodies[-1], path) == (1704067200000 if form == "unix-ms" else 1704067200)
                naive = put(body, path, instant.replace(tzinfo=None))
                assert problems(lambda naive=naive: client.call(command.path, naive)) == [(text_of(path), NAIVE)]  # type: ignore[misc]
            elif (unit := schema.get("x-unit")) in A_DAY:
                client.call(command.path, put(body, path, timedelta(days=1)), validate=False)
                assert at(recorder.bodies[-1], path) == A_DAY[unit]
