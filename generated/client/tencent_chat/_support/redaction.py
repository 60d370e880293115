"""Taking a UserSig out of what the other side sent, should it have repeated it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast
from urllib.parse import quote

from .._tables.protocol import SIGNATURE
from .secret import Secret

_REDACTED = "[usersig]"
# A UserSig may have been cut off; this many characters of it are not by chance there.
_CLUE = 8
_RUN = r"""[^&\s"'<]*"""
_MAX_DEPTH = 100


class Redactor:
    """Finds one UserSig, in any of the forms in which it may be repeated, whole or cut off."""

    def __init__(self, usersig: Secret) -> None:
        self._forms = (
            usersig,
            Secret(quote(usersig.reveal(), safe="")),
            Secret(quote(usersig.reveal(), safe="*")),
        )
        # How a UserSig begins is no secret: most begin alike.
        begins = {form.reveal()[:_CLUE] for form in self._forms}
        self._clues = tuple(
            (begin, begin.encode()) for begin in sorted(begins) if len(begin) == _CLUE
        )

    def may_apply(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether the UserSig may be in an answer: a quick look, before all of its texts are gone through."""
        # Zero bytes: the JSON is not in UTF-8.
        if b"\0" in body:
            return True
        shown = "\n".join(headers.values())
        # Many a body lacks one of its letters, which is seen in a twentieth of the time.
        return any(
            (all(letter in body for letter in byte_clue) and byte_clue in body) or clue in shown
            for clue, byte_clue in self._clues
        )

    def redacted(self, value: object) -> object:
        """Return JSON without the UserSig in any of its texts."""
        clues = "|".join({re.escape(clue) for clue, _ in self._clues} | {f"(?i:{SIGNATURE}=)"})
        pattern = re.compile(rf"({clues}){_RUN}")

        def hidden(match: re.Match[str]) -> str:
            return (match[1] if match[1].endswith("=") else "") + _REDACTED

        def text(value: str) -> str:
            for form in self._forms:
                value = value.replace(form.reveal(), _REDACTED)
            return pattern.sub(hidden, value)

        def anything(value: object, depth: int) -> object:
            if isinstance(value, str):
                return text(value)
            if not isinstance(value, list | dict):
                return value
            if depth == _MAX_DEPTH:
                return _REDACTED
            if isinstance(value, list):
                return [anything(item, depth + 1) for item in cast(list[object], value)]
            return {
                text(key): anything(item, depth + 1)
                for key, item in cast(dict[str, object], value).items()
            }

        return anything(value, 0)
