"""Three accounts that write to each other."""

from __future__ import annotations

import pytest

from support.chat import Chat
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


@pytest.fixture(autouse=True)
def chat(client: ChatClient) -> Chat:
    """Of alice, bob and carol."""
    client.accounts.import_accounts(accounts=["alice", "bob", "carol"])
    return Chat(client)


@pytest.fixture
def now(emulator: Emulator) -> int:
    """The emulator's time at the start of the test, in Unix seconds."""
    return int(emulator.clock.now())
