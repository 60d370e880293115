"""The reference for authors of templates, made from the docstrings of the model, the filters and the placeholders."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from timgen.modelling import model
from timgen.modelling.marks import MARKS
from timgen.rendering import translation
from timgen.rendering.filters import FILTERS
from timgen.rendering.render import PLACEHOLDERS, PRIVATE, UNSEEN

_PARTS = ("api", "commands", "webhooks", "errors", "advice", "bodies")
"""The modules of the model, in the order in which they are read best."""

_HEAD = """\
# For authors of templates

Made by `timgen explain templates` from the docstrings of the code, so that it says what the code does.

A file below `templates/` whose name ends in `.j2` is rendered by Jinja, any other is copied; the tree there is the
tree of the output. Whatever a template asks for and the model lacks is an error with the line of the template.
Text of the spec gets into an output through a filter only: `{{ command.summary | md }}`.
"""


def reference() -> str:
    """Return the reference as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "## Paths"
    yield ""
    for name, meaning in PLACEHOLDERS.items():
        yield f"- `%{name}`: {meaning}"
    yield f"- {_names(PRIVATE)}: folders of macros and the like, of which no file is made"
    yield ""
    yield _prose(
        "A template without a placeholder or with `%schema` sees `api`, which is all. Any other sees "
        f"the same without {_names(UNSEEN)}, and with those shared schemas only that its bodies lead to; "
        "these, and the errors of commands, are `alone`. "
        "So its output need not be made anew when another command, error code or schema changes."
    )
    yield ""
    yield "## Models"
    yield ""
    yield (inspect.getdoc(translation) or "").partition("\n\n")[2]
    yield ""
    yield _prose(f"Fields that apps write keep what a client must know of them as extra keys: {_names(MARKS)}.")
    yield ""
    yield "## Filters"
    yield ""
    yield "| Filter | What it returns |"
    yield "| --- | --- |"
    for name, function in FILTERS.items():
        yield f"| {_call(name, function)} | {_cell(inspect.getdoc(function) or '')} |"
    for part in _PARTS:
        module = import_module(f"{model.__name__}.{part}")
        yield ""
        yield f"## {str(module.__doc__).rstrip('.')}"
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.ClassDef):
                yield from _of_class(node)


def _of_class(node: ast.ClassDef) -> Iterator[str]:
    yield ""
    yield f"### {node.name}"
    yield ""
    yield _prose(ast.get_docstring(node) or "")
    yield ""
    yield "| Attribute | Type | Meaning |"
    yield "| --- | --- | --- |"
    for statement, following in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            if statement.target.id.startswith("_"):
                continue
            meaning = _text(following)
            yield f"| `{statement.target.id}` | {_type(statement.annotation)} | {_cell(meaning)} |"
        elif isinstance(statement, ast.FunctionDef) and statement.returns and not statement.name.startswith("_"):
            is_property = bool(statement.decorator_list)
            arguments = "" if is_property else f"({', '.join(part.arg for part in statement.args.args[1:])})"
            meaning = ast.get_docstring(statement) or ""
            yield f"| `{statement.name}{arguments}` | {_type(statement.returns)} | {_cell(meaning)} |"


def _text(node: ast.stmt | None) -> str:
    """Return the docstring that stands behind an attribute."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return inspect.cleandoc(node.value.value)
    return ""


def _call(name: str, function: Callable[..., object]) -> str:
    extra = [str(parameter) for parameter in list(inspect.signature(function).parameters.values())[1:]]
    arguments = ", ".join(part.split(":")[0] + "".join(part.partition(" =")[1:]).replace(" ", "") for part in extra)
    return f"`{name}({arguments})`" if arguments else f"`{name}`"


def _type(node: ast.expr) -> str:
    return f"`{ast.unparse(node)}`".replace("|", "\\|")


def _names(names: Iterable[str]) -> str:
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} and {last}"


def _prose(text: str) -> str:
    return "\n".join(textwrap.wrap(" ".join(text.split()), 118, break_long_words=False, break_on_hyphens=False))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
