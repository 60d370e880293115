"""Warning of what is not to be used any more. Light, because every namespace with such a thing loads it."""

from __future__ import annotations

import warnings
from functools import wraps
from typing import TYPE_CHECKING

from ..exceptions import Problem, RequestError
from .callers import level_outside

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    # Which type checkers know.
    from typing_extensions import deprecated as deprecated

    from .._tables.rows import Deprecated

    F = TypeVar("F", bound=Callable[..., object])

# CO_COROUTINE of `inspect`, which takes long to load.
_COROUTINE = 0x80

if not TYPE_CHECKING:

    def deprecated(text):
        """Return a decorator: calling the function gives a DeprecationWarning at the line that calls it."""

        def mark(function):
            marked = _preceded(function, lambda _: warn(text))
            marked.__deprecated__ = text
            return marked

        return mark


def renamed(path: str, former: Mapping[str, tuple[str, str, bool, str]]) -> Callable[[F], F]:
    """Return a decorator: the method for `path` takes arguments by their `former` names, too, with a warning.

    `former` has the argument's present name, that on the wire, whether it is required, and the
    warning. Calls raise RequestError for both names, TypeError for none of what is required.
    """

    def mark(function: F) -> F:
        # Not every callable has one, type checkers say.
        called = getattr(function, "__qualname__", path)

        def settle(arguments: dict[str, object]) -> None:
            for old, (name, wire_name, _, text) in former.items():
                if old in arguments:
                    warn(text)
                    value = arguments.pop(old)
                    if value is None:
                        arguments.setdefault(name, None)
                    elif arguments.get(name) is None:
                        arguments[name] = value
                    else:
                        raise RequestError([Problem(wire_name, GIVEN_TWICE, name)], path)
            for name, _, required, _ in former.values():
                if required and name not in arguments:
                    raise TypeError(f"{called}() lacks the argument {name!r}")

        marked: F = _preceded(function, settle)
        return marked

    return mark


def _preceded(function: Any, step: Callable[[dict[str, object]], None]) -> Any:
    """Return a function that does the same, but first hands the arguments with names to `step`."""
    if function.__code__.co_flags & _COROUTINE:

        @wraps(function)
        async def awaited(*args: object, **arguments: object) -> object:
            step(arguments)
            return await function(*args, **arguments)

        return awaited

    @wraps(function)
    def called(*args: object, **arguments: object) -> object:
        step(arguments)
        return function(*args, **arguments)

    return called


GIVEN_TWICE = "is given under both of its names"
"""What is wrong with an argument that is there by its former name and by the present one."""


def warn(text: str) -> None:
    """Give a DeprecationWarning in the name of the line that uses this package."""
    warnings.warn(text, DeprecationWarning, stacklevel=level_outside())


def warn_of_deprecated(path: str, advice: Deprecated) -> None:
    """Give a DeprecationWarning for a command that is not to be used any more."""
    warn(deprecation(path, advice))


def deprecation(path: str, advice: Deprecated) -> str:
    """Return what to say of a command that is not to be used any more."""
    since, use = advice
    return f"{path} is deprecated{f' since {since}' if since else ''}: {use}"
