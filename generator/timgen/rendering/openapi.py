"""The API as an OpenAPI 3.1 document, for every tool that is not ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps

import pydantic_core

from timgen.language.keywords import is_dynamic
from timgen.language.schema import REF_PREFIX, JsonValue
from timgen.language.validators import request_validator
from timgen.modelling.describe import deprecation
from timgen.modelling.model import (
    Api,
    Body,
    Command,
    ErrorCode,
    Failures,
    Paging,
    QueryParameter,
    RateLimit,
    Webhook,
)
from timgen.reading.kept import COMMON, Kept, as_list, as_names, as_texts
from timgen.rendering.components import Classes, Components
from timgen.rendering.forms import Json, written_form
from timgen.rendering.markdown import escape

_DESCRIPTION = """\
The service gives a call {seconds} s; wait longer than that for its answer. \
A set of values that is no `enum` but has `x-known-values` may have others. \
What the service sends may have other values everywhere and lack any field; where a schema differs for it, \
it is there a second time as `Received...`. \
Keys that OpenAPI lacks begin with `x-`; `x-error-codes` holds every error code with its cause and its fix."""


def document(api: Api) -> str:
    """Return the OpenAPI document of `api` as JSON: an operation for each command, a webhook for each callback.

    Component schemas have the names of the client's classes, which are unique; every object with fields is one. What
    OpenAPI cannot say stands under x- keys, in the form that it has in the spec.
    """
    return _document(api, None)


def writer(kept: Kept | None) -> Callable[[Api], str]:
    """Return what makes the document, and makes anew only what is not `kept` of single commands and webhooks."""

    def write(api: Api) -> str:
        return _document(api, kept)

    return wraps(document)(write)


@dataclass(frozen=True)
class _Part:
    """What a command or a webhook is in the document."""

    written: Mapping[str, str]
    """The shared schemas that its request or reply refers to, and the components that they are there."""
    sent: Mapping[str, str]
    """Those that its answer or event refers to."""
    item: str
    """As JSON, with its path or name."""
    schemas: Mapping[str, str]
    """The components that are its own, by name; each as JSON, with its name."""

    def to_text(self) -> str:
        return _packed([self.written, self.sent, list(self.schemas)], [self.item, *self.schemas.values()])


def _kept_part(text: str) -> _Part | None:
    """Return the part that became a text by `to_text`; None when none did."""
    try:
        (written, sent, names), (item, *schemas) = _unpacked(text)
        return _Part(as_names(written), as_names(sent), item, dict(zip(as_texts(names), schemas, strict=True)))
    except (ValueError, TypeError, RecursionError):
        return None


@dataclass(frozen=True)
class _Common:
    """What follows in the document from the common files, and from what of it bodies need."""

    needed: tuple[tuple[str, ...], tuple[str, ...]]
    """The shared schemas that are written, and those that are sent; sorted."""
    received: Mapping[str, str]
    """As those of `Shared`; `written` and `sent` too."""
    written: Mapping[str, str]
    sent: Mapping[str, str]
    error_codes: str
    """As JSON."""
    schemas: Mapping[str, str]
    """As those of a part."""

    def to_text(self) -> str:
        head = [*self.needed, self.received, self.written, self.sent, list(self.schemas)]
        return _packed(head, [self.error_codes, *self.schemas.values()])


def _kept_common(text: str) -> _Common | None:
    """Return what became a text by `to_text`; None when nothing did."""
    try:
        (needed, also, received, written, sent, names), (error_codes, *schemas) = _unpacked(text)
        return _Common(
            (as_texts(needed), as_texts(also)),
            as_names(received),
            as_names(written),
            as_names(sent),
            error_codes,
            dict(zip(as_texts(names), schemas, strict=True)),
        )
    except (ValueError, TypeError, RecursionError):
        return None


def _packed(head: JsonValue, texts: Iterable[str]) -> str:
    """Return one text of several that are JSON: these need not be read as such to be put together."""
    return "\0".join([json.dumps(head), *texts])


def _unpacked(text: str) -> tuple[list[object], list[str]]:
    head, *texts = text.split("\0")
    return as_list(json.loads(head)), texts


def _document(api: Api, kept: Kept | None) -> str:
    components = Components(api)
    texts = kept.take() if kept else {}
    common = _kept_common(texts.pop(COMMON, ""))
    known = {file: part for file, text in texts.items() if (part := _kept_part(text))}
    entries: list[Command | Webhook] = [*api.commands, *api.webhooks]
    makers = {one.location.file: _Maker(one, api, components) for one in entries}
    written = {name for file, one in makers.items() for name in (known.get(file) or one).written}
    sent = {name for file, one in makers.items() for name in (known.get(file) or one).sent}
    needed = tuple(sorted(written)), tuple(sorted(sent))
    if common is None or common.needed != needed or common.received != components.received(common.received):
        common = _made_common(needed, components, api)
        if kept:
            kept.put({COMMON: common.to_text()})
    parts = {
        file: known[file] if file in known and _fits(known[file], common) else maker.part(common)
        for file, maker in makers.items()
    }
    if kept:
        kept.put({file: part.to_text() for file, part in parts.items() if part is not known.get(file)})
    schemas = dict(common.schemas)
    for part in parts.values():
        schemas.update(part.schemas)
    credentials = [parameter for parameter in api.query if parameter.is_credential]
    security: list[Json] = [{parameter.name: [] for parameter in credentials}] if credentials else []
    contact = {"name": api.title, "url": api.docs}
    head: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": api.title,
            "version": api.version,
            "summary": api.summary,
            "description": "\n\n".join(
                text for text in (api.description, _DESCRIPTION.format(seconds=api.backend_timeout)) if text
            ),
            "contact": contact,
            **({"license": {"name": api.license, "identifier": api.license}} if api.license else {}),
        },
        "externalDocs": {"description": "The vendor's overview", "url": api.docs},
        "servers": _servers(api),
        # All of them together, with every call.
        "security": security,
        "tags": [
            {"name": namespace.name, "description": escape(f"{namespace.summary}.")} for namespace in api.namespaces
        ],
    }
    schemes: Json = {
        parameter.name: {
            "type": "apiKey",
            "in": "query",
            "name": parameter.name,
            "description": escape(parameter.description),
        }
        for parameter in credentials
    }
    of_calls: Json = {parameter.name: _parameter(parameter) for parameter in _of_calls(api)}
    return _object(
        [
            *(_member(name, _text(value, 1)) for name, value in head.items()),
            _member("paths", _object([parts[one.location.file].item for one in api.commands], 1)),
            _member("webhooks", _object([parts[one.location.file].item for one in api.webhooks], 1)),
            _member(
                "components",
                _object(
                    [
                        _member("securitySchemes", _text(schemes, 2)),
                        _member("parameters", _text(of_calls, 2)),
                        _member("schemas", _object([schemas[name] for name in sorted(schemas)], 2)),
                    ],
                    1,
                ),
            ),
            _member("x-error-codes", common.error_codes),
        ],
        0,
    )


def _made_common(needed: tuple[tuple[str, ...], tuple[str, ...]], components: Components, api: Api) -> _Common:
    shared = components.shared(*needed)
    return _Common(
        needed,
        shared.received,
        shared.written,
        shared.sent,
        _text({str(error.code): _error_code(error) for error in api.errors}, 1),
        {name: _member(name, _text(form, 3)) for name, form in shared.components.items()},
    )


def _fits(part: _Part, common: _Common) -> bool:
    """Whether shared schemas still have the names that a part that was kept has for them."""
    return all(
        names.get(name, name) == other
        for own, names in ((part.written, common.written), (part.sent, common.sent))
        for name, other in own.items()
    )


class _Maker:
    """Makes the part of a command or a webhook."""

    def __init__(self, of: Command | Webhook, api: Api, components: Components) -> None:
        self._of = of
        self._api = api
        self._components = components

    @property
    def written(self) -> frozenset[str]:
        return self._classes[0].shared

    @property
    def sent(self) -> frozenset[str]:
        return self._classes[1].shared

    def part(self, common: _Common) -> _Part:
        written, sent = self._classes
        schemas = {**sent.named(common.sent), **written.named(common.written)}
        if isinstance(self._of, Command):
            path = f"/{self._api.protocol_version}/{self._of.path}"
            operation = _command_operation(self._of, self._api)
            name, own = self._of.response.class_name, self._of.response.schema
            # Some take an object of which no fields are known for one that has none.
            parts = [schemas[name]] if own.get("properties") or is_dynamic(own) else []
            schemas[name] = {"allOf": [{"$ref": REF_PREFIX + self._api.envelope.class_name}, *parts]}
        else:
            path = self._of.command
            operation = _webhook_operation(self._of, self._api)
        return _Part(
            {name: common.written.get(name, name) for name in sorted(written.shared)},
            {name: common.sent.get(name, name) for name in sorted(sent.shared)},
            _member(path, _text({"post": operation}, 2)),
            {name: _member(name, _text(form, 3)) for name, form in schemas.items()},
        )

    @cached_property
    def _classes(self) -> tuple[Classes, Classes]:
        """Those of what apps write, and of what the service sends."""
        one = self._of
        written, sent = (one.request, one.response) if isinstance(one, Command) else (one.reply, one.request)
        classes = self._components.classes
        return classes(written, is_written=True), classes(sent, is_written=False)


def _text(value: JsonValue, depth: int) -> str:
    """Return a value as JSON for a place at some depth."""
    # Mappings that are no dicts it does not know.
    return pydantic_core.to_json(value, indent=2, fallback=dict).decode().replace("\n", "\n" + "  " * depth)


def _member(name: str, text: str) -> str:
    return f"{_text(name, 0)}: {text}"


def _object(members: Sequence[str], depth: int) -> str:
    """Return the object of these members as JSON for a place at some depth."""
    if not members:
        return "{}"
    margin = "\n" + "  " * depth
    return f"{{{margin}  {f',{margin}  '.join(members)}{margin}}}"


def _servers(api: Api) -> list[Json]:
    servers: list[Json] = []
    for region in api.regions:
        servers.append({"url": f"https://{region.domain}", "description": escape(region.name), "x-region": region.key})
        if region.backup:
            servers.append(
                {
                    "url": f"https://{region.backup}",
                    "description": escape(f"{region.name}, backup"),
                    "x-region": region.key,
                }
            )
    return servers


def _of_calls(api: Api) -> list[QueryParameter]:
    """Return the parameters that a tool must give with each call."""
    return [parameter for parameter in api.query if not parameter.is_credential]


def _parameter(parameter: QueryParameter) -> Json:
    schema = written_form(parameter.schema)
    fits = request_validator(parameter.schema, {}).is_valid(parameter.example)
    if "const" in schema:
        schema["default"] = schema["const"]
    return _given(
        name=parameter.name,
        **{"in": "query"},
        required=True,
        description=escape(parameter.description),
        schema=schema,
        example=parameter.example if fits else None,
    )


def _command_operation(command: Command, api: Api) -> Json:
    deprecated = command.deprecated and command.deprecated.as_written
    code, success = api.verdict.code, api.verdict.success
    operation: Json = {
        "operationId": command.method,
        "tags": [command.namespace],
        "summary": command.summary,
        # Tools show one of the two, often only this.
        "description": _paragraphs(
            f"{command.summary}.",
            deprecation(deprecated) if deprecated else "",
            command.description,
            f"The source of this entry was not complete. {command.partial}" if command.partial else "",
        ),
        "deprecated": True if deprecated else None,
        "externalDocs": {"description": f"The vendor's page of {command.date}", "url": command.docs},
        "parameters": [{"$ref": f"#/components/parameters/{parameter.name}"} for parameter in _of_calls(api)],
        "requestBody": {
            "required": True,
            "content": _content(command.request, ((one.summary, one.request) for one in command.examples)),
        },
        "responses": {
            "200": {
                "description": f"The call succeeded when {code} is {success}; else it is one of the error codes.",
                "content": _content(command.response, ((one.summary, one.response) for one in command.examples)),
            }
        },
        "x-deprecated": deprecated,
        "x-aliases": {alias.function: alias.since for alias in command.aliases},
        "x-rate-limit": [_rate_limit(limit) for limit in command.rate_limits],
        "x-reads": command.reads,
        "x-repeat": command.repeat,
        "x-repeat-evidence": command.repeat_evidence,
        "x-dedupe": command.dedupe and {"fields": command.dedupe.fields, "window": command.dedupe.window},
        "x-safe-if": command.safe_if and {"given" if command.safe_if.given else "absent": command.safe_if.field},
        "x-repeated": [
            _given(code=entry.code, info=entry.info, single=entry.single, evidence=entry.evidence)
            for entry in command.repeated
        ],
        "x-paging": [_paging(variant) for variant in command.paging],
        "x-batch": command.batch and {"field": command.batch.field, "max": command.batch.max},
        "x-failures": [_failures(failures) for failures in command.failures],
        "x-plans": command.plans and _given(editions=command.plans.editions, console=command.plans.console),
        "x-evidence": command.partial and {"partial": command.partial},
        "x-error-codes": [error.code for error in command.errors],
    }
    return _given(**operation)


def _webhook_operation(webhook: Webhook, api: Api) -> Json:
    query = {name: value for example in webhook.examples for name, value in example.query.items()}
    replies = ((one.summary, one.reply) for one in webhook.examples if one.reply is not None)
    called = {"type": "string", "const": webhook.command}
    operation: Json = {
        "operationId": f"webhooks.{webhook.class_name}",
        "summary": webhook.summary,
        "description": _paragraphs(
            f"{webhook.summary}.",
            webhook.description,
            f"The source of this entry was not complete. {webhook.partial}" if webhook.partial else "",
        ),
        "externalDocs": {"description": f"The vendor's page of {webhook.date}", "url": webhook.docs},
        "parameters": [
            {"name": api.webhook_parameter, "in": "query", "required": True, "schema": called},
            *(
                {"name": name, "in": "query", "schema": {"type": "string"}, "example": value}
                for name, value in query.items()
            ),
        ],
        "requestBody": {
            "required": True,
            "content": _content(webhook.request, ((one.summary, one.request) for one in webhook.examples)),
        },
        "responses": {"200": {"description": "The app's reply.", "content": _content(webhook.reply, replies)}},
        "x-phase": webhook.phase,
        "x-plans": webhook.plans and _given(editions=webhook.plans.editions, console=webhook.plans.console),
        "x-evidence": webhook.partial and {"partial": webhook.partial},
        "x-reply-codes": [
            _given(codes=code.codes, outcome=code.outcome, meaning=code.meaning) for code in webhook.reply_codes
        ],
    }
    # It is the service that calls.
    return {**_given(**operation), "security": []}


def _content(body: Body, examples: Iterable[tuple[str, Mapping[str, JsonValue]]]) -> Json:
    named = {
        f"example{number}": {"summary": summary, "value": value} for number, (summary, value) in enumerate(examples, 1)
    }
    return {"application/json": _given(schema={"$ref": REF_PREFIX + body.class_name}, examples=named)}


def _error_code(error: ErrorCode) -> Json:
    return _given(
        name=error.name,
        message=error.message,
        fix=error.fix,
        category=error.category,
        retry=error.retry,
        deprecated=error.deprecated and error.deprecated.as_written,
        successor=error.successor,
        editions=error.editions,
        services={
            service: {
                "message": meaning.message,
                "fix": meaning.fix,
                "category": meaning.category,
                "retry": meaning.retry,
            }
            for service, meaning in sorted(error.services.items())
        },
    )


def _rate_limit(limit: RateLimit) -> Json:
    return _given(calls=limit.calls, per=limit.per, plan=limit.plan, note=limit.note)


def _paging(variant: Paging) -> Json:
    return _given(
        items=variant.items,
        when=variant.when if variant.equals is None else {variant.when: variant.equals},
        start=variant.start,
        carry=variant.carry,
        until=variant.until and {variant.until[0]: variant.until[1]},
        page=variant.page,
        offset=variant.offset and _given(field=variant.offset, total=variant.total),
        size=variant.size,
        descend=variant.descend and {"item": variant.descend[0], "field": variant.descend[1]},
    )


def _failures(failures: Failures) -> Json:
    return _given(
        items=failures.items, item=failures.item, code=failures.code, info=failures.info, failed=failures.failed
    )


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(escape(text) for text in texts if text)


def _given(**members: JsonValue) -> Json:
    """Return the members that say something."""
    return {name: value for name, value in members.items() if value is not None and value not in ("", (), [], {})}
