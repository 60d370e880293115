"""The generated client against the emulator, over real sockets."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
import trustme

from support.paths import ROOT
from tencent_chat import (
    COMMANDS,
    ChatAPIError,
    ChatClient,
    ErrorCode,
    RequestError,
    ResponseError,
    TransportError,
)
from tencent_chat_emulator import Emulator
from timgen.modelling.model import Api, Argument, Command, Example
from timgen.pipeline import load_api
from timgen.reading import project

CLIENT = ROOT / "generated" / "client"
API: Api = load_api(project.packaged().root)
EXAMPLES: list[Any] = [
    pytest.param(command, example, id=f"{command.path}-{index}")
    for command in API.commands
    for index, example in enumerate(command.examples)
]


@pytest.fixture
def client(tencent_chat_emulator: Emulator) -> Iterator[ChatClient]:
    emulator = tencent_chat_emulator
    with ChatClient(
        sdkappid=emulator.sdkappid,
        secret_key=emulator.secret_key,
        identifier=emulator.identifier,
        base_url=emulator.url,
        retry=False,
    ) as client:
        yield client


def arguments(known: tuple[Argument, ...], body: Any) -> dict[str, Any]:
    names = {argument.wire_name: argument.name for argument in known}
    given = {names[wire_name]: value for wire_name, value in body.items() if wire_name in names}
    extra = {wire_name: value for wire_name, value in body.items() if wire_name not in names}
    return {**given, "extra": extra} if extra else given


def without_filled(command: Command, body: Any) -> Any:
    """The body without the fields that the client fills in itself."""
    copy = json.loads(json.dumps(body))
    for path in command.fill:
        *steps, last = path.replace("[]", "").split(".")
        objects = [copy]
        for step in steps:
            found = [parent.get(step, []) for parent in objects]
            objects = [item for value in found for item in (value if isinstance(value, list) else [value])]
        for item in objects:
            item.pop(last, None)
    return copy


@pytest.mark.parametrize(("command", "example"), EXAMPLES)
def test_every_example_goes_over_the_wire(
    client: ChatClient, tencent_chat_emulator: Emulator, command: Command, example: Example
) -> None:
    tencent_chat_emulator.answer(command.path, example.response)
    method = attrgetter(command.method)(client)
    failed = example.response.get("ErrorCode", 0) != 0 or example.response.get("ActionStatus") == "FAIL"
    if failed:
        with pytest.raises(ChatAPIError) as caught:
            method(**arguments(command.arguments, example.request))
        assert caught.value.raw == example.response
    else:
        answer = method(**arguments(command.arguments, example.request))
        assert answer.model_dump(mode="json", by_alias=True, exclude_unset=True) == answer.raw
        assert answer.http_status == 200
    (call,) = tencent_chat_emulator.calls
    assert call.command == command.path
    assert isinstance(call.body, dict)
    assert without_filled(command, call.body) == without_filled(command, example.request)
    for path in command.fill:
        if "[" not in path and path not in example.request:
            assert 0 <= call.body[path] < 2**32


@pytest.mark.parametrize(("command", "example"), EXAMPLES)
def test_every_example_round_trips_through_its_models(command: Command, example: Example) -> None:
    entry = COMMANDS[command.path]
    for model, body in ((entry.request_model, example.request), (entry.response_model, example.response)):
        instance = model.model_validate(body)
        written = instance.model_dump(mode="json", by_alias=True, exclude_unset=True)
        assert json.dumps(written, sort_keys=True) == json.dumps(body, sort_keys=True)


RESEND = """
import json, sys
from tencent_chat import COMMANDS
from tencent_chat._bodies.body import wire_body

for path, body in json.load(sys.stdin):
    assert wire_body(COMMANDS[path].response_model.model_validate(body), path) == body, path
