"""Accounts, and a public group of Alice's with Bob and Carol in it."""

from __future__ import annotations

import pytest

from support.groups import import_accounts, make_group
from tencent_chat import ChatClient


@pytest.fixture(autouse=True)
def people(client: ChatClient) -> None:
    import_accounts(client, "alice", "bob", "carol", "dave")


@pytest.fixture
def group_id(client: ChatClient) -> str:
    return make_group(client, "Public", "bob", "carol", owner="alice")


@pytest.fixture
def live_id(client: ChatClient) -> str:
    return make_group(client, "AVChatRoom", owner="alice")
