"""The record of the calls that were received."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._checks.checks import Incoming

_HEADERS = (
    "Host",
    "User-Agent",
    "Content-Type",
    "Content-Length",
    "Accept",
    "Accept-Encoding",
    "Connection",
)


@dataclass(eq=False)
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
    """When it came, in Unix seconds of the real time."""
    answer: Any = None
    """The JSON answered; None where there was none, as with most faults, and until then."""
    modelled: bool = False
    """Whether it was carried out on what is remembered; else the answer is an example, an error or a fault."""

    @property
    def command(self) -> str:
        """Path below the version: `openim/sendmsg`."""
        return self.path.removeprefix("/").partition("/")[2]

    @property
    def identifier(self) -> str:
        """The account that called; empty where it was missing."""
        return self.query.get("identifier", "")


def record(incoming: Incoming, time: float) -> Call:
    """Return what is remembered of a call. `time` is in Unix seconds."""
    return Call(
        method=incoming.method,
        path=incoming.path,
        query={name: value for name, value in incoming.query if name.lower() != "usersig"},
        body=_json_or_text(incoming.body),
        headers={name: incoming.headers[name] for name in _HEADERS if name in incoming.headers},
        time=time,
    )


def _json_or_text(content: bytes) -> object:
    text = content.decode("utf-8", "backslashreplace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
