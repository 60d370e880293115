"""What the environment says about a client."""

from __future__ import annotations

import os
from typing import NamedTuple

from .._tables.protocol import ENVIRONMENT
from ..exceptions import ConfigurationError
from .secret import Secret, secret_of


class Variables(NamedTuple):
    """What the environment says about a client, nothing of it checked; None for what it leaves out."""

    sdkappid: str | None
    secret_key: Secret | None
    usersig: Secret | None
    identifier: str | None
    region: str | None
    base_url: str | None


def variables() -> Variables:
    """Read the variables `TENCENT_CHAT_…`; an empty one counts as missing."""
    return Variables(
        sdkappid=_variable("sdkappid"),
        secret_key=secret_of(_variable("secret_key")),
        usersig=secret_of(_variable("usersig")),
        identifier=_variable("identifier"),
        region=_variable("region"),
        base_url=_variable("base_url"),
    )


def _variable(name: str) -> str | None:
    return os.environ.get(ENVIRONMENT + name.upper()) or None


def environment() -> tuple[int, Variables]:
    """Return the SDKAppID and all that the variables say about a client. Raises ConfigurationError."""
    found = variables()
    number = found.sdkappid
    if number is None:
        raise ConfigurationError(f"the environment variable {ENVIRONMENT}SDKAPPID is missing")
    if not (number.isascii() and number.isdecimal() and len(number) < 20):
        raise ConfigurationError(
            f"the environment variable {ENVIRONMENT}SDKAPPID must be a positive integer"
        )
    for one, other in (("secret_key", "usersig"), ("region", "base_url")):
        if getattr(found, one) is None and getattr(found, other) is None:
            names = f"{ENVIRONMENT}{one.upper()} or {ENVIRONMENT}{other.upper()}"
            raise ConfigurationError(f"one of the environment variables {names} is needed")
    if found.secret_key is not None and found.usersig is not None:
        raise ConfigurationError(
            f"only one of the environment variables {ENVIRONMENT}SECRET_KEY and {ENVIRONMENT}USERSIG may be set"
        )
    return int(number), found
