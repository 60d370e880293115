"""Parts of the model that cost much: they are made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Later(Generic[T]):
    """A value that is made when it is first asked for."""

    make: Callable[[], T]

    @cached_property
    def value(self) -> T:
        return self.make()
