"""What stands for lists and numbers, and what to write in place of what stands for nothing."""

from __future__ import annotations

import array
import asyncio
import collections
import enum
import fractions
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generated.clients import KINDS, QUICK
from generated.recording import OK, Recorder, client_of
from tencent_chat import AsyncChatClient, ChatClient, Received, Request, RequestError
from tencent_chat.models import CreateGroupMember, CustomElem, ImageElem, ImageInfo, TextElem
from tencent_chat.models._element import Element

TEXT = {"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}
BODY = [TextElem("hi")]


class Series:
    """Iterates, as a column of a table does."""

    def __init__(self, items: Iterable[object]) -> None:
        self.items = list(items)

    def __iter__(self) -> Iterator[object]:
        return iter(self.items)

    def __index__(self) -> int:
        raise TypeError("only an array of one whole number")


class Scalar:
    """A number in an array of no dimension: it can be iterated by its class, and refuses to be."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __iter__(self) -> Iterator[object]:
        raise TypeError("iteration over a 0-d array")

    def __index__(self) -> int:
        return self.value


class Whole:
    """A whole number of another library, as numpy's are."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


class float32(float):  # noqa: N801
    """A number of another library."""


LISTS: list[Callable[[list[object]], Iterable[object]]] = [
    list,
    tuple,
    iter,
    collections.deque,
    collections.UserList,
    Series,
    lambda items: (item for item in items),
    lambda items: dict(enumerate(items)).values(),
]


def send(client: ChatClient, **arguments: Any) -> object:
    return client.messages.send(**{"to_account": "b", "msg_body": BODY, **arguments})


def problem(call: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(RequestError) as caught:
        call()
    [found] = caught.value.problems
    return found.path, found.text


@pytest.mark.parametrize("make", LISTS)
def test_any_iterable_is_a_list(make: Callable[[list[object]], Iterable[object]]) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    send(client, msg_body=make([TextElem("hi"), dict(TEXT)]))
    client.call("openim/sendmsg", {"To_Account": "b", "MsgBody": make([TextElem("hi"), dict(TEXT)])})
    assert [body["MsgBody"] for body in recorder.bodies] == [[TEXT, TEXT]] * 2
    image = ImageElem(uuid="u", image_info_array=make([ImageInfo(type=1), {"Type": 2}]))  # type: ignore[arg-type]
    send(client, msg_body=[image])
    assert recorder.bodies[-1]["MsgBody"][0]["MsgContent"]["ImageInfoArray"] == [{"Type": 1}, {"Type": 2}]


@pytest.mark.parametrize("accounts", [{"a"}, frozenset({"a"}), {"a": 1}.keys(), Series(["a"])])
def test_so_are_sets_and_views(accounts: Any) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    client.accounts.get_state(to_account=accounts)
    client.accounts.get_state_many(to_account=accounts)
    assert [body["To_Account"] for body in recorder.bodies] == [["a"], ["a"]]


def test_numbers_of_an_array() -> None:
    recorder = Recorder()
    client_of(recorder).call("of_tomorrow/command", {"A": array.array("i", [1, 2]), "B": range(2), "C": Scalar(7)})
    assert recorder.body == {"A": [1, 2], "B": [0, 1], "C": 7}


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ("bob", "expected an array, got a string"),
        ("", "expected an array, got a string"),
        ({"bob": 1}, "expected an array, got an object"),
        (b"bob", "JSON has no form for bytes; write its text, such as value.decode() or base64"),
        (collections.UserString("bob"), "JSON has no form for UserString; write str(value)"),
        (Scalar(7), "expected an array, got an integer"),
        (7, "expected an array, got an integer"),
        (TextElem("hi"), "expected an array, got an object"),
        (str, "JSON has no form for type"),
    ],
)
def test_what_is_no_list(wrong: Any, text: str) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    assert problem(lambda: client.accounts.get_state(to_account=wrong)) == ("To_Account", text)
    assert problem(lambda: client.call("openim/querystate", {"To_Account": wrong})) == ("To_Account", text)
    path, _ = problem(lambda: client.accounts.get_state_many(to_account=wrong))
    assert path == "To_Account"
    assert not recorder.bodies


@given(st.integers(-(2**63), 2**64))
def test_whole_numbers_of_other_libraries(value: int) -> None:
    recorder = Recorder()
    client = client_of(recorder, validate=False)
    for number in (Whole(value), Scalar(value)):
        send(client, msg_life_time=number)
        client.call("openim/sendmsg", {"MsgLifeTime": number})
    assert [body["MsgLifeTime"] for body in recorder.bodies] == [value] * 4


def test_they_have_the_limits_of_plain_ones() -> None:
    client = client_of(Recorder())
    assert problem(lambda: send(client, msg_life_time=Whole(-1))) == ("MsgLifeTime", "at least 0")
    member = CreateGroupMember(member_account="a", msg_seq=Whole(5))  # type: ignore[arg-type]
    assert (type(member.msg_seq), member.msg_seq) == (int, 5)
    assert problem(lambda: CreateGroupMember(member_account="a", msg_seq=Whole(-5))) == ("MsgSeq", "at least 0")  # type: ignore[arg-type]


class Colour(enum.Enum):
    RED = "red"


