"""Reading JSON as it arrives: what is wrong with how it is written is mended, and told."""

from __future__ import annotations

import json
import re
from typing import Final, NamedTuple, cast

from .._support.loading import unforked

Path = tuple[str | int, ...]
"""Where something stands in JSON: names of fields and places in lists."""

# As deep as pydantic reads.
_MAX_DEPTH = 200
# Control characters, blanks and the byte order mark.
_BLANK: Final = "".join(map(chr, (*range(0x21), *range(0x7F, 0xA1), 0xFEFF)))
# A string counts to the end of the text when nothing closes it, so that nothing is looked at twice.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)


class Parsed(NamedTuple):
    """JSON that was read."""

    value: object
    """None when it is no JSON."""
    deviations: list[tuple[Path, str]]
    """What was mended, by its path; a place in a list is always 0."""


def read_json(data: str | bytes | bytearray) -> Parsed:
    """Read JSON that others wrote.

    Bytes that are no text, and halves of surrogate pairs, become U+FFFD. An integer with more
    digits than Python reads stays as text, and what is nested too deeply becomes null. Control
    characters are read as they stand in texts, and left out around the value.
    """
    from pydantic_core import from_json

    try:
        with unforked():
            return Parsed(from_json(data), [])
    except (ValueError, TypeError):
        # A TypeError for a text with half a surrogate pair.
        pass
    if isinstance(data, str):
        return _parsed(data, {})
    # UTF-8 first: zero bytes in front of it look like another encoding.
    for encoding in dict.fromkeys(("utf-8", json.detect_encoding(data))):
        found = _parsed(*_decoded(data, encoding))
        if found.value is not None:
            return found
    return Parsed(None, [])


def whole(text: str) -> str:
    """Return `text` with U+FFFD for each half of a surrogate pair that stands alone."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_Deviations = dict[tuple[Path, str], None]


def _decoded(data: bytes | bytearray, encoding: str) -> tuple[str, _Deviations]:
    try:
        text = data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        return data.decode(encoding, "replace"), {((), "expected UTF-8, got other bytes"): None}
    if encoding.startswith("utf-8"):
        return text, {}
    return text, {((), f"expected UTF-8, got {encoding.upper()}"): None}


def _parsed(text: str, found: _Deviations) -> Parsed:
    inner = text.strip(_BLANK)
    if inner != text.strip(" \t\r\n"):
        found[(), "has control characters or a byte order mark around it"] = None
    shallow = _shallow(inner)
    if shallow != inner:
        found[(), f"is nested in more than {_MAX_DEPTH} levels"] = None

    def integer(digits: str) -> int | str:
        try:
            return int(digits)
        except ValueError:
            found[(), "an integer has too many digits"] = None
            return digits

    try:
        try:
            value: object = json.JSONDecoder(parse_int=integer).decode(shallow)
        except ValueError:
            value = json.JSONDecoder(parse_int=integer, strict=False).decode(shallow)
            found[(), "texts have control characters"] = None
    except (ValueError, RecursionError):
        return Parsed(None, [])
    value = _with_whole_texts(value, (), found)
    return Parsed(value, list(found))


def _shallow(text: str) -> str:
    """Return JSON with null for what is nested too deeply to be read."""
    depth, end = 0, 0
    parts: list[str] = []
    for match in _STRING_OR_BRACKET.finditer(text):
        if match[0] in ("[", "{"):
            depth += 1
            if depth == _MAX_DEPTH + 1:
                parts.append(text[end : match.start()])
        elif match[0] in ("]", "}"):
            if depth == _MAX_DEPTH + 1:
                parts.append("null")
                end = match.end()
            depth -= 1
    return "".join(parts) + text[end:]


def _with_whole_texts(value: object, path: Path, found: _Deviations) -> object:
    if isinstance(value, str):
        return _whole_text(value, path, found)
    if isinstance(value, list):
        inner = (*path, 0)
        return [_with_whole_texts(item, inner, found) for item in cast(list[object], value)]
    if isinstance(value, dict):
        obj: dict[str, object] = {}
        for key, item in cast(dict[str, object], value).items():
            name = _whole_text(key, path, found)
            obj[name] = _with_whole_texts(item, (*path, name), found)
        return obj
    return value


def _whole_text(text: str, path: Path, found: _Deviations) -> str:
    mended = whole(text)
    if mended != text:
        found[path, "holds half of a surrogate pair"] = None
    return mended
