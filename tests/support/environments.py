"""Environments of their own, for tools and versions that the set-up does not have."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.paths import ROOT

UV = Path(sys.executable).with_name("uv")


def run(
    *command: str | Path, environment: Path, folder: Path = ROOT, variables: Mapping[str, str] | None = None
) -> str:
    """Run a command in `folder`, the environment's programs first; return what it printed. Fails with that."""
    path = os.pathsep.join([str(environment / "bin"), (variables or {}).get("PATH", os.environ["PATH"])])
    result = subprocess.run(
        [str(part) for part in command],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, **(variables or {}), "PATH": path, "VIRTUAL_ENV": str(environment)},
    )  # fmt: skip
    if result.returncode:
        pytest.fail(f"{' '.join(map(str, command))}\n{result.stdout[-20_000:]}\n{result.stderr[-5_000:]}")
    return result.stdout


def make(environment: Path, *requirements: str, resolution: str = "highest") -> Path:
    """Make an environment with `requirements`, at one end of their ranges as far as possible."""
    run(UV, "venv", "--python", sys.executable, environment, environment=environment)
    # Folders are built anew: what was built of them before may be stale.
    own = ["timgen", "tencent-chat", "tencent-chat-emulator", "tencent-chat-mcp"]
    fresh = [f"--refresh-package={name}" for name in own]
    run(UV, "pip", "install", "--resolution", resolution, *fresh, *requirements, environment=environment)
    print(run(UV, "pip", "freeze", environment=environment))
    return environment
