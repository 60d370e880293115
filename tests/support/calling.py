"""A caller for the emulator that shares no code with it or with the generated client."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from tencent_chat_emulator import App


def sign(
    sdkappid: int, secret_key: str, identifier: str, *, issued: int | None = None, expire: int = 3600, userbuf: str = ""
) -> str:
    """Return a UserSig. `issued` is in Unix seconds, now when left out; `userbuf` is base64."""
    issued = int(time.time()) if issued is None else issued
    text = f"TLS.identifier:{identifier}\nTLS.sdkappid:{sdkappid}\nTLS.time:{issued}\nTLS.expire:{expire}\n"
    claims: dict[str, object] = {
        "TLS.ver": "2.0",
        "TLS.identifier": identifier,
        "TLS.sdkappid": sdkappid,
        "TLS.expire": expire,
        "TLS.time": issued,
    }
    if userbuf:
        text += f"TLS.userbuf:{userbuf}\n"
        claims["TLS.userbuf"] = userbuf
    digest = hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).digest()
    return pack({**claims, "TLS.sig": base64.b64encode(digest).decode()})


def pack(claims: object) -> str:
    """Return the token that holds `claims`."""
    return escape(zlib.compress(json.dumps(claims).encode()))


def escape(packed: bytes) -> str:
    """Return bytes in the alphabet of tokens."""
    return base64.b64encode(packed).decode().translate(str.maketrans("+/=", "*-_"))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def code(self) -> int:
        return int(self.json["ErrorCode"])

    @property
    def info(self) -> str:
        return str(self.json["ErrorInfo"])


def parameters(app: App, **changes: str | None) -> dict[str, str]:
    """Return the query of a good call with `changes` made to it; None leaves a parameter out."""
    query: dict[str, str | None] = {
        "sdkappid": str(app.sdkappid),
        "identifier": app.identifier,
        "usersig": sign(app.sdkappid, app.secret_key, app.identifier),
        "random": "4294967295",
        "contenttype": "json",
        **changes,
    }
    return {name: value for name, value in query.items() if value is not None}


def target(app: App, command: str, **changes: str | None) -> str:
    """Return the path and query of a call."""
    return f"/v4/{command}?{urlencode(parameters(app, **changes))}"


def connect(app: App, context: ssl.SSLContext | None = None) -> http.client.HTTPConnection:
    """Return a connection to the service, with HTTPS when there is a context."""
    host, port = urlsplit(app.url).hostname or "", urlsplit(app.url).port
    if context is not None:
        return http.client.HTTPSConnection(host, port, timeout=5, context=context)
    return http.client.HTTPConnection(host, port, timeout=5)


def exchange(
    connection: http.client.HTTPConnection,
    url: str,
    body: object = None,
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send a request and return its answer; bytes go as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    connection.request(method, url, content, dict(headers or {}))
    response = connection.getresponse()
    return Answer(response.status, dict(response.headers), response.read())


def send(app: App, url: str, body: object = None, **options: Any) -> Answer:
    """Exchange over a connection of its own."""
    connection = connect(app)
    try:
        return exchange(connection, url, body, **options)
    finally:
        connection.close()


def call(
    app: App, command: str, body: object = None, *, headers: Mapping[str, str] | None = None, **changes: Any
) -> Answer:
    """Call a command with good parameters, but for `changes`."""
    return send(app, target(app, command, **changes), body, headers=headers)


def assert_explained(answer: Answer, word: str) -> None:
    assert answer.status == 400
    assert list(answer.json) == ["error"]
    assert word in answer.json["error"]