async def later() -> str:
    return "bob"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (uuid.UUID(int=1), "JSON has no form for UUID; write str(value)"),
        (PurePosixPath("/a"), "JSON has no form for PurePosixPath; write str(value)"),
        (Decimal(1), "JSON has no form for Decimal; write int(value) or float(value)"),
        (fractions.Fraction(1, 2), "JSON has no form for Fraction; write int(value) or float(value)"),
        (Colour.RED, "JSON has no form for Colour; write its value"),
        (bytearray(b"x"), "JSON has no form for bytearray; write its text, such as value.decode() or base64"),
        (memoryview(b"x"), "JSON has no form for memoryview; write its text, such as value.decode() or base64"),
        (object(), "JSON has no form for object"),
        (float32("nan"), "JSON has no such number"),
    ],
)
def test_what_to_write_instead(value: Any, text: str) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    assert problem(lambda: send(client, to_account=value)) == ("To_Account", text)
    assert problem(lambda: send(client, to_account=value, validate=False)) == ("To_Account", text)
    assert problem(lambda: client.call("openim/sendmsg", {"To_Account": [value]})) == ("To_Account[0]", text)
    assert problem(lambda: send(client, msg_body=[{**TEXT, "MsgContent": {"Text": value}}])) == (
        "MsgBody[0].MsgContent.Text",
        text,
    )
    assert not recorder.bodies
    if not isinstance(value, float):
        assert problem(lambda: CustomElem(data=value)) == ("Data", text)


def test_what_was_not_awaited() -> None:
    coroutine = later()
    assert problem(lambda: send(client_of(Recorder()), to_account=coroutine)) == (
        "To_Account",
        "JSON has no form for coroutine; await it first",
    )
    coroutine.close()


def test_what_an_iterable_of_the_caller_raises_comes_through() -> None:
    def broken() -> Iterator[Element]:
        yield TextElem("hi")
        raise ValueError("mine")

    recorder = Recorder()
    with pytest.raises(ValueError, match="mine"):
        send(client_of(recorder), msg_body=broken())
    assert not recorder.bodies


class Pager:
    """Answers with three pages of members, each after a failure."""

    def __init__(self) -> None:
        self.recorder = Recorder({**OK, "MemberNum": 6, "MemberList": [{"Member_Account": "a"}] * 2})
        self.failed = True

    def send(self, request: Request) -> Received:
        self.failed = not self.failed
        received = self.recorder.send(request)
        return received if self.failed else Received(502, {}, b"")


def once(*items: object) -> Iterator[Any]:
    yield from items


@pytest.mark.parametrize("kind", KINDS)
def test_iterators_serve_every_page_and_attempt(kind: str) -> None:
    pager = Pager()
    arguments: dict[str, Any] = {
        "group_id": "g",
        "member_info_filter": once("Role"),
        "member_role_filter": once("Owner", "Admin"),
        "extra": {"Future": [once(1, 2), {"Deep": once(3)}]},
    }
    if kind == "sync":
        with ChatClient(1, "dummy", region="china", transport=pager, retry=QUICK) as client:
            members = list(client.groups.iter_members(**arguments))
    else:

        class Transport:
            async def send(self, request: Request) -> Received:
                return pager.send(request)

        async def read() -> list[object]:
            async with AsyncChatClient(1, "dummy", region="china", transport=Transport(), retry=QUICK) as client:
                return [member async for member in client.groups.iter_members(**arguments)]

        members = asyncio.run(read())
    assert len(members) == 6
    assert len(pager.recorder.bodies) == 6
    for body in pager.recorder.bodies:
        assert body["MemberInfoFilter"] == ["Role"]
        assert body["MemberRoleFilter"] == ["Owner", "Admin"]
        assert body["Future"] == [[1, 2], {"Deep": [3]}]


def test_iterators_serve_every_call_of_a_batch() -> None:
    recorder = Recorder()
    result = client_of(recorder).messages.send_batch_many(
        to_account=once(*(f"u{number}" for number in range(1100))),
        msg_body=once(TextElem("hi")),
        send_msg_control=once("NoUnread"),
        extra={"Future": once(1, 2)},
        concurrency=1,
    )
    assert result.ok
    assert [len(body["To_Account"]) for body in recorder.bodies] == [500, 500, 100]
    for body in recorder.bodies:
        assert (body["MsgBody"], body["SendMsgControl"], body["Future"]) == ([TEXT], ["NoUnread"], [1, 2])
    assert result.done[:2] == ("u0", "u1")


def test_items_of_a_batch_are_given_back_as_they_were() -> None:
    member = CreateGroupMember(member_account="a")
    mapping = {"Member_Account": "b"}
    result = client_of(Recorder()).groups.add_members_many(group_id="g", member_list=once(member, mapping))  # type: ignore[arg-type]
    assert result.done[0] is member
    assert result.done[1] is mapping


def test_a_cursor_is_json_whatever_was_given() -> None:
    client = client_of(Recorder())
    pages = client.messages.iter_history(
        operator_account="a", peer_account="b", min_time=0, max_time=datetime(2024, 1, 1, tzinfo=UTC)
    )
    assert json.loads(json.dumps(pages.cursor)) == {"MaxTime": 1704067200}
    again = client.messages.iter_history(
        operator_account="a", peer_account="b", min_time=0, max_time=1, cursor=pages.cursor
    )
    assert again.cursor == {"MaxTime": 1704067200}


def test_what_cannot_be_written_is_told_before_anything_is_read() -> None:
    client = client_of(Recorder())
    for call in (
        lambda: client.groups.iter_members(group_id="g", member_info_filter=[object()]),  # type: ignore[list-item]
        lambda: client.groups.iter_members(group_id="g", extra={"Future": object()}),
        lambda: client.messages.send_batch_many(to_account=["a"], msg_body=BODY, extra={"Future": object()}),
    ):
        assert problem(call)[1] == "JSON has no form for object"
