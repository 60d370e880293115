"""The table of modelled commands. A behaviour registers itself:

    @behaviour("group_open_http_svc/destroy_group")
    def destroy_group(call: Context) -> Answer:
        ...

It returns the fields of the answer beside the envelope, or raises `Refused`.

What users do on their devices, which no command does, is registered with `act`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from .context import Context

Answer: TypeAlias = Mapping[str, Any]
Carry: TypeAlias = Callable[[Context], Answer]


@dataclass(frozen=True)
class Behaviour:
    """How a command is carried out."""

    path: str
    """`service/command`."""
    carry: Carry
    reads: bool
    """Whether it changes nothing that is remembered."""
    guesses: tuple[str, ...]
    """What the documentation leaves open, and how it is answered here: sentences."""


_BEHAVIOURS: dict[str, Behaviour] = {}


def behaviour(
    path: str, *, reads: bool = False, guesses: tuple[str, ...] = ()
) -> Callable[[Carry], Carry]:
    """Register how the command at `path` (`service/command`) is carried out."""

    def register(carry: Carry) -> Carry:
        if path in _BEHAVIOURS:
            raise ValueError(f"{path} has two behaviours")
        _BEHAVIOURS[path] = Behaviour(path, carry, reads, guesses)
        return carry

    return register


DEVICES = "devices"
"""Stands in for the service where a user does something on a device."""

_ACTS: dict[str, Carry] = {}


def act(name: str) -> Callable[[Carry], Carry]:
    """Register how it is carried out what a user does on a device: `come_online`.

    The user is the `identifier` of the call, its body is a JSON object of the emulator's own. ValueError is raised
    for what cannot be done.
    """

    def register(carry: Carry) -> Carry:
        if name in _ACTS:
            raise ValueError(f"{name} is registered twice")
        _ACTS[name] = carry
        return carry

    return register


def acts() -> Mapping[str, Carry]:
    """Return by name what users do, as far as the modules are loaded."""
    return _ACTS


def registered() -> Mapping[str, Behaviour]:
    """Return all behaviours by path, as far as their modules are loaded."""
    return _BEHAVIOURS
