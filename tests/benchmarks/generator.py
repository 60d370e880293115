"""How long the generator takes. Prints medians; not part of the tests.

.venv/bin/python tests/benchmarks/generator.py [rounds]
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
TIMGEN = [sys.executable, "-m", "timgen"]


def timgen(root: Path, command: str) -> None:
    subprocess.run([*TIMGEN, "--root", str(root), command], check=True, capture_output=True)


def seconds(action: Callable[[], None], prepare: Callable[[], None], rounds: int) -> float:
    figures: list[float] = []
    for _ in range(rounds):
        prepare()
        start = time.perf_counter()
        action()
        figures.append(time.perf_counter() - start)
    return statistics.median(figures)


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for folder in ("spec", "templates", "generated"):
            shutil.copytree(ROOT / folder, root / folder)
        command = root / "spec/v4/openim/sendmsg.yaml"
        original = command.read_text(encoding="utf-8")
        edits = 0

        def edit() -> None:
            nonlocal edits
            edits += 1
            changed = original.replace("summary: ", f"summary: Edit {edits}, ", 1)
            command.write_text(changed, encoding="utf-8")

        def current() -> None:
            timgen(root, "generate")

        def nothing() -> None:
            pass

        measured = {
            "python -c pass": seconds(
                lambda: subprocess.run([sys.executable, "-c", "pass"], check=True) and None, nothing, rounds
            ),
            "generate, cold": seconds(
                lambda: timgen(root, "generate"), lambda: shutil.rmtree(root / "generated", ignore_errors=True), rounds
            ),
            "generate, nothing changed": seconds(lambda: timgen(root, "generate"), current, rounds),
            "generate, one file edited": seconds(lambda: timgen(root, "generate"), edit, rounds),
            "check, nothing changed": seconds(lambda: timgen(root, "check"), current, rounds),
            "lint": seconds(lambda: timgen(root, "lint"), nothing, rounds),
        }
    for label, figure in measured.items():
        print(f"{label:28} {figure:7.3f} s")
    print(f"{'peak memory of a run':28} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:7.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
