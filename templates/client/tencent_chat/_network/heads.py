"""Heads of requests, in bytes. Most of a head is the same for all calls of a client, so it is made once."""

from __future__ import annotations

from functools import lru_cache

from ..transport import Request

Fields = tuple[tuple[str, str], ...]

_ENDS = frozenset("\r\n\0")


def head(request: Request, prefix: str, fields: Fields) -> bytes:
    """Return the head of `request`, without the UserSig.

    `prefix` goes before its target; `fields` are those that the way to the host asks for. Raises
    ValueError for what has no place in a head.
    """
    target = prefix + request.target
    if not _is_word(target):
        raise ValueError("a target of a request is made of visible ASCII")
    lines = _lines((*fields, *request.headers.items()))
    return b"POST %b HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n" % (
        target.encode(),
        lines,
        len(request.body),
    )


@lru_cache(maxsize=64)
def _lines(fields: Fields) -> bytes:
    for name, value in fields:
        if not _is_word(name) or ":" in name or not _ENDS.isdisjoint(value):
            raise ValueError("a header of a request has characters that cannot be sent")
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode("latin-1")


def _is_word(text: str) -> bool:
    return text.isascii() and text.isprintable() and text != "" and " " not in text
