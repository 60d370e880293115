"""Constraints on texts that pydantic lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

__all__ = ["Known", "MaxBytes", "NoneOf"]

if TYPE_CHECKING:
    from typing import Literal as Known
else:

    class Known:
        """`Known[0, 1] | int`: the values of an open enum, which type checkers see as a Literal.

        Pydantic sees the types behind it alone; with a Literal it would take true and 1.0 for 1.
        """

        def __class_getitem__(cls, _values):
            return cls()

        def __or__(self, types):
            return types


@dataclass(frozen=True)
class MaxBytes:
    """At most `limit` bytes of UTF-8."""

    limit: int

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, text: str) -> str:
        size = len(text if text.isascii() else text.encode("utf-8", "surrogatepass"))
        if size > self.limit:
            raise PydanticCustomError(
                "max_bytes",
                "at most {limit} bytes of UTF-8, got {size}",
                {"limit": self.limit, "size": size},
            )
        return text


@dataclass(frozen=True)
class NoneOf:
    """None of `values`: another member of the union stands for each of them."""

    values: tuple[str, ...]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, text: str) -> str:
        if text in self.values:
            raise PydanticCustomError("modelled_value", "a model of its own stands for this value")
        return text
