"""The programs in `examples/`: their own tests pass, and strict type checkers find nothing in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.paths import CLIENT, EMULATOR, ROOT

EXAMPLES = sorted(folder for folder in (ROOT / "examples").iterdir() if folder.is_dir())


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_its_tests_pass(folder: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider", "-c", os.devnull]
    command += ["-p", "tencent_chat_emulator.pytest_plugin", "--timeout=60", "--rootdir", str(folder), str(folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (CLIENT, EMULATOR, folder)))}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert " passed" in result.stdout


def test_type_checkers_find_nothing(tmp_path: Path) -> None:
    settings = {
        # Absolute paths are passed over.
        "include": [os.path.relpath(folder, tmp_path) for folder in EXAMPLES],
        "extraPaths": [str(CLIENT), str(EMULATOR), *map(str, EXAMPLES)],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(result.stdout)
    assert found["generalDiagnostics"] == []
    assert found["summary"]["filesAnalyzed"] == sum(len(list(folder.rglob("*.py"))) for folder in EXAMPLES)
