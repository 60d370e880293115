"""Marking methods that are not to be used any more. Light, because every namespace with one loads it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Which type checkers know.
    from typing_extensions import deprecated as deprecated

    from ..commands import Command
else:
    from functools import wraps

    # CO_COROUTINE of `inspect`, which takes long to load.
    _COROUTINE = 0x80

    def deprecated(text):
        """Return a decorator: calling the function gives a DeprecationWarning at the line that calls it."""

        def mark(function):
            if function.__code__.co_flags & _COROUTINE:

                @wraps(function)
                async def marked(*args, **arguments):
                    warnings.warn(text, DeprecationWarning, stacklevel=2)
                    return await function(*args, **arguments)

            else:

                @wraps(function)
                def marked(*args, **arguments):
                    warnings.warn(text, DeprecationWarning, stacklevel=2)
                    return function(*args, **arguments)

            marked.__deprecated__ = text
            return marked

        return mark


def deprecation(command: Command) -> str | None:
    """Return what to say of a command that is not to be used any more, None for others."""
    if command.deprecated is None:
        return None
    since, use = command.deprecated
    return f"{command.path} is deprecated{f' since {since}' if since else ''}: {use}"


def warn_of_deprecated(command: Command) -> None:
    """Give a DeprecationWarning, in the name of the line that calls the caller, for a command that is one."""
    if text := deprecation(command):
        warnings.warn(text, DeprecationWarning, stacklevel=3)
