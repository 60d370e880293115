"""A text that does not show itself."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """Holds a secret; only `reveal` tells it: no repr, format, pickle, copy or comparison does.

    What is called with a secret in plain wraps it and deletes the argument: tools that report errors
    show the local variables of every frame.
    """

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        return self.__text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled or copied")


def secret_of(text: str | None) -> Secret | None:
    """Return `text` as a secret, None for none."""
    return Secret(text) if text else None


def key_problem(key: Secret) -> str | None:
    """Say why no UserSig that is signed with `key` can hold, without showing it; None when one may."""
    if problem := text_problem(key.reveal()) or margin_problem(key.reveal()):
        return problem
    if "-----BEGIN" in key.reveal():
        return (
            "is a private key of an older scheme; what is needed is the key that the console shows"
        )
    return None


def margin_problem(text: str) -> str | None:
    """Say that `text` has something around it that is no part of it, without showing it; None when it has not."""
    # The byte order mark of some editors is no blank.
    if text.strip().strip("\ufeff\u200b") != text:
        return "has blanks or line ends around it: of the file that it was read from?"
    return None


def text_problem(value: object) -> str | None:
    """Say why `value` cannot be sent or signed as a text, without showing it; None when it can."""
    if not isinstance(value, str) or not value:
        return "must be a text and not empty"
    if any("\ud800" <= char <= "\udfff" for char in value):
        return "holds half of a surrogate pair"
    return None
