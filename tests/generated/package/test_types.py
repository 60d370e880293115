"""Strict type checkers on the generated client and on what its users write."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generated.guides import block

ROOT = Path(__file__).parents[3]
CLIENT = ROOT / "generated" / "client"
USERS = Path(__file__).parents[1] / "typing"


def marked_lines(file: Path) -> set[int]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if "# bad:" in line}


@pytest.fixture(scope="module")
def pyright(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[int, str]]]:
    """Errors of one strict pyright run over the client and both user files: line and message by file name."""
    config = tmp_path_factory.mktemp("pyright") / "pyrightconfig.json"
    settings = {
        "include": [os.path.relpath(folder, config.parent) for folder in (CLIENT / "tencent_chat", USERS)],
        "extraPaths": [str(CLIENT)],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    config.write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(config)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(result.stdout)
    assert report["summary"]["filesAnalyzed"] > 50
    errors: dict[str, list[tuple[int, str]]] = {}
    for diagnostic in report["generalDiagnostics"]:
        if diagnostic["severity"] == "error":
            line = diagnostic["range"]["start"]["line"] + 1
            errors.setdefault(Path(diagnostic["file"]).name, []).append((line, diagnostic["message"]))
    return errors


@pytest.fixture(scope="module")
def mypy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[int, str]]]:
    """Errors of one strict mypy run, as for pyright."""
    cache = tmp_path_factory.mktemp("mypy")
    targets = [str(CLIENT / "tencent_chat"), str(USERS / "good.py"), str(USERS / "bad.py")]
    command = [sys.executable, "-m", "mypy", "--config-file=", "--strict", "--python-version=3.11"]
    result = subprocess.run(
        [*command, f"--cache-dir={cache}", *targets],
        capture_output=True, text=True, check=False, env={**os.environ, "MYPYPATH": str(CLIENT)},
    )  # fmt: skip
    errors: dict[str, list[tuple[int, str]]] = {}
    for line in result.stdout.splitlines():
        if match := re.fullmatch(r"(.+?):(\d+): error: (.*)", line):
            errors.setdefault(Path(match[1]).name, []).append((int(match[2]), match[3]))
    assert "checked" in result.stdout or errors, result.stdout + result.stderr
    return errors


@pytest.mark.parametrize("checker", ["pyright", "mypy"])
def test_the_client_and_good_use_pass(checker: str, request: pytest.FixtureRequest) -> None:
    errors = request.getfixturevalue(checker)
    assert {file: found for file, found in errors.items() if file != "bad.py"} == {}


@pytest.mark.parametrize("checker", ["pyright", "mypy"])
def test_every_bad_line_is_refused_and_no_other(checker: str, request: pytest.FixtureRequest) -> None:
    errors = request.getfixturevalue(checker)
    assert {line for line, _ in errors["bad.py"]} == marked_lines(USERS / "bad.py")


def test_the_apps_of_the_guides_to_webhooks_pass(tmp_path: Path) -> None:
    # Django has no types of its own.
    for page in ("webhooks", "webhooks-fastapi", "webhooks-flask"):
        (tmp_path / f"{page.replace('-', '_')}.py").write_text(block(f"{page}.md", "python", "# app.py"))
    settings = {"include": ["*.py"], "extraPaths": [str(CLIENT)], "typeCheckingMode": "strict"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(tmp_path)]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    assert report["summary"]["filesAnalyzed"] == 3
    assert [found["message"] for found in report["generalDiagnostics"]] == []
