"""Building the model: spec documents in, `timgen.modelling.model.Api` out.

Runs only on a spec without findings, so that it need not doubt what it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from timgen.language.areas import area_of
from timgen.language.naming import ENVELOPE_CLASS, ENVELOPE_MODULE, pascal
from timgen.language.schema import Schema, reached
from timgen.modelling.arguments import Arguments, imports
from timgen.modelling.commands import Commands
from timgen.modelling.definitions import Definition, Definitions
from timgen.modelling.describe import enum_values, limits, values_label
from timgen.modelling.fields import item_name, members
from timgen.modelling.model import (
    Api,
    Category,
    Client,
    Command,
    Deprecated,
    ErrorArea,
    ErrorCode,
    Import,
    Meaning,
    Namespace,
    QueryParameter,
    Region,
    Service,
    SharedSchema,
    Verdict,
    Webhook,
)
from timgen.modelling.parts import location
from timgen.modelling.webhooks import Webhooks
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.source import Document
from timgen.reading.spec import Spec

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Built:
    """The model, what it was built from, and the classes that its bodies are made of."""

    spec: Spec
    api: Api
    definitions: Definitions


def build(spec: Spec) -> tuple[Built | None, list[Diagnostic]]:
    """Build the model of a spec in which the rules found nothing.

    Names of classes that collide show only here; there is no model then.
    """
    api = cast(Raw, spec.api.mapping)
    files = {name: document for document in spec.schemas.values() for name in document.mapping}
    shared = {name: cast(Schema, document.mapping[name]) for name, document in sorted(files.items())}
    definitions = Definitions({name: module for module, document in spec.schemas.items() for name in document.mapping})
    written = reached((body.schema for body in spec.bodies if body.role in ("request", "reply")), shared)
    read = reached((body.schema for body in spec.bodies if body.role in ("response", "event", "envelope")), shared)
    for name, schema in shared.items():
        unused = name not in written and name not in read
        definitions.add(
            schema, name, definitions.modules[name], "shared", origin=files[name].file, prefix=name,
            written=unused or name in written, read=unused or name in read,
        )  # fmt: skip
    envelope = definitions.add(
        api["envelope"], ENVELOPE_CLASS, ENVELOPE_MODULE, "envelope", origin=spec.api.file, prefix=ENVELOPE_CLASS
    )
    areas = cast(Mapping[str, Raw], api.get("error_areas", {}))
    errors = tuple(_errors(spec, api["categories"], areas))
    arguments = Arguments(definitions, shared)
    # A command does not know which others have its codes: what is made of one stays as it is when others change.
    make = Commands(spec, arguments, envelope, {error.code: replace(error, commands=()) for error in errors})
    commands = [make.command(path, document) for path, document in sorted(spec.commands.items())]
    head = cast(Raw, api.get("webhooks", {}))
    callbacks = Webhooks(arguments, head.get("reply", {}))
    webhooks = tuple(callbacks.webhook(name, document) for name, document in sorted(spec.webhooks.items()))
    if definitions.collisions:
        return None, sorted(_collisions(spec, definitions))
    model = Api(
        title=api["title"],
        version=api["version"],
        summary=api["summary"],
        description=api.get("description", ""),
        docs=api["docs"],
        license=api.get("license"),
        client=_client(api["client"]),
        protocol_version=api["protocol"]["version"],
        backend_timeout=api["protocol"]["backend_timeout"],
        query=tuple(_query_parameter(parameter) for parameter in api["query"]),
        envelope=arguments.body(ENVELOPE_CLASS, ENVELOPE_MODULE, ENVELOPE_CLASS, api["envelope"], closed=False),
        verdict=_verdict(api["verdict"]),
        webhook_parameter=head.get("command"),
        regions=tuple(
            Region(key, region["name"], region["domain"], region.get("backup"), region["evidence"])
            for key, region in api["regions"].items()
        ),
        products=tuple(api["products"]),
        services=tuple(_service(name, document, api, commands) for name, document in sorted(spec.services.items())),
        namespaces=tuple(_namespaces(api["namespaces"], commands, arguments)),
        namespace_summaries={name: entry["summary"] for name, entry in api["namespaces"].items()},
        categories=tuple(
            Category(
                name,
                category["exception"],
                category["summary"],
                has_unknown_outcome=category.get("outcome") == "unknown",
                is_about_credentials=category.get("about") == "credentials",
            )
            for name, category in api["categories"].items()
        ),
        errors=errors,
        error_areas=tuple(
            ErrorArea(name, area["title"], tuple(error for error in errors if error.area == name))
            for name, area in areas.items()
        ),
        schemas=tuple(
            _shared_schema(name, files[name], arguments, closed=name not in read or name in written) for name in shared
        ),
        webhooks=webhooks,
        webhook_imports=webhook_imports(webhooks, arguments),
        text_limits=definitions.text_limits,
        classes=definitions.classes,
    )
    return Built(spec, model, definitions), []


def _errors(spec: Spec, categories: Raw, areas: Mapping[str, Raw]) -> Iterator[ErrorCode]:
    named_by: dict[int, list[str]] = {}
    for path, document in sorted(spec.commands.items()):
        for code in cast(list[int], document.mapping.get("errors", [])):
            named_by.setdefault(code, []).append(path)
    ranges = {name: area["codes"] for name, area in areas.items()}
    entries = {int(key): (key, cast(Raw, entry)) for key, entry in spec.errors.mapping.items()}
    for code, (key, entry) in sorted(entries.items()):
        meanings = cast(Mapping[str, Raw], entry.get("services", {}))
        advice = cast(Raw, entry.get("deprecated", {}))
        successor = advice["use"] if isinstance(advice.get("use"), int) else None
        yield ErrorCode(
            code=code,
            name=entry["name"],
            message=entry["message"],
            fix=entry["fix"],
            category=entry["category"],
            exception=categories[entry["category"]]["exception"],
            area=area_of(code, ranges),
            retry=entry["retry"],
            editions=tuple(entry.get("editions", ())),
            services={
                service: Meaning(
                    meaning["message"],
                    meaning["fix"],
                    category := meaning.get("category", entry["category"]),
                    categories[category]["exception"],
                    meaning.get("retry", entry["retry"]),
                )
                for service, meaning in sorted(meanings.items())
            },
            commands=tuple(named_by.get(code, ())),
            deprecated=_deprecated(advice, entries) if advice else None,
            successor=successor,
            location=location(spec.errors, (key,)),
        )


def _deprecated(advice: Raw, entries: Mapping[int, tuple[str, Raw]]) -> Deprecated:
    use = advice["use"]
    words = f"expect {use} ({entries[use][1]['name']})" if isinstance(use, int) else use
    return Deprecated(advice.get("since"), words, None)


def _query_parameter(raw: Raw) -> QueryParameter:
    name, schema = raw["name"], raw["schema"]
    example = schema.get("const", raw.get("example", name.upper()))
    return QueryParameter(name, raw.get("role"), raw["description"], schema, example, raw.get("credential", False))


def _client(raw: Raw) -> Client:
    return Client(raw["distribution"], raw["package"], raw["class"], raw["error"], raw["environment"])


def _verdict(raw: Raw) -> Verdict:
    optional = (raw.get(key) for key in ("status", "ok", "info", "request_id"))
    return Verdict(raw["code"], raw["success"], *optional)


def _service(name: str, document: Document, api: Raw, commands: Iterable[Command]) -> Service:
    raw = cast(Raw, document.mapping)
    return Service(
        name=name,
        summary=raw["summary"],
        description=raw.get("description", ""),
        product=raw.get("product", api["products"][0]),
        docs=raw.get("docs"),
        invalid_request=raw.get("invalid_request", api["protocol"]["invalid_request"]),
        too_long=tuple(raw.get("too_long", ())),
        commands=tuple(command for command in commands if command.service == name),
    )


def _namespaces(raw: Raw, commands: Iterable[Command], arguments: Arguments) -> Iterator[Namespace]:
    by_name: dict[str, list[Command]] = {}
    for command in sorted(commands, key=lambda command: command.function):
        by_name.setdefault(command.namespace, []).append(command)
    for name, entry in raw.items():
        if own := by_name.get(name):
            summary = entry["summary"]
            yield Namespace(name, pascal(name), entry["noun"], summary, tuple(own), command_imports(own, arguments))


def command_imports(commands: Iterable[Command], arguments: Arguments) -> tuple[Import, ...]:
    """Return what the signatures of the methods of `commands` name."""
    return imports(definition for command in commands for definition in _named_by(command, arguments))


def _named_by(command: Command, arguments: Arguments) -> list[Definition]:
    """Return what the signatures of a command's methods name."""
    answer = arguments.definition(command.response)
    items = (arguments.annotations.item_definitions(answer.schema, variant.items) for variant in command.paging)
    return [answer, *arguments.named_by(command.request), *(definition for found in items for definition in found)]


