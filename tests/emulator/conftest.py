"""The emulator at a fixed time, and a client of it that does not repeat calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
