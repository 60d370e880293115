"""The mock as a pytest fixture of downstream people."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DOWNSTREAM = """
import json
import sys
from urllib.request import Request, urlopen

URL = "/v4/openim/sendmsg?random=1&contenttype=json&sdkappid="

def code(mock):
    with urlopen(Request(f"{mock.url}{URL}{mock.sdkappid}", b"{}"), timeout=5) as answer:
        return json.load(answer)["ErrorCode"]

def test_plugin_loads_nothing_that_is_not_asked_for():
    assert "timgen.mock.pytest_plugin" in sys.modules
    assert not {"werkzeug", "jsonschema", "timgen.mock.service"} & set(sys.modules)

def test_first(tencent_chat_mock):
    tencent_chat_mock.inject("code=60008", times=5)
    assert code(tencent_chat_mock) == 60008

def test_second_knows_nothing_of_the_first(tencent_chat_mock, tencent_chat_mock_server):
    assert tencent_chat_mock is tencent_chat_mock_server
    assert tencent_chat_mock.calls == ()
    assert code(tencent_chat_mock) == 60004
    assert tencent_chat_mock.secret_key and tencent_chat_mock.identifier
"""


def test_the_fixture_works_in_another_project(tmp_path: Path) -> None:
    (tmp_path / "test_downstream.py").write_text(DOWNSTREAM)
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "3 passed" in run.stdout
