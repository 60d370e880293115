"""Checking: every rule over the whole spec, all findings of one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from timgen.checking import metaschemas
from timgen.checking.rules import RULES
from timgen.checking.rules.registry import Rule
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.spec import Spec


class Checking:
    """The check of the spec of the project in `root`, in two steps: a model can be built after the first.

    `unreadable` is what reading it found already.
    """

    def __init__(self, spec: Spec, root: Path, unreadable: Iterable[Diagnostic] = ()) -> None:
        self._spec = spec
        self._root = root
        self._findings = list(unreadable)
        self._misread = {_place(finding) for finding in self._findings if finding.rule in ("key-type", "scalar")}
        broken = metaschemas.problems(root, spec.trusted)
        self._findings += broken
        # Without them the form of the files, on which the rules build, is unknown.
        self._left = [] if broken else list(RULES)

    def is_sound(self) -> bool:
        """Whether nothing is wrong but for what a model only shows, which is not looked at yet."""
        self._run(rule for rule in self._left if rule.severity == "error" and not rule.shown)
        self._left = [rule for rule in self._left if rule.severity != "error" or rule.shown]
        return not self._findings

    def findings(self) -> list[Diagnostic]:
        """Return everything that is wrong, sorted; warnings only without errors."""
        self._run(rule for rule in self._left if rule.severity == "error")
        if not self._findings:
            # What seems unused may be what an error is about.
            self._findings += self._warnings()
        self._left = []
        return sorted(set(self._findings))

    def _run(self, rules: Iterable[Rule]) -> None:
        for rule in rules:
            # What was written there is unknown, so that nothing else can be told about it.
            part = self._spec.unsettled if rule.alone else self._spec
            found = rule.function(part, self._root)
            self._findings += [finding for finding in found if _place(finding) not in self._misread]

    def _warnings(self) -> Iterator[Diagnostic]:
        for rule in self._left:
            if rule.severity == "warning":
                for finding in rule.function(self._spec, self._root):
                    yield replace(finding, severity="warning")


def _place(finding: Diagnostic) -> tuple[str, int, int]:
    return finding.file, finding.line, finding.column
