"""Constructors of every command's body."""

from __future__ import annotations

import pytest

from generated.catalogue.spec import COMMANDS_WITH_EXAMPLES, good_bodies
from generated.recording import Recorder, client_of
from tencent_chat import COMMANDS
from tencent_chat._bodies.fields import fields_of
from timgen.modelling.model import Command


@pytest.mark.parametrize("command", COMMANDS_WITH_EXAMPLES, ids=lambda command: command.path)
def test_bodies_can_be_made_by_constructors(command: Command) -> None:
    """Whether by names of attributes or of the wire, and with parts that are mappings or objects."""
    model = COMMANDS[command.path].request_model
    attributes = {field.alias or name: name for name, field in fields_of(model).items()}
    recorder = Recorder()
    client = client_of(recorder)
    for body in good_bodies(command):
        made = model(**body)
        assert made == model(**{attributes[name]: value for name, value in body.items()})
        assert made == model.model_validate(body, by_alias=True, by_name=False)
        assert made.model_dump(mode="json", by_alias=True, exclude_unset=True) == body
        client.call(command.path, made)
        if not command.fill:
            assert recorder.bodies[-1] == body
