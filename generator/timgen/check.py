"""Checking: every rule over the whole spec, all findings of one run."""

from __future__ import annotations

from pathlib import Path

from timgen import spec as spec_files
from timgen.diagnostics import Diagnostic
from timgen.rules import RULES
from timgen.spec import Spec


def check(root: Path, trusted: frozenset[str] = frozenset()) -> tuple[Spec, list[Diagnostic]]:
    """Read the spec in `root` and return it with everything that is wrong about it, sorted.

    `trusted` files are as they were when an earlier run found nothing.
    """
    spec, findings = spec_files.load(root, trusted)
    for rule in RULES:
        findings += rule.function(spec, root)
    return spec, sorted(set(findings))
