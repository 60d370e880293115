"""Doubles of the client and its parts by unittest.mock, and what else a Python developer expects of plain objects."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import functools
import inspect
import json
import logging
import pickle
import pydoc
import typing
import weakref
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import AsyncMock, MagicMock, Mock, PropertyMock, call, create_autospec, patch

import pytest
from pydantic import BaseModel, TypeAdapter

import tencent_chat
from tencent_chat import (
    COMMANDS,
    AsyncChatClient,
    AsyncHTTPTransport,
    AsyncRateLimiter,
    BatchItem,
    BatchResult,
    ChatAPIError,
    ChatClient,
    ConfigurationError,
    ErrorCode,
    Failure,
    HTTPTransport,
    RateLimiter,
    Received,
    Region,
    Retry,
    Transport,
    webhooks,
)
from tencent_chat.models import (
    CreateGroupResponse,
    GetGroupResponse,
    GroupInfo,
    MsgElement,
    TextContent,
    TextElem,
)
from tencent_chat.models.groups.create import CreateGroupMember
from tencent_chat.namespaces.groups import Groups

BODY = b'{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","GroupId":"g"}'
ANSWER = Received(200, {"date": "x"}, BODY)
CREATE = {"type": "Public", "name": "x"}
BEFORE = {"CallbackCommand": "C2C.CallbackBeforeSendMsg"}
CLASSES = [ChatClient, AsyncChatClient]


def client_of(transport: Any = None, **options: Any) -> ChatClient:
    return ChatClient(1, "dummy", region="china", transport=transport, **options)


def answering(answer: Received = ANSWER) -> Any:
    transport = create_autospec(HTTPTransport, instance=True)
    transport.send.return_value = answer
    return transport


def made_by_hand(**more: Any) -> CreateGroupResponse:
    return CreateGroupResponse(action_status="OK", error_code=0, error_info="", group_id="g", **more)


DOUBLES: list[Callable[[type[ChatClient]], Any]] = [
    lambda cls: create_autospec(cls, instance=True),
    lambda cls: create_autospec(cls)(1, "dummy", region="china"),
    lambda cls: create_autospec(cls, spec_set=True, instance=True),
    lambda cls: create_autospec(cls(1, "dummy", region="china")),
]


@pytest.mark.parametrize("make", DOUBLES)
@pytest.mark.parametrize("cls", CLASSES)
def test_a_double_has_the_methods_of_the_client(cls: type[ChatClient], make: Callable[[type[ChatClient]], Any]) -> None:
    double = make(cls)
    assert isinstance(double, cls)
    returned = made_by_hand()
    double.groups.create.return_value = returned
    result = double.groups.create(**CREATE)
    assert (asyncio.run(result) if cls is AsyncChatClient else result) is returned
    double.groups.create.assert_called_once_with(**CREATE)
    double.groups.iter_all.return_value = ["a"]
    assert list(double.groups.iter_all()) == ["a"]
    with pytest.raises(AttributeError):
        double.groups.craete(**CREATE)
    with pytest.raises(AttributeError):
        double.grops  # noqa: B018
    for wrong in ({}, {**CREATE, "nam": "x"}):
        with pytest.raises(TypeError):
            double.groups.create(**wrong)


def test_a_double_takes_the_place_of_the_class() -> None:
    with patch("tencent_chat.ChatClient", autospec=True) as double:
        client = tencent_chat.ChatClient(1, "dummy", region="china")
        client.groups.create(type="Public", name="x")
        double.return_value.groups.create.assert_called_once_with(type="Public", name="x")
        with pytest.raises(TypeError):
            tencent_chat.ChatClient(app=1)  # type: ignore[call-arg]
    assert tencent_chat.ChatClient is ChatClient


def test_a_double_is_a_context_manager() -> None:
    double = create_autospec(ChatClient, instance=True)
    double.__enter__.return_value = double
    with double as client:
        client.groups.create(**CREATE)

    async def main() -> None:
        other = create_autospec(AsyncChatClient, instance=True)
        other.__aenter__.return_value = other
        async with other as client:
            await asyncio.gather(client.groups.create(**CREATE), client.call("x/y"), client.close())

    asyncio.run(main())


def test_methods_are_patched_for_a_while() -> None:
    client = client_of(answering())
    with patch.object(client.groups, "create", autospec=True, return_value=5) as create:
        assert client.groups.create(type="Public", name="x") == 5
        create.assert_called_once_with(type="Public", name="x")
        with pytest.raises(TypeError):
            client.groups.create(typ="Public")  # type: ignore[call-arg]
    with patch.object(Groups, "create", return_value=5):
        assert client.groups.create(type="Public", name="x") == 5
    assert client.groups.create(type="Public", name="x").group_id == "g"


def test_namespaces_are_patched_for_a_while() -> None:
    for client in (client_of(), client_of()):
        with patch.object(client, "groups", autospec=True) as groups:
            assert client.groups is groups
            groups.create(**CREATE)
        assert isinstance(client.groups, Groups)
    with patch.object(ChatClient, "groups", new_callable=PropertyMock) as groups:
        assert client_of().groups is groups.return_value
    assert isinstance(client_of().groups, Groups)


def test_doubles_of_namespaces() -> None:
    for spec in (Groups, client_of().groups):
        double = Mock(spec_set=spec)
        assert isinstance(double, Groups)
        double.create(**CREATE)
        with pytest.raises(AttributeError):
            double.craete(**CREATE)
    assert isinstance(create_autospec(AsyncChatClient(1, "dummy", region="china").groups).create, AsyncMock)


def test_a_double_goes_along_to_clients_with_other_settings() -> None:
    client = client_of()
    double = client.groups = Mock(spec=Groups)
    accounts = client.accounts
    for other in (client.with_options(timeout=1), client.as_identifier("b")):
        assert other.groups is double
        assert other.accounts is not accounts


TRANSPORTS = [
    lambda: create_autospec(HTTPTransport, instance=True),
    lambda: create_autospec(HTTPTransport(), instance=True),
    lambda: Mock(),
    lambda: MagicMock(),
    lambda: Mock(spec=Transport),
    lambda: Mock(spec=HTTPTransport()),
]


@pytest.mark.parametrize("make", TRANSPORTS)
def test_doubles_of_transports(make: Callable[[], Any]) -> None:
    transport = make()
    transport.send.return_value = ANSWER
    assert client_of(transport).groups.create(type="Public", name="x").group_id == "g"
    assert "usersig=***" in transport.send.call_args.args[0].target


def test_a_transport_that_is_watched() -> None:
    watched = Mock(wraps=answering())
    assert client_of(watched).groups.create(type="Public", name="x").group_id == "g"
    watched.send.assert_called_once()


@pytest.mark.parametrize("make", [lambda: create_autospec(AsyncHTTPTransport, instance=True), AsyncMock])
def test_doubles_of_async_transports(make: Callable[[], Any]) -> None:
    transport = make()
    transport.send.return_value = ANSWER
    client = AsyncChatClient(1, "dummy", region="china", transport=transport)
    assert asyncio.run(client.groups.create(type="Public", name="x")).group_id == "g"
    with pytest.raises(ConfigurationError, match="transport must be like HTTPTransport"):
        client_of(transport)


def test_doubles_of_rate_limiters_and_hooks() -> None:
    limiter, hook = create_autospec(RateLimiter, instance=True), MagicMock()
    client_of(answering(), rate_limiter=limiter, hooks=[hook]).call("x/y")
    limiter.acquire.assert_called_once_with(1, "x/y")
    hook.return_value.__enter__.assert_called_once_with()
    with pytest.raises(ConfigurationError, match="rate_limiter must be like RateLimiter"):
        client_of(rate_limiter=create_autospec(AsyncRateLimiter, instance=True))


class Handlers:
    def plain(self, event: webhooks.BeforeSendMessageEvent) -> None: ...
    async def awaited(self, event: webhooks.BeforeSendMessageEvent) -> None: ...


HANDLERS = create_autospec(Handlers, instance=True)


@pytest.mark.parametrize("handler", [Mock(), HANDLERS.plain, create_autospec(Handlers().plain), Mock(spec=len)])
def test_doubles_of_handlers(handler: Any) -> None:
    handler.return_value = None
    router = webhooks.Router(token=None)
    router.on(webhooks.BeforeSendMessageEvent)(handler)
    assert router.handle(BEFORE, b"{}").status == 200
    handler.assert_called_once()


@pytest.mark.parametrize("handler", [AsyncMock(), HANDLERS.awaited, create_autospec(Handlers().awaited)])
def test_doubles_of_async_handlers(handler: Any) -> None:
    handler.return_value = None
    router = webhooks.Router(token=None)
    router.on(webhooks.BeforeSendMessageEvent)(handler)
    assert asyncio.run(router.handle_async(BEFORE, b"{}")).status == 200
    handler.assert_awaited_once()
    with pytest.raises(ConfigurationError, match="is async"):
        router.handle(BEFORE, b"{}")


# Equality and copies


def test_an_answer_equals_one_that_was_made_by_hand() -> None:
    client = client_of(answering())
    first = client.groups.create(type="Public", name="x")
    second = client_of(answering(Received(200, {"date": "y"}, BODY))).groups.create(type="Public", name="x")
    assert first.raw
    for other in (second, made_by_hand(), CreateGroupResponse.model_validate(first.raw), copy.deepcopy(first)):
        assert first == other == first
    for other in (made_by_hand(type="Public"), made_by_hand(Later=5), CreateGroupResponse(group_id="g"), {}, None):
        assert first != other
    assert [first] == [second]
    assert call(first) == call(made_by_hand())


def test_an_event_equals_one_that_was_made_by_hand() -> None:
    event = webhooks.parse({**BEFORE, "ClientIP": "1.2.3.4"}, b'{"From_Account":"a"}')
    assert event == webhooks.BeforeSendMessageEvent(from_account="a")
    assert event != webhooks.BeforeSendMessageEvent(from_account="b")
    assert event != webhooks.AfterSendMessageEvent(from_account="a")


def test_answers_inside_of_others_are_equal() -> None:
    class Outer(BaseModel):
        answer: CreateGroupResponse

    @dataclasses.dataclass
    class Plain:
        answer: CreateGroupResponse

    answer = client_of(answering()).groups.create(type="Public", name="x")
    assert Outer(answer=answer) == Outer(answer=made_by_hand())
    assert Plain(answer) == Plain(made_by_hand())
    assert dataclasses.replace(Plain(answer)) == Plain(answer)
    assert dataclasses.asdict(Plain(answer))["answer"] == answer
    assert copy.deepcopy(Outer(answer=answer)).answer.raw == answer.raw


def test_private_attributes_of_an_apps_own_class_count() -> None:
    class Mine(CreateGroupResponse):
        _seen: int = 0

    one, other = Mine(group_id="g"), Mine(group_id="g")
    assert one == other
    other._seen = 5
    assert one != other
    assert one != CreateGroupResponse(group_id="g")


ERROR = ChatAPIError(10004, "x", "group_open_http_svc/create_group")
FAILED: BatchItem[str, Any] = BatchItem("a", "a", "failed", 1, "x", None, ERROR)
PLAIN: list[Any] = [
    made_by_hand(),
    GroupInfo(group_id="g", name="n"),
    TextElem("hi"),
    webhooks.parse(BEFORE, b'{"From_Account":"a"}'),
    webhooks.allow(webhooks.BeforeSendMessageEvent()),
    Failure("a", 1, "x"),
    BatchResult("x/y", (BatchItem("a", "a", "done", None, "", None, None),), (), (), (), False),
    Retry(attempts=2),
    COMMANDS["openim/sendmsg"],
    COMMANDS["openim/sendmsg"].rate_limits,
    webhooks.WEBHOOKS["C2C.CallbackBeforeSendMsg"],
    ErrorCode(10004),
    Region("china"),
    ANSWER,
]


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: type(value).__name__)
def test_copies_are_equal(value: Any) -> None:
    for twin in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert type(twin) is type(value)
        assert twin == value
        assert repr(twin) == repr(value)


def test_copies_of_errors_say_the_same() -> None:
    for twin in (copy.copy(ERROR), copy.deepcopy(ERROR), pickle.loads(pickle.dumps(ERROR))):
        assert (str(twin), twin.args, twin.code) == (str(ERROR), ERROR.args, ERROR.code)
    result = BatchResult("x/y", (FAILED,), (), (ERROR,), (), False)
    assert str(copy.deepcopy(result).errors[0]) == str(ERROR)


def test_what_belongs_to_a_client_cannot_be_pickled() -> None:
    client = client_of()
    for value in (client.groups, client.groups.create, client.groups.iter_all(), functools.partial(client.call, "x/y")):
        with pytest.raises(TypeError, match="make one in each process"):
            pickle.dumps(value)


def test_models_are_no_keys() -> None:
    for value in (made_by_hand(), GroupInfo(group_id="g"), TextElem("hi"), webhooks.BeforeSendMessageEvent()):
        with pytest.raises(TypeError, match="unhashable type"):
            hash(value)
    plain = (client_of(), COMMANDS["openim/sendmsg"], ErrorCode(10004), Region("china"), Failure("a", 1, ""), Retry())
    assert len(set(plain)) == len(plain)


def test_a_copy_with_changes() -> None:
    answer = client_of(answering()).groups.create(type="Public", name="x")
    changed = answer.model_copy(update={"group_id": "h"})
    assert (changed.group_id, answer.group_id) == ("h", "g")
    assert changed == made_by_hand().model_copy(update={"group_id": "h"})


# Looks from outside


@pytest.mark.parametrize("cls", CLASSES)
def test_names_are_completed(cls: type[ChatClient]) -> None:
    client = cls(1, "dummy", region="china")
    for named in (cls, client):
        assert {"groups", "messages", "call", "close", "with_options"} <= set(dir(named))
    assert {"create", "iter_all", "import_messages_many"} <= set(dir(client.groups))
    assert "groups" not in vars(cls(1, "dummy", region="china"))


@pytest.mark.parametrize("cls", CLASSES)
def test_help_and_signatures(cls: type[ChatClient]) -> None:
    client = cls(1, "dummy", region="china")
    for asked in (client.groups.create, cls.groups.create, cls, client, cls.groups):
        assert "reate" in pydoc.plain(pydoc.render_doc(asked))
    parameters = inspect.signature(client.groups.create).parameters
    assert list(parameters)[:2] == ["type", "name"]
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters.values())
    assert parameters["name"].default is inspect.Parameter.empty
    assert parameters["group_id"].default is None
    assert client.groups.create.__qualname__.endswith("Groups.create")
    assert inspect.iscoroutinefunction(client.groups.create) is (cls is AsyncChatClient)
    assert not inspect.iscoroutinefunction(client.groups.iter_all)

    @functools.wraps(client.groups.create)
    def wrapper(**arguments: Any) -> object:
        return client.groups.create(**arguments)

    assert inspect.signature(wrapper) == inspect.signature(client.groups.create)
    assert cls.groups.__doc__
    assert typing.get_type_hints(GroupInfo)["group_id"] == str | None


def test_a_client_is_an_object_like_others() -> None:
    class Mine(ChatClient):
        def __init__(self, *, tenant: str, **options: Any) -> None:
            super().__init__(1, "dummy", region="china", **options)
            self.tenant = tenant

        @property
        def groups(self) -> Any:
            return self.tenant

    mine = Mine(tenant="a").with_options(timeout=3)
    assert (type(mine), mine.tenant, mine.groups) == (Mine, "a", "a")
    assert weakref.ref(mine)() is mine
    assert bool(mine)
    assert mine != Mine(tenant="a")
    del mine.__dict__["tenant"]


def test_one_namespace_for_all_threads() -> None:
    client = client_of()
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: id(client.groups), range(100)))) == 1


def test_results_of_batches_are_collections() -> None:
    done: BatchItem[str, Any] = BatchItem("b", "b", "done", None, "", None, None)
    result = BatchResult("x/y", (FAILED, done), (), (), (), False)
    assert list(result) == list(result) == [FAILED, done]
    assert (len(result), bool(result), done in result, "b" in result) == (2, True, True, False)
    assert not BatchResult("x/y", (), (), (), (), False)


def matched(value: object) -> Iterator[object]:
    match value:
        case TextElem(msg_content=TextContent(text=text)):
            yield text
        case GroupInfo(group_id=str(group_id), type="Public"):
            yield group_id
        case ChatAPIError(code=ErrorCode.GROUP_INVALID_PARAMETER):
            yield "refused"
        case Failure(item, code, _):
            yield from (item, code)
        case {"GroupId": group_id}:
            yield group_id


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (TextElem("hi"), ["hi"]),
        (GroupInfo(group_id="g", type="Public"), ["g"]),
        (GroupInfo(group_id="g"), []),
        (ERROR, ["refused"]),
        (Failure("a", 1, "x"), ["a", 1]),
    ],
)
def test_patterns(value: object, expected: list[object]) -> None:
    assert list(matched(value)) == expected


def test_what_was_received_is_plain_json(caplog: pytest.LogCaptureFixture) -> None:
    answer = client_of(answering()).groups.create(type="Public", name="x")
    assert list(matched(answer.raw)) == ["g"]
    assert isinstance(answer.raw, Mapping)
    assert json.loads(json.dumps(answer.raw)) == json.loads(BODY)
    assert json.loads(json.dumps([Failure("a", 10004, "x"), ErrorCode(10004)])) == [["a", 10004, "x"], 10004]
    logging.getLogger(__name__).warning("%s", answer)
    assert "group_id='g'" in caplog.text


def test_models_in_other_types() -> None:
    groups = TypeAdapter(list[GroupInfo]).validate_json(b'[{"GroupId": "a"}, {"GroupId": "b", "Later": 1}]')
    assert [group.group_id for group in groups] == ["a", "b"]
    elements = [TextElem("a"), TextElem("b")]
    written = TypeAdapter(list[MsgElement]).dump_json(elements, by_alias=True, exclude_unset=True)
    assert TypeAdapter(list[MsgElement]).validate_json(written) == elements
    found = GetGroupResponse.model_validate({"GroupInfo": [{"GroupId": "a"}]})
    assert [group.group_id for group in found.group_info or []] == ["a"]


def test_signatures_of_models_have_the_names_in_python() -> None:
    shown = inspect.signature(CreateGroupMember)
    first, *others = shown.parameters.values()
    assert (first.name, first.kind, first.default) == ("member_account", first.KEYWORD_ONLY, inspect.Parameter.empty)
    assert {one.default for one in others} == {None}
    assert {"role", "join_time", "name_card"} <= set(shown.parameters)
    member = CreateGroupMember(member_account="bob")
    assert inspect.signature(CreateGroupMember) == shown
    assert not hasattr(member, "__signature__")
    assert str(inspect.signature(TextElem)).startswith("(text: ")
    assert "group_id" in inspect.signature(GroupInfo).parameters
    # What they have in common says nothing of its own.
    assert not inspect.signature(GroupInfo.__mro__[1]).parameters
    assert "user_id" in inspect.signature(COMMANDS["im_open_login_svc/kick"].request_model).parameters


def test_signatures_of_classes_made_of_models() -> None:
    class Named(CreateGroupMember):
        def __init__(self, who: str) -> None:
            super().__init__(member_account=who)

    class Wider(CreateGroupMember):
        more: int = 5

    assert Named("bob").member_account == "bob"
    assert str(inspect.signature(Named)) == "(who: 'str') -> None"
    assert inspect.signature(Wider).parameters["more"].default == 5
