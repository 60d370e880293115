"""Batches of every command that takes a list."""

from __future__ import annotations

from typing import Any

import pytest

from generated.catalogue.spec import API
from generated.clients import user_of
from generated.loopback import OK, Server, http
from support.listings import method
from timgen.language.naming import python_name
from timgen.modelling.model import Command

BATCHES = [command for command in API.commands if command.batch]


@pytest.mark.parametrize("command", BATCHES, ids=lambda command: command.path)
def test_every_batch_is_split_at_its_maximum(kind: str, command: Command) -> None:
    assert command.batch is not None
    field, most = command.batch.field, command.batch.max
    # The first documented body that has the list.
    body = next(dict(example.request) for example in command.examples if example.request.get(field))
    size = 2 * most + 1
    # The items need not differ for the service, but for us.
    given = [_numbered(body[field][0], number) for number in range(size)]
    arguments = {python_name(name): value for name, value in body.items()}
    arguments[python_name(field)] = given
    with Server(lambda *_: http(OK)) as server, user_of(kind, server, retry=False, timeout=5.0) as user:
        result = user(
            lambda client: method(client, f"{command.method}_many")(**arguments, concurrency=1, validate=False)
        )
    bodies = [request.json for request in server.requests]
    assert [len(sent[field]) for sent in bodies] == [most, most, 1]
    assert [item for sent in bodies for item in sent[field]] == given
    for sent in bodies:
        others = {name: value for name, value in body.items() if name != field}
        assert {name: sent[name] for name in others} == others
    assert [item.item for item in result.items] == given
    assert {item.outcome for item in result.items} == {"done"}
    assert len(result.responses) == 3
    result.raise_for_failures()


def _numbered(item: Any, number: int) -> Any:
    if isinstance(item, dict):
        return {**item, "Number": number}
    return f"{item}{number}" if isinstance(item, str) else number
