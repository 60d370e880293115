"""User code against the client of all cases: strict type checkers accept it, and it does what it says."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from golden.conftest import Generated
from golden.support import PACKAGE

USE = Path(__file__).parent / "use.py"
HELPERS = ("connected", "refused")

FUNCTIONS = [
    node.name
    for node in ast.parse(USE.read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef) and node.name not in HELPERS
]


@pytest.fixture(scope="module")
def folder(generated: Generated) -> Path:
    """The client, the user code beside it, and every call that the documentation shows."""
    shutil.copyfile(USE, generated.folder / "awkward_use.py")
    known = [command for command in generated.api.commands if not command.deprecated]
    calls = [example.call for command in known for example in command.examples]
    functions = "\n\n".join(
        f"def call_{number}(client: ChatClient) -> object:\n    return {call}\n" for number, call in enumerate(calls)
    )
    text = f"from {PACKAGE} import ChatClient\n\n\n{functions}"
    (generated.folder / "awkward_calls.py").write_text(text, encoding="utf-8")
    return generated.folder


@pytest.fixture(scope="module")
def checkers(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What mypy and pyright, run side by side, find."""
    settings = {"include": ["."], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    cache = tmp_path_factory.mktemp("mypy")
    commands = {
        "mypy": [
            "mypy",
            "--config-file=",
            "--strict",
            "--python-version=3.11",
            "--enable-error-code=deprecated",
            f"--cache-dir={cache}",
            ".",
        ],
        "pyright": ["pyright", "--pythonpath", sys.executable, "-p", "."],
    }
    running = {
        name: subprocess.Popen(
            [sys.executable, "-m", *command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "MYPYPATH": ""},
        )
        for name, command in commands.items()
    }  # fmt: skip
    return {name: process.communicate(timeout=300)[0] for name, process in running.items()}


def test_mypy_accepts_the_client_and_its_use(checkers: dict[str, str]) -> None:
    assert checkers["mypy"].startswith("Success"), checkers["mypy"]


def test_pyright_accepts_the_client_and_its_use(checkers: dict[str, str]) -> None:
    assert "0 errors" in checkers["pyright"], checkers["pyright"]


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.usefixtures("folder")
def test_use(name: str) -> None:
    getattr(import_module("awkward_use"), name)()
