"""Checking: every rule over the whole spec, all findings of one run."""

from __future__ import annotations

from pathlib import Path

from timgen import spec as spec_files
from timgen.build import Built, build
from timgen.diagnostics import Diagnostic
from timgen.rules import RULES
from timgen.spec import Spec


def check(root: Path, trusted: frozenset[str] = frozenset()) -> tuple[Built | None, list[Diagnostic]]:
    """Read, check and build the spec in `root`; return the model, or everything that is wrong, sorted.

    `trusted` files are as they were when an earlier run found nothing.
    """
    spec, findings = spec_files.load(root, trusted)
    for rule in RULES:
        findings += rule.function(spec, root)
    if findings:
        return None, sorted(set(findings))
    built = build(spec)
    findings = _inline_collisions(spec, built)
    return (None if findings else built), findings


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
