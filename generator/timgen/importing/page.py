"""A vendor page: its front matter, tables and samples, each with the headings that it stands under."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, cast

import yaml

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
# Types such as Array<String> are no tags.
_TAG = re.compile(
    r"</?(?:a|b|br|code|div|em|font|i|img|li|ol|p|pre|s|small|span|strong|sub|sup|u|ul)\b[^<>]*>", re.IGNORECASE
)
_LINK = re.compile(r"!?\[([^\]]+)\]\([^)]*\)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


class PageError(Exception):
    """A page that no draft can be made from. The text says what is wrong or missing."""


@dataclass(frozen=True)
class Place:
    """Where on a page something stands."""

    line: int
    """From 1."""
    headings: tuple[str, ...]
    """The headings above it, the outermost first."""
    caption: str
    """The paragraph or list item right before it under the same heading; empty when there is none."""


@dataclass(frozen=True)
class Table:
    place: Place
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """As many cells each as the header has."""


@dataclass(frozen=True)
class Code:
    place: Place
    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    place: Place
    text: str


@dataclass(frozen=True)
class Page:
    """A page in the order in which it reads."""

    front_matter: Mapping[str, str]
    blocks: tuple[Table | Code | Text, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def codes(self) -> tuple[Code, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Code))


def parse(source: str) -> Page:
    """Return the page that the Markdown `source` holds. Raises PageError when its front matter is broken."""
    from markdown_it import MarkdownIt

    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = _FRONT_MATTER.match(source)
    body = source[match.end() :] if match else source
    offset = source.count("\n", 0, match.end()) if match else 0
    lines, numbers = _split_rows(body.split("\n"), offset)
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(lines))
    return Page(_front_matter(match[1]) if match else {}, tuple(_blocks(tokens, numbers)))


def plain(cell: str) -> str:
    """Return the text of a table cell or paragraph without its markup."""
    text = html.unescape(_TAG.sub(" ", _LINK.sub(r"\1", cell)))
    return _ESCAPE.sub(r"\1", re.sub(r"[`*]", "", text)).replace("\xa0", " ").strip()


def _front_matter(source: str) -> dict[str, str]:
    try:
        value: object = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 - makes nothing but text
    except yaml.YAMLError as error:
        raise PageError(f"the front matter is not YAML: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(value, dict):
        raise PageError("the front matter is no mapping")
    pairs = cast(dict[object, object], value).items()
    return {str(key): text.strip() for key, text in pairs if isinstance(text, str)}


def _split_rows(lines: list[str], offset: int) -> tuple[list[str], list[int]]:
    """Return the lines with table rows apart that the vendor wrote in one line, and the number of each on the page."""
    result: list[str] = []
    numbers: list[int] = []
    columns = 0
    for number, line in enumerate(lines, offset + 1):
        if not line.lstrip().startswith("|"):
            columns = 0
        elif _TABLE_RULE.fullmatch(line):
            columns = len(_cells(line))
        cells = _cells(line) if columns else []
        parts = [line]
        if len(cells) == 2 * columns + 1 and not cells[columns].strip():
            parts = [f"|{'|'.join(half)}|" for half in (cells[:columns], cells[columns + 1 :])]
        result += parts
        numbers += [number] * len(parts)
    return result, numbers


def _cells(line: str) -> list[str]:
    return _CELL_BORDER.split(line.strip().removeprefix("|").removesuffix("|"))


def _blocks(tokens: list[Token], numbers: list[int]) -> Iterator[Table | Code | Text]:
    headings: list[tuple[int, str]] = []
    caption = ""
    table: list[list[str]] = []
    start = 0
    for index, token in enumerate(tokens):
        line = numbers[token.map[0]] if token.map else start
        place = Place(line, tuple(text for _, text in headings), caption)
        if token.type == "heading_open":
            level = int(token.tag[1:])
            headings = [heading for heading in headings if heading[0] < level]
            headings.append((level, plain(tokens[index + 1].content)))
            caption = ""
        elif token.type == "table_open":
            table, start = [], line
        elif token.type == "tr_open":
            table.append([])
        elif token.type == "inline" and tokens[index - 1].type in ("th_open", "td_open"):
            table[-1].append(token.content)
        elif token.type == "table_close":
            header = tuple(plain(cell) for cell in table[0])
            rows = (tuple(cell for cell, _ in zip_longest(row, header, fillvalue="")) for row in table[1:])
            yield Table(Place(start, place.headings, caption), header, tuple(rows))
            caption = ""
        elif token.type in ("fence", "code_block"):
            yield Code(place, token.content)
            caption = ""
        elif token.type == "inline" and tokens[index - 1].type != "heading_open":
            caption = plain(token.content)
            yield Text(place, caption)
