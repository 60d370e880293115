"""Fixtures for everybody who tests code that calls the API. pytest finds them once the emulator is installed.

```python
def test_my_code(tencent_chat_emulator):
    client = ChatClient(
        tencent_chat_emulator.sdkappid,
        tencent_chat_emulator.secret_key,
        identifier=tencent_chat_emulator.identifier,
        base_url=tencent_chat_emulator.url,
    )
    ...
    assert tencent_chat_emulator.calls[0].body == {...}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

# pytest loads plugins in every run; what the fixtures need waits until one is asked for.
if TYPE_CHECKING:
    from .emulator import Emulator


@pytest.fixture(scope="session")
def tencent_chat_emulator_server() -> Iterator[Emulator]:
    """The service behind `tencent_chat_emulator`: on a free port of 127.0.0.1."""
    from .emulator import Emulator

    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def tencent_chat_emulator(tencent_chat_emulator_server: Emulator) -> Iterator[Emulator]:
    """An emulator of the API with a fresh memory."""
    tencent_chat_emulator_server.reset()
    yield tencent_chat_emulator_server
    tencent_chat_emulator_server.reset()
