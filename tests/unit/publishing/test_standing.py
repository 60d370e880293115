"""What stands: a run that finds everything as the last one left it says so at once, and never when it is not so."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from support import minispec
from support.minispec import Mini
from timgen.publishing.standing import Standing
from timgen.reading import index, listing
from timgen.reading.inputs import sha256
from timgen.reading.project import Project

SEND = "spec/v4/note_svc/send.yaml"
OUTPUT = "generated/docs/note_svc/send.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    mini = minispec.make(tmp_path_factory.mktemp("made"))
    assert mini.timgen("generate").returncode == 0
    return mini


@pytest.fixture
def mini(made: Mini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mini:
    """Return a project that was found in order, and whose files lay still by then."""
    shutil.copytree(made.root, tmp_path / "project")
    mini = Mini(tmp_path / "project")
    monkeypatch.setattr(index, "_STILL", -60.0)
    assert count(mini) == 13
    assert mini.path(".timgen/seal").is_file()
    return mini


def count(mini: Mini) -> int | None:
    return Standing(Project(mini.root)).count


def again(file: Path, text: str) -> None:
    """Write a text of the same length, and turn back the time that a program can set."""
    times = file.stat()
    assert len(text) == times.st_size
    time.sleep(0.02)
    file.write_text(text)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def instead(file: Path, text: str) -> None:
    """Put another file of the same size and time in its place."""
    other = file.with_name("other")
    other.write_text(text)
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    other.replace(file)


def test_what_was_sealed_is_not_read_again(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    read, looked = list[str](), Counter[str]()
    read_file, hash_file, facts = index.read_file, index.hash_file, listing.facts

    def counted_read(path: Path, limit: int | None = None) -> bytes:
        read.append(path.name)
        return read_file(path, limit)

    def counted_hash(path: Path) -> str:
        read.append(path.name)
        return hash_file(path)

    def counted_look(path: str) -> str:
        looked[path] += 1
        return facts(path)

    monkeypatch.setattr(index, "read_file", counted_read)
    monkeypatch.setattr(index, "hash_file", counted_hash)
    monkeypatch.setattr(listing, "facts", counted_look)
    assert count(mini) == 13
    assert read == ["seal"]
    assert set(looked.values()) == {1}
    assert sum(path.startswith(str(mini.path("generated"))) for path in looked) == 13 + 1


EDITS: dict[str, Callable[[Mini], object]] = {
    "an output": lambda mini: mini.patch(OUTPUT, "a", "b"),
    "an output, as long and as old": lambda mini: again(mini.path(OUTPUT), mini.read(OUTPUT).replace("a", "b")),
    "an output, another file": lambda mini: instead(mini.path(OUTPUT), mini.read(OUTPUT).replace("a", "b")),
    "an output less": lambda mini: mini.path(OUTPUT).unlink(),
    "an output under another name": lambda mini: mini.path(OUTPUT).rename(mini.path(OUTPUT).with_name("sent.md")),
    "a stranger's file": lambda mini: mini.write("generated/docs/mine.md", ""),
    "a pipe": lambda mini: os.mkfifo(mini.path("generated/docs/pipe")),
    "a link to nowhere": lambda mini: mini.path("generated/docs/link.md").symlink_to("nowhere"),
    "a link to another output": lambda mini: (
        mini.path(OUTPUT).unlink(),
        mini.path(OUTPUT).symlink_to(mini.path("generated/copied.txt")),
    ),
    "the manifest": lambda mini: mini.write("generated/manifest.json", mini.read("generated/manifest.json") + "\n"),
    "a file of the spec": lambda mini: mini.patch(SEND, "Send a note", "Send one note"),
    "the same, as long and as old": lambda mini: again(mini.path(SEND), mini.read(SEND).replace("Send a", "Send 1")),
    "a command more": lambda mini: mini.write("spec/v4/note_svc/x.yaml", ""),
    "a template": lambda mini: mini.patch("templates/copied.txt", "Copied", "Taken"),
    "a template less": lambda mini: mini.path("templates/copied.txt").unlink(),
    "a meta-schema of its own": lambda mini: mini.write("spec/meta/command.schema.json", "{}"),
    "a run that was killed": lambda mini: mini.write("generated/.timgen-journal.json", "{}"),
    "half a run": lambda mini: mini.write("generated/.timgen-stage-abc/new/x.py", ""),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_whatever_is_touched_is_noticed(mini: Mini, edit: Callable[[Mini], object]) -> None:
    edit(mini)
    assert count(mini) is None
    assert count(mini) is None, "nor is it sealed now"


def test_what_is_put_back_is_in_order(mini: Mini) -> None:
    text = mini.read(OUTPUT)
    mini.write(OUTPUT, f"{text}more\n")
    assert count(mini) is None
    mini.write(OUTPUT, text)
    assert count(mini) == 13
    shutil.copytree(mini.root, mini.root.with_name("clone"))
    assert count(Mini(mini.root.with_name("clone"))) == 13


def test_other_tools_break_the_seal(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("sys.version", "3.99")
        assert count(mini) is None
    assert count(mini) == 13
    monkeypatch.setattr("timgen.reading.inputs._NO_PART", frozenset({"rendering"}))
    assert count(mini) is None


def test_what_did_not_lie_still_is_not_sealed(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("seal", "index"):
        mini.path(f".timgen/{path}").unlink()
    monkeypatch.setattr(index, "_STILL", 3.0)
    assert count(mini) == 13
    assert not mini.path(".timgen/seal").exists(), "the files are younger than three seconds"


@pytest.mark.parametrize("data", [b"", b"\xff", b"5", b"x" * 300, b"%s x", b"%s -1", b"%s"], ids=range(7))
def test_a_damaged_seal_counts_for_nothing(mini: Mini, data: bytes) -> None:
    place = mini.path(".timgen/seal")
    digest = place.read_bytes().split(b"\n")[1].split(b" ")[0]
    data = data.replace(b"%s", digest)
    place.write_bytes(data)
    assert count(mini) == 13
    place.write_bytes(sha256(data).encode() + b"\n" + data)
    assert count(mini) == 13


def test_a_clock_that_jumped_seals_nothing(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    mini.path(".timgen/seal").unlink()
    clock = time.time
    monkeypatch.setattr(index.time, "time", lambda: clock() + 3600)
    assert count(mini) == 13
    assert not mini.path(".timgen/seal").exists()


def test_what_changes_after_it_was_looked_at_is_noticed(mini: Mini) -> None:
    for path in ("seal", "index"):
        mini.path(f".timgen/{path}").unlink()
    standing, text = Standing(Project(mini.root)), mini.read(OUTPUT)
    again(mini.path(OUTPUT), text.replace("a", "b"))
    assert standing.count is None
    again(mini.path(OUTPUT), text)
    assert standing.count is None, "a run looks once"
    assert count(mini) == 13
