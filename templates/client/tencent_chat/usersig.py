"""UserSig: the signature with which an account logs in (TLSSigAPI v2).

A token is a JSON object with its claims and their HMAC-SHA256 under the app's secret key,
compressed and in an alphabet that fits into a URL.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import struct
import time as _time
import zlib
from dataclasses import dataclass, field
from typing import cast

from ._support.secret import Secret, key_problem, text_problem
from .exceptions import ChatError

DEFAULT_EXPIRE = 180 * 86400
"""Validity in seconds when none is given: 180 days, as in the vendor's own tools."""

_VERSION = "2.0"
_UINT32 = 2**32 - 1
_INT64 = 2**63 - 1
# Real tokens hold a few hundred bytes; a userbuf can make them longer.
_MAX_TOKEN = 1 << 20
_MAX_JSON = 1 << 20
_TO_URL = str.maketrans("+/=", "*-_")
_FROM_URL = str.maketrans("*-_", "+/=")


class UserSigError(ChatError):
    """A UserSig cannot be made from these arguments, is none, or does not hold."""


@dataclass(frozen=True)
class UserSig:
    """The claims of a UserSig."""

    identifier: str
    sdkappid: int
    time: int
    """Unix seconds of the signing."""
    expire: int
    """Validity in seconds from `time`."""
    userbuf: bytes | None = field(repr=False)
    sig: str = field(repr=False)
    """The signature, in standard base64."""


def generate(
    sdkappid: int,
    secret_key: str,
    userid: str,
    *,
    expire: int = DEFAULT_EXPIRE,
    userbuf: bytes | None = None,
    now: float | None = None,
) -> str:
    """Return a UserSig for the account `userid`.

    It is valid for `expire` seconds from `now` (Unix seconds, the current time when left out).
    Raises UserSigError for an argument that no UserSig can be made from.
    """
    key = Secret(secret_key)
    del secret_key
    return sign(sdkappid, key, userid, expire=expire, userbuf=userbuf, now=now).reveal()


def sign(
    sdkappid: int,
    key: Secret,
    userid: str,
    *,
    expire: int,
    userbuf: bytes | None = None,
    now: float | None = None,
) -> Secret:
    """Do what `generate` does without anything in plain."""
    _check_key(key)
    _check_sdkappid(sdkappid)
    _check_text("userid", userid)
    _check_integer("expire", expire, 0)
    if userbuf is not None and not isinstance(cast(object, userbuf), bytes | bytearray):
        raise UserSigError("userbuf must be bytes")
    signed_at = _seconds(now)
    encoded = None if userbuf is None else base64.b64encode(userbuf).decode()
    claims: dict[str, object] = {
        "TLS.ver": _VERSION,
        "TLS.identifier": userid,
        "TLS.sdkappid": int(sdkappid),
        "TLS.expire": int(expire),
        "TLS.time": signed_at,
        "TLS.sig": _sign(key, userid, sdkappid, signed_at, expire, encoded),
    }
    if encoded is not None:
        claims["TLS.userbuf"] = encoded
    packed = zlib.compress(json.dumps(claims, separators=(",", ":")).encode())
    return Secret(base64.b64encode(packed).decode().translate(_TO_URL))


def decode(token: str) -> UserSig:
    """Return the claims of `token` without checking its signature or validity.

    Raises UserSigError when it is no UserSig.
    """
    secret = Secret(token)
    del token
    return _decode(secret)[0]


def verify(
    token: str,
    sdkappid: int,
    secret_key: str,
    *,
    userid: str | None = None,
    now: float | None = None,
) -> UserSig:
    """Return the claims of `token` after checking all of them.

    It holds when it was signed with `secret_key` for `sdkappid` (and for `userid`, when given)
    and `now` is not after its time + expire. `now` is in Unix seconds, the current time when
    left out. Raises UserSigError that says which check failed, or which argument cannot be used.
    """
    secret, key = Secret(token), Secret(secret_key)
    del token, secret_key
    _check_key(key)
    _check_sdkappid(sdkappid)
    at = _moment(now)
    claims, userbuf = _decode(secret)
    expected = _sign(key, claims.identifier, claims.sdkappid, claims.time, claims.expire, userbuf)
    if not hmac.compare_digest(expected.encode(), claims.sig.encode("utf-8", "surrogatepass")):
        raise UserSigError(
            "the signature is wrong: made with another key, or the claims were changed"
        )
    if claims.sdkappid != sdkappid:
        raise UserSigError(f"the UserSig is for SDKAppID {claims.sdkappid}, not {sdkappid}")
    if userid is not None and claims.identifier != userid:
        raise UserSigError(f"the UserSig is for account {claims.identifier!r}, not {userid!r}")
    if at > claims.time + claims.expire:
        raise UserSigError(f"the UserSig expired at {claims.time + claims.expire} (Unix seconds)")
    return claims


