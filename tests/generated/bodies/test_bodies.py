"""Request bodies: what is sent, what is refused and how that reads."""

from __future__ import annotations

import collections
import copy
import enum
import json

import pytest

from tencent_chat import ChatClient, Received, Request, RequestError
from tencent_chat.models.group import CustomField
from tencent_chat.models.groups.create import CreateGroupMember
from tencent_chat.models.message import CustomContent, CustomElem

TEXT = {"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}


class Recorder:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def send(self, request: Request) -> Received:
        self.bodies.append(request.body)
        return Received(200, {}, b'{"ErrorCode":0}')

    @property
    def body(self) -> dict[str, object]:
        return json.loads(self.bodies[-1])


@pytest.fixture
def sent() -> Recorder:
    return Recorder()


@pytest.fixture
def client(sent: Recorder) -> ChatClient:
    return ChatClient(1, "dummy", region="china", transport=sent)


def problems(call, sent: Recorder) -> list[tuple[str, str]]:
    with pytest.raises(RequestError) as caught:
        call()
    assert not sent.bodies
    assert caught.value.__context__ is None
    return [tuple(problem) for problem in caught.value.problems]


def test_none_is_not_sent(client: ChatClient, sent: Recorder) -> None:
    client.groups.create(type="Public", name="größe", owner_account=None)
    assert sent.bodies == ['{"Type":"Public","Name":"größe"}'.encode()]


def test_objects_and_mappings_may_be_mixed(client: ChatClient, sent: Recorder) -> None:
    members = (
        CreateGroupMember(member_account="bob", role=None),
        {"Member_Account": "eve", "AppMemberDefinedData": [CustomField(key="k", value="v")]},
    )
    client.groups.create(type="Public", name="x", member_list=members)
    assert sent.body["MemberList"] == [
        {"Member_Account": "bob"},
        {"Member_Account": "eve", "AppMemberDefinedData": [{"Key": "k", "Value": "v"}]},
    ]


def test_message_elements(client: ChatClient, sent: Recorder) -> None:
    body = [
        TEXT,
        CustomElem(msg_type="TIMCustomElem", msg_content=CustomContent(data="d")),
        {"MsgType": "TIMOfTomorrow", "MsgContent": {"Any": [1, None]}, "More": 1},
    ]
    assert problems(lambda: client.messages.send(to_account="bob", msg_body=body), sent)[0][0] == "MsgBody[2].MsgType"
    client.messages.send(to_account="bob", msg_body=body, msg_random=7, validate=False)
    assert sent.body["MsgBody"] == [
        TEXT,
        {"MsgType": "TIMCustomElem", "MsgContent": {"Data": "d"}},
        {"MsgType": "TIMOfTomorrow", "MsgContent": {"Any": [1, None]}, "More": 1},
    ]
    assert sent.body["MsgRandom"] == 7


def test_random_fields_are_filled_in_a_copy(client: ChatClient, sent: Recorder) -> None:
    body = {"To_Account": "bob", "MsgBody": [TEXT]}
    before = copy.deepcopy(body)
    for _ in range(2):
        client.call("openim/sendmsg", body)
    assert body == before
    first, second = (json.loads(text)["MsgRandom"] for text in sent.bodies)
    assert first != second
    assert 0 <= first < 2**32


def test_subclasses_are_sent_as_what_they_hold(client: ChatClient, sent: Recorder) -> None:
    class Kind(str, enum.Enum):  # noqa: UP042 - its str() is not its value
        PUBLIC = "Public"

    class Number(enum.IntEnum):
        FIVE = 5

    client.groups.create(type=Kind.PUBLIC, name="x", max_member_count=Number.FIVE)
    assert sent.body == {"Type": "Public", "Name": "x", "MaxMemberCount": 5}
    client.call("x/y", collections.OrderedDict(a=collections.deque([1]), b=range(2)))
    assert sent.body == {"a": [1], "b": [0, 1]}


def test_unknown_fields(client: ChatClient, sent: Recorder) -> None:
    found = problems(
        lambda: client.messages.send(
            to_account="bob",
            msg_body=[{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi", "Txet": 1}}],
            offline_push_info={"Titel": "x"},
        ),
        sent,
    )
    assert sorted(found) == [
        ("MsgBody[0].MsgContent.Txet", 'unknown field; did you mean "Text"?'),
        ("OfflinePushInfo.Titel", 'unknown field; did you mean "Title"?'),
    ]


def test_call_lets_unknown_fields_pass(client: ChatClient, sent: Recorder) -> None:
    body = {
        "Type": "Public",
        "Name": "x",
        "New": {"a": None},
        "MemberList": [{"Member_Account": "b", "role": 1}],
        "owner_account": 1,
    }
    client.call("group_open_http_svc/create_group", body)
    assert sent.body == body


def test_call_still_checks_known_fields(client: ChatClient, sent: Recorder) -> None:
    assert problems(lambda: client.call("group_open_http_svc/create_group", {"Type": "Public", "New": 1}), sent) == [
        ("Name", "is required")
    ]


def test_extra_is_not_checked(client: ChatClient, sent: Recorder) -> None:
    client.groups.create(type="Public", name="x", extra={"New": [1], "Introduction": 5})
    assert sent.body == {"Type": "Public", "Name": "x", "New": [1], "Introduction": 5}


def test_checks_can_be_left_out(client: ChatClient, sent: Recorder) -> None:
    client.groups.create(type="Public", name="x" * 100, validate=False)
    assert sent.body["Name"] == "x" * 100
    lax = ChatClient(1, "dummy", region="china", transport=sent, validate=False)
    lax.groups.create(type="Public", name="x" * 100)
    del sent.bodies[:]
    assert problems(lambda: lax.groups.create(type="Public", name="x" * 100, validate=True), sent)


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ({"name": 5}, [("Name", "expected a string, got an integer")]),
        ({"name": "é" * 16}, [("Name", "at most 30 bytes of UTF-8, got 32")]),
        ({"type": 1}, [("Type", "expected a string, got an integer")]),
        ({"max_member_count": True}, [("MaxMemberCount", "expected an integer, got a boolean")]),
        ({"max_member_count": 2.0}, [("MaxMemberCount", "expected an integer, got a number")]),
        ({"member_list": {}}, [("MemberList", "expected an array, got an object")]),
        ({"member_list": [{}]}, [("MemberList[0].Member_Account", "is required")]),
        ({"member_list": [{"Member_Account": None}]}, [
            ("MemberList[0].Member_Account", "expected a string, got null"),
        ]),
        ({"member_list": [{"Member_Account": "b", "Role": None}]}, [
            ("MemberList[0].Role", "null is not allowed; leave the field out"),
        ]),
        ({"member_list": [{"Member_Account": "b"}] * 101}, [("MemberList", "at most 100 items, got 101")]),
        ({"member_list": [{"member_account": "b"}]}, [
            ("MemberList[0].Member_Account", "is required"),
            ("MemberList[0].member_account", 'unknown field; did you mean "Member_Account"?'),
        ]),
        ({"member_list": [{"Member_Account": "b", "MsgSeq": -1}]}, [("MemberList[0].MsgSeq", "at least 0")]),
        ({"name": b"x"}, [("Name", "JSON has no form for bytes; write its text, such as value.decode() or base64")]),
        ({"name": object()}, [("Name", "JSON has no form for object")]),
        ({"name": float("nan")}, [("Name", "JSON has no such number")]),
        ({"name": "\ud800"}, [("Name", "holds half of a surrogate pair")]),
        ({"name": {1: 2}}, [("Name", "a field's name must be a string, not an integer")]),
    ],
)  # fmt: skip
def test_problems_by_path(
    client: ChatClient, sent: Recorder, arguments: dict[str, object], wanted: list[tuple[str, str]]
) -> None:
    assert problems(lambda: client.groups.create(**{"type": "Public", "name": "x", **arguments}), sent) == wanted


@pytest.mark.parametrize(
    ("element", "wanted"),
    [
        ({"MsgType": "TIMTextElem"}, [("MsgBody[0].MsgContent", "is required")]),
        ({"MsgType": "TIMTextElem", "MsgContent": {"Text": 5}}, [
            ("MsgBody[0].MsgContent.Text", "expected a string, got an integer"),
        ]),
        ({"MsgType": 5}, [("MsgBody[0].MsgType", "expected a string, got an integer")]),
        ({}, [("MsgBody[0].MsgType", "is required")]),
        ({"msg_type": "TIMTextElem"}, [
            ("MsgBody[0].MsgType", 'is required; did you write it "msg_type"?'),
        ]),
        (5, [("MsgBody[0]", "expected an object, got an integer")]),
    ],
)  # fmt: skip
def test_problems_of_message_elements(
    client: ChatClient, sent: Recorder, element: object, wanted: list[tuple[str, str]]
) -> None:
    found = problems(lambda: client.messages.send(to_account="bob", msg_body=[element]), sent)
    assert [problem for problem in found if problem != ("MsgBody[0].MsgContent", "is required")] == [
        problem for problem in wanted if problem != ("MsgBody[0].MsgContent", "is required")
    ]


def test_names_of_arguments_in_place_of_fields(client: ChatClient, sent: Recorder) -> None:
    found = problems(lambda: client.call("openim/sendmsg", {"to_account": "bob", "msg_body": []}), sent)
    assert found == [
        ("To_Account", 'is required; did you write it "to_account"?'),
        ("MsgBody", 'is required; did you write it "msg_body"?'),
    ]


@pytest.mark.parametrize(
    ("user_id", "text"), [("", "at least 1 character"), ("\xe9" * 17, "at most 32 bytes of UTF-8, got 34")]
)
def test_every_limit_of_a_text(client: ChatClient, sent: Recorder, user_id: str, text: str) -> None:
    assert problems(lambda: client.accounts.import_account(user_id=user_id), sent) == [("UserID", text)]
    assert problems(lambda: client.accounts.import_accounts(accounts=["bob", user_id]), sent) == [("Accounts[1]", text)]


def test_extra_fields_that_are_no_mapping(client: ChatClient, sent: Recorder) -> None:
    found = problems(lambda: client.accounts.import_account(user_id="bob", extra=["Nick"]), sent)
    assert found == [("extra", "expected an object, got an array")]


def test_endless_bodies_are_refused(client: ChatClient, sent: Recorder) -> None:
    body: dict[str, object] = {}
    body["a"] = [body]
    [(_, text)] = problems(lambda: client.call("x/y", body), sent)
    assert text == "is nested too deeply"


@pytest.mark.parametrize("body", [[], "x", 5, b"{}"])
def test_body_must_be_an_object(client: ChatClient, sent: Recorder, body: object) -> None:
    assert problems(lambda: client.call("x/y", body), sent)


@pytest.mark.parametrize(
    "path", ["", "openim", "openim/", "/openim/sendmsg", "v4/openim/sendmsg", "a/b?c=d", "a/b\n", "a/../b"]
)
def test_paths_that_are_no_commands(client: ChatClient, sent: Recorder, path: str) -> None:
    assert "no command" in problems(lambda: client.call(path), sent)[0][1]
