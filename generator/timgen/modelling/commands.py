"""Commands: the files of commands as parts of the model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any, cast

from timgen.language.naming import ENVELOPE_KEY, batch_name, class_prefix, iterator_name, module_name
from timgen.language.schema import JsonValue, Schema
from timgen.modelling.arguments import Arguments, call_source, imports
from timgen.modelling.definitions import Definition, Definitions
from timgen.modelling.former import FormerNames
from timgen.modelling.model import (
    Alias,
    Argument,
    Batch,
    Command,
    Dedupe,
    Deprecated,
    ErrorCode,
    Example,
    Failures,
    Iterator,
    Later,
    Paging,
    RateLimit,
    Repeated,
    Replacement,
    SafeIf,
)
from timgen.modelling.outlines import Outline, Part, outline
from timgen.modelling.parts import location, plans, sentence
from timgen.reading.source import Document
from timgen.reading.spec import Spec, moving_fields

Raw = Mapping[str, Any]

# A name of a command or a method in a text.
_WORD = re.compile(r"[a-z][\w/]*(?:\.\w+)?")


class _Bodies:
    """What the bodies of a command are called, and what they are."""

    def __init__(self, raw: Raw, namespaces: Raw) -> None:
        namespace, function = raw["method"].split(".")
        self.prefix: str = raw.get("title") or class_prefix(function, str(namespaces[namespace]["noun"]))
        self.module = f"{namespace}.{module_name(function)}"
        self.request: Schema = raw.get("request", {"type": "object", "properties": {}})
        self.response: Schema = raw.get("response", {"type": "object", "properties": {}})
        self.request_class, self.response_class = f"{self.prefix}Request", f"{self.prefix}Response"
        self.request_key, self.response_key = (
            f"{self.module}.{name}" for name in (self.request_class, self.response_class)
        )
        self.result = f"{self.prefix}Result"


class Commands:
    """Makes commands. What their bodies are made of is made when somebody asks for it."""

    def __init__(
        self, spec: Spec, definitions: Definitions, shared: Mapping[str, Schema], errors: Mapping[int, ErrorCode]
    ) -> None:
        """Take what all commands refer to: the definitions of the `shared` schemas and of the envelope."""
        self.spec = spec
        self.definitions = definitions
        self.shared = shared
        self.errors = errors
        self.former_names = FormerNames(shared)

    def part(self, path: str, document: Document, known: Outline | None) -> Part:
        """Return what the command at `path`, `service/command`, adds to the definitions.

        Its outline may be `known` from an earlier run.
        """
        raw = cast(Raw, document.mapping)
        bodies = self._bodies(raw)

        def make() -> Definitions:
            own = self.definitions.within()
            own.add(
                {"description": f"Body of `{path}`: {sentence(raw['summary'])}", **bodies.request},
                bodies.request_class, bodies.module, "request", origin=document.file, prefix=bodies.prefix,
            )  # fmt: skip
            own.add(
                {"description": f"Answer of `{path}`.", **bodies.response},
                bodies.response_class, bodies.module, "response", origin=document.file, prefix=bodies.result,
                extends=ENVELOPE_KEY,
            )  # fmt: skip
            return own

        definitions = Later(make)
        outlined = known or outline(
            bodies.module,
            definitions.value,
            bodies.request,
            bodies.response,
            self.former_names.of(bodies.request),
            _filled(bodies.request, ("random", "rising")),
            _filled(bodies.request, ("rising",)),
        )
        return Part(document.file, outlined, definitions)

    def command(self, path: str, document: Document, part: Part, schemas: tuple[str, ...]) -> Command:
        """Return the command at `path`, which `part` is of, and whose bodies lead to shared `schemas`."""
        raw = cast(Raw, document.mapping)
        service, name = path.split("/")
        namespace, function = raw["method"].split(".")
        bodies = self._bodies(raw)
        arguments = Arguments(part.definitions, self.shared)
        called = Later(lambda: arguments.of(bodies.request, bodies.request_key))
        paging = cast(list[Raw], raw.get("paging", []))
        raw_limits = raw.get("rate_limit", [])
        rate_limits = cast(list[int | Raw], raw_limits if isinstance(raw_limits, list) else [raw_limits])
        errors = (self.errors[code] for code in sorted(raw.get("errors", ())))
        return Command(
            path=path,
            service=service,
            name=name,
            namespace=namespace,
            function=function,
            class_name=bodies.prefix,
            summary=raw["summary"],
            description=raw.get("description", ""),
            docs=raw["docs"],
            date=raw["date"],
            rate_limits=tuple(_rate_limit(limit) for limit in rate_limits),
            reads=raw.get("reads"),
            repeat=raw["repeat"],
            repeat_evidence=raw.get("repeat_evidence", ""),
            dedupe=Dedupe(tuple(raw["dedupe"]["fields"]), raw["dedupe"]["window"]) if "dedupe" in raw else None,
            safe_if=_safe_if(raw["safe_if"]) if "safe_if" in raw else None,
            repeated=tuple(_repeated(entry) for entry in raw.get("repeated", ())),
            paging=tuple(_paging(variant) for variant in paging),
            iterator=(
                Iterator(
                    iterator_name(function),
                    " or ".join(dict.fromkeys(variant["items"] for variant in paging)),
                    Later(lambda: _of_iterator(paging, bodies, called.value, arguments)),
                    Later(lambda: _yielded(paging, bodies, arguments)),
                )
                if paging
                else None
            ),
            batch=(
                Batch(
                    raw["batch"]["field"],
                    raw["batch"]["max"],
                    batch_name(function),
                    Later(lambda: _of_batch(raw["batch"], bodies, called.value, arguments)),
                    Later(lambda: _given(raw["batch"], bodies, arguments)),
                )
                if "batch" in raw
                else None
            ),
            failures=tuple(_failures(failures) for failures in raw.get("failures", ())),
            plans=plans(raw),
            partial=raw.get("evidence", {}).get("partial"),
            errors=tuple(errors),
            request=arguments.body(bodies.request_class, bodies.module, bodies.prefix, bodies.request, closed=True),
            response=arguments.body(bodies.response_class, bodies.module, bodies.result, bodies.response, closed=False),
            deprecated=self._deprecated(path, raw["deprecated"]) if "deprecated" in raw else None,
            aliases=_aliases(function, raw),
            former=part.outline.former,
            fill=part.outline.fill,
            rising=part.outline.rising,
            examples=tuple(
                Example(
                    summary=example.get("summary", "Example"),
                    request=example.get("request", {}),
                    response=example["response"],
                    _call=Later(partial(_call, raw["method"], called, example.get("request", {}))),
                )
                for example in raw["examples"]
            ),
            schemas=schemas,
            location=location(document, ()),
            _arguments=called,
            _imports=Later(lambda: imports(_named_by(bodies, paging, arguments))),
        )

    def _bodies(self, raw: Raw) -> _Bodies:
        return _Bodies(raw, cast(Raw, self.spec.api.mapping["namespaces"]))

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
        found = next((name for name in (word, near) if name in self.spec.commands), self._methods.get(word))
        return found if found != path else None

    @cached_property
    def _methods(self) -> Mapping[str, str]:
        """The path of each command by its method."""
        return {str(document.mapping["method"]): path for path, document in self.spec.commands.items()}


def _named_by(bodies: _Bodies, paging: Iterable[Raw], arguments: Arguments) -> list[Definition]:
    """Return what the signatures of a command's methods name."""
    by_key, annotations = arguments.definitions.by_key, arguments.annotations
    request, answer = by_key[bodies.request_key], by_key[bodies.response_key]
    items = (annotations.item_definitions(answer.schema, variant["items"]) for variant in paging)
    return [answer, *annotations.definitions_in(request.schema), *(one for found in items for one in found)]


