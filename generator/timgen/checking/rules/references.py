"""Rules about names that must stand for something elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from timgen.checking.rules.registry import (
    Rule,
    answer_head,
    choices,
    fields_of,
    known_fields,
    mapping,
    nearest_codes,
    sequence,
    shared_schemas,
    suggestion,
    verdict,
)
from timgen.language.areas import area_of
from timgen.language.schema import REF_PREFIX, Schema, ref_name, subschemas, walk
from timgen.language.todo import is_marked
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.source import Document, KeyPath
from timgen.reading.spec import Spec

# No longer than the integers that Python reads at once.
_CODE = re.compile(r"-?[1-9][0-9]{0,18}")


def unknown_reference(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a `$ref` that names no shared schema."""
    if not all(isinstance(document.value, Mapping) for document in spec.schemas.values()):
        # Any name may stand in the file that could not be read.
        return
    known = {name for document in spec.schemas.values() for name in document.mapping}
    for body in spec.bodies:
        for path, schema in body.parts:
            name = ref_name(schema)
            if name is not None and str(schema["$ref"]).startswith(REF_PREFIX) and name not in known:
                hint = suggestion(name, known) or "write it in spec/schemas"
                message = f"no shared schema is named {name}"
                yield body.document.at((*body.path, *path, "$ref"), "unknown-reference", message, hint)


