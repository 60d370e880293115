"""The memory: it makes the next run fast, and is needed for nothing."""

import json
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from timgen.publishing.memory import Memory, Run, recall
from timgen.reading.index import Index
from timgen.reading.inputs import Inputs, sha256
from timgen.reading.seal import Seal

INPUTS = Inputs({"ruff": "1"}, {"spec/api.yaml": "a" * 64}, "t" * 64)
RUN = Run({"docs/é.md": "b" * 64}, {"docs/é.md": "c" * 64})


def other(number: int) -> Inputs:
    return replace(INPUTS, spec={"spec/api.yaml": sha256(b"%d" % number)})


def files(root: Path) -> set[str]:
    return {path.name for path in (root / ".timgen").iterdir()}


def test_a_run_is_remembered_for_exactly_its_inputs(tmp_path: Path) -> None:
    recall(tmp_path, INPUTS).keep(RUN)
    assert recall(tmp_path, INPUTS).same == RUN
    for inputs in (other(1), replace(INPUTS, templates="u"), replace(INPUTS, tools={"ruff": "2"})):
        assert recall(tmp_path, inputs).same is None
    assert list(recall(tmp_path, other(1)).earlier()) == [RUN]
    assert list(recall(tmp_path, replace(INPUTS, tools={"ruff": "2"})).earlier()) == []


def test_git_sees_nothing_of_it(tmp_path: Path) -> None:
    recall(tmp_path, INPUTS).keep(RUN)
    assert (tmp_path / ".timgen/.gitignore").read_text().splitlines()[-1] == "*"


def test_without_a_folder_nothing_is_remembered(tmp_path: Path) -> None:
    Memory().keep(RUN)
    assert list(Memory().earlier()) == []
    assert list(tmp_path.iterdir()) == []


def test_only_the_last_runs_are_kept(tmp_path: Path) -> None:
    for number in range(12):
        recall(tmp_path, other(number)).keep(RUN)
        for age, path in enumerate(sorted((tmp_path / ".timgen").glob("*.json"), key=lambda p: p.stat().st_mtime)):
            os.utime(path, (1_000_000 + age, 1_000_000 + age))
    assert len(files(tmp_path)) == 9
    assert recall(tmp_path, other(11)).same == RUN
    assert recall(tmp_path, other(0)).same is None


def test_what_a_killed_run_left_behind_goes(tmp_path: Path) -> None:
    recall(tmp_path, INPUTS).keep(RUN)
    for name, age in (("old.part", 3600), ("new.part", 1)):
        path = tmp_path / ".timgen" / name
        path.write_bytes(b"half")
        now = path.stat().st_mtime
        os.utime(path, (now - age, now - age))
    recall(tmp_path, INPUTS).keep(RUN)
    assert "new.part" in files(tmp_path)
    assert "old.part" not in files(tmp_path)


def signed(data: bytes) -> bytes:
    return sha256(data).encode() + b"\n" + data


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda data: data[:-10],
    "another byte": lambda data: data.replace(b"b" * 64, b"d" + b"b" * 63),
    "no JSON": lambda _: signed(b"{"),
    "deep": lambda _: signed(b"[" * 200_000),
    "no list": lambda _: signed(b"5"),
    "nothing": lambda _: signed(b"[]"),
    "no mapping": lambda _: signed(b"[[], {}]"),
    "no sources": lambda _: signed(b'[{"a": "x"}]'),
    "another type": lambda _: signed(json.dumps([{"a": "x"}, {"a": 5}]).encode()),
    "what has no hash": lambda _: signed(json.dumps([{"a": ["x"]}, {"a": "x"}]).encode()),
    "no text": lambda _: b"\xff\xfe\n\xff",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_counts_for_nothing_and_is_replaced(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    recall(tmp_path, INPUTS).keep(RUN)
    (path,) = (tmp_path / ".timgen").glob("*.json")
    path.write_bytes(damage(path.read_bytes()))
    memory = recall(tmp_path, INPUTS)
    assert (memory.same, list(memory.earlier())) == (None, [])
    memory.keep(RUN)
    assert recall(tmp_path, INPUTS).same == RUN


def test_a_pipe_a_link_and_a_huge_file_count_for_nothing(tmp_path: Path) -> None:
    recall(tmp_path, INPUTS).keep(RUN)
    (path,) = (tmp_path / ".timgen").glob("*.json")
    path.rename(tmp_path / "elsewhere.json")
    before = (tmp_path / "elsewhere.json").read_bytes()
    path.symlink_to(tmp_path / "elsewhere.json")
    assert recall(tmp_path, INPUTS).same is None
    recall(tmp_path, INPUTS).keep(replace(RUN, files={}))
    assert (tmp_path / "elsewhere.json").read_bytes() == before
    path.unlink()
    os.mkfifo(path)
    assert recall(tmp_path, INPUTS).same is None
    path.unlink()
    with path.open("wb") as file:
        file.truncate(2**33)
    assert recall(tmp_path, INPUTS).same is None


@pytest.mark.parametrize("kind", ["link", "lost link", "file", "pipe"])
def test_a_folder_that_is_none_is_left_alone(tmp_path: Path, kind: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    place = root / ".timgen"
    if kind == "file":
        place.write_bytes(b"mine")
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to(outside if kind == "link" else tmp_path / "nowhere", target_is_directory=True)
    memory = recall(root, INPUTS)
    memory.keep(RUN)
    assert memory.same is None
    assert list(outside.iterdir()) == []
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.skipif(not hasattr(os, "seteuid") or os.getuid() != 0, reason="only root can become somebody else")
def test_a_folder_of_somebody_else_that_may_not_be_entered_counts_for_nothing() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        recall(root, INPUTS).keep(RUN)
        (root / ".timgen").chmod(0o700)
        os.seteuid(65534)
        try:
            memory = recall(root, INPUTS)
            assert (memory.same, list(memory.earlier()), memory.shelf.take(["a"])) == (None, [], {})
            assert Seal(root / ".timgen", {}, ()).read() is None
            assert Index(root / ".timgen").hashes(root, {}) == {}
            memory.keep(RUN)
        finally:
            os.seteuid(0)


def test_a_run_that_another_one_forgets_meanwhile_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recall(tmp_path, INPUTS).keep(RUN)
    recall(tmp_path, other(1)).keep(RUN)
    lstat = Path.lstat

    def gone(path: Path) -> os.stat_result:
        if path.suffix == ".json":
            path.unlink(missing_ok=True)
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", gone)
    assert list(recall(tmp_path, other(2)).earlier()) == []


def test_where_nothing_can_be_written_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    memory = recall(tmp_path, INPUTS)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        memory.keep(RUN)
    memory.keep(RUN)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        memory.keep(replace(RUN, files={}))
    assert recall(tmp_path, INPUTS).same == RUN
    assert not list((tmp_path / ".timgen").glob("*.part"))


def write_often(root: str, number: int) -> None:
    for round_ in range(30):
        made = {f"{name}.md": "b" * 64 for name in range(1000)}
        recall(Path(root), other((number + round_) % 12)).keep(Run(made, made))


def test_several_at_once_see_whole_files_or_none(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_often, args=(str(tmp_path), number)) for number in range(3)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        for path in tmp_path.glob(".timgen/*.json"):
            try:
                digest, _, data = path.read_bytes().partition(b"\n")
            except FileNotFoundError:
                continue
            assert sha256(data).encode() == digest
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    shutil.rmtree(tmp_path / ".timgen")
    assert recall(tmp_path, other(0)).same is None
