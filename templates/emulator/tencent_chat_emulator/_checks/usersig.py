"""UserSig as the backend checks it: TLSSigAPI v2, HMAC-SHA256 over the claims.

Kept apart from the client's signer on purpose: a mistake made in one does not hide in the other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

MAX_CLAIMS_BYTES = 64 * 1024
"""A token that unpacks to more is refused before it is unpacked."""

_TO_BASE64 = str.maketrans("*-_", "+/=")


def problem(
    token: str, *, sdkappid: int, secret_key: str, identifier: str, now: float
) -> str | None:
    """Return why `token` is not a valid signature of `identifier`, or None when it is one.

    `now` is in Unix seconds. Any text is survived as `token`, and no part of it is repeated in the answer.
    """
    judged = _judge(token, sdkappid, secret_key, identifier)
    if isinstance(judged, int):
        return f"expired at Unix time {judged}" if now > judged else None
    return judged


# Clients send the same one for as long as it is valid.
@lru_cache(maxsize=1024)
def _judge(token: str, sdkappid: int, secret_key: str, identifier: str) -> str | int:
    """Return why `token` is not a signature of `identifier`, or the Unix time at which it expires."""
    claims = _decode(token)
    if claims is None:
        return "is not a UserSig"
    if claims.get("TLS.ver") != "2.0":
        return "is of another version than 2.0"
    time, expire = claims.get("TLS.time"), claims.get("TLS.expire")
    signature, userbuf = claims.get("TLS.sig"), claims.get("TLS.userbuf")
    # A bool is an int to isinstance, but not to the signer.
    if type(time) is not int or type(expire) is not int or not isinstance(signature, str):
        return "lacks a claim or has one of a wrong type"
    if userbuf is not None and not isinstance(userbuf, str):
        return "has a userbuf of a wrong type"
    if type(claims.get("TLS.sdkappid")) is not int or claims["TLS.sdkappid"] != sdkappid:
        return "was signed for another sdkappid"
    if claims.get("TLS.identifier") != identifier:
        return "was signed for another identifier"
    expected = _sign(secret_key, identifier, sdkappid, time, expire, userbuf)
    if not hmac.compare_digest(_utf8(signature), expected):
        return "was signed with another key"
    return time + expire


def _sign(
    secret_key: str, identifier: str, sdkappid: int, time: int, expire: int, userbuf: str | None
) -> bytes:
    lines = f"TLS.identifier:{identifier}\nTLS.sdkappid:{sdkappid}\nTLS.time:{time}\nTLS.expire:{expire}\n"
    if userbuf is not None:
        lines += f"TLS.userbuf:{userbuf}\n"
    return base64.b64encode(hmac.new(_utf8(secret_key), _utf8(lines), hashlib.sha256).digest())


def _decode(token: str) -> Mapping[str, object] | None:
    if not token.isascii() or set("+/=") & set(token):
        return None
    try:
        packed = base64.b64decode(token.translate(_TO_BASE64), validate=True)
        unpacker = zlib.decompressobj()
        unpacked = unpacker.decompress(packed, MAX_CLAIMS_BYTES)
        if not unpacker.eof or unpacker.unused_data:
            return None
        claims: object = json.loads(unpacked.decode("utf-8"))
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        return None
    return cast(Mapping[str, object], claims) if isinstance(claims, dict) else None


def _utf8(text: str) -> bytes:
    # JSON can carry lone surrogates, which must not raise here.
    return text.encode("utf-8", "surrogatepass")
