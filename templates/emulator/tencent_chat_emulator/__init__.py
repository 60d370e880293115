"""A double of the Tencent Cloud Chat server API with a memory, for tests and for work without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._apps.records import Call as Call
    from ._core.context import Refused as Refused
    from ._webhooks.deliveries import Delivery as Delivery
    from .app import App as App
    from .emulator import Emulator as Emulator

_HOMES = {
    "App": ".app",
    "Call": "._apps.records",
    "Delivery": "._webhooks.deliveries",
    "Emulator": ".emulator",
    "Refused": "._core.context",
}

__all__ = ["App", "Call", "Delivery", "Emulator", "Refused"]


def __getattr__(name: str) -> object:
    # Loaded when asked for: the pytest plugin lives in this package and is imported by every pytest run.
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)
