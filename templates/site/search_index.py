"""What the search of the site finds first.

It puts entries whose title fits before those whose text does; among these, those where the words stand closer to each
other, then those where they stand nearer to the beginning. A word fits when it begins with what was typed. So titles
are moved back here, by words without width: pages with long names behind those with short ones, of which they may be
the continuation; parts of pages behind pages; and each field gets an entry of its own, whose title is its name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_Item = dict[str, Any]

_WORD = "\u200b"
"""A word without width; `mkdocs.yml` says that another begins behind it."""
_BACK: Mapping[str, int] = {"guides": 20, "python": 25, "webhooks": 45, "errors": 45, "schemas": 50}
"""How many words the titles of the pages in a folder are moved back."""
_BY_LENGTH = ("services", "commands", "python", "errors", "schemas")
"""Folders whose titles are moved back as many words more as their names have characters."""
_PARTS = 60
"""How many words the titles of parts of pages and of fields are moved back."""

_APART = _WORD * 11
"""Between two names of one thing: words that are further from each other are not taken together."""

_METHOD = re.compile(r"python/[^/]+\.namespaces\.[^/]+#")
_BODY = re.compile(r"^## (?:Request|Event) `(\w+)`\n(.*?)(?=^## )", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"^\| `(\w+)`(?:<br>`(\w+)`)? \|.*\| (.*) \|$", re.MULTILINE)
_MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)|<[^>]*>|[`*\\]")


def improve(site: Path, pages: Mapping[str, str]) -> None:
    """Rewrite the index in the folder `site`; `pages` are its pages by path, in Markdown."""
    index = json.loads((site / "search.json").read_text("utf-8"))
    entries = {item["location"]: item for item in index["items"]}
    # What the methods of a namespace are is on the pages of the commands.
    index["items"] = [item for item in index["items"] if not _METHOD.match(item["location"])]
    for location, item in entries.items():
        item["title"] = _WORD * _back(location, item["title"]) + item["title"]
    index["items"] += [item for path, text in pages.items() for item in _fields(path, text, entries)]
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    (site / "search.json").write_text(text, encoding="utf-8")
    (site / "search.js").write_text(f"var __index = {text}", encoding="utf-8")


def _back(location: str, title: str) -> int:
    page, _, anchor = location.partition("#")
    if anchor:
        return _PARTS
    folder = page.partition("/")[0]
    name = _MARKUP.sub("", title).removeprefix("Service ").partition(" ")[0]
    return _BACK.get(folder, 0) + (len(name) if folder in _BY_LENGTH else 0)


def _fields(path: str, text: str, entries: Mapping[str, _Item]) -> Iterator[_Item]:
    """Yield an entry for each field that a command or an event has."""
    page = path.removesuffix(".md") + ".html"
    for body in _BODY.finditer(text):
        # What has the shorter name is more common: messages.send before messages.send_batch.
        back = _PARTS + len(entries[page]["title"].lstrip(_WORD).partition(" ")[0]) // 4
        anchor = re.sub(r"\W+", "-", body[0].partition("\n")[0].lower()).strip("-")
        for python_name, wire_name, meaning in _FIELD.findall(body[2]):
            yield {
                "location": f"{page}#{anchor}",
                "level": 3,
                "title": _WORD * (back + len(python_name)) + f"{python_name} {_APART}{wire_name}".strip(),
                "text": _MARKUP.sub(lambda match: match[1] or " ", meaning),
                "path": entries[page]["path"],
                "tags": [],
            }
