"""What the generated client of all cases does with the bodies that the cases give as examples."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from golden.conftest import Generated
from golden.support import all_cases
from timgen.modelling.model import Command, Example

# What deprecated commands say is looked at elsewhere.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

UNKNOWN = {"Unknown Field": [1, {"x": None}], "_": "a", "model_extra": 1}
MISFIT = {"no": [{"such": ["thing"]}]}

COMMANDS = [(case.name, command) for case in all_cases() for command in case.commands]


class Recorder:
    """A transport that keeps what is sent and answers with what it was told."""

    def __init__(self, package: Any) -> None:
        self.package = package
        self.answer: object = {"ErrorCode": 0}
        self.bodies: list[Any] = []

    def send(self, request: Any) -> object:
        self.bodies.append(json.loads(request.body))
        return self.package.Received(200, {}, json.dumps(self.answer).encode())


@pytest.fixture
def transport(generated: Generated) -> Recorder:
    return Recorder(generated.package)


@pytest.fixture
def client(generated: Generated, transport: Recorder) -> Any:
    return generated.package.ChatClient(1400000000, "dummy", base_url="https://localhost", transport=transport)


@pytest.fixture(params=COMMANDS, ids=lambda pair: "/".join(pair))
def command(request: pytest.FixtureRequest, generated: Generated) -> Command:
    path = "/".join(request.param)
    return next(command for command in generated.api.commands if command.path == path)


def response_bodies(command: Command) -> Iterator[dict[str, Any]]:
    for example in command.examples:
        yield copy.deepcopy(dict(example.response))


def same(left: object, right: object) -> bool:
    """Whether two JSON values are the same text, so that 1, 1.0 and true differ."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def dump(model: Any) -> object:
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)


def filled(command: Command, example: Example) -> bool:
    """Whether the example gives every field that the client would fill in at the top."""
    return all(path in example.request for path in command.fill if "." not in path)


def test_the_documented_call_sends_the_documented_body(command: Command, client: Any, transport: Recorder) -> None:
    for example in command.examples:
        transport.answer = {"ErrorCode": 0, **example.response}
        answer = eval(example.call, {"client": client})
        assert filled(command, example)
        assert same(transport.bodies[-1], example.request)
        assert same(answer.raw, transport.answer)


def test_a_request_body_survives_its_model(command: Command, generated: Generated) -> None:
    model = generated.package.COMMANDS[command.path].request_model
    for example in command.examples:
        instance = model.model_validate(example.request)
        assert same(dump(instance), example.request)
        assert same(json.loads(instance.model_dump_json(by_alias=True, exclude_unset=True)), example.request)


def test_an_answer_survives_its_model(command: Command, generated: Generated) -> None:
    model = generated.package.COMMANDS[command.path].response_model
    for body in response_bodies(command):
        assert same(dump(model.model_validate(body)), body)


def test_unknown_fields_of_an_answer_are_kept_at_every_level(command: Command, generated: Generated) -> None:
    model = generated.package.COMMANDS[command.path].response_model
    for body in response_bodies(command):
        for place in (body, *(value for value in body.values() if isinstance(value, dict))):
            if all(isinstance(value, type(next(iter(place.values())))) for value in place.values()):
                continue  # maybe a map, whose values have one type
            place.update(UNKNOWN)
        body.update(UNKNOWN)
        assert same(dump(model.model_validate(body)), body)


def test_no_value_of_an_answer_is_refused_or_changed(
    command: Command, generated: Generated, caplog: pytest.LogCaptureFixture
) -> None:
    model = generated.package.COMMANDS[command.path].response_model
    caplog.set_level(logging.DEBUG)
    for body in response_bodies(command):
        for misfit in (MISFIT, [MISFIT], None, True, 0, 1.0, 1.5, "text"):
            for name in body:
                changed = {**body, name: misfit}
                assert same(dump(model.model_validate(changed)), changed), name
    assert "such" not in caplog.text


def test_a_request_with_an_unknown_field_is_refused_but_not_as_extra(
    command: Command, client: Any, generated: Generated, transport: Recorder
) -> None:
    body = dict(command.examples[0].request)
    model = generated.package.COMMANDS[command.path].request_model
    with pytest.raises(ValueError, match="Extra inputs"):
        model.model_validate({**body, **UNKNOWN})
    client.call(command.path, {**body, **UNKNOWN})
    assert same(transport.bodies[-1], {**body, **UNKNOWN})


def test_a_request_that_does_not_fit_is_not_sent(
    command: Command, client: Any, generated: Generated, transport: Recorder
) -> None:
    for field in command.request.fields:
        if field.depth or field.type in ("any", "object or array") or field.schema_name or "object" in field.type:
            continue
        with pytest.raises(generated.package.RequestError) as caught:
            client.call(command.path, {**command.examples[0].request, field.wire_name: MISFIT})
        assert any(problem.path.startswith(field.wire_name) for problem in caught.value.problems), field.wire_name
    assert not transport.bodies


def test_the_whole_client_can_be_preloaded(client: Any) -> None:
    client.preload()


def test_every_class_of_the_models_is_there(generated: Generated) -> None:
    models = generated.package.models
    assert len(models.__all__) > len(COMMANDS) * 2
    for name in models.__all__:
        assert getattr(models, name).__name__ == name
