"""Certificates of servers: which ones calls trust, what they say, and why one was refused."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from socket import socket
from typing import Any, NamedTuple

# Reasons of OpenSSL (X509_V_ERR_...).
_NOT_YET_VALID, _EXPIRED = 9, 10
_OTHER_HOST = (62, 64)
# X509_V_FLAG_NO_CHECK_TIME, which the ssl module has no name for.
_ANY_TIME = 0x200000
_SHOWN_NAMES = 3


class Certificate(NamedTuple):
    issuer: str
    names: tuple[str, ...]
    ends: float | None
    """Unix time."""


class Trust(NamedTuple):
    """The authorities that calls trust."""

    path: str
    """File or folder of their certificates."""

    def context(self) -> ssl.SSLContext:
        """Return the settings of TLS that the client's transport has. Raises OSError."""
        from urllib3.util.ssl_ import create_urllib3_context

        context: ssl.SSLContext = create_urllib3_context()
        context.verify_mode = ssl.CERT_REQUIRED
        context.check_hostname = True
        folder = Path(self.path).is_dir()
        context.load_verify_locations(None if folder else self.path, self.path if folder else None)
        return context


def trust(url: str) -> Trust:
    """Return the authorities that calls to `url` trust: those of the environment, else those of requests."""
    import requests
    from requests.utils import DEFAULT_CA_BUNDLE_PATH

    found = requests.Session().merge_environment_settings(url, {}, False, None, None)["verify"]
    return Trust(found if isinstance(found, str) else DEFAULT_CA_BUNDLE_PATH)


def certificate(decoded: Any) -> Certificate:
    """Return what a certificate says; `decoded` is in the shape of `getpeercert`."""
    issuer = {name: value for part in decoded.get("issuer", ()) for name, value in part}
    names = tuple(value for _, value in decoded.get("subjectAltName", ()))
    ends = decoded.get("notAfter")
    return Certificate(
        issuer.get("organizationName") or issuer.get("commonName") or "nobody",
        names,
        None if ends is None else float(ssl.cert_time_to_seconds(ends)),
    )


def days_left(shown: Certificate) -> float:
    """Return the days until it ends, negative ones after."""
    return float("inf") if shown.ends is None else (shown.ends - time.time()) / 86400


def wording(shown: Certificate) -> str:
    """Describe a certificate: for whom, by whom, how long."""
    names = ", ".join(shown.names[:_SHOWN_NAMES]) or "no name"
    if len(shown.names) > _SHOWN_NAMES:
        names += f" and {len(shown.names) - _SHOWN_NAMES} more"
    if shown.ends is None:
        return f"for {names}, issued by {shown.issuer}"
    day = time.strftime("%Y-%m-%d", time.gmtime(shown.ends))
    days = days_left(shown)
    left = f"{days:.0f} days left" if days >= 0 else "expired"
    return f"for {names}, issued by {shown.issuer}, until {day} ({left})"


def looked_at(connected: Callable[[], socket], host: str) -> Certificate | None:
    """Return the certificate that the server shows, whoever issued it; None when it shows none.

    Connects twice: Python decodes only certificates that it trusts, so the second handshake
    trusts the one that the first received. Nothing is sent over these connections.
    """
    unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unchecked.check_hostname = False
    unchecked.verify_mode = ssl.CERT_NONE
    try:
        with unchecked.wrap_socket(connected(), server_hostname=host) as received:
            data = received.getpeercert(binary_form=True) or b""
        decoding = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        decoding.check_hostname = False
        decoding.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _ANY_TIME
        decoding.load_verify_locations(cadata=data)
        with decoding.wrap_socket(connected(), server_hostname=host) as decoded:
            return certificate(decoded.getpeercert() or {})
    except (OSError, HTTPException, ValueError):
        return None


def refusal(
    error: ssl.SSLCertVerificationError, trusted: Trust, host: str
) -> tuple[str, tuple[str, ...]]:
    """Return why a certificate was refused, and what to do."""
    code = error.verify_code
    if code in _OTHER_HOST:
        return f"the certificate is for another host than {host}", (
            "The wrong server answers: check DNS, /etc/hosts and the base URL. A network that wants people to log in"
            " first answers like this too.",
        )
    if code in (_EXPIRED, _NOT_YET_VALID):
        now = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
        return f"the certificate {'has expired' if code == _EXPIRED else 'is not valid yet'}", (
            f"Is it {now}? If not, set this machine's clock.",
            "Else whoever runs the server, or the proxy in between, must renew the certificate.",
        )
    return f"the certificate was refused: {error.verify_message}", (
        f"None of the authorities in {trusted.path} vouches for it.",
        "Often a proxy that looks into TLS: get the certificate of its authority from the network's"
        " administrators, and name its file in REQUESTS_CA_BUNDLE.",
    )
