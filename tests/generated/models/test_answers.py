"""Response models: lenient, lossless, and quiet about values."""

from __future__ import annotations

import copy
import json
import logging
import pickle
from functools import cache
from typing import Literal, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from support.effort import cases
from tencent_chat import COMMANDS, Response
from tencent_chat._bodies import lenient
from tencent_chat._bodies.fields import arms
from tencent_chat.models.group import CustomField
from tencent_chat.models.groups.create import CreateGroupResponse
from tencent_chat.models.groups.get import GetGroupResponse
from tencent_chat.models.messages.get_history import GetMessageHistoryResponse

SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=5)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def back(response: Response) -> object:
    return response.model_dump(mode="json", by_alias=True, exclude_unset=True)


def same(left: object, right: object) -> bool:
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def value_of(annotation: object) -> st.SearchStrategy[object]:
    """Values for a field, most of them of the right kind: nested objects are wrecked in their turn."""
    options: list[st.SearchStrategy[object]] = [JSON]
    for arm in arms(annotation):
        if isinstance(arm, type) and issubclass(arm, BaseModel):
            options.append(st.deferred(lambda arm=arm: wrecked(arm)))
        elif get_origin(arm) is list:
            options.append(st.deferred(lambda arm=arm: st.lists(value_of(get_args(arm)[0]), max_size=3)))
        elif get_origin(arm) is dict:
            options.append(
                st.deferred(
                    lambda arm=arm: st.dictionaries(st.text(max_size=3), value_of(get_args(arm)[1]), max_size=2)
                )
            )
        elif get_origin(arm) is Literal:
            options.append(st.sampled_from(get_args(arm)))
        elif arm in (str, int):
            options.append(st.text(max_size=3) if arm is str else st.integers())
    return st.one_of(options[::-1])


@cache
def wrecked(model: type[BaseModel]) -> st.SearchStrategy[dict[str, object]]:
    """Objects with some of the model's fields, right and wrong, and with unknown ones."""
    fields = {field.alias or name: value_of(field.annotation) for name, field in model.model_fields.items()}
    # An unknown field may have the name of an attribute. Beside a null for that very attribute it is
    # the one thing that pydantic cannot tell apart.
    strange = st.dictionaries(
        st.sampled_from(["New", "raw", "model_config", *model.model_fields]),
        JSON.filter(lambda v: v is not None),
        max_size=2,
    )

    def merged(pair: tuple[dict[str, object], dict[str, object]]) -> dict[str, object]:
        known, unknown = pair
        nulls = {name for name, field in model.model_fields.items() if known.get(field.alias or name, 0) is None}
        return {**{name: value for name, value in unknown.items() if name not in nulls}, **known}

    return st.tuples(st.fixed_dictionaries({}, optional=fields), strange).map(merged)


@settings(max_examples=cases(400), suppress_health_check=list(HealthCheck))
@given(data=st.data(), path=st.sampled_from(list(COMMANDS)))
def test_nothing_is_refused_converted_or_lost(path: str, data: st.DataObject) -> None:
    model = COMMANDS[path].response_model
    answer = data.draw(wrecked(model))
    before = copy.deepcopy(answer)
    response = model.model_validate(answer)
    assert same(back(response), before)
    assert same(answer, before)
    assert same(back(model.model_validate_json(json.dumps(answer))), before)


def test_fitting_parts_become_objects() -> None:
    response = GetGroupResponse.model_validate(
        {
            "ErrorCode": "0",
            "GroupInfo": [5, {"GroupId": 7, "Name": "x", "AppDefinedData": [{"Key": "k", "Value": 1}, None]}],
        }
    )
    assert response.error_code == "0"
    broken, group = response.group_info
    assert broken == 5
    assert (group.group_id, group.name) == (7, "x")
    [field, nothing] = group.app_defined_data
    assert type(field).__name__.endswith("Field")
    assert (field.key, field.value, nothing) == ("k", 1, None)


def test_missing_fields_of_shared_objects_are_none() -> None:
    found = lenient.build(CustomField, {"Key": "k"})
    assert (found.key, found.value, found.model_fields_set) == ("k", None, {"key"})


def test_message_elements_of_any_shape() -> None:
    elements = [
        {"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}},
        {"MsgType": "TIMTextElem", "MsgContent": {"Text": 5}},
        {"MsgType": "TIMOfTomorrow", "MsgContent": {"a": 1}},
        {"MsgType": 5},
    ]
    response = GetMessageHistoryResponse.model_validate({"MsgList": [{"MsgBody": elements}]})
    kinds = [type(element).__name__ for element in response.msg_list[0].msg_body]
    assert kinds[:3] == ["TextElem", "TextElem", "UnknownElement"]
    assert [element.msg_content.text for element in response.msg_list[0].msg_body[:2]] == ["hi", 5]
    assert same(back(response), {"MsgList": [{"MsgBody": elements}]})


def test_names_of_attributes_are_no_wire_names() -> None:
    response = CreateGroupResponse.model_validate({"group_id": "x", "type": 5})
    assert (response.group_id, response.type) == (None, None)
    assert back(response) == {"group_id": "x", "type": 5}


def test_deviations_are_logged_once_without_values(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lenient, "_logged", set())
    for value in (111, 222):
        CreateGroupResponse.model_validate({"GroupId": value, "Type": ["secret"], "HugeGroupFlag": "secret"})
    logged = [record.getMessage() for record in caplog.records if record.name == "tencent_chat"]
    assert sorted(logged) == [
        "answer deviates from CreateGroupResponse: GroupId: expected a string, got an integer",
        "answer deviates from CreateGroupResponse: HugeGroupFlag: expected an integer, got a string",
        "answer deviates from CreateGroupResponse: Type: expected a string, got an array",
    ]
    assert all(record.levelno == logging.WARNING for record in caplog.records)


def test_reception_survives_copies() -> None:
    from tencent_chat.models._reception import with_reception

    response = with_reception(CreateGroupResponse.model_validate({"GroupId": "x"}), {"GroupId": "x"}, 200, {"a": "b"})
    for twin in (
        response,
        copy.copy(response),
        copy.deepcopy(response),
        pickle.loads(pickle.dumps(response)),
        response.model_copy(),
    ):
        assert (twin.raw, twin.http_status, twin.http_headers) == ({"GroupId": "x"}, 200, {"a": "b"})
    assert CreateGroupResponse(group_id="x").raw == {}


@pytest.mark.parametrize("text", ["", "[]", "5", "{", "[" * 100_000])
def test_only_an_object_is_an_answer(text: str) -> None:
    with pytest.raises(ValidationError):
        CreateGroupResponse.model_validate_json(text)


@pytest.mark.parametrize("value", [[], 5, None, "x"])
def test_only_a_dict_is_an_answer(value: object) -> None:
    with pytest.raises(ValidationError):
        CreateGroupResponse.model_validate(value)


def test_half_surrogates_stay() -> None:
    answer = json.loads('{"GroupId": "a\\ud800", "New": "\\ud800"}')
    response = CreateGroupResponse.model_validate(answer)
    assert response.group_id == "a\ud800"
    assert back(response) == answer
    text = response.model_dump_json(by_alias=True, exclude_unset=True)
    assert text == '{"GroupId":"a\\ud800","New":"\\ud800"}'
    assert json.loads(response.model_dump_json(by_alias=True, exclude_unset=True, indent=2)) == answer
    assert CreateGroupResponse.model_validate_json(text).raw == {}
