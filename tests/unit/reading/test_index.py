"""The index: a file is read once, and never passed over when somebody changed it."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from timgen.reading import index as module
from timgen.reading.index import Index
from timgen.reading.listing import facts, look


def aged(path: Path, text: str, seconds: float = 60) -> Path:
    """Write a file as if that had been a while ago, as far as its times that a program can set go."""
    path.write_text(text)
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".timgen").mkdir()
    return tmp_path / ".timgen"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read."""
    found: list[str] = []
    read, hash_ = module.read_file, module.hash_file

    def counted_read(path: Path, limit: int | None = None) -> bytes:
        found.append(path.name)
        return read(path, limit)

    def counted_hash(path: Path) -> str:
        found.append(path.name)
        return hash_(path)

    monkeypatch.setattr(module, "read_file", counted_read)
    monkeypatch.setattr(module, "hash_file", counted_hash)
    return found


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the time pass until what was written lay still."""

    def wait() -> None:
        monkeypatch.setattr(module, "_STILL", -60.0)

    return wait


def asked(index: Index, path: Path, *, are_texts: bool = False) -> str:
    return index.hashes(path.parent, {path.name: facts(str(path))}, are_texts=are_texts)[path.name]


def told(folder: Path, path: Path) -> str:
    """Ask as a run does, and keep what it learnt."""
    index = Index(folder)
    found = asked(index, path)
    index.save()
    return found


def test_a_file_is_read_once(tmp_path: Path, folder: Path, reads: list[str], later: Callable[[], None]) -> None:
    file = aged(tmp_path / "a", "one")
    later()
    assert told(folder, file) == digest("one")
    reads.clear()
    assert told(folder, file) == digest("one")
    assert reads == ["index"]


def test_what_lay_not_still_is_read_again(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "a"
    file.write_text("one")
    assert told(folder, file) == digest("one")
    # In the same tick of the clock, and as long.
    times = file.stat()
    file.write_text("two")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert told(folder, file) == digest("two")


EDITS: dict[str, Callable[[Path], object]] = {
    "size": lambda file: aged(file, "another"),
    "time": lambda file: aged(file, "two", 30),
    "time turned back": lambda file: aged(file, "two", 3600),
    "another file in its place": lambda file: aged(file.with_name("b"), "two").replace(file),
    "a link in its place": lambda file: (file.unlink(), file.symlink_to(aged(file.with_name("b"), "two"))),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_no_edit_is_missed(
    tmp_path: Path, folder: Path, later: Callable[[], None], edit: Callable[[Path], object]
) -> None:
    file = aged(tmp_path / "a", "one")
    later()
    assert told(folder, file) == digest("one")
    edit(file)
    assert told(folder, file) == digest(file.read_text()) != digest("one")


def test_an_edit_that_keeps_size_and_time_shows_in_the_time_of_the_entry(
    tmp_path: Path, folder: Path, later: Callable[[], None]
) -> None:
    file = aged(tmp_path / "a", "one")
    later()
    assert told(folder, file) == digest("one")
    times = file.stat()
    time.sleep(0.02)
    file.write_text("two")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert told(folder, file) == digest("two")


def test_one_content_has_a_hash_of_each_kind(tmp_path: Path, folder: Path, later: Callable[[], None]) -> None:
    file = aged(tmp_path / "a", "one\r\n")
    later()
    for _ in range(2):
        index = Index(folder)
        assert asked(index, file) == digest("one\r\n")
        assert asked(index, file, are_texts=True) == digest("one\n")
        index.save()


def test_what_cannot_be_read_is_told_or_left_to_the_caller(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="neither a file nor a folder"):
        Index().hashes(tmp_path, look(tmp_path))
    assert Index().hashes(tmp_path, look(tmp_path), unreadable="no") == {"pipe": "no"}


DAMAGED = {
    "empty": b"",
    "no hash": b"x\n{}",
    "no text": b"\xff",
    "no mapping": b"[]",
    "no folder": b'{"files %s": 1}',
    "no entry": b'{"files %s": {"a": 1}}',
    "short": b'{"files %s": {"a": "x"}}',
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_index_counts_for_nothing(
    tmp_path: Path, folder: Path, later: Callable[[], None], data: bytes
) -> None:
    file = aged(tmp_path / "a", "one")
    later()
    told(folder, file)
    data = data.replace(b"%s", bytes(tmp_path))
    (folder / "index").write_bytes(module.sign(data) if data[:1] in (b"{", b"[") else data)
    assert told(folder, file) == digest("one")


def test_what_is_gone_is_forgotten(tmp_path: Path, folder: Path, later: Callable[[], None]) -> None:
    later()
    told(folder, aged(tmp_path / "a", "one"))
    before = (folder / "index").stat().st_size
    (tmp_path / "a").unlink()
    told(folder, aged(tmp_path / "b", "one"))
    assert (folder / "index").stat().st_size == before


def test_a_clock_of_another_machine_keeps_nothing(
    tmp_path: Path, folder: Path, later: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    later()
    clock = time.time
    file = aged(tmp_path / "a", "one")
    monkeypatch.setattr(module.time, "time", lambda: clock() + 3600)
    told(folder, file)
    assert not (folder / "index").exists()
