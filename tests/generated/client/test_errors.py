"""The errors: what they say, their classes, pickling and copying."""

from __future__ import annotations

import copy
import pickle

import pytest
from celery import Celery
from celery.backends.base import Backend

import tencent_chat
import tencent_chat.exceptions
from tencent_chat import (
    COMMANDS,
    ChatAPIError,
    ChatClient,
    ChatError,
    ConfigurationError,
    ErrorCode,
    Failure,
    PartialFailureError,
    Received,
    Request,
    RequestError,
    ResponseError,
    ThrottledError,
    TransportError,
    UserSigError,
)
from tencent_chat._bodies import lenient
from tencent_chat._tables.errors import TABLE
from tencent_chat.webhooks import VerificationError, WebhookError


def is_error(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, ChatError)


def example_of(error_class: type[ChatError]) -> ChatError:
    """Return an error as the client raises it."""
    if issubclass(error_class, ChatAPIError):
        return error_class(70001, "expired", command="openim/sendmsg", request_id="r-1", raw={"ErrorCode": 70001})
    given: dict[type[ChatError], ChatError] = {
        RequestError: RequestError([("MsgBody[0]", "is required")], command="openim/sendmsg"),
        TransportError: TransportError("refused", outcome="not_sent", command="openim/sendmsg"),
        ResponseError: ResponseError("no answer", status=502, headers={"a": "b"}, text="<html>", command="a/b"),
        ThrottledError: ThrottledError("openim/sendmsg", "200 calls per second", 0.25),
        PartialFailureError: PartialFailureError([Failure("bob", 70107, "gone"), Failure({"a": 1}, None, "")], "a/b"),
        VerificationError: VerificationError("time", "RequestTime is too old"),
    }
    return given.get(error_class) or error_class("why")


ERRORS = [
    ConfigurationError("x"),
    UserSigError("x"),
    RequestError([("MsgBody[0]", "is required")], command="openim/sendmsg"),
    TransportError("refused", outcome="not_sent", command="openim/sendmsg"),
    ResponseError("no answer", status=502, headers={"a": "b"}, text="<html>", command="openim/sendmsg"),
    ChatAPIError(None, "reason", command="openim/sendmsg", request_id="r-1", raw={"ActionStatus": "FAIL"}),
    ChatAPIError(987654, "reason"),
    tencent_chat.AuthenticationError(70001, "expired", command="openim/sendmsg", raw={"ErrorCode": 70001}),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_survive_pickle_and_copy(error: ChatError) -> None:
    error.add_note("a note")
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert twin.__dict__ == error.__dict__
        assert isinstance(twin, ChatError)


ERROR_CLASSES = {error for error in vars(tencent_chat.exceptions).values() if is_error(error)} | {
    UserSigError, WebhookError, VerificationError,
}  # fmt: skip


@pytest.mark.parametrize("error_class", sorted(ERROR_CLASSES, key=lambda cls: cls.__name__))
def test_every_class_can_be_made_again_from_its_arguments(error_class: type[ChatError]) -> None:
    error = example_of(error_class)
    twin = error_class(*error.args)
    assert (type(twin), str(twin), repr(twin), twin.args) == (error_class, str(error), repr(error), error.args)
    assert all("\n" not in repr(part) for part in error.args)


@pytest.mark.parametrize("error_class", sorted(ERROR_CLASSES, key=lambda cls: cls.__name__))
@pytest.mark.parametrize("serializer", ["json", "pickle"])
def test_every_class_comes_back_from_a_task_queue(error_class: type[ChatError], serializer: str) -> None:
    """As Celery's result backends store and restore what a task raised."""
    app = Celery(broker="memory://", set_as_current=False)
    app.conf.accept_content = [serializer]
    backend = Backend(app, serializer=serializer)
    error = example_of(error_class)
    stored = backend.decode(backend.encode(backend.prepare_exception(error)))
    twin = backend.exception_to_python(stored)
    assert type(twin) is error_class
    assert str(twin) == str(error)


@pytest.mark.parametrize("code", list(ErrorCode), ids=lambda code: code.name)
def test_every_code_is_explained(code: ErrorCode) -> None:
    assert code.message.endswith(".")
    assert code.fix.endswith(".")
    assert code.retry in {"never", "backoff", "resign"}
    error = ChatAPIError(int(code))
    assert error.code is code
    assert error.code == int(code)
    assert (error.message, error.fix, error.category) == (code.message, code.fix, code.category)
    assert error.retryable == (code.retry != "never")


def test_meaning_is_that_of_the_service() -> None:
    code, service = next((code, service) for code, entry in TABLE.items() for service in entry.services)
    error = ChatAPIError(code, command=f"{service}/anything")
    meaning = TABLE[code].services[service]
    assert (error.message, error.fix, error.category, error.retry) == meaning
    assert ChatAPIError(code, command="other/anything").message == TABLE[code].general.message


def test_unknown_code_stays_an_int() -> None:
    error = ChatAPIError(987654, "why", command="openim/sendmsg")
    assert type(error.code) is int
    assert error.name is None
    assert error.category is None
    assert not error.retryable
    assert "987654" in str(error)
    assert "why" in str(error)
    assert "newer version" in error.fix


def test_text_has_what_a_reader_needs() -> None:
    error = ChatAPIError(70001, "expired", command="openim/sendmsg", request_id="r-1")
    text = str(error)
    for part in (
        "openim/sendmsg",
        "70001",
        ErrorCode(70001).name,
        "expired",
        error.message,
        error.fix,
        error.docs,
        "r-1",
    ):
        assert part in text
    assert error.docs == COMMANDS["openim/sendmsg"].docs


class Answers:
    def __init__(self, body: bytes, status: int = 200) -> None:
        self.received = Received(status, {"x-a": "b"}, body)

    def send(self, _: Request) -> Received:
        return self.received


def answered(body: bytes, status: int = 200) -> ChatClient:
    return ChatClient(1, "dummy", region="china", transport=Answers(body, status))


@pytest.mark.parametrize(
    "body",
    [
        b'{"ErrorCode": 0}',
        b'{"ErrorCode": "0"}',
        b'{"ErrorCode": 0.0}',
        b'{"ActionStatus": "OK"}',
        b'{"ActionStatus": "SomeError", "ErrorCode": 0}',
        b'{"ActionStatus": "FAIL", "ErrorCode": 0}',
        b'{"ActionStatus": "OK", "ErrorCode": null}',
        b'{"ActionStatus": "OK", "ErrorCode": "none"}',
        b'{"ActionStatus": "OK", "ErrorCode": "' + b"1" * 6000 + b'"}',
        b'{"ErrorCode": 0, "Big": 123456789012345678901234567890}',
        b'\xef\xbb\xbf{"ErrorCode": 0}',
    ],
)
def test_success(body: bytes) -> None:
    response = answered(body).call("x/y")
    assert response.http_headers == {"x-a": "b"}
    assert response.raw.get("Big", 0) in (0, 123456789012345678901234567890)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"ErrorCode": 70001}', 70001),
        (b'{"ErrorCode": "70001"}', 70001),
        (b'{"ActionStatus": "OK", "ErrorCode": 70001}', 70001),
        (b'{"ErrorCode": -3}', -3),
        (b'{"ActionStatus": "FAIL"}', None),
        (b'{"ActionStatus": "FAIL", "ErrorCode": true, "ErrorInfo": 5, "RequestId": 7}', None),
        (b'{"ActionStatus": "SomeError"}', None),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_failure(body: bytes, code: int | None, status: int) -> None:
    with pytest.raises(ChatAPIError) as caught:
        answered(body, status).call("x/y")
    assert caught.value.code == code
    assert caught.value.http_status == status
    assert caught.value.raw
    assert (type(caught.value) is tencent_chat.AuthenticationError) == (code == 70001)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"<html>", 200),
        (b"[]", 200),
        (b"null", 200),
        (b"{}", 200),
        (b'{"ErrorCode": null}', 200),
        (b'{"error": "x"}', 200),
        (b'{"ErrorCode": 0', 200),
        (b"\xff\xfd", 200),
        (b"[" * 200_000, 200),
        (b'{"ErrorCode": ' + b"1" * 6000 + b"}", 200),
        (b"<h1>Bad Gateway</h1>", 502),
        (b'{"ErrorCode": 0}', 502),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_no_answer_of_the_api(body: bytes, status: int) -> None:
    with pytest.raises(ResponseError) as caught:
        answered(body, status).call("x/y")
    error = caught.value
    assert (error.status, error.headers, error.command) == (status, {"x-a": "b"}, "x/y")
    assert error.text == body.decode("utf-8", "replace")[:4096]
    assert error.__context__ is None
    assert str(error) == f"x/y: {error.reason} (HTTP status {status})"


