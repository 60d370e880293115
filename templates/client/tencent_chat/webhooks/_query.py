"""Reading the query of a webhook, whatever kind of mapping a framework hands over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias, cast

from .._json import whole

Query: TypeAlias = Mapping[str, str | Sequence[str]]
"""Parameters by name: plain texts, lists of them (`parse_qs`), or the multi-dict of a framework."""


def values(query: Query, name: str) -> list[str]:
    """Return all values of a parameter, first things first.

    Its name in any case: the vendor's pages have SdkAppid and SDKAppID.
    """
    return [
        text
        for key in dict.fromkeys(query)
        if isinstance(cast(object, key), str) and key.lower() == name.lower()
        for text in _texts(query, key)
    ]


def first(query: Query, name: str) -> str | None:
    """Return the first value of a parameter, None when there is none.

    Halves of surrogate pairs, which some frameworks make of bytes that are no text, become U+FFFD.
    """
    return next(map(whole, values(query, name)), None)


def _texts(query: Query, key: str) -> list[str]:
    # Multi-dicts show one value under the key, Django the last one, and tell all of them when asked:
    # Django, Flask and Starlette by `getlist`, aiohttp and WebOb by `getall`.
    every = cast(
        "Callable[[str], object] | None",
        getattr(query, "getlist", None) or getattr(query, "getall", None),
    )
    found: object = every(key) if every else query[key]
    if isinstance(found, str):
        return [found]
    items = cast(Iterable[object], found if isinstance(found, list | tuple) else ())
    return [item for item in items if isinstance(item, str)]
