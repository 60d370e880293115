"""A client's settings, checked when it is made."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import FunctionType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar, cast

from ..exceptions import ConfigurationError, MissingLibraryError, RequestError
from .loading import PACKAGE
from .secret import Secret, key_problem, margin_problem, text_problem

if TYPE_CHECKING:
    from ..attempts import Hook
    from ..commands import Command
    from ..retries import Retries

Timeout: TypeAlias = "float | tuple[float, float]"
"""Seconds to connect and to wait for the whole answer, as a pair, or one figure for both."""

P = TypeVar("P")


class CallOptions(NamedTuple):
    """What a single call asks for in place of the client's settings; None for those."""

    extra: Mapping[str, object] | None
    """Fields to send as they are, by their names on the wire."""
    identifier: str | None
    timeout: Timeout | None
    validate: bool | None
    retry: Retries | None


def checked_sdkappid(value: object) -> int:
    """Return a valid SDKAppID. Raises ConfigurationError."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        given = "" if isinstance(value, int) else f", not {type(value).__name__}"
        raise ConfigurationError(
            f"sdkappid must be a positive integer{given}; it is on the app's card in the console"
        )
    return int(value)


def checked_text(name: str, value: object) -> str:
    """Return a text that is not empty. Raises ConfigurationError, which does not show it."""
    if problem := text_problem(value):
        raise ConfigurationError(f"{name} {problem}")
    return cast(str, value)


def checked_key(key: Secret) -> Secret:
    """Return a secret key. Raises ConfigurationError for one that nothing can be signed with."""
    if problem := key_problem(key):
        raise ConfigurationError(f"secret_key {problem}")
    return key


def checked_usersig(usersig: Secret, sdkappid: int, identifier: str) -> Secret:
    """Return a given UserSig. Raises ConfigurationError for one of another app or account, or an expired one.

    One that cannot be decoded is left to the service.
    """
    from ..usersig import UserSigError, decode

    checked_secret("usersig", usersig)
    if problem := margin_problem(usersig.reveal()):
        raise ConfigurationError(f"usersig {problem}")
    claims = None
    with suppress(UserSigError):
        claims = decode(usersig.reveal())
    if claims is None:
        return usersig
    if claims.sdkappid != sdkappid:
        raise ConfigurationError(f"usersig is for SDKAppID {claims.sdkappid}, not {sdkappid}")
    if claims.identifier != identifier:
        raise ConfigurationError(f"usersig is for {claims.identifier!r}, not {identifier!r}")
    if claims.time + claims.expire < time.time():
        raise ConfigurationError(
            f"usersig expired at {claims.time + claims.expire} (Unix seconds); have another one made"
        )
    return usersig


def checked_secret(name: str, secret: Secret) -> Secret:
    """Return a secret that is a text and not empty. Raises ConfigurationError."""
    if problem := text_problem(secret.reveal()):
        raise ConfigurationError(f"{name} {problem}")
    return secret


def checked_validate(value: object) -> bool:
    """Return whether bodies are checked. Raises ConfigurationError."""
    if not isinstance(value, bool):
        raise ConfigurationError("validate must be True or False")
    return value


def checked_timeout(value: Timeout) -> tuple[float, float]:
    """Return the seconds to connect and to wait for the answer. Raises ConfigurationError."""
    pair = cast(tuple[object, ...], value) if isinstance(value, tuple) else (value, value)
    seconds = [
        item for item in pair if isinstance(item, int | float) and not isinstance(item, bool)
    ]
    if (
        len(pair) != 2
        or len(seconds) != 2
        or not all(0 < item <= threading.TIMEOUT_MAX for item in seconds)
    ):
        raise ConfigurationError(
            "timeout must be seconds above 0, or a tuple of two: to connect, and to wait for the answer"
        )
    return float(seconds[0]), float(seconds[1])


def check_extra(
    command: Command, arguments: Mapping[str, object], extra: Mapping[str, object] | None
) -> None:
    """Raise RequestError when `extra` has fields that are given as arguments too: which of the two is meant?"""
    found: list[tuple[str, str]] = []
    for name in (extra if isinstance(cast(object, extra), Mapping) else None) or ():
        present = command.former.get(name, name)
        if arguments.get(present) is not None:
            which = "is" if present == name else f"is a former name of {present}, which is"
            found.append((name, f"{which} given as an argument; it cannot be in extra too"))
    if found:
        raise RequestError(found, command=command.path)


def checked_concurrency(value: object) -> int:
    """Return how many calls may run at a time. Raises ConfigurationError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ConfigurationError("concurrency must be a positive integer")
    return value


