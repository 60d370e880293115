"""Answers: the envelope's rule, and what becomes of the rest."""

from __future__ import annotations

import json
import re
from email.message import Message
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from ._secret import Secret
from .exceptions import ChatAPIError, ResponseError, api_error_class

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .models.envelope import Response
    from .transport import Received

    R = TypeVar("R", bound=Response)

MAX_TEXT = 4096
"""Characters of a body that a ResponseError keeps."""

_REDACTED = "[usersig]"
# A UserSig may have been cut off; this many characters of it are not by chance there.
_CLUE = 8
_RUN = r"""[^&\s"'<]*"""
_MAX_DEPTH = 100
_CODE = re.compile(r"-?[0-9]{1,18}")


class Envelope(NamedTuple):
    """What an answer says about its own success."""

    failed: bool
    code: int | None
    """None for a failure without a code."""


def envelope(answer: object) -> Envelope | None:
    """Read the envelope of `answer`; None when it is no answer of the API.

    The code decides. Without one, OK is success and anything else a failure without a code.
    """
    if not isinstance(answer, dict):
        return None
    fields = cast(dict[str, object], answer)
    code = _integer(fields.get("ErrorCode"))
    if code is not None:
        return Envelope(code != 0, code)
    status = fields.get("ActionStatus")
    return None if status is None else Envelope(status != "OK", None)


def _integer(value: object) -> int | None:
    """Return a code, which some services send as a text or with a fraction of zero."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        return int(value) if _CODE.fullmatch(value) else None
    return value if isinstance(value, int) else None


def read(received: Received, model: type[R], command: str, usersig: Secret) -> R:
    """Return what was received as a `model`.

    Raises ChatAPIError when the answer reports a failure, and ResponseError when it is none of
    the API. Neither these nor the answer hold the UserSig, should the other side have repeated it.
    """
    answer = _parsed(received.body, model) if received.complete else None
    found = envelope(answer)
    if found is None or (received.status != 200 and not found.failed):
        raise _no_answer(received, answer, command, usersig)
    raw = cast(dict[str, object], answer)
    if found.failed:
        raise _failure(raw, found.code, received.status, command, usersig)
    from .models._base import with_reception

    headers = received.headers
    if _may_hold(received.body, "\n".join(headers.values()), usersig):
        raw, headers = cast(dict[str, object], _redacted(raw, usersig)), _headers(received, usersig)
    return with_reception(model.model_validate(raw), raw, received.status, headers)


def _parsed(body: bytes, model: type[R]) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        from ._lenient import parsed

        return parsed(body, model)


def _no_answer(received: Received, answer: object, command: str, usersig: Secret) -> ResponseError:
    if not received.complete:
        reason = f"the answer broke off or cannot be decoded after {len(received.body)} bytes"
    elif received.status != 200:
        reason = "no answer of the API"
    elif answer is None:
        reason = "the answer is no JSON"
    else:
        reason = "the answer has neither ErrorCode nor ActionStatus"
    return ResponseError(
        reason,
        status=received.status,
        headers=_headers(received, usersig),
        text=cast(str, _redacted(_text(received), usersig))[:MAX_TEXT],
        command=command,
    )


def _failure(
    raw: Mapping[str, object], code: int | None, status: int, command: str, usersig: Secret
) -> ChatAPIError:
    shown = cast(dict[str, object], _redacted(raw, usersig))
    info, request_id = shown.get("ErrorInfo"), shown.get("RequestId")
    return api_error_class(code, command)(
        code,
        "" if info is None else str(info),
        command=command,
        request_id=None if request_id is None else str(request_id),
        http_status=status,
        raw=shown,
    )


def _headers(received: Received, usersig: Secret) -> dict[str, str]:
    return cast(dict[str, str], _redacted(dict(received.headers), usersig))


def _text(received: Received) -> str:
    """Return the body as text: in a wrong encoding, a UserSig in it would go unnoticed."""
    encoding: str = json.detect_encoding(received.body)
    if encoding == "utf-8":
        header = Message()
        header["content-type"] = received.headers.get("content-type", "")
        encoding = header.get_content_charset("utf-8")
    try:
        return received.body.decode(encoding, "replace")
    except (LookupError, ValueError):
        return received.body.decode("utf-8", "replace")


def _forms(usersig: Secret) -> tuple[str, ...]:
    """Return the ways in which the UserSig may be repeated, the longest first."""
    from urllib.parse import quote, unquote

    plain = unquote(usersig.reveal())
    return quote(plain, safe=""), usersig.reveal(), plain


def _may_hold(body: bytes, headers: str, usersig: Secret) -> bool:
    """Whether the UserSig may be in an answer: a quick look, before all of its texts are gone through."""
    clues = {form[:_CLUE] for form in _forms(usersig) if len(form) >= _CLUE}
    # Zero bytes: the JSON is not in UTF-8.
    return b"\0" in body or any(clue.encode() in body or clue in headers for clue in clues)


def _redacted(value: object, usersig: Secret) -> object:
    """Return `value` without the UserSig, whole or cut off, in any of its texts."""
    forms = _forms(usersig)
    clues = "|".join(
        {re.escape(form[:_CLUE]) for form in forms if len(form) >= _CLUE} | {"(?i:usersig=)"}
    )
    pattern = re.compile(rf"({clues}){_RUN}")

    def hidden(match: re.Match[str]) -> str:
        return (match[1] if match[1].endswith("=") else "") + _REDACTED

    def text(value: str) -> str:
        for form in forms:
            value = value.replace(form, _REDACTED)
        return pattern.sub(hidden, value)

    def anything(value: object, depth: int) -> object:
        if isinstance(value, str):
            return text(value)
        if not isinstance(value, list | dict):
            return value
        if depth == _MAX_DEPTH:
            return _REDACTED
        if isinstance(value, list):
            return [anything(item, depth + 1) for item in cast(list[object], value)]
        return {
            text(key): anything(item, depth + 1)
            for key, item in cast(dict[str, object], value).items()
        }

    return anything(value, 0)
