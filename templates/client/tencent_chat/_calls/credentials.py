"""UserSigs for calls: signed when needed, kept while they are fresh."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from .._support import fork
from .._support.secret import Secret
from ..exceptions import ConfigurationError

LIFETIME = 86400
"""Seconds for which a UserSig is signed. Short, so that one that got out is soon of no use."""

MARGIN = 3600
"""Seconds before its end at which a UserSig is renewed: clocks differ, and calls take time."""

CLOCK_TOLERANCE = 30
"""Seconds by which the service's clock may differ from ours before UserSigs are signed for its time."""

_MAX_ACCOUNTS = 1000


class Signature:
    """A UserSig in the forms that a call needs."""

    def __init__(self, usersig: Secret) -> None:
        from urllib.parse import quote

        from .._support.redaction import Redactor

        self.encoded = Secret(quote(usersig.reveal(), safe="*"))
        """Percent-encoded for a query."""
        self.redactor = Redactor(usersig)


class Credentials(Protocol):
    """Whence a call has its UserSig."""

    def check(self, identifier: str) -> None:
        """Raise ConfigurationError when there can be no UserSig of `identifier`."""
        ...

    def signature(self, identifier: str) -> Signature:
        """Return a UserSig of `identifier` that is valid now. Raises ConfigurationError."""
        ...

    def renew(self, identifier: str, refused: Signature, service_time: float | None, /) -> bool:
        """Replace the UserSig that the service `refused`; return whether there will be another.

        `service_time` is what the service's clock shows, in Unix seconds, if it said so.
        """
        ...


class GivenUserSig:
    """A UserSig that the caller made, used as it is."""

    def __init__(self, usersig: Secret, identifier: str) -> None:
        self._usersig = usersig
        self._signature: Signature | None = None
        self._identifier = identifier

    def check(self, identifier: str) -> None:
        if identifier != self._identifier:
            raise ConfigurationError(
                f"the given usersig is for {self._identifier!r}; to call as {identifier!r} the client needs secret_key"
            )

    def signature(self, identifier: str) -> Signature:
        self.check(identifier)
        if self._signature is None:
            self._signature = Signature(self._usersig)
        return self._signature

    def renew(self, *_: object) -> bool:
        return False


class _Signed(NamedTuple):
    signature: Signature
    fresh_from: float
    fresh_until: float


class SigningCredentials:
    """Signs UserSigs with the secret key, one per account and lifetime. Safe to share between threads."""

    def __init__(
        self, sdkappid: int, secret_key: Secret, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._sdkappid = sdkappid
        self._key = secret_key
        self._clock = clock
        self._offset = 0.0
        self._signed: dict[str, _Signed] = {}
        self._lock = threading.Lock()
        fork.watch(self)

    def reset_after_fork(self) -> None:
        # Another thread of the parent may have held it.
        self._lock = threading.Lock()

    def check(self, identifier: str) -> None:
        """Do nothing: it signs for everybody."""

    def signature(self, identifier: str) -> Signature:
        now = self._clock() + self._offset
        found = self._signed.get(identifier)
        if found is None or not found.fresh_from <= now < found.fresh_until:
            with self._lock:
                # Meanwhile another call may have learnt what the service's clock shows.
                now = self._clock() + self._offset
                found = self._signed.get(identifier)
                if found is None or not found.fresh_from <= now < found.fresh_until:
                    found = self._sign(identifier, now)
        return found.signature

    def renew(self, identifier: str, refused: Signature, service_time: float | None, /) -> bool:
        now = self._clock()
        with self._lock:
            # Within the tolerance it stays as it is: what other calls have just had signed shall last.
            if (
                service_time is not None
                and abs(service_time - now - self._offset) > CLOCK_TOLERANCE
            ):
                self._offset = service_time - now
            found = self._signed.get(identifier)
            # Other calls that were refused at the same time find it replaced already.
            if found is None or found.signature is refused:
                self._sign(identifier, now + self._offset)
        return True

    def _sign(self, identifier: str, now: float) -> _Signed:
        from ..usersig import sign

        if len(self._signed) >= _MAX_ACCOUNTS:
            self._signed.clear()
        token = sign(self._sdkappid, self._key, identifier, expire=LIFETIME, now=now)
        signed = _Signed(Signature(token), float(int(now)), now + LIFETIME - MARGIN)
        self._signed[identifier] = signed
        return signed
