"""What goes wrong on the network, in words of our own: a library's may quote the URL of a proxy with its password."""

from __future__ import annotations

import os
import socket
import ssl
from typing import NamedTuple

CLOSED = "the connections were closed"


class Failure(NamedTuple):
    reason: str
    timed_out: bool


def failure(
    error: BaseException,
    timeout: tuple[float, float],
    *,
    sent: bool,
    timeouts: tuple[type[BaseException], ...],
    proxies: tuple[type[BaseException], ...],
    handled: BaseException | None,
) -> Failure:
    """Say why a request failed.

    `timeout` is what it had to connect and to answer; `timeouts` and `proxies` are the classes of
    exceptions that stand for a time limit and for the way to a proxy; `handled` is what the caller
    of this package is handling, which has nothing to do with it.
    """
    found = causes(error, handled)
    where = "proxy: " if any(isinstance(cause, proxies) for cause in found) else ""
    # aiohttp's own class has the number of what it wraps, which no error of the system has.
    if any(isinstance(cause, socket.gaierror) for cause in found):
        return Failure(f"{where}the host name cannot be resolved", timed_out=False)
    for cause in found:
        # aiohttp's own kinds of these come first and have no such attributes.
        if isinstance(cause, ssl.SSLCertVerificationError) and hasattr(cause, "verify_message"):
            return Failure(
                f"{where}the TLS certificate was refused: {cause.verify_message}", timed_out=False
            )
        if isinstance(cause, ssl.SSLError):
            if getattr(cause, "reason", None):
                return Failure(f"{where}TLS failed: {cause.reason}", timed_out=False)
        elif isinstance(cause, OSError) and cause.errno is not None:
            return Failure(f"{where}{os.strerror(cause.errno)}", timed_out=False)
    if any(isinstance(cause, timeouts) for cause in found):
        waited = (
            f"no answer within {timeout[1]:g} s"
            if sent
            else f"no connection within {timeout[0]:g} s"
        )
        return Failure(where + waited, timed_out=True)
    return Failure(
        f"{where}the connection broke off" if sent else f"{where}no connection", timed_out=False
    )


def causes(error: BaseException, handled: BaseException | None) -> list[BaseException]:
    """Return `error` and what it wraps, however it does so, innermost last; without `handled`."""
    found: list[BaseException] = []
    queue: list[object] = [error]
    while queue:
        item = queue.pop(0)
        if isinstance(item, BaseException) and item is not handled and item not in found:
            found.append(item)
            wrapped = (
                getattr(item, name, None)
                for name in ("original_error", "os_error", "certificate_error")
            )
            queue += [item.__cause__, item.__context__, *wrapped, *item.args]
    return found
