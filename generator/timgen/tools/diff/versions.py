"""Versions: the step that a change asks for, and whether it was made."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from timgen.tools.diff.changes import Level

Step: TypeAlias = Literal["major", "minor", "patch", "none"]

_VERSION = re.compile(r"([0-9]+)\.([0-9]+)\.([0-9]+)(?:(a|b|rc)([0-9]+))?")


def step(old: str, level: Level) -> Step:
    """Return what the version `old` must go up by: before 1.0.0 what breaks asks for a minor step only."""
    if level in ("docs", "none"):
        return "none"
    early = _parts(old)[0] == 0
    if level == "breaking":
        return "minor" if early else "major"
    return "patch" if early else "minor"


def least(old: str, needed: Step) -> str:
    """Return the lowest version without a suffix that is a step above `old`."""
    major, minor, patch = _parts(old)
    if needed == "none":
        return old
    if needed == "major":
        return f"{major + 1}.0.0"
    if needed == "minor":
        return f"{major}.{minor + 1}.0"
    # The release that a pre-release is for is above it.
    return f"{major}.{minor}.{patch + (not _is_early_release(old))}"


def is_enough(old: str, new: str, needed: Step) -> bool:
    """Whether `new` is at least a step above `old`; from a pre-release to the next one, any is enough.

    A pre-release of a version counts as that version.
    """
    if needed == "none":
        return True
    if _is_early_release(old):
        return key(new) > key(old)
    length = {"major": 1, "minor": 2, "patch": 3}[needed]
    return _parts(new)[:length] > _parts(old)[:length]


def key(version: str) -> tuple[tuple[int, int, int], str, int]:
    """Return what sorts versions: a pre-release comes before its release."""
    match = _match(version)
    # "z" is behind a, b and rc.
    return _parts(version), match[4] or "z", int(match[5] or 0)


def _is_early_release(version: str) -> bool:
    return key(version)[1] != "z"


def _parts(version: str) -> tuple[int, int, int]:
    match = _match(version)
    return int(match[1]), int(match[2]), int(match[3])


def _match(version: str) -> re.Match[str]:
    match = _VERSION.fullmatch(version)
    if match is None:
        raise ValueError(f"{version} is no version as the rules of a spec let it pass")
    return match
