"""The way to one host, step by step, over one connection of its own."""

from __future__ import annotations

import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple
from urllib.parse import urlsplit

from ..._calls.credentials import CLOCK_TOLERANCE
from ..._support.dates import unix_time
from ..._support.urls import is_loopback
from ..._tables.protocol import USER_AGENT
from ..screen import duration
from .certificates import Trust, certificate, days_left, looked_at, refusal, trust, wording
from .names import authority, hints_for, is_address, looked_up, told_by
from .proxies import LOGIN_NEEDED, LoginNeededError, Proxy, proxy_for, tunnel
from .steps import Step

# An answer on an open connection that takes longer comes from far away.
_SLOW = 1.0
_FEW_DAYS = 14


class _Answer(NamedTuple):
    status: int
    server: str | None
    date: float | None
    """Unix time by the service's clock, in whole seconds."""
    at: float
    """Unix time by the local clock, in the middle between sending and receiving."""
    seconds: float
    kept: bool
    """Whether the connection stays open."""


class Probe:
    """Examines the way to `url`, taking at most `timeout` seconds for each step on the network."""

    # Each is there once the step that makes it went well; no other step is taken before.
    _addresses: list[tuple[str, int]]
    _address: tuple[str, int]
    _socket: socket.socket
    _connection: HTTPConnection

    def __init__(self, url: str, timeout: float) -> None:
        parts = urlsplit(url)
        self.url = url
        self.answers = False
        """Whether HTTP got through to something that works."""
        self._timeout = timeout
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self._path = f"{parts.path}/"
        self._proxy: Proxy | None = None
        self._opened = ExitStack()
        self._before = 0.0
        """Seconds that it took until a request could be sent."""
        self._seen: list[_Answer] = []

    def steps(self) -> Iterator[Step]:
        """Take the steps; one after a failed one is skipped."""
        with self._opened:
            yield from self._steps()

    def _steps(self) -> Iterator[Step]:
        blocked: str | None = None
        try:
            self._proxy = proxy_for(self.url)
        except ValueError:
            detail = f"its URL cannot be used: {_PROXY_VARIABLES}"
            yield Step("Proxy", "failed", detail, hints=(_PROXY_HINT,))
            blocked = "because Proxy failed"
        if self._proxy is not None:
            detail = f"calls go through {self._proxy.shown}: {_PROXY_VARIABLES}"
            if self._proxy.scheme == "http":
                yield Step("Proxy", "ok", detail)
            else:
                # Calls know their way through it.
                self.answers = True
                blocked = "what is behind such a proxy cannot be seen"
                hint = "Whether it works, only a call can tell, which takes an app and its key."
                yield Step("Proxy", "warning", detail, hints=(hint,))
        steps: list[tuple[str, Callable[[], Step]]] = [("DNS", self._dns), ("TCP", self._tcp)]
        if self._proxy is not None and self._secure:
            steps.append(("Tunnel", partial(self._tunnel, self._proxy)))
        steps += [
            ("TLS", self._tls),
            ("HTTP", self._http),
            ("Keep-alive", self._again),
            ("Clock", self._clock),
        ]
        for name, take in steps:
            if blocked is not None:
                yield Step(name, "skipped", blocked)
                continue
            step = take()
            if not self._seen:
                self._before += step.seconds or 0.0
            if step.state == "failed":
                blocked = f"because {name} failed"
            yield step

    def _dns(self) -> Step:
        host, port = self._next_hop()
        started = time.monotonic()
        try:
            found = [host] if is_address(host) else looked_up(host, self._timeout)
        except (OSError, UnicodeError) as error:
            took = time.monotonic() - started
            return Step("DNS", "failed", f"{host} cannot be resolved", took, hints_for(host, error))
        took = time.monotonic() - started
        self._addresses = [(address, port) for address in found]
        shown = ", ".join(address for address, _ in self._addresses)
        if is_address(host):
            return Step("DNS", "ok", f"{shown} is an address", took)
        detail = "; ".join(filter(None, [f"{host} is {shown}", told_by(host)]))
        if took < _SLOW:
            return Step("DNS", "ok", detail, took)
        return Step("DNS", "warning", detail, took, (f"Slow. {_NEAR_RESOLVER}",))

    def _tcp(self) -> Step:
        problems: list[str] = []
        started = time.monotonic()
        for address in self._addresses:
            try:
                opened = socket.create_connection(address, self._timeout)
            except OSError as error:
                problems.append(f"{authority(*address)}: {_reason(error, self._timeout)}")
            else:
                took = time.monotonic() - started
                self._address = address
                self._socket = self._opened.enter_context(opened)
                here = self._socket.getsockname()[0]
                detail = f"{authority(*address)} from {here}"
                if not problems:
                    return Step("TCP", "ok", detail, took)
                hints = (*problems, "Connections wait for the addresses that do not answer.")
                return Step("TCP", "warning", detail, took, hints)
        took = time.monotonic() - started
        host, port = self._next_hop()
        hints = (
            *(
                ()
                if self._proxy is None
                else (f"{host} is the proxy: does it run, and is its URL right?",)
            ),
            f"Let this machine connect to {host}, port {port}: firewalls, security groups, routes.",
            f"The same by hand: nc -vz {host} {port}",
        )
        return Step("TCP", "failed", "; ".join(problems), took, hints)

    def _tunnel(self, proxy: Proxy) -> Step:
        started = time.monotonic()
        try:
            with _within(self._timeout, self._socket):
                tunnel(self._socket, proxy, self._host, self._port)
        except LoginNeededError as error:
            took = time.monotonic() - started
            return Step("Tunnel", "failed", _reason(error, self._timeout), took, _LOGIN_HINTS)
        except (OSError, HTTPException) as error:
            took = time.monotonic() - started
            reason = _reason(error, self._timeout)
            hints = (
                f"The proxy does not let through to {self._host}, port {self._port}: have it allowed there,"
                " or name the host in NO_PROXY when it can be reached directly.",
            )
            return Step("Tunnel", "failed", reason, took, hints)
        took = time.monotonic() - started
        return Step("Tunnel", "ok", f"to {authority(self._host, self._port)}", took)

    def _tls(self) -> Step:
        if not self._secure:
            return self._no_tls()
        trusted = trust(self.url)
        try:
            context = trusted.context()
        except OSError:
            detail = f"the certificates of {trusted.path} cannot be read"
            hint = "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE must name a file with certificates, or be unset."
            return Step("TLS", "failed", detail, hints=(hint,))
        started = time.monotonic()
        try:
            secured = context.wrap_socket(self._socket, server_hostname=self._host)
        except ssl.SSLCertVerificationError as error:
            took = time.monotonic() - started
            return self._refused_certificate(error, trusted, took)
        except OSError as error:
            took = time.monotonic() - started
            return Step("TLS", "failed", _reason(error, self._timeout), took, _TLS_HINTS)
        took = time.monotonic() - started
        self._socket = self._opened.enter_context(secured)
        shown = certificate(secured.getpeercert() or {})
        detail = "; ".join(filter(None, [secured.version(), wording(shown)]))
        if days_left(shown) < _FEW_DAYS:
            hint = "Whoever runs the server must renew the certificate before it ends."
            return Step("TLS", "warning", detail, took, (hint,))
        return Step("TLS", "ok", detail, took)

    def _no_tls(self) -> Step:
        if is_loopback(self._host):
            return Step("TLS", "skipped", "plain HTTP, on this machine")
        hint = "Everybody on the way can read messages and UserSigs: use https."
        return Step("TLS", "warning", "plain HTTP", hints=(hint,))

    def _refused_certificate(
        self, error: ssl.SSLCertVerificationError, trusted: Trust, took: float
    ) -> Step:
        shown = looked_at(self._connected, self._host)
        problem, hints = refusal(error, trusted, self._host)
        if shown is not None:
            hints = (f"The certificate: {wording(shown)}.", *hints)
        return Step("TLS", "failed", problem, took, hints)

    def _http(self) -> Step:
        self._connection = HTTPConnection(self._host, self._port, timeout=self._timeout)
        self._connection.sock = self._socket
        # A connection that was closed is not to be opened again without a word.
        self._connection.auto_open = 0
        answer = self._ask(self._connection)
        if isinstance(answer, Step):
            return answer
        self._seen.append(answer)
        server = f", server {answer.server}" if answer.server else ""
        whole = duration(self._before + answer.seconds)
        detail = f"status {answer.status}{server}; {whole} in all for a cold request"
        if answer.status == LOGIN_NEEDED:
            return Step("HTTP", "failed", detail, answer.seconds, _LOGIN_HINTS)
        if answer.status >= 500 and answer.status != HTTPStatus.NOT_IMPLEMENTED:
            hints = (
                "Something answers, but not the service: a proxy, a load balancer, or a service that is down.",
                "Try again in a minute; if it stays, ask the network's administrators or the vendor.",
            )
            return Step("HTTP", "failed", detail, answer.seconds, hints)
        self.answers = True
        if 200 <= answer.status < 300:
            return Step("HTTP", "ok", detail, answer.seconds)
        hints = (
            "The service answers with 200 here. Something on the way may answer in its place:"
            " a proxy, or a network that wants people to log in first.",
            f"See what it is: curl -i {self.url}/",
        )
        return Step("HTTP", "warning", detail, answer.seconds, hints)

    def _again(self) -> Step:
        name, hint = "Keep-alive", "Each call pays for TCP and TLS again: is a proxy in between?"
        if not self._seen[-1].kept:
            return Step(
                name, "warning", "the connection was closed after one answer", hints=(hint,)
            )
        answer = self._ask(self._connection)
        if isinstance(answer, Step):
            return Step(
                name, "warning", f"second request: {answer.detail}", answer.seconds, (hint,)
            )
        self._seen.append(answer)
        detail = "second request on the same connection"
        if answer.seconds < _SLOW:
            return Step(name, "ok", detail, answer.seconds)
        hints = (f"Slow: the service is far away or busy. {_NEAR_RESOLVER}",)
        return Step(name, "warning", detail, answer.seconds, hints)

    def _clock(self) -> Step:
        # The quicker of the answers tells the time more exactly.
        answer = min(self._seen, key=lambda answer: answer.seconds)
        if answer.date is None:
            return Step("Clock", "warning", "the answer does not say what time it is")
        # The header counts whole seconds, so half of one has passed on average.
        ahead = answer.at - (answer.date + 0.5)
        doubt = 0.5 + answer.seconds / 2
        where = "ahead of" if ahead > 0 else "behind"
        if abs(ahead) <= doubt:
            return Step("Clock", "ok", f"agrees with the service's to {doubt:.1f} s")
        detail = f"this machine is {_span(abs(ahead))} {where} the service"
        if abs(ahead) - doubt <= CLOCK_TOLERANCE:
            return Step("Clock", "ok", detail)
        hints = (
            "UserSigs signed here may count as expired, or as not yet valid, and certificates too.",
            "Set the clock and keep it right with NTP: timedatectl set-ntp true",
        )
        return Step("Clock", "failed", detail, hints=hints)

    def _ask(self, connection: HTTPConnection) -> _Answer | Step:
        """Send a request that asks for nothing but a sign of life; return its answer, or the failed step."""
        target, headers = self._path, {"User-Agent": USER_AGENT}
        if self._proxy is not None and not self._secure:
            target, headers = f"{self.url}/", {**headers, **self._proxy.headers}
        began, started = time.time(), time.monotonic()
        try:
            if connection.sock is not None:
                connection.sock.settimeout(self._timeout)
            with _within(self._timeout, self._socket):
                connection.request("HEAD", target, headers=headers)
                response = connection.getresponse()
                response.read()
        except (OSError, HTTPException) as error:
            took = time.monotonic() - started
            silent = isinstance(error, OSError)
            hints = _SILENCE_HINTS if silent else _NO_HTTP_HINTS
            return Step("HTTP", "failed", _reason(error, self._timeout), took, hints)
        took = time.monotonic() - started
        return _Answer(
            response.status,
            response.getheader("Server"),
            unix_time(response.getheader("Date", "")),
            began + took / 2,
            took,
            kept=not response.will_close,
        )

    def _next_hop(self) -> tuple[str, int]:
        """Return where connections are made to: the host, or the proxy."""
        if self._proxy is None:
            return self._host, self._port
        return self._proxy.host, self._proxy.port

    def _connected(self) -> socket.socket:
        """Return another connection to the host, through the proxy when there is one. Raises OSError."""
        connected = socket.create_connection(self._address, self._timeout)
        if self._proxy is not None:
            tunnel(connected, self._proxy, self._host, self._port)
        return connected


