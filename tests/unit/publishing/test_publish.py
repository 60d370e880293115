"""Publishing: only what changed, all of it or nothing, and never over somebody else's work."""

import errno
import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from support.outputs import NEW, NEWER, OLD, folders, holding, manifest, put, tree
from timgen.publishing.manifest import read_manifest
from timgen.publishing.outputs import ManifestError, existing_files
from timgen.publishing.publish import Drift, RefusedError, compare, publish
from timgen.reading.index import Index


def test_the_first_run_writes_everything(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "generated"
    published = put(folder, OLD)
    assert published.written == tuple(sorted(OLD))
    assert (published.removed, published.unchanged) == ((), 0)
    assert tree(folder) == holding(OLD)
    assert read_manifest(folder) == {path: {digest} for path, digest in manifest(OLD).files.items()}


def test_a_later_run_writes_what_changed_and_removes_what_went(output: Path) -> None:
    published = put(output, NEW)
    assert published.written == ("client/a.py", "client/b.py", "client/new/d.py", "docs/index.md")
    assert published.removed == ("client/gone/c.py",)
    assert published.unchanged == 1
    assert tree(output) == holding(NEW)
    assert folders(output) == {"client", "client/new", "docs"}


def test_files_that_did_not_change_are_not_touched(output: Path) -> None:
    for path in output.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    put(output, NEW)
    times = {path: (output / path).stat().st_mtime for path in tree(output)}
    assert {path for path, time in times.items() if time == 1_000_000_000} == {"docs/same.md"}


def test_a_run_without_changes_touches_nothing_at_all(output: Path) -> None:
    for path in [output, *output.rglob("*")]:
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert put(output, OLD).written == ()
    assert {path.stat().st_mtime for path in [output, *output.rglob("*")]} == {1_000_000_000}


def test_a_file_edited_by_hand_is_refused_by_name_and_nothing_is_written(output: Path) -> None:
    (output / "client/b.py").write_bytes(b"b = 'mine'\n")
    (output / "client/gone/c.py").write_bytes(b"c = 'mine'\n")
    before = tree(output)
    with pytest.raises(RefusedError) as refused:
        put(output, NEW)
    assert refused.value.paths == ("client/b.py", "client/gone/c.py")
    assert tree(output) == before


def test_an_edit_that_happens_to_be_the_new_content_is_taken(output: Path) -> None:
    (output / "client/a.py").write_bytes(NEW["client/a.py"])
    put(output, NEW)
    assert tree(output) == holding(NEW)


def test_an_edit_of_a_file_that_does_not_change_is_refused_too(output: Path) -> None:
    (output / "docs/same.md").write_bytes(b"mine\n")
    with pytest.raises(RefusedError, match=r"docs/same\.md"):
        put(output, NEW)


def test_a_file_deleted_by_hand_is_written_again(output: Path) -> None:
    (output / "client/a.py").unlink()
    assert put(output, OLD).written == ("client/a.py",)
    assert tree(output) == holding(OLD)


@pytest.mark.parametrize("path", ["client/b.py", "client/new/d.py", "client/gone/c.py"])
def test_an_edit_while_the_run_is_at_work_is_refused(output: Path, path: str) -> None:
    existing = existing_files(output)
    (output / path).parent.mkdir(exist_ok=True)
    (output / path).write_bytes(b"mine = 1\n")
    before = tree(output)
    with pytest.raises(RefusedError) as refused:
        publish(output, NEW, manifest(NEW), existing, Index())
    assert refused.value.paths == (path,)
    assert tree(output) == before


def test_what_goes_while_the_run_is_at_work_is_written_again(output: Path) -> None:
    existing = existing_files(output)
    for path in ("client/b.py", "client/gone/c.py"):
        (output / path).unlink()
    assert publish(output, NEW, manifest(NEW), existing, Index()).removed == ()
    assert tree(output) == holding(NEW)


def test_an_edit_meanwhile_of_what_does_not_change_stays_for_the_next_run_to_refuse(output: Path) -> None:
    existing = existing_files(output)
    (output / "docs/same.md").write_bytes(b"mine\n")
    publish(output, NEW, manifest(NEW), existing, Index())
    assert tree(output) == {**holding(NEW), "docs/same.md": b"mine\n"}
    with pytest.raises(RefusedError, match=r"docs/same\.md"):
        put(output, NEW)


def test_a_strangers_file_in_the_place_of_an_output_is_refused(output: Path) -> None:
    (output / "client/new").mkdir()
    (output / "client/new/d.py").write_bytes(b"mine\n")
    before = tree(output)
    with pytest.raises(RefusedError, match=r"client/new/d\.py"):
        put(output, NEW)
    assert tree(output) == before


def test_a_strangers_file_elsewhere_stays(output: Path) -> None:
    (output / "client/gone/notes.txt").write_bytes(b"mine\n")
    published = put(output, NEW)
    assert published.removed == ("client/gone/c.py",)
    assert tree(output) == {**holding(NEW), "client/gone/notes.txt": b"mine\n"}


@pytest.mark.parametrize("stranger", ["client/new", "client/a.py"])
def test_a_file_where_a_folder_is_due_and_the_reverse_leave_the_old_tree(output: Path, stranger: str) -> None:
    if stranger == "client/a.py":
        (output / stranger).unlink()
        (output / stranger).mkdir()
    else:
        (output / stranger).write_bytes(b"mine\n")
    before, had = tree(output), folders(output)
    with pytest.raises(OSError, match=stranger.rsplit("/", 1)[-1]):
        put(output, NEW)
    assert tree(output) == before
    assert folders(output) == had


def test_an_output_may_become_a_folder_and_the_reverse(output: Path) -> None:
    for files in ({"page": b"a file\n"}, {"page/index.md": b"in a folder\n"}, {"page": b"a file again\n"}):
        put(output, files)
        assert tree(output) == holding(files)


def replacements(files: Mapping[str, bytes], tmp_path: Path) -> int:
    """Return how often publishing `files` over OLD replaces a file."""
    folder, calls, replace = tmp_path / "counted", 0, os.replace
    put(folder, OLD)

    def counting(source: Path, target: Path) -> None:
        nonlocal calls
        calls += 1
        replace(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", counting)
        put(folder, files)
    shutil.rmtree(folder)
    return calls


def at_call(number: int, act: Callable[[], None], real: Callable[..., None]) -> Callable[..., None]:
    """Return a stand-in for `real` that acts at the n-th call, from 1, before it does the same."""
    calls = 0

    def stand_in(*arguments: object, **named: object) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            act()
        real(*arguments, **named)

    return stand_in


def fail() -> None:
    raise OSError(errno.EIO, "Input/output error")


def test_a_failure_at_any_replacement_leaves_the_old_tree(tmp_path: Path) -> None:
    count = replacements(NEW, tmp_path)
    assert count >= 5
    for number in range(1, count + 1):
        output = tmp_path / f"generated{number}"
        put(output, OLD)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "replace", at_call(number, fail, os.replace))
            with pytest.raises(OSError, match="Input/output error"):
                put(output, NEW)
        assert tree(output) == holding(OLD), number
        assert folders(output) == {"client", "client/gone", "docs"}
        put(output, NEW)
        assert tree(output) == holding(NEW), number


@pytest.mark.parametrize("function", ["unlink", "mkdir", "write_bytes", "write_text"])
def test_a_failure_of_any_other_step_leaves_the_old_tree_or_the_new_one(tmp_path: Path, function: str) -> None:
    for number in range(1, 50):
        output = tmp_path / f"generated{number}"
        put(output, OLD)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, function, at_call(number, fail, getattr(Path, function)))
            with suppress(OSError):
                put(output, NEW)
                break
        # The very last step removes the journal: then the new tree is there, and the next run cleans up.
        left = {path: data for path, data in tree(output).items() if not path.startswith(".timgen-journal")}
        assert left in (holding(OLD), holding(NEW)), (function, number)
        put(output, NEW)
        assert tree(output) == holding(NEW), (function, number)
    else:
        pytest.fail("it never got through")
    assert number > 1


