"""Every row of the emulator's decision table, over a socket."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from support.calling import Answer, call, escape, pack, parameters, send, sign, target
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._catalogue.catalogue import Catalogue
from tencent_chat_emulator._checks.codes import CODES
from timgen.pipeline import load_api
from timgen.reading import project

LIST = "group_open_http_svc/get_appid_group_list"
CREATE = "group_open_http_svc/create_group"
SEND = "openim/sendmsg"


def assert_refused(answer: Answer, code: int, *words: str) -> None:
    assert answer.status == 200
    assert answer.json.keys() == {"ActionStatus", "ErrorInfo", "ErrorCode"}
    assert answer.json["ActionStatus"] == "FAIL"
    assert (answer.code, [word for word in words if word not in answer.info]) == (code, [])


def test_a_good_call_succeeds(tencent_chat_emulator: Emulator) -> None:
    answer = call(tencent_chat_emulator, LIST)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json["ActionStatus"] == "OK"
    assert answer.code == 0


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/", "/v4/<service>/<command>"),
        ("/v4", "/v4/<service>/<command>"),
        ("/v4/openim", "/v4/<service>/<command>"),
        ("/v4/openim/", "/v4/<service>/<command>"),
        ("/v4/openim/sendmsg/", "/v4/<service>/<command>"),
        ("/v4/openim/sendmsg/more", "/v4/<service>/<command>"),
        ("/v3/openim/sendmsg", "/v4/"),
        ("/V4/openim/sendmsg", "/v4/"),
        ("/v4/OpenIM/sendmsg", "OpenIM"),
        ("/v4/openim/SendMsg", "SendMsg"),
        ("/v4/openim/%E4%BD%A0", "你"),
    ],
)
def test_unknown_paths(tencent_chat_emulator: Emulator, path: str, word: str) -> None:
    assert_refused(send(tencent_chat_emulator, path), 60009, word)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_other_methods(tencent_chat_emulator: Emulator, method: str) -> None:
    assert_refused(send(tencent_chat_emulator, target(tencent_chat_emulator, LIST), method=method), 60002, method)


def test_head_gets_no_body(tencent_chat_emulator: Emulator) -> None:
    answer = send(tencent_chat_emulator, target(tencent_chat_emulator, LIST), method="HEAD")
    assert (answer.status, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"contenttype": None}, ("contenttype", "missing")),
        ({"contenttype": ""}, ("contenttype", "missing")),
        ({"contenttype": "xml"}, ("contenttype", '"json"')),
        ({"contenttype": "JSON"}, ("contenttype", '"json"')),
        ({"random": None}, ("random", "missing")),
        ({"random": "x"}, ("random", "integer")),
        ({"random": "-1"}, ("random", "less than the minimum of 0")),
        ({"random": "--1"}, ("random", "integer")),
        ({"random": "-"}, ("random", "integer")),
        ({"random": "+1"}, ("random", "integer")),
        ({"random": "4294967296"}, ("random", "4294967295")),
        ({"random": "9" * 5000}, ("random", "integer")),
        ({"random": "\u0661\u0662"}, ("random", "integer")),
        ({"random": None, "Random": "1"}, ("random", "missing")),
    ],
)
def test_parameters(tencent_chat_emulator: Emulator, changes: dict[str, Any], words: tuple[str, ...]) -> None:
    assert_refused(call(tencent_chat_emulator, LIST, **changes), 60002, *words)


@pytest.mark.parametrize("name", ["sdkappid", "identifier", "usersig", "random", "contenttype", "other"])
def test_duplicate_parameters(tencent_chat_emulator: Emulator, name: str) -> None:
    value = {**parameters(tencent_chat_emulator), "other": "1"}[name]
    url = target(tencent_chat_emulator, LIST, other="1")
    assert_refused(send(tencent_chat_emulator, f"{url}&{name}={value}"), 60002, name, "2 times")


def test_unknown_parameters_pass(tencent_chat_emulator: Emulator) -> None:
    assert call(tencent_chat_emulator, LIST, traceid="7").code == 0


@pytest.mark.parametrize("random", ["0", "1", "4294967295"])
def test_random_may_be_any_unsigned_32_bit_integer(tencent_chat_emulator: Emulator, random: str) -> None:
    assert call(tencent_chat_emulator, LIST, random=random).code == 0


@pytest.mark.parametrize(
    "changes", [{"sdkappid": None}, {"sdkappid": ""}, {"sdkappid": None, "SDKAppID": "1400000000"}]
)
def test_missing_sdkappid(tencent_chat_emulator: Emulator, changes: dict[str, Any]) -> None:
    assert_refused(call(tencent_chat_emulator, LIST, **changes), 60012, "sdkappid")


@pytest.mark.parametrize("sdkappid", ["x", "-1", "1.5", " 1400000000", "1_4", "1400000001", "9" * 5000])
def test_wrong_sdkappid(tencent_chat_emulator: Emulator, sdkappid: str) -> None:
    assert_refused(call(tencent_chat_emulator, LIST, sdkappid=sdkappid), 60006)


@pytest.mark.parametrize("name", ["identifier", "usersig"])
def test_missing_account_or_signature(tencent_chat_emulator: Emulator, name: str) -> None:
    for value in (None, ""):
        changes: dict[str, Any] = {name: value}
        assert_refused(call(tencent_chat_emulator, LIST, **changes), 60004, name, "missing")


@pytest.mark.parametrize(
    "token",
    ["x", "a b", "é", "====", "eJw", escape(b"no zlib"), pack([]), pack("text"), pack({}), pack({"TLS.ver": "2.0"})],
)
def test_garbage_signatures(tencent_chat_emulator: Emulator, token: str) -> None:
    assert_refused(call(tencent_chat_emulator, LIST, usersig=token), 60004, "usersig")


def test_signatures_that_are_not_for_this_call(tencent_chat_emulator: Emulator) -> None:
    emulator = tencent_chat_emulator
    now = int(time.time())
    for token, word in {
        sign(emulator.sdkappid, "another key", emulator.identifier): "key",
        sign(emulator.sdkappid + 1, emulator.secret_key, emulator.identifier): "sdkappid",
        sign(emulator.sdkappid, emulator.secret_key, "somebody"): "identifier",
        sign(emulator.sdkappid, emulator.secret_key, emulator.identifier, issued=now - 3610, expire=3600): "expired",
    }.items():
        answer = call(emulator, LIST, usersig=token)
        assert_refused(answer, 60004, word)
        assert token not in answer.info


def test_signatures_with_a_userbuf_and_of_long_ago_are_valid(tencent_chat_emulator: Emulator) -> None:
    emulator = tencent_chat_emulator
    issued = int(time.time()) - 10_000
    token = sign(
        emulator.sdkappid, emulator.secret_key, emulator.identifier, issued=issued, expire=20_000, userbuf="YWJj"
    )
    assert call(emulator, LIST, usersig=token).code == 0


def test_an_account_that_is_no_administrator(tencent_chat_emulator: Emulator) -> None:
    emulator = tencent_chat_emulator
    bob = sign(emulator.sdkappid, emulator.secret_key, "bob")
    assert_refused(call(emulator, LIST, identifier="bob", usersig=bob), 60010, "bob")
    assert_refused(call(emulator, LIST, identifier="Administrator"), 60004, "identifier")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b'{"Limit": "\xff"}', "UTF-8 at byte 11"),
        ('{"Limit": 2}'.encode("utf-16"), "UTF-8"),
        (b"\xef\xbb\xbf{}", "JSON"),
        (b'{"Limit": 2', "line 1, column"),
        (b"{'Limit': 2}", "line 1, column 2"),
        (b'{"Limit": NaN}', "NaN"),
        (b'{"Limit": Infinity}', "Infinity"),
        (b'{"Limit": ' + b"9" * 5000 + b"}", "JSON"),
        (b"Limit=2", "JSON"),
        (b"[]", "object"),
        (b"null", "object"),
        (b'"text"', "object"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "deep"),
        (b"[" * 100_000, "deep"),
    ],
)
def test_bodies_that_are_no_objects(tencent_chat_emulator: Emulator, body: bytes, word: str) -> None:
    assert_refused(call(tencent_chat_emulator, LIST, body), 60003, word)


@pytest.mark.parametrize(
    ("command", "body", "code", "info"),
    [
        (CREATE, {"Type": "Public"}, 10004, "Name: is missing"),
        (CREATE, {"Type": "Public", "Name": 5}, 10004, "Name: must be a string, not an integer"),
        (
            CREATE,
            {"Type": "Public", "Name": "你" * 11},
            10004,
            "Name: has 33 bytes of UTF-8, at most 30 are allowed",
        ),
        (
            CREATE,
            {"Type": "Public", "Name": "a", "MemberList": [{"Member_Account": "b"}, {"Role": "Admin"}]},
            10004,
            "MemberList[1].Member_Account: is missing",
        ),
        (
            SEND,
            {
                "To_Account": "bob",
                "MsgRandom": 1,
                "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": True}}],
            },
            90002,
            "MsgBody[0].MsgContent.Text: must be a string, not a boolean",
        ),
    ],
)
def test_bodies_that_break_the_schema(
    tencent_chat_emulator: Emulator, command: str, body: object, code: int, info: str
) -> None:
    answer = call(tencent_chat_emulator, command, body)
    assert_refused(answer, code)
    assert answer.info == info


def test_deep_bodies_of_a_schema_that_contains_itself(tencent_chat_emulator: Emulator) -> None:
    call(tencent_chat_emulator, "im_open_login_svc/account_import", {"UserID": "bob"})
    for text, code in {"x": 0, 5: 90002}.items():
        element: dict[str, Any] = {"MsgType": "TIMTextElem", "MsgContent": {"Text": text}}
        for _ in range(18):
            message = {"From_Account": "a", "To_Account": "b", "MsgTimeStamp": 1, "MsgSeq": 1, "MsgRandom": 1}
            content = {"Title": "t", "MsgNum": 1, "CompatibleText": "c", "AbstractList": ["a"]}
            element = {
                "MsgType": "TIMRelayElem",
                "MsgContent": {**content, "MsgList": [{**message, "MsgBody": [element]}]},
            }
        answer = call(tencent_chat_emulator, SEND, {"To_Account": "bob", "MsgRandom": 1, "MsgBody": [element]})
        assert answer.code == code


def test_unknown_fields_pass(tencent_chat_emulator: Emulator) -> None:
    assert call(tencent_chat_emulator, CREATE, {"Type": "Public", "Name": "a", "New": {"Field": None}}).code == 0


def test_a_value_outside_of_a_closed_set_is_refused(tencent_chat_emulator: Emulator) -> None:
    answer = call(tencent_chat_emulator, CREATE, {"Type": "Galaxy", "Name": "a"})
    assert answer.code == 10004
    assert answer.info.startswith('Type: must be "Public" or ')
    assert "Galaxy" not in answer.info


def test_the_order_of_the_checks(tencent_chat_emulator: Emulator) -> None:
    """A call that is wrong in every way is mended step by step."""
    emulator = tencent_chat_emulator
    bob = sign(emulator.sdkappid, emulator.secret_key, "bob")
    query: dict[str, Any] = dict.fromkeys(("sdkappid", "identifier", "usersig", "random", "contenttype"))
    steps: list[tuple[int, dict[str, Any]]] = [
        (60002, {"random": "1", "contenttype": "json"}),
        (60012, {"sdkappid": "7"}),
        (60006, {"sdkappid": str(emulator.sdkappid)}),
        (60004, {"identifier": "bob", "usersig": bob}),
        (
            60010,
            {
                "identifier": emulator.identifier,
                "usersig": sign(emulator.sdkappid, emulator.secret_key, emulator.identifier),
            },
        ),
    ]
    assert_refused(send(emulator, "/v4/openim/nothing", b"", method="GET"), 60009)
    assert_refused(send(emulator, target(emulator, CREATE, **query), b"", method="GET"), 60002, "GET")
    for code, mended in steps:
        assert_refused(call(emulator, CREATE, b"", **query), code)
        query |= mended
    assert_refused(call(emulator, CREATE, b"", **query), 60003)
    assert_refused(call(emulator, CREATE, {}, **query), 10004)


def test_errors_repeat_a_lone_surrogate_as_an_escape(tencent_chat_emulator: Emulator) -> None:
    identifier = json.loads('"\\ud800"')
    tencent_chat_emulator.fail(code=60008)
    answer = send(tencent_chat_emulator, target(tencent_chat_emulator, LIST), json.dumps({"Next": identifier}).encode())
    assert answer.code == 60008
    assert tencent_chat_emulator.calls[0].body == {"Next": identifier}
    assert send(tencent_chat_emulator, "/_emulator/calls", method="GET").json[0]["body"] == {"Next": identifier}


def names_code_of_missing(command: str) -> bool:
    return any(not keywords or "required" in keywords for _, keywords, _ in CODES.get(command, ()))


@pytest.mark.parametrize("path", CODES)
def test_codes_of_broken_bodies_are_those_of_the_commands_pages(path: str) -> None:
    command = Catalogue().command(path)
    assert command is not None
    # Mentions are newer than the page of the command; the table of errors has a code for too many.
    newer = {10053} if path == "group_open_http_svc/send_group_msg" else set()
    assert {code for _, _, code in CODES[path]} <= command.errors | newer


def test_the_service_decides_the_code_of_a_broken_body(tencent_chat_emulator: Emulator) -> None:
    api = load_api(project.packaged().root)
    for service in api.services:
        for command in service.commands:
            if command.request.schema.get("required") and not names_code_of_missing(command.path):
                assert call(tencent_chat_emulator, command.path, {}).code == service.invalid_request
