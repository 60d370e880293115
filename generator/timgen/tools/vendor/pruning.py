"""A model reduced to a part of its commands and webhooks, with nothing that this part does not need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from timgen.language.naming import ENVELOPE_KEY
from timgen.modelling.build import Built, classes, text_limits
from timgen.modelling.definitions import Definitions
from timgen.modelling.model import Api, Command, ErrorCode, Namespace, Service
from timgen.modelling.outlines import Part
from timgen.tools.vendor.selection import Selection


def prune(built: Built, selection: Selection, without: tuple[str, ...]) -> Built:
    """Return `built` with what `selection` names and what that refers to, its client without some parts.

    What stays is as it was in the whole: the same names, types and words. Of the error codes there go those that
    only other commands answer with.
    """
    api = built.api
    webhooks = api.webhooks if selection.webhooks else ()
    commands = {
        command.path: _alone(command, selection) for command in api.commands if command.path in selection.commands
    }
    files = {command.location.file for command in commands.values()} | {webhook.location.file for webhook in webhooks}
    parts = tuple(part for part in built.parts if part.file in files)
    shared = _needed(built.shared, parts)
    services = tuple(
        replace(service, commands=kept)
        for service in api.services
        if (kept := tuple(commands[command.path] for command in service.commands if command.path in commands))
    )
    reduced = replace(
        api,
        client=replace(api.client, without=without),
        services=services,
        namespaces=tuple(_namespaces(api, commands)),
        errors=tuple(_errors(api, commands, services)),
        schemas=tuple(schema for schema in api.schemas if f"{schema.module}.{schema.name}" in shared.by_key),
        webhooks=webhooks,
        text_limits=text_limits(shared, parts),
        classes=classes(shared, parts),
    )
    return Built(built.spec, reduced, shared, parts)


def _needed(shared: Definitions, parts: Iterable[Part]) -> Definitions:
    """Return those of the shared definitions that some parts refer to."""
    names = {name for part in parts for name in (*part.outline.written, *part.outline.read)}
    keys = shared.closure([ENVELOPE_KEY, *(f"{shared.modules[name]}.{name}" for name in names)])
    return Definitions(shared.modules, {key: one for key, one in shared.by_key.items() if key in keys})


def _alone(command: Command, selection: Selection) -> Command:
    """Return a command that names no method which is not there."""
    deprecated = command.deprecated
    if deprecated is None or deprecated.replacement is None or deprecated.replacement.path in selection.commands:
        return command
    return replace(command, deprecated=replace(deprecated, replacement=None))


def _namespaces(api: Api, commands: Mapping[str, Command]) -> Iterator[Namespace]:
    for namespace in api.namespaces:
        if own := tuple(commands[command.path] for command in namespace.commands if command.path in commands):
            yield replace(namespace, commands=own)


def _errors(api: Api, commands: Mapping[str, Command], services: Collection[Service]) -> Iterator[ErrorCode]:
    """Yield the codes that may come without those that only other commands answer with."""
    kept = {code for service in services for code in (service.invalid_request, *service.too_long)}
    kept.update(repeated.code for command in commands.values() for repeated in command.repeated)
    # A code that no command names, like those of signatures, may come from any.
    kept.update(
        error.code
        for error in api.errors
        if error.editions or not error.commands or not commands.keys().isdisjoint(error.commands)
    )
    kept.update(error.successor for error in api.errors if error.code in kept and error.successor is not None)
    names = {service.name for service in services}
    for error in api.errors:
        if error.code in kept:
            named_by = tuple(path for path in error.commands if path in commands)
            meanings = {service: meaning for service, meaning in error.services.items() if service in names}
            yield replace(error, commands=named_by, services=meanings)
