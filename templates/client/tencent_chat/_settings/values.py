"""A client's settings, checked when it is made."""

from __future__ import annotations

import os
import threading
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from math import inf
from types import FunctionType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar, cast

from .._support.loading import PACKAGE, loading
from .._support.secret import Secret, key_problem, margin_problem, secret_of, text_problem
from .._tables.protocol import PATH_PREFIX
from ..exceptions import ConfigurationError, MissingLibraryError, RequestError

if TYPE_CHECKING:
    from ..attempts import Hook
    from ..commands import Command
    from ..regions import Region
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


_PREFIX = "TENCENT_CHAT_"


class Variables(NamedTuple):
    """What the environment says about a client, nothing of it checked; None for what it leaves out."""

    sdkappid: str | None
    secret_key: Secret | None
    usersig: Secret | None
    identifier: str | None
    region: str | None
    base_url: str | None


def variables() -> Variables:
    """Read the variables `TENCENT_CHAT_…`; an empty one counts as missing."""
    return Variables(
        sdkappid=_variable("sdkappid"),
        secret_key=secret_of(_variable("secret_key")),
        usersig=secret_of(_variable("usersig")),
        identifier=_variable("identifier"),
        region=_variable("region"),
        base_url=_variable("base_url"),
    )


def _variable(name: str) -> str | None:
    return os.environ.get(_PREFIX + name.upper()) or None


def environment() -> tuple[int, Variables]:
    """Return the SDKAppID and all that the variables say about a client. Raises ConfigurationError."""
    found = variables()
    number = found.sdkappid
    if number is None:
        raise ConfigurationError(f"the environment variable {_PREFIX}SDKAPPID is missing")
    if not (number.isascii() and number.isdecimal() and len(number) < 20):
        raise ConfigurationError(
            f"the environment variable {_PREFIX}SDKAPPID must be a positive integer"
        )
    for one, other in (("secret_key", "usersig"), ("region", "base_url")):
        if getattr(found, one) is None and getattr(found, other) is None:
            names = f"{_PREFIX}{one.upper()} or {_PREFIX}{other.upper()}"
            raise ConfigurationError(f"one of the environment variables {names} is needed")
    if found.secret_key is not None and found.usersig is not None:
        raise ConfigurationError(
            f"only one of the environment variables {_PREFIX}SECRET_KEY and {_PREFIX}USERSIG may be set"
        )
    return int(number), found


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


def checked_base_urls(
    region: Region | str | None, base_url: str | None, backup_url: str | None
) -> list[str]:
    """Return where calls go, the preferred place first: given URLs, else the domains of `region`.

    Raises ConfigurationError.
    """
    if base_url is None:
        if backup_url is not None:
            raise ConfigurationError(
                "backup_url goes with base_url; a region has a backup of its own"
            )
        if region is None:
            raise ConfigurationError("region or base_url is needed: where does the app live?")
        with loading():
            from ..regions import Region

        where = Region.named(region)
        return [f"https://{domain}" for domain in (where.domain, where.backup) if domain]
    urls = [checked_text("base_url", base_url)]
    if backup_url is not None:
        urls.append(checked_text("backup_url", backup_url))
    for name, url in zip(("base_url", "backup_url"), urls, strict=False):
        # One text for all that is wrong with it: a URL may hold a password.
        if not _is_base_url(url):
            raise ConfigurationError(
                f"{name} must be like https://host or http://host:port/path, without user, query and fragment"
            )
        place = url.rstrip("/")
        end = _path_of(place).casefold().rfind(PATH_PREFIX)
        if end >= 0 and _is_of_a_command(_path_of(place)[end + len(PATH_PREFIX) :].strip("/")):
            # Counted from the end, where only the path is.
            before = place[: len(place) + 1 - (len(_path_of(place)) - end)]
            raise ConfigurationError(
                f"{name} must not end in {place[len(before) :]}, which every call adds: write {before}"
            )
    return list(dict.fromkeys(url.rstrip("/") for url in urls))


def _is_of_a_command(path: str) -> bool:
    """Whether `path` is nothing, a service, or a command of one."""
    with loading():
        from ..commands import COMMANDS

    return not path or path in COMMANDS or any(name.startswith(f"{path}/") for name in COMMANDS)


def checked_validate(value: object) -> bool:
    """Return whether bodies are checked. Raises ConfigurationError."""
    if not isinstance(value, bool):
        raise ConfigurationError("validate must be True or False")
    return value


def _is_base_url(url: str) -> bool:
    with loading():
        from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and not any(char in url for char in " ?#@\\")
    return usable and plain


def _path_of(url: str) -> str:
    from urllib.parse import urlsplit

    return f"{urlsplit(url).path}/"


def insecure_url(urls: Iterable[str]) -> str | None:
    """Say which of `urls` shows to others what is sent there; None when none does."""
    from urllib.parse import urlsplit

    for url in urls:
        parts = urlsplit(url)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            return (
                f"calls to {url} are not encrypted: whoever is on the way can read messages, "
                "and the UserSig, with which anybody can call as an administrator; use https"
            )
    return None


def warn_of_insecure_url(urls: Iterable[str]) -> None:
    """Warn, in the name of the line that uses this package, when one of `urls` shows to others what is sent there."""
    if text := insecure_url(urls):
        warnings.warn(text, stacklevel=_level_outside())


def _level_outside() -> int:
    """Return how many calls below the caller's the code of somebody else is, as `warnings.warn` counts."""
    from inspect import currentframe

    level, frame = 0, currentframe()
    while frame is not None and str(frame.f_globals.get("__name__")).startswith(f"{PACKAGE}."):
        level, frame = level + 1, frame.f_back
    return level


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, is this machine by definition."""
    with loading():
        from ipaddress import ip_address

    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


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
        return inf
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