def _of_iterator(
    raw: Sequence[Raw], bodies: _Bodies, called: Iterable[Argument], arguments: Arguments
) -> tuple[Argument, ...]:
    """Return what the method takes that reads all pages."""
    schemas = cast(Mapping[str, Schema], bodies.request.get("properties", {}))
    paging = [_paging(variant) for variant in raw]
    started = {name for variant in paging for name in variant.start}
    moving = {field for variant in raw for field in moving_fields(variant)}
    sizes = {variant.size: variant.start.get(variant.size) for variant in paging if variant.size}
    kept = (
        replace(
            argument,
            required=argument.required and argument.wire_name not in started,
            description=(
                _page_size(arguments, schemas[argument.wire_name], sizes[argument.wire_name])
                if argument.wire_name in sizes
                else argument.description
            ),
        )
        for argument in called
        # The method has a `cursor` of its own, which holds this field.
        if not (argument.name == "cursor" and argument.wire_name in moving)
    )
    return tuple(sorted(kept, key=lambda argument: not argument.required))


def _yielded(paging: Iterable[Raw], bodies: _Bodies, arguments: Arguments) -> str:
    """Return the type of what the method yields that reads all pages."""
    schema = arguments.definitions.by_key[bodies.response_key].schema
    return " | ".join(dict.fromkeys(arguments.annotations.item(schema, variant["items"]) for variant in paging))


def _of_batch(raw: Raw, bodies: _Bodies, called: Iterable[Argument], arguments: Arguments) -> tuple[Argument, ...]:
    """Return what the method takes that takes longer lists."""
    field, most = raw["field"], raw["max"]
    schema = cast(Mapping[str, Schema], bodies.request["properties"])[field]
    # The limit is that of a call, not of the method.
    described = arguments.describe({name: value for name, value in schema.items() if name != "maxItems"})
    own = (
        replace(argument, required=True, description=f"{described} Any number: {most} go into one call.".strip())
        if argument.wire_name == field
        else argument
        for argument in called
    )
    return tuple(sorted(own, key=lambda argument: not argument.required))


def _given(raw: Raw, bodies: _Bodies, arguments: Arguments) -> str:
    """Return the type of an item of a longer list."""
    return arguments.annotations.of_items(arguments.definitions.by_key[bodies.request_key].fields[raw["field"]])


def _page_size(arguments: Arguments, schema: Schema, default: object) -> str:
    known = {} if default is None else {"default": default}
    return arguments.describe({**schema, "description": "Page size: items that one call returns at most", **known})


def _call(method: str, called: Later[tuple[Argument, ...]], body: Mapping[str, JsonValue]) -> str:
    return call_source(f"client.{method}", called.value, body)


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
