"""A 0 or 1 that means no or yes is a bool to the caller, and a number on the wire."""

from __future__ import annotations

import copy
import enum
import json
import logging
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generated.recording import OK, Recorder, client_of
from tencent_chat import ChatClient, RequestError
from tencent_chat.models import GroupInfo, TextElem
from tencent_chat.models.groups.send_message import SendGroupMessageRequest
from tencent_chat.webhooks import WEBHOOKS

SEND = "group_open_http_svc/send_group_msg"
BODY = [TextElem("hi")]
TEXT = {"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}
REFUSED = "must be true or false; 1 or 0 on the wire"


class Whole:
    """An integer of another library."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


class bool_:  # noqa: N801
    """A yes or no of another library."""

    def __bool__(self) -> bool:
        return True


class Switch(enum.IntEnum):
    ON = 1


WAYS: list[Callable[[ChatClient, Any], object]] = [
    lambda c, flag: c.groups.send_message(group_id="g", msg_body=BODY, online_only_flag=flag),
    lambda c, flag: c.call(SEND, {"GroupId": "g", "MsgBody": BODY, "OnlineOnlyFlag": flag}),
    lambda c, flag: c.call(SEND, SendGroupMessageRequest(group_id="g", msg_body=BODY, random=1, online_only_flag=flag)),
    lambda c, flag: c.groups.send_message(group_id="g", msg_body=BODY, extra={"OnlineOnlyFlag": flag}),
]
CHECKED = WAYS[:3]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("flag", "number"), [(True, 1), (False, 0), (1, 1), (0, 0), (Switch.ON, 1), (Whole(1), 1), (Whole(0), 0)]
)
def test_a_yes_or_no_travels_as_a_number(way: Callable[[ChatClient, Any], object], flag: object, number: int) -> None:
    recorder = Recorder()
    way(client_of(recorder), flag)
    assert recorder.body["OnlineOnlyFlag"] is not True
    assert json.dumps(recorder.body["OnlineOnlyFlag"]) == str(number)


@pytest.mark.parametrize("way", CHECKED)
@pytest.mark.parametrize("value", [2, -1, "1", "true", "", 1.0, 0.0, [True], {}, Whole(2)])
def test_anything_else_is_refused(way: Callable[[ChatClient, Any], object], value: object) -> None:
    recorder = Recorder()
    with pytest.raises(RequestError) as caught:
        way(client_of(recorder), value)
    [problem] = caught.value.problems
    assert tuple(problem) == ("OnlineOnlyFlag", REFUSED)
    assert not recorder.bodies


def test_what_to_write_for_a_yes_or_no_of_another_library() -> None:
    with pytest.raises(RequestError, match=r"OnlineOnlyFlag .*: JSON has no form for bool_; write bool\(value\)"):
        client_of(Recorder()).groups.send_message(group_id="g", msg_body=BODY, online_only_flag=bool_())  # type: ignore[arg-type]


@pytest.mark.parametrize(("value", "sent"), [(True, "1"), (2, "2"), ("x", '"x"'), (None, "null")])
def test_without_validation_anything_is_sent(value: object, sent: str) -> None:
    recorder = Recorder()
    body = {"GroupId": "g", "MsgBody": BODY, "OnlineOnlyFlag": value, "Future": True}
    client_of(recorder).call(SEND, body, validate=False)
    assert json.dumps(recorder.body["OnlineOnlyFlag"]) == sent
    # Of what nobody knows, true stays true.
    assert recorder.body["Future"] is True


def test_a_flag_of_an_unknown_command_stays_as_it_is() -> None:
    recorder = Recorder()
    client_of(recorder).call("of_tomorrow/command", {"OnlineOnlyFlag": True})
    assert recorder.body == {"OnlineOnlyFlag": True}


def test_a_boolean_of_the_wire_is_no_flag() -> None:
    chunk = {"EventType": "delta", "Index": 1, "Markdown": "m", "IsLast": True}
    body = {
        "From_Account": "a",
        "To_Account": "b",
        "MsgBody": [{"MsgType": "TIMStreamElem", "MsgContent": {"Chunks": [chunk]}}],
    }
    recorder = Recorder()
    client_of(recorder).call("stream_msg/send_c2c_stream_msg", body)
    assert recorder.body["MsgBody"][0]["MsgContent"]["Chunks"][0]["IsLast"] is True
    chunk["IsLast"] = 1
    with pytest.raises(RequestError, match="expected a boolean, got an integer"):
        client_of(recorder).call("stream_msg/send_c2c_stream_msg", body)


def answer_of(flag: object) -> Any:
    answer = {**OK, "GroupInfo": [{"GroupId": "g", "EnablePermission": flag}]}
    return client_of(Recorder(answer)).groups.get(group_id_list=["g"])


@pytest.mark.parametrize(("number", "flag"), [(1, True), (0, False)])
def test_answers_give_a_bool_and_keep_the_number(number: int, flag: bool) -> None:
    response = answer_of(number)
    assert response.group_info[0].enable_permission is flag
    wire = {"GroupId": "g", "EnablePermission": number}
    assert json.dumps(response.raw["GroupInfo"]) == json.dumps([wire])
    for mode in ("json", "python"):
        dumped = response.model_dump(mode=mode, by_alias=True, exclude_unset=True)
        assert json.dumps(dumped["GroupInfo"]) == json.dumps([wire])
    assert json.loads(response.model_dump_json(by_alias=True, exclude_unset=True))["GroupInfo"] == [wire]
    assert '"EnablePermission":true' not in response.model_dump_json(by_alias=True)
    assert f"enable_permission={flag}" in repr(response.group_info[0])


@pytest.mark.parametrize("value", [2, -1, "1", "", 1.0, None, [], {"a": 1}, 2**80, True, False])
def test_what_deviates_stays_as_it_came(value: object, caplog: pytest.LogCaptureFixture) -> None:
    response = answer_of(value)
    kept = response.group_info[0].enable_permission
    assert (type(kept), kept) == (type(value), value)
    dumped = response.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert json.dumps(dumped["GroupInfo"][0]["EnablePermission"]) == json.dumps(value)
    assert all(record.levelno <= logging.WARNING for record in caplog.records)


@pytest.mark.parametrize("flag", [True, False])
def test_a_boolean_where_a_number_is_due_stays_one(flag: bool) -> None:
    response = answer_of(flag)
    for same in (response, copy.deepcopy(response), pickle.loads(pickle.dumps(response))):
        assert same.group_info[0].enable_permission is flag
        assert same.raw["GroupInfo"] == [{"GroupId": "g", "EnablePermission": flag}]
        dumped = same.model_dump(by_alias=True, exclude_unset=True)["GroupInfo"][0]
        assert dumped["EnablePermission"] is flag
    # Made by hand, it is what the service would send.
    made = GroupInfo(group_id="g", enable_permission=flag)
    assert json.dumps(made.model_dump(by_alias=True, exclude_unset=True)["EnablePermission"]) == str(int(flag))


@given(st.booleans(), st.none() | st.integers(-(2**40), 2**40))
def test_models_with_flags_and_times_are_plain_objects(flag: bool, time: int | None) -> None:
    fields = {"GroupId": "g", "EnablePermission": int(flag), "CreateTime": time}
    group = GroupInfo.model_validate({name: value for name, value in fields.items() if value is not None})
    for same in (
        copy.copy(group),
        copy.deepcopy(group),
        group.model_copy(),
        pickle.loads(pickle.dumps(group)),
        GroupInfo.model_validate(group.model_dump(by_alias=True, exclude_unset=True)),
        GroupInfo.model_validate_json(group.model_dump_json(by_alias=True, exclude_unset=True)),
    ):
        assert same == group
        assert same.enable_permission is flag
        assert (same.create_time, same.create_time_utc) == (group.create_time, group.create_time_utc)
    assert group != group.model_copy(update={"enable_permission": not flag})


def test_events_give_bools_too() -> None:
    model = WEBHOOKS["C2C.CallbackBeforeSendMsg"].event_model
    event: Any = model.model_validate({"CallbackCommand": "C2C.CallbackBeforeSendMsg", "OnlineOnlyFlag": 1})
    assert event.online_only_flag is True
    assert event.model_dump(by_alias=True, exclude_unset=True)["OnlineOnlyFlag"] == 1
