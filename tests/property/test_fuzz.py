"""Whatever becomes of a spec and of templates, timgen says what is wrong with it, and writes nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.effort import cases

FUZZ = Path(__file__).with_name("fuzz.py")


@pytest.mark.timeout(1_200)
def test_nothing_breaks_timgen() -> None:
    count = cases(300)
    result = subprocess.run(
        [sys.executable, str(FUZZ), str(count)], capture_output=True, text=True, check=False, timeout=1_200
    )
    assert result.returncode == 0, result.stdout + result.stderr
    figures = "0 tracebacks, 0 hangs, 0 runs over 2 s, 0 writes on failure"
    assert result.stdout.splitlines()[-1] == f"{count} cases: {figures}"