def test_a_full_disk_leaves_the_old_tree(output: Path) -> None:
    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:3])
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left"):
            put(output, NEW)
    assert tree(output) == holding(OLD)


def test_when_even_undoing_fails_the_next_run_repairs(tmp_path: Path) -> None:
    for number in range(1, replacements(NEW, tmp_path) + 1):
        output = tmp_path / f"generated{number}"
        put(output, OLD)
        calls, replace = 0, os.replace

        def broken_from_here(source: Path, target: Path) -> None:
            nonlocal calls
            calls += 1
            if calls >= number:  # noqa: B023
                fail()
            replace(source, target)  # noqa: B023

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "replace", broken_from_here)
            with pytest.raises(OSError, match="Input/output error"):
                put(output, NEW)
        put(output, NEWER)
        assert tree(output) == holding(NEWER), number


def killed(output: Path, files: Mapping[str, bytes], number: int, function: str = "replace") -> None:
    """Publish in a process that is killed before its n-th replacement of a file."""
    child = os.fork()
    if child == 0:
        try:
            kill = lambda: os.kill(os.getpid(), signal.SIGKILL)  # noqa: E731
            if function == "replace":
                os.replace = at_call(number, kill, os.replace)
            else:
                Path.unlink = at_call(number, kill, Path.unlink)  # type: ignore[method-assign]
            put(output, files)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


