"""What is modelled, as a page in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from .._catalogue.catalogue import Catalogue
from .behaviours import Behaviour

_INTRODUCTION = """\
[Overview](../index.md) › What the emulator models

# What the emulator models

{modelled} of {all} commands are carried out on what the emulator remembers. The others answer with the example of the \
documentation whose request equals yours, else with the first that succeeds. How to [test with it](testing.md).

Where the documentation leaves open what happens, the emulator had to choose. These choices stand below each service; \
the service itself may do otherwise."""


def page(catalogue: Catalogue, behaviours: Mapping[str, Behaviour]) -> str:
    """Return which commands are modelled, and what was guessed."""
    introduction = _INTRODUCTION.format(modelled=len(behaviours), all=len(catalogue.paths))
    sections = [
        section
        for service, paths in groupby(catalogue.paths, lambda path: path.partition("/")[0])
        for section in _service(catalogue, behaviours, service, list(paths))
    ]
    return "\n\n".join([introduction, *sections]) + "\n"


def _service(
    catalogue: Catalogue, behaviours: Mapping[str, Behaviour], service: str, paths: list[str]
) -> Iterator[str]:
    yield f"## {service}"
    yield "\n".join(
        [
            "| Command | Method | Modelled |",
            "| --- | --- | --- |",
            *_rows(catalogue, behaviours, paths),
        ]
    )
    guesses = [
        f"- `{path.partition('/')[2]}`: {guess}"
        for path in paths
        if path in behaviours
        for guess in behaviours[path].guesses
    ]
    if guesses:
        yield "Chosen:"
        yield "\n".join(guesses)


def _rows(
    catalogue: Catalogue, behaviours: Mapping[str, Behaviour], paths: list[str]
) -> Iterator[str]:
    for path in paths:
        command = catalogue.command(path)
        if command is not None:
            modelled = "yes" if path in behaviours else "example"
            name = path.partition("/")[2]
            yield f"| [`{name}`](../commands/{path}.md) | `{command.method}` | {modelled} |"
