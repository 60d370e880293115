"""The modules of a package that is made of private rooms and public modules, and what imports what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path


class Rooms:
    """A package by its folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def modules(self) -> dict[str, Path]:
        """Files by the name of their module: `_calls.core`; a package has that of its folder."""
        return {self._name_of(file): file for file in self.root.rglob("*.py")}

    @cached_property
    def packages(self) -> set[str]:
        """The modules that are folders."""
        return {name for name, file in self.modules.items() if file.name == "__init__.py"}

    @cached_property
    def imports(self) -> dict[str, set[str]]:
        """What each module imports of the package: within functions and for type checkers, too."""
        return {name: set(self._imported_by(name)) for name in self.modules}

    @property
    def private(self) -> set[str]:
        """The rooms."""
        return {room_of(name) for name in self.modules if name.startswith("_")} - {"__main__"}

    def absolute_imports(self) -> Iterator[tuple[str, str]]:
        """Yield modules with what they import of the package by its own name."""
        for name, file in self.modules.items():
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module or ""]
                yield from ((name, other) for other in names if room_of(other) == self.root.name)

    def without_packages(self) -> dict[str, set[str]]:
        """Return the imports of modules that are no folders: what a package hands on it loads when it is asked for."""
        return {name: imports for name, imports in self.imports.items() if name not in self.packages}

    def _name_of(self, file: Path) -> str:
        parts = file.relative_to(self.root).with_suffix("").parts
        return ".".join(part for part in parts if part != "__init__")

    def _imported_by(self, name: str) -> Iterator[str]:
        file = self.modules[name]
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not node.level:
                continue
            folder = file.parents[node.level - 1].relative_to(self.root)
            place = [*folder.parts, *(node.module or "").split(".")]
            module = ".".join(part for part in place if part)
            for alias in node.names:
                inner = f"{module}.{alias.name}".removeprefix(".")
                yield inner if inner in self.modules else module


def room_of(name: str) -> str:
    """Return the first part of a module's name."""
    return name.partition(".")[0]
