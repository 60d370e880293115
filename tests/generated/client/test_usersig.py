"""UserSig: generation, decoding, verification, room permissions."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tencent_chat import ChatError, UserSig, UserSigError, usersig

APP, KEY, NOW = 1400000000, "dummy-key", 1_700_000_000
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def pack(claims: object, level: int = 9, tail: bytes = b"") -> str:
    data = claims if isinstance(claims, bytes) else json.dumps(claims, indent=1).encode()
    text = base64.b64encode(zlib.compress(data, level) + tail).decode()
    return text.replace("+", "*").replace("/", "-").replace("=", "_")


def signed(**changes: object) -> dict[str, object]:
    """Claims with a right signature, made without the code under test; then `changes`."""
    text = f"TLS.identifier:bob\nTLS.sdkappid:{APP}\nTLS.time:{NOW}\nTLS.expire:100\n"
    sig = base64.b64encode(hmac.new(KEY.encode(), text.encode(), hashlib.sha256).digest()).decode()
    claims: dict[str, object] = {
        "TLS.ver": "2.0",
        "TLS.identifier": "bob",
        "TLS.sdkappid": APP,
        "TLS.expire": 100,
        "TLS.time": NOW,
        "TLS.sig": sig,
    }
    return {**claims, **{f"TLS.{name}": value for name, value in changes.items()}}


def test_foreign_token_is_verified() -> None:
    found = usersig.verify(pack(signed()), APP, KEY, userid="bob", now=NOW)
    assert found == UserSig("bob", APP, NOW, 100, None, str(signed()["TLS.sig"]))


@given(userid=TEXTS, userbuf=st.none() | st.binary(max_size=80), expire=st.integers(0, 10**9))
def test_round_trip(userid: str, userbuf: bytes | None, expire: int) -> None:
    token = usersig.generate(APP, KEY, userid, expire=expire, userbuf=userbuf, now=NOW)
    assert not set(token) & set("+/=&?% ")
    found = usersig.verify(token, APP, KEY, userid=userid, now=NOW + expire)
    assert (found.identifier, found.userbuf, found.expire) == (userid, userbuf, expire)


def test_valid_up_to_and_including_its_end() -> None:
    token = usersig.generate(APP, KEY, "bob", expire=0, now=NOW)
    usersig.verify(token, APP, KEY, now=NOW)
    with pytest.raises(UserSigError, match="expired"):
        usersig.verify(token, APP, KEY, now=NOW + 1)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"secret_key": "other"}, "signature"),
        ({"sdkappid": APP + 1}, "SDKAppID"),
        ({"userid": "alice"}, "account"),
        ({"now": NOW + 101}, "expired"),
    ],
)
def test_each_failed_check_has_its_text(arguments: dict[str, object], text: str) -> None:
    defaults: dict[str, object] = {"sdkappid": APP, "secret_key": KEY, "now": NOW}
    with pytest.raises(UserSigError, match=text):
        usersig.verify(pack(signed()), **{**defaults, **arguments})


@pytest.mark.parametrize(
    "change", [{"identifier": "eve"}, {"expire": 10**9}, {"time": NOW + 5}, {"userbuf": "AAAA"}, {"sig": "ä"}]
)
def test_changed_claim_breaks_the_signature(change: dict[str, object]) -> None:
    with pytest.raises(UserSigError, match="signature"):
        usersig.verify(pack(signed(**change)), APP, KEY, now=NOW)


def test_removed_userbuf_breaks_the_signature() -> None:
    token = usersig.generate(APP, KEY, "bob", userbuf=b"x", now=NOW)
    claims = json.loads(zlib.decompress(base64.b64decode(token.translate(str.maketrans("*-_", "+/=")))))
    del claims["TLS.userbuf"]
    with pytest.raises(UserSigError, match="signature"):
        usersig.verify(pack(claims), APP, KEY, now=NOW)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "?",
        "ä",
        "eJw",
        "A" * 2_000_000,
        pack(b"no json"),
        pack([1]),
        pack(b"[" * 100_000),
        pack(b"0" * 50_000_000),
        pack(signed())[:-12],
        pack(signed(), tail=b"x"),
        pack(signed(ver="1.0")),
        pack(signed(ver=2.0)),
        pack(signed(identifier=None)),
        pack(signed(sdkappid="1")),
        pack(signed(sdkappid=True)),
        pack(signed(time=1.5)),
        pack(signed(expire=None)),
        pack(signed(sig=5)),
        pack(signed(userbuf="?")),
        pack(signed(userbuf=3)),
        pack({}),
        None,
        b"x",
    ],
    ids=lambda token: repr(token)[:20],
)
def test_garbage_is_refused(token: str) -> None:
    for check in (usersig.decode, lambda token: usersig.verify(token, APP, KEY, now=NOW)):
        with pytest.raises(UserSigError) as caught:
            check(token)
        assert caught.value.__context__ is None


@given(st.text())
def test_any_text_decodes_or_is_refused(token: str) -> None:
    with pytest.raises(UserSigError):
        usersig.decode(token)


@pytest.mark.parametrize(
    "arguments",
    [
        {"sdkappid": 0},
        {"sdkappid": True},
        {"sdkappid": "1"},
        {"sdkappid": 10**5000},
        {"secret_key": ""},
        {"userid": ""},
        {"userid": None},
        {"userid": "\ud800"},
        {"expire": -1},
        {"expire": 1.5},
        {"expire": 10**5000},
        {"userbuf": "text"},
        {"now": -1},
        {"now": float("nan")},
    ],
)
def test_arguments_that_cannot_be_signed(arguments: dict[str, object]) -> None:
    with pytest.raises(UserSigError):
        usersig.generate(**{"sdkappid": APP, "secret_key": KEY, "userid": "bob", **arguments})


@pytest.mark.parametrize("now", [float("nan"), float("inf"), -1, True, "1700000000"])
def test_moment_that_is_none(now: float) -> None:
    with pytest.raises(UserSigError, match="now must be"):
        usersig.verify(pack(signed()), APP, KEY, now=now)


def test_fractions_of_a_second_count() -> None:
    usersig.verify(pack(signed()), APP, KEY, now=NOW + 99.5)
    with pytest.raises(UserSigError, match="expired"):
        usersig.verify(pack(signed()), APP, KEY, now=NOW + 100.5)


def test_key_that_cannot_be_encoded_is_not_told() -> None:
    key = "dummy-key-\ud800"
    for call in (
        lambda: usersig.generate(APP, key, "bob"),
        lambda: usersig.verify(pack(signed()), APP, key),
        lambda: usersig.private_map_key(APP, key, "bob", room_id=1),
    ):
        with pytest.raises(UserSigError) as caught:
            call()
        assert "dummy-key" not in repr(caught.value)
        assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("room", "flag", "number", "tail"), [(7, 0, 7, b""), ("größe", 1, 0, b"\x00\x07gr\xc3\xb6\xc3\x9fe")]
)
def test_private_map_key_counts_bytes(room: int | str, flag: int, number: int, tail: bytes) -> None:
    token = usersig.private_map_key(APP, KEY, "jürgen", room_id=room, privilege=42, expire=60, now=NOW)
    account = "jürgen".encode()
    wanted = struct.pack(">BH", flag, len(account)) + account + struct.pack(">5I", APP, number, NOW + 60, 42, 0) + tail
    assert usersig.verify(token, APP, KEY, userid="jürgen", now=NOW).userbuf == wanted


@pytest.mark.parametrize(
    "arguments",
    [
        {"room_id": -1},
        {"room_id": 2**32},
        {"room_id": True},
        {"room_id": ""},
        {"room_id": "x" * 70000},
        {"privilege": -1},
        {"privilege": 2**32},
        {"expire": 2**32},
        {"sdkappid": 2**32},
    ],
)
def test_private_map_key_refuses_what_does_not_fit(arguments: dict[str, object]) -> None:
    with pytest.raises(UserSigError):
        usersig.private_map_key(**{"sdkappid": APP, "secret_key": KEY, "userid": "bob", "room_id": 1, **arguments})


def test_claims_do_not_show_their_signature() -> None:
    found = usersig.decode(usersig.generate(APP, KEY, "bob", userbuf=b"private", now=NOW))
    assert found.sig not in repr(found)
    assert "private" not in repr(found)
    with pytest.raises(AttributeError):
        found.expire = 5  # type: ignore[misc]
    assert issubclass(UserSigError, ChatError)
