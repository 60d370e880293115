"""What the mock answers to a call in which nothing is wrong, and how refusals look per service."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from e2e.mock_support import call, sign
from timgen.mock import MockService
from timgen.mock.catalogue import Catalogue
from timgen.modelling.model import Api, Example
from timgen.pipeline import load_api
from timgen.reading import project

SEND = "openim/sendmsg"
CALL_INFO = "call_engine_http_srv/get_call_info"


@pytest.fixture(scope="module")
def api() -> Api:
    return load_api(project.packaged().root)


def example(api: Api, command: str, index: int) -> tuple[dict[str, Any], Mapping[str, Any]]:
    found = next(c for c in api.commands if c.path == command).examples[index]
    return copy.deepcopy(dict(found.request)), found.response


def test_every_example_of_the_spec_gets_its_documented_answer(api: Api, tencent_chat_mock: MockService) -> None:
    for command in api.commands:
        for wanted in command.examples:
            answer = call(tencent_chat_mock, command.path, wanted.request)
            documented = [e.response for e in command.examples if e.request == wanted.request]
            assert answer.json == documented[0], f"{command.path}: {wanted.summary}"


def test_a_documented_failure_is_answered_to_its_own_request(api: Api, tencent_chat_mock: MockService) -> None:
    request, response = example(api, SEND, 3)
    assert response["ErrorCode"] == 90012
    assert call(tencent_chat_mock, SEND, request).json == response


def test_random_fields_that_the_client_fills_do_not_count(api: Api, tencent_chat_mock: MockService) -> None:
    request, response = example(api, SEND, 1)
    assert call(tencent_chat_mock, SEND, {**request, "MsgRandom": 5, "MsgSeq": 6}).json == response


def test_another_request_gets_the_first_answer_that_succeeds(api: Api, tencent_chat_mock: MockService) -> None:
    request, _ = example(api, SEND, 1)
    _, response = example(api, SEND, 0)
    for _ in range(3):
        assert call(tencent_chat_mock, SEND, {**request, "To_Account": "carol"}).json == response


def test_filled_fields_are_found_inside_lists_and_objects(api: Api) -> None:
    catalogue = Catalogue(api)
    request: dict[str, Any] = {"List": [{"Random": 1, "Text": "a"}, {"Text": "b"}], "Head": {"Random": 2}, "Seq": 3}
    right, wrong = ({"ErrorCode": 0, "Is": word} for word in ("right", "wrong"))
    command = dataclasses.replace(
        catalogue.commands[SEND],
        fill=("List[].Random", "Head.Random", "Seq", "Tail[].Random", "Text.Random"),
        examples=(Example("", {}, wrong, ""), Example("", request, right, "")),
    )
    refilled = {"List": [{"Text": "a"}, {"Random": 7, "Text": "b"}], "Head": {"Random": 8}}
    assert catalogue.success(command, refilled) == right
    assert catalogue.success(command, {**refilled, "Tail": "text", "Text": "text"}) == wrong
    assert catalogue.success(command, {**refilled, "List": [{"Text": "a"}]}) == wrong


@pytest.mark.parametrize(
    ("response", "succeeds"),
    [
        ({"ErrorCode": 0}, True),
        ({"ErrorCode": 0, "ActionStatus": "SomeError"}, True),
        ({"ErrorCode": 5, "ActionStatus": "OK"}, False),
        ({"ActionStatus": "OK"}, True),
        ({"ActionStatus": "FAIL"}, False),
        ({"Config": 1}, True),
    ],
)
def test_what_counts_as_success(api: Api, response: dict[str, Any], succeeds: bool) -> None:
    catalogue = Catalogue(api)
    command = dataclasses.replace(catalogue.commands[SEND], examples=(Example("", {"a": 1}, response, ""),))
    assert (catalogue.success(command, {}) == response) is succeeds
    if not succeeds:
        assert catalogue.success(command, {}) == {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}


def test_true_is_not_one(api: Api) -> None:
    catalogue = Catalogue(api)
    examples = (Example("", {"Flag": value}, {"ErrorCode": 0, "Flag": value}, "") for value in (0, 1, True))
    command = dataclasses.replace(catalogue.commands[SEND], examples=tuple(examples))
    assert catalogue.success(command, {"Flag": True})["Flag"] is True
    assert catalogue.success(command, {"Flag": 1})["Flag"] == 1


def test_refusals_carry_a_request_id_where_the_service_sends_one(tencent_chat_mock: MockService) -> None:
    mock = tencent_chat_mock
    for answer in (
        call(mock, CALL_INFO, b""),
        call(mock, CALL_INFO, {}),
        call(mock, "call_engine_http_srv/nothing"),
        call(mock, CALL_INFO, headers={"X-Mock-Fault": "code=101003"}),
    ):
        assert answer.json.keys() == {"ActionStatus", "ErrorInfo", "ErrorCode", "RequestId"}
    assert "RequestId" not in call(mock, SEND, {}).json


def test_the_service_decides_the_code_of_a_broken_body(api: Api, tencent_chat_mock: MockService) -> None:
    for service in api.services:
        for command in service.commands:
            if command.request.schema.get("required"):
                assert call(tencent_chat_mock, command.path, {}).code == service.invalid_request


def test_an_app_of_ones_own(api: Api) -> None:
    with MockService(api, sdkappid=7, secret_key="another dummy", administrators=["root", "second"]) as mock:
        assert (mock.sdkappid, mock.secret_key, mock.identifier) == (7, "another dummy", "root")
        assert "dummy" not in repr(mock) + repr(vars(mock))
        for account, code in {"root": 0, "second": 0, "administrator": 60010}.items():
            usersig = sign(7, "another dummy", account)
            answer = call(mock, "group_open_http_svc/get_appid_group_list", identifier=account, usersig=usersig)
            assert answer.code == code


@pytest.mark.parametrize("administrators", [(), "administrator"])
def test_administrators_must_be_a_list_of_accounts(api: Api, administrators: Any) -> None:
    with pytest.raises(ValueError, match="administrators"):
        MockService(api, administrators=administrators)


def test_calls_are_remembered_without_their_signature(tencent_chat_mock: MockService) -> None:
    mock = tencent_chat_mock
    call(mock, SEND, {"To_Account": "bob"}, headers={"User-Agent": "mine/1", "Authorization": "dummy"})
    call(mock, SEND, b"no json", UserSig="twice")
    first, second = mock.calls
    assert (first.method, first.path, first.command) == ("POST", "/v4/openim/sendmsg", SEND)
    assert first.query.keys() == {"sdkappid", "identifier", "random", "contenttype"}
    assert first.body == {"To_Account": "bob"}
    assert first.headers["User-Agent"] == "mine/1"
    assert "Authorization" not in first.headers
    assert first.time <= second.time
    assert second.body == "no json"
    assert "usersig" not in repr(mock.calls).lower()
    mock.clear()
    assert mock.calls == ()


def test_the_record_is_bounded(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timgen.mock.service.MAX_CALLS", 2)
    with MockService(api) as mock:
        for number in range(4):
            call(mock, SEND, {"n": number})
        assert [recorded.body for recorded in mock.calls] == [{"n": 2}, {"n": 3}]
