"""What model classes have that datamodel-code-generator does not write.

Docstrings, of attributes and type aliases as well, so that an edited description needs no datamodel-code-generator.

Constructors: their signatures say what a request needs and which values a set has, while the
attributes say what may be there. What they do is written by hand, in the client's
`models/_base.py`, and in `models/_element.py` for objects that are a fixed type name and its
content: `TextElem("hi")` stands for `TextElem(msg_type="TIMTextElem", msg_content=TextContent(text="hi"))`.

Properties: instants and spans of time beside the numbers as which they travel; attributes under the names that they
had before.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, cast

from timgen.language.keywords import instant, is_dynamic, span
from timgen.language.naming import python_name
from timgen.language.patterns import compiled
from timgen.language.schema import Schema
from timgen.modelling.annotations import Annotations
from timgen.modelling.arguments import aliases
from timgen.modelling.definitions import Definition, Definitions
from timgen.modelling.describe import describe
from timgen.modelling.marks import field_marks, pattern_map
from timgen.modelling.model import Argument
from timgen.modelling.model.bodies import former_calls, renaming
from timgen.rendering.codegen import ROOT
from timgen.rendering.filters import docstring

# What annotations may need beside classes, and the modules that have it.
_NAMES = {
    "Iterable": "collections.abc",
    "Mapping": "collections.abc",
    "datetime": "datetime",
    "timedelta": "datetime",
}
_WIDTH = 90
"""Of docstrings of attributes, without their margin."""
_WORD = re.compile(r"\b\w+\b")


class _Content(NamedTuple):
    type_field: str
    type_name: str
    field: str
    definition: Definition


class _Added(NamedTuple):
    lines: list[str]
    runtime: dict[str, set[str]]
    """What the lines need when they run: names by module."""
    named: list[Definition]
    """What their annotations name."""


def is_element(definition: Definition, definitions: Definitions) -> bool:
    """Whether objects of a shared schema have two required fields: a constant text, and an object."""
    return _content(definition, definitions) is not None


def with_members(source: str, held: Iterable[Definition], definitions: Definitions) -> str:
    """Return the source of a module of models with docstrings, and the members of the classes that it has: `held`."""
    annotations = Annotations(definitions)
    own = {definition.name: definition for definition in held}
    body = ast.parse(source).body
    imported = {alias.name for node in body if isinstance(node, ast.ImportFrom) for alias in node.names}
    lines = source.split("\n")
    runtime: dict[str, set[str]] = {}
    typing: dict[str, set[str]] = {}
    for node in reversed(body):
        # Of items with limits, datamodel-code-generator makes an alias of its own.
        if isinstance(node, ast.Assign) and (alias := own.get(ast.unparse(node.targets[0]))):
            lines[node.end_lineno : node.end_lineno] = _docstring(alias.schema, "")
        if not isinstance(node, ast.ClassDef):
            continue
        definition = own[node.name]
        added = _members(definition, node, definitions, annotations)
        lines[node.end_lineno : node.end_lineno] = added.lines
        _document(lines, node, definition, definitions)
        for other, names in added.runtime.items():
            runtime.setdefault(other, set()).update(names)
        for definition in added.named:
            if definition.name not in {*own, *imported}:
                typing.setdefault(f"{ROOT}.{definition.module}", set()).add(definition.name)
    for name in _NAMES.keys() & set(_WORD.findall("\n".join(_code(lines)))):
        typing.setdefault(_NAMES[name], set()).add(name)
    imports = [
        "from typing import TYPE_CHECKING, overload",
        *(f"from {other} import {', '.join(sorted(names))}" for other, names in sorted(runtime.items())),
        *(["if TYPE_CHECKING:"] if typing else []),
        *(f"    from {other} import {', '.join(sorted(names))}" for other, names in sorted(typing.items())),
    ]
    # All of them stand above what was added.
    last = max(node.end_lineno or 0 for node in body if isinstance(node, ast.ImportFrom))
    lines[last:last] = imports
    return "\n".join(lines)


def _code(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines outside of docstrings."""
    is_inside = False
    for line in lines:
        text = line.strip()
        if is_inside:
            is_inside = text != '"""'
        elif text.startswith('"""'):
            is_inside = not (len(text) > 3 and text.endswith('"""'))
        else:
            yield line


def _document(lines: list[str], node: ast.ClassDef, definition: Definition, definitions: Definitions) -> None:
    """Put docstrings into the lines of a class."""
    parts = {python_name(wire_name): part for wire_name, part in definition.fields.items()}
    for name, statement in reversed(_attributes(node)):
        if part := parts.get(name):
            _, target = definitions.resolve(part)
            described = {**part, "description": part.get("description") or target.get("description")}
            lines[statement.end_lineno : statement.end_lineno] = _docstring(described, "    ")
    if own := _docstring(definition.schema, "    "):
        first = node.body[0]
        lines[node.lineno : first.lineno if isinstance(first, ast.Pass) else node.lineno] = own


