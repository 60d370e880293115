"""Rules about names: unique, and usable in Python."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from timgen.definitions import ENVELOPE_CLASS
from timgen.diagnostics import Diagnostic
from timgen.marks import is_marked
from timgen.naming import batch_name, class_prefix, iterator_name, module_name, python_name
from timgen.rules.registry import Rule, mapping, sequence, suggestion
from timgen.schema import moving_fields
from timgen.source import Document, KeyPath
from timgen.spec import Spec

# Names that stand in the client's class or around it: attributes, arguments, imports and built-in names in use.
_ATTRIBUTES = "as_identifier base_url call close from_env identifier preload sdkappid with_options"
_ARGUMENTS = "backup_url hooks rate_limiter region retry secret_key timeout transport usersig validate"
_IMPORTS = (
    "annotations cast checked_base_urls checked_hooks checked_key checked_rate_limiter checked_retry checked_sdkappid "
    "checked_text checked_timeout checked_transport checked_usersig checked_validate come_before_logging "
    "find lazy load load_for_calls loading warn_of_insecure_url"
)
_BUILT_IN = "bool classmethod int object property str type"
_CLIENT_NAMES = frozenset(f"{_ATTRIBUTES} {_ARGUMENTS} {_IMPORTS} {_BUILT_IN}".split())
# Exceptions that the client defines itself.
_CLIENT_EXCEPTIONS = frozenset(
    {"ChatAPIError", "ChatError", "ConfigurationError", "MissingLibraryError", "PartialFailureError", "Problem"}
    | {"RequestError", "ResponseError", "ThrottledError", "TransportError", "UserSigError"}
)
_FILLED_PARAMETERS = ("sdkappid", "identifier", "usersig", "random")
# Classes and modules of the generated models package that are not made from spec/schemas.
_TAKEN_CLASSES = frozenset(
    {"AfterEvent", "BeforeEvent", "Element", "Model", "Reply", "RequestModel", "ResponseModel", ENVELOPE_CLASS}
)
# Their classes of events, and the arguments of the functions that make replies.
_TAKEN_EVENTS = ("Before", "After", "Unknown")
_REPLY_ARGUMENTS = frozenset({"event", "code", "info"})
# What generated modules import.
_IMPORTED_CLASSES = frozenset(
    {"Annotated", "Any", "AsyncCaller", "AsyncPages", "BatchProgress", "BatchResult", "Callable", "CallOptions"}
    | {"Caller", "ConfigDict", "Field", "Known", "Literal", "Mapping", "MaxBytes", "NoneOf", "Pages", "Retries"}
    | {"Sequence", "StringConstraints", "Timeout", "TypeAliasType", "Union"}
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
    for name in mapping(spec.api.mapping.get("namespaces")):
        if name in _CLIENT_NAMES or keyword.iskeyword(name):
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
            taken = name in _TAKEN_CLASSES | _IMPORTED_CLASSES or _LIMITED_TEXT.fullmatch(name)
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
        if not isinstance(name, str):
            continue
        if name in first:
            yield spec.errors.at((code, "name"), "duplicate-error-name", f"{name} is the name of {first[name]} too")
        first.setdefault(name, code)


def exception_name(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find an exception class of a category whose name is taken."""
    first: dict[str, str] = {}
    for category, entry in mapping(spec.api.mapping.get("categories")).items():
        name = mapping(entry).get("exception")
        if not isinstance(name, str):
            continue
        owner = ""
        if name in first:
            owner = f"the category {first[name]}"
        elif name in _CLIENT_EXCEPTIONS:
            owner = "the client"
        elif hasattr(builtins, name):
            owner = "Python"
        if owner:
            path = ("categories", category, "exception")
            yield spec.api.at(path, "exception-name", f"{name} is a class of {owner} already", "choose another name")
        first.setdefault(name, category)


def query_parameter(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find a query parameter that the client cannot fill in, and one that it does and that is not there."""
    parameters = sequence(spec.api.mapping.get("query"))
    seen: set[str] = set()
    for index, parameter in enumerate(parameters):
        name, path = mapping(parameter).get("name"), ("query", index, "name")
        if not isinstance(name, str):
            continue
        if name in seen:
            yield spec.api.at(path, "query-parameter", f"{name} is a parameter twice")
        elif name not in _FILLED_PARAMETERS and "const" not in mapping(mapping(parameter).get("schema")):
            hint = suggestion(name, _FILLED_PARAMETERS) or "give its schema a `const`"
            yield spec.api.at(path, "query-parameter", f"the client has no value for {name}", hint)
        seen.add(name)
    for name in _FILLED_PARAMETERS:
        # That there are none at all is another rule's finding.
        if parameters and name not in seen:
            hint = "every call carries it"
            yield spec.api.at(("query",), "query-parameter", f"the parameter {name} is missing", hint, key=True)


def name_collision(spec: Spec, _root: Path) -> Iterator[Diagnostic]:
    """Find fields of one object that get the same name in Python."""
    for body in spec.bodies:
        for path, schema in body.parts:
            first: dict[str, str] = {}
            fields = list(mapping(schema.get("properties")))
            if body.role in ("response", "reply") and not path:
                fields = [*(name for name in _head(spec) if name not in fields), *fields]
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
        if isinstance(event, str):
            for suffix in ("Event", "Reply"):
                yield from _taken(document, ("event",), event + suffix, first)


def _taken(document: Document, path: KeyPath, name: str, first: dict[str, str]) -> Iterator[Diagnostic]:
    if name in first and first[name] != document.file:
        hint = "give one of them a `title` of its own" if path != ("event",) else "choose another name"
        yield document.at(path, "class-collision", f"the class {name} is made from {first[name]} too", hint)
    first.setdefault(name, document.file)


def _head(spec: Spec) -> Mapping[str, object]:
    return mapping(mapping(spec.api.mapping.get("envelope")).get("properties"))


RULES = (
    Rule("duplicate-method", "two commands have one method", duplicate_method),
    Rule("derived-method", "a method that paging or batch makes has the name of another", derived_method),
    Rule("duplicate-alias", "a former name of a method is that of another one", duplicate_alias),
    Rule(
        "derived-argument",
        "a method that paging or batch makes has an argument of its own for a field",
        derived_argument,
    ),
    Rule("reserved-name", "Python or the client needs the name itself", reserved_name),
    Rule("duplicate-schema", "a shared schema stands in two files", duplicate_schema),
    Rule("duplicate-error-name", "two error codes have one name", duplicate_error_name),
    Rule("exception-name", "the exception class of a category has a name that is taken", exception_name),
    Rule("query-parameter", "the client cannot fill in a query parameter, or misses one", query_parameter),
    Rule("name-collision", "two fields of an object get one name in Python", name_collision),
    Rule("class-collision", "two classes or modules get one name", class_collision),
)
