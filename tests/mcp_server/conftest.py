"""Servers that run for an app of the emulator, whose memory is fresh for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.mcp_servers import Server, serving, surroundings
from tencent_chat_emulator import Emulator


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    running.reset()
    return running


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mcp")


@pytest.fixture(scope="session")
def reading_server(running: Emulator, folder: Path) -> Iterator[Server]:
    with serving(environment=surroundings(running), errors=folder / "reading.log") as server:
        yield server


@pytest.fixture(scope="session")
def writing_server(running: Emulator, folder: Path) -> Iterator[Server]:
    environment = surroundings(running, TENCENT_CHAT_MCP_ALLOW="openim/sendmsg, groups.create")
    with serving("--allow", "accounts.*", environment=environment, errors=folder / "writing.log") as server:
        yield server


@pytest.fixture
def reader(reading_server: Server, emulator: Emulator) -> Server:
    """A server that may only read; the emulator's memory is fresh."""
    assert emulator.calls == ()
    return reading_server


@pytest.fixture
def writer(writing_server: Server, emulator: Emulator) -> Server:
    """A server that may also send messages, create groups, and change accounts."""
    assert emulator.calls == ()
    return writing_server