def test_two_runs_at_once_write_one_after_the_other(tmp_path: Path) -> None:
    for number in range(1, replacements(NEW, tmp_path) + 1):
        output = tmp_path / str(number)
        put(output, OLD)
        children: list[int] = []
        for stop in (number, 0):
            child = os.fork()
            if child == 0:
                os.replace = at_call(stop, lambda: os.kill(os.getpid(), signal.SIGSTOP), os.replace)
                try:
                    put(output, NEW)
                    os._exit(7)
                finally:
                    os._exit(1)
            children.append(child)
            if stop:
                assert os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1])
        # In which the second comes to where it has to wait.
        time.sleep(0.1)
        os.kill(children[0], signal.SIGCONT)
        assert {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children} == {7}
        assert tree(output) == holding(NEW), number


@pytest.mark.parametrize("wanted", [NEW, OLD, {"docs/other.md": b"other\n"}], ids=["same", "back", "other"])
def test_a_run_killed_at_any_replacement_is_repaired_by_the_next(tmp_path: Path, wanted: dict[str, bytes]) -> None:
    for number in range(1, replacements(NEW, tmp_path) + 1):
        output = tmp_path / f"generated{number}"
        put(output, OLD)
        killed(output, NEW, number)
        put(output, wanted)
        assert tree(output) == holding(wanted), number


def test_a_run_killed_while_it_removes_files_is_repaired_by_the_next(output: Path) -> None:
    # The first is the file that goes, the second the journal.
    for number in (1, 2):
        put(output, OLD)
        killed(output, NEW, number, "unlink")
        put(output, NEW)
        assert tree(output) == holding(NEW), number


def test_two_killed_runs_in_a_row_are_repaired_by_the_next(tmp_path: Path) -> None:
    count = replacements(NEW, tmp_path)
    for number in range(2, count + 1):
        output = tmp_path / f"generated{number}"
        put(output, OLD)
        killed(output, NEW, number)
        killed(output, NEWER, 2)
        put(output, NEWER)
        assert tree(output) == holding(NEWER), number


