"""Codes of bodies that break the schema, where the page of the command names one."""

from __future__ import annotations

from typing import Any

import pytest

from tencent_chat import ChatAPIError, ChatClient


def a_profile(tag: str, value: object) -> dict[str, object]:
    return {"From_Account": "alice", "ProfileItem": [{"Tag": tag, "Value": value}]}


@pytest.mark.parametrize(
    ("command", "body", "code"),
    [
        ("im_open_login_svc/account_import", {"UserID": "dave", "Nick": "é" * 251}, 40601),
        ("im_open_login_svc/account_import", {"UserID": "d" * 33}, 70402),
        ("profile/portrait_set", a_profile("Tag_Nick", "A"), 40009),
        ("profile/portrait_set", a_profile("Tag_Profile_IM_Nick", "é" * 251), 40601),
        ("profile/portrait_set", a_profile("Tag_Profile_IM_Nick", True), 40610),
        ("profile/portrait_get", {"To_Account": [], "TagList": []}, 40002),
        ("profile/portrait_get", {"To_Account": ["alice"], "TagList": ["Tag_Nick"]}, 40009),
        ("openim/query_online_status", {"To_Account": ["alice"] * 501}, 90011),
        ("openim/query_online_status", {"To_Account": [5]}, 90003),
        ("openim/query_online_status", {"To_Account": []}, 90001),
        ("openim/querystate", {"To_Account": ["alice"] * 501}, 90011),
        ("openconfigsvr/setnospeaking", {"C2CmsgNospeakingTime": 5}, 130004),
        ("openconfigsvr/setnospeaking", {"Set_Account": 5}, 130005),
        ("openconfigsvr/getnospeaking", {}, 130002),
        ("openconfigsvr/getnospeaking", {"Get_Account": ""}, 130003),
        (
            "im_msg_audit/content_moderation",
            {"AuditName": "C2C", "ContentType": "Text", "Content": "x" * 8193},
            93000,
        ),
        (
            "im_msg_audit/batch_content_moderation",
            {
                "AuditName": "C2C",
                "Contents": [{"ContentId": i, "ContentType": "Text", "Content": ""} for i in range(11)],
            },
            93008,
        ),
        (
            "im_msg_audit_mgr/add_cloud_audit_keywords",
            {"SdkAppId": 1, "LibID": "x", "UserKeywords": [{"Content": "x"}] * 11},
            2016,
        ),
    ],
)
def test_the_page_names_the_code(client: ChatClient, command: str, body: dict[str, Any], code: int) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.call(command, body, validate=False)
    assert caught.value.code == code
