"""The asynchronous client is the other one with `async` and `await`, and differs in nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tencent_chat

ROOT = Path(tencent_chat.__file__).parent
PAIRS = [
    ("client.py", "async_client.py"),
    ("_calls/caller.py", "_calls/async_caller.py"),
    ("pages.py", "async_pages.py"),
    *(
        (f"namespaces/{file.name}", f"async_namespaces/{file.name}")
        for file in sorted((ROOT / "namespaces").glob("*.py"))
    ),
]
# What stands for the same thing in either kind.
SAME = {
    "aenter": "enter",
    "aexit": "exit",
    "aiter": "iter",
    "anext": "next",
    "StopAsyncIteration": "StopIteration",
    "tasks": "threads",
    "aclosing": "closing",
    "aread": "read",
    "asyncio": "time",
}


class Plain(ast.NodeTransformer):
    """Takes away what makes the asynchronous kind."""

    def visit_Await(self, node: ast.Await) -> ast.AST:
        return self.visit(node.value)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        fields = dict(ast.iter_fields(node))
        return self.visit(ast.FunctionDef(**fields))

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        return self.visit(ast.For(**dict(ast.iter_fields(node))))

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        return self.visit(ast.With(**dict(ast.iter_fields(node))))

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        node.is_async = 0
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Drop docstrings, which are the only expressions that are texts."""
        text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if text else self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name in ("id", "name", "attr", "module", "arg", "value"):
            value = getattr(node, name, None)
            if isinstance(value, str):
                setattr(node, name, plain(value))
        return super().generic_visit(node)


def plain(name: str) -> str:
    dunder = name.removeprefix("__").removesuffix("__")
    if name == f"__{dunder}__":
        return f"__{SAME.get(dunder, dunder)}__"
    name = ".".join(SAME.get(part, part) for part in name.split("."))
    return name.replace("Async", "").replace("async_", "")


def normal(file: str) -> list[str]:
    """Return the lines of `file` without what makes the asynchronous kind, with imports in a fixed order."""
    tree = Plain().visit(ast.parse((ROOT / file).read_text(encoding="utf-8")))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            node.names.sort(key=lambda alias: alias.name)
        for body in (getattr(node, name, None) for name in ("body", "orelse")):
            if isinstance(body, list):
                imports = [item for item in body if isinstance(item, ast.Import | ast.ImportFrom)]
                body[:] = sorted(imports, key=ast.unparse) + [item for item in body if item not in imports]
    return ast.unparse(ast.fix_missing_locations(tree)).splitlines()


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=[one for one, _ in PAIRS])
def test_kinds_are_alike(one: str, other: str) -> None:
    lines = normal(one)
    assert lines == normal(other)
    assert len(lines) > 5 or one.endswith("__init__.py")


def test_nothing_is_left_over() -> None:
    ours = {file.name for file in (ROOT / "async_namespaces").glob("*.py")}
    assert ours == {file.name for file in (ROOT / "namespaces").glob("*.py")}
    assert len(ours) > 10


def test_every_call_is_awaited() -> None:
    """A method that were not asynchronous would normalise to the same."""
    for _, file in PAIRS:
        text = (ROOT / file).read_text(encoding="utf-8")
        for line in text.splitlines():
            if "self._caller.call(" in line or "self._caller.run(" in line or "transport.send(" in line:
                assert "await " in line, f"{file}: {line}"
