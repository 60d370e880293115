"""The client with the lowest and the highest versions of what it needs. Downloads them, with `make test-all` only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = (
    "answer_bodies", "answers", "bodies", "client", "concurrency", "elements", "errors", "failover", "hooks",
    "interruptions", "own_transports", "pages", "proxies", "rate_limits", "retries", "secrets", "transport", "usersig",
)  # fmt: skip
TOOLS = ("pytest", "pytest-timeout", "trustme", "hypothesis", "proxy.py", "pysocks")

pytestmark = [
    pytest.mark.skipif("TIMGEN_TEST_ALL" not in os.environ, reason="takes long and needs the network"),
    pytest.mark.timeout(1200),
]


@pytest.mark.parametrize("end", ["lowest-direct", "highest"])
def test_the_client_works(end: str, tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    uv(f"venv --quiet --python {sys.executable} {tmp_path}")
    ranges, pins = ROOT / "generated" / "client" / "pyproject.toml", tmp_path / "pins.txt"
    uv(f"pip compile --quiet --resolution {end} --all-extras --python {python} --output-file {pins} {ranges}")
    uv(f"pip install --quiet --python {python} --requirement {pins} --constraint {pins}", *TOOLS)
    files = [f"tests/generated/test_{name}.py" for name in TESTS]
    done = subprocess.run(
        [python, "-m", "pytest", "-p", "no:cacheprovider", *files],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def uv(command: str, *more: str) -> None:
    subprocess.run([sys.executable, "-m", "uv", *command.split(), *more], check=True)
