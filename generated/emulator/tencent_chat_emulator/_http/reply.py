"""What goes back to the caller."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import responses
from typing import Any

from ..faults import Ending


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    content_type: str
    body: bytes
    ending: Ending = "whole"
    allow: str | None = None
    """Value of the Allow header that goes with status 405."""
    value: Any = None
    """The JSON that the body is; None where it is none."""


def json_reply(
    value: Any, status: int = 200, *, ending: Ending = "whole", allow: str | None = None
) -> Reply:
    """Return `value` as JSON in UTF-8, as the vendor sends it."""
    # A lone surrogate has no UTF-8, and what backslashreplace makes of it is its JSON escape.
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Reply(status, "application/json; charset=utf-8", body, ending, allow, value)


def page_reply(status: int) -> Reply:
    """Return an HTML page such as a gateway sends."""
    title = f"{status} {responses.get(status, 'Error')}"
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Reply(status, "text/html", body.encode())
