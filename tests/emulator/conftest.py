"""The emulator at a fixed time, a client of it that does not repeat calls, and a receiver of its webhooks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.receiver import Receiver, receiving
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

NOW = 1_800_000_000
"""Unix seconds."""


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    with Emulator(now=NOW) as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    running.reset()
    return running


@pytest.fixture
def client(emulator: Emulator) -> Iterator[ChatClient]:
    with ChatClient(emulator.sdkappid, emulator.secret_key, base_url=emulator.url, retry=False) as client:
        yield client


@pytest.fixture
def receiver(emulator: Emulator) -> Iterator[Receiver]:
    """A receiver of all webhooks. What the emulator sent is in `emulator.webhooks.delivered`, which waits for it."""
    with receiving() as receiver:
        emulator.webhooks.send_to(receiver.url)
        yield receiver
