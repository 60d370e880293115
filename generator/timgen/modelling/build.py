"""Building the model: spec documents in, `timgen.modelling.model.Api` out.

Runs only on a spec without findings, so that it need not doubt what it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, cast

from timgen.language.areas import area_of
from timgen.language.naming import ENVELOPE_CLASS, ENVELOPE_MODULE, pascal
from timgen.language.schema import Schema, closure, references
from timgen.modelling.arguments import Arguments
from timgen.modelling.commands import Commands
from timgen.modelling.definitions import Definitions
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
    Later,
    Meaning,
    Namespace,
    QueryParameter,
    Region,
    Service,
    SharedSchema,
    TextLimit,
    Verdict,
)
from timgen.modelling.outlines import Part, kept_outline
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
    shared: Definitions
    """Of the shared schemas and the envelope."""
    parts: tuple[Part, ...]
    """What commands and webhooks add, sorted by path and by name."""

    @cached_property
    def definitions(self) -> Definitions:
        """All of them."""
        return together(self.shared, self.parts)


def together(shared: Definitions, parts: Iterable[Part]) -> Definitions:
    """Return the definitions of some parts, and the `shared` ones before them."""
    own = (part.definitions.value.by_key for part in parts)
    return Definitions(shared.modules, {key: one for some in (shared.by_key, *own) for key, one in some.items()})


def build(spec: Spec, known: Mapping[str, str] | None = None) -> tuple[Built | None, list[Diagnostic]]:
    """Build the model of a spec in which the rules found nothing.

    Names of classes that collide show only here; there is no model then. `known` are outlines that an earlier run made
    of files of commands and webhooks, beside the same common files.
    """
    api = cast(Raw, spec.api.mapping)
    files = {name: document for document in spec.schemas.values() for name in document.mapping}
    shared = {name: cast(Schema, document.mapping[name]) for name, document in sorted(files.items())}
    definitions = Definitions({name: module for module, document in spec.schemas.items() for name in document.mapping})
    outlines = {file: kept_outline(text, shared) for file, text in (known or {}).items()}
    areas = cast(Mapping[str, Raw], api.get("error_areas", {}))
    errors = tuple(_errors(spec, api["categories"], areas))
    # A command does not know which others have its codes: what is made of one stays as it is when others change.
    make = Commands(spec, definitions, shared, {error.code: error.alone for error in errors})
    head = cast(Raw, api.get("webhooks", {}))
    callbacks = Webhooks(definitions, shared, head.get("reply", {}))
    of_commands = {
        path: make.part(path, document, outlines.get(document.file)) for path, document in sorted(spec.commands.items())
    }
    of_webhooks = {
        name: callbacks.part(name, document, outlines.get(document.file))
        for name, document in sorted(spec.webhooks.items())
    }
    parts = (*of_commands.values(), *of_webhooks.values())
    leads = {name: references(schema) for name, schema in shared.items()}
    written = closure(
        (*references(head.get("reply", {})), *(name for one in parts for name in one.outline.written)), leads.get
    )
    read = closure((*references(api["envelope"]), *(name for one in parts for name in one.outline.read)), leads.get)
    for name, schema in shared.items():
        unused = name not in written and name not in read
        definitions.add(
            schema, name, definitions.modules[name], "shared", origin=files[name].file, prefix=name,
            written=unused or name in written, read=unused or name in read,
        )  # fmt: skip
    definitions.add(
        api["envelope"], ENVELOPE_CLASS, ENVELOPE_MODULE, "envelope", origin=spec.api.file, prefix=ENVELOPE_CLASS
    )
    if collisions := sorted(_collisions(spec, definitions, parts)):
        return None, collisions

    @cache
    def led(*names: str) -> tuple[str, ...]:
        return tuple(sorted(closure(names, leads.get)))

    def schemas(part: Part) -> tuple[str, ...]:
        return led(*part.outline.written, *part.outline.read)

    commands = [
        make.command(path, document, of_commands[path], schemas(of_commands[path]))
        for path, document in sorted(spec.commands.items())
    ]
    arguments = Arguments(Later(lambda: definitions), shared)
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
        services=tuple(_services(spec, api, commands)),
        namespaces=tuple(_namespaces(api["namespaces"], commands)),
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
        webhooks=tuple(
            callbacks.webhook(name, document, of_webhooks[name], schemas(of_webhooks[name]))
            for name, document in sorted(spec.webhooks.items())
        ),
        text_limits=text_limits(definitions, parts),
        classes=classes(definitions, parts),
    )
    return Built(spec, model, definitions, parts), []


def text_limits(shared: Definitions, parts: Iterable[Part]) -> tuple[TextLimit, ...]:
    """Return the constrained string types that the definitions name, sorted."""
    limits = {
        limit.name: limit for some in (shared.text_limits, *(one.outline.limits for one in parts)) for limit in some
    }
    return tuple(limits[name] for name in sorted(limits, key=lambda name: (limits[name].max_bytes or 0, name)))


def classes(shared: Definitions, parts: Iterable[Part]) -> Mapping[str, str]:
    """Return the module of every class and alias."""
    of_shared = {definition.name: definition.module for definition in shared.by_key.values()}
    return of_shared | {name: one.outline.module for one in parts for name in one.outline.names}


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


def _services(spec: Spec, api: Raw, commands: Iterable[Command]) -> Iterator[Service]:
    by_name: dict[str, list[Command]] = {}
    for command in commands:
        by_name.setdefault(command.service, []).append(command)
    for name, document in sorted(spec.services.items()):
        yield _service(name, cast(Raw, document.mapping), api, tuple(by_name.get(name, ())))


def _service(name: str, raw: Raw, api: Raw, commands: tuple[Command, ...]) -> Service:
    return Service(
        name=name,
        summary=raw["summary"],
        description=raw.get("description", ""),
        product=raw.get("product", api["products"][0]),
        docs=raw.get("docs"),
        invalid_request=raw.get("invalid_request", api["protocol"]["invalid_request"]),
        too_long=tuple(raw.get("too_long", ())),
        commands=commands,
    )


def _namespaces(raw: Raw, commands: Iterable[Command]) -> Iterator[Namespace]:
    by_name: dict[str, list[Command]] = {}
    for command in sorted(commands, key=lambda command: command.function):
        by_name.setdefault(command.namespace, []).append(command)
    for name, entry in raw.items():
        if own := by_name.get(name):
            summary = entry["summary"]
            yield Namespace(name, pascal(name), entry["noun"], summary, tuple(own))


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


def _collisions(spec: Spec, shared: Definitions, parts: Iterable[Part]) -> Iterator[Diagnostic]:
    """Find inline objects whose classes would get a name that is taken."""
    documents = {document.file: document for _, document in spec.documents()}
    of_parts = [(name, one.file) for one in parts for name in one.outline.names]
    earlier: dict[str, str] = {}
    for name, origin in (*shared.made, *of_parts):
        if name in earlier:
            message = f"the class {name} of an inline object is made from {earlier[name]} too"
            hint = "give one of the objects a `title` of its own"
            yield documents[origin].at((), "class-collision", message, hint)
        earlier.setdefault(name, origin)