def _docstring(schema: Schema, margin: str) -> list[str]:
    """Return the lines of a docstring of its own, with an empty one behind; none without a description."""
    lines = docstring(describe(schema), indent=0, width=_WIDTH).split("\n")
    if len(lines) > 1:
        return [f'{margin}"""', *(f"{margin}{line}" for line in lines), f'{margin}"""', ""]
    return [f'{margin}"""{lines[0]}"""', ""] if lines[0] else []


def _members(definition: Definition, node: ast.ClassDef, definitions: Definitions, annotations: Annotations) -> _Added:
    added = _Added([], {}, [])
    content = _content(definition, definitions)
    if definition.read:
        for names, lines in _times(definition, definitions):
            added.lines.extend(lines)
            added.runtime.setdefault(f"{ROOT}._times", set()).update(names)
    if content is not None:
        added.lines.extend(_element_signatures(content, annotations))
        added.named.extend(annotations.definitions_in(content.definition.schema))
    elif definition.written and definition.schema.get("properties"):
        keys = _keys(definition, definitions)
        added.lines.extend(keys.lines)
        for module, names in keys.runtime.items():
            added.runtime.setdefault(module, set()).update(names)
        added.lines.extend(_signature(definition, annotations))
        added.named.extend(annotations.definitions_in(definition.schema))
    if definition.written:
        added.lines.extend(_old_attributes(definition, node))
    if any("@_deprecated" in line for line in added.lines):
        # Attributes may be called `overload` or `deprecated`.
        added.runtime.setdefault("typing", set()).add("overload as _overload")
        added.runtime.setdefault(f"{ROOT}._former", set()).add("deprecated as _deprecated")
    return added


def _old_attributes(definition: Definition, node: ast.ClassDef) -> Iterator[str]:
    """Yield the lines that keep attributes under their former names."""
    renamed = {python_name(wire_name): aliases(part) for wire_name, part in definition.fields.items() if aliases(part)}
    for name, annotation in _attributes(node):
        for old, since in renamed.get(name, {}).items():
            text, type_name = renaming(name, old, since), _plain(annotation.annotation)
            yield from (
                "",
                "    @property",
                f"    @_deprecated({text!r})",
                f"    def {old}(self) -> {type_name}:",
                f'        """{text}."""',
                f"        return self.{name}",
                "",
                f"    @{old}.setter",
                f"    @_deprecated({text!r})",
                f"    def {old}(self, value: {type_name}) -> None:",
                f"        self.{name} = value",
            )


def _attributes(node: ast.ClassDef) -> list[tuple[str, ast.AnnAssign]]:
    """Return the attributes of a class by name."""
    return [
        (statement.target.id, statement)
        for statement in node.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    ]


def _plain(annotation: ast.expr) -> str:
    """Return a type without what is annotated to it."""
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Annotated":
        return ast.unparse(cast(ast.Tuple, annotation.slice).elts[0])
    return ast.unparse(annotation)


def _keys(definition: Definition, definitions: Definitions) -> _Added:
    """Return what tells which values have keys of the app's own: in the object itself, and in its maps."""
    found: dict[str, str] = {}
    runtime: dict[str, set[str]] = {f"{ROOT}._keys": {"Key", "Keys"}, "typing": {"ClassVar"}}
    places = {"": definition.schema} if is_dynamic(definition.schema) else {}
    for wire_name, part in cast(Mapping[str, Schema], definition.schema["properties"]).items():
        if schema := pattern_map(part, definitions):
            places[python_name(wire_name)] = schema
    for attribute, schema in places.items():
        patterns = cast(Mapping[str, Schema], schema.get("patternProperties", {}))
        values = schema.get("additionalProperties")
        members: list[tuple[str | None, Schema]] = [(compiled(key).pattern, part) for key, part in patterns.items()]
        if isinstance(values, Mapping):
            members.append((None, cast(Schema, values)))
        keys: list[str] = []
        for pattern, member in members:
            one = cast(Definition, definitions.resolve(member)[0])
            if one.module != definition.module:
                runtime.setdefault(f"{ROOT}.{one.module}", set()).add(one.name)
            marks = field_marks(member, definitions)
            given = [repr(pattern), one.name]
            given += ["is_open=True"] if "x-open" in marks else []
            given += [f"prefixes={tuple(cast(list[str], marks['x-prefixes']))!r}"] if "x-prefixes" in marks else []
            keys.append(f"Key({', '.join(given)})")
        found[attribute] = f"Keys(lambda: [{', '.join(keys)}])"
    if not found:
        return _Added([], {}, [])
    entries = ", ".join(f"{attribute!r}: {keys}" for attribute, keys in found.items())
    return _Added(["", f"    __keys__: ClassVar[Mapping[str, Keys]] = {{{entries}}}"], runtime, [])