_PROXY_VARIABLES = "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY of the environment"
_PROXY_HINT = "It must be like http://host:port or http://user:password@host:port."
_LOGIN_HINTS = (
    "The proxy wants a user and a password, or does not take those that it got.",
    "They belong into its URL, http://user:password@host:port; @ in them is written %40, : is %3A, / is %2F.",
)
_NEAR_RESOLVER = (
    "With a private DNS server, its way to the internet must be in the same region and network"
    " as this machine's, or it names servers that are far away."
)
_TLS_HINTS = (
    "Something on the way does not let TLS through, or the port does not speak it.",
    "TLS 1.2 or later is needed: firewalls and proxies that look into connections may lack it.",
)
_NO_HTTP_HINTS = ("What answers does not speak HTTP: check host, port and scheme of the URL.",)
_SILENCE_HINTS = (
    "The connection stands, but no answer comes: the service is overloaded, or a firewall"
    " or a proxy looks into connections and lets nothing through.",
    "The service gives itself 3 s for a call: waiting must take longer than that.",
)


@contextmanager
def _within(seconds: float, connected: socket.socket) -> Generator[None]:
    """End the connection when what is done with it takes longer: its own limit begins anew with every byte.

    Raises TimeoutError then.
    """
    ended = threading.Event()

    def end() -> None:
        ended.set()
        with suppress(OSError):
            # Below TLS, which another thread is reading from.
            socket.socket.shutdown(connected, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    except (OSError, HTTPException):
        if not ended.is_set():
            raise
    finally:
        timer.cancel()
    # A header that breaks off counts as one, so that there need not be an exception.
    if ended.is_set():
        raise TimeoutError


def _reason(error: BaseException, timeout: float) -> str:
    """Say why a step failed, in words that hold nothing of a URL."""
    if isinstance(error, TimeoutError) and error.errno is None:
        return f"no answer within {timeout:g} s"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or 'the connection broke off'}"
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno)
    if isinstance(error, OSError) and error.args and not isinstance(error, ConnectionError):
        return str(error.args[0])
    if isinstance(error, HTTPException) and not isinstance(error, ConnectionError):
        return f"no HTTP: {type(error).__name__}"
    return "the connection was closed without an answer"


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
