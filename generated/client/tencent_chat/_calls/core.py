"""What a client does before and after the network; the same for every kind of client."""

from __future__ import annotations

import os
import threading
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, NoReturn, TypeVar

from .._support import fork
from .._support.settings import (
    Timeout,
    checked_text,
    checked_timeout,
    checked_validate,
)
from .._tables.protocol import PATH_PREFIX, QUERY_PARAMETERS, USER_AGENT
from ..retries import Retries, Retry, checked_retry
from ..transport import HIDDEN, Request

if TYPE_CHECKING:
    from ..attempts import Hook
    from ..commands import Repeat, Repeated
    from ..models.envelope import Response
    from .credentials import Credentials, Signature
    from .failover import Domains

R = TypeVar("R", bound="Response")

NO_COPY = "a client cannot be pickled or copied: it holds a secret and connections; make one in each process"

_HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": USER_AGENT,
    "Accept-Encoding": "gzip, deflate",
}


class Prepared(NamedTuple, Generic[R]):
    """A call that is ready to be sent, except for what every attempt has of its own."""

    path: str
    model: type[R]
    """Class of its answer."""
    body: bytes
    identifier: str
    timeout: tuple[float, float]
    retry: Retry
    repeat: Repeat
    dedupe_window: int
    """Seconds in which the service drops the same call, 0 when it does not."""
    repeated: tuple[Repeated, ...]
    """How the service says, when it is sent again, that it was done before."""

    def __repr__(self) -> str:
        return f"Prepared({self.path!r}, body=<{len(self.body)} bytes>)"


class Rising:
    """Gives 32-bit numbers by which the service tells the order of messages, each greater than all before it.

    They begin with the time, so that they rise over a restart too.
    """

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()
        fork.watch(self)

    def reset_after_fork(self) -> None:
        self._lock = threading.Lock()

    def number(self) -> int:
        """Return the next number."""
        with self._lock:
            # Only what is given wraps: a clock that stands at the end would give the same number twice.
            self._last = max(self._last + 1, int(time.time()))
            return self._last % 2**32


class Core:
    """Makes requests of calls. Holds settings, no connection."""

    def __init__(
        self,
        *,
        sdkappid: int,
        identifier: str,
        credentials: Credentials,
        domains: Domains,
        timeout: tuple[float, float],
        retry: Retry,
        hooks: tuple[Hook, ...],
        validate: bool,
        rising: Rising,
    ) -> None:
        self.sdkappid = sdkappid
        self.identifier = identifier
        self.credentials = credentials
        self.domains = domains
        self.timeout = timeout
        self.retry = retry
        self.hooks = hooks
        self.validate = validate
        self.rising = rising

    def __reduce__(self) -> NoReturn:
        raise TypeError(NO_COPY)

    def with_settings(
        self,
        *,
        identifier: str | None = None,
        timeout: Timeout | None = None,
        retry: Retries | None = None,
        validate: bool | None = None,
    ) -> Core:
        """Return the same settings with those that are given. Raises ConfigurationError."""
        account = self.identifier if identifier is None else checked_text("identifier", identifier)
        self.credentials.check(account)
        return Core(
            sdkappid=self.sdkappid,
            identifier=account,
            credentials=self.credentials,
            domains=self.domains,
            timeout=self.timeout if timeout is None else checked_timeout(timeout),
            retry=self.retry if retry is None else checked_retry(retry),
            hooks=self.hooks,
            validate=self.validate if validate is None else checked_validate(validate),
            rising=self.rising,
        )

    def request(
        self,
        prepared: Prepared[Any],
        signature: Signature,
        base_url: str,
        timeout: tuple[float, float],
    ) -> Request:
        """Return the request for an attempt of a call."""
        before, after = _query(self.sdkappid, prepared.identifier)
        random = int.from_bytes(os.urandom(4))
        return Request(
            base_url=base_url,
            target=f"{PATH_PREFIX}{prepared.path}?{before}{random}{after}",
            usersig=signature.encoded,
            headers=_HEADERS,
            body=prepared.body,
            timeout=timeout,
        )


@lru_cache(maxsize=256)
def _query(sdkappid: int, identifier: str) -> tuple[str, str]:
    """Return the query of a call, before and after its random number."""
    from urllib.parse import quote

    values = {
        "app": str(sdkappid),
        "account": quote(identifier, safe=""),
        "signature": HIDDEN,
        "nonce": "\0",
    }
    query = "&".join(
        f"{name}={values[role] if role else value}" for name, role, value in QUERY_PARAMETERS
    )
    before, _, after = query.partition("\0")
    return before, after
