"""What an edit costs follows the edit: what is read, parsed, rendered and made anew, as counts."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Template

from support import minispec
from support.minispec import Mini
from support.paths import ROOT
from timgen.cli.main import main
from timgen.modelling.arguments import Arguments
from timgen.modelling.definitions import Definitions
from timgen.publishing import outputs
from timgen.reading import index, source
from timgen.rendering import datamodels, openapi
from timgen.rendering.codegen import Codegen, Order

SEND = "spec/v4/note_svc/send.yaml"


def repeated(root: Path, times: int) -> Mini:
    """Return a project whose services stand in it several times, generated and looked at."""
    mini = minispec.make(root)
    for folder in ("client/_macros", "client/tencent_chat/namespaces", "client/tencent_chat/models", "docs", "openapi"):
        shutil.copytree(ROOT / "templates" / folder, mini.root / "templates" / folder, dirs_exist_ok=True)
    for number in range(2, times + 1):
        for file, text in minispec.SPEC.items():
            if file.startswith("spec/v4/"):
                method = text.replace("method: rooms.", f"method: rooms{number}.")
                copy = method.replace("method: notes.", f"method: notes{number}.")
                mini.write(file.replace("_svc/", f"_svc{number}/"), copy)
        names = f"  rooms{number}: {{noun: Room{'ABCDE'[number]}, summary: Rooms}}\n"
        names += f"  notes{number}: {{noun: Note{'ABCDE'[number]}, summary: Notes}}\n"
        mini.patch("spec/api.yaml", "categories:\n", f"categories:\n#{number}\n")
        mini.write("spec/api.yaml", mini.read("spec/api.yaml").replace("categories:\n", f"{names}categories:\n"))
    return mini


class Counts(Counter[str]):
    """How often something was done since it was asked for last."""

    def take(self) -> dict[str, int]:
        counts = dict(self)
        self.clear()
        return counts


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counts:
    counts = Counts()

    def count(owner: object, name: str, label: str) -> None:
        function = getattr(owner, name)

        def counted(*arguments: Any, **options: Any) -> Any:
            counts[label] += 1
            return function(*arguments, **options)

        monkeypatch.setattr(owner, name, counted)

    count(source, "parse", "parsed")
    count(index, "read_file", "hashed")
    count(index, "hash_file", "hashed")
    count(outputs, "look", "walked the output")
    count(Codegen, "start", "datamodel-code-generator")
    count(Definitions, "add", "bodies cut")
    count(Arguments, "tables", "tables made")
    count(Arguments, "of", "arguments made")
    count(datamodels, "translate", "definitions translated")
    count(openapi, "_command_operation", "operations made")
    count(openapi, "_made_common", "shared components made")
    rendered = Template.render

    def render(template: Template, **context: Any) -> str:
        counts["of a command"] += "command" in context
        counts["of a service"] += "service" in context and "command" not in context
        return rendered(template, **context)

    monkeypatch.setattr(Template, "render", render)
    monkeypatch.setattr(index, "_STILL", -60.0)
    return counts


def timgen(mini: Mini, command: str) -> int:
    """Run a command in this process, and return how it ends."""
    with pytest.raises(SystemExit) as ended:
        main(["--root", str(mini.root), command])
    return int(ended.value.code or 0)


@pytest.mark.timeout(400)
def test_an_edit_costs_the_same_in_a_catalogue_three_times_as_large(tmp_path: Path, counts: Counts) -> None:
    found: list[list[dict[str, int]]] = []
    for times in (1, 3):
        mini = repeated(tmp_path / str(times), times)
        assert timgen(mini, "generate") == 0
        assert timgen(mini, "generate") == 0
        steps: list[dict[str, int]] = []
        counts.clear()
        for old, new in (
            ("summary: Send a note", "summary: Send one note"),
            ("summary: Send one note", "summary: Send the note"),
        ):
            mini.patch(SEND, old, new)
            assert timgen(mini, "lint") == 0
            steps.append(counts.take())
            assert timgen(mini, "lint") == 0
            steps.append(counts.take())
            assert timgen(mini, "generate") == 0
            steps.append(counts.take())
            assert timgen(mini, "generate") == 0
            steps.append(counts.take())
        assert timgen(mini, "generate") == 0
        steps.append(counts.take())
        found.append(steps)
    assert found[0] == found[1]
    assert not any("datamodel-code-generator" in step for step in found[0]), "words changed only"
    edited = found[0][2]
    assert (edited["operations made"], edited.get("shared components made", 0), edited["of a service"]) == (1, 0, 1)
    assert all(step.get("tables made", 0) < 20 for step in found[0]), (
        "those of shared schemas, and of the edited command"
    )
    assert [step.get("parsed", 0) for step in found[0]] == [1, 0, 0, 0] * 2 + [0]
    walks = [step.get("walked the output", 0) for step in found[0]]
    assert walks == [0, 0, 1, 1] * 2 + [1]
    assert found[0][-1] == {"hashed": 1, "walked the output": 1}, "nothing changed: the seal is read"
    of_memory, manifest = 3, 1
    assert found[0][-2]["hashed"] == of_memory + 8 + manifest, "seal, index, run, and what the last run wrote"


def test_a_new_form_of_a_body_starts_the_model_generator_for_its_module_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mini = repeated(tmp_path, 1)
    assert timgen(mini, "generate") == 0
    asked: list[list[str]] = []
    send = Codegen.send

    def asking(codegen: Codegen, order: Order, folder: Path) -> None:
        asked.append(sorted(order.schemas))
        send(codegen, order, folder)

    monkeypatch.setattr(Codegen, "send", asking)
    mini.patch(
        "spec/v4/room_svc/list_members.yaml", "    Offset:", "    After: {type: string, description: A.}\n    Offset:"
    )
    assert timgen(mini, "generate") == 0
    assert all(not name.startswith("notes.") for name in asked[0])
    mini.patch(
        "spec/v4/room_svc/list_members.yaml", "    After: {type: string, description: A.}\n    Offset:", "    Offset:"
    )
    assert timgen(mini, "generate") == 0
    assert len(asked) == 1, "that form was made before"


OTHER = "-8: {name: OTHER, message: Another one., fix: Nothing., category: limit, retry: never}\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "commands"),
    [
        ("spec/errors.yaml", "The text is too long.", "The text is much too long.", {"add_members"}),
        ("spec/errors.yaml", "10002:\n", f"{OTHER}10002:\n", set[str]()),
        ("spec/schemas/person.yaml", "A member of a room.", "Somebody in a room.", {"list_members"}),
        ("spec/schemas/note.yaml", "The address.", "Where it leads to.", {"send"}),
        ("spec/schemas/note.yaml", "KnownNote:\n", "Aside: {type: string, description: A.}\nKnownNote:\n", set[str]()),
    ],
    ids=["code", "new code", "schema", "schema that is led to", "new schema"],
)
def test_an_edit_of_a_common_file_makes_anew_what_refers_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str, commands: set[str]
) -> None:
    mini = repeated(tmp_path, 1)
    assert timgen(mini, "generate") == 0
    remade: set[str] = set()
    rendered = Template.render

    def render(template: Template, **context: Any) -> str:
        remade.update({context["command"].name} if "command" in context else ())
        return rendered(template, **context)

    monkeypatch.setattr(Template, "render", render)
    mini.patch(file, old, new)
    assert timgen(mini, "generate") == 0
    assert remade == commands


def test_lint_tells_warnings_again_every_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mini = minispec.make(tmp_path)
    mini.write("spec/schemas/badge.yaml", "Badge: {type: string, enum: [Gold], description: A.}\n")
    told: list[str] = []
    for _ in range(3):
        assert timgen(mini, "lint") == 0
        told.append(capsys.readouterr().out)
    assert "unused" in told[0]
    assert told[1:] == told[:1] * 2
    mini.write(SEND, f"\n\n{mini.read(SEND)}")
    assert timgen(mini, "lint") == 0
    assert capsys.readouterr().out == told[0]
    mini.patch(SEND, "method: notes.send", "method: notes.import")
    for _ in range(2):
        assert timgen(mini, "lint") == 1
        assert f"{SEND}:4:" in capsys.readouterr().out


def test_what_a_run_remembers_may_be_lost_between_any_two(tmp_path: Path, counts: Counts) -> None:
    mini = repeated(tmp_path, 1)
    assert timgen(mini, "generate") == 0
    before = mini.output()
    for path in sorted((tmp_path / ".timgen").iterdir()):
        data = path.read_bytes()
        for damaged in (None, b"", data[: len(data) // 2], b"x" * len(data)):
            if damaged is None:
                path.unlink()
            else:
                path.write_bytes(damaged)
            assert timgen(mini, "lint") == 0
            assert timgen(mini, "generate") == 0
            assert mini.output() == before
    assert counts
