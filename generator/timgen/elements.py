"""Constructors of message elements: objects that are a fixed type name and its content.

`TextElem("hi")` stands for `TextElem(msg_type="TIMTextElem", msg_content=TextContent(text="hi"))`. What
it does is written by hand, in the client's `models/_element.py`; its signatures come from here.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import NamedTuple, cast

from timgen.annotations import Annotations
from timgen.definitions import Definition, Definitions
from timgen.describe import describe
from timgen.filters import docstring
from timgen.model import Schema
from timgen.naming import python_name


class _Content(NamedTuple):
    type_field: str
    type_name: str
    field: str
    definition: Definition


def is_element(definition: Definition, definitions: Definitions) -> bool:
    """Whether objects of a shared schema have two required fields: a constant text, and an object."""
    return _content(definition, definitions) is not None


def with_constructors(source: str, module: str, definitions: Definitions) -> str:
    """Return the source of a module of models with the signatures of its elements' constructors."""
    annotations = Annotations(definitions)
    own = [definition for definition in definitions.by_key.values() if definition.module == module]
    contents = {definition.name: _content(definition, definitions) for definition in own}
    body = ast.parse(source).body
    ends = {node.name: node.end_lineno for node in body if isinstance(node, ast.ClassDef)}
    imported = {alias.name for node in body if isinstance(node, ast.ImportFrom) for alias in node.names}
    lines = source.split("\n")
    foreign: dict[str, set[str]] = {}
    found = False
    for name, end in sorted(ends.items(), key=lambda item: -(item[1] or 0)):
        content = contents.get(name)
        if content is None:
            continue
        found = True
        lines[end:end] = _signatures(content, annotations)
        for definition in annotations.definitions_in(content.definition.schema):
            if definition.module != module and definition.name not in imported:
                foreign.setdefault(definition.module, set()).add(definition.name)
    if not found:
        return source
    imports = [
        "from typing import TYPE_CHECKING, overload",
        "if TYPE_CHECKING:",
        "    from collections.abc import Mapping, Sequence",
        *(f"    from .{other} import {', '.join(sorted(names))}" for other, names in sorted(foreign.items())),
    ]
    at = lines.index("from __future__ import annotations") + 1
    lines[at:at] = imports[:1]
    last = max(node.end_lineno or 0 for node in ast.parse("\n".join(lines)).body if isinstance(node, ast.ImportFrom))
    lines[last:last] = imports[1:]
    return "\n".join(lines)


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


def _signatures(content: _Content, annotations: Annotations) -> list[str]:
    schema = content.definition.schema
    required = cast(list[str], schema.get("required", []))
    positional: list[str] = []
    keywords: list[str] = []
    for name, part in cast(Mapping[str, Schema], schema["properties"]).items():
        annotation = annotations.of(part)
        if name in required:
            positional.append(f"{python_name(name)}: {annotation}")
        else:
            keywords.append(f"{python_name(name)}: {annotation} | None = None")
    arguments = ", ".join(["self", *positional, *(["*"] if keywords else []), *keywords])
    own = (
        f"{python_name(content.type_field)}: Literal[{content.type_name!r}], "
        f"{python_name(content.field)}: {content.definition.name}"
    )
    described = [
        f"{python_name(name)}: {describe({**annotations.definitions.resolve(part)[1], **part})}"
        for name, part in cast(Mapping[str, Schema], schema["properties"]).items()
    ]
    return [
        "",
        "    if TYPE_CHECKING:",
        "        @overload",
        f"        def __init__({arguments}) -> None:",
        f'            """Make a {content.type_name} of its content.',
        "",
        *(["            Args:"] if described else []),
        *(f"                {docstring(text, indent=20)}" for text in described),
        '            """',
        "        @overload",
        f"        def __init__(self, *, {own}) -> None:",
        f'            """Make a {content.type_name} of its parts."""',
        "        def __init__(self, *args: object, **fields: object) -> None: ...",
    ]
