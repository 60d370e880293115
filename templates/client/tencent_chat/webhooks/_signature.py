"""Proof that a webhook comes from the service.

The service signs the time of its request with the token that the app has entered in the console.
Source: https://www.tencentcloud.com/document/product/1047/34354
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from typing import cast

from .._support.secret import Secret
from .._support.settings import checked_sdkappid
from ..exceptions import ConfigurationError
from ._errors import VerificationError
from ._query import Parameters, Query, parameters, values

_SECONDS = re.compile(r"[0-9]{1,12}")
_DIGEST = re.compile(r"[0-9A-Fa-f]{64}")


def verify(
    query: Query,
    token: str,
    *,
    sdkappid: int | None = None,
    max_age: float | None = 60,
    now: float | None = None,
) -> None:
    """Check that a webhook was signed with `token`, the one in the console, and is fresh.

    `Sign` must be the SHA-256 of the token and `RequestTime`, and `RequestTime` be at most
    `max_age` seconds before or after `now` (Unix seconds, the current time when left out), so that
    an old request cannot be sent again; None allows any age. `SdkAppid` must be `sdkappid`, when
    that is given: give it where several apps share a token. The signature covers neither the rest
    of the query nor the body.

    Raises VerificationError, which says what is wrong, and ConfigurationError for arguments that
    cannot be used.
    """
    secret = Secret(token)
    del token
    check_settings(secret, sdkappid, max_age)
    given = parameters(query)
    check_signature(given, secret, max_age, now)
    if sdkappid is not None:
        check_app(given, sdkappid)


def check_signature(
    query: Parameters, token: Secret, max_age: float | None, now: float | None = None
) -> None:
    """Check that a webhook was signed with `token`, and is fresh. Raises VerificationError."""
    sign, request_time = _only(query, "Sign"), _only(query, "RequestTime")
    if not _SECONDS.fullmatch(request_time):
        raise VerificationError("malformed", "RequestTime is no Unix time in seconds")
    if not _DIGEST.fullmatch(sign):
        raise VerificationError("malformed", "Sign is no SHA-256 in hexadecimal digits")
    if not hmac.compare_digest(_digest(token, request_time), sign.lower()):
        raise VerificationError(
            "signature", "Sign is wrong: made with another token, or RequestTime was changed"
        )
    moment = time.time() if now is None else now
    if max_age is not None and not abs(moment - int(request_time)) <= max_age:
        raise VerificationError(
            "time", f"RequestTime is more than {max_age:g} seconds away from now"
        )


def check_app(query: Parameters, sdkappid: int) -> None:
    """Check that a webhook is for the app `sdkappid`. Raises VerificationError."""
    # Compared as text: int() takes digits of every script.
    if _only(query, "SdkAppid") != str(int(sdkappid)):
        raise VerificationError("sdkappid", f"SdkAppid is not {int(sdkappid)}")


def check_settings(token: Secret, sdkappid: int | None, max_age: float | None) -> None:
    """Raise ConfigurationError for settings that nothing can be verified with."""
    if not isinstance(cast(object, token.reveal()), str) or not token.reveal():
        raise ConfigurationError(
            "token must be the text that the console has for the webhook's authentication"
        )
    if sdkappid is not None:
        checked_sdkappid(sdkappid)
    if max_age is not None and not (
        isinstance(cast(object, max_age), int | float) and max_age >= 0
    ):
        raise ConfigurationError("max_age must be a number of seconds, or None for no limit")


def _only(query: Parameters, name: str) -> str:
    found = values(query, name)
    if not found:
        raise VerificationError("missing", f"{name} is missing from the query")
    # Of two values, this check could take the one and what runs behind it the other.
    if len(found) > 1:
        raise VerificationError("repeated", f"{name} is in the query {len(found)} times")
    return found[0]


def _digest(token: Secret, request_time: str) -> str:
    return hashlib.sha256(
        f"{token.reveal()}{request_time}".encode("utf-8", "surrogatepass")
    ).hexdigest()
