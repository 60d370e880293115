"""The server that the other tests use."""

from __future__ import annotations

import socket
import time

import pytest

from generated.clients import user_of
from generated.loopback import OK, Server, http


def test_a_server_that_has_ended_takes_no_connection_of_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    accept = socket.socket.accept

    # As it goes when others have the processor between the look at the number and the system's call.
    def late(self: socket.socket) -> tuple[socket.socket, object]:
        number = self.fileno()
        time.sleep(0.05)
        with socket.socket(fileno=number) as found:
            try:
                return accept(found)
            finally:
                found.detach()

    monkeypatch.setattr(socket.socket, "accept", late)
    answer = http(OK, headers="Connection: close\r\n")
    with Server(lambda *_: answer) as first:
        pass
    with Server(lambda *_: answer) as second, user_of("sync", second) as user:
        for _ in range(3):
            user(lambda client: client.call("im_open_login_svc/kick", {"UserID": "bob"}))
    assert (len(first.requests), len(second.requests)) == (0, 3)