def _content(definition: Definition, definitions: Definitions) -> _Content | None:
    properties = cast(Mapping[str, Schema], definition.schema.get("properties", {}))
    required = cast(list[str], definition.schema.get("required", []))
    constants = [name for name, schema in properties.items() if isinstance(schema.get("const"), str)]
    if definition.role != "shared" or len(properties) != 2 or len(constants) != 1 or set(required) != set(properties):
        return None
    (other,) = (name for name in properties if name not in constants)
    content, target = definitions.resolve(properties[other])
    if content is None or "properties" not in target:
        return None
    return _Content(constants[0], str(properties[constants[0]]["const"]), other, content)


def _times(definition: Definition, definitions: Definitions) -> Iterator[tuple[set[str], list[str]]]:
    for wire_name, part in cast(Mapping[str, Schema], definition.schema.get("properties", {})).items():
        target, name = definitions.target(part), python_name(wire_name)
        if form := instant(target):
            yield (
                {"utc"},
                [
                    "",
                    "    @property",
                    f"    def {name}_utc(self) -> datetime | None:",
                    f'        """`{name}` as a time in UTC; None where it is absent, 0 or no time."""',
                    f"        return utc(self.{name}, {form!r})",
                ],
            )
        if unit := span(target):
            yield (
                {"delta"},
                [
                    "",
                    "    @property",
                    f"    def {name}_timedelta(self) -> timedelta | None:",
                    f'        """`{name}` as a span of time; None where it is absent or no number."""',
                    f"        return delta(self.{name}, {unit!r})",
                ],
            )


def _signature(definition: Definition, annotations: Annotations) -> list[str]:
    arguments = _arguments(definition, annotations)
    shown = [*(one for one in arguments if one.required), *(one for one in arguments if not one.required)]
    former = [
        line
        for call in former_calls(arguments)
        for line in (
            "        @_overload",
            f"        @_deprecated({call.text!r})",
            f"        def __init__(self, *, {', '.join(one.declaration for one in call.arguments)}) -> None: ...",
        )
    ]
    return [
        "",
        "    if TYPE_CHECKING:",
        *(["        @_overload"] if former else []),
        f"        def __init__(self, *, {', '.join(one.declaration for one in shown)}) -> None:",
        *_documented("Make the object of its fields.", shown),
        "            ...",
        *former,
        *(["        def __init__(self, **fields: object) -> None: ..."] if former else []),
    ]


def _element_signatures(content: _Content, annotations: Annotations) -> list[str]:
    arguments = _arguments(content.definition, annotations)
    own = (
        f"{python_name(content.type_field)}: Literal[{content.type_name!r}], "
        f"{python_name(content.field)}: {content.definition.name}"
    )
    return [
        "",
        "    if TYPE_CHECKING:",
        "        @overload",
        f"        def __init__({_of_content(arguments)}) -> None:",
        *_documented(f"Make a {content.type_name} of its content.", arguments),
        "        @overload",
        f"        def __init__(self, *, {own}) -> None:",
        f'            """Make a {content.type_name} of its parts."""',
        *(
            line
            for call in former_calls(arguments)
            for line in (
                "        @overload",
                f"        @_deprecated({call.text!r})",
                f"        def __init__({_of_content(call.arguments, by_name=call.name)}) -> None: ...",
            )
        ),
        "        def __init__(self, *args: object, **fields: object) -> None: ...",
    ]


def _of_content(arguments: Iterable[Argument], by_name: str = "") -> str:
    """Return the parameters for the content of an element: those that it requires have places up to `by_name`."""
    positional: list[str] = []
    keywords: list[str] = []
    names_only = False
    for argument in arguments:
        names_only = names_only or argument.name == by_name
        (positional if argument.required and not names_only else keywords).append(argument.declaration)
    return ", ".join(["self", *positional, *(["*"] if keywords else []), *keywords])


def _arguments(definition: Definition, annotations: Annotations) -> tuple[Argument, ...]:
    """Return what a constructor takes, in the order of the fields."""
    required = cast(list[str], definition.schema.get("required", []))
    return tuple(
        Argument(
            name=python_name(name),
            wire_name=name,
            annotation=annotations.of(part),
            required=name in required and "x-fill" not in part,
            description=describe({**annotations.definitions.resolve(part)[1], **part}),
            aliases=aliases(part),
        )
        for name, part in definition.fields.items()
    )


def _documented(summary: str, arguments: Iterable[Argument]) -> list[str]:
    described = [f"{one.name}: {one.description}" for one in arguments]
    return [
        f'            """{summary}',
        "",
        *(["            Args:"] if described else []),
        *(f"                {docstring(text, indent=20)}" for text in described),
        '            """',
    ]
