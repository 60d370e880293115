"""Commands: the files of commands as parts of the model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, cast

from timgen.language.naming import batch_name, class_prefix, iterator_name, module_name
from timgen.language.schema import Schema
from timgen.modelling.arguments import Arguments, call_source
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
    Paging,
    RateLimit,
    Repeated,
    Replacement,
    SafeIf,
)
from timgen.modelling.parts import location, plans, sentence
from timgen.reading.source import Document
from timgen.reading.spec import Spec, moving_fields

Raw = Mapping[str, Any]

# A name of a command or a method in a text.
_WORD = re.compile(r"[a-z][\w/]*(?:\.\w+)?")


class Commands:
    """Makes commands, and adds what their bodies are made of to the definitions that `arguments` knows."""

    def __init__(self, spec: Spec, arguments: Arguments, envelope: str, errors: Mapping[int, ErrorCode]) -> None:
        self.spec = spec
        self.arguments = arguments
        self.definitions = arguments.definitions
        self.envelope = envelope
        self.errors = errors
        self.former_names = FormerNames(arguments.shared)

    def command(self, path: str, document: Document) -> Command:
        """Return the command at `path`, `service/command`."""
        raw = cast(Raw, document.mapping)
        service, name = path.split("/")
        namespace, function = raw["method"].split(".")
        noun = str(cast(Raw, self.spec.api.mapping["namespaces"])[namespace]["noun"])
        prefix = raw.get("title") or class_prefix(function, noun)
        module = f"{namespace}.{module_name(function)}"
        request: Schema = raw.get("request", {"type": "object", "properties": {}})
        response: Schema = raw.get("response", {"type": "object", "properties": {}})
        request_class, response_class, result = f"{prefix}Request", f"{prefix}Response", f"{prefix}Result"
        self.definitions.add(
            {"description": f"Body of `{path}`: {sentence(raw['summary'])}", **request},
            request_class, module, "request", origin=document.file, prefix=prefix,
        )  # fmt: skip
        self.definitions.add(
            {"description": f"Answer of `{path}`.", **response},
            response_class, module, "response", origin=document.file, prefix=result,
            extends=self.envelope,
        )  # fmt: skip
        arguments = self.arguments.of(request, f"{module}.{request_class}")
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
            class_name=prefix,
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
            plans=plans(raw),
            partial=raw.get("evidence", {}).get("partial"),
            errors=tuple(errors),
            request=self.arguments.body(request_class, module, prefix, request, closed=True),
            response=self.arguments.body(response_class, module, result, response, closed=False),
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
            location=location(document, ()),
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
        found = next((name for name in (word, near) if name in self.spec.commands), self._methods.get(word))
        return found if found != path else None

    @cached_property
    def _methods(self) -> Mapping[str, str]:
        """The path of each command by its method."""
        return {str(document.mapping["method"]): path for path, document in self.spec.commands.items()}

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
        types = (self.arguments.annotations.item(schema, variant.items) for variant in paging)
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
        described = self.arguments.describe({name: value for name, value in schema.items() if name != "maxItems"})
        own = (
            replace(argument, required=True, description=f"{described} Any number: {most} go into one call.".strip())
            if argument.wire_name == field
            else argument
            for argument in arguments
        )
        ordered = tuple(sorted(own, key=lambda argument: not argument.required))
        named = cast(Mapping[str, Schema], self.definitions.by_key[key].schema["properties"])[field]
        return Batch(field, most, batch_name(function), ordered, self.arguments.annotations.of_items(named))

    def _page_size(self, schema: Schema, default: object) -> str:
        known = {} if default is None else {"default": default}
        return self.arguments.describe(
            {**schema, "description": "Page size: items that one call returns at most", **known}
        )


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
