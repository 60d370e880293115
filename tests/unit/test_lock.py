"""The lock file holds the whole set-up, by version and hash."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from support.paths import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENTRIES = [entry for entry in re.split(r"\n(?=[a-z0-9])", LOCK) if "==" in entry]
PINS = {entry.split("==")[0]: Version(re.split(r"==|[ ;\\]", entry)[1]) for entry in ENTRIES}


def needed() -> Iterator[Requirement]:
    """Yield what the projects say they need, in their own words."""
    root = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    client = tomllib.loads((ROOT / "generated" / "client" / "pyproject.toml").read_text(encoding="utf-8"))
    texts = [*root["project"]["dependencies"], *root["dependency-groups"]["dev"], *root["build-system"]["requires"]]
    texts += client["project"]["dependencies"]
    for project in (root, client):
        texts += [text for extra in project["project"]["optional-dependencies"].values() for text in extra]
    yield from map(Requirement, texts)


@pytest.mark.parametrize("requirement", [*needed()], ids=str)
def test_everything_needed_is_locked_in_a_version_that_is_allowed(requirement: Requirement) -> None:
    assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)])


def test_everything_has_hashes() -> None:
    assert len(ENTRIES) > 100
    assert [entry for entry in ENTRIES if "--hash=sha256:" not in entry] == []


def test_the_set_up_installs_nothing_else() -> None:
    """Every use of pip names the lock file or the project itself."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    uses = [line.strip() for line in makefile.splitlines() if line.startswith("\t$(PIP)")]
    assert uses == [
        "$(PIP) --require-hashes --requirement $(LOCK)",
        "$(PIP) --no-deps --no-build-isolation --editable .",
    ]
    assert makefile.count("pip install") == 1
