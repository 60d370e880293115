"""Where calls go, and whether others can read them on the way."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .._tables.protocol import PATH_PREFIX
from ..exceptions import ConfigurationError
from .callers import level_outside
from .loading import unforked
from .settings import checked_text

if TYPE_CHECKING:
    from ..regions import Region


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
        with unforked():
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
    with unforked():
        from ..commands import COMMANDS

    return not path or path in COMMANDS or any(name.startswith(f"{path}/") for name in COMMANDS)


def _is_base_url(url: str) -> bool:
    with unforked():
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
        warnings.warn(text, stacklevel=level_outside())


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, is this machine by definition."""
    with unforked():
        from ipaddress import ip_address

    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
