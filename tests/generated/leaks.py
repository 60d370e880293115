"""Where secrets may show up: in all that an object leads to, and in answers that repeat the request."""

from __future__ import annotations

import socket

from generated.loopback import Received, http


def reachable(root: object) -> str:
    """Return the representations of everything that `root` leads to."""
    seen: set[int] = set()
    kept: list[object] = []
    texts: list[str] = []
    queue = [root]
    while queue:
        item = queue.pop()
        if id(item) in seen or isinstance(item, type) or callable(item):
            continue
        seen.add(id(item))
        kept.append(item)
        if isinstance(item, str | bytes):
            texts.append(repr(item))
            continue
        texts += [repr(item), str(item)]
        if isinstance(item, BaseException):
            queue += [item.__cause__, item.__context__, item.args, getattr(item, "__notes__", None)]
        if isinstance(item, dict):
            queue += [*item.keys(), *item.values()]
        elif isinstance(item, list | tuple | set | frozenset):
            queue += list(item)
        queue.append(getattr(item, "__dict__", None))
    return "\n".join(texts)


def target(request: Received) -> str:
    return request.line.split(" ")[1]


def echoes(_request: Received, _connection: socket.socket) -> bytes:
    target = _request.line.split(" ")[1]
    return http(f"<html>Bad gateway for {target}</html>".encode(), 502, headers=f"X-Url: {target}\r\n")


def echoes_in_envelope(request: Received, _connection: socket.socket) -> bytes:
    target = request.line.split(" ")[1]
    return http({"ActionStatus": "FAIL", "ErrorCode": 70001, "ErrorInfo": target, "Deep": [{"Url": target, target: 1}]})


def echoes_a_part(request: Received, _connection: socket.socket) -> bytes:
    token = target(request).split("usersig=")[1].split("&")[0]
    return http(f"sig={token[:60]}… UserSig={token[5:]}".encode(), 502, headers=f"X-Sig: {token[:40]}\r\n")
