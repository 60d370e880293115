"""A copy on disk: compared and updated, all of it or nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from timgen.publishing.outputs import is_interrupted
from timgen.reading.project import Project
from timgen.tools.vendor.copy import Difference, PlaceError, check_new, check_place, compare, update
from timgen.tools.vendor.making import Made
from timgen.tools.vendor.record import RECORD, Options, Record, read_record
from unit.tools.vendor.conftest import made

OLD = made({"__init__.py": b"1", "models/a.py": b"a", "models/b.py": b"b"})
NEW = made({"__init__.py": b"2", "models/a.py": b"a", "new/c.py": b"c"}, "2.0.0")
FINE = Difference((), (), ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "app" / "chat"
    update(target, OLD, None)
    return target


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_copy_is_what_it_should_be(folder: Path) -> None:
    assert tree(folder) == OLD.all_files
    assert read_record(folder) == OLD.record
    assert compare(folder, OLD, OLD.record) == FINE


def test_an_update_writes_what_changed_and_removes_what_went(folder: Path) -> None:
    (folder / "ours.py").write_text("kept")
    assert compare(folder, NEW, OLD.record) == Difference(("new/c.py",), ("__init__.py", "models/b.py", RECORD), ())
    done = update(folder, NEW, OLD.record)
    assert (done.written, done.removed, done.unchanged) == (("__init__.py", "new/c.py", RECORD), ("models/b.py",), 1)
    assert tree(folder) == {**NEW.all_files, "ours.py": b"kept"}
    assert update(folder, NEW, NEW.record).written == ()


def test_edited_files_are_named_also_those_that_would_go(folder: Path) -> None:
    (folder / "__init__.py").write_text("mine")
    (folder / "models/b.py").write_text("mine")
    (folder / "models/a.py").unlink()
    assert compare(folder, NEW, OLD.record) == Difference(
        ("models/a.py", "new/c.py"), (RECORD,), ("__init__.py", "models/b.py")
    )
    assert compare(folder, OLD, OLD.record) == Difference(("models/a.py",), (), ("__init__.py", "models/b.py"))


def test_a_file_in_the_way_of_a_new_one_is_not_timgens(folder: Path) -> None:
    (folder / "new").mkdir()
    (folder / "new/c.py").write_text("mine")
    assert compare(folder, NEW, OLD.record).edited == ("new/c.py",)


def test_an_edit_that_is_what_it_should_be_is_none(folder: Path) -> None:
    (folder / "__init__.py").write_text("2")
    assert compare(folder, NEW, OLD.record).edited == ()


def test_another_record_is_outdated(folder: Path) -> None:
    other = Made(OLD.files, Record("chat", "1.0.0", "0.1.0", Options(has_cli=False), OLD.record.files))
    assert compare(folder, other, OLD.record) == Difference((), (RECORD,), ())


def test_a_failure_leaves_the_old_copy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, calls = os.replace, [0]

    def failing(source: Path, target: Path) -> None:
        calls[0] += 1
        if calls[0] == 3:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(OSError, match="No space"):
        update(folder, NEW, OLD.record)
    assert tree(folder) == OLD.all_files


def test_a_run_after_one_that_was_killed_completes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "chat"
    replace, calls = os.replace, [0]

    def killed(source: Path, target: Path) -> None:
        calls[0] += 1
        if calls[0] == 3:
            # What the process would leave behind.
            shutil.copytree(folder, tmp_path / "left")
        replace(source, target)

    monkeypatch.setattr(os, "replace", killed)
    update(folder, OLD, None)
    left = tmp_path / "left"
    assert read_record(left) is None
    assert is_interrupted(left)
    check_new(left)
    assert compare(left, OLD, None).edited == ()
    update(left, OLD, None)
    assert tree(left) == OLD.all_files


def test_a_folder_with_something_else_is_no_place(tmp_path: Path) -> None:
    check_new(tmp_path / "missing")
    (tmp_path / "empty").mkdir()
    check_new(tmp_path / "empty")
    (tmp_path / "empty" / "main.py").touch()
    with pytest.raises(PlaceError, match="not empty and no vendored copy"):
        check_new(tmp_path / "empty")


@pytest.mark.parametrize("name", ["generated", "generated/client/x", "spec", "templates/x", "app/../generated/x"])
def test_the_projects_own_folders_are_no_place(tmp_path: Path, name: str) -> None:
    (tmp_path / "templates").mkdir()
    with pytest.raises(PlaceError, match="the project's own"):
        check_place(tmp_path / name, Project(tmp_path))
    (tmp_path / "link").symlink_to(tmp_path / "generated")
    with pytest.raises(PlaceError, match="the project's own"):
        check_place(tmp_path / "link" / "x", Project(tmp_path))


@pytest.mark.parametrize("name", ["my-chat", "1chat", "class", "chat.py"])
def test_a_name_that_python_cannot_import_is_no_place(tmp_path: Path, name: str) -> None:
    with pytest.raises(PlaceError, match="no program could import"):
        check_place(tmp_path / name, Project(tmp_path))


def test_a_file_is_no_place(tmp_path: Path) -> None:
    (tmp_path / "chat").touch()
    with pytest.raises(PlaceError, match="is a file"):
        check_place(tmp_path / "chat", Project(tmp_path))
