"""Both ends of the version ranges that ship: the lowest versions that they allow, and the newest there are today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.environments import UV, make, run
from support.paths import ROOT

CLIENT = ROOT / "generated" / "client"
LOCK = ROOT / "requirements.lock"

ENDS = ["lowest-direct", "highest"]
# What the tests themselves need, in the versions of the lock file.
TOOLS = [
    "build", "celery", "django", "fastapi", "flask", "gunicorn", "hatchling", "httpx", "hypothesis", "jsonschema",
    "packaging", "proxy-py", "pytest", "pytest-timeout", "pytest-xdist", "pysocks", "pyyaml", "rich", "trustme",
    "uvicorn",
]  # fmt: skip
# The spec is read with timgen itself; pages and type checkers are no matter of what the client runs on.
LEFT_OUT = ["catalogue", "package/test_docs.py", "package/test_types.py"]


def locked(names: list[str]) -> list[str]:
    pins = dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    return [f"{name}=={pins[name]}" for name in names]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("end", ENDS)
def test_the_client(end: str, tmp_path: Path) -> None:
    environment = make(tmp_path / "environment", f"{CLIENT}[async,redis]", *locked(TOOLS), resolution=end)
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
    tools = ["editables", "hatchling", "hypothesis", "pytest", "pytest-timeout", "pytest-xdist"]
    environment = make(tmp_path / "environment", f"{ROOT}[watch]", *locked(tools), resolution=end)
    run(environment / "bin" / "timgen", "check", environment=environment)
    # The validator of OpenAPI documents has ranges of its own, which leave out the lowest versions of ours.
    left_out = "--ignore=tests/unit/rendering/test_openapi.py"
    print(
        run(environment / "bin" / "python", "-m", "pytest", "-n", "2", "tests/unit", left_out, environment=environment)
    )


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", ["linux", "macos", "windows"])
def test_the_lock_file_can_be_installed_everywhere(python: str, system: str, tmp_path: Path) -> None:
    options = ["--dry-run", "--require-hashes", "--only-binary=:all:", f"--target={tmp_path}"]
    place = [f"--python-version={python}", f"--python-platform={system}"]
    run(UV, "pip", "install", *options, *place, "--requirement", LOCK, environment=tmp_path)
