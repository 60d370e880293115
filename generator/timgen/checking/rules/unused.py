"""Rules about what stands in a spec without errors and is used nowhere. It does no harm, so that they warn.

Codes that no command names are no such thing: the vendor's tables have many. `timgen coverage` counts them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from timgen.checking.rules.registry import Rule, mapping, sequence, shared_schemas
from timgen.language.schema import reached
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.spec import Spec


def unused_namespace(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a namespace that no command's method is in."""
    used = {str(document.mapping.get("method")).partition(".")[0] for document in spec.commands.values()}
    for name in mapping(spec.api.mapping.get("namespaces")):
        if name not in used:
            hint = "the client has none of this name; add a command, or remove it"
            message = f"no command's method is in the namespace {name}"
            yield spec.api.at(("namespaces", name), "unused-namespace", message, hint, key=True)


def unused_schema(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a shared schema that no body leads to."""
    shared = shared_schemas(spec)
    used = reached((body.schema for body in spec.bodies if body.role != "shared"), shared)
    for document in spec.schemas.values():
        for name in document.mapping:
            if name in shared and name not in used:
                message = f"no command and no webhook uses {name}"
                yield document.at((name,), "unused-schema", message, "refer to it, or remove it", key=True)


def unused_category(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a category that no error code is in."""
    entries = [mapping(entry) for entry in spec.errors.mapping.values()]
    entries += [mapping(meaning) for entry in entries for meaning in mapping(entry.get("services")).values()]
    used = [entry.get("category") for entry in entries]
    for name in mapping(spec.api.mapping.get("categories")):
        if name not in used:
            message = f"no code of spec/errors.yaml is in the category {name}"
            hint = "its exception is never raised; give it to a code, or remove it"
            yield spec.api.at(("categories", name), "unused-category", message, hint, key=True)


def unused_product(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a product that no service is part of."""
    products = [name for name in sequence(spec.api.mapping.get("products")) if isinstance(name, str)]
    # What a service does not say is the first of them.
    used = [document.mapping.get("product", products[0] if products else "") for document in spec.services.values()]
    for index, name in enumerate(products):
        if name not in used:
            message = f"no service is part of the product {name}"
            yield spec.api.at(("products", index), "unused-product", message, "name it in a service, or remove it")


def empty_service(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a service without commands."""
    used = {path.split("/")[0] for path in spec.commands}
    for name, document in spec.services.items():
        if name not in used:
            message = f"the service {name} has no commands"
            hint = "write them beside this file, or remove the folder"
            yield document.at((), "empty-service", message, hint)


RULES = (
    Rule("unused-namespace", "no command's method is in a namespace", unused_namespace, "warning"),
    Rule("unused-schema", "no body leads to a shared schema", unused_schema, "warning"),
    Rule("unused-category", "no error code is in a category", unused_category, "warning"),
    Rule("unused-product", "no service is part of a product", unused_product, "warning"),
    Rule("empty-service", "a service has no commands", empty_service, "warning"),
)
