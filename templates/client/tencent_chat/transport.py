"""What carries requests. The client brings its own; another one needs a single method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from ._support.secret import Secret
from ._tables.protocol import SIGNATURE

HIDDEN = "***"
"""Stands for the UserSig in the query of a request."""

_PLACE = f"{SIGNATURE}={HIDDEN}".encode()


class Request(NamedTuple):
    """A request ready to be sent, with POST."""

    base_url: str
    """Scheme, host and port, maybe a path: `https://adminapisgp.im.qcloud.com`."""
    target: str
    """Path and query below `base_url`. The UserSig is not there, so that no log or exception can show it."""
    usersig: Secret
    """Percent-encoded for a query."""
    headers: Mapping[str, str]
    body: bytes
    timeout: tuple[float, float]
    """Seconds to connect, and to wait for the whole answer once the request is sent."""

    def __repr__(self) -> str:
        # Bodies hold messages, which belong into no log; so below.
        return f"Request({self.base_url!r}, {self.target!r}, body=<{len(self.body)} bytes>, timeout={self.timeout!r})"

    def signed_target(self) -> str:
        """Return `target` with the UserSig in it."""
        return sign(self.target.encode(), self.usersig).decode()


class Received(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    complete: bool = True
    """False when the connection broke off before the body's end, the body cannot be decoded or is too long."""
    bound: int | None = None
    """Bytes that a transport reads at most, when the body has more and `body` is its beginning only."""

    def __repr__(self) -> str:
        return (
            f"Received({self.status!r}, body=<{len(self.body)} bytes>, complete={self.complete!r})"
        )


class Transport(Protocol):
    """Sends requests. Called from several threads when the client is."""

    def send(self, request: Request) -> Received:
        """Send `request` once, follow no redirect, and return whatever was received.

        Raises TransportError when no answer came in time; it must not hold the UserSig or another
        exception that does.
        """
        ...


class AsyncTransport(Protocol):
    """Sends requests for an AsyncChatClient. Called from several tasks when the client is."""

    async def send(self, request: Request) -> Received:
        """Send `request` once; as `Transport.send`."""
        ...


def sign(request: bytes, usersig: Secret) -> bytes:
    """Return `request`, which begins with a target, with the UserSig in the place kept for it.

    Not to be kept in a variable: tools that report errors show those of all stack frames.
    """
    return request.replace(_PLACE, b"%b=%b" % (SIGNATURE.encode(), usersig.reveal().encode()), 1)
