"""Outlines of bodies are kept from run to run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.paths import ROOT
from timgen.modelling import build as module
from timgen.modelling.build import Built, build
from timgen.modelling.definitions import Definitions
from timgen.modelling.outlines import kept_outline
from timgen.pipeline import load


@pytest.fixture(scope="module")
def built() -> Built:
    found, _ = load(ROOT)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def texts(built: Built) -> dict[str, str]:
    return {part.file: part.outline.to_json() for part in built.parts}


def test_an_outline_becomes_a_text_and_is_made_of_it(built: Built, texts: dict[str, str]) -> None:
    shared = set(built.api.schemas_by_name)
    assert [kept_outline(texts[part.file], shared) for part in built.parts] == [part.outline for part in built.parts]


def test_of_outlines_the_same_model_is_made_without_a_look_at_bodies(
    built: Built, texts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[str] = []
    add = Definitions.add

    def noted(self: Definitions, schema: Any, name: str, *arguments: Any, **options: Any) -> str:
        added.append(name)
        return add(self, schema, name, *arguments, **options)

    monkeypatch.setattr(module.Definitions, "add", noted)
    again, _ = build(built.spec, texts)
    assert again is not None
    assert sorted(added) == sorted([*built.api.schemas_by_name, built.api.envelope.class_name])
    assert again.api == built.api
    command, other = again.api.commands[5], built.api.commands[5]
    assert command.arguments == other.arguments
    assert command.imports == other.imports
    assert (command.request.fields, command.response.records) == (other.request.fields, other.response.records)
    assert [example.call for example in command.examples] == [example.call for example in other.examples]
    assert len(added) == len(built.api.schemas) + 1 + 2
    assert again.definitions.by_key == built.definitions.by_key


def changed(text: str, key: str, value: object) -> str:
    return json.dumps({**json.loads(text), key: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("module", None),
        ("names", "ABC"),
        ("names", [1]),
        ("written", ["NoSuchSchema"]),
        ("read", {"A": 1}),
        ("limits", [{"name": "A"}]),
        ("limits", [{"name": "A", "max_bytes": "1", "excluded": []}]),
        ("former", [[]]),
        ("fill", 3),
    ],
)
def test_what_is_no_outline_is_none(built: Built, texts: dict[str, str], key: str, value: object) -> None:
    text = texts[built.parts[0].file]
    assert kept_outline(changed(text, key, value), built.api.schemas_by_name) is None


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "[" * 99999, "\0"])
def test_any_text_may_stand_there(built: Built, text: str) -> None:
    assert kept_outline(text, built.api.schemas_by_name) is None
    again, _ = build(built.spec, {part.file: text for part in built.parts})
    assert again is not None
    assert [part.outline for part in again.parts] == [part.outline for part in built.parts]
