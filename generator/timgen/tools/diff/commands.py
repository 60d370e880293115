"""Commands: the methods that apps call.

Rules beside the table in the design:

- A method is what is called; its former names keep it going. A command whose path is another one breaks `call` and the
  registry, whatever its method is called.
- Whether a call is repeated goes unsafe, deduplicated, safe; less breaks, since apps rely on calls that are sent again.
- What only reads is called by programs that may do nothing else; that it does more than that breaks them.
- How pages are read on, and how long the parts of a list are, is the client's affair: another way is additive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from timgen.modelling.model import Api, Argument, Command
from timgen.tools.diff.bodies import renames
from timgen.tools.diff.changes import Change, Level
from timgen.tools.diff.keywords import advice

API = "spec/api.yaml"

WORDS = {
    "text": "other words",
    "link": "another page",
    "date": "another date of the page",
    "examples": "other examples",
    "codes": "other codes are named",
    "plans": "other plans are needed",
}
"""What is said of another text, by kind."""

_REPEAT = ("unsafe", "deduplicated", "safe")
_OUTSIDE_BRACKETS = re.compile(r" \| (?![^\[]*\])")
_TEXTS_OF_COMMANDS: Mapping[str, Callable[[Command], object]] = {
    "text": lambda c: (c.summary, c.description, c.repeat_evidence, c.partial),
    "link": lambda c: c.docs,
    "date": lambda c: c.date,
    "examples": lambda c: [(e.summary, e.request, e.response) for e in c.examples],
    "rate-limit": lambda c: "; ".join(map(str, c.rate_limits)) or "unknown",
    "codes": lambda c: [error.code for error in c.errors],
    "plans": lambda c: c.plans,
}


def pairs(old: Api, new: Api) -> list[tuple[Command, Command]]:
    """Return the commands that are the same in both: by their path, or else by their method."""
    before, after = ({command.path: command for command in api.commands} for api in (old, new))
    by_method = {command.method: command for path, command in after.items() if path not in before}
    found = ((command, after.get(path) or by_method.get(command.method)) for path, command in before.items())
    return [(one, other) for one, other in found if other]


def commands(old: Api, new: Api) -> Iterator[Change]:
    """Yield which commands, methods and namespaces came and went, and what else is said of those that stay."""
    same = pairs(old, new)
    known, kept = {one.path for one, _ in same}, {other.path for _, other in same}
    for command in old.commands:
        if command.path not in known:
            lost = f"the command is gone, and with it client.{command.method}"
            yield Change("breaking", "command-removed", command.path, command.location.file, lost)
    for command in new.commands:
        if command.path not in kept:
            added = f"a new command: client.{command.method}"
            yield Change("additive", "command-added", command.path, command.location.file, added)
    before, after = ({namespace.name for namespace in api.namespaces} for api in (old, new))
    for name in before - after:
        yield Change("breaking", "namespace-removed", name, API, f"client.{name} is gone")
    for name in after - before:
        yield Change("additive", "namespace-added", name, API, f"a new namespace: client.{name}")
    owners = {name: command.path for command in new.commands for name in _methods(command)}
    for one, other in same:
        yield from _command(one, other, owners)


def _methods(command: Command) -> dict[str, bool]:
    """Return the methods of a command with whether they are former names."""
    own = [command.function]
    own += [command.iterator.function] if command.iterator else []
    own += [command.batch.function] if command.batch else []
    return {**dict.fromkeys(command.old_methods, True), **{f"{command.namespace}.{name}": False for name in own}}


def _command(old: Command, new: Command, owners: Mapping[str, str]) -> Iterator[Change]:
    file = new.location.file
    old = _with_names_of(new, old)

    def change(level: Level, kind: str, message: str, subject: str = new.path) -> Change:
        return Change(level, kind, subject, file, message)

    if old.path != new.path:
        lost = f"{old.path} is {new.path} now; call() and the registry no longer know the former path"
        yield change("breaking", "command-renamed", lost, old.path)
    before, after = _methods(old), _methods(new)
    for name in before:
        if name not in owners:
            lost = f"client.{name} is gone; client.{new.method} calls the command"
            yield change("breaking", "method-removed", lost, name)
        elif owners[name] != new.path:
            yield change("breaking", "method-moved", f"client.{name} calls {owners[name]} now", name)
        elif after[name] and not before[name]:
            renamed = f"client.{name} is called client.{new.method} now; the former name goes on"
            yield change("additive", "method-renamed", renamed, name)
        elif before[name] and not after[name]:
            yield change("additive", "method-renamed", f"client.{name} is no former name any longer", name)
    for name in after:
        if name not in before and not after[name]:
            yield change("additive", "method-added", f"a new method: client.{name}", name)
        elif name not in before:
            yield change("additive", "alias-added", f"client.{name} is a former name of client.{new.method}", name)
    yield from _reading(old, new, change)
    yield from _repetition(old, new, change)
    yield from _readers(old, new, change)
    before_use, use = (command.deprecated.as_written if command.deprecated else None for command in (old, new))
    for difference in advice(before_use, use, "the command"):
        if effect := difference.effect(written=True, read=True):
            yield change(effect.level, difference.kind, difference.words)
    for kind, of in _TEXTS_OF_COMMANDS.items():
        if of(old) != of(new):
            yield change("docs", kind, WORDS.get(kind) or f"rate limit: {of(old)} -> {of(new)}")


def _with_names_of(new: Command, old: Command) -> Command:
    """Return a command with the names that fields of its request have in `new`, which says that they were renamed."""
    names = renames(old.request.schema, new.request.schema)

    def of(name: str) -> str:
        return names.get(name, name)

    return replace(
        old,
        dedupe=old.dedupe and replace(old.dedupe, fields=tuple(map(of, old.dedupe.fields))),
        safe_if=old.safe_if and replace(old.safe_if, field=of(old.safe_if.field)),
        repeated=tuple(replace(entry, single=of(entry.single)) for entry in old.repeated),
        batch=old.batch and replace(old.batch, field=of(old.batch.field)),
    )


def _reading(old: Command, new: Command, change: Callable[[Level, str, str], Change]) -> Iterator[Change]:
    if old.reads and not new.reads:
        yield change("breaking", "reads", "the command no longer counts as one that only reads")
    elif new.reads and not old.reads:
        yield change("additive", "reads", "the command only reads")


def _repetition(old: Command, new: Command, change: Callable[[Level, str, str], Change]) -> Iterator[Change]:
    less = "calls of unknown outcome are not sent again where they were"
    before, after = _REPEAT.index(old.repeat), _REPEAT.index(new.repeat)
    if before != after:
        words = f"repeat: {old.repeat} -> {new.repeat}"
        yield (
            change("breaking", "repeat", f"{words}; {less}") if after < before else change("additive", "repeat", words)
        )
    elif old.dedupe and new.dedupe and old.dedupe != new.dedupe:
        kept = set(old.dedupe.fields) == set(new.dedupe.fields) and new.dedupe.window >= old.dedupe.window
        words = f"dedupe: {_dedupe(old)} -> {_dedupe(new)}"
        yield change("additive", "repeat", words) if kept else change("breaking", "repeat", f"{words}; {less}")
    if old.safe_if != new.safe_if and old.repeat == new.repeat:
        words = "other calls than before are safe to repeat"
        level: Level = "additive" if old.safe_if is None else "breaking"
        yield change(level, "repeat", words if level == "additive" else f"{words}; {less}")
    ways = [{(r.code, r.info, r.single) for r in command.repeated} for command in (old, new)]
    for code, *_ in sorted(ways[0] - ways[1]):
        yield change("breaking", "repeated", f"{code} no longer says that a repeated call was done before: it raises")
    for code, *_ in sorted(ways[1] - ways[0]):
        yield change("additive", "repeated", f"{code} says that a repeated call was done before")
    if ways[0] == ways[1] and old.repeated != new.repeated:
        yield change("docs", "text", "other words on what repeated calls answer")


def _dedupe(command: Command) -> str:
    return f"{', '.join(command.dedupe.fields)} in {command.dedupe.window} s" if command.dedupe else "none"


def _readers(old: Command, new: Command, change: Callable[[Level, str, str, str], Change]) -> Iterator[Change]:
    """Yield what is another one of the methods that read pages and take lists, and of failed items."""
    if old.paging != new.paging and old.iterator and new.iterator:
        yield change("additive", "paging", "pages are read on in another way", new.path)
    if old.iterator and new.iterator:
        name = f"{new.namespace}.{new.iterator.function}"
        yield from _arguments(old.iterator.arguments, new.iterator.arguments, old, new, name, change)
        if not _expects(old.iterator.item, new.iterator.item):
            words = f"client.{name} yields {new.iterator.item}, and yielded {old.iterator.item}"
            yield change("breaking", "item", words, name)
    if old.batch and new.batch:
        name = f"{new.namespace}.{new.batch.function}"
        yield from _arguments(old.batch.arguments, new.batch.arguments, old, new, name, change)
        if old.batch.field != new.batch.field:
            words = f"client.{name} cuts {new.batch.field} into calls, and cut {old.batch.field}"
            yield change("breaking", "batch", words, name)
        elif old.batch.max != new.batch.max:
            words = f"items in a call: {old.batch.max} -> {new.batch.max}"
            yield change("additive", "batch", words, name)
    if old.failures and not new.failures:
        yield change("breaking", "failures", "failed items of an answer are no longer found", new.path)
    elif old.failures != new.failures:
        yield change("additive", "failures", "failed items are found at other places", new.path)


def _arguments(
    old: Iterable[Argument],
    new: Iterable[Argument],
    before: Command,
    after: Command,
    method: str,
    change: Callable[[Level, str, str, str], Change],
) -> Iterator[Change]:
    """Yield arguments that a method lost or needs, where its command does not say so itself."""
    own = {argument.name: argument.required for argument in after.arguments}
    known = {argument.name: argument.required for argument in before.arguments}
    arguments = {argument.name: argument.required for argument in new}
    for argument in old:
        if argument.name not in arguments and argument.name in own:
            yield change("breaking", "argument-removed", f"client.{method} no longer takes {argument.name}", method)
        elif arguments.get(argument.name) and not argument.required and known.get(argument.name) == own[argument.name]:
            yield change("breaking", "argument-required", f"client.{method} needs {argument.name} now", method)


def _expects(old: str, new: str) -> bool:
    """Whether code that takes `old`, the type of what is read, can take `new`; sets are open there."""
    known = set(_OUTSIDE_BRACKETS.split(old))
    # What is a set today may be any value of its type.
    return all(part in known or part.startswith("Literal[") for part in _OUTSIDE_BRACKETS.split(new))
