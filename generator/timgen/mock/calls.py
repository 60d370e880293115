"""The record of the calls that the service received."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import Headers

from timgen.language.schema import JsonValue
from timgen.mock.checks import Incoming

_HEADERS = ("Host", "User-Agent", "Content-Type", "Content-Length", "Accept", "Accept-Encoding", "Connection")


@dataclass(frozen=True)
class Call:
    """One call, whatever it was answered with."""

    method: str
    path: str
    """As sent: `/v4/openim/sendmsg`."""
    query: Mapping[str, str]
    """The parameters without the usersig; of one given twice, the last."""
    body: Any
    """The JSON sent; a body that is not JSON, as text."""
    headers: Mapping[str, str]
    """Those sent of Host, User-Agent, Content-Type, Content-Length, Accept, Accept-Encoding and Connection."""
    time: float
    """When it came, in Unix seconds."""

    @property
    def command(self) -> str:
        """Path below the version: `openim/sendmsg`."""
        return self.path.removeprefix("/").partition("/")[2]


def record(incoming: Incoming, headers: Headers, time: float) -> Call:
    """Return what is remembered of a call. `time` is in Unix seconds."""
    return Call(
        method=incoming.method,
        path=incoming.path,
        query={name: value for name, value in incoming.query if name.lower() != "usersig"},
        body=_json_or_text(incoming.body),
        headers={name: headers[name] for name in _HEADERS if name in headers},
        time=time,
    )


def _json_or_text(content: bytes) -> JsonValue:
    text = content.decode("utf-8", "backslashreplace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
