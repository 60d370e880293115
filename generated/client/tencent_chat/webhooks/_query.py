"""Reading the query of a webhook, whatever kind of mapping a framework hands over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias, cast
from urllib.parse import parse_qs

from .._bodies.reading import whole
from ..exceptions import ConfigurationError

Query: TypeAlias = Mapping[str, str | Sequence[str]] | str | bytes
"""Parameters by name: plain texts, lists of them (`parse_qs`), or the multi-dict of a framework; or the
text of the query as it stands in the URL (`environ["QUERY_STRING"]`, `scope["query_string"]`)."""

Parameters: TypeAlias = Mapping[str, str | Sequence[str]]


def parameters(query: Query) -> Parameters:
    """Return the parameters of a query. Raises ConfigurationError when it is none."""
    if isinstance(query, str | bytes | bytearray):
        text = query if isinstance(query, str) else query.decode("latin-1")
        return parse_qs(text.removeprefix("?"), keep_blank_values=True)
    if not isinstance(cast(object, query), Mapping):
        raise ConfigurationError(
            f"query must be a mapping of the parameters, or the text of the query, not {type(query).__name__}"
        )
    return query


def values(query: Parameters, name: str) -> list[str]:
    """Return all values of a parameter, first things first.

    Its name in any case: the vendor's pages have SdkAppid and SDKAppID.
    """
    return [
        text
        for key in dict.fromkeys(query)
        if isinstance(cast(object, key), str) and key.lower() == name.lower()
        for text in _texts(query, key)
    ]


def first(query: Parameters, name: str) -> str | None:
    """Return the first value of a parameter, None when there is none.

    Halves of surrogate pairs, which some frameworks make of bytes that are no text, become U+FFFD.
    """
    return next(map(whole, values(query, name)), None)


def _texts(query: Parameters, key: str) -> list[str]:
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
