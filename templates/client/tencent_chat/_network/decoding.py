"""Bodies of answers as they arrive: decoded, and kept up to a bound, since kilobytes may stand for gigabytes."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator

from ..exceptions import ConfigurationError

MAX_ANSWER_BYTES = 64 << 20
"""The bound unless another one is asked for; the longest answers of the service have a few megabytes."""

_PIECE = 1 << 18
"""Most bytes that are decoded at a time, which takes less than a millisecond."""
_PORTION = 1 << 14
"""Bytes that zlib gets at a time: what it cannot use yet it copies, again and again."""
_KEPT = 1 << 16
"""Bytes that are kept of a body that is too long."""
_MOST_ENCODINGS = 4
_ENCODINGS = {"gzip", "x-gzip", "deflate"}
_GZIP = 16 + zlib.MAX_WBITS


class Body:
    """Collects the body of an answer."""

    def __init__(self, encoding: str, bound: int) -> None:
        """Expect a body with the Content-Encoding `encoding`, empty for none, of at most `bound` bytes."""
        names: list[str] = []
        if encoding:
            names = [name.strip() for name in encoding.lower().split(",")]
            names = [name for name in names if name not in ("", "identity")]
        self._known = len(names) <= _MOST_ENCODINGS and _ENCODINGS.issuperset(names)
        # The last encoding that was applied is the first one to be undone.
        self._steps = (
            [_Step(name, bound) for name in reversed(names)] if names and self._known else []
        )
        self._bound = bound
        self._arrived = 0
        self._kept = io.BytesIO()
        # What arrived before any of it could be decoded.
        self._raw: list[bytes] = []
        self._broken = False
        self.too_long = False
        self.ended = False
        """Whether nothing more is wanted."""

    @property
    def begun(self) -> bool:
        """Whether anything has arrived."""
        return self._arrived > 0

    def take(self, data: bytes) -> Iterator[None]:
        """Add what arrived. Yields now and then, as decoding may take much longer than receiving."""
        self._arrived += len(data)
        self.too_long = self.ended = self._arrived > self._bound
        if not self._steps:
            self._kept.write(data)
        elif not self.too_long:
            yield from self._decode(data)

    def _decode(self, data: bytes) -> Iterator[None]:
        if not self._kept.tell():
            self._raw.append(data)
        pieces: Iterable[bytes] = (data,)
        for step in self._steps:
            pieces = step.decoded(pieces)
        try:
            for piece in pieces:
                self._kept.write(piece)
                yield
        except _TooLongError:
            self.too_long = self.ended = True
        except zlib.error:
            self._broken = True
            if self._kept.tell():
                self.ended = True
            else:
                # Something else than it claims to be: it is kept as it comes.
                self._steps = []
                self._kept.writelines(self._raw)

    def value(self) -> bytes:
        """Return the body, as far as it arrived and can be decoded; the beginning of one that is too long."""
        return bytes(self._kept.getbuffer()[:_KEPT]) if self.too_long else self._kept.getvalue()

    def whole(self) -> bool:
        """Whether nothing is missing, once all has arrived."""
        if self._broken or self.too_long:
            return False
        # An encoding that we do not know may be none at all, such as `utf-8`.
        return self._known or bytes(self._kept.getbuffer()[:_KEPT]).lstrip().startswith(b"{")


class _TooLongError(Exception):
    """More came out than is allowed."""


class _Step:
    """Undoes one encoding."""

    def __init__(self, name: str, bound: int) -> None:
        self._gzip = name != "deflate"
        self._stream = zlib.decompressobj(_GZIP if self._gzip else zlib.MAX_WBITS)
        self._left = bound
        self._begun = False
        """Whether anything has been seen."""
        self._ended = False
        """Whether the end of a stream has been seen, and nothing but maybe a beginning of the next one."""
        self._over = False

    def decoded(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield what `pieces` hold, in pieces that may be empty. Raises zlib.error and _TooLongError."""
        for piece in pieces:
            for start in range(0, len(piece), _PORTION):
                yield from self._portion(piece[start : start + _PORTION])

    def _portion(self, data: bytes) -> Iterator[bytes]:
        # Some servers call it deflate, and leave out the frame that the name stands for.
        if not (self._begun or self._gzip) and data[0] & 0x0F != zlib.DEFLATED:
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        self._begun = True
        more_inside = False
        while (data or more_inside) and not self._over:
            try:
                piece = self._stream.decompress(data, min(_PIECE, self._left + 1))
            except zlib.error:
                if not self._ended:
                    raise
                # Whatever follows a stream and is none itself does not count.
                self._over = True
                return
            self._left -= len(piece)
            if self._left < 0:
                raise _TooLongError
            yield piece
            more_inside = len(piece) == _PIECE
            data = self._stream.unconsumed_tail
            self._ended = self._ended and not piece
            if self._stream.eof:
                data, more_inside = self._stream.unused_data, False
                self._ended, self._over = True, not self._gzip
                self._stream = zlib.decompressobj(_GZIP)


def checked_bound(value: object) -> int:
    """Return the most bytes that an answer may have. Raises ConfigurationError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ConfigurationError("max_answer_bytes must be a positive integer")
    return value
