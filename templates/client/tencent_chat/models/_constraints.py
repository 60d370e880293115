"""Types and constraints that pydantic lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

__all__ = ["Flag", "Known", "MaxBytes", "NoneOf", "Values", "YesOrNo"]


class _Note:
    """Something that is said of a type; equal to another one that says the same.

    No dataclass: to make the class of one takes as long as to import a module.
    """

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({said})"


class Values(_Note):
    """The documented values of a number."""

    def __init__(self, values: tuple[object, ...]) -> None:
        self.values = values


class YesOrNo(_Note):
    """A boolean that travels as 1 or 0."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(yes_or_no)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, object]:
        return {"type": "integer", "enum": [0, 1]}


def yes_or_no(value: object) -> bool:
    """Return the boolean that a number stands for. Raises PydanticCustomError."""
    if type(value) is int and (value == 0 or value == 1):
        return value == 1
    raise PydanticCustomError("flag", "must be true or false; 1 or 0 on the wire")


if TYPE_CHECKING:
    from typing import Literal as Known
    from typing import TypeAlias

    Flag: TypeAlias = bool
else:
    Flag = Annotated[bool, YesOrNo()]

    class Known:
        """`Known[0, 1]`: the documented values of a number, which type checkers see as a Literal.

        Pydantic sees the types of the values alone; with a Literal it would take true and 1.0 for 1.
        """

        def __class_getitem__(cls, values):
            listed = values if isinstance(values, tuple) else (values,)
            return Annotated[Union[tuple({type(value): None for value in listed})], Values(listed)]


class MaxBytes(_Note):
    """At most `limit` bytes of UTF-8."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

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


class NoneOf(_Note):
    """None of `values`: another member of the union stands for each of them."""

    def __init__(self, values: tuple[str, ...]) -> None:
        self.values = values

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, text: str) -> str:
        if text in self.values:
            raise PydanticCustomError("modelled_value", "a model of its own stands for this value")
        return text
