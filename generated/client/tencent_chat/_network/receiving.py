"""Answers as they come out of a socket, as long as there is time for them."""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Callable
from typing import Any, cast

_LONGEST_LINE = 1 << 16
_MOST_LINES = 100
_NO_BODY = (http.client.SWITCHING_PROTOCOLS, http.client.NO_CONTENT, http.client.NOT_MODIFIED)


class LimitedReader(io.RawIOBase):
    """Reads from a socket as long as there is time: a socket's own limit starts with each read."""

    def __init__(self, connection: socket.socket, left: Callable[[], float]) -> None:
        """Take a socket and a function that returns the seconds left, and raises TimeoutError when none are."""
        self._connection = connection
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._connection.settimeout(self._left())
        return self._connection.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return what http.client asks a socket for."""
        return io.BufferedReader(self)


class Answer(http.client.HTTPResponse):
    """An answer of HTTP/1, whose body http.client reads.

    Its head is read here. The mail parser that http.client has for it takes as long as all else that
    a request needs, and urllib3 logs what that parser finds fault with, which may repeat the request.
    """

    fields: list[tuple[str, str]]
    """The header, names in lower case."""

    def __init__(self, connection: socket.socket, left: Callable[[], float]) -> None:
        super().__init__(cast(socket.socket, LimitedReader(connection, left)), method="POST")

    def begin(self) -> None:
        """Read the head, and before it those of interim answers. Raises HTTPException for anything else."""
        self.status = http.client.CONTINUE
        while 100 <= self.status < 200 and self.status != http.client.SWITCHING_PROTOCOLS:
            version, status, *_ = (*self._line().split(None, 2), b"", b"")
            if not (version.startswith(b"HTTP/1.") and status.isdigit() and len(status) == 3):
                # Nothing of it is kept: it may repeat the request.
                raise http.client.BadStatusLine("")
            self.version, self.status = 10 if version == b"HTTP/1.0" else 11, int(status)
            self.fields = self._fields()
        # Of several with one name the first one counts.
        first = dict(reversed(self.fields))
        connection = first.get("connection", "").lower()
        self.chunked = first.get("transfer-encoding", "").lower() == "chunked"
        self.chunk_left = None
        length = first.get("content-length", "")
        self.length = int(length) if length.isdecimal() and not self.chunked else None
        if self.status in _NO_BODY:
            self.length = 0
        closes = "close" in connection if self.version > 10 else "keep-alive" not in connection
        self.will_close = closes or (self.length is None and not self.chunked)

    def missing(self) -> bool:
        """Whether the body has ended too early, once all has been read that there is."""
        return bool(self.length)

    def _fields(self) -> list[tuple[str, str]]:
        fields: list[tuple[str, str]] = []
        for _ in range(_MOST_LINES):
            text = self._line().decode("latin-1")
            name, colon, value = text.partition(":")
            if not text.strip("\r\n"):
                return fields
            if text[0] in " \t" and fields:
                # A long value may go on in the next line.
                fields[-1] = (fields[-1][0], f"{fields[-1][1]} {text.strip()}")
            elif colon:
                fields.append((name.lower(), value.strip()))
        raise http.client.HTTPException(f"more than {_MOST_LINES} lines")

    def _line(self) -> bytes:
        line = self.fp.readline(_LONGEST_LINE + 1)
        if len(line) > _LONGEST_LINE:
            raise http.client.LineTooLong("head")
        return line
