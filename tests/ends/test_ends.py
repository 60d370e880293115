"""Both ends of the version ranges that ship: the lowest versions that they allow, and the newest there are today."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "generated" / "client"
LOCK = ROOT / "requirements.lock"
UV = Path(sys.executable).with_name("uv")

ENDS = ["lowest-direct", "highest"]
# What the tests themselves need, in the versions of the lock file.
TOOLS = [
    "celery", "fastapi", "httpx", "hypothesis", "packaging", "proxy-py", "pytest", "pytest-timeout", "pytest-xdist",
    "pysocks", "pyyaml", "trustme",
]  # fmt: skip
# Type checkers and builds are no matter of what the client runs on, and some tests read the spec with timgen itself.
LEFT_OUT = [
    "calls/test_batches.py", "cli/test_command_line.py", "cli/test_doctor.py", "client/test_failures.py",
    "package/test_docs.py", "package/test_package.py", "package/test_types.py", "webhooks/test_webhook_guides.py",
    "webhooks/test_webhook_models.py", "webhooks/test_webhooks.py",
]  # fmt: skip


def locked(names: list[str]) -> list[str]:
    pins = dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    return [f"{name}=={pins[name]}" for name in names]


def run(*command: str | Path, environment: Path) -> str:
    """Run a command with the environment's programs first; return what it printed. Fails with that."""
    path = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": path, "VIRTUAL_ENV": str(environment)},
    )  # fmt: skip
    if result.returncode:
        pytest.fail(f"{' '.join(map(str, command))}\n{result.stdout[-20_000:]}\n{result.stderr[-5_000:]}")
    return result.stdout


def environment_with(folder: Path, end: str, *requirements: str) -> Path:
    """Make an environment with `requirements`, as far as possible at one end of their ranges."""
    environment = folder / "environment"
    run(UV, "venv", "--python", sys.executable, environment, environment=environment)
    # Folders are built anew: what was built of them before may be stale.
    fresh = ["--refresh-package=timgen", "--refresh-package=tencent-chat"]
    run(UV, "pip", "install", "--resolution", end, *fresh, *requirements, environment=environment)
    print(run(UV, "pip", "freeze", environment=environment))
    return environment


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("end", ENDS)
def test_the_client(end: str, tmp_path: Path) -> None:
    environment = environment_with(tmp_path, end, f"{CLIENT}[async,redis]", *locked(TOOLS))
    ignored = [f"--ignore=tests/generated/{name}" for name in LEFT_OUT]
    print(
        run(
            environment / "bin" / "python",
            "-m",
            "pytest",
            "-n",
            "2",
            "tests/generated",
            *ignored,
            environment=environment,
        )
    )


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("end", ENDS)
def test_the_generator(end: str, tmp_path: Path) -> None:
    tools = [
        "editables",
        "hatchling",
        "hypothesis",
        "openapi-spec-validator",
        "pytest",
        "pytest-timeout",
        "pytest-xdist",
    ]
    environment = environment_with(tmp_path, end, str(ROOT), *locked(tools))
    run(environment / "bin" / "timgen", "check", environment=environment)
    print(run(environment / "bin" / "python", "-m", "pytest", "-n", "2", "tests/unit", environment=environment))


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", ["linux", "macos", "windows"])
def test_the_lock_file_can_be_installed_everywhere(python: str, system: str, tmp_path: Path) -> None:
    options = ["--dry-run", "--require-hashes", "--only-binary=:all:", f"--target={tmp_path}"]
    place = [f"--python-version={python}", f"--python-platform={system}"]
    run(UV, "pip", "install", *options, *place, "--requirement", LOCK, environment=tmp_path)
