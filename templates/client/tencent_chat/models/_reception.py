"""What came with an object that was received.

It is kept where pydantic keeps private attributes, so that copies and pickles have it; declaring
them would cost a call of Python for every object in every list of every answer.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import TypeVar, cast

from pydantic import BaseModel

_M = TypeVar("_M", bound=BaseModel)


def reception(model: BaseModel, name: str, default: object) -> object:
    """Return what came with an object under `name`."""
    private = model.__pydantic_private__
    return private.get(name, default) if private else default


def with_reception(
    response: _M,
    raw: Mapping[str, object] | bytes,
    http_status: int,
    http_headers: Mapping[str, str],
) -> _M:
    """Return `response` with what the transport received; `raw` as JSON, or as the text of it."""
    received = {"raw": raw, "http_status": http_status, "http_headers": http_headers}
    private = {**(response.__pydantic_private__ or {}), **received}
    object.__setattr__(response, "__pydantic_private__", private)
    return response


def without_reception(response: _M) -> _M:
    """Return `response` without what came with it, which one that is made by hand in a test has nothing of."""
    private = response.__pydantic_private__ or {}
    declared = response.__class__.__private_attributes__
    own = {name: value for name, value in private.items() if name in declared}
    if len(own) == len(private):
        return response
    bare = response.__copy__()
    object.__setattr__(bare, "__pydantic_private__", own or None)
    return bare


def mark_as_resent(response: BaseModel) -> None:
    """Note that an attempt before may have been carried out."""
    if response.__pydantic_private__ is not None:
        response.__pydantic_private__["resent"] = True


def was_resent(response: BaseModel) -> bool:
    """Whether an attempt before may have been carried out."""
    return (response.__pydantic_private__ or {}).get("resent") is True


def received_booleans(model: BaseModel) -> Container[str]:
    """Return the flags of an object that were no numbers when it was received, by attribute."""
    return cast(Container[str], (model.__pydantic_private__ or {}).get("booleans", ()))
