"""The emulator as a pytest fixture of downstream people."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import tencent_chat_emulator

PROJECT = Path(tencent_chat_emulator.__file__).parents[1] / "pyproject.toml"

DOWNSTREAM = """
import json
import sys
from urllib.request import Request, urlopen

URL = "/v4/openim/sendmsg?random=1&contenttype=json&sdkappid="

def code(mock):
    with urlopen(Request(f"{mock.url}{URL}{mock.sdkappid}", b"{}"), timeout=5) as answer:
        return json.load(answer)["ErrorCode"]

def test_plugin_loads_nothing_that_is_not_asked_for():
    assert "tencent_chat_emulator.pytest_plugin" in sys.modules
    assert not {"aiohttp", "jsonschema", "tencent_chat_emulator.emulator"} & set(sys.modules)

def test_first(tencent_chat_emulator):
    tencent_chat_emulator.fail(code=60008, times=5)
    assert code(tencent_chat_emulator) == 60008

def test_second_knows_nothing_of_the_first(tencent_chat_emulator, tencent_chat_emulator_server):
    assert tencent_chat_emulator is tencent_chat_emulator_server
    assert tencent_chat_emulator.calls == ()
    assert code(tencent_chat_emulator) == 60004
    assert tencent_chat_emulator.secret_key and tencent_chat_emulator.identifier
"""


def test_the_fixture_works_in_another_project(tmp_path: Path) -> None:
    (tmp_path / "test_downstream.py").write_text(DOWNSTREAM)
    plugin = tomllib.loads(PROJECT.read_text())["project"]["entry-points"]["pytest11"]["tencent_chat_emulator"]
    run = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            plugin,
            "--rootdir",
            tmp_path,
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "3 passed" in run.stdout
