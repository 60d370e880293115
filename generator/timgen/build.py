"""Building the model: spec documents in, `timgen.model.Api` out.

Runs only on a spec without findings, so that it need not doubt what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from timgen.annotations import Annotations
from timgen.definitions import ENVELOPE_CLASS, ENVELOPE_MODULE, Definition, Definitions, reached
from timgen.describe import body_fields, describe, enum_values, limits, values_label
from timgen.diagnostics import Diagnostic
from timgen.former import FormerNames
from timgen.literals import call_source
from timgen.model import (
    Alias,
    Api,
    Argument,
    Batch,
    Body,
    Category,
    Command,
    Dedupe,
    Deprecated,
    ErrorCode,
    Example,
    Failures,
    Import,
    Iterator,
    Location,
    Meaning,
    Namespace,
    Paging,
    Plans,
    QueryParameter,
    RateLimit,
    Region,
    Repeated,
    Replacement,
    ReplyCode,
    SafeIf,
    Schema,
    Service,
    SharedSchema,
    Webhook,
    WebhookExample,
)
from timgen.naming import batch_name, class_prefix, iterator_name, module_name, pascal, python_name
from timgen.schema import moving_fields, ref_name
from timgen.source import Document
from timgen.spec import Spec

Raw = Mapping[str, Any]

# The common table's code for a body that is not what the service takes.
_INVALID_JSON = 60003
# A name of a command or a method in a text.
_WORD = re.compile(r"[a-z][\w/]*(?:\.\w+)?")


@dataclass(frozen=True)
class Built:
    """The model, what it was built from, and the classes that its bodies are made of."""

    spec: Spec
    api: Api
    definitions: Definitions


class SpecError(Exception):
    """The spec has findings; nothing can be built from it."""

    def __init__(self, findings: Iterable[Diagnostic]) -> None:
        self.findings = tuple(sorted(set(findings)))
        super().__init__("\n".join(finding.headline for finding in self.findings))


def load_api(root: Path) -> Api:
    """Read, check and build the spec in `root`. Raises SpecError when it has findings."""
    from timgen.check import check

    built, findings = check(root)
    if built is None:
        raise SpecError(findings)
    return built.api


def build(spec: Spec) -> Built:
    """Build the model of a spec that has no findings."""
    api = cast(Raw, spec.api.mapping)
    shared_documents = {name: (file, document) for file, document in spec.schemas.items() for name in document.mapping}
    schemas = {name: cast(Schema, document.mapping[name]) for name, (_, document) in shared_documents.items()}
    definitions = Definitions({name: file for name, (file, _) in shared_documents.items()})
    written = reached((body.schema for body in spec.bodies if body.role in ("request", "reply")), schemas)
    read = reached((body.schema for body in spec.bodies if body.role in ("response", "event", "envelope")), schemas)
    for name, (file, document) in sorted(shared_documents.items()):
        unused = name not in written and name not in read
        definitions.add(
            schemas[name], name, file, "shared", origin=document.file, prefix=name,
            written=unused or name in written, read=unused or name in read,
        )  # fmt: skip
    envelope_key = definitions.add(
        api["envelope"], ENVELOPE_CLASS, ENVELOPE_MODULE, "envelope", origin=spec.api.file, prefix=ENVELOPE_CLASS
    )
    builder = _Builder(spec, definitions, envelope_key, FormerNames(schemas))
    errors = builder.errors()
    builder.error_codes = {error.code: error for error in errors}
    commands = [builder.command(path, document) for path, document in sorted(spec.commands.items())]
    webhooks = tuple(builder.webhook(name, document) for name, document in sorted(spec.webhooks.items()))
    return Built(
        spec,
        Api(
            title=api["title"],
            version=api["version"],
            summary=api["summary"],
            docs=api["docs"],
            protocol_version=api["protocol"]["version"],
            backend_timeout=api["protocol"]["backend_timeout"],
            query=tuple(QueryParameter(q["name"], q["description"], q["schema"]) for q in api["query"]),
            envelope=Body(ENVELOPE_CLASS, ENVELOPE_MODULE, api["envelope"], body_fields(api["envelope"], closed=False)),
            regions=tuple(
                Region(key, region["name"], region["domain"], region.get("backup"), region["evidence"])
                for key, region in api["regions"].items()
            ),
            services=tuple(builder.service(name, commands) for name in sorted(spec.services)),
            namespaces=tuple(builder.namespaces(api["namespaces"], commands)),
            categories=tuple(
                Category(name, category["exception"], category["summary"])
                for name, category in api["categories"].items()
            ),
            errors=errors,
            schemas=tuple(
                SharedSchema(
                    name=name,
                    module=shared_documents[name][0],
                    schema=schema,
                    description=str(schema.get("description", "")),
                    limits=limits(schema),
                    fields=body_fields(schema, closed=name not in read or name in written),
                    values=enum_values(schema),
                    values_label=values_label(schema, closed=name not in read or name in written),
                    location=_location(shared_documents[name][1], (name,)),
                )
                for name, schema in sorted(schemas.items())
            ),
            webhooks=webhooks,
            webhook_imports=builder.webhook_imports(webhooks),
            text_limits=definitions.text_limits,
            classes={definition.name: definition.module for definition in definitions.by_key.values()},
        ),
        definitions,
    )


class _Builder:
    def __init__(self, spec: Spec, definitions: Definitions, envelope_key: str, former_names: FormerNames) -> None:
        self.spec = spec
        self.definitions = definitions
        self.envelope_key = envelope_key
        self.former_names = former_names
        self.annotations = Annotations(definitions)
        self.error_codes: dict[int, ErrorCode] = {}

    def errors(self) -> tuple[ErrorCode, ...]:
        named_by: dict[int, list[str]] = {}
        for path, document in sorted(self.spec.commands.items()):
            for code in cast(list[int], document.mapping.get("errors", [])):
                named_by.setdefault(code, []).append(path)
        entries = {int(code): (code, cast(Raw, entry)) for code, entry in self.spec.errors.mapping.items()}
        return tuple(
            ErrorCode(
                code=code,
                name=entry["name"],
                message=entry["message"],
                fix=entry["fix"],
                category=entry["category"],
                retry=entry["retry"],
                editions=tuple(entry.get("editions", ())),
                services={
                    service: Meaning(
                        meaning["message"],
                        meaning["fix"],
                        meaning.get("category", entry["category"]),
                        meaning.get("retry", entry["retry"]),
                    )
                    for service, meaning in sorted(entry.get("services", {}).items())
                },
                commands=tuple(named_by.get(code, ())),
                location=_location(self.spec.errors, (key,)),
            )
            for code, (key, entry) in sorted(entries.items())
        )

    def service(self, name: str, commands: list[Command]) -> Service:
        raw = cast(Raw, self.spec.services[name].mapping)
        return Service(
            name=name,
            summary=raw["summary"],
            description=raw.get("description", ""),
            product=raw.get("product", "chat"),
            docs=raw.get("docs"),
            invalid_request=raw.get("invalid_request", _INVALID_JSON),
            too_long=tuple(raw.get("too_long", ())),
            commands=tuple(command for command in commands if command.service == name),
        )

    def namespaces(self, raw: Raw, commands: list[Command]) -> Iterable[Namespace]:
        for name, entry in raw.items():
            own = tuple(sorted((c for c in commands if c.namespace == name), key=lambda command: command.function))
            if own:
                yield Namespace(
                    name=name,
                    class_name=pascal(name),
                    noun=entry["noun"],
                    summary=entry["summary"],
                    commands=own,
                    imports=self._imports(own),
                )

    def _imports(self, commands: Iterable[Command]) -> tuple[Import, ...]:
        named: list[Definition] = []
        for command in commands:
            answer = self._definition(command.response)
            named += [answer, *self.annotations.definitions_in(self._definition(command.request).schema)]
            for variant in command.paging:
                named += self.annotations.item_definitions(answer.schema, variant.items)
        return _grouped(named)

    def _definition(self, body: Body) -> Definition:
        return self.definitions.by_key[f"{body.module}.{body.class_name}"]

    def command(self, path: str, document: Document) -> Command:
        raw = cast(Raw, document.mapping)
        service, name = path.split("/")
        namespace, function = raw["method"].split(".")
        noun = str(cast(Raw, self.spec.api.mapping["namespaces"])[namespace]["noun"])
        prefix = raw.get("title") or class_prefix(function, noun)
        module = f"{namespace}.{module_name(function)}"
        request: Schema = raw.get("request", {"type": "object", "properties": {}})
        response: Schema = raw.get("response", {"type": "object", "properties": {}})
        request_class, response_class = f"{prefix}Request", f"{prefix}Response"
        self.definitions.add(
            {"description": f"Body of `{path}`: {_sentence(raw['summary'])}", **request},
            request_class, module, "request", origin=document.file, prefix=prefix,
        )  # fmt: skip
        self.definitions.add(
            {"description": f"Answer of `{path}`.", **response},
            response_class, module, "response", origin=document.file, prefix=f"{prefix}Result",
            extends=self.envelope_key,
        )  # fmt: skip
        arguments = self._arguments(request, f"{module}.{request_class}")
        paging = cast(list[Raw], raw.get("paging", []))
        raw_limits = raw.get("rate_limit", [])
        rate_limits = cast(list[int | Raw], raw_limits if isinstance(raw_limits, list) else [raw_limits])
        errors = (self.error_codes[code] for code in sorted(raw.get("errors", ())))
        return Command(
            path=path,
            service=service,
            name=name,
            namespace=namespace,
            function=function,
            class_name=prefix,
            summary=raw["summary"],
            description=raw.get("description", ""),
            docs=raw["docs"],
            date=raw["date"],
            rate_limits=tuple(_rate_limit(limit) for limit in rate_limits),
            repeat=raw["repeat"],
            repeat_evidence=raw.get("repeat_evidence", ""),
            dedupe=Dedupe(tuple(raw["dedupe"]["fields"]), raw["dedupe"]["window"]) if "dedupe" in raw else None,
            safe_if=_safe_if(raw["safe_if"]) if "safe_if" in raw else None,
            repeated=tuple(_repeated(entry) for entry in raw.get("repeated", ())),
            paging=tuple(_paging(variant) for variant in paging),
            iterator=(
                self._iterator(
                    function,
                    paging,
                    cast(Mapping[str, Schema], request.get("properties", {})),
                    arguments,
                    f"{module}.{response_class}",
                )
                if paging
                else None
            ),
            batch=(
                self._batch(function, raw["batch"], request, f"{module}.{request_class}", arguments)
                if "batch" in raw
                else None
            ),
            failures=tuple(_failures(failures) for failures in raw.get("failures", ())),
            plans=_plans(raw),
            partial=raw.get("evidence", {}).get("partial"),
            errors=tuple(errors),
            request=Body(request_class, module, request, body_fields(request, closed=True)),
            response=Body(response_class, module, response, body_fields(response, closed=False)),
            arguments=arguments,
            deprecated=self._deprecated(path, raw["deprecated"]) if "deprecated" in raw else None,
            aliases=_aliases(function, raw),
            former=self.former_names.of(request),
            fill=_filled(request, ("random", "rising")),
            rising=_filled(request, ("rising",)),
            examples=tuple(
                Example(
                    summary=example.get("summary", "Example"),
                    request=example.get("request", {}),
                    response=example["response"],
                    call=call_source(f"client.{raw['method']}", arguments, example.get("request", {})),
                )
                for example in raw["examples"]
            ),
            location=_location(document, ()),
        )

    def _deprecated(self, path: str, raw: Raw) -> Deprecated:
        other = next((found for word in _WORD.findall(raw["use"]) if (found := self._named(word, path))), None)
        if other is None:
            return Deprecated(raw.get("since"), raw["use"], None)
        document = self.spec.commands[other]
        return Deprecated(
            raw.get("since"), raw["use"], Replacement(other, str(document.mapping["method"]), document.file)
        )

    def _named(self, word: str, path: str) -> str | None:
        """Return the command that a word in the file of the command at `path` names."""
        near = f"{path.split('/')[0]}/{word}"
        methods = {str(document.mapping["method"]): other for other, document in self.spec.commands.items()}
        found = next((name for name in (word, near) if name in self.spec.commands), methods.get(word))
        return found if found != path else None

    def _arguments(self, request: Schema, key: str) -> tuple[Argument, ...]:
        named = cast(Mapping[str, Schema], self.definitions.by_key[key].schema["properties"])
        required = set(cast(list[str], request.get("required", ())))
        arguments = [
            Argument(
                name=python_name(wire_name),
                wire_name=wire_name,
                annotation=self.annotations.of(named[wire_name]),
                required=wire_name in required and "x-fill" not in schema,
                description=self._describe(schema),
            )
            for wire_name, schema in cast(Mapping[str, Schema], request.get("properties", {})).items()
        ]
        # Python wants arguments without a default first; the order among them stays the spec's.
        return tuple(sorted(arguments, key=lambda argument: not argument.required))

    def _iterator(
        self,
        function: str,
        raw: Sequence[Raw],
        schemas: Mapping[str, Schema],
        arguments: tuple[Argument, ...],
        answer: str,
    ) -> Iterator:
        """Return the method that reads all pages; `schemas` are those of the request's fields."""
        paging = [_paging(variant) for variant in raw]
        started = {name for variant in paging for name in variant.start}
        moving = {field for variant in raw for field in moving_fields(variant)}
        sizes = {variant.size: variant.start.get(variant.size) for variant in paging if variant.size}
        kept = (
            replace(
                argument,
                required=argument.required and argument.wire_name not in started,
                description=(
                    self._page_size(schemas[argument.wire_name], sizes[argument.wire_name])
                    if argument.wire_name in sizes
                    else argument.description
                ),
            )
            for argument in arguments
            # The method has a `cursor` of its own, which holds this field.
            if not (argument.name == "cursor" and argument.wire_name in moving)
        )
        schema = self.definitions.by_key[answer].schema
        types = (self.annotations.item(schema, variant.items) for variant in paging)
        return Iterator(
            iterator_name(function),
            tuple(sorted(kept, key=lambda argument: not argument.required)),
            " | ".join(dict.fromkeys(types)),
            " or ".join(dict.fromkeys(variant.items for variant in paging)),
        )

    def _batch(self, function: str, raw: Raw, request: Schema, key: str, arguments: tuple[Argument, ...]) -> Batch:
        """Return the method that takes longer lists; `key` is that of the request's class."""
        field, most = raw["field"], raw["max"]
        schema = cast(Mapping[str, Schema], request["properties"])[field]
        # The limit is that of a call, not of the method.
        described = self._describe({name: value for name, value in schema.items() if name != "maxItems"})
        own = (
            replace(argument, required=True, description=f"{described} Any number: {most} go into one call.".strip())
            if argument.wire_name == field
            else argument
            for argument in arguments
        )
        ordered = tuple(sorted(own, key=lambda argument: not argument.required))
        named = cast(Mapping[str, Schema], self.definitions.by_key[key].schema["properties"])[field]
        return Batch(field, most, batch_name(function), ordered, self.annotations.of_items(named))

    def _page_size(self, schema: Schema, default: object) -> str:
        known = {} if default is None else {"default": default}
        return self._describe({**schema, "description": "Page size: items that one call returns at most", **known})

    def _describe(self, schema: Schema) -> str:
        shared = ref_name(schema)
        if shared is None:
            return describe(schema)
        target = cast(Schema, self.spec.schemas[self.definitions.modules[shared]].mapping[shared])
        return describe({**target, **schema})

    def webhook(self, name: str, document: Document) -> Webhook:
        raw = cast(Raw, document.mapping)
        prefix = raw["event"]
        module = f"webhooks.{module_name(name)}"
        request: Schema = raw["request"]
        reply: Schema = raw.get("reply", {"type": "object", "properties": {}})
        self.definitions.add(
            {"description": f"`{name}`: {_sentence(raw['summary'])}", **request},
            f"{prefix}Event", module, raw["phase"], origin=document.file, prefix=prefix,
        )  # fmt: skip
        self.definitions.add(
            {"description": f"Reply to `{name}`.", **_with_envelope(reply)},
            f"{prefix}Reply", module, "reply", origin=document.file, prefix=f"{prefix}Reply",
        )  # fmt: skip
        return Webhook(
            command=name,
            class_name=prefix,
            summary=raw["summary"],
            description=raw.get("description", ""),
            phase=raw["phase"],
            docs=raw["docs"],
            date=raw["date"],
            plans=_plans(raw),
            partial=raw.get("evidence", {}).get("partial"),
            request=Body(f"{prefix}Event", module, request, body_fields(request, closed=False)),
            reply=Body(
                f"{prefix}Reply", module, _with_envelope(reply), body_fields(_with_envelope(reply), closed=True)
            ),
            reply_codes=tuple(
                ReplyCode(c.get("code", c.get("from")), c.get("code", c.get("to")), c["meaning"], c.get("outcome"))
                for c in raw.get("reply_codes", ())
            ),
            changes=self._arguments(reply, f"{module}.{prefix}Reply"),
            examples=tuple(
                WebhookExample(e["summary"], e.get("query", {}), e["request"], e.get("reply")) for e in raw["examples"]
            ),
            location=_location(document, ()),
        )

    def webhook_imports(self, webhooks: Iterable[Webhook]) -> tuple[Import, ...]:
        named: list[Definition] = []
        for webhook in webhooks:
            if webhook.outcomes:
                reply = self._definition(webhook.reply)
                named += [self._definition(webhook.request), reply, *self.annotations.definitions_in(reply.schema)]
        return _grouped(named)


