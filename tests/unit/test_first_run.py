"""What a first run costs, as counts: how often each file is parsed, written and moved, and what it holds meanwhile."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import minispec
from support.minispec import Mini
from timgen.checking import check
from timgen.checking.rules import RULES
from timgen.checking.rules.registry import Rule
from timgen.cli.main import main
from timgen.modelling.definitions import Definition, Definitions
from timgen.pipeline import load
from timgen.publishing import publish
from timgen.reading import source
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.spec import Spec
from timgen.rendering import datamodels, render
from timgen.rendering.codegen import Codegen, Order

SEND = "spec/v4/note_svc/send.yaml"


def generate(mini: Mini) -> int:
    """Run the command in this process, and return how it ends."""
    with pytest.raises(SystemExit) as ended:
        main(["--root", str(mini.root), "generate"])
    return int(ended.value.code or 0)


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each text was composed since the test began."""
    counts: Counter[str] = Counter()
    compose = yaml.compose

    def counted(text: str, **options: Any) -> Any:
        counts[text] += 1
        return compose(text, **options)

    monkeypatch.setattr(source.yaml, "compose", counted)
    return counts


def nodes() -> int:
    """How many nodes of YAML are in memory."""
    gc.collect()
    # What objects of others pretend to be is not asked for.
    return sum(issubclass(type(one), yaml.Node) for one in gc.get_objects())


def test_a_sound_file_is_parsed_once_and_no_node_of_it_is_kept(tmp_path: Path, composed: Counter[str]) -> None:
    mini = minispec.make(tmp_path)
    before = nodes()
    built, findings = load(mini.root)
    assert built
    assert not findings
    assert set(composed.values()) == {1}
    assert len(composed) == len(minispec.SPEC)
    assert nodes() == before


def test_a_file_with_findings_is_parsed_once_more_however_many_it_has(tmp_path: Path, composed: Counter[str]) -> None:
    mini = minispec.make(tmp_path)
    mini.patch(SEND, "summary: Send a note", "sumary: Send a note")
    mini.patch(SEND, "window: 60", "window: 0")
    built, findings = load(mini.root)
    assert built is None
    assert len(findings) > 1
    assert {text: times for text, times in composed.items() if times > 1} == {mini.read(SEND): 2}


def test_each_output_is_written_once_and_moved_to_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mini = minispec.make(tmp_path)
    written: Counter[str] = Counter()
    moved: list[str] = []
    put, move = render.Workshop.put, shutil.move

    def counted_put(workshop: render.Workshop, path: str, data: bytes) -> None:
        written[path] += 1
        put(workshop, path, data)

    def counted_move(file: Path, target: Path) -> Any:
        moved.append(str(target))
        return move(file, target)

    monkeypatch.setattr(render.Workshop, "put", counted_put)
    monkeypatch.setattr(publish.shutil, "move", counted_move)
    assert generate(mini) == 0
    made = mini.output().keys() - {"manifest.json"}
    assert written == dict.fromkeys(made, 1)
    assert len(moved) == len(made)


def test_models_are_ordered_before_examples_are_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mini = minispec.make(tmp_path)
    happened: list[str] = []
    send = Codegen.send

    def sending(codegen: Codegen, order: Order, folder: Path) -> None:
        happened.append("ordered")
        send(codegen, order, folder)

    def watched(rule: Rule) -> Rule:
        def judge(spec: Spec, root: Path) -> Iterable[Diagnostic]:
            happened.append(rule.id)
            return rule.function(spec, root)

        return replace(rule, function=judge)

    monkeypatch.setattr(Codegen, "send", sending)
    monkeypatch.setattr(check, "RULES", tuple(map(watched, RULES)))
    assert generate(mini) == 0
    late = happened[happened.index("ordered") :]
    assert "invalid-example" in late
    assert {rule.id for rule in RULES if rule.severity == "error" and not rule.shown}.isdisjoint(late)


def test_what_is_ordered_is_made_while_the_rest_is_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mini = minispec.make(tmp_path)
    happened: list[str] = []
    send, receive, translate = Codegen.send, Codegen.receive, datamodels.translate

    def sending(codegen: Codegen, order: Order, folder: Path) -> None:
        happened.append("ordered")
        assert not any("description" in schema for schema in order.schemas.values()), "words are no matter of models"
        send(codegen, order, folder)

    def receiving(codegen: Codegen) -> Iterator[dict[str, str]]:
        for sources in receive(codegen):
            happened.append("came")
            yield sources
            happened.append("finished")

    def translating(definition: Definition, definitions: Definitions) -> Mapping[str, object]:
        happened.append("translated")
        return translate(definition, definitions)

    monkeypatch.setattr(Codegen, "send", sending)
    monkeypatch.setattr(Codegen, "receive", receiving)
    monkeypatch.setattr(datamodels, "translate", translating)
    monkeypatch.setattr(datamodels, "_MOST_AT_ONCE", 6)
    assert generate(mini) == 0
    orders = happened.count("ordered")
    assert orders > 2
    assert happened.index("ordered") < max(at for at, what in enumerate(happened) if what == "translated")
    assert happened[-2 * orders :] == ["came", "finished"] * orders


def test_a_wrong_example_ends_a_run_whose_models_were_ordered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mini = minispec.make(tmp_path / "project")
    mini.patch("spec/v4/room_svc/list_members.yaml", "Limit: 10}", "Limit: 0}")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    assert generate(mini) == 1
    assert "error[invalid-example]" in capsys.readouterr().out
    assert not (mini.root / "generated").exists()
    assert not list((tmp_path / "temporary").iterdir())
