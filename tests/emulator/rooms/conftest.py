"""Accounts, a live room and a conference of Alice's; nobody is not imported."""

from __future__ import annotations

import pytest

from support.groups import import_accounts
from support.rooms import PEOPLE, make_conference, make_live_room
from tencent_chat import ChatClient


@pytest.fixture(autouse=True)
def people(client: ChatClient) -> None:
    import_accounts(client, *PEOPLE)


@pytest.fixture
def live(client: ChatClient) -> str:
    return make_live_room(client)


@pytest.fixture
def conference(client: ChatClient) -> str:
    """With four seats."""
    return make_conference(client, IsSeatEnabled=True, MaxSeatCount=4)
