"""What a vendored copy holds: namespaces, methods and webhooks by their names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from timgen.modelling.model import Api, Command

WEBHOOKS = "webhooks"
"""The name of all webhooks together."""


@dataclass(frozen=True)
class Selection:
    """The part of an API that is wanted."""

    names: tuple[str, ...]
    """Namespaces, methods by their present names, `webhooks`: each once and sorted, none that is part of another."""
    commands: frozenset[str]
    """Paths."""
    webhooks: bool
    """Whether they are wanted, all of them."""


class UnknownNamesError(Exception):
    """Names that the API lacks; the text says of each what may have been meant."""

    def __init__(self, unknown: Mapping[str, Iterable[str]]) -> None:
        self.names = tuple(unknown)
        super().__init__("; ".join(_unknown(name, close) for name, close in unknown.items()))


def select(api: Api, names: Iterable[str]) -> Selection:
    """Return what `names` stand for: `groups`, `messages.send`, `webhooks`.

    A method may also be named by a former name, and by a method that is made of it. Raises UnknownNamesError.
    """
    namespaces = {namespace.name: namespace for namespace in api.namespaces}
    methods = {name: command for command in api.commands for name in _methods(command)}
    whole: set[str] = set()
    single: set[str] = set()
    commands: set[str] = set()
    unknown: dict[str, list[str]] = {}
    for name in names:
        if name == WEBHOOKS and api.webhooks:
            whole.add(name)
        if name in namespaces:
            whole.add(name)
            commands.update(command.path for command in namespaces[name].commands)
        elif name in methods:
            single.add(methods[name].method)
            commands.add(methods[name].path)
        elif name not in whole:
            unknown[name] = _close(api, name, [*namespaces, *methods, *([WEBHOOKS] if api.webhooks else [])])
    if unknown:
        raise UnknownNamesError(unknown)
    kept = (name for name in single if name.partition(".")[0] not in whole)
    return Selection(tuple(sorted({*whole, *kept})), frozenset(commands), WEBHOOKS in whole and bool(api.webhooks))


def everything(api: Api) -> Selection:
    """Return the whole API."""
    return Selection((), frozenset(command.path for command in api.commands), webhooks=True)


def _methods(command: Command) -> Iterable[str]:
    """Return the names of the methods that send a command, the present ones last."""
    made = (command.iterator, command.batch)
    return [
        *command.old_methods,
        *(f"{command.namespace}.{method.function}" for method in made if method),
        command.method,
    ]


def _close(api: Api, name: str, known: Iterable[str]) -> list[str]:
    of_path = [command.method for command in api.commands if command.path == name]
    return of_path or difflib.get_close_matches(name, known, n=3)


def _unknown(name: str, close: Iterable[str]) -> str:
    text = f"there is no namespace or method {name}"
    found = list(close)
    return f"{text}; did you mean {' or '.join(found)}?" if found else text
