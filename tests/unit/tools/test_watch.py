"""`timgen watch` in a process of its own, over files that change, break and vanish."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from support import minispec
from support.minispec import Mini

SEND = "spec/v4/note_svc/send.yaml"
PAGE = "generated/docs/note_svc/send.md"
READY = "Waiting for changes."


class Watch:
    """A running `timgen watch`, and what it says."""

    def __init__(self, mini: Mini) -> None:
        self.mini = mini
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "timgen", "watch"],
            cwd=mini.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        assert self.process.stdout is not None
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.put(line.rstrip("\n"))

    def line(self) -> str:
        return self._lines.get(timeout=60)

    def run(self) -> list[str]:
        """Return what is said up to the end of the next run."""
        said: list[str] = []
        while not said or said[-1] != READY:
            said.append(self.line())
        return said

    def is_quiet(self, seconds: float) -> bool:
        time.sleep(seconds)
        return self._lines.empty()


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    running = Watch(minispec.make(tmp_path))
    try:
        yield running
    finally:
        if running.process.poll() is None:
            os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait(30)


def test_a_change_is_made_a_mistake_is_shown_and_mended(watch: Watch) -> None:
    mini = watch.mini
    first = watch.run()
    assert first[0] == "Watching spec/ and templates/; Ctrl-C ends."
    assert f"wrote   {PAGE}" in first
    mini.patch(SEND, "summary: Send a note", "summary: Send notes")
    said = watch.run()
    assert said[0] == f"Changed: {SEND}"
    assert f"wrote   {PAGE}" in said
    assert mini.read(PAGE).startswith("# Send notes\n")

    before = mini.output()
    mini.patch(SEND, "window: 60", "window: 0")
    said = watch.run()
    assert said[1].startswith(f"{SEND}:6:36: error[schema]: ")
    assert said[-2:] == ["1 error.", READY]
    mini.write(SEND, b"\xff\x00")
    assert "error[encoding]" in watch.run()[1]
    mini.write("templates/docs/index.md.j2", "{{ 1 // 0 }}")
    mini.write(SEND, minispec.SEND)
    assert "templates/docs/index.md.j2:1:4: error[template]" in watch.run()[1]
    assert mini.output() == before

    mini.write("templates/docs/index.md.j2", "Mended.\n")
    watch.run()
    assert mini.read("generated/docs/index.md") == "Mended.\n"
    assert mini.read(PAGE).startswith("# Send a note\n")
    assert mini.timgen("check").returncode == 0

    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait(30) == 0


def test_files_of_editors_start_nothing_and_steps_of_one_save_are_one_run(watch: Watch) -> None:
    mini = watch.mini
    watch.run()
    for name in (".send.yaml.swp", "send.yaml~", "4913", "#send.yaml#", ".#send.yaml", "send.yaml___jb_tmp___"):
        mini.write(f"spec/v4/note_svc/{name}", "x")
        mini.remove(f"spec/v4/note_svc/{name}")
    assert watch.is_quiet(2)
    # As editors save: the new text beside the old file, then in its place.
    for text in ("a: [", minispec.SEND.replace("summary: Send a note", "summary: Send notes")):
        mini.write("spec/v4/note_svc/.new", text)
        mini.path("spec/v4/note_svc/.new").replace(mini.path(SEND))
    said = watch.run()
    assert said[0] == f"Changed: {SEND}"
    assert "error" not in "".join(said)
    assert mini.read(PAGE).startswith("# Send notes\n")
    assert watch.is_quiet(1)


def test_folders_may_go_and_come_back(watch: Watch) -> None:
    mini = watch.mini
    watch.run()
    mini.path("spec").rename(mini.path("elsewhere"))
    said = watch.run()
    while "has no spec/ folder" not in "".join(said):
        said = watch.run()
    mini.path("elsewhere").rename(mini.path("spec"))
    said = watch.run()
    while "up to date" not in "".join(said):
        said = watch.run()
    shutil.copytree(mini.path("templates"), mini.path("other"))
    shutil.rmtree(mini.path("templates"))
    mini.path("other").rename(mini.path("templates"))
    mini.write("templates/copied.txt", "New.\n")
    deadline = time.monotonic() + 60
    while mini.output().get("copied.txt") != b"New.\n":
        assert time.monotonic() < deadline
        watch.run()


def test_ctrl_c_in_the_middle_of_a_run_ends_it_too(watch: Watch) -> None:
    assert watch.line().startswith("Watching ")
    os.killpg(watch.process.pid, signal.SIGINT)
    assert watch.process.wait(30) == 0


def test_without_the_watcher_it_says_what_to_install(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path / "project")
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden/watchfiles.py").write_text("raise ImportError('none')\n")
    result = mini.timgen("watch", env={"PYTHONPATH": str(tmp_path / "hidden")})
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "timgen: watch needs the package watchfiles: pip install 'timgen[watch]'\n"
    assert mini.timgen("lint", env={"PYTHONPATH": str(tmp_path / "hidden")}).returncode == 0


def test_no_project_is_2(tmp_path: Path) -> None:
    result = Mini(tmp_path).timgen("watch")
    assert (result.returncode, result.stdout) == (2, "")
    assert "no spec/api.yaml" in result.stderr