"""


def test_what_was_received_can_be_sent_again() -> None:
    """In a process of its own: models that other tests have used are complete."""
    received = [
        (command.path, example.response)
        for command in API.commands
        for example in command.examples
        if "null" not in json.dumps(example.response)
    ]
    environment = {**os.environ, "PYTHONPATH": str(CLIENT)}
    subprocess.run([sys.executable, "-c", RESEND], input=json.dumps(received), text=True, check=True, env=environment)


def test_the_url_is_as_documented(client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    client.groups.list_all()
    client.groups.list_all()
    first, second = tencent_chat_emulator.calls
    assert first.path == "/v4/group_open_http_svc/get_appid_group_list"
    assert first.method == "POST"
    assert first.query["sdkappid"] == str(tencent_chat_emulator.sdkappid)
    assert first.query["identifier"] == tencent_chat_emulator.identifier
    assert first.query["contenttype"] == "json"
    assert 0 <= int(first.query["random"]) < 2**32
    assert first.query["random"] != second.query["random"]
    assert first.body == {}


def test_an_error_code_raises_its_category(client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    for code in (60007, 60006, 60010, 60008):
        tencent_chat_emulator.fail(code=code)
        with pytest.raises(ChatAPIError) as caught:
            client.groups.list_all()
        error = caught.value
        assert error.code is ErrorCode(code)
        category = next(category for category in API.categories if category.name == ErrorCode(code).category)
        assert type(error).__name__ == category.exception
        assert error.retryable == (ErrorCode(code).retry != "never")
        assert error.fix


def test_a_code_means_what_the_service_says(client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    path = "call_engine_http_srv/get_call_info"
    entry = next(error for error in API.errors if "call_engine_http_srv" in error.services or error.services)
    service, meaning = next(iter(entry.services.items()))
    tencent_chat_emulator.fail(code=entry.code)
    with pytest.raises(ChatAPIError) as caught:
        client.calls.get(call_id="x")
    expected = entry.meaning(path.split("/")[0])
    assert (caught.value.message, caught.value.fix) == (expected.message, expected.fix)
    assert meaning.message != entry.message, service


def test_an_unknown_code_stays_a_number(client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.fail(code=987654)
    with pytest.raises(ChatAPIError) as caught:
        client.groups.list_all()
    assert caught.value.code == 987654
    assert not isinstance(caught.value.code, ErrorCode)
    assert type(caught.value) is ChatAPIError


@pytest.mark.parametrize(
    ("fault", "status"), [({"status": 502}, 502), ({"status": 503}, 503), ({"html": True}, 200), ({"half": True}, 200)]
)
def test_what_is_no_answer_is_shown(
    client: ChatClient, tencent_chat_emulator: Emulator, fault: dict[str, Any], status: int
) -> None:
    tencent_chat_emulator.fail(**fault)
    with pytest.raises(ResponseError) as caught:
        client.groups.list_all()
    assert caught.value.status == status
    assert caught.value.text
    client.groups.list_all()


def test_a_reset_leaves_the_outcome_unknown(client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.fail(reset=True)
    with pytest.raises(TransportError) as caught:
        client.groups.list_all()
    assert caught.value.outcome == "unknown"
    assert len(tencent_chat_emulator.calls) == 1, "sent once, not again"


def test_a_slow_answer_times_out(client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.fail(latency=4)
    with pytest.raises(TransportError) as caught:
        client.groups.list_all(timeout=3.1)
    assert caught.value.outcome == "unknown"


def test_nobody_listening_means_not_sent() -> None:
    client = ChatClient(sdkappid=1400000000, secret_key="dummy", base_url="http://127.0.0.1:9")
    with client, pytest.raises(TransportError) as caught:
        client.groups.list_all()
    assert caught.value.outcome == "not_sent"


def test_a_wrong_key_is_refused_by_the_service(tencent_chat_emulator: Emulator) -> None:
    with (
        ChatClient(
            sdkappid=tencent_chat_emulator.sdkappid, secret_key="another dummy", base_url=tencent_chat_emulator.url
        ) as client,
        pytest.raises(ChatAPIError) as caught,
    ):
        client.groups.list_all()
    assert caught.value.code == 60004


def test_an_account_that_is_no_administrator_is_refused(client: ChatClient) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.as_identifier("somebody").groups.list_all()
    assert caught.value.code == 60010
    with pytest.raises(ChatAPIError):
        client.groups.list_all(identifier="sömebody")
    client.groups.list_all()


def test_a_bad_body_is_not_sent(client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    with pytest.raises(RequestError) as caught:
        client.groups.create(type="Public", name="n", member_list=[{"Member_Account": 7}, {"Rolle": "Admin"}])
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["MemberList[0].Member_Account", "MemberList[1].Member_Account", "MemberList[1].Rolle"]
    assert not tencent_chat_emulator.calls


def test_an_element_that_nobody_modelled_survives(client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    element = {"MsgType": "TIMFutureElem", "MsgContent": {"A": [1, {"b": None}]}, "Beside": "x"}
    with pytest.raises(RequestError, match=r"MsgBody\[0\]\.MsgType .*must be .*\"TIMTextElem\""):
        client.messages.send(to_account="bob", msg_body=[element])
    assert tencent_chat_emulator.calls == ()
    # The emulator keeps to the documented set too.
    with pytest.raises(ChatAPIError, match="MsgType: must be"):
        client.messages.send(to_account="bob", msg_body=[element], validate=False)
    (call,) = tencent_chat_emulator.calls
    assert isinstance(call.body, dict)
    assert call.body["MsgBody"] == [element]


def test_extra_fields_and_validation_can_be_passed_by(client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    client.groups.create(type="Public", name="n", extra={"Future": 1})
    client.groups.create(type="Public", name="n", validate=False, extra={"Introduction": "short"})
    client.call("group_open_http_svc/create_group", {"Type": "Public", "Name": "n", "Future": 2})
    bodies = [call.body for call in tencent_chat_emulator.calls]
    assert bodies == [
        {"Type": "Public", "Name": "n", "Future": 1},
        {"Type": "Public", "Name": "n", "Introduction": "short"},
        {"Type": "Public", "Name": "n", "Future": 2},
    ]


def test_many_threads_share_a_client(client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    errors: list[Exception] = []

    def work(number: int) -> None:
        for round_ in range(10):
            try:
                group = client.groups.create(type="Public", name=f"{number}-{round_}")
                assert group.group_id
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    names = {call.body["Name"] for call in tencent_chat_emulator.calls if isinstance(call.body, dict)}
    assert len(names) == len(tencent_chat_emulator.calls) == 160


def test_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    with Emulator(tls=context) as emulator:
        assert emulator.url.startswith("https://")

        def connect() -> ChatClient:
            return ChatClient(sdkappid=emulator.sdkappid, secret_key=emulator.secret_key, base_url=emulator.url)

        with connect() as client, pytest.raises(TransportError) as caught:
            client.groups.list_all()
        assert caught.value.outcome == "not_sent"
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
        with connect() as client:
            assert client.groups.list_all().raw["ErrorCode"] == 0


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda c: c.groups.create(type="Public", name="n", extra={"Name": "m"}), "Name"),
        (
            lambda c: c.messages.send_batch_many(to_account=["a"], msg_body=[], extra={"To_Account": "e"}),
            "To_Account",
        ),
        (lambda c: list(c.groups.iter_members(group_id="g", limit=5, extra={"Limit": 6})), "Limit"),
    ],
)
def test_extra_does_not_name_what_is_given(
    client: ChatClient, tencent_chat_emulator: Emulator, call: Callable[[ChatClient], object], field: str
) -> None:
    with pytest.raises(RequestError) as caught:
        call(client)
    assert [problem.path for problem in caught.value.problems] == [field]
    assert not tencent_chat_emulator.calls
