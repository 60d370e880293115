"""The reference for authors of templates."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module

import pytest

from support.paths import ROOT
from timgen.rendering.filters import FILTERS
from timgen.rendering.render import PLACEHOLDERS, UNSEEN
from timgen.tools.reference import reference

MODULES = [
    import_module(f"timgen.modelling.model.{name}") for name in ("api", "bodies", "commands", "errors", "webhooks")
]
CLASSES = [
    node for module in MODULES for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.ClassDef)
]


def rows(text: str) -> dict[str, list[list[str]]]:
    """Return the rows of the tables by the heading above."""
    found: dict[str, list[list[str]]] = {}
    heading = ""
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("| `"):
            found.setdefault(heading, []).append(
                [cell.strip() for cell in line.replace("\\|", "¦").strip("|").split("|")]
            )
    return found


def test_the_file_is_what_the_code_says() -> None:
    assert (ROOT / "TEMPLATES.md").read_text(encoding="utf-8") == reference(), "timgen explain templates > TEMPLATES.md"


@pytest.mark.parametrize("node", CLASSES, ids=lambda node: node.name)
def test_every_attribute_of_the_model_has_a_meaning(node: ast.ClassDef) -> None:
    names = [
        part.target.id for part in node.body if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
    ]
    names += [part.name for part in node.body if isinstance(part, ast.FunctionDef)]
    public = [name for name in names if not name.startswith("_")]
    described = {row[0].strip("`").split("(")[0]: row[2] for row in rows(reference())[node.name]}
    assert sorted(described) == sorted(public)
    assert [name for name, meaning in described.items() if not meaning] == []


def test_filters_and_placeholders_are_all_there() -> None:
    text = reference()
    assert [row[0].strip("`").split("(")[0] for row in rows(text)["Filters"]] == list(FILTERS)
    assert all(f"- `%{name}`: " in text for name in PLACEHOLDERS)
    assert all(f"`{name}`" in text.partition("## Models")[0] for name in UNSEEN)
