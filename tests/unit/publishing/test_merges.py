"""What git left in the output folder: told by its markers, and by what git itself has of it."""

import subprocess
from pathlib import Path

import pytest

from support.git import ENVIRONMENT
from timgen.publishing.manifest import Manifest
from timgen.publishing.merges import has_conflict, look
from timgen.reading.inputs import sha256


@pytest.mark.parametrize(
    ("text", "conflict"),
    [
        (b"<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> one\n", True),
        (b"0\r\n<<<<<<< HEAD\r\n1\r\n=======\r\n>>>>>>> one", True),
        (b"<<<<<<< a\n||||||| b\n=======\n>>>>>>> c\n", True),
        (b"", False),
        (b"<<<<<<< HEAD\n1\n=======\n2\n", False),
        (b">>>>>>> one\n=======\n<<<<<<< HEAD\n", False),
        (b"  <<<<<<< HEAD\n  =======\n  >>>>>>> one\n", False),
        (b"Title\n=======\n", False),
        (b"<<<<<<<< HEAD\n========\n>>>>>>>> one\n", False),
    ],
)
def test_the_markers_of_a_conflict(text: bytes, conflict: bool) -> None:
    assert has_conflict(text) is conflict


MARKED = b"<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> one\n"


def test_without_a_repository_markers_and_lists_explain(tmp_path: Path) -> None:
    for name in ("marked", "moved", "mine", "page"):
        (tmp_path / name).write_bytes({"marked": MARKED, "page": MARKED}.get(name, name.encode()))
    listed = {"marked": frozenset({"a" * 64}), "other": frozenset({sha256(b"moved")})}
    wanted = {"marked": b"", "moved": b"", "mine": b"", "page": b"how to:\n" + MARKED}
    found = look(tmp_path, listed, ["marked", "moved", "mine", "page"], wanted)
    assert found.leftovers == {"marked", "moved"}
    assert found.listed == {}


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)


def commit(folder: Path, text: bytes) -> None:
    (folder / "a.md").write_bytes(text)
    (folder / "manifest.json").write_text(Manifest({"a.md": sha256(text)}).to_json(), encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x")


@pytest.fixture
def merging(tmp_path: Path) -> Path:
    """Return an output folder, below the top of a repository, in which git merged a file that both sides changed."""
    folder = tmp_path / "deep" / "generated"
    folder.mkdir(parents=True)
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(folder, b"1\n\n\n\n2\n")
    git(folder, "checkout", "--quiet", "-b", "one")
    commit(folder, b"one\n\n\n\n2\n")
    git(folder, "checkout", "--quiet", "main")
    commit(folder, b"1\n\n\n\ntwo\n")
    subprocess.run(["git", "merge", "one"], cwd=folder, env=ENVIRONMENT, check=False, capture_output=True)
    assert (folder / "a.md").read_bytes() == b"one\n\n\n\ntwo\n"
    return folder


WANTED = {"a.md": b"right\n"}


def test_what_git_merged_is_no_edit(merging: Path) -> None:
    found = look(merging, {}, ["a.md"], WANTED)
    assert found.leftovers == {"a.md"}
    assert len(found.listed["a.md"]) >= 2


def test_what_was_edited_since_is_one(merging: Path) -> None:
    (merging / "a.md").write_bytes(b"one\n\n\n\nmine\n")
    assert look(merging, {}, ["a.md"], WANTED).leftovers == set()


def test_a_file_that_git_does_not_have_is_explained_by_nothing(merging: Path) -> None:
    (merging / "b.md").write_bytes(b"mine\n")
    assert look(merging, {}, ["b.md"], {"b.md": b""}).leftovers == set()


def test_a_git_that_fails_or_lacks_explains_nothing(merging: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (merging.parents[1] / ".git/HEAD").write_text("nonsense")
    assert look(merging, {}, ["a.md"], WANTED).leftovers == set()
    monkeypatch.setenv("PATH", "")
    assert look(merging, {}, ["a.md"], WANTED).leftovers == set()


def test_in_a_hook_git_is_asked_about_the_output_all_the_same(merging: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/other")
    assert look(merging, {}, ["a.md"], WANTED).leftovers == {"a.md"}
