"""Which commands are modelled, and what behaviours had to choose."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from .._catalogue.catalogue import Catalogue
from .behaviours import Behaviour


def as_text(catalogue: Catalogue, behaviours: Mapping[str, Behaviour]) -> str:
    """Return a line for each command, and below it what was chosen."""
    lines = [
        f"{len(behaviours)} of {len(catalogue.paths)} commands are modelled; the others answer with an example of the "
        "documentation. Indented: what it leaves open, as chosen here.",
        "",
        *_lines(catalogue, behaviours),
    ]
    return "\n".join(lines) + "\n"


def as_json(behaviours: Mapping[str, Behaviour]) -> str:
    """Return the choices of each command that is modelled, by path."""
    choices = {path: list(behaviours[path].guesses) for path in sorted(behaviours)}
    return json.dumps(choices, ensure_ascii=False, indent=2) + "\n"


def _lines(catalogue: Catalogue, behaviours: Mapping[str, Behaviour]) -> Iterator[str]:
    for path in catalogue.paths:
        command = catalogue.command(path)
        if command is not None:
            yield f"{path} ({command.method})" + ("" if path in behaviours else ": example")
        if path in behaviours:
            yield from (f"    {choice}" for choice in behaviours[path].guesses)
