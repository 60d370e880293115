"""Items that failed although the command succeeded: for every documented answer, through models and the client."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from generated.catalogue.spec import API
from generated.loopback import Server, http
from tencent_chat import COMMANDS, ChatClient, PartialFailureError

# Read off the samples: command and number of the example, and of each failed item its name, code and reason.
EXPECTED: dict[tuple[str, int], list[tuple[object, object, str]]] = {
    ("follow/follow_add", 1): [("star", 32101, "too many followers")],
    ("follow/follow_check", 1): [("nobody", 30003, "account does not exist")],
    ("follow/follow_get_info", 1): [("nobody", 30003, "account does not exist")],
    ("group_open_http_svc/add_group_member", 1): [("jared", 0, "")],
    ("group_open_http_svc/add_topic_permission_group", 1): [
        ("@TGS#_@TGS#cV6IHIIM62C4@TOPIC#_@TOPIC#cKXPQIIM62CD", 110010, "topic already in permission group")
    ],
    ("group_open_http_svc/destroy_permission_group", 1): [
        ("@PMG#_@PMG#cM2", 110008, "permission group has been deleted")
    ],
    ("group_open_http_svc/get_group_info", 1): [("@TGS#GONE", 10010, "group does not exist")],
    ("group_open_http_svc/get_permission_group", 1): [
        ("@PMG#_test_permission_group_with_topic", 110006, "permission group not exist")
    ],
    ("live_engine_http_pk/create_battle", 1): [("pk-4", 3, "room is in another battle")],
    ("live_engine_http_pk/set_battle_score", 1): [("nowhere", 1, "")],
    ("live_engine_http_srv/add_gift_category_relations", 1): [("nothing", None, "")],
    ("group_open_http_svc/get_group_msg_receipt", 1): [(3, 10062, "")],
    ("group_open_http_svc/group_msg_recall", 1): [(100, 10030, "")],
    ("group_open_http_svc/import_group_member", 1): [("tommy", 0, "")],
    ("group_open_http_svc/import_group_msg", 1): [(0, 10004, "")],
    ("im_msg_audit/batch_content_moderation", 1): [(2, 93001, "moderation internal error")],
    ("im_msg_audit_mgr/delete_cloud_audit_keywords", 1): [("never added", False, "keyword not found")],
    ("im_open_login_svc/account_delete", 1): [("UserID_2", 70107, "Err_TLS_PT_Open_Login_Account_Not_Exist")],
    ("im_open_login_svc/multiaccount_import", 1): [("carol", None, ""), ("dave", None, "")],
    ("million_group_open_http_svc/destroy_topic", 1): [
        ("@TGS#_@TGS#cQVLVHIM62CJ@TOPIC#_TestTopic", 110003, "topic has been deleted")
    ],
    ("million_group_open_http_svc/get_topic", 2): [
        ("@TGS#_@TGS#cQVLVHIM62CJ@TOPIC#_TestTopic", 110003, "topic has been deleted")
    ],
    ("official_account_open_http_svc/add_subscriber", 1): [("nobody", 0, "")],
    ("official_account_open_http_svc/delete_subscriber", 1): [("bob", 0, "")],
    ("official_account_open_http_svc/official_account_msg_recall", 1): [("9_1_1600000000", 10004, "")],
    ("openim/batchsendmsg", 1): [("rong", 70107, "")],
    ("openim/delete_c2c_msg_ramble", 1): [("4713", None, "")],
    ("openim/get_c2c_unread_msg_num", 2): [("nobody", 70107, "")],
    ("openim/query_online_status", 0): [("id4", 70107, "")],
    ("openim/query_online_status", 1): [("id4", 70107, "")],
    ("openim_msg_ext_http_svc/group_set_key_values", 1): [("key2", 23001, "")],
    ("openim_msg_ext_http_svc/set_key_values", 1): [("k2", 23001, "")],
    ("profile/portrait_get", 2): [("nobody", 40003, "account does not exist")],
    ("recentcontact/create_contact_group", 1): [
        ({"Type": 2, "ToGroupId": "@TGS#1N3RSUYG2"}, 51007, "group was disbanded")
    ],
    ("recentcontact/mark_contact", 1): [({"Type": 2, "ToGroupId": "@TGS#1N3RSUYG2"}, 51007, "group was disbanded")],
    ("sns/black_list_add", 1): [("nobody", 30003, "account does not exist")],
    ("sns/black_list_check", 0): [("nobody", 30006, "internal error")],
    ("sns/black_list_delete", 1): [("id3", 30006, "Err_SNS_BlackListCheck_Check_Reverse_BlackList_Fail")],
    ("sns/friend_add", 1): [
        ("id2", 30006, "Err_SNS_FriendAdd_Unpack_Profile_Data_Fail"),
        ("id3", 30002, "Err_SNS_FriendAdd_SdkAppId_Illegal"),
    ],
    ("sns/friend_add", 2): [("bob", 30539, "Err_SNS_FriendAdd_Need_Confirm")],
    ("sns/friend_check", 0): [("id5", 30006, "Err_SNS_FriendCheck_Check_Relation_Exec_Task_Fail")],
    ("sns/friend_delete", 1): [("carol", 31704, "not a friend")],
    ("sns/friend_get_list", 1): [("UserID_4", 30001, "Err_SNS_FriendGetList_Friend_Not_Exist")],
    ("sns/friend_import", 1): [
        ("id2", 30010, "Err_SNS_FriendImport_My_Friend_Num_Exceed_Threshold"),
        ("id3", 30002, "Err_SNS_FriendImport_SdkAppId_Illegal"),
    ],
    ("sns/friend_update", 1): [
        ("id2", 30011, "Err_SNS_FriendUpdate_Group_Num_Exceed_Threshold"),
        ("id3", 30002, "Err_SNS_FriendImport_SdkAppId_Illegal"),
    ],
    ("sns/group_add", 1): [
        ("id2", 32216, "Err_SNS_GroupAdd_ToTinyId_Not_Friend"),
        ("id3", 30002, "ERR_SDKAPPID_ILLEGAL"),
    ],
    ("timpush/add_tag", 2): [("nobody", 70107, "")],
    ("timpush/batch", 1): [("user", 70107, "")],
    ("timpush/clear_all_tags", 1): [("xiaohong", 70107, "")],
    ("timpush/get_attr", 1): [("Mary", 70107, "")],
    ("timpush/get_tag", 1): [("Mary", 70107, "")],
    ("timpush/remove_attr", 1): [("Mary", 70107, "")],
    ("timpush/remove_tag", 1): [("nobody", 70107, "")],
    ("timpush/set_attr", 1): [("nobody", 70107, "")],
}
ANSWERS = [
    (command.path, number, example.response)
    for command in API.commands
    if command.failures
    for number, example in enumerate(command.examples)
    if example.response.get("ActionStatus") != "FAIL" and not example.response.get("ErrorCode")
]


def rows(response: Any) -> list[tuple[object, object, str]]:
    return [tuple(failure) for failure in response.failures]


@pytest.mark.parametrize(("path", "number", "answer"), ANSWERS, ids=lambda value: value if type(value) is str else "")
def test_failed_items_of_documented_answers(path: str, number: int, answer: dict[str, Any]) -> None:
    expected = EXPECTED.get((path, number), [])
    model = COMMANDS[path].response_model.model_validate(answer)
    with (
        Server(lambda *_: http({"ActionStatus": "OK", **answer})) as server,
        ChatClient(1400000000, "dummy", base_url=server.url, retry=False) as client,
    ):
        received = client.call(path, {}, validate=False)
    for response in (model, received, pickle.loads(pickle.dumps(received)), received.model_copy(deep=True)):
        assert rows(response) == expected
        assert [type(code) for _, code, _ in rows(response)] == [type(code) for _, code, _ in expected]
        if not expected:
            response.raise_for_failures()
            continue
        with pytest.raises(PartialFailureError) as caught:
            response.raise_for_failures()
        error = pickle.loads(pickle.dumps(caught.value))
        assert error.failures == response.failures
        assert error.command == path
        assert str(error).startswith(f"{path}: {len(expected)} item")


def test_every_expectation_is_about_an_example() -> None:
    assert EXPECTED.keys() <= {(path, number) for path, number, _ in ANSWERS}
