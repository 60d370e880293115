"""One face for both kinds of clients, so that a test can use either."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from generated.loopback import Server
from tencent_chat import AsyncChatClient, ChatClient, Retry

KINDS = ("sync", "async")
KEY = "dummy-secret-key-0123456789"
QUICK = Retry(first_pause=0.01, longest_pause=0.02)


@dataclass
class User:
    """Uses a client: `user(lambda client: client.call("x/y"))` carries out the call, whatever its kind."""

    client: Any
    runner: asyncio.Runner | None

    def __call__(self, action: Callable[[Any], Any]) -> Any:
        if self.runner is None:
            return action(self.client)
        return self.runner.run(_awaited(action, self.client))


async def _awaited(action: Callable[[Any], Any], client: object) -> Any:
    return await action(client)


@contextmanager
def user_of(kind: str, server: Server | str | None, **options: Any) -> Iterator[User]:
    """Make a client for `server` and close it at the end."""
    if server is not None:
        options["base_url"] = server if isinstance(server, str) else server.url
    if "usersig" not in options:
        options["secret_key"] = KEY
    options = {"timeout": 2.0, "retry": QUICK, **options}
    if kind == "sync":
        with ChatClient(1400000000, **options) as client:
            yield User(client, None)
        return
    with asyncio.Runner() as runner:
        user = User(AsyncChatClient(1400000000, **options), runner)
        try:
            yield user
        finally:
            user(lambda client: client.close())