def endless_reference(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a shared schema that is nothing but a reference to itself, over others or not."""
    shared = shared_schemas(spec)
    for document in spec.schemas.values():
        for name in document.mapping:
            for path, target in _stands_for(shared.get(name, {})):
                way = _way(target, name, shared)
                if way:
                    message = f"{' → '.join([name, *way])} refers to nothing but itself"
                    hint = "write the schema out in one of them"
                    yield document.at((name, *path, "$ref"), "endless-reference", message, hint)


def file_cycle(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find files of shared schemas that refer to each other: their modules could not import each other."""
    homes = {name: document.file for document in spec.schemas.values() for name in document.mapping}
    needed = {document.file: set[str]() for document in spec.schemas.values()}
    for document in spec.schemas.values():
        for _, schema in _schemas_of(document):
            home = homes.get(ref_name(schema) or "", document.file)
            needed[document.file] |= {home} - {document.file}
    for document in spec.schemas.values():
        back = [file for file in sorted(needed[document.file]) if document.file in _reached(file, needed)]
        for path, schema in _schemas_of(document):
            target = homes.get(ref_name(schema) or "", "")
            if target in back:
                back.remove(target)
                message = f"{target} refers back to this file"
                hint = "put schemas that need each other into one file"
                yield document.at((*path, "$ref"), "file-cycle", message, hint)


def unknown_error_code(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a code that errors.yaml lacks."""
    if not isinstance(spec.errors.value, Mapping):
        return
    known, answer = spec.errors.mapping, verdict(spec)
    code = mapping(spec.api.mapping.get("protocol")).get("invalid_request")
    if isinstance(code, int) and str(code) not in known:
        yield _unknown_code(spec.api, ("protocol", "invalid_request"), code, known)
    for document in spec.commands.values():
        for index, code in enumerate(sequence(document.mapping.get("errors"))):
            if isinstance(code, int) and str(code) not in known:
                yield _unknown_code(document, ("errors", index), code, known)
        of_items = [code for place in sequence(document.mapping.get("failures")) for code in _failed(place)]
        for index, entry in enumerate(sequence(document.mapping.get("repeated"))):
            code = mapping(entry).get("code")
            if isinstance(code, int) and str(code) not in known and code not in of_items:
                yield _unknown_code(document, ("repeated", index, "code"), code, known)
        for index, example in enumerate(sequence(document.mapping.get("examples"))):
            code = mapping(mapping(example).get("response")).get(answer.code or "")
            if type(code) is int and code != answer.success and str(code) not in known:
                yield _unknown_code(document, ("examples", index, "response", str(answer.code)), code, known)
    for document in spec.services.values():
        code = document.mapping.get("invalid_request")
        if isinstance(code, int) and str(code) not in known:
            yield _unknown_code(document, ("invalid_request",), code, known)
        for index, code in enumerate(sequence(document.mapping.get("too_long"))):
            if isinstance(code, int) and str(code) not in known:
                yield _unknown_code(document, ("too_long", index), code, known)
    for key, entry in known.items():
        code = mapping(mapping(entry).get("deprecated")).get("use")
        if isinstance(code, int) and str(code) not in known:
            yield _unknown_code(spec.errors, (key, "deprecated", "use"), code, known)


def unknown_category(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find an error category that api.yaml lacks."""
    known = mapping(spec.api.mapping.get("categories"))
    places: list[tuple[KeyPath, Mapping[str, object]]] = []
    for code, entry in spec.errors.mapping.items():
        places.append(((code,), mapping(entry)))
        for service, meaning in mapping(mapping(entry).get("services")).items():
            places.append(((code, "services", service), mapping(meaning)))
    for path, meaning in places:
        category = meaning.get("category")
        if isinstance(category, str) and known and category not in known and not is_marked(category):
            hint = suggestion(category, known) or f"{choices(known)}, or a new one in spec/api.yaml"
            message = f"{category} is no category of spec/api.yaml"
            yield spec.errors.at((*path, "category"), "unknown-category", message, hint)


def code_without_area(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find an error code that is in no area, where there are areas."""
    entries = {
        name: sequence(mapping(area).get("codes"))
        for name, area in mapping(spec.api.mapping.get("error_areas")).items()
    }
    areas = {name: [pair for pair in map(_range, ranges) if pair] for name, ranges in entries.items()}
    for code in spec.errors.mapping if areas else ():
        if _CODE.fullmatch(code) and area_of(int(code), areas) is None:
            hint = "widen the range of an area in spec/api.yaml, or add an area"
            yield spec.errors.at(
                (code,), "code-without-area", f"{code} is in no area of the error table", hint, key=True
            )


def _range(value: object) -> tuple[int, int] | None:
    """Return a range of codes; None for what its metaschema refuses."""
    match sequence(value):
        case [int() as first, int() as last]:
            return first, last
        case _:
            return None


def unknown_service(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find an error code with a meaning in a service that does not exist."""
    known = {*spec.services, *(path.split("/")[0] for path in spec.commands)}
    for code, entry in spec.errors.mapping.items():
        for service in mapping(mapping(entry).get("services")):
            if service not in known:
                hint = suggestion(service, known) or choices(sorted(known))
                path = (code, "services", service)
                yield spec.errors.at(
                    path, "unknown-service", f"spec/{spec.version} has no service {service}", hint, key=True
                )


def unknown_product(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a service's product that api.yaml lacks."""
    known = [name for name in sequence(spec.api.mapping.get("products")) if isinstance(name, str)]
    for document in spec.services.values():
        product = document.mapping.get("product")
        if isinstance(product, str) and known and product not in known:
            hint = suggestion(product, known) or f"{choices(known)}, or a new one in spec/api.yaml"
            message = f"{product} is no product of spec/api.yaml"
            yield document.at(("product",), "unknown-product", message, hint)


def unknown_namespace(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a method in a namespace that api.yaml lacks."""
    known = mapping(spec.api.mapping.get("namespaces"))
    for document in spec.commands.values():
        method = document.mapping.get("method")
        namespace = method.split(".")[0] if isinstance(method, str) else ""
        if namespace and known and namespace not in known and not is_marked(method):
            hint = suggestion(namespace, known) or f"{choices(known)}, or a new one in spec/api.yaml"
            yield document.at(("method",), "unknown-namespace", f"{namespace} is no namespace of spec/api.yaml", hint)


def unknown_field(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a field that paging, batch, failures, dedupe or safe_if name and the body lacks."""
    shared = shared_schemas(spec)
    envelope = answer_head(spec)
    for role in ("code", "status", "info", "request_id") if envelope else ():
        name = mapping(spec.api.mapping.get("verdict")).get(role)
        if isinstance(name, str) and name not in envelope:
            hint = suggestion(name, envelope) or known_fields(envelope)
            yield spec.api.at(("verdict", role), "unknown-field", f"the envelope has no field {name}", hint)
    for document in spec.commands.values():
        for path, name, side in _named_fields(document.mapping):
            body = mapping(document.mapping.get(side))
            fields = _fields_at(body, name.split("."), shared)
            if side == "response" and name.split(".")[0] in envelope:
                continue
            if fields is not None:
                last = name.split(".")[-1]
                hint = suggestion(last, fields) or known_fields(fields)
                yield document.at(path, "unknown-field", f"the {side} has no field {name}", hint, inside=name)


def _stands_for(schema: Schema, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Yield the shared schemas that `schema` itself may turn out to be: by reference, or as member of a union."""
    name = ref_name(schema)
    if name is not None:
        yield path, name
    for step, child in subschemas(schema):
        if step[0] in ("anyOf", "oneOf"):
            yield from _stands_for(child, (*path, *step))


def _schemas_of(document: Document) -> Iterator[tuple[KeyPath, Schema]]:
    """Yield every schema in a file of shared ones, with its path."""
    for name, schema in document.mapping.items():
        yield from walk(mapping(schema), (name,))


def _reached(start: str, needed: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    queue = [start]
    for file in queue:
        queue += needed[file] - found
        found |= needed[file]
    return found


def _way(start: str, end: str, shared: Mapping[str, Schema]) -> list[str]:
    """Return the shortest way of references from `start` to `end`, both included; nothing when there is none."""
    ways = {start: [start]}
    queue = [start]
    for name in queue:
        if name == end:
            return ways[name]
        for _, target in _stands_for(shared.get(name, {})):
            if target not in ways:
                ways[target] = [*ways[name], target]
                queue.append(target)
    return []


def _unknown_code(document: Document, path: KeyPath, code: int, known: Mapping[str, object]) -> Diagnostic:
    near = nearest_codes(code, (int(key) for key in known if _CODE.fullmatch(key)))
    hint = f"the nearest codes there: {', '.join(map(str, near))}; write a new one into spec/errors.yaml first"
    return document.at(path, "unknown-error-code", f"{code} is not in errors.yaml", hint)


def _failed(failures: object) -> Sequence[object]:
    return sequence(mapping(failures).get("failed"))


def _named_fields(command: Mapping[str, object]) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield where a command names a field, its path in the body, and which body."""
    for index, field in enumerate(sequence(mapping(command.get("dedupe")).get("fields"))):
        yield from _named(("dedupe", "fields", index), field, "request")
    for index, entry in enumerate(sequence(command.get("repeated"))):
        yield from _named(("repeated", index, "single"), mapping(entry).get("single"), "request")
    for condition, field in mapping(command.get("safe_if")).items():
        yield from _named(("safe_if", condition), field, "request")
    yield from _named(("batch", "field"), mapping(command.get("batch")).get("field"), "request")
    for index, variant in enumerate(sequence(command.get("paging"))):
        paging, path = mapping(variant), ("paging", index)
        items = paging.get("items")
        yield from _named((*path, "items"), items, "response")
        when = paging.get("when")
        yield from _named((*path, "when"), next(iter(mapping(when)), when), "request")
        yield from _named((*path, "page"), paging.get("page"), "request")
        for field in mapping(paging.get("start")):
            yield (*path, "start", field), field, "request"
        for answer, request in mapping(paging.get("carry")).items():
            yield (*path, "carry", answer), answer, "response"
            yield from _named((*path, "carry", answer), request, "request")
        for answer in mapping(paging.get("until")):
            yield (*path, "until", answer), answer, "response"
        offset, descend = mapping(paging.get("offset")), mapping(paging.get("descend"))
        yield from _named((*path, "offset", "field"), offset.get("field"), "request")
        yield from _named((*path, "offset", "total"), offset.get("total"), "response")
        yield from _named((*path, "size"), paging.get("size"), "request")
        yield from _named((*path, "descend", "field"), descend.get("field"), "request")
        yield from _inside(items, (*path, "descend", "item"), descend.get("item"))
    for index, variant in enumerate(sequence(command.get("failures"))):
        failures, path = mapping(variant), ("failures", index)
        items = failures.get("items")
        yield from _named((*path, "items"), items, "response")
        for key in ("item", "code", "info"):
            yield from _inside(items, (*path, key), failures.get(key))


def _named(path: KeyPath, name: object, side: str) -> Iterator[tuple[KeyPath, str, str]]:
    if isinstance(name, str):
        yield path, name, side


def _inside(items: object, path: KeyPath, name: object) -> Iterator[tuple[KeyPath, str, str]]:
    if isinstance(items, str) and isinstance(name, str):
        yield path, f"{items}.{name}", "response"


def _fields_at(body: Schema, steps: list[str], shared: Mapping[str, Schema]) -> set[str] | None:
    """Return None when the field exists or nobody can tell, else the names that its object has instead."""
    properties = fields_of(body, shared)
    if properties is None:
        return None
    if steps[0] not in properties:
        return set(properties)
    return _fields_at(properties[steps[0]], steps[1:], shared) if steps[1:] else None


RULES = (
    Rule("unknown-reference", "a $ref names no shared schema", unknown_reference, alone=True),
    Rule("endless-reference", "a shared schema refers to nothing but itself", endless_reference),
    Rule("file-cycle", "files of shared schemas refer to each other", file_cycle),
    Rule("unknown-error-code", "a code is not in errors.yaml", unknown_error_code, alone=True),
    Rule("unknown-category", "an error's category is not in api.yaml", unknown_category),
    Rule("code-without-area", "an error code is in no area of the error table", code_without_area),
    Rule("unknown-service", "an error code has a meaning in a service that does not exist", unknown_service),
    Rule("unknown-product", "a service's product is not in api.yaml", unknown_product, alone=True),
    Rule("unknown-namespace", "a method's namespace is not in api.yaml", unknown_namespace, alone=True),
    Rule(
        "unknown-field",
        "paging, batch, failures, dedupe or safe_if names a field the body lacks",
        unknown_field,
        alone=True,
    ),
)
