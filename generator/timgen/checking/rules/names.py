"""Rules about names: unique, and usable in Python."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator
from pathlib import Path

from timgen.checking.rules.registry import Rule, answer_head, mapping, reply_head, sequence
from timgen.language.naming import ENVELOPE_CLASS, batch_name, class_prefix, iterator_name, module_name, python_name
from timgen.language.todo import is_marked
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.source import Document, KeyPath
from timgen.reading.spec import Spec, moving_fields

# Classes and modules of the generated models package that are not made from spec/schemas.
_TAKEN_CLASSES = frozenset(
    {"AfterEvent", "BeforeEvent", "Element", "Model", "Reply", "RequestModel", "ResponseModel", ENVELOPE_CLASS}
)
# Their classes of events, and the arguments of the functions that make replies.
_TAKEN_EVENTS = ("Before", "After", "Unknown")
_REPLY_ARGUMENTS = frozenset({"event", "code", "info"})
# What the modules of the models import.
_IMPORTED_CLASSES = frozenset(
    {"Annotated", "Any", "Callable", "ConfigDict", "Field", "Known", "Literal", "Mapping", "MaxBytes", "NoneOf"}
    | {"Sequence", "StringConstraints", "TypeAliasType", "Union"}
)
# Types that annotations of the methods beside it name.
_ANNOTATED_TYPES = frozenset({"bool", "float", "int", "object", "str"})
_LIMITED_TEXT = re.compile("Utf8Max[0-9]+")
_TAKEN_MODULES = frozenset({"envelope", "webhooks"})


def duplicate_method(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find two commands with one method."""
    first: dict[str, Document] = {}
    for document in spec.commands.values():
        method = document.mapping.get("method")
        if not isinstance(method, str) or is_marked(method):
            continue
        if method in first:
            yield document.at(("method",), "duplicate-method", f"{method} is the method of {first[method].file} too")
        first.setdefault(method, document)


