"""The comparison as a whole: what holds for any two specs."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from support import spec_changes
from support.paths import ROOT
from support.spec_changes import EVERY
from timgen.pipeline import load
from timgen.tools.diff.bodies import STRUCTURE
from timgen.tools.diff.compare import compare
from timgen.tools.diff.keywords import JUDGED


def test_the_catalogue_does_not_differ_from_itself() -> None:
    old, new = load(ROOT)[0], load(ROOT)[0]
    assert old is not None
    assert new is not None
    comparison = compare(old, new)
    assert comparison.changes == ()
    assert (comparison.level, comparison.step, comparison.is_declared) == ("none", "none", True)


def test_every_keyword_of_bodies_is_judged() -> None:
    # Who adds a keyword says what a change of it does to those who write and to those who read.
    meta = json.loads((ROOT / "spec/meta/body.schema.json").read_text(encoding="utf-8"))
    assert set(meta["properties"]) == STRUCTURE | JUDGED


@pytest.mark.parametrize("seed", range(12))
def test_changes_made_together_are_told_together(tmp_path: Path, seed: int) -> None:
    old, new = (spec_changes.make(tmp_path / name) for name in ("old", "new"))
    made: list[str] = []
    chosen = random.Random(seed).sample(EVERY, 12)
    for change in chosen:
        kept = {file: new.read(file) for file, _, _ in change.patches if new.path(file).is_file()}
        try:
            spec_changes.perform(new, change)
        except (AssertionError, FileNotFoundError):
            fits = False
        else:
            fits = load(new.root)[0] is not None
        if fits:
            made.append(change.level)
            continue
        for file, _, _ in change.patches:
            if file in kept:
                new.write(file, kept[file])
            elif new.path(file).is_file():
                new.remove(file)
    there, back = spec_changes.compared(old, new), spec_changes.compared(new, old)
    levels = ["breaking", "additive", "docs"]
    assert there.level == min(made, key=levels.index)
    assert back.changes
    assert spec_changes.compared(new, new).changes == ()
    # What came is what is gone on the way back; a new name of a field knows the former one, but not the other way.
    if not any(change.kind == "field-renamed" for change in (*there.changes, *back.changes)):
        for one, other in ((there, back), (back, there)):
            came, gone = (
                {change.subject for change in side.changes if change.kind == kind}
                for side, kind in ((one, "field-added"), (other, "field-removed"))
            )
            assert came == gone