def webhook_imports(webhooks: Iterable[Webhook], arguments: Arguments) -> tuple[Import, ...]:
    """Return what the signatures of typed replies to `webhooks` name."""
    named: list[Definition] = []
    for webhook in webhooks:
        if webhook.outcomes:
            named += [arguments.definition(webhook.request), arguments.definition(webhook.reply)]
            named += arguments.named_by(webhook.reply)
    return imports(named)


def _shared_schema(name: str, document: Document, arguments: Arguments, *, closed: bool) -> SharedSchema:
    schema, module = arguments.shared[name], arguments.definitions.modules[name]
    fields, records = arguments.tables(schema, f"{module}.{name}", closed=closed)
    return SharedSchema(
        name=name,
        module=module,
        schema=schema,
        description=str(schema.get("description", "")),
        limits=limits(schema),
        fields=fields,
        records=records,
        item_name=item_name(schema),
        members=members(schema),
        values=enum_values(schema),
        values_label=values_label(schema, closed=closed),
        location=location(document, (name,)),
    )


def _collisions(spec: Spec, definitions: Definitions) -> Iterator[Diagnostic]:
    """Find inline objects whose classes would get a name that is taken."""
    documents = {document.file: document for _, document in spec.documents()}
    for earlier, later in definitions.collisions:
        message = f"the class {later.name} of an inline object is made from {earlier.origin} too"
        hint = "give one of the objects a `title` of its own"
        yield documents[later.origin].at((), "class-collision", message, hint)