def derived_method(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a method for all pages, or for long lists, whose name is that of another one."""
    first = {str(document.mapping.get("method")): document for document in spec.commands.values()}
    for document in spec.commands.values():
        method = document.mapping.get("method")
        if not isinstance(method, str) or is_marked(method) or "." not in method:
            continue
        namespace, _, function = method.partition(".")
        for key, name in (("paging", iterator_name(function)), ("batch", batch_name(function))):
            derived = f"{namespace}.{name}"
            if key in document.mapping and derived in first:
                message = f"`{key}` makes a method {derived}, which {first[derived].file} has too"
                yield document.at((key,), "derived-method", message, "rename one of the methods", key=True)
            elif key in document.mapping:
                first[derived] = document


def duplicate_alias(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a former name of a method that is the name of another one, or that cannot be one."""
    first: dict[str, str] = {}
    for document in spec.commands.values():
        for name in _methods(document):
            first.setdefault(name, document.file)
    for document in spec.commands.values():
        namespace = _namespace(document)
        # `get_members` that became `list_members` was read by `iter_members` before, too.
        derived = set(_methods(document)) - {str(document.mapping.get("method"))}
        for name in mapping(document.mapping.get("aliases")) if namespace else ():
            path, full = ("aliases", name), f"{namespace}.{name}"
            if keyword.iskeyword(name) or name in _ANNOTATED_TYPES:
                message = f"{name} is {'a keyword' if keyword.iskeyword(name) else 'a type'} of Python"
                yield document.at(path, "reserved-name", message, "no method can have had it", key=True)
            for old in _made_of(document, namespace, name):
                if old in first and not (old != full and old in derived):
                    owner = "this command" if first[old] == document.file else first[old]
                    message = f"{old} is a name that {owner} has already"
                    yield document.at(path, "duplicate-alias", message, "remove it from one of them", key=True)
                    break
            derived.update(old for old in _made_of(document, namespace, name) if old != full)
            for old in _made_of(document, namespace, name):
                first.setdefault(old, document.file)


def _methods(document: Document) -> Iterator[str]:
    """Yield the method of a command, and those that are made of it."""
    namespace = _namespace(document)
    if namespace:
        yield from _made_of(document, namespace, str(document.mapping["method"]).partition(".")[2])


def _made_of(document: Document, namespace: str, function: str) -> Iterator[str]:
    """Yield the names of the methods that a command has when its method is called `function`."""
    yield f"{namespace}.{function}"
    for key, name in (("paging", iterator_name(function)), ("batch", batch_name(function))):
        if key in document.mapping:
            yield f"{namespace}.{name}"


def _namespace(document: Document) -> str:
    """Return the namespace of a command's method, empty while there is none."""
    method = document.mapping.get("method")
    return method.partition(".")[0] if isinstance(method, str) and "." in method and not is_marked(method) else ""


def derived_argument(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a field whose argument is one that the method for all pages, or for long lists, has of its own."""
    for document in spec.commands.values():
        moving = {
            field for variant in sequence(document.mapping.get("paging")) for field in moving_fields(mapping(variant))
        }
        own = {"paging": {"cursor"}, "batch": {"concurrency", "progress"}}
        fields = mapping(mapping(document.mapping.get("request")).get("properties"))
        for key, field in ((key, field) for key in own if key in document.mapping for field in fields):
            # The method for all pages leaves out its `cursor` as a field, since the argument holds it.
            if python_name(field) in own[key] and not (key == "paging" and field in moving):
                message = f"the method that `{key}` makes has an argument {python_name(field)} of its own"
                yield document.at(
                    ("request", "properties", field), "derived-argument", message, f"leave `{key}` out", key=True
                )


def reserved_name(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find methods, namespaces, schemas and parts of webhooks whose name Python or the client needs itself."""
    for document in spec.commands.values():
        method = document.mapping.get("method")
        for part in method.split(".") if isinstance(method, str) else ():
            if keyword.iskeyword(part) or part in _ANNOTATED_TYPES:
                message = f"{part} is {'a keyword' if keyword.iskeyword(part) else 'a type'} of Python"
                yield document.at(("method",), "reserved-name", message, "choose another word", inside=part)
    taken_names, taken_classes = _reserved(spec, "namespaces"), _reserved(spec, "classes")
    for name in mapping(spec.api.mapping.get("namespaces")):
        if name in taken_names or keyword.iskeyword(name):
            path = ("namespaces", name)
            yield spec.api.at(
                path, "reserved-name", f"the client has a {name} of its own", "choose another word", key=True
            )
        elif name in _TAKEN_MODULES or name in spec.schemas:
            message = f"the models have a module {name} of their own"
            yield spec.api.at(("namespaces", name), "reserved-name", message, "choose another word", key=True)
    for document in spec.webhooks.values():
        if document.mapping.get("event") in _TAKEN_EVENTS:
            message = f"the client has a class {document.mapping['event']}Event of its own"
            yield document.at(("event",), "reserved-name", message, "choose another name")
        for field in mapping(mapping(document.mapping.get("reply")).get("properties")):
            if python_name(field) in _REPLY_ARGUMENTS:
                message = f"the functions that make replies have an argument {python_name(field)} of their own"
                yield document.at(("reply", "properties", field), "reserved-name", message, key=True)
    for file, document in spec.schemas.items():
        if file in _TAKEN_MODULES or keyword.iskeyword(file):
            yield document.at((), "reserved-name", f"the models need a module {file} themselves", "rename the file")
        for name in document.mapping:
            taken = name in _TAKEN_CLASSES | _IMPORTED_CLASSES | taken_classes or _LIMITED_TEXT.fullmatch(name)
            if taken or keyword.iskeyword(name):
                message = f"the models have a class {name} of their own"
                yield document.at((name,), "reserved-name", message, "choose another name", key=True)


def duplicate_schema(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a shared schema that stands in two files."""
    first: dict[str, Document] = {}
    for document in spec.schemas.values():
        for name in document.mapping:
            if name in first:
                message = f"{name} stands in {first[name].file} too"
                yield document.at((name,), "duplicate-schema", message, "names are unique over all files", key=True)
            first.setdefault(name, document)


def duplicate_error_name(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find two error codes with one name."""
    first: dict[str, str] = {}
    for code, entry in spec.errors.mapping.items():
        name = mapping(entry).get("name")
        if not isinstance(name, str) or is_marked(name):
            continue
        if name in first:
            yield spec.errors.at((code, "name"), "duplicate-error-name", f"{name} is the name of {first[name]} too")
        first.setdefault(name, code)


def exception_name(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find an exception class of a category whose name is taken."""
    first: dict[str, str] = {}
    own = {*_reserved(spec, "exceptions"), str(mapping(spec.api.mapping.get("client")).get("error"))}
    for category, entry in mapping(spec.api.mapping.get("categories")).items():
        name = mapping(entry).get("exception")
        if not isinstance(name, str):
            continue
        owner = ""
        if name in first:
            owner = f"the category {first[name]}"
        elif name in own:
            owner = "the client"
        elif hasattr(builtins, name):
            owner = "Python"
        if owner:
            path = ("categories", category, "exception")
            yield spec.api.at(path, "exception-name", f"{name} is a class of {owner} already", "choose another name")
        first.setdefault(name, category)


def query_parameter(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a query parameter that nobody fills in, and two that stand for the same."""
    names: set[str] = set()
    roles: dict[str, str] = {}
    for index, entry in enumerate(sequence(spec.api.mapping.get("query"))):
        parameter = mapping(entry)
        name, role = parameter.get("name"), parameter.get("role")
        if not isinstance(name, str):
            continue
        if name in names:
            yield spec.api.at(("query", index, "name"), "query-parameter", f"{name} is a parameter twice")
        elif isinstance(role, str) and role in roles:
            message = f"{roles[role]} has the role {role} already"
            yield spec.api.at(("query", index, "role"), "query-parameter", message, "each role stands once")
        elif role is None and "const" not in mapping(parameter.get("schema")):
            hint = "say with `role` what the client fills in, or give its schema a `const`"
            yield spec.api.at(("query", index, "name"), "query-parameter", f"nothing says the value of {name}", hint)
        names.add(name)
        roles.setdefault(str(role), name)


def name_collision(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find fields of one object that get the same name in Python."""
    heads = {"response": answer_head(spec), "reply": reply_head(spec)}
    for body in spec.bodies:
        for path, schema in body.parts:
            first: dict[str, str] = {}
            fields = list(mapping(schema.get("properties")))
            if body.role in heads and not path:
                fields = [*(name for name in heads[body.role] if name not in fields), *fields]
            for field in fields:
                name = python_name(field)
                if name in first:
                    where: KeyPath = (*body.path, *path, "properties", field)
                    message = f"`{field}` and `{first[name]}` both become {name} in Python"
                    yield body.document.at(where, "name-collision", message, key=True)
                first.setdefault(name, field)


def class_collision(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find commands and webhooks whose classes get the same name."""
    nouns = {name: mapping(entry).get("noun") for name, entry in mapping(spec.api.mapping.get("namespaces")).items()}
    first: dict[str, str] = {name: document.file for document in spec.schemas.values() for name in document.mapping}
    modules: dict[str, str] = {}
    for document in spec.commands.values():
        method, title = document.mapping.get("method"), document.mapping.get("title")
        namespace, _, function = method.partition(".") if isinstance(method, str) else ("", "", "")
        noun = nouns.get(namespace)
        if not function or not isinstance(noun, str):
            continue
        module = f"{namespace}.{module_name(function)}"
        if modules.get(module) == method:
            # A method twice is another rule's finding.
            continue
        prefix = title if isinstance(title, str) else class_prefix(function, noun)
        path: KeyPath = ("title",) if isinstance(title, str) else ("method",)
        for suffix in ("Request", "Response"):
            yield from _taken(document, path, prefix + suffix, first)
        if module in modules:
            message = f"{method} and {modules[module]} both become the module {module}"
            yield document.at(("method",), "class-collision", message)
        modules.setdefault(module, str(method))
    for document in spec.webhooks.values():
        event = document.mapping.get("event")
        if isinstance(event, str) and not is_marked(event):
            for suffix in ("Event", "Reply"):
                yield from _taken(document, ("event",), event + suffix, first)


def _taken(document: Document, path: KeyPath, name: str, first: dict[str, str]) -> Iterator[Diagnostic]:
    if name in first and first[name] != document.file:
        hint = "give one of them a `title` of its own" if path != ("event",) else "choose another name"
        yield document.at(path, "class-collision", f"the class {name} is made from {first[name]} too", hint)
    first.setdefault(name, document.file)


def _reserved(spec: Spec, kind: str) -> set[str]:
    """Return the names that the templates of the client need themselves."""
    reserved = mapping(mapping(spec.api.mapping.get("client")).get("reserved"))
    return {name for name in sequence(reserved.get(kind)) if isinstance(name, str)}


RULES = (
    Rule("duplicate-method", "two commands have one method", duplicate_method),
    Rule("derived-method", "a method that paging or batch makes has the name of another", derived_method),
    Rule("duplicate-alias", "a former name of a method is that of another one", duplicate_alias),
    Rule(
        "derived-argument",
        "a method that paging or batch makes has an argument of its own for a field",
        derived_argument,
    ),
    Rule("reserved-name", "Python or the client needs the name itself", reserved_name, alone=True),
    Rule("duplicate-schema", "a shared schema stands in two files", duplicate_schema),
    Rule("duplicate-error-name", "two error codes have one name", duplicate_error_name),
    Rule("exception-name", "the exception class of a category has a name that is taken", exception_name),
    Rule("query-parameter", "nothing says the value of a query parameter, or two stand for the same", query_parameter),
    Rule("name-collision", "two fields of an object get one name in Python", name_collision, alone=True),
    Rule("class-collision", "two classes or modules get one name", class_collision),
)
