"""Somebody's application, which has a copy of the client deep inside of its own package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class App:
    """Somebody's project, with a copy of the client in `app/vendor/deep/chat`."""

    root: Path

    @property
    def copy(self) -> Path:
        return self.root / "app/vendor/deep/chat"

    @property
    def record(self) -> dict[str, object]:
        return dict(json.loads((self.copy / "timgen.json").read_text(encoding="utf-8")))

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "MYPYPATH": "", "PYTHONPATH": ""}
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.root, env=environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def vendor(self, *options: str, spec: Path | None = None) -> str:
        """Write or update the copy; without `spec`, with that of the installed timgen."""
        root = ("--root", str(spec)) if spec else ()
        result = self.run("timgen", *root, "vendor", "app/vendor/deep/chat", *options)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def mypy(self) -> str:
        """Return what mypy finds in all of the app, the copy included."""
        return self.run("mypy", "--config-file=", "--strict", "--python-version=3.11", "app").stdout

    def pyright(self) -> str:
        settings = {"include": ["app"], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
        (self.root / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
        return self.run("pyright", "--pythonpath", sys.executable, "-p", ".").stdout


def make_app(root: Path, main: str) -> App:
    """Make a project whose `app/main.py` has the text `main`."""
    folder = root / "app/vendor/deep"
    folder.mkdir(parents=True)
    for package in (folder, folder.parent, folder.parent.parent):
        (package / "__init__.py").touch()
    (root / "app/main.py").write_text(main, encoding="utf-8")
    return App(root)
