"""Fixtures for everybody who tests code that calls the API. pytest finds them once timgen is installed.

```python
def test_my_code(tencent_chat_mock):
    client = ChatClient(
        tencent_chat_mock.sdkappid,
        tencent_chat_mock.secret_key,
        identifier=tencent_chat_mock.identifier,
        base_url=tencent_chat_mock.url,
    )
    ...
    assert tencent_chat_mock.calls[0].body == {...}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

# pytest loads plugins in every run; what the fixtures need waits until one is asked for.
if TYPE_CHECKING:
    from timgen.mock.service import MockService


@pytest.fixture(scope="session")
def tencent_chat_mock_server() -> Iterator[MockService]:
    """The service behind `tencent_chat_mock`: on a free port of 127.0.0.1, with the spec of this timgen."""
    from timgen.mock.service import MockService
    from timgen.pipeline import load_api
    from timgen.reading import project

    with MockService(load_api(project.packaged().root)) as mock:
        yield mock


@pytest.fixture
def tencent_chat_mock(tencent_chat_mock_server: MockService) -> Iterator[MockService]:
    """A mock of the API without faults and calls of earlier tests."""
    tencent_chat_mock_server.clear()
    yield tencent_chat_mock_server
    tencent_chat_mock_server.clear()
