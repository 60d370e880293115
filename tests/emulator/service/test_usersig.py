"""The emulator's check of UserSigs: what it takes, what it refuses, what it survives."""

from __future__ import annotations

import time
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.calling import escape, pack, sign
from tencent_chat_emulator._checks import usersig

NOW = 1_700_000_000


def problem(token: str, *, key: str = "key", identifier: str = "admin", now: float = NOW) -> str | None:
    return usersig.problem(token, sdkappid=1400000000, secret_key=key, identifier=identifier, now=now)


def test_a_token_of_an_independent_implementation_is_valid() -> None:
    # Claims and an HMAC computed with OpenSSL, in another order and spacing than ours.
    signature = "P8xmhUDIbWpTX+h7QaW2ypVAPQwVrNUULZBsQZUcnlE="
    claims = (
        f'{{ "TLS.sig":"{signature}", "TLS.time":1700000000,"TLS.expire":600,'
        '"TLS.sdkappid":1400000000, "TLS.identifier":"\\u0061dmin","TLS.ver":"2.0" }'
    )
    assert problem(escape(zlib.compress(claims.encode(), 1))) is None


@pytest.mark.parametrize(("now", "valid"), [(NOW, True), (NOW + 60, True), (NOW + 60.5, False), (NOW + 61, False)])
def test_expiry_is_inclusive(now: float, valid: bool) -> None:
    assert (problem(sign(1400000000, "key", "admin", issued=NOW, expire=60), now=now) is None) is valid


def test_a_userbuf_is_part_of_the_signature() -> None:
    token = sign(1400000000, "key", "admin", issued=NOW, userbuf="YWJj")
    assert problem(token) is None


@pytest.mark.parametrize(
    "change",
    [
        {"TLS.ver": "1.0"},
        {"TLS.ver": 2.0},
        {"TLS.time": "1700000000"},
        {"TLS.time": True},
        {"TLS.time": None},
        {"TLS.time": NOW + 1},
        {"TLS.expire": 3601},
        {"TLS.expire": 3600.0},
        {"TLS.sdkappid": "1400000000"},
        {"TLS.sdkappid": 1400000000.0},
        {"TLS.sdkappid": 1},
        {"TLS.identifier": "other"},
        {"TLS.identifier": 5},
        {"TLS.sig": None},
        {"TLS.sig": "\ud800"},
        {"TLS.sig": "é"},
        {"TLS.userbuf": 5},
        {"TLS.userbuf": "YWJj"},
        {"TLS.userbuf": "\ud800"},
    ],
)
def test_changed_claims_are_refused(change: dict[str, Any]) -> None:
    import base64
    import json

    good = sign(1400000000, "key", "admin", issued=NOW)
    claims = json.loads(zlib.decompress(base64.b64decode(good.translate(str.maketrans("*-_", "+/=")))))
    assert problem(pack(claims)) is None
    assert problem(pack({**claims, **change})) is not None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "_",
        "A",
        "AAAA",
        "\x00",
        "你",
        "\ud800",
        escape(b""),
        escape(zlib.compress(b"")),
        escape(zlib.compress(b"\xff")),
        escape(zlib.compress(b"{")),
        escape(zlib.compress(b"[" * 60_000)),
        escape(zlib.compress(b"9" * 5000)),
        escape(zlib.compress(b"{}")[:-1]),
        escape(zlib.compress(b"{}") + b"more"),
        sign(1400000000, "key", "admin", issued=NOW).replace("_", "="),
    ],
)
def test_garbage_is_no_usersig(token: str) -> None:
    assert problem(token) in ("is not a UserSig", "is of another version than 2.0")


def test_a_bomb_is_not_unpacked() -> None:
    bomb = escape(zlib.compress(b"0" * 200_000_000, 9))
    started = time.process_time()
    assert problem(bomb) == "is not a UserSig"
    assert time.process_time() - started < 0.1


@given(st.text() | st.binary().map(escape) | st.binary().map(zlib.compress).map(escape))
def test_any_text_is_survived(token: str) -> None:
    assert problem(token) is not None