def test_text_leaves_out_what_was_received() -> None:
    error = ResponseError("no answer", status=502, headers={}, text="dummy message", command="x/y")
    assert "dummy message" not in str(error) + repr(error)
    assert error.text == "dummy message"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"ErrorCode": 0, "Name": "a\xffb"}', "a\ufffdb"),
        (b'\xef\xbb\xbf{"ErrorCode": 0, "Name": "a\xffb"}', "a\ufffdb"),
        (b'{"ErrorCode": 0, "Name": ' + b"7" * 5000 + b"}", "7" * 5000),
        (b'{"ErrorCode": 0, "Name": -' + b"7" * 5000 + b', "x": "\xff"}', "-" + "7" * 5000),
    ],
    ids=["bytes", "mark", "digits", "both"],
)
def test_success_with_damage(
    body: bytes, name: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lenient, "_logged", set())
    client = answered(body)
    for _ in range(2):
        assert client.call("x/y").raw["Name"] == name
    logged = [record.getMessage() for record in caplog.records]
    assert len(logged) == len(set(logged)) > 0
    assert all(text.startswith("answer deviates from Response: *: ") and "777" not in text for text in logged)


@pytest.mark.parametrize("path", [None, 5, [], {"Text": "dummy message"}])
def test_path_that_is_no_text(path: str) -> None:
    with pytest.raises(RequestError, match="a command is a text") as caught:
        answered(b"").call(path, {})
    assert "dummy message" not in str(caught.value)


@pytest.mark.parametrize("number", [10**5000, -(10**700)], ids=["huge", "long"])
def test_integer_that_cannot_be_written(number: int) -> None:
    with pytest.raises(RequestError, match=r"a\[0\]: has too many digits"):
        answered(b"").call("x/y", {"a": [number]})


def test_registry() -> None:
    command = COMMANDS["group_open_http_svc/create_group"]
    assert command.method == "groups.create"
    assert command.rate_limit == 200
    assert ErrorCode(10002) in command.errors
    assert command.request_model.__name__ == "CreateGroupRequest"
    assert command.response_model.__name__ == "CreateGroupResponse"
    assert pickle.loads(pickle.dumps(command)) is command
    assert list(COMMANDS) == sorted(COMMANDS)
    with pytest.raises(KeyError, match="did you mean group_open_http_svc/create_group"):
        COMMANDS["group_open_http_svc/creat_group"]
    assert COMMANDS.get("x/y") is None
