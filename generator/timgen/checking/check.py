"""Checking: every rule over the whole spec, all findings of one run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from timgen.checking import metaschemas
from timgen.checking.rules import RULES
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.spec import Spec


def check(spec: Spec, root: Path, unreadable: Iterable[Diagnostic] = ()) -> list[Diagnostic]:
    """Return everything that is wrong with the spec of the project in `root`, sorted; warnings only without errors.

    `unreadable` is what reading it found already.
    """
    findings = list(unreadable)
    if broken := metaschemas.problems(root, spec.trusted):
        # Without them the form of the files, on which the rules build, is unknown.
        return sorted({*findings, *broken})
    misread = {_place(finding) for finding in findings if finding.rule in ("key-type", "scalar")}
    for rule in RULES:
        if rule.severity == "error":
            # What was written there is unknown, so that nothing else can be told about it.
            part = spec.unsettled if rule.alone else spec
            findings += [finding for finding in rule.function(part, root) if _place(finding) not in misread]
    if not findings:
        # What seems unused may be what an error is about.
        warnings = (rule for rule in RULES if rule.severity == "warning")
        findings += [replace(one, severity="warning") for rule in warnings for one in rule.function(spec, root)]
    return sorted(set(findings))


def _place(finding: Diagnostic) -> tuple[str, int, int]:
    return finding.file, finding.line, finding.column
