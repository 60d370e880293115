"""The pages of the public names of a package: of its classes, functions and values but those of bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import griffe
from griffe2md import ConfigDict, default_config, render_object_docs

MOST_MEMBERS = 100
"""A class with more of them, such as an enumeration of all codes, is shown without."""

_RENDERING: ConfigDict = {
    **default_config,
    "show_root_heading": True,
    "show_root_full_path": False,
    "show_object_full_path": False,
    "show_root_members_full_path": False,
    "show_signature_annotations": True,
    "summary": False,
    "line_length": 88,
}
_LINK = re.compile(r"\[([^\]\[]+)\]\(#([\w.]+)\)")


@dataclass(frozen=True)
class Name:
    """A public name: what it stands for, and where it is imported from."""

    name: str
    module: str
    item: griffe.Object

    @property
    def title(self) -> str:
        """What the package itself exports goes by its name, anything else by its module's too: `usersig.verify`."""
        package, _, inside = self.module.rpartition(".")
        return f"{inside}.{self.name}" if package else self.name

    @property
    def page(self) -> str:
        return f"python/{self.module}.{self.name}.md"

    @property
    def summary(self) -> str:
        docstring = self.item.docstring
        return " ".join(docstring.value.partition("\n\n")[0].split()) if docstring else ""


def public_names(folder: Path) -> list[Name]:
    """Return the public names of the package in `folder`, by module."""
    package = griffe.load(
        folder.name,
        search_paths=[folder.parent],
        docstring_parser="google",
        docstring_options={"warnings": False},
        resolve_aliases=True,
    )
    names = [*_exported(package), *_namespaces(package)]
    # What is exported by several modules goes by the first, which is the package.
    return list({name.item.path: name for name in reversed(names)}.values())[::-1]


def pages(names: list[Name]) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of a page for each name, and of the list of them."""
    known = {name.item.path: name for name in names}

    def link(match: re.Match[str]) -> str:
        """Return a link to what has a page; else its text."""
        return f"[{match[1]}](../{known[match[2]].page})" if match[2] in known else match[1]

    yield "python.md", _overview(names)
    for name in names:
        members = name.item.members.values()
        settings: ConfigDict = {**_RENDERING, "members": False} if len(members) > MOST_MEMBERS else _RENDERING
        text = render_object_docs(name.item, settings)
        head = f"# `{name.title}`\n\n```python\nfrom {name.module} import {name.name}\n```\n\n"
        # The heading is ours; the signature below it stays.
        yield name.page, head + _LINK.sub(link, text.partition("\n")[2].lstrip("\n"))


def _exported(module: griffe.Module) -> Iterator[Name]:
    """Yield what `module` exports, and the modules that it exports; one without `__all__` exports what it defines."""
    for name in module.exports or [key for key, member in module.members.items() if not member.is_alias]:
        member = module.members.get(str(name))
        item = member.final_target if isinstance(member, griffe.Alias) else member
        if item is None or item.name.startswith("_") or _is_body(item, module):
            continue
        if isinstance(item, griffe.Module):
            yield from _exported(item)
        elif module.exports or item.docstring or item.is_class:
            yield Name(item.name, module.path, item)


def _is_body(item: griffe.Object, module: griffe.Module) -> bool:
    """Whether it is described where the commands, webhooks and data types are."""
    return ".models" in item.path and "._" not in item.path and not (module.is_package and module.parent is None)


def _namespaces(package: griffe.Module) -> Iterator[Name]:
    """Yield the classes of the attributes of the client."""
    for module in package.modules["namespaces"].modules.values():
        for item in module.classes.values():
            if not item.is_alias:
                yield Name(item.name, module.path, item)


def _overview(names: list[Name]) -> str:
    modules = dict.fromkeys(name.module for name in names)
    lines = [
        "# Python names",
        "",
        "What the package exports. The classes of bodies are on the pages of their commands.",
    ]
    for module in modules:
        lines += ["", f"## `{module}`", "", "| Name | What it is |", "| --- | --- |"]
        lines += [f"| [`{name.title}`]({name.page}) | {name.summary} |" for name in names if name.module == module]
    return "\n".join(lines) + "\n"
