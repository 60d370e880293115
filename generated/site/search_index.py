"""What the search of the site finds first.

It puts entries whose title fits before those whose text does; among these, those where the words stand closer to each
other, then those where they stand nearer to the beginning. A word fits when it begins with what was typed, names such
as `openim/sendmsg` are one word, and a word that stands twice ends what counts as close. So titles are rewritten here:

- They are moved back by words without width: pages with long names behind those with short ones, of which they may be
  the continuation; parts of pages behind pages.
- Words that are not shown stand behind a name: its parts, so that who types `recall` finds `messages.recall`, what it
  does, and what `vocabulary.toml` knows besides.
- Each field gets an entry of its own, whose title is its name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from search_words import FILLING, chosen, hidden, telling

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
    "schemas": 90,
    "errors": 150,
}
"""Where the titles of the pages in a folder begin; by as many words later as their names have characters."""
_SECOND: Mapping[str, int] = {"commands": 100, "errors": 190}
"""The same for the second name of pages that have two."""
_PARTS = 100
"""Where the titles of parts of pages and of fields begin."""

_METHOD = re.compile(r"python/[^/]+\.namespaces\.[^/]+#")
_BODY = re.compile(r"^## (?:Request|Event) `(\w+)`\n(.*?)(?=^## )", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"^\| `(\w+)`(?:<br>`(\w+)`)? \|.*\| (.*) \|$", re.MULTILINE)
_MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)|<[^>]*>|[`*\\]")
_GAP = re.compile(r" (?![^<]*>)")
_LABELS = re.compile(
    r"^(?:Call)?Request(?:Answer|Reply) |In Pythonin JSON Type Meaning |Methodwire name What it does "
)
"""What stands above tabs and columns, which a reader of hits need not see."""
_SUMMARY = re.compile(r"^# .*\n\n(?:>.*\n)*\n?(.+)", re.MULTILINE)
_SUMMARIZED = ("commands", "webhooks", "errors")
"""Folders whose pages are found by the words of their first paragraph as by those of their names."""
_LOOSE = ("webhooks", "errors")
"""Folders whose pages come behind others with the same words: who types what happened means the command."""
_DEPRECATED = 20
"""How many words later the titles of what is deprecated begin."""


def improve(site: Path, pages: Mapping[str, str]) -> None:
    """Rewrite the index in the folder `site`; `pages` are its pages by path, in Markdown."""
    index = json.loads((site / "search.json").read_text("utf-8"))
    # What the methods of a namespace are is on the pages of the commands.
    items: list[_Item] = [item for item in index["items"] if not _METHOD.match(item["location"])]
    entries = {item["location"]: item for item in items}
    fields = [item for path, text in pages.items() for item in _fields(path, text, entries)]
    for item in items:
        item["path"] = [part.replace(_WORD, "") for part in item["path"]]
        item["text"] = _LABELS.sub("", item["text"])
        page = pages.get(item["location"].removesuffix(".html") + ".md", "")
        title = _title(item["location"], item["title"], page)
        # On a narrow screen a name takes several lines.
        item["title"] = title.replace("<code>", '<code style="overflow-wrap: anywhere">')
    index["items"] = items + fields
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    (site / "search.json").write_text(text, encoding="utf-8")
    (site / "search.js").write_text(f"var __index = {text}", encoding="utf-8")


def _title(location: str, title: str, text: str) -> str:
    page, _, anchor = location.partition("#")
    page = page.removesuffix(".html")
    folder, _, inside = page.partition("/")
    if anchor or title.startswith("Error codes: "):
        return _WORD * _PARTS + _GAP.sub(f" {_WORD}", title)
    if not inside or folder == "guides":
        before = _WORD * _START[folder] if inside else ""
        return f"{before}{title}{hidden(chosen(page, title))}"
    first, _, second = title.removeprefix("Service ").partition(" ")
    name, other = (_MARKUP.sub("", shown) for shown in (first, second))
    summary = _SUMMARY.search(text) if folder in _SUMMARIZED else None
    words = telling(page, name, other, _MARKUP.sub("", summary[1]) if summary else "")
    start = _START[folder] + _DEPRECATED * ("> Deprecated" in text)
    if folder in _LOOSE:
        words = [part for word in words for part in (_WORD, word)]
    before = _WORD * (start + len(name))
    if not other:
        return f"{before}{title}{hidden(words)}"
    gap = _SECOND[folder] + len(other) - start - len(name) - 1 - len(words)
    if folder == "commands":
        before = before[len(FILLING) :] + hidden(FILLING)
    return f"{before}{first}{hidden(words)} {_WORD * gap}{second}"


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
