"""How models are read: texts without a call of Python, or a look into a table, that changes nothing."""

from __future__ import annotations

from typing import Any, cast

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ._constraints import MaxBytes

_LENGTHS = {"minLength": "min_length", "maxLength": "max_length"}


def in_one_step(schema: CoreSchema, handler: GetCoreSchemaHandler) -> CoreSchema:
    """Return what takes the same values as the `schema` of a field, and says the same of others, in less time.

    A text that may have any value beside the documented ones is any text. Its lengths, which pydantic
    checks in Python when there is a limit in bytes as well, are seen to where its type is; in JSON,
    that limit is as well.
    """
    kind = schema["type"]
    inner: Any = schema
    if "ref" in inner:
        # A type with a name, which is described under it.
        return schema
    if kind in ("nullable", "default"):
        return cast(CoreSchema, {**inner, "schema": in_one_step(inner["schema"], handler)})
    if kind == "list" and "items_schema" in inner:
        items = in_one_step(inner["items_schema"], handler)
        return cast(CoreSchema, {**inner, "items_schema": items})
    if kind == "union":
        return _any_text(inner, handler) or schema
    if kind == "function-after":
        return _counted(_with_lengths(inner) or inner)
    return schema


def _any_text(union: Any, handler: GetCoreSchemaHandler) -> CoreSchema | None:
    """Return the type of any text, if that is what a union comes to; it is described as before."""
    choices = [_resolved(choice, handler) for choice in union["choices"]]
    documented = [choice for choice in choices if choice != {"type": "str"}]
    if len(documented) == len(choices) or not all(map(_is_of_texts, documented)):
        return None
    return core_schema.str_schema(metadata=_described_as({**union, "choices": choices}))


def _resolved(choice: Any, handler: GetCoreSchemaHandler) -> Any:
    try:
        return handler.resolve_ref_schema(choice)
    except LookupError:
        # A model inside of itself.
        return choice


def _is_of_texts(schema: Any) -> bool:
    return schema["type"] == "literal" and all(isinstance(one, str) for one in schema["expected"])


def _with_lengths(outer: Any) -> Any:
    """Return a text with a limit in bytes whose other limits, which `outer` checks after it, are checked before."""
    inner = outer["schema"]
    limits = outer.get("metadata", {}).get("pydantic_js_updates", {})
    if inner["type"] != "function-after" or not limits or not limits.keys() <= _LENGTHS.keys():
        return None
    inner = _with_lengths(inner) or inner
    text = inner["schema"]
    check = inner["function"]["function"]
    # Not one of an app's own class, which may return another text.
    if text["type"] != "str" or not isinstance(getattr(check, "__self__", None), MaxBytes):
        return None
    lengths = {_LENGTHS[name]: value for name, value in limits.items()}
    return {**inner, "schema": {**text, **lengths}}


def _counted(checked: Any) -> CoreSchema:
    """Return a text whose limit in bytes, if it has one that is checked last, is checked without Python in JSON."""
    text = checked["schema"]
    limit = getattr(checked["function"]["function"], "__self__", None)
    if text["type"] != "str" or not isinstance(limit, MaxBytes):
        return cast(CoreSchema, checked)
    of_bytes = cast(CoreSchema, {**text, "strict": False})
    return core_schema.json_or_python_schema(
        core_schema.chain_schema([core_schema.bytes_schema(max_length=limit.limit), of_bytes]),
        checked,
        metadata=_described_as(checked),
    )


def _described_as(schema: Any) -> dict[str, Any]:
    """Return what has a schema described as if it was another one."""

    def description(_schema: Any, describe: Any) -> Any:
        return describe(schema)

    return {"pydantic_js_functions": [description]}
