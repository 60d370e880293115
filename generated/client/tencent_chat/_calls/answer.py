"""Answers: the envelope's rule, and what becomes of the rest."""

from __future__ import annotations

import gc
import json
import re
from email.message import Message
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from .._support.loading import unforked
from .._support.redaction import Redactor
from ..exceptions import ChatAPIError, ResponseError, api_error_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..commands import Repeated
    from ..models.envelope import Response
    from ..transport import Received

    R = TypeVar("R", bound=Response)

MAX_TEXT = 4096
"""Characters of a body that a ResponseError keeps."""

# Bytes of a body in which these characters are: more when UserSigs among them are taken out.
_LOOKED_AT = 16 * MAX_TEXT

# Bytes of an answer that becomes more objects than the collector lets come into being before it looks for garbage.
_LONG = 1 << 16

_CODE = r"-?[0-9]{1,18}"


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
        return int(value) if re.fullmatch(_CODE, value) else None
    return value if isinstance(value, int) else None


def read(
    received: Received,
    model: type[R],
    command: str,
    redactor: Redactor,
    *,
    done_before: Iterable[Repeated] = (),
) -> R:
    """Return what was received as a `model`.

    Raises ChatAPIError when the answer reports a failure, unless as `done_before` has it, and ResponseError when it is none of
    the API. Neither these nor the answer hold the UserSig, should the other side have repeated it.
    """
    quick = _quickly(received, model, redactor)
    if quick is not None:
        return quick
    with unforked():
        from .._bodies.lenient import parsed

    answer = parsed(received.body, model) if received.complete else None
    found = envelope(answer)
    if found is None or (received.status != 200 and not found.failed):
        raise _no_answer(received, answer, command, redactor)
    raw = cast(dict[str, object], answer)
    if found.failed and not any(
        entry.matches(found.code, raw.get("ErrorInfo")) for entry in done_before
    ):
        raise _failure(raw, found.code, received.status, command, redactor)
    from ..models._reception import with_reception

    headers = received.headers
    if redactor.may_apply(received.body, headers):
        raw, headers = cast(dict[str, object], redactor.redacted(raw)), _headers(received, redactor)
    return with_reception(model.model_validate(raw), raw, received.status, headers)


def _quickly(received: Received, model: type[R], redactor: Redactor) -> R | None:
    """Return an answer that is as documented, straight from its JSON; None for one that needs a closer look.

    It takes half the time of making dicts first; they are made when `raw` is asked for.
    """
    if (
        received.status != 200
        or not received.complete
        or redactor.may_apply(received.body, received.headers)
    ):
        return None
    try:
        answer = _as_documented(model, received.body)
    except ValueError:
        return None
    # The envelope of a spec may lack either.
    code, status = getattr(answer, "error_code", None), getattr(answer, "action_status", None)
    if code != 0 and (code is not None or status != "OK"):
        return None
    from ..models._reception import with_reception

    return with_reception(answer, received.body, received.status, received.headers)


def _as_documented(model: type[R], data: bytes) -> R:
    """Return the JSON in `data` as a `model`. Raises ValueError for what deviates."""
    validate = model.__pydantic_validator__.validate_json
    # A child that is forked while nothing is collected would never collect.
    with unforked():
        if len(data) < _LONG or not gc.isenabled():
            return cast("R", validate(data, by_alias=True, by_name=False))
        # Collecting again and again while the objects are made would take half as long as making them; once they are
        # there, it is done once.
        try:
            gc.disable()
            return cast("R", validate(data, by_alias=True, by_name=False))
        finally:
            gc.enable()


def _no_answer(
    received: Received, answer: object, command: str, redactor: Redactor
) -> ResponseError:
    if received.bound is not None:
        reason = (
            f"the answer is longer than {_size(received.bound)}, which is as much as the transport "
            "reads; its max_answer_bytes is that bound"
        )
    elif not received.complete:
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
        headers=_headers(received, redactor),
        text=cast(str, redactor.redacted(_text(received)))[:MAX_TEXT],
        command=command,
    )


def _failure(
    raw: Mapping[str, object], code: int | None, status: int, command: str, redactor: Redactor
) -> ChatAPIError:
    shown = cast(dict[str, object], redactor.redacted(raw))
    info, request_id = shown.get("ErrorInfo"), shown.get("RequestId")
    return api_error_class(code, command)(
        code,
        "" if info is None else str(info),
        command=command,
        request_id=None if request_id is None else str(request_id),
        http_status=status,
        raw=shown,
    )


def _size(count: int) -> str:
    return f"{count / (1 << 20):g} MiB" if count >= 1 << 20 else f"{count} bytes"


def _headers(received: Received, redactor: Redactor) -> dict[str, str]:
    return cast(dict[str, str], redactor.redacted(dict(received.headers)))


def _text(received: Received) -> str:
    """Return the body's beginning as text: in a wrong encoding, a UserSig in it would go unnoticed."""
    body = received.body[:_LOOKED_AT]
    encoding: str = json.detect_encoding(body)
    if encoding == "utf-8":
        header = Message()
        header["content-type"] = received.headers.get("content-type", "")
        encoding = header.get_content_charset("utf-8")
    try:
        return body.decode(encoding, "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")
