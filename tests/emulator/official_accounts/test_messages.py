"""Messages of official accounts."""

from __future__ import annotations

import pytest

from support.group_messages import text
from support.groups import refused, told
from support.official_accounts import NEWS, history, make, send
from support.receiver import Receiver
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

ASKED, SENT, RECALLED = (
    "OfficialAccount.CallbackBeforeSendMsg",
    "OfficialAccount.CallbackAfterSendMsg",
    "OfficialAccount.CallbackAfterMsgWithDraw",
)
DAY = 86400


@pytest.fixture(autouse=True)
def news(client: ChatClient) -> None:
    make(client)


def recall(client: ChatClient, *keys: str) -> list[int | None]:
    answer = client.official_accounts.recall_messages(official_account=NEWS, msg_key_list=list(keys))
    return [item.ret_code for item in answer.recall_ret_list or ()]


def test_what_was_sent_is_in_the_history(client: ChatClient, emulator: Emulator) -> None:
    now = int(emulator.clock.now())
    assert send(client, NEWS, "one", random=5) == f"1_1_{now}"
    assert send(client, NEWS, "two") == f"2_1_{now}"
    client.official_accounts.get_history(official_account=NEWS)
    answer = emulator.calls[-1].answer
    assert (answer["IsFinished"], answer["LastMsgKey"]) == (1, "")
    assert answer["RspMsgList"][1] == {
        "From_Account": NEWS,
        "IsPlaceMsg": 0,
        "MsgBody": text("one"),
        "MsgPriority": 2,
        "MsgRandom": 5,
        "MsgKey": f"1_1_{now}",
        "MsgSeq": 1,
        "MsgTimeStamp": now,
    }


@pytest.mark.parametrize("size", [1, 2, 5, 20, 50, None])
def test_pages_hold_all_once(client: ChatClient, size: int | None) -> None:
    for number in range(45):
        send(client, NEWS, str(number))
    assert [seq for seq, _, _ in history(client, NEWS, req_msg_number=size)] == list(range(45, 0, -1))


def test_a_page_says_whether_it_has_all(client: ChatClient, emulator: Emulator) -> None:
    send(client, NEWS, "old")
    emulator.clock.advance(30 * DAY)
    for number in range(25):
        send(client, NEWS, str(number))
    get = client.official_accounts.get_history
    first = get(official_account=NEWS, req_msg_number=21)
    assert (len(first.rsp_msg_list or ()), first.is_finished) == (20, 0)
    second = get(official_account=NEWS, req_msg_number=21, last_msg_key=first.last_msg_key)
    assert (len(second.rsp_msg_list or ()), second.is_finished, second.last_msg_key) == (5, 2, "")
    assert get(official_account=NEWS, req_msg_number=5).is_finished == 1
    for broken in ({"req_msg_number": 0}, {"last_msg_key": "x"}):
        with refused(6017):
            get(official_account=NEWS, **broken)  # type: ignore[arg-type]


def test_messages_are_kept_for_30_days(client: ChatClient, emulator: Emulator) -> None:
    key = send(client, NEWS, "old")
    emulator.clock.advance(30 * DAY - 1)
    assert history(client, NEWS) == [(1, 0, "old")]
    emulator.clock.advance(1)
    assert history(client, NEWS) == []
    assert recall(client, key) == [10030]


def test_the_same_message_again_is_dropped(client: ChatClient, emulator: Emulator) -> None:
    key = send(client, NEWS, random=5)
    assert send(client, NEWS, random=5) == key
    assert send(client, NEWS, "other words", random=5) != key
    emulator.clock.advance(300)
    assert send(client, NEWS, random=5) not in (key, "")
    assert len(history(client, NEWS)) == 3


def test_what_is_for_online_subscribers_is_not_stored(client: ChatClient) -> None:
    key = send(client, NEWS, "live now", online_only_flag=True)
    assert history(client, NEWS) == [(1, 1, "")]
    assert recall(client, key) == [10030]


def test_recalled_messages_are_empty(client: ChatClient) -> None:
    one, two = send(client, NEWS, "one"), send(client, NEWS, "two")
    assert recall(client, one, "9_1_1600000000", "nonsense") == [0, 10030, 10004]
    assert recall(client, one) == [10030]
    assert history(client, NEWS) == [(2, 0, "two")]
    assert history(client, NEWS, with_recalled_msg=True) == [(2, 0, "two"), (1, 2, "")]
    answer = client.official_accounts.recall_messages(official_account=NEWS, msg_key_list=[{"MsgKey": two}])
    assert [(item.msg_key, item.msg_seq) for item in answer.recall_ret_list or ()] == [(two, 2)]


def test_the_official_account_must_exist(client: ChatClient) -> None:
    with refused(130004):
        send(client, "@TOA#_gone")
    with refused(130004):
        history(client, "@TOA#_gone")
    with refused(10010):
        client.official_accounts.recall_messages(official_account="@TOA#_gone", msg_key_list=["1_1_1"])


@pytest.mark.usefixtures("receiver")
def test_it_is_told(client: ChatClient, emulator: Emulator) -> None:
    key = send(client, NEWS, cloud_custom_data="x")
    send(client, NEWS, forbid_callback_control=["ForbidBeforeSendMsgCallback", "ForbidAfterSendMsgCallback"])
    recall(client, key, "9_1_9")
    event = {"Official_Account": NEWS, "OnlineOnlyFlag": 0, "MsgBody": text("hello"), "CloudCustomData": "x"}
    assert told(emulator, ASKED) == [event]
    assert told(emulator, SENT) == [event | {"MsgKey": key, "MsgTime": int(emulator.clock.now())}]
    assert told(emulator, RECALLED) == [{"Official_Account": NEWS, "WithdrawMsgList": [{"MsgKey": key}]}]


@pytest.mark.parametrize(("own", "code"), [(1, 10016), (120017, 120017)])
def test_the_app_may_refuse(client: ChatClient, receiver: Receiver, own: int, code: int) -> None:
    receiver.reject(ASKED, own, "not so")
    with refused(code):
        send(client, NEWS)
    assert history(client, NEWS) == []


def test_the_app_may_drop_or_change(client: ChatClient, emulator: Emulator, receiver: Receiver) -> None:
    receiver.reject(ASKED, 2)
    send(client, NEWS)
    assert history(client, NEWS) == told(emulator, SENT) == []
    receiver.reply(ASKED, MsgBody=text("changed"), CloudCustomData="y")
    send(client, NEWS)
    assert history(client, NEWS) == [(1, 0, "changed")]
    (sent,) = told(emulator, SENT)
    assert (sent["MsgBody"], sent["CloudCustomData"]) == (text("changed"), "y")


def test_an_official_account_sends_once_a_second() -> None:
    with (
        Emulator(now=1_800_000_000, rate_limits=True) as emulator,
        ChatClient(emulator.sdkappid, emulator.secret_key, base_url=emulator.url, retry=False) as client,
    ):
        client.accounts.import_account(user_id="alice")
        make(client)
        make(client, "@TOA#_sports")
        send(client, NEWS)
        send(client, "@TOA#_sports")
        with refused(60007):
            send(client, NEWS)
        emulator.clock.advance(1)
        send(client, NEWS)
