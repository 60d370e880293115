"""The hooks as another repository takes them: pre-commit installs timgen from a repository, and runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.git import commit, git
from support.minispec import Mini, make
from support.paths import ROOT

PRE_COMMIT = Path(sys.executable).with_name("pre-commit")
PARTS = ("pyproject.toml", ".pre-commit-hooks.yaml", "README.md", "LICENSE", "generator", "spec", "templates")
SEND = "spec/v4/note_svc/send.yaml"
CONFIGURATION = """\
repos:
  - repo: {repository}
    rev: v0.1.0
    hooks:
      - id: timgen-lint
      - id: timgen-check
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mini]:
    """A repository that has the hooks in place; where they come from is this repository, released."""
    folder = tmp_path_factory.mktemp("hooks")
    released = folder / "timgen"
    released.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, released / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, released / part)
    commit(released, "released")
    git(released, "tag", "v0.1.0")
    mini = make(folder / "project")
    mini.write(".pre-commit-config.yaml", CONFIGURATION.format(repository=released))
    assert mini.timgen("generate").returncode == 0
    commit(mini.root, "start")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRE_COMMIT_HOME", str(folder / "cache"))
        command = [PRE_COMMIT, "install", "--install-hooks"]
        result = subprocess.run(command, cwd=mini.root, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr
        yield mini


@pytest.fixture(autouse=True)
def clean(project: Mini) -> Iterator[None]:
    yield
    git(project.root, "reset", "--quiet", "--hard", "main")


def commit_with_hooks(project: Mini, *, fails: bool) -> str:
    git(project.root, "add", "--all")
    home = {"PRE_COMMIT_HOME": os.environ["PRE_COMMIT_HOME"]}
    git(project.root, "switch", "--quiet", "--force-create", "work")
    result = git(project.root, "commit", "--message", "work", fails=fails, env=home)
    return result.stdout + result.stderr


@pytest.mark.timeout(1200)
def test_a_repository_that_is_fine_passes(project: Mini) -> None:
    command = [PRE_COMMIT, "run", "--all-files"]
    result = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("Passed") == 2


@pytest.mark.timeout(1200)
def test_a_spec_with_a_finding_is_not_committed(project: Mini) -> None:
    project.patch(SEND, "method: notes.send", "method: nots.send")
    assert f"{SEND}:2:" in commit_with_hooks(project, fails=True)


@pytest.mark.timeout(1200)
def test_a_stale_output_is_not_committed(project: Mini) -> None:
    project.patch(SEND, "summary: Send a note", "summary: Send one note")
    assert "generated/docs/note_svc/send.md" in commit_with_hooks(project, fails=True)
    assert project.timgen("generate").returncode == 0
    assert commit_with_hooks(project, fails=False).count("Passed") == 2


@pytest.mark.timeout(1200)
def test_a_file_that_only_goes_away_makes_the_output_stale(project: Mini) -> None:
    project.remove("spec/v4/room_svc/add_members.yaml")
    told = commit_with_hooks(project, fails=True)
    assert "generated/" in told
    assert "Skipped" in told


@pytest.mark.timeout(1200)
def test_other_commits_are_let_pass(project: Mini) -> None:
    project.write("notes.txt", "Nothing of the spec.\n")
    assert "Skipped" in commit_with_hooks(project, fails=False)