def _grouped(named: Iterable[Definition]) -> tuple[Import, ...]:
    """Return what is named by module."""
    names: dict[str, set[str]] = {}
    for definition in named:
        names.setdefault(definition.module, set()).add(definition.name)
    return tuple(Import(module, tuple(sorted(names[module]))) for module in sorted(names))


def _with_envelope(reply: Schema) -> Schema:
    """Return the schema of a whole webhook reply, whose head is the same for all of them."""
    head = {
        "ActionStatus": {"type": "string", "enum": ["OK", "FAIL"], "description": "OK when the webhook was handled."},
        "ErrorCode": {"type": "integer", "description": "What the service shall do; 0 allows or acknowledges."},
        "ErrorInfo": {"type": "string", "description": "Reason, shown to the sender where the service does so."},
    }
    properties = cast(Mapping[str, object], reply.get("properties", {}))
    required = cast(list[str], reply.get("required", []))
    return {**reply, "properties": {**head, **properties}, "required": list(dict.fromkeys([*head, *required]))}


def _location(document: Document, path: tuple[str, ...]) -> Location:
    return Location(document.file, document.position(path, key=True)[0])


def _sentence(summary: str) -> str:
    return summary[:1].lower() + summary[1:] + "."


def _rate_limit(raw: int | Raw) -> RateLimit:
    if isinstance(raw, int):
        return RateLimit(raw, "second", None, None)
    return RateLimit(raw["calls"], raw["per"], raw.get("plan"), raw.get("note"))


