"""A project whose catalogue is repeated: every service again, its methods in namespaces of their own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

_METHOD = re.compile(r"^(method: |aliases: \[)(\w+)\.", re.MULTILINE)
# Titles are names of classes; the property `title` of a body is not.
_TITLE = re.compile(r"(\btitle: )(?=[A-Z]\w*\s*(?:[,}#]|$))", re.MULTILINE)
_NAMESPACE = re.compile(r"^  (\w+): \{noun: (\w+), summary: (.*)\}$", re.MULTILINE)


def copy_project(root: Path, destination: Path) -> None:
    """Copy what a project is made of, without its output."""
    for folder in ("spec", "templates"):
        shutil.copytree(root / folder, destination / folder)


def multiply(root: Path, times: int) -> None:
    """Write every service of the project in `root` again until there are `times` as many commands."""
    api = root / "spec" / "api.yaml"
    text = api.read_text(encoding="utf-8")
    namespaces = text[text.index("\nnamespaces:") : text.index("\ncategories:")]
    repeated = [
        f"  {name}{n}: {{noun: {noun}{_letter(n)}, summary: {summary}}}\n"
        for n in range(2, times + 1)
        for name, noun, summary in _NAMESPACE.findall(namespaces)
    ]
    api.write_text(text.replace(namespaces, namespaces.rstrip() + "\n" + "".join(repeated)), encoding="utf-8")
    version = root / "spec" / "v4"
    for service in sorted(version.iterdir()):
        for n in range(2, times + 1):
            copy = version / f"{service.name}{n}"
            shutil.copytree(service, copy)
            for file in copy.glob("*.yaml"):
                _rename(file, n)


def _rename(file: Path, n: int) -> None:
    text = file.read_text(encoding="utf-8")
    text = _METHOD.sub(rf"\g<1>\g<2>{n}.", text)
    file.write_text(_TITLE.sub(rf"\g<1>{_letter(n)}", text), encoding="utf-8")


def _letter(n: int) -> str:
    return chr(ord("A") + n)
