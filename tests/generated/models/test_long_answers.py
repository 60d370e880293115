"""Answers of thousands of objects: what making them costs, in counts that are the same on every machine."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from generated.imports import ROOT
from tencent_chat import ChatClient, Received
from tencent_chat._bodies import lenient
from tencent_chat.models import GroupInfo, GroupMember, ListGroupMembersResponse, MemberCustomField

MEMBERS = 2000
MEMBER: dict[str, object] = {
    "Member_Account": "bob",
    "Role": "Member",
    "JoinTime": 1425976500,
    "MsgFlag": "AcceptAndNotify",
    "AppMemberDefinedData": [{"Key": "Level", "Value": "7"}],
}


def reader(member: dict[str, object]) -> Callable[[], ListGroupMembersResponse]:
    body = json.dumps({"ErrorCode": 0, "MemberList": [MEMBER] * (MEMBERS - 1) + [member]}).encode()

    class Canned:
        def send(self, _request: object) -> Received:
            return Received(200, {}, body)

    client = ChatClient(1400000000, "dummy", region="singapore", transport=Canned())
    return lambda: client.groups.list_members(group_id="@TGS#1")


@pytest.fixture
def read() -> Callable[[], ListGroupMembersResponse]:
    ready = reader(MEMBER)
    ready()
    return ready


@pytest.fixture
def collections() -> Iterator[list[int]]:
    """The generations that the collector went through."""
    found: list[int] = []

    def note(phase: str, info: dict[str, Any]) -> None:
        if phase == "start":
            found.append(info["generation"])

    gc.collect()
    gc.callbacks.append(note)
    yield found
    gc.callbacks.remove(note)


def test_nothing_of_a_member_is_looked_at_in_python(read: Callable[[], ListGroupMembersResponse]) -> None:
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        answer = read()
    finally:
        sys.setprofile(None)
    assert answer.member_list
    assert len(answer.member_list) == MEMBERS
    assert calls < 200


def test_a_member_is_few_objects_to_the_collector(read: Callable[[], ListGroupMembersResponse]) -> None:
    gc.collect()
    before = len(gc.get_objects())
    answer = read()
    gc.collect()
    assert answer.member_list
    # Two models, a set of fields for each, a list, and the fields of the one that holds it.
    assert len(gc.get_objects()) - before < 6.1 * MEMBERS


def test_the_collector_waits_for_the_whole_answer(
    read: Callable[[], ListGroupMembersResponse], collections: list[int]
) -> None:
    answer = read()
    assert answer.member_list
    assert len(collections) <= 2
    assert 2 not in collections
    assert gc.isenabled()


def test_the_collector_goes_on_after_an_answer_that_deviates() -> None:
    answer = reader(MEMBER | {"JoinTime": "odd"})()
    assert answer.member_list
    assert answer.member_list[-1].join_time == "odd"  # type: ignore[comparison-overlap]
    assert gc.isenabled()


def test_a_collector_that_the_app_has_stopped_stays_so(read: Callable[[], ListGroupMembersResponse]) -> None:
    gc.disable()
    try:
        read()
        assert not gc.isenabled()
    finally:
        gc.enable()


FORK = """
import gc, json, os, sys, threading, time, warnings
warnings.simplefilter("ignore")
from tencent_chat import ChatClient, Received
body = json.dumps({"ErrorCode": 0, "MemberList": [{"AppMemberDefinedData": [{"Key": "Level", "Value": "7"}]}] * 3000})

class Canned:
    def send(self, request):
        return Received(200, {}, body.encode())

client = ChatClient(1400000000, "dummy", region="singapore", transport=Canned())
client.groups.list_members(group_id="x")
amidst = threading.Event()

def pause(frame, event, argument):
    if not gc.isenabled() and not amidst.is_set():
        amidst.set()
        time.sleep(0.2)

def read():
    sys.setprofile(pause)
    client.groups.list_members(group_id="x")

thread = threading.Thread(target=read)
thread.start()
assert amidst.wait(60)
child = os.fork()
if not child:
    os._exit(0 if gc.isenabled() else 1)
thread.join()
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_child_that_is_forked_meanwhile_collects() -> None:
    subprocess.run([sys.executable, "-c", FORK], cwd=ROOT, check=True, timeout=120)


def test_classes_of_the_app_have_their_checks_in_their_order() -> None:
    class Mine(GroupMember):
        nick: Annotated[str, AfterValidator(str.strip), Field(min_length=3)] = "none"

    with pytest.raises(ValidationError):
        TypeAdapter(Mine).validate_python({"nick": " a "})


@pytest.mark.parametrize(
    "key", ["", "k", "k" * 16, "k" * 17, "é" * 8, "é" * 8 + "k", "字" * 5, "字" * 6, "😀" * 4, 7, None]
)
def test_limits_in_bytes_are_the_same_in_json(key: object) -> None:
    received = {"Key": key, "Value": "v"}

    def verdict(take: Callable[[], MemberCustomField]) -> object:
        try:
            return take()
        except ValidationError:
            return "refused"

    of_dict = verdict(lambda: MemberCustomField.model_validate(received))
    assert verdict(lambda: MemberCustomField.model_validate_json(json.dumps(received))) == of_dict
    assert verdict(lambda: MemberCustomField.model_validate_json(json.dumps(received, ensure_ascii=False))) == of_dict
    # What deviates is in an answer all the same.
    members = reader({**MEMBER, "AppMemberDefinedData": [received]})().member_list or []
    assert [field.key for field in members[-1].app_member_defined_data or []] == [key]
    assert isinstance(members[0].app_member_defined_data, list)
    assert type(members[0].app_member_defined_data[0].key) is str


def test_the_log_tells_of_a_text_with_too_many_bytes(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lenient, "_logged", set())
    reader({**MEMBER, "AppMemberDefinedData": [{"Key": "é" * 9}]})()
    logged = [record.getMessage() for record in caplog.records if "deviates" in record.getMessage()]
    place = "MemberList[].AppMemberDefinedData[].Key"
    assert logged == [f"answer deviates from ListGroupMembersResponse: {place}: at most 16 bytes of UTF-8"]


@pytest.mark.parametrize(
    ("model", "field", "value"), [(GroupMember, "Role", "Owner"), (GroupInfo, "Type", "AVChatRoom")]
)
def test_schemas_name_the_documented_values_of_texts_that_may_be_others(model: Any, field: str, value: str) -> None:
    schema = model.model_json_schema()
    assert value in json.dumps([schema["properties"][field], schema.get("$defs")])
    assert {"type": "string"} in schema["properties"][field]["anyOf"]
