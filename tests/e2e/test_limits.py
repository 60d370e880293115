"""The emulator refuses what the service refuses, with the documented codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tencent_chat import ChatAPIError, ChatClient, RequestError
from tencent_chat.models import CustomElem, TextElem
from tencent_chat_emulator import Emulator

LONG: list[Any] = [TextElem("字" * 4100)]
BODY: list[Any] = [TextElem("hi")]


@pytest.fixture
def client(tencent_chat_emulator: Emulator) -> Iterator[ChatClient]:
    emulator = tencent_chat_emulator
    with ChatClient(emulator.sdkappid, emulator.secret_key, base_url=emulator.url, retry=False) as client:
        yield client


CASES: list[tuple[Callable[[ChatClient], object], int, str]] = [
    (lambda c: c.messages.send(to_account="b", msg_body=LONG), 93000, "MsgBody: has 12352 bytes of JSON"),
    (lambda c: c.messages.send_batch(to_account=["b"], msg_body=LONG), 93000, "MsgBody: has 12352 bytes of JSON"),
    (lambda c: c.groups.send_message(group_id="g", msg_body=LONG), 80002, "MsgBody: has 12352 bytes of JSON"),
    (
        lambda c: c.groups.import_messages(
            group_id="g", msg_list=[{"From_Account": "a", "SendTime": 1, "MsgBody": LONG}]
        ),
        10020,
        "MsgList[0].MsgBody: has 12352 bytes of JSON",
    ),
    # Its page has no code of its own for that.
    (
        lambda c: c.messages.update(from_account="a", to_account="b", msg_key="k", msg_body=LONG),
        90001,
        "MsgBody: has 12352 bytes of JSON",
    ),
    (lambda c: c.messages.send(to_account="b", msg_body=[CustomElem(data="a")] * 2), 90002, "MsgBody: has too many"),
    (lambda c: c.messages.send(to_account="b", msg_body=[]), 90002, "MsgBody: has 0 items"),
    (lambda c: c.messages.send(to_account="", msg_body=BODY), 90003, "To_Account: has 0 characters"),
    (lambda c: c.messages.send_batch(to_account=["a", ""], msg_body=BODY), 90001, "To_Account[1]: has 0 characters"),
    (lambda c: c.messages.send_batch(to_account=[], msg_body=BODY), 90001, "To_Account: has 0 items"),
    (lambda c: c.groups.send_message(group_id="g", msg_body=[]), 10004, "MsgBody: has 0 items"),
    (lambda c: c.groups.create(type="Pubic", name="n"), 10004, 'Type: must be "Public" or '),  # type: ignore[arg-type]
    (
        lambda c: c.messages.send(to_account="b", msg_body=BODY, sync_other_machine=3),  # type: ignore[arg-type]
        90001,
        "SyncOtherMachine: must be 1 or 2",
    ),
    (
        lambda c: c.messages.send(to_account="b", msg_body=[{"MsgType": "TIMTextElement", "MsgContent": {}}]),
        90002,
        'MsgBody[0].MsgType: must be "TIMTextElem" or ',
    ),
    (
        lambda c: c.call("group_open_http_svc/send_group_msg", {"GroupId": "g", "MsgBody": BODY, "OnlineOnlyFlag": 2}),
        10004,
        "OnlineOnlyFlag: must be 0 or 1",
    ),
]


@pytest.mark.parametrize(("call", "code", "words"), CASES)
def test_client_and_emulator_agree(
    client: ChatClient,
    tencent_chat_emulator: Emulator,
    call: Callable[[ChatClient], object],
    code: int,
    words: str,
) -> None:
    with pytest.raises(RequestError):
        call(client)
    assert not tencent_chat_emulator.calls

    with pytest.raises(ChatAPIError) as caught:
        call(client.with_options(validate=False))
    assert (caught.value.code, words in caught.value.info) == (code, True), caught.value.info
    assert len(tencent_chat_emulator.calls) == 1


def test_what_is_within_the_limits_succeeds(client: ChatClient) -> None:
    client.accounts.import_account(user_id="b")
    client.groups.create(type="Public", name="g", group_id="g")
    client.messages.send(to_account="b", msg_body=[TextElem("x" * 12000)], msg_life_time=8 * 86400)
    client.messages.send_batch(to_account=["b"], msg_body=[CustomElem(data="a"), *BODY], msg_life_time=8 * 86400)
    client.groups.send_message(group_id="g", msg_body=[TextElem("字" * 4000)], online_only_flag=True)