def private_map_key(
    sdkappid: int,
    secret_key: str,
    userid: str,
    *,
    room_id: int | str,
    privilege: int = 255,
    expire: int = DEFAULT_EXPIRE,
    now: float | None = None,
) -> str:
    """Return a UserSig that also says what the account may do in a TRTC room.

    `room_id` is an unsigned 32-bit integer for a numeric room, a text for a room with a name.
    `privilege` is the sum of what is allowed: opening the room (1), joining it (2), one's own
    voice (4) and those of others (8), one's own camera (16) and those of others (32), a second
    picture such as a shared screen of one's own (64) and those of others (128); 255 is all of it.
    `expire` is in seconds. Raises UserSigError for an argument that does not fit.
    """
    key = Secret(secret_key)
    del secret_key
    _check_sdkappid(sdkappid, _UINT32)
    _check_text("userid", userid)
    _check_integer("expire", expire, 0)
    _check_integer("privilege", privilege, 0, _UINT32)
    signed_at = _seconds(now)
    if signed_at + expire > _UINT32:
        raise UserSigError("expire is too long: a room permission ends in 2106")
    number = room_id if not isinstance(room_id, str) else 0
    account = _sized("userid", userid)
    if isinstance(room_id, str):
        _check_text("room_id", room_id)
        room = _sized("room_id", room_id)
    else:
        _check_integer("room_id", room_id, 0, _UINT32)
        room = b""
    numbers = struct.pack(">5I", sdkappid, number, signed_at + expire, privilege, 0)
    userbuf = bytes([1 if room else 0]) + account + numbers + room
    return sign(sdkappid, key, userid, expire=expire, userbuf=userbuf, now=signed_at).reveal()


def _sign(
    key: Secret, userid: str, sdkappid: int, signed_at: int, expire: int, userbuf: str | None
) -> str:
    """Return the signature of the claims; `userbuf` as it stands in the token."""
    text = f"TLS.identifier:{userid}\nTLS.sdkappid:{sdkappid}\nTLS.time:{signed_at}\nTLS.expire:{expire}\n"
    if userbuf is not None:
        text += f"TLS.userbuf:{userbuf}\n"
    signature = hmac.new(
        key.reveal().encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256
    )
    return base64.b64encode(signature.digest()).decode()


def _decode(token: Secret) -> tuple[UserSig, str | None]:
    """Return the claims, and the userbuf as it stands in the token."""
    claims = _unpack(token)
    if claims.get("TLS.ver") != _VERSION:
        raise UserSigError(f"TLS.ver must be {_VERSION!r}")
    encoded = claims.get("TLS.userbuf")
    if encoded is not None and not isinstance(encoded, str):
        raise UserSigError("TLS.userbuf must be a string")
    userbuf = None if encoded is None else _base64(encoded)
    if encoded is not None and userbuf is None:
        raise UserSigError("TLS.userbuf is no base64")
    sig = UserSig(
        identifier=_text_claim(claims, "TLS.identifier"),
        sdkappid=_integer_claim(claims, "TLS.sdkappid"),
        time=_integer_claim(claims, "TLS.time"),
        expire=_integer_claim(claims, "TLS.expire"),
        userbuf=userbuf,
        sig=_text_claim(claims, "TLS.sig"),
    )
    return sig, encoded


# Every error is raised outside of the `except` that found it: what a library says quotes the token.
def _unpack(token: Secret) -> dict[str, object]:
    if not isinstance(cast(object, token.reveal()), str) or not token.reveal():
        raise UserSigError("a UserSig is a text and not empty")
    if len(token.reveal()) > _MAX_TOKEN:
        raise UserSigError(f"longer than any UserSig: {len(token.reveal())} characters")
    packed = _base64(token.reveal().translate(_FROM_URL))
    if packed is None:
        raise UserSigError("no UserSig: not in its base64 alphabet")
    unpacker = zlib.decompressobj()
    try:
        # Bounded, because a few kilobytes can unpack to gigabytes.
        text: bytes | None = unpacker.decompress(packed, _MAX_JSON)
    except zlib.error:
        text = None
    if text is None or (not unpacker.eof and not unpacker.unconsumed_tail):
        raise UserSigError("no UserSig: the compressed data is damaged or cut off")
    if not unpacker.eof:
        raise UserSigError("no UserSig: its content is too long")
    if unpacker.unused_data:
        raise UserSigError("no UserSig: something follows the compressed data")
    try:
        claims: object = json.loads(text)
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise UserSigError("no UserSig: its content is no JSON object")
    return cast(dict[str, object], claims)


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _text_claim(claims: dict[str, object], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise UserSigError(
            f"{name} is missing" if name not in claims else f"{name} must be a string, not empty"
        )
    return value


def _integer_claim(claims: dict[str, object], name: str) -> int:
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _INT64:
        raise UserSigError(
            f"{name} is missing" if name not in claims else f"{name} must be an integer of 64 bits"
        )
    return value


def _seconds(now: float | None) -> int:
    return int(_moment(now))


def _moment(now: float | None) -> float:
    seconds = _time.time() if now is None else now
    if (
        isinstance(seconds, bool)
        or not isinstance(cast(object, seconds), int | float)
        or not 0 <= seconds < 2**53
    ):
        raise UserSigError("now must be Unix seconds")
    return seconds


def _check_key(key: Secret) -> None:
    if problem := key_problem(key):
        raise UserSigError(f"secret_key {problem}")


def _check_sdkappid(sdkappid: int, maximum: int = _INT64) -> None:
    _check_integer("sdkappid", sdkappid, 1, maximum)


def _check_integer(name: str, value: object, minimum: int, maximum: int = _INT64) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
        raise UserSigError(f"{name} must be an integer, {minimum} to {maximum}")


def _check_text(name: str, value: object) -> None:
    if problem := text_problem(value):
        raise UserSigError(f"{name} {problem}")


def _sized(name: str, text: str) -> bytes:
    """Return `text` in UTF-8 behind its length in bytes."""
    data = text.encode()
    if len(data) > 0xFFFF:
        raise UserSigError(f"{name} is longer than 65535 bytes of UTF-8")
    return struct.pack(">H", len(data)) + data
