"""How models are written: values by what they are, flags as numbers, nothing that was not set."""

from __future__ import annotations

from typing import Any, cast

from pydantic import BaseModel, FieldSerializationInfo, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ._constraints import yes_or_no
from ._reception import received_booleans

_ANY = core_schema.simple_ser_schema("any")


def _written_flag(model: BaseModel, value: object, info: FieldSerializationInfo) -> object:
    """Return the number as which a flag travels; a boolean that was received stays one."""
    if isinstance(value, bool) and info.field_name not in received_booleans(model):
        return int(value)
    return value


_FLAG = core_schema.plain_serializer_function_ser_schema(
    _written_flag, is_field_serializer=True, info_arg=True
)


def way_of_writing(schema: CoreSchema, handler: GetCoreSchemaHandler) -> core_schema.SerSchema:
    """Return how the values of a field with this `schema` are written."""
    return _FLAG if _is_flag(schema, handler) else _ANY


def _is_flag(schema: CoreSchema, handler: GetCoreSchemaHandler) -> bool:
    inner: Any = schema
    while "schema" in inner or inner["type"] == "definition-ref":
        try:
            inner = cast(Any, inner.get("schema") or handler.resolve_ref_schema(inner))
        except LookupError:
            # A model inside of itself.
            return False
    return bool(inner["type"] == "function-plain" and inner["function"]["function"] is yes_or_no)


def unmark(value: object) -> None:
    """Mark as unset what was not set: pydantic takes the unknown field `type` for a set attribute `type` too."""
    if isinstance(value, list):
        for item in cast(list[object], value):
            unmark(item)
    elif isinstance(value, dict):
        for item in cast(dict[str, object], value).values():
            unmark(item)
    elif isinstance(value, BaseModel):
        for name in (value.model_extra or {}).keys() & type(value).model_fields.keys():
            if value.__dict__[name] is None:
                value.model_fields_set.discard(name)
        for item in value.__dict__.values():
            unmark(item)