def test_a_run_that_fails_after_a_killed_one_is_repaired_by_the_next(output: Path) -> None:
    killed(output, NEW, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", at_call(3, fail, os.replace))
        with pytest.raises(OSError, match="Input/output error"):
            put(output, NEWER)
    put(output, OLD)
    assert tree(output) == holding(OLD)


def test_a_killed_run_is_drift_but_no_edit(tmp_path: Path) -> None:
    output = tmp_path / "generated"
    put(output, OLD)
    killed(output, NEW, 4)
    drift = compare(output, NEW, manifest(NEW), existing_files(output))
    assert drift.edited == ()
    assert drift.missing or drift.stale


def test_an_edit_after_a_killed_run_is_still_refused(output: Path) -> None:
    killed(output, NEW, 4)
    (output / "docs/same.md").write_bytes(b"mine\n")
    with pytest.raises(RefusedError, match=r"docs/same\.md"):
        put(output, NEW)


def test_a_new_file_is_never_seen_half_written(output: Path) -> None:
    seen: list[bytes] = []
    replace = os.replace

    def watching(source: Path, target: Path) -> None:
        seen.append((output / "client/a.py").read_bytes())
        replace(source, target)
        seen.append((output / "client/a.py").read_bytes())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", watching)
        put(output, NEW)
    assert set(seen) == {OLD["client/a.py"], NEW["client/a.py"]}


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": 5}'])
def test_a_damaged_journal_is_told(output: Path, text: str) -> None:
    killed(output, NEW, 3)
    (journal,) = output.glob(".timgen-journal*")
    journal.write_text(text)
    with pytest.raises(ManifestError, match="journal"):
        put(output, NEW)


def test_caches_and_build_results_are_nobodys_drift(output: Path) -> None:
    for path in (
        "client/__pycache__/a.cpython-311.pyc",
        "client/build/lib/a.py",
        "client/dist/a.whl",
        "client/tencent_chat.egg-info/PKG-INFO",
        "client/.mypy_cache/x.json",
        ".DS_Store",
    ):
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_bytes(b"x")
    assert set(existing_files(output)) == set(OLD)
    put(output, NEW)
    assert (output / "client/dist/a.whl").is_file()


def test_an_output_may_stand_in_a_folder_named_like_a_build_result(output: Path) -> None:
    files = {**OLD, "docs/commands/build/x.md": b"x\n", "client/models/dist/y.py": b"y = 1\n"}
    put(output, files)
    assert set(existing_files(output)) == set(files)
    (output / "docs/commands/build/x.md").write_bytes(b"mine\n")
    with pytest.raises(RefusedError, match=r"build/x\.md"):
        put(output, {**files, "docs/commands/build/x.md": b"z\n"})


def test_a_symbolic_link_in_the_place_of_an_output_is_replaced_and_its_target_stays(
    output: Path, tmp_path: Path
) -> None:
    target = tmp_path / "target.py"
    target.write_bytes(OLD["client/a.py"])
    (output / "client/a.py").unlink()
    (output / "client/a.py").symlink_to(target)
    put(output, NEW)
    assert not (output / "client/a.py").is_symlink()
    assert target.read_bytes() == OLD["client/a.py"]
    assert tree(output) == holding(NEW)


def test_the_output_folder_may_be_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "generated").symlink_to("real", target_is_directory=True)
    put(tmp_path / "generated", OLD)
    put(tmp_path / "generated", NEW)
    assert tree(tmp_path / "real") == holding(NEW)


def test_compare_tells_each_kind_of_drift(output: Path) -> None:
    (output / "client/b.py").unlink()
    (output / "docs/index.md").write_bytes(b"mine\n")
    (output / "docs/notes.txt").write_bytes(b"mine\n")
    drift = compare(output, NEW, manifest(NEW), existing_files(output))
    assert drift == Drift(
        missing=("client/b.py", "client/new/d.py"),
        stale=("client/a.py",),
        gone=("client/gone/c.py",),
        edited=("docs/index.md",),
        extra=("docs/notes.txt",),
    )
    assert drift
    put(output / "x", OLD)
    assert not compare(output / "x", OLD, manifest(OLD), existing_files(output / "x"))
