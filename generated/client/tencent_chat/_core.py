"""What a client does before and after the network; the same for every kind of client."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar, cast

from ._protocol import PATH_PREFIX, QUERY_PARAMETERS, USER_AGENT
from ._secret import Secret
from ._settings import Timeout, checked_text, checked_timeout
from .exceptions import RequestError, TransportError
from .transport import HIDDEN, Received, Request

if TYPE_CHECKING:
    from ._credentials import Credentials
    from .commands import Command
    from .models.envelope import Response

R = TypeVar("R", bound="Response")

_PATH = re.compile(r"[A-Za-z0-9_]+/[A-Za-z0-9_]+")
_HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": USER_AGENT,
    "Accept-Encoding": "gzip, deflate",
}


class Core:
    """Makes requests of calls and results of answers. Holds settings, no connection."""

    def __init__(
        self,
        *,
        sdkappid: int,
        identifier: str,
        credentials: Credentials,
        base_url: str,
        timeout: tuple[float, float],
        validate: bool,
    ) -> None:
        self.sdkappid = sdkappid
        self.identifier = identifier
        self.base_url = base_url
        self.timeout = timeout
        self.validate = validate
        self._credentials = credentials

    def with_identifier(self, identifier: str) -> Core:
        """Return the same settings for calls as another account."""
        return Core(
            sdkappid=self.sdkappid,
            identifier=checked_text("identifier", identifier),
            credentials=self._credentials,
            base_url=self.base_url,
            timeout=self.timeout,
            validate=self.validate,
        )

    def request(
        self,
        path: str,
        command: Command | None,
        body: object,
        *,
        extra: Mapping[str, object] | None = None,
        unknown_fields: bool = False,
        identifier: str | None,
        timeout: Timeout | None,
        validate: bool | None,
    ) -> Request:
        """Return the request for a call; `command` is None for one that the spec lacks.

        Raises RequestError for a body that does not fit, ConfigurationError for other arguments.
        """
        from urllib.parse import quote

        from ._body import check, encode, fill, wire_body

        if not isinstance(cast(object, path), str):
            raise RequestError([("", 'a command is a text like "openim/sendmsg"')])
        if command is None and not _PATH.fullmatch(path):
            raise RequestError([("", f'{path!r} is no command; it must be like "openim/sendmsg"')])
        account = self.identifier if identifier is None else checked_text("identifier", identifier)
        seconds = self.timeout if timeout is None else checked_timeout(timeout)
        wire = wire_body(body, path)
        if command is not None:
            fill(wire, command.fill)
            if self.validate if validate is None else validate:
                check(wire, command, unknown_fields=unknown_fields)
        if extra:
            wire |= wire_body(extra, path)
        return Request(
            base_url=self.base_url,
            target=f"{PATH_PREFIX}{path}?{self._query(quote(account, safe=''))}",
            usersig=Secret(quote(self._credentials.usersig(account).reveal(), safe="*")),
            headers=_HEADERS,
            body=encode(wire),
            timeout=seconds,
        )

    def response(self, path: str, model: type[R], request: Request, received: Received) -> R:
        """Return the answer as a `model`. Raises ChatAPIError or ResponseError."""
        from ._answer import read

        return read(received, model, path, request.usersig)

    def _query(self, identifier: str) -> str:
        """Return the query of a call; `identifier` is percent-encoded."""
        values = {
            "sdkappid": str(self.sdkappid),
            "identifier": identifier,
            "usersig": HIDDEN,
            "random": str(int.from_bytes(os.urandom(4))),
        }
        return "&".join(
            f"{name}={values[name] if value is None else value}" for name, value in QUERY_PARAMETERS
        )


def named(error: TransportError, path: str) -> TransportError:
    """Return `error` as one of the call of `path`."""
    return TransportError(error.reason, outcome=error.outcome, command=path)
