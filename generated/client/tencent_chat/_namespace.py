"""What the namespaces of a client have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from ._settings import Timeout
    from .models.envelope import Response

R = TypeVar("R", bound="Response")


class Caller(Protocol):
    """Carries out calls for a namespace."""

    def __call__(
        self,
        path: str,
        model: type[R],
        arguments: Mapping[str, object],
        extra: Mapping[str, object] | None,
        identifier: str | None,
        timeout: Timeout | None,
        validate: bool | None,
        /,
    ) -> R:
        """Send the command `path` with the `arguments` that are not None, by their names on the wire."""
        ...


class Namespace:
    """Commands of one subject."""

    def __init__(self, caller: Caller) -> None:
        self._call = caller
