"""Accounts for tests of official accounts."""

from __future__ import annotations

import pytest

from tencent_chat import ChatClient


@pytest.fixture(autouse=True)
def accounts(client: ChatClient) -> None:
    """alice, bob, carol and dave are there; nobody is not."""
    client.accounts.import_accounts(accounts=["alice", "bob", "carol", "dave"])
