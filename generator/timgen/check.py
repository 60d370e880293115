"""Checking: every rule over the whole spec, all findings of one run."""

from __future__ import annotations

from pathlib import Path

from timgen import spec as spec_files
from timgen.build import Built, build
from timgen.diagnostics import Diagnostic
from timgen.rules import RULES, metaschemas
from timgen.spec import Spec


def check(root: Path, trusted: frozenset[str] = frozenset()) -> tuple[Built | None, list[Diagnostic]]:
    """Read, check and build the spec in `root`; return the model, or everything that is wrong, sorted.

    `trusted` files are as they were when an earlier run found nothing.
    """
    spec, findings = spec_files.load(root, trusted)
    if broken := metaschemas.problems(root, trusted):
        # Without them the form of the files, on which the rules build, is unknown.
        return None, sorted({*findings, *broken})
    misread = {_place(finding) for finding in findings if finding.rule in ("key-type", "scalar")}
    for rule in RULES:
        # What was written there is unknown, so that nothing else can be told about it.
        findings += [finding for finding in rule.function(spec, root) if _place(finding) not in misread]
    if findings:
        return None, sorted(set(findings))
    built = build(spec)
    findings = _inline_collisions(spec, built)
    return (None if findings else built), findings


def _place(finding: Diagnostic) -> tuple[str, int, int]:
    return finding.file, finding.line, finding.column


def _inline_collisions(spec: Spec, built: Built) -> list[Diagnostic]:
    """Find inline objects whose classes would get a name that is taken; only a sound spec tells."""
    documents = {document.file: document for _, document in spec.documents()}
    return [
        documents[later.origin].at(
            (),
            "class-collision",
            f"the class {later.name} of an inline object is made from {earlier.origin} too",
            "give one of the objects a `title` of its own",
        )
        for earlier, later in built.definitions.collisions
    ]
