"""Answers: the envelope's rule, and what becomes of the rest."""

from __future__ import annotations

import json
import re
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
    the API. Neither holds the UserSig, should the other side have repeated it.
    """
    answer = _parsed(received.body) if received.complete else None
    found = envelope(answer)
    if found is None or (received.status != 200 and not found.failed):
        raise _no_answer(received, answer, command, usersig)
    raw = cast(dict[str, object], answer)
    if found.failed:
        raise _failure(raw, found.code, received.status, command, usersig)
    from .models._base import with_reception

    return with_reception(model.model_validate(raw), raw, received.status, received.headers)


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _no_answer(received: Received, answer: object, command: str, usersig: Secret) -> ResponseError:
    if not received.complete:
        reason = f"the answer broke off after {len(received.body)} bytes"
    elif received.status != 200:
        reason = "no answer of the API"
    elif answer is None:
        reason = "the answer is no JSON"
    else:
        reason = "the answer has neither ErrorCode nor ActionStatus"
    text = received.body.decode("utf-8", "replace")
    return ResponseError(
        reason,
        status=received.status,
        headers={name: cast(str, _redacted(value, usersig)) for name, value in received.headers.items()},
        text=cast(str, _redacted(text, usersig))[:MAX_TEXT],
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


def _redacted(value: object, usersig: Secret) -> object:
    """Return `value` without the UserSig in any of its texts."""
    if isinstance(value, str):
        from urllib.parse import unquote

        text = value
        for form in {usersig.reveal(), unquote(usersig.reveal())}:
            text = text.replace(form, _REDACTED)
        return text
    if isinstance(value, list):
        return [_redacted(item, usersig) for item in cast(list[object], value)]
    if isinstance(value, dict):
        items = cast(dict[str, object], value).items()
        return {cast(str, _redacted(key, usersig)): _redacted(item, usersig) for key, item in items}
    return value