def check_libraries(need: str, *names: str) -> None:
    """Raise MissingLibraryError when one of the libraries is not installed; `need` says for what."""
    from importlib.util import find_spec

    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise MissingLibraryError(
            f"{need} {' and '.join(missing)}: pip install {' '.join(missing)}"
        )


def checked_max_items(value: int | None) -> float:
    """Return how many items may be yielded. Raises ConfigurationError."""
    if value is None:
        return float("inf")
    if isinstance(value, bool) or not isinstance(cast(object, value), int) or value < 0:
        raise ConfigurationError("max_items must be a number, 0 or more")
    return value


def checked_progress(value: object) -> None:
    """Raise ConfigurationError unless `value` is a function or None."""
    if value is not None and not callable(value):
        raise ConfigurationError("progress must be a function that takes a BatchProgress")


def checked_hooks(value: Sequence[Hook]) -> tuple[Hook, ...]:
    """Return the hooks. Raises ConfigurationError for anything but functions."""
    given = cast(object, value)
    hooks = tuple(cast(Iterable[object], given)) if isinstance(given, Iterable) else (None,)
    if not all(map(callable, hooks)):
        raise ConfigurationError(
            "hooks must be a list of functions that take an Attempt and return a context manager"
        )
    return cast("tuple[Hook, ...]", hooks)


def checked_transport(value: P, like: str) -> P:
    """Return a transport, or None for one like the class `like`.

    Raises ConfigurationError for one that does not work as that class does, or when there can be none.
    """
    if value is None and like.startswith("Async"):
        check_libraries("AsyncChatClient needs", "aiohttp", "certifi")
    # Their `send` takes requests of another kind.
    is_session = any(base.__module__ == "requests.sessions" for base in type(value).__mro__)
    if value is not None and (is_session or not _has("send", value, like)):
        raise ConfigurationError(
            f"transport must be like {like}(), with a method send like its own, got {_shown(value)}; "
            f"a session goes into {like}(session=...)"
        )
    return value


def checked_rate_limiter(value: P, like: str) -> P:
    """Return a rate limiter, or None. Raises ConfigurationError for one that does not work as the class `like` does."""
    if value is not None and not _has("acquire", value, like):
        raise ConfigurationError(
            f"rate_limiter must be like {like}(), with a method acquire like its own, got {_shown(value)}"
        )
    return value


def _has(method: str, value: object, like: str) -> bool:
    """Return whether `value` is an object with this method, which is async as in the class `like`."""
    function = getattr(value, method, None)
    if isinstance(value, type) or not callable(function):
        return False
    is_awaited = like.startswith("Async")
    if is_async(function):
        return is_awaited
    # A plain function of somebody else's may well return an awaitable.
    return not is_awaited or not str(function.__module__).startswith(f"{PACKAGE}.")


def is_async(function: object) -> bool:
    """Whether `function` is async, or a double of `unittest.mock` for one that is."""
    from inspect import iscoroutinefunction

    # Doubles have whatever attributes they are asked for. That of a plain function keeps the one with them in `mock`.
    double = vars(function).get("mock", function) if type(function) is FunctionType else function
    if type(double).__module__ == "unittest.mock":
        return type(double).__name__ == "AsyncMock"
    return iscoroutinefunction(function)


def _shown(value: object) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
