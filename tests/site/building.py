"""The site as `make docs` builds it, and what stands in its pages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from support.paths import ROOT

SOURCES = ("generated/docs", "generated/client/tencent_chat", "spec")


def build(site: Path, environment: Mapping[str, str] | None = None) -> Path:
    """Build the site in the folder `site`, which is made."""
    subprocess.run(
        [sys.executable, "generated/site/build.py", *SOURCES, str(site)],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        check=True,
        capture_output=True,
        text=True,
    )
    return site


@dataclass
class Page:
    """What a page of HTML holds."""

    title: str = ""
    heading: str = ""
    links: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)
    loaded: set[str] = field(default_factory=set)
    """Addresses of scripts, styles, images and the like."""


class _Reader(HTMLParser):
    _SOURCES = ("script", "img", "iframe", "source", "video", "audio", "embed", "input")
    _LOADED = ("stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "manifest")

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.page.anchors.add(given["id"])
        if tag == "a" and "href" in given:
            self.page.links.add(given["href"])
        if tag == "link" and set(given.get("rel", "").split()) & set(self._LOADED):
            self.page.loaded.add(given["href"])
        if tag in self._SOURCES and given.get("src"):
            self.page.loaded.add(given["src"])
        if tag in ("title", "h1"):
            self._inside = tag
        elif tag == "svg":
            # A drawing may have a title as well.
            self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.page.title += data
        elif self._inside == "h1":
            self.page.heading += data


def read(file: Path) -> Page:
    reader = _Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    return reader.page
