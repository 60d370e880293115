"""A text that does not show itself."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """Holds a secret; only `reveal` tells it: no repr, format, pickle, copy or comparison does."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        return self.__text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled or copied")