def _paging(raw: Raw) -> Paging:
    until = next(iter(raw["until"].items())) if "until" in raw else None
    offset = raw.get("offset", {})
    descend = raw.get("descend")
    when = raw.get("when")
    field, equals = (
        next(iter(cast(Raw, when).items())) if isinstance(when, Mapping) else (cast("str | None", when), None)
    )
    return Paging(
        items=raw["items"],
        when=field,
        equals=equals,
        start=raw.get("start", {}),
        carry=raw.get("carry", {}),
        until=until,
        offset=offset.get("field"),
        total=offset.get("total"),
        size=raw.get("size"),
        page=raw.get("page"),
        descend=(descend["item"], descend["field"]) if descend else None,
    )


def _aliases(function: str, raw: Raw) -> tuple[Alias, ...]:
    taken = {iterator_name(function), batch_name(function)}
    found: list[Alias] = []
    for old, since in sorted(cast(Mapping[str, str], raw.get("aliases", {})).items()):
        derived = {"paging": iterator_name(old), "batch": batch_name(old)}
        own = {key: name for key, name in derived.items() if key in raw and name not in taken}
        taken.update(own.values())
        found.append(Alias(old, since, own.get("paging"), own.get("batch")))
    return tuple(found)


def _filled(request: Schema, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the wire paths of the fields that the client fills with numbers of these kinds."""
    found: list[str] = []

    def visit(schema: Schema, path: str) -> None:
        for name, part in cast(Mapping[str, Schema], schema.get("properties", {})).items():
            if part.get("x-fill") in kinds:
                found.append(f"{path}{name}")
            visit(part, f"{path}{name}.")
            if isinstance(items := part.get("items"), Mapping):
                visit(cast(Schema, items), f"{path}{name}[].")

    visit(request, "")
    return tuple(found)


def _failures(raw: Raw) -> Failures:
    return Failures(raw["items"], raw.get("item"), raw.get("code"), raw.get("info"), tuple(raw.get("failed", ())))


def _repeated(raw: Raw) -> Repeated:
    return Repeated(raw["code"], raw.get("info", ""), raw.get("single", ""), raw["evidence"])


def _safe_if(raw: Raw) -> SafeIf:
    ((condition, field),) = raw.items()
    return SafeIf(field, given=condition == "given")


def _plans(raw: Raw) -> Plans | None:
    if "plans" not in raw:
        return None
    return Plans(tuple(raw["plans"].get("editions", ())), raw["plans"].get("console"))
