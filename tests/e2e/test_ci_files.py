"""The hooks and the workflow that other repositories take: they are valid, and what they run is run."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.git import commit, git
from support.minispec import Mini, make
from support.paths import ROOT

PROGRAMS = Path(sys.executable).parent
HOOKS = ROOT / ".pre-commit-hooks.yaml"
WORKFLOW = ROOT / ".github/workflows/spec.yml"
SEND = "spec/v4/note_svc/send.yaml"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a project in one of its folders, generated and committed."""
    repository = tmp_path_factory.mktemp("generated") / "repository"
    assert make(repository / "api").timgen("generate").returncode == 0
    commit(repository, "start")
    return repository


@pytest.fixture
def mini(generated: Path, tmp_path: Path) -> Mini:
    """The project of a repository of one's own."""
    shutil.copytree(generated, tmp_path / "repository")
    return Mini(tmp_path / "repository" / "api")


def run(*command: str | Path) -> None:
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_hooks_are_a_manifest_of_pre_commit() -> None:
    run(PROGRAMS / "pre-commit", "validate-manifest", HOOKS)


def test_what_the_hooks_run_finds_what_is_wrong(mini: Mini) -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load(HOOKS.read_text(encoding="utf-8"))}
    assert hooks.keys() == {"timgen-lint", "timgen-check"}

    def codes() -> dict[str, int]:
        commands = {name: shlex.split(hook["entry"]) for name, hook in hooks.items()}
        assert {command.pop(0) for command in commands.values()} == {"timgen"}
        return {name: mini.timgen(*command).returncode for name, command in commands.items()}

    assert codes() == {"timgen-lint": 0, "timgen-check": 0}
    mini.patch(SEND, "summary: Send a note", "summary: Send one note")
    assert codes() == {"timgen-lint": 0, "timgen-check": 1}
    mini.patch(SEND, "method: notes.send", "method: nots.send")
    assert codes() == {"timgen-lint": 1, "timgen-check": 1}


def test_the_workflow_is_what_github_takes() -> None:
    run(PROGRAMS / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW)


DOCUMENT: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
JOB = DOCUMENT["jobs"]["spec"]
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in JOB["steps"] if "name" in step}
# What GitHub makes of the expressions, for this repository itself and for one that calls the workflow.
HERE = {"${{ inputs.timgen || '.' }}": ".", "${{ inputs.root || '.' }}": ".", "${{ inputs.against }}": ""}
THERE = {**HERE, "${{ inputs.timgen || '.' }}": "timgen==0.1.0", "${{ inputs.root || '.' }}": "api"}
PREFIX = "${{ inputs.root && format('{0}/', inputs.root) || '' }}"
HERE[PREFIX], THERE[PREFIX] = "", "api/"


def step(
    name: str,
    repository: Path,
    values: Mapping[str, str] = THERE,
    programs: Path = PROGRAMS,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run a step of the workflow in a repository, as GitHub runs it."""
    folder = STEPS[name].get("working-directory", JOB["defaults"]["run"]["working-directory"])
    script = repository.parent / "step.sh"
    script.write_text(STEPS[name]["run"], encoding="utf-8")
    assert JOB["defaults"]["run"]["shell"] == "bash"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=repository / values.get(folder, folder),
        env={
            **os.environ,
            **{key: values[value] for key, value in JOB["env"].items()},
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_STEP_SUMMARY": str(repository.parent / "summary.md"),
            "GITHUB_BASE_REF": "",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_steps_pass_over_a_project_that_is_fine(mini: Mini) -> None:
    git(mini.root.parent, "tag", "v0.1.0")
    for name in ("Lint", "Check", "Diff"):
        result = step(name, mini.root.parent)
        assert result.returncode == 0, result.stdout + result.stderr
        assert "::" not in result.stdout


def test_a_finding_is_an_annotation_where_the_file_is(mini: Mini) -> None:
    mini.patch(SEND, "method: notes.send", "method: nots.send")
    result = step("Lint", mini.root.parent)
    assert result.returncode == 1
    assert result.stdout.startswith(f"::error file=api/{SEND},line=2,col=")
    commit(mini.root, "in the repository's own folder")
    result = step("Lint", mini.root, HERE)
    assert result.returncode == 1
    assert result.stdout.startswith(f"::error file={SEND},line=2,col=")


def test_a_stale_output_is_an_annotation_too(mini: Mini) -> None:
    mini.patch(SEND, "summary: Send a note", "summary: Send one note")
    assert step("Lint", mini.root.parent).returncode == 0
    result = step("Check", mini.root.parent)
    assert result.returncode == 1
    assert "::error file=api/generated/docs/note_svc/send.md,line=1,col=1," in result.stdout


def program(folder: Path, name: str, script: str) -> Path:
    """Write a program that notes how it was called, and return the folder to find it in."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f'#!/bin/sh\necho "$@" >>{shlex.quote(str(folder))}/calls\n{script}\n', encoding="utf-8")
    file.chmod(0o755)
    return folder


def test_the_version_that_is_asked_for_is_installed(mini: Mini, tmp_path: Path) -> None:
    programs = program(tmp_path / "programs", "python", "exit 0")
    assert step("Install", mini.root.parent, programs=programs).returncode == 0
    assert step("Install", mini.root.parent, HERE, programs=programs).returncode == 0
    assert (programs / "calls").read_text() == "-m pip install timgen==0.1.0\n-m pip install .\n"


DIFF = "if [ \"$4\" = github ]; then echo '::error file=spec/api.yaml,line=3,col=1,title=version::too low'; exit 1; fi"


@pytest.mark.parametrize(
    ("tag", "base", "against", "old"),
    [
        ("v0.1.0", "main", "", "v0.1.0"),
        ("", "main", "", "origin/main"),
        ("v0.1.0", "main", "v0.0.9", "v0.0.9"),
        ("", "", "", None),
    ],
    ids=["latest tag", "before the first release", "asked for", "nothing"],
)
def test_the_spec_is_compared_with_what_it_was(
    mini: Mini, tmp_path: Path, tag: str, base: str, against: str, old: str | None
) -> None:
    repository = mini.root.parent
    if tag:
        git(repository, "tag", tag)
    programs = program(tmp_path / "programs", "timgen", DIFF)
    result = step("Diff", repository, programs=programs, GITHUB_BASE_REF=base, AGAINST=against)
    calls = (programs / "calls").read_text().splitlines()
    if old is None:
        assert (result.returncode, result.stdout) == (0, "There is nothing to compare with.\n")
        assert calls == ["diff --help"]
        return
    assert calls == ["diff --help", f"diff {old} --format markdown", f"diff {old} --format github"]
    assert result.returncode == 1
    assert result.stdout.startswith("::error file=api/spec/api.yaml,line=3,")


def test_a_version_without_diff_passes(mini: Mini, tmp_path: Path) -> None:
    programs = program(tmp_path / "programs", "timgen", "exit 2")
    result = step("Diff", mini.root.parent, programs=programs, AGAINST="v0.1.0")
    assert (result.returncode, result.stdout) == (0, "This version of timgen compares no specs.\n")


def test_the_diff_is_made_when_only_the_output_is_stale() -> None:
    assert STEPS["Diff"]["if"] == "${{ !cancelled() && steps.lint.outcome == 'success' }}"
    assert STEPS["Lint"]["id"] == "lint"
    assert [*STEPS] == ["Install", "Lint", "Check", "Diff"]
