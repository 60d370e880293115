"""Items that failed although the command succeeded: which they are. In documented answers: `catalogue`."""

from __future__ import annotations

from typing import Any

import pytest

from tencent_chat import COMMANDS, PartialFailureError
from tencent_chat.models.webhooks.group_callback_before_send_msg import BeforeSendGroupMessageEvent


@pytest.mark.parametrize(("result", "failed"), [(0, True), ("0", True), (1, False), (2, False), ("1", False),
                                                (False, False), (None, False), ({}, False)])  # fmt: skip
def test_zero_means_failure_for_members(result: object, failed: bool) -> None:
    model = COMMANDS["group_open_http_svc/add_group_member"].response_model
    answer = model.model_validate({"MemberList": [{"Member_Account": "a", "Result": result}]})
    assert bool(answer.failures) is failed


@pytest.mark.parametrize(("deleted", "failed"), [(False, True), (True, False), (0, False), ("", False), (None, False)])
def test_false_means_failure_for_keywords(deleted: object, failed: bool) -> None:
    model = COMMANDS["im_msg_audit_mgr/delete_cloud_audit_keywords"].response_model
    answer = model.model_validate({"Details": [{"Keyword": "a", "Deleted": deleted}]})
    assert bool(answer.failures) is failed


@pytest.mark.parametrize("answer", [{}, {"ResultItem": None}, {"ResultItem": "x"}, {"ResultItem": [None, 5, "x"]},
                                    {"ResultItem": {}}, {"ResultItem": [[]]}], ids=str)  # fmt: skip
def test_a_list_that_is_none_has_no_failures(answer: dict[str, object]) -> None:
    assert COMMANDS["sns/friend_delete"].response_model.model_validate(answer).failures == ()


def test_an_item_may_be_anything() -> None:
    model = COMMANDS["sns/friend_delete"].response_model
    answer = model.model_validate({"ResultItem": [{"To_Account": {"a": ["b"]}, "ResultCode": 1}, {"ResultCode": 2}]})
    assert [failure.item for failure in answer.failures] == [{"a": ["b"]}, None]
    with pytest.raises(PartialFailureError, match="2 items failed\n  an item: 1\n  an item: 2"):
        answer.raise_for_failures()


def test_what_is_no_whole_answer_has_no_failures() -> None:
    model = COMMANDS["im_open_login_svc/account_check"].response_model
    answer = model.model_validate({"ResultItem": [{"ResultCode": 1}]})
    assert answer.failures
    inner: Any = answer
    assert inner.result_item[0].failures == ()
    event = BeforeSendGroupMessageEvent.model_validate({"ResultItem": [{"ResultCode": 1}]})
    assert event.failures == ()
    event.raise_for_failures()
