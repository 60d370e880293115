"""`timgen diff` held against the package: what breaks there, in names and signatures, it calls breaking.

Where it says less, changes can be made together: none of them may break the package.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from support import package_surface, spec_changes
from support.minispec import Mini
from support.package_surface import Surface
from support.paths import ROOT
from support.spec_changes import BODIES, COMMANDS, EVERY, KEYWORDS, SURFACE, Change
from timgen.pipeline import load, make_tree
from timgen.publishing.memory import Memory
from timgen.publishing.outputs import existing_files
from timgen.publishing.publish import publish
from timgen.reading.index import Index
from timgen.reading.inputs import read_inputs
from timgen.reading.project import Project

pytestmark = pytest.mark.timeout(600)

SEEN = (
    "models.BookRoomRequest.__init__ takes less as either: str | None, not str | int | None",
    "models.BookRoomRequest.__init__ needs size",
    "models.BookRoomResponse.weight may be something else: int | str | None, not int | None",
    "models.Purpose has no 'play'",
    "namespaces.rooms.Rooms.add_members_many is gone",
    "namespaces.rooms.Rooms.book takes less as either: str | None, not str | int | None",
    "error_codes.ErrorCode.TOO_LONG is gone",
    "exceptions.ServerError is gone",
    "models.Oval is gone",
)
"""Some of what a package shows that breaks."""


def generate(root: Path) -> Surface:
    """Make the package anew, as far as it changed, and read it."""
    project = Project(root)
    with tempfile.TemporaryDirectory() as folder:
        tree, findings = make_tree(project, read_inputs(project), Memory(), {}, Path(folder))
        assert tree is not None, [finding.headline for finding in findings]
        publish(project.output, tree.files, tree.manifest, existing_files(project.output), Index())
    return package_surface.read(project.output / "client/tencent_chat")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mini, Surface]:
    """The project with the real client, generated once."""
    mini = spec_changes.make(tmp_path_factory.mktemp("base"))
    shutil.rmtree(mini.path("templates"))
    shutil.copytree(ROOT / "templates/client", mini.path("templates/client"))
    return mini, generate(mini.root)


def together(mini: Mini, changes: list[Change], root: Path) -> tuple[Mini, list[Change]]:
    """Return a copy of the project with as many of the changes as go together, and these."""
    shutil.copytree(mini.root, root)
    copy = Mini(root)
    made: list[Change] = []
    for change in changes:
        kept = {file: copy.read(file) for file, _, _ in change.patches if copy.path(file).is_file()}
        try:
            spec_changes.perform(copy, change)
        except (AssertionError, FileNotFoundError):
            fits = False
        else:
            fits = load(root)[0] is not None
        if fits:
            made.append(change)
            continue
        for file, _, _ in change.patches:
            if file in kept:
                copy.write(file, kept[file])
            elif copy.path(file).is_file():
                copy.remove(file)
    assert made, changes
    return copy, made


@pytest.mark.parametrize("back", [False, True])
def test_what_diff_does_not_call_breaking_breaks_no_package(
    base: tuple[Mini, Surface], tmp_path: Path, back: bool
) -> None:
    (mini, surface), rounds = base, 0
    rest = [change for change in EVERY if (change.back if back else change.level) != "breaking"]
    while rest:
        changed, made = together(mini, rest, tmp_path / str(rounds))
        rest = [change for change in rest if change not in made]
        rounds += 1
        after = generate(changed.root)
        broken = [*package_surface.breaks(*((after, surface) if back else (surface, after)))]
        assert broken == [], made


def test_a_package_shows_what_breaks(base: tuple[Mini, Surface], tmp_path: Path) -> None:
    # A command that is gone, or is called otherwise, would hide what else breaks.
    visible = (*KEYWORDS, *BODIES, *(change for change in COMMANDS if change.name == "batch gone"), *SURFACE)
    breaking = [change for change in visible if change.level == "breaking"]
    changed, made = together(base[0], breaking, tmp_path / "changed")
    assert len(made) > len(breaking) // 2
    broken = [*package_surface.breaks(base[1], generate(changed.root))]
    assert {*SEEN} - {*broken} == set(), broken
