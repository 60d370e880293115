"""The proxy that the environment asks calls to go through."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPResponse
from socket import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from ..._network.proxies import environment_proxy
from .names import authority

LOGIN_NEEDED = 407
"""Status of a proxy's answer."""


class Proxy(NamedTuple):
    host: str
    port: int
    scheme: str
    headers: Mapping[str, str]
    """What it takes to be let in; secret."""

    @property
    def shown(self) -> str:
        """Its URL without user and password."""
        return f"{self.scheme}://{authority(self.host, self.port)}"


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy that calls to `url` go through, None when they go directly.

    Raises ValueError, which may hold its password, when its URL cannot be used.
    """
    # Before all else: whoever lacks requests is to learn it at the start.
    from requests.adapters import HTTPAdapter

    proxy = environment_proxy(url)
    if proxy is None:
        return None
    parts = urlsplit(proxy)
    if not parts.hostname:
        raise ValueError("the proxy has no host")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    headers = HTTPAdapter().proxy_headers(proxy)
    return Proxy(parts.hostname, port, parts.scheme, headers)


class LoginNeededError(OSError):
    """A proxy lets in only those that it knows."""


def tunnel(connected: socket, proxy: Proxy, host: str, port: int) -> None:
    """Have the proxy connect to `host`. Raises LoginNeededError, another OSError or HTTPException when it does not."""
    target = authority(host, port)
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    lines += [f"{name}: {value}" for name, value in proxy.headers.items()]
    connected.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
    response = HTTPResponse(connected, method="CONNECT")
    response.begin()
    if response.status == LOGIN_NEEDED:
        raise LoginNeededError(f"the proxy answers with status {response.status}")
    if response.status != 200:
        raise OSError(f"the proxy answers with status {response.status}")
