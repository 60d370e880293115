"""What the tests of diff share: a project, and what is told of a change of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support import spec_changes
from support.spec_changes import Change


@pytest.fixture
def tell(tmp_path: Path) -> Callable[[Change], None]:
    """Return what says whether all is told of a change, and the right level of its reverse."""

    def check(change: Change) -> None:
        old, new = (spec_changes.make(tmp_path / name) for name in ("old", "new"))
        spec_changes.perform(new, change)
        there = spec_changes.compared(old, new)
        told = [f"{c.level} {c.kind} {c.subject}" for c in there.changes]
        for expected in change.told:
            assert expected.removesuffix("~") in told, told
        if not any(expected.endswith("~") for expected in change.told):
            assert sorted(told) == sorted(change.told)
        assert there.level == change.level, told
        assert all(c.message and c.file.startswith("spec/") for c in there.changes)
        back = spec_changes.compared(new, old)
        assert back.level == change.back, [f"{c.level} {c.kind} {c.subject}" for c in back.changes]

    return check
