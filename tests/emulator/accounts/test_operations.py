"""What administrators do for the app as a whole."""

from __future__ import annotations

import pytest

from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._memory.settings import is_muted

FOREVER = 4294967295


def left(client: ChatClient, name: str) -> tuple[int | None, int | None]:
    mute = client.operations.get_mute(get_account=name)
    return mute.c2_cmsg_nospeaking_time, mute.groupmsg_nospeaking_time


def muted(emulator: Emulator, name: str) -> tuple[bool, bool]:
    now = int(emulator.clock.now())
    return is_muted(emulator.state, name, now, "C2C"), is_muted(emulator.state, name, now, "Group")


def test_a_mute_ends_by_itself(emulator: Emulator, client: ChatClient) -> None:
    assert (left(client, "bob"), muted(emulator, "bob")) == ((0, 0), (False, False))
    client.operations.set_mute(set_account="bob", c2_cmsg_nospeaking_time=60)
    assert (left(client, "bob"), muted(emulator, "bob")) == ((60, 0), (True, False))
    emulator.clock.advance(59)
    assert (left(client, "bob"), muted(emulator, "bob")) == ((1, 0), (True, False))
    emulator.clock.advance(1)
    assert (left(client, "bob"), muted(emulator, "bob")) == ((0, 0), (False, False))


def test_a_mute_for_ever_is_lifted(emulator: Emulator, client: ChatClient) -> None:
    client.operations.set_mute(set_account="bob", c2_cmsg_nospeaking_time=FOREVER, groupmsg_nospeaking_time=FOREVER - 1)
    emulator.clock.advance(86400)
    assert left(client, "bob") == (FOREVER, FOREVER - 1 - 86400)
    client.operations.set_mute(set_account="bob", c2_cmsg_nospeaking_time=0)
    assert (left(client, "bob")[0], muted(emulator, "bob")) == (0, (False, True))


@pytest.mark.parametrize(
    ("command", "body", "code"),
    [
        ("setnospeaking", {"Set_Account": "bob"}, 130008),
        ("setnospeaking", {"Set_Account": "nobody", "C2CmsgNospeakingTime": 5}, 130005),
        ("getnospeaking", {"Get_Account": "nobody"}, 130003),
    ],
)
def test_mistakes_are_refused(client: ChatClient, command: str, body: dict[str, object], code: int) -> None:
    with pytest.raises(ChatAPIError) as caught:
        client.call(f"openconfigsvr/{command}", body)
    assert caught.value.code == code


def test_webhooks_come_from_here(client: ChatClient) -> None:
    assert client.operations.list_ip_addresses().ip_list == ["127.0.0.1"]
