"""IDs and random numbers, the same ones for the same seed and the same calls."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(slots=True)
class Ids:
    """A source of numbers that is told by its seed and by how many were drawn."""

    seed: int = 0
    drawn: int = 0

    def number(self, bits: int = 32) -> int:
        """Return a whole number from 0 to 2**bits - 1; `bits` is at most 64."""
        self.drawn += 1
        digest = blake2b(f"{self.seed}:{self.drawn}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") >> (64 - bits)

    def text(self, length: int) -> str:
        """Return capital letters and digits; `length` is at most 12."""
        number = self.number(64)
        return "".join(_LETTERS[number >> 5 * place & 31] for place in range(length))
