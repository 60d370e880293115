"""What apps see of a generated package: its public names and signatures, read from the source; and what breaks there.

Knows less than `timgen diff`: it sees neither limits nor what the client does when it runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Parts = dict[str, "Parts"]
"""The members of a union; of one like `list[str]` each with the parts of its argument."""

_OF_REQUESTS = frozenset({"RequestModel", "Reply"})
_OF_ANSWERS = frozenset({"ResponseModel", "Response", "BeforeEvent", "AfterEvent", "Model", "Element"})


@dataclass(frozen=True)
class Parameter:
    parts: Parts
    required: bool


@dataclass
class Surface:
    """By dotted name: `namespaces.rooms.Rooms.book`."""

    names: set[str] = field(default_factory=set)
    parameters: dict[str, dict[str, Parameter]] = field(default_factory=dict)
    positional: dict[str, list[str]] = field(default_factory=dict)
    attributes: dict[str, Parts] = field(default_factory=dict)
    """Of what apps read, with their types."""
    sets: dict[str, Parts] = field(default_factory=dict)
    """Type aliases."""
    results: dict[str, Parts] = field(default_factory=dict)
    bases: dict[str, set[str]] = field(default_factory=dict)


def read(package: Path) -> Surface:
    """Read the package in a folder. Models go by their names alone, since they are imported from one place."""
    found = Surface()
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(package.rglob("*.py"))}
    exported = _exported(trees[package / "models/__init__.py"])
    bases = {
        node.name: {ast.unparse(base) for base in node.bases}
        for path, tree in trees.items()
        if "models" in path.parts
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
    for path, tree in trees.items():
        parts = path.relative_to(package).with_suffix("").parts
        if parts[0] == "models":
            for node in tree.body:
                if _name(node) in exported:
                    _add(found, node, "models", reads=_is_read(_name(node), bases))
        elif not any(part.startswith("_") for part in parts):
            for node in tree.body:
                if not _name(node).startswith("_"):
                    _add(found, node, ".".join(parts), reads=False)
    return found


def breaks(old: Surface, new: Surface) -> Iterator[str]:
    """Yield what breaks apps, in words."""
    yield from (f"{name} is gone" for name in sorted(old.names - new.names))
    for name, before in old.parameters.items():
        after = new.parameters.get(name)
        if after is None:
            continue
        for argument, parameter in before.items():
            if argument not in after:
                yield f"{name} has no {argument}"
            elif not _takes(after[argument].parts, parameter.parts):
                yield f"{name} takes less as {argument}: {_text(after[argument].parts)}, not {_text(parameter.parts)}"
        for argument, parameter in after.items():
            if parameter.required and not (argument in before and before[argument].required):
                yield f"{name} needs {argument}"
        was = old.positional[name]
        if new.positional[name][: len(was)] != was:
            yield f"{name} takes other arguments by position"
    for name, parts in old.attributes.items():
        if name in new.attributes and not _takes(parts, new.attributes[name], read=True):
            yield f"{name} may be something else: {_text(new.attributes[name])}, not {_text(parts)}"
    for name, parts in old.results.items():
        if name in new.results and not _takes(parts, new.results[name], read=True):
            yield f"{name} returns something else"
    for name, parts in old.sets.items():
        after = new.sets.get(name, {})
        lost = [value for value in parts if _is_value(value) and not _has(after, value)]
        if name in new.sets and lost:
            yield f"{name} has no {', '.join(lost)}"
    for name, classes in old.bases.items():
        if name in new.bases and classes - new.bases[name]:
            yield f"{name} is no {', '.join(classes - new.bases[name])}"


def _exported(tree: ast.Module) -> set[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return {str(name) for name in ast.literal_eval(node.value)}
    raise AssertionError("the models have no __all__")


def _is_read(name: str, bases: Mapping[str, set[str]]) -> bool:
    own = bases.get(name, set()) - _OF_REQUESTS
    return bool(own & _OF_ANSWERS) or any(_is_read(base, bases) for base in own - {name})


def _name(node: ast.stmt) -> str:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return node.name
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.target)
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0])
    return "_"


def _add(found: Surface, node: ast.stmt, where: str, *, reads: bool) -> None:
    name = f"{where}.{_name(node)}"
    if isinstance(node, ast.ClassDef):
        found.names.add(name)
        found.bases[name] = {ast.unparse(base) for base in node.bases if "Model" not in ast.unparse(base)}
        for inner in node.body:
            # Constructors stand below `if TYPE_CHECKING`.
            for part in inner.body if isinstance(inner, ast.If) else [inner]:
                if not _name(part).startswith("_") or _name(part) == "__init__":
                    _add(found, part, name, reads=reads)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        if name in found.parameters and any("overload" in ast.unparse(item) for item in node.decorator_list):
            if any("deprecated" in ast.unparse(item) for item in node.decorator_list):
                _add_former_call(found, node, name)
            return
        if any(ast.unparse(item) == "property" for item in node.decorator_list):
            found.names.add(name)
        elif name not in found.parameters:
            found.names.add(name)
            _signature(found, node, name)
    elif isinstance(node, ast.AnnAssign):
        found.names.add(name)
        if reads:
            found.attributes[name] = _parts(node.annotation)
    elif isinstance(node, ast.Assign):
        found.names.add(name)
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "TypeAliasType":
            found.sets[name] = _parts(node.value.args[1])


def _add_former_call(found: Surface, node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> None:
    """Add what a function takes when it is called with the former name of an argument."""
    other = Surface()
    _signature(other, node, name)
    calls = found.parameters[name], other.parameters[name]
    known: dict[str, Parameter] = {**calls[1], **calls[0]}
    # What only some calls need is no necessity.
    found.parameters[name] = {
        argument: Parameter(parameter.parts, all(argument in call and call[argument].required for call in calls))
        for argument, parameter in known.items()
    }


def _signature(found: Surface, node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> None:
    arguments = node.args
    positional = [argument for argument in arguments.args if argument.arg not in ("self", "cls")]
    optional = {argument.arg for argument in positional[len(positional) - len(arguments.defaults) :]}
    if not arguments.defaults:
        optional = set()
    keywords = dict(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    found.positional[name] = [argument.arg for argument in positional]
    found.parameters[name] = {
        argument.arg: Parameter(
            _parts(argument.annotation), argument.arg not in optional if argument in positional else default is None
        )
        for argument, default in [*((argument, None) for argument in positional), *keywords.items()]
    }
    found.results[name] = _parts(node.returns)


def _parts(node: ast.expr | None) -> Parts:
    """Return an annotation as the members of its union."""
    if node is None:
        return {"object": {}}
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _parts(ast.parse(node.value, mode="eval").body)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return {**_parts(node.left), **_parts(node.right)}
    if isinstance(node, ast.Subscript):
        head = ast.unparse(node.value)
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if head in ("Annotated", "Required", "NotRequired"):
            return _parts(inner[0])
        if head == "Literal":
            return {repr(ast.literal_eval(value)): {} for value in inner}
        if head == "Known":
            return {"int": {}, **_parts(inner[0])}
        return {head: _parts(inner[-1])}
    text = ast.unparse(node)
    return {"str" if text.startswith("Utf8Max") else {"Flag": "bool"}.get(text, text): {}}


def _takes(wide: Parts, narrow: Parts, *, read: bool = False) -> bool:
    """Whether every value of `narrow` is one of `wide`; `read`: values of sets that are not known may come anyway."""
    return all(
        (_is_value(part) and read)
        or _has(wide, part)
        or (part in wide and _takes(wide[part] or {"object": {}}, inner or {"object": {}}, read=read))
        for part, inner in narrow.items()
    )


def _has(parts: Parts, part: str) -> bool:
    if "object" in parts:
        return True
    if part.startswith(("'", '"')):
        return part in parts or "str" in parts
    if _is_value(part):
        return part in parts or "int" in parts
    return (part in parts and not parts[part]) or (part == "int" and "float" in parts)


def _is_value(part: str) -> bool:
    return part.startswith(("'", '"')) or part.lstrip("-").isdigit() or part in ("True", "False")


def _text(parts: Parts) -> str:
    return " | ".join(f"{part}[{_text(inner)}]" if inner else part for part, inner in parts.items())
