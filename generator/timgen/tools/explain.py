"""The page of an error code, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from timgen.checking.rules.registry import nearest_codes
from timgen.modelling.model import Api, ErrorCode, Meaning

_WIDTH = 88

_RETRY = {
    "never": "The same call fails again.",
    "backoff": "The same call may pass later; wait longer after each failure.",
    "resign": "Sign again, then send the call once more.",
}


def explain(api: Api, error: ErrorCode) -> str:
    """Return what `error` means, what to do about it, and which commands answer with it."""
    return "\n".join(_lines(api, error)) + "\n"


def nearest(api: Api, code: int) -> list[ErrorCode]:
    """Return the known codes that come closest to `code`."""
    errors = {error.code: error for error in api.errors}
    return [errors[near] for near in nearest_codes(code, errors)]


def _lines(api: Api, error: ErrorCode) -> Iterator[str]:
    yield f"{error.code} {error.name}"
    yield ""
    if error.deprecated:
        yield from _text(f"{error.deprecated.text}.")
        yield ""
    yield from _text(error.message)
    yield from _text(error.fix)
    yield ""
    yield from _rows(api, error.meaning(""))
    if error.editions:
        yield from _row("Common", f"any command may answer with it (named in: {', '.join(error.editions)})")
    for service, meaning in error.services.items():
        yield ""
        yield f"In {service}:"
        yield from _text(meaning.message, "  ")
        yield from _text(meaning.fix, "  ")
        yield from _rows(api, meaning, "  ")
    if error.commands:
        methods = {command.path: command.method for command in api.commands}
        yield ""
        yield "Named by the pages of:"
        width = max(len(path) for path in error.commands)
        yield from (f"  {path:{width}}  client.{methods[path]}" for path in error.commands)


def _text(text: str, margin: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=margin, subsequent_indent=margin)


def _rows(api: Api, meaning: Meaning, margin: str = "") -> Iterator[str]:
    category = next(category for category in api.categories if category.name == meaning.category)
    yield from _row("Category", f"{category.summary}.", margin)
    yield from _row("Raises", meaning.exception, margin)
    yield from _row("Again?", _RETRY[meaning.retry], margin)


def _row(label: str, text: str, margin: str = "") -> list[str]:
    first = f"{margin}{label:<10}"
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first))
