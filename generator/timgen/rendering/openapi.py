"""The API as an OpenAPI 3.1 document, for every tool that is not ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from timgen.language.keywords import is_dynamic
from timgen.language.schema import REF_PREFIX, JsonValue, Schema, ref_name
from timgen.language.validators import request_validator
from timgen.modelling.definitions import Definitions
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
from timgen.rendering.forms import Json, forms, map_subschemas, written_form
from timgen.rendering.markdown import escape

_DESCRIPTION = """\
The service gives a call {seconds} s; wait longer than that for its answer. \
A set of values that is no `enum` but has `x-known-values` may have others. \
What the service sends may have other values everywhere and lack any field; where a schema differs for it, \
it is there a second time as `Received...`. \
Keys that OpenAPI lacks begin with `x-`; `x-error-codes` holds every error code with its cause and its fix."""


def document(api: Api) -> Json:
    """Return the OpenAPI document of `api`: an operation for each command, a webhook for each callback.

    Component schemas have the names of the client's classes, which are unique; every object with fields is one. What
    OpenAPI cannot say stands under x- keys, in the form that it has in the spec.
    """
    credentials = [parameter for parameter in api.query if parameter.is_credential]
    security: list[Json] = [{parameter.name: [] for parameter in credentials}] if credentials else []
    return _plain_object(
        {
            "openapi": "3.1.0",
            "info": {
                "title": api.title,
                "version": api.version,
                "summary": api.summary,
                "description": "\n\n".join(
                    text for text in (api.description, _DESCRIPTION.format(seconds=api.backend_timeout)) if text
                ),
                "contact": {"name": api.title, "url": api.docs},
                **({"license": {"name": api.license, "identifier": api.license}} if api.license else {}),
            },
            "externalDocs": {"description": "The vendor's overview", "url": api.docs},
            "servers": _servers(api),
            # All of them together, with every call.
            "security": security,
            "tags": [
                {"name": namespace.name, "description": escape(f"{namespace.summary}.")} for namespace in api.namespaces
            ],
            "paths": {
                f"/{api.protocol_version}/{command.path}": {"post": _command_operation(command, api)}
                for command in api.commands
            },
            "webhooks": {webhook.command: {"post": _webhook_operation(webhook, api)} for webhook in api.webhooks},
            "components": {
                "securitySchemes": {
                    parameter.name: {
                        "type": "apiKey",
                        "in": "query",
                        "name": parameter.name,
                        "description": escape(parameter.description),
                    }
                    for parameter in credentials
                },
                "parameters": {parameter.name: _parameter(parameter) for parameter in _of_calls(api)},
                "schemas": _component_schemas(api),
            },
            "x-error-codes": {str(error.code): _error_code(error) for error in api.errors},
        }
    )


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


def _component_schemas(api: Api) -> Json:
    written = [*(command.request for command in api.commands), *(webhook.reply for webhook in api.webhooks)]
    sent = [*(command.response for command in api.commands), *(webhook.request for webhook in api.webhooks)]
    components = forms(
        _classes(api, [api.envelope, *written, *sent]),
        [body.class_name for body in written],
        [body.class_name for body in (api.envelope, *sent)],
    )
    envelope = {"$ref": REF_PREFIX + api.envelope.class_name}
    for command in api.commands:
        name = command.response.class_name
        own = command.response.schema
        # Some take an object of which no fields are known for one that has none.
        parts = [components[name]] if own.get("properties") or is_dynamic(own) else []
        components[name] = {"allOf": [envelope, *parts]}
    return {name: components[name] for name in sorted(components)}


def _classes(api: Api, bodies: Iterable[Body]) -> dict[str, Schema]:
    """Return the schemas of shared schemas, of `bodies` and of the objects inside by the names of their classes."""
    definitions = Definitions({name: shared.module for name, shared in api.schemas_by_name.items()})
    for name, shared in api.schemas_by_name.items():
        definitions.add(shared.schema, name, shared.module, "shared", origin=shared.location.file, prefix=name)
    for body in bodies:
        definitions.add(body.schema, body.class_name, body.module, "shared", origin="", prefix=body.prefix)
    return {definition.name: _by_name(definition.schema) for definition in definitions.by_key.values()}


def _by_name(schema: Schema) -> Json:
    """Return `schema` with references by the names of classes alone, which are unique without their modules."""
    if key := ref_name(schema):
        return {**schema, "$ref": REF_PREFIX + key.rpartition(".")[2]}
    return map_subschemas(dict(schema), _by_name)


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


def _plain_object(value: Mapping[str, JsonValue]) -> Json:
    return {name: _plain(member) for name, member in value.items()}


def _plain(value: JsonValue) -> JsonValue:
    """Return `value` in dicts and lists only, as JSON and YAML writers want it."""
    if isinstance(value, Mapping):
        return _plain_object(cast(Mapping[str, JsonValue], value))
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast(Iterable[JsonValue], value)]
    return value
