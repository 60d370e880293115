"""A mock of the server API, driven by the spec alone: it checks calls and answers with the spec's examples.

It keeps no state: a group that was created is not there afterwards. `timgen mock` serves it on the command
line, the pytest fixture `tencent_chat_mock` in tests, `MockService` anywhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timgen.mock.calls import Call as Call
    from timgen.mock.service import MockService as MockService
    from timgen.mock.serving import serve as serve

_HOMES = {"Call": "calls", "MockService": "service", "serve": "serving"}

__all__ = ["Call", "MockService", "serve"]


def __getattr__(name: str) -> object:
    # Loaded when asked for: the pytest plugin lives in this package and is imported by every pytest run.
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
