"""A model reduced to a part of its commands and webhooks, with nothing that this part does not need."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from timgen.modelling.arguments import Arguments
from timgen.modelling.build import Built, command_imports, webhook_imports
from timgen.modelling.definitions import Definitions
from timgen.modelling.model import Api, Body, Command, ErrorCode, Namespace, Service, Webhook
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
    definitions = _definitions(built, tuple(commands.values()), webhooks)
    arguments = Arguments(definitions, {schema.name: schema.schema for schema in api.schemas})
    services = tuple(
        replace(service, commands=kept)
        for service in api.services
        if (kept := tuple(commands[command.path] for command in service.commands if command.path in commands))
    )
    reduced = replace(
        api,
        client=replace(api.client, without=without),
        services=services,
        namespaces=tuple(_namespaces(api, commands, arguments)),
        errors=tuple(_errors(api, commands, services)),
        schemas=tuple(schema for schema in api.schemas if f"{schema.module}.{schema.name}" in definitions.by_key),
        webhooks=webhooks,
        webhook_imports=webhook_imports(webhooks, arguments),
        text_limits=definitions.text_limits,
        classes=definitions.classes,
    )
    return Built(built.spec, reduced, definitions)


def _definitions(built: Built, commands: tuple[Command, ...], webhooks: tuple[Webhook, ...]) -> Definitions:
    bodies = [built.api.envelope]
    bodies += [body for command in commands for body in (command.request, command.response)]
    bodies += [body for webhook in webhooks for body in (webhook.request, webhook.reply)]
    keys = built.definitions.closure(map(_key, bodies))
    kept = {key: definition for key, definition in built.definitions.by_key.items() if key in keys}
    return Definitions(built.definitions.modules, kept)


def _key(body: Body) -> str:
    return f"{body.module}.{body.class_name}"


def _alone(command: Command, selection: Selection) -> Command:
    """Return a command that names no method which is not there."""
    deprecated = command.deprecated
    if deprecated is None or deprecated.replacement is None or deprecated.replacement.path in selection.commands:
        return command
    return replace(command, deprecated=replace(deprecated, replacement=None))


def _namespaces(api: Api, commands: Mapping[str, Command], arguments: Arguments) -> Iterator[Namespace]:
    for namespace in api.namespaces:
        if own := tuple(commands[command.path] for command in namespace.commands if command.path in commands):
            yield replace(namespace, commands=own, imports=command_imports(own, arguments))


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
