"""Rules about what the spec advises against and names all the same. The vendor's pages do so, hence they warn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from timgen.checking.rules.registry import Rule, mapping, sequence
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.spec import Spec


def deprecated_code(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a deprecated code that a command names alone, or that stands in place of another one."""
    entries = {key: mapping(mapping(entry).get("deprecated")) for key, entry in spec.errors.mapping.items()}
    uses = {key: advice["use"] for key, advice in entries.items() if advice}
    for key, use in uses.items():
        if str(use) in uses:
            message = f"{use}, which is said to come in place of {key}, is deprecated as well"
            hint = "name the code that comes today, or say what to do"
            yield spec.errors.at((key, "deprecated", "use"), "deprecated-code", message, hint)
    for document in spec.commands.values():
        codes = sequence(document.mapping.get("errors"))
        for index, code in enumerate(codes):
            use = uses.get(str(code))
            if use is not None and use not in codes:
                instead = f"{use} comes in its place" if isinstance(use, int) else use
                hint = f"name {use} as well, or alone" if isinstance(use, int) else "leave it out"
                yield document.at(("errors", index), "deprecated-code", f"{code} is deprecated: {instead}", hint)


RULES = (Rule("deprecated-code", "a code that is named no longer comes", deprecated_code, "warning"),)
