"""What we are compared with and do not use ourselves, in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(sys.prefix) / "peers"
LOCK = Path(__file__).with_name("peers.lock")
OPENAPI_PYTHON_CLIENT = FOLDER / "bin" / "openapi-python-client"


def install() -> None:
    """Install the peers, unless these very versions are there."""
    marker = FOLDER / LOCK.name
    if marker.is_file() and marker.read_bytes() == LOCK.read_bytes():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True)
    command = [str(FOLDER / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "--require-hashes", "--requirement", str(LOCK)], check=True)
    marker.write_bytes(LOCK.read_bytes())
