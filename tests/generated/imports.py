"""What a program imports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import tencent_chat

ROOT = Path(tencent_chat.__file__).parents[1]


def loaded_by(code: str) -> set[str]:
    """Return the modules that a program loads."""
    code = "import sys\nbefore = set(sys.modules)\n" + code + "\nloaded = sorted(set(sys.modules) - before)\n"
    script = code + "import json\nprint(json.dumps(loaded))"
    output = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return set(json.loads(output))
