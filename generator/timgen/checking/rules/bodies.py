"""Rules about body schemas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeGuard

from timgen.checking.rules.registry import Rule, mapping, sequence, shared_schemas, suggestion
from timgen.language.schema import ref_name
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.source import KeyPath
from timgen.reading.spec import Spec

# Lower and upper limit, and whether both may be the same.
_RANGES = (
    ("minimum", "maximum", True),
    ("minimum", "exclusiveMaximum", False),
    ("exclusiveMinimum", "maximum", False),
    ("exclusiveMinimum", "exclusiveMaximum", False),
    ("minLength", "maxLength", True),
    ("minLength", "x-max-bytes", True),
    ("minItems", "maxItems", True),
)


def body_type(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a body that is no object with named fields."""
    for body in spec.bodies:
        if body.role != "shared" and (body.schema.get("type") != "object" or "properties" not in body.schema):
            hint = "type: object, properties: ..."
            yield body.document.at(
                body.path, "body-type", f"a {body.role} is an object with properties", hint, key=True
            )


def required_without_property(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a required field that is no property."""
    for body in spec.bodies:
        for path, schema in body.parts:
            properties = mapping(schema.get("properties"))
            for index, name in enumerate(sequence(schema.get("required"))):
                if isinstance(name, str) and name not in properties:
                    where = (*body.path, *path, "required", index)
                    hint = suggestion(name, properties)
                    yield body.document.at(where, "required-without-property", f"{name} is no property here", hint)


def missing_description(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a field that nothing describes."""
    shared = shared_schemas(spec)
    for body in spec.bodies:
        for path, schema in body.parts:
            for name, part in mapping(schema.get("properties")).items():
                field = mapping(part)
                shared_name = ref_name(field)
                if shared_name is not None and shared_name not in shared:
                    continue
                target = shared.get(shared_name or "", {})
                if "$ref" in field and shared_name is None:
                    # What the reference was meant to be is unknown.
                    continue
                if field and not field.get("description") and not target.get("description") and "const" not in field:
                    where = (*body.path, *path, "properties", name)
                    hint = "one line: what it means; unit, limits and default have keywords"
                    yield body.document.at(where, "missing-description", f"{name} has no description", hint, key=True)


def enum_descriptions(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find an enum whose values and meanings do not pair."""
    for body in spec.bodies:
        for path, schema in body.parts:
            if "x-enum-descriptions" not in schema or "enum" not in schema:
                continue
            values, meanings = sequence(schema.get("enum")), sequence(schema["x-enum-descriptions"])
            if len(values) != len(meanings):
                where = (*body.path, *path, "x-enum-descriptions")
                message = f"{len(meanings)} descriptions for {len(values)} values"
                yield body.document.at(where, "enum-descriptions", message, "one for each value, in order")


def fill_type(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a field that the client cannot fill in."""
    for body in spec.bodies:
        for path, schema in body.parts:
            if "x-fill" not in schema:
                continue
            where = (*body.path, *path, "x-fill")
            if body.role != "request":
                yield body.document.at(
                    where, "fill-type", f"nothing is filled in in a {body.role}", "move it to requests"
                )
            elif not _is_filled(path):
                message = "only fields of objects, and of objects in lists, are filled in"
                yield body.document.at(where, "fill-type", message)
            elif schema.get("type") != "integer":
                yield body.document.at(where, "fill-type", "numbers are filled into integers only")


def union_member(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find members of a discriminated union that the discriminator cannot tell apart."""
    shared = shared_schemas(spec)
    for body in spec.bodies:
        for path, schema in body.parts:
            name = mapping(schema.get("discriminator")).get("propertyName")
            if not isinstance(name, str):
                continue
            seen: dict[object, str] = {}
            for index, member in enumerate(sequence(schema.get("oneOf"))):
                where = (*body.path, *path, "oneOf", index)
                target = ref_name(mapping(member))
                if target is None:
                    yield body.document.at(where, "union-member", "a member must be a $ref to a shared schema")
                    continue
                properties = mapping(shared.get(target, {}).get("properties"))
                value = mapping(properties.get(name)).get("const")
                if isinstance(value, (dict, list)):
                    continue
                if target in shared and value is None:
                    message = f"{target} has no constant {name}"
                    yield body.document.at(where, "union-member", message, f"give it `{name}: {{const: ...}}`")
                elif value in seen:
                    yield body.document.at(where, "union-member", f"{target} and {seen[value]} have the same {name}")
                seen.setdefault(value, target)


def open_union(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a union whose member for unknown types does not leave exactly the known ones to the others."""
    shared = shared_schemas(spec)
    for body in spec.bodies:
        for path, schema in body.parts:
            options = [(ref_name(mapping(option)) or "") for option in sequence(schema.get("anyOf"))]
            closed = [shared[name] for name in options if "discriminator" in shared.get(name, {})]
            if not closed:
                continue
            discriminator = mapping(closed[0]["discriminator"]).get("propertyName")
            members = [ref_name(mapping(member)) or "" for member in sequence(closed[0].get("oneOf"))]
            known = _texts(
                mapping(mapping(shared.get(member, {}).get("properties")).get(str(discriminator))).get("const")
                for member in members
            )
            if len(known) < len(members):
                # Members that cannot be told apart are another rule's finding.
                continue
            for name in options:
                properties = mapping(shared.get(name, {}).get("properties"))
                excluded = _texts(sequence(mapping(mapping(properties.get(str(discriminator))).get("not")).get("enum")))
                if excluded and excluded != known:
                    difference = sorted(excluded ^ known)
                    message = f"{name} must exclude what its siblings stand for; different: {', '.join(difference)}"
                    yield body.document.at((*body.path, *path), "open-union", message, key=True)


def empty_range(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find limits that nothing can keep."""
    for body in spec.bodies:
        for path, schema in body.parts:
            for lower, upper, both in _RANGES:
                low, high = schema.get(lower), schema.get(upper)
                if _is_number(low) and _is_number(high) and (low > high or (low == high and not both)):
                    message = f"{lower} is {low}, {upper} is {high}: nothing lies between"
                    yield body.document.at((*body.path, *path, lower), "empty-range", message, key=True)
    for document in spec.webhooks.values():
        for index, code in enumerate(sequence(document.mapping.get("reply_codes"))):
            low, high = mapping(code).get("from"), mapping(code).get("to")
            if _is_number(low) and _is_number(high) and low > high:
                message = f"from is {low}, to is {high}: nothing lies between"
                yield document.at(("reply_codes", index, "from"), "empty-range", message, key=True)


def reply_outcome(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find reply codes of webhooks before an event that do not say what they decide, and others that do."""
    for document in spec.webhooks.values():
        phase = document.mapping.get("phase")
        seen: set[str] = set()
        for index, code in enumerate(sequence(document.mapping.get("reply_codes"))):
            path: KeyPath = ("reply_codes", index)
            outcome = mapping(code).get("outcome")
            if phase == "before" and outcome is None:
                hint = "outcome: allow, reject, drop or fail"
                yield document.at(path, "reply-outcome", "the reply decides: say what this code does", hint)
            elif phase == "after" and outcome is not None:
                message = "after an event there is nothing to decide"
                yield document.at((*path, "outcome"), "reply-outcome", message, "remove it", key=True)
            elif outcome in ("allow", "drop") and (outcome in seen or "from" in mapping(code)):
                message = f"one code alone stands for `{outcome}`"
                yield document.at((*path, "outcome"), "reply-outcome", message)
            seen.add(str(outcome))


def dedupe(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find `repeat: deduplicated` without `dedupe`, and the reverse."""
    for document in spec.commands.values():
        repeat, has_dedupe = document.mapping.get("repeat"), "dedupe" in document.mapping
        if repeat == "deduplicated" and not has_dedupe:
            hint = "say by which fields and for how long: dedupe: {fields: [...], window: ...}"
            yield document.at(("repeat",), "dedupe", "a deduplicated command needs `dedupe`", hint)
        elif has_dedupe and repeat in ("safe", "unsafe"):
            yield document.at(("dedupe",), "dedupe", "`dedupe` needs `repeat: deduplicated`", key=True)


def repeated(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find `safe_if` of a command that is not unsafe, and `repeated` of one that is never sent again."""
    for document in spec.commands.values():
        repeat, conditional = document.mapping.get("repeat"), "safe_if" in document.mapping
        if conditional and repeat in ("safe", "deduplicated"):
            yield document.at(("safe_if",), "repeated", "`safe_if` needs `repeat: unsafe`", key=True)
        if "repeated" in document.mapping and not conditional and repeat in ("unsafe", "deduplicated"):
            hint = "`repeat: safe`, or say with `safe_if` which calls are"
            yield document.at(("repeated",), "repeated", "`repeated` is about safe calls", hint, key=True)


def reads(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find `reads: true` of a command that does harm when it is sent again, or that can be done before."""
    for document in spec.commands.values():
        if document.mapping.get("reads") is not True:
            continue
        repeat = document.mapping.get("repeat")
        if repeat in ("unsafe", "deduplicated"):
            message = f"what only reads does no harm twice, and `repeat` is {repeat}"
            yield document.at(("reads",), "reads", message, "`reads: false`, or `repeat: safe`")
        elif "repeated" in document.mapping:
            hint = "`reads: false`, or remove it"
            yield document.at(("repeated",), "reads", "what only reads was never done before", hint, key=True)


def batch_list(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a batch field that is no list, or whose own limit is below that of a part."""
    shared = shared_schemas(spec)
    for document in spec.commands.values():
        batch = mapping(document.mapping.get("batch"))
        properties = mapping(mapping(document.mapping.get("request")).get("properties"))
        name = batch.get("field")
        field = mapping(properties.get(name) if isinstance(name, str) else None)
        target = {**shared.get(ref_name(field) or "", {}), **field}
        if not field:
            continue
        if "array" not in (target.get("type"), *sequence(target.get("type"))):
            yield document.at(("batch", "field"), "batch-list", f"{name} is no list")
        elif _is_number(most := target.get("maxItems")) and _is_number(size := batch.get("max")) and size > most:
            message = f"the field's own maxItems is {most}"
            yield document.at(("batch", "max"), "batch-list", message, "a part must not be larger than a call takes")


def paging_list(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find items of pages that do not stand in a list."""
    shared = shared_schemas(spec)
    for document in spec.commands.values():
        for index, variant in enumerate(sequence(document.mapping.get("paging"))):
            name = mapping(variant).get("items")
            schema = mapping(document.mapping.get("response"))
            steps = name.split(".") if isinstance(name, str) else []
            lists = 0
            for step in steps:
                schema = mapping(mapping(schema.get("properties")).get(step))
                passed: set[int] = set()
                # What leads back to itself is another rule's finding.
                while id(schema) not in passed and (
                    (target := shared.get(ref_name(schema) or "")) or "items" in schema
                ):
                    passed.add(id(schema))
                    lists += "items" in schema
                    schema = target or mapping(schema["items"])
                if not schema:
                    # That the field is missing is another rule's finding.
                    break
            if steps and schema and not lists:
                yield document.at(("paging", index, "items"), "paging-list", f"{name} is no list, and in none")


def _is_filled(path: KeyPath) -> bool:
    """Whether the client finds the field at `path` of a body: through objects and lists of objects."""
    rest = list(path)
    while rest[:1] == ["properties"]:
        del rest[:2]
        if rest[:2] == ["items", "properties"]:
            del rest[:1]
    return not rest


def _is_number(value: object) -> TypeGuard[int | float]:
    return type(value) in (int, float)


def _texts(values: Iterable[object]) -> set[str]:
    return {value for value in values if isinstance(value, str)}


RULES = (
    Rule("body-type", "a body is no object with properties", body_type, alone=True),
    Rule("required-without-property", "a required field is no property", required_without_property, alone=True),
    Rule("missing-description", "a field has no description", missing_description, alone=True),
    Rule("enum-descriptions", "values of an enum and their meanings do not pair", enum_descriptions, alone=True),
    Rule("fill-type", "the client cannot fill in the field", fill_type, alone=True),
    Rule("union-member", "a discriminator cannot tell the members of a union apart", union_member, alone=True),
    Rule("open-union", "a union's unknown member overlaps or misses the known ones", open_union, alone=True),
    Rule("empty-range", "a lower limit is above the upper one", empty_range, alone=True),
    Rule("reply-outcome", "a reply code of a webhook does not say what it decides", reply_outcome, alone=True),
    Rule("dedupe", "repeat and dedupe contradict each other", dedupe, alone=True),
    Rule("repeated", "safe_if or repeated contradict repeat", repeated, alone=True),
    Rule("reads", "repeat or repeated contradict reads", reads, alone=True),
    Rule("batch-list", "a batch field is no list, or takes less than a part", batch_list, alone=True),
    Rule("paging-list", "the items of pages stand in no list", paging_list, alone=True),
)
