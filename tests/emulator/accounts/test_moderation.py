"""Blocked words, what is judged by them, and banned files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from support.receiver import Receiver
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._memory.settings import Library

FILE = "https://cdn.example.com/7f3c.png"


@pytest.fixture
def library(emulator: Emulator, client: ChatClient) -> str:
    """The library that an app has from the start, with three words."""
    (found,) = client.moderation.iter_libraries(sdk_app_id=emulator.sdkappid)
    words = [{"Content": "watches", "Label": "Ad"}, {"Content": "Damn", "Label": "Abuse"}, {"Content": "coins"}]
    client.moderation.add_keywords(sdk_app_id=emulator.sdkappid, lib_id=found.id or "", user_keywords=words)
    return found.id or ""


def words(emulator: Emulator, client: ChatClient, library: str, **more: Any) -> list[str | None]:
    found = client.moderation.iter_keywords(sdk_app_id=emulator.sdkappid, lib_id=library, **more)
    return [item.content for item in found]


def test_words_are_added_listed_and_deleted(emulator: Emulator, client: ChatClient, library: str) -> None:
    assert words(emulator, client, library, limit=2) == ["watches", "Damn", "coins"]
    assert words(emulator, client, library, content="a", limit=1) == ["watches", "Damn"]
    page = client.moderation.list_keywords(sdk_app_id=emulator.sdkappid, lib_id=library, offset=1, limit=1)
    assert (page.total_count, len(page.infos or ())) == (3, 1)
    added = datetime.strptime((page.infos or ())[0].create_time or "", "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    assert added.timestamp() == int(emulator.clock.now())

    deleted = client.moderation.delete_keywords(
        sdk_app_id=emulator.sdkappid, lib_id=library, keywords=["Damn", "never"]
    )
    assert [(item.keyword, item.deleted, bool(item.keyword_id)) for item in deleted.details or ()] == [
        ("Damn", True, True),
        ("never", False, False),
    ]
    assert (deleted.count, words(emulator, client, library)) == (1, ["watches", "coins"])


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("add_cloud_audit_keywords", {"LibID": "none", "UserKeywords": [{"Content": "x"}]}),
        ("delete_cloud_audit_keywords", {"LibID": "none", "Keywords": ["x"]}),
        ("get_cloud_audit_keywords", {"LibID": "none", "Offset": 0, "Limit": 5}),
        ("get_cloud_audit_keywords_ids", {"Offset": -1, "Limit": 5}),
        ("get_cloud_audit_keywords_ids", {"Offset": 0, "Limit": 0}),
        ("add_local_audit_keywords", {"LocalAuditWords": [{"WordType": 1}]}),
        ("add_local_audit_keywords", {"LocalAuditWords": [{"Keyword": "(", "WordType": 2}]}),
        ("delete_local_audit_keywords", {"LocalAuditWords": [{"WordType": 1}]}),
    ],
)
def test_mistakes_are_refused(emulator: Emulator, client: ChatClient, command: str, body: dict[str, object]) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.call(f"im_msg_audit_mgr/{command}", {"SdkAppId": emulator.sdkappid, **body})
    assert caught.value.code == 2003


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ("Good morning", ("Pass", 0, "Normal", [])),
        ("Cheap WATCHES", ("Block", 100, "Ad", ["watches"])),
        ("free coins", ("Block", 100, "Illegal", ["coins"])),
        ("damn watches", ("Block", 100, "Composite", ["watches", "Damn"])),
    ],
)
def test_texts_are_judged_by_words(client: ChatClient, text: str, judged: tuple[object, ...]) -> None:
    answer = client.moderation.check(audit_name="C2C", content_type="Text", content=text)
    assert (answer.result, answer.score, answer.label, answer.keywords) == judged


def test_the_strictest_library_decides(emulator: Emulator, client: ChatClient, library: str) -> None:
    emulator.state.settings.libraries["second"] = Library("second", suggestion="Review")
    client.moderation.add_keywords(
        sdk_app_id=emulator.sdkappid, lib_id="second", user_keywords=[{"Content": "deal", "Label": "Ad"}]
    )
    assert len(list(client.moderation.iter_libraries(sdk_app_id=emulator.sdkappid, limit=1))) == 2
    answer = client.moderation.check(audit_name="Group", content_type="Text", content="a deal")
    assert (answer.result, answer.label) == ("Review", "Ad")
    answer = client.moderation.check(audit_name="Group", content_type="Text", content="a deal on watches")
    assert (answer.result, answer.label) == ("Block", "Ad")
    client.moderation.delete_keywords(sdk_app_id=emulator.sdkappid, lib_id=library, keywords=["watches"])
    answer = client.moderation.check(audit_name="Group", content_type="Text", content="watches")
    assert answer.result == "Pass"


@pytest.mark.usefixtures("library")
def test_several_are_judged_at_once(client: ChatClient) -> None:
    contents: list[dict[str, object]] = [
        {"ContentId": 1, "ContentType": "Text", "Content": "watches"},
        {"ContentId": 2, "ContentType": "Image", "Content": f"{FILE}?watches"},
    ]
    results = client.moderation.check_batch(audit_name="Group", contents=contents).audit_results or ()
    assert [(item.content_id, item.error_code, item.result) for item in results] == [(1, 0, "Block"), (2, 0, "Pass")]
    assert len({item.request_id for item in results}) == 2
    for wrong, code in (({"ContentId": 2}, 93007), ({"ContentType": "Audio"}, 93005)):
        with pytest.raises(ChatAPIError) as caught:
            client.moderation.check_batch(audit_name="Group", contents=[contents[0] | wrong, contents[1]])
        assert caught.value.code == code


def test_a_film_is_judged_later(emulator: Emulator, client: ChatClient, receiver: Receiver) -> None:
    answer = client.moderation.check(audit_name="UserInfo", content_type="Video", content=FILE)
    assert answer.result is None
    (delivery,) = emulator.webhooks.delivered
    assert delivery.command == "ContentCallback.ResultNotify"
    (told,) = receiver.bodies(delivery.command)
    assert (told["CtxcbRequestId"], told["FileURL"], told["Scene"]) == (answer.request_id, FILE, "UserInfo")


def test_local_words_are_remembered(emulator: Emulator, client: ChatClient) -> None:
    def listed(**more: Any) -> list[tuple[str | None, int | None, str | None]]:
        found = client.moderation.iter_local_keywords(sdk_app_id=emulator.sdkappid, **more)
        return [(item.keyword, item.filter_type, item.replaced_content) for item in found]

    app: dict[str, Any] = {"sdk_app_id": emulator.sdkappid}
    added = [
        {"Keyword": "damn", "ReplacedContent": "****"},
        {"Keyword": "d.mn", "WordType": 2, "FilterType": 2},
        {"Keyword": "watches", "FilterType": 2},
    ]
    client.moderation.add_local_keywords(**app, local_audit_words=added)
    client.moderation.add_local_keywords(**app, local_audit_words=[{"Keyword": "damn", "ReplacedContent": "#"}])
    assert listed(limit=2) == [("damn", 1, "#"), ("d.mn", 2, ""), ("watches", 2, "")]
    assert listed(filter_type=2, keyword="mn") == [("d.mn", 2, "")]
    page = client.moderation.list_local_keywords(**app, filter_type=1)
    assert (page.total_count, page.total_reg_count, page.cur_count, page.cur_reg_count) == (3, 1, 1, 0)

    number = (page.local_audit_words or ())[0].id
    gone: list[dict[str, object]] = [{"Id": number}, {"Keyword": "watches", "WordType": 2}, {"Keyword": "d.mn"}]
    client.moderation.delete_local_keywords(**app, local_audit_words=gone)
    assert listed() == [("watches", 2, "")]


def test_files_are_banned(client: ChatClient) -> None:
    def signed(url: str) -> tuple[int | None, str]:
        answer = client.moderation.sign_file(raw_ur_ls=[{"ResourceID": 7, "RawURL": url}])
        (item,) = answer.pre_sig_ur_ls or ()
        assert (item.code, item.resource_id) == (0, 7)
        return item.status, item.pre_sig_url or ""

    assert signed(FILE)[0] == 0
    client.moderation.ban_file(raw_url=FILE)
    assert (signed(FILE)[0], signed(f"{FILE}?a=1")[0]) == (1, 0)
    assert signed(FILE)[1].startswith(f"{FILE}?sign=")
    assert signed(f"{FILE}?a=1")[1].startswith(f"{FILE}?a=1&sign=")
    client.moderation.unban_file(raw_url=FILE)
    client.moderation.unban_file(raw_url=FILE)
    assert signed(FILE)[0] == 0
