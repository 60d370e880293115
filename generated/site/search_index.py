"""What the search of the site finds first.

It puts entries whose title fits before those whose text does; among these, those where the words stand closer to each
other, then those where they stand nearer to the beginning. A word fits when it begins with what was typed, and names
such as `openim/sendmsg` are one word. So titles are rewritten here:

- They are moved back by words without width: pages with long names behind those with short ones, of which they may be
  the continuation; parts of pages behind pages.
- Words that are not shown stand beside a name: its parts behind it, so that who types `recall` finds
  `messages.recall`, and what it does before it.
- Each field gets an entry of its own, whose title is its name.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_Item = dict[str, Any]

_WORD = "\u200b"
"""A word without width; `mkdocs.yml` says that another begins behind it."""
_START: Mapping[str, int] = {
    "namespaces": 0,
    "services": 0,
    "guides": 20,
    "python": 25,
    "commands": 40,
    "webhooks": 80,
    "errors": 85,
    "schemas": 90,
}
"""Where the titles of the pages in a folder begin; by as many words later as their names have characters."""
_SECOND: Mapping[str, int] = {"commands": 80, "errors": 92}
"""The same for the second name of pages that have two."""
_PARTS = 100
"""Where the titles of parts of pages and of fields begin."""

_METHOD = re.compile(r"python/[^/]+\.namespaces\.[^/]+#")
_BODY = re.compile(r"^## (?:Request|Event) `(\w+)`\n(.*?)(?=^## )", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"^\| `(\w+)`(?:<br>`(\w+)`)? \|.*\| (.*) \|$", re.MULTILINE)
_MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)|<[^>]*>|[`*\\]")
_SEAM = re.compile(r"[._/]+|(?<=[a-z])(?=[A-Z])")
_SUMMARY = re.compile(r"^# .*\n\n(?:>.*\n)*\n?(.+)", re.MULTILINE)


def improve(site: Path, pages: Mapping[str, str]) -> None:
    """Rewrite the index in the folder `site`; `pages` are its pages by path, in Markdown."""
    index = json.loads((site / "search.json").read_text("utf-8"))
    # What the methods of a namespace are is on the pages of the commands.
    items: list[_Item] = [item for item in index["items"] if not _METHOD.match(item["location"])]
    entries = {item["location"]: item for item in items}
    fields = [item for path, text in pages.items() for item in _fields(path, text, entries)]
    for item in items:
        page = pages.get(item["location"].removesuffix(".html") + ".md", "")
        item["title"] = _title(item["location"], item["title"], page)
    index["items"] = items + fields
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    (site / "search.json").write_text(text, encoding="utf-8")
    (site / "search.js").write_text(f"var __index = {text}", encoding="utf-8")


def _title(location: str, title: str, text: str) -> str:
    page, _, anchor = location.partition("#")
    if anchor:
        return _WORD * _PARTS + title
    folder, _, inside = page.partition("/")
    if not inside or folder == "guides":
        return _WORD * _START.get(folder, 0) + title
    shown = title.split(" ")
    first, *others = (
        _MARKUP.sub("", part).removeprefix("client.") for part in shown if part != "Service"
    )
    summary = _SUMMARY.search(text) if folder in ("commands", "webhooks") else None
    does = _MARKUP.sub("", summary[1]).split() if summary else []
    words = list(dict.fromkeys([first.rpartition(".")[2], *_SEAM.split(first)]))
    before = f"{_WORD * (_START[folder] + len(first) - len(does))}{_hidden(does)}"
    if not others:
        return f"{before}{title}{_hidden(words)}"
    command = others[0].partition("/")[2]
    words += [command, *_SEAM.split(command)] if command else _SEAM.split(others[0])
    gap = _SECOND[folder] + len(others[0]) - _START[folder] - len(first) - 1 - len(words)
    return f"{before}{shown[0]}{_hidden(words)}{_WORD * gap}{shown[1]}"


def _hidden(words: list[str]) -> str:
    return f"<span hidden> {html.escape(' '.join(words))} </span> " if words else ""


def _fields(path: str, text: str, entries: Mapping[str, _Item]) -> Iterator[_Item]:
    """Yield an entry for each field that a command or an event has."""
    page = path.removesuffix(".md") + ".html"
    for body in _BODY.finditer(text):
        # What has the shorter name is more common: messages.send before messages.send_batch.
        start = _PARTS + len(_MARKUP.sub("", entries[page]["title"]).partition(" ")[0]) // 4
        anchor = re.sub(r"\W+", "-", body[0].partition("\n")[0].lower()).strip("-")
        for python_name, wire_name, meaning in _FIELD.findall(body[2]):
            yield {
                "location": f"{page}#{anchor}",
                "level": 3,
                "title": f"{_WORD * (start + len(python_name))}{python_name} {wire_name}".strip(),
                "text": _MARKUP.sub(lambda match: match[1] or " ", meaning),
                "path": entries[page]["path"],
                "tags": [],
            }
