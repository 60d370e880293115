"""The checks that every call passes, in the order of this table. The first that fails decides.

| check                 | what is wrong                                                       | code    |
| --------------------- | ------------------------------------------------------------------- | ------- |
| `find_command`        | the path is not /<version>/<service>/<command> of a known command   | 60009   |
| `check_method`        | the method is not POST                                              | 60002   |
| `check_parameters`    | a parameter is given twice; random or contenttype is missing or bad | 60002   |
| `find_app`            | sdkappid is missing                                                 | 60012   |
|                       | sdkappid is not an integer, or of another app                       | 60006   |
| `check_usersig`       | identifier is missing; usersig is missing, no UserSig, expired, or  | 60004   |
|                       | made for another key, app or identifier                             |         |
| `check_administrator` | the account, well signed, is no administrator                       | 60010   |
| `read_body`           | the body is empty, not UTF-8, not JSON or not an object             | 60003   |
| `check_body`          | the body breaks the command's schema; `CODES` has the code, else    | varies  |
|                       | that of the service counts                                          |         |

Names and values of parameters are case-sensitive. Parameters and body fields that the spec does not know pass.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn, cast

from .._catalogue.catalogue import Catalogue, Command, Json
from .._catalogue.violations import field_of, first_violation, in_words, keyword_of
from . import usersig
from .codes import code_of

MAX_NESTING = 100
"""Levels of a body; deeper ones would exhaust the stack somewhere."""


@dataclass(frozen=True)
class Credentials:
    """Of an app that is served."""

    sdkappid: int
    secret_key: str = field(repr=False)
    administrators: tuple[str, ...]


@dataclass(frozen=True)
class Incoming:
    """A call as received."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = field(repr=False)
    """Decoded names and values, in the order received."""
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def service(self) -> str:
        """Second segment of the path; empty when there is none."""
        return (*self.path.split("/"), "", "", "")[2]

    @property
    def command(self) -> str:
        """Path below the version: `openim/sendmsg`."""
        return self.path.removeprefix("/").partition("/")[2]

    def parameter(self, name: str) -> str:
        """Return the value of a parameter; empty when it is missing."""
        return dict(self.query).get(name, "")


@dataclass(frozen=True)
class Accepted:
    """A call in which nothing is wrong, and whose app it is of."""

    command: Command
    body: Json
    credentials: Credentials
    identifier: str
    """The administrator who calls."""


@dataclass(frozen=True)
class Refusal:
    """The error that a call is answered with."""

    code: int
    info: str


def examine(
    catalogue: Catalogue, apps: Iterable[Credentials], call: Incoming, now: float
) -> Accepted | Refusal:
    """Return the call's command and body, or what is wrong. `now` is in Unix seconds, of the real time."""
    command = find_command(catalogue, call)
    if isinstance(command, Refusal):
        return command
    if refusal := check_method(call) or check_parameters(catalogue, call):
        return refusal
    app = find_app(apps, call)
    if isinstance(app, Refusal):
        return app
    if refusal := check_usersig(app, call, now) or check_administrator(app, call):
        return refusal
    body = read_body(call.body)
    if isinstance(body, Refusal):
        return body
    return check_body(catalogue, command, body) or Accepted(
        command, body, app, call.parameter("identifier")
    )


def find_command(catalogue: Catalogue, call: Incoming) -> Command | Refusal:
    """Return the command that the path names."""
    version = catalogue.version
    command = catalogue.command(call.command)
    if call.path.startswith(f"/{version}/") and command:
        return command
    segments = call.path.split("/")
    if len(segments) != 4 or segments[0] or not all(segments[1:]):
        return Refusal(60009, f"The path must be /{version}/<service>/<command>.")
    if segments[1] != version:
        return Refusal(60009, f"The path must begin with /{version}/.")
    if segments[2] not in catalogue.services:
        return Refusal(60009, f"The service {segments[2]} is not known.")
    return Refusal(60009, f"The service {segments[2]} has no command {segments[3]}.")


def check_method(call: Incoming) -> Refusal | None:
    """Let POST pass."""
    return (
        None
        if call.method == "POST"
        else Refusal(60002, f"The method must be POST, not {call.method}.")
    )


def check_parameters(catalogue: Catalogue, call: Incoming) -> Refusal | None:
    """Let parameters pass that are given once; `random` and `contenttype` must be as the spec says."""
    for name, count in Counter(name for name, _ in call.query).items():
        if count > 1:
            return Refusal(60002, f"The parameter {name} is given {count} times.")
    for name in ("random", "contenttype"):
        text = call.parameter(name)
        if not text:
            return Refusal(60002, f"The parameter {name} is missing.")
        schema = catalogue.parameters[name]
        value = int(text) if schema.get("type") == "integer" and _is_integer(text) else text
        if violation := first_violation(catalogue.parameter_validators[name], value):
            return Refusal(60002, f"The parameter {name} is wrong: {in_words(violation)}.")
    return None


def find_app(apps: Iterable[Credentials], call: Incoming) -> Credentials | Refusal:
    """Return the app that the sdkappid names."""
    text = call.parameter("sdkappid")
    if not text:
        return Refusal(60012, "The parameter sdkappid is missing.")
    if not _is_integer(text):
        return Refusal(60006, "The parameter sdkappid is not an integer.")
    found = next((app for app in apps if app.sdkappid == int(text)), None)
    return found or Refusal(60006, f"The app {text} does not exist; there is {_listed(apps)}.")


def check_usersig(app: Credentials, call: Incoming, now: float) -> Refusal | None:
    """Let a valid signature of the identifier pass. `now` is in Unix seconds."""
    identifier, token = call.parameter("identifier"), call.parameter("usersig")
    if not identifier:
        return Refusal(60004, "The parameter identifier is missing.")
    if not token:
        return Refusal(60004, "The parameter usersig is missing.")
    problem = usersig.problem(
        token, sdkappid=app.sdkappid, secret_key=app.secret_key, identifier=identifier, now=now
    )
    return Refusal(60004, f"The usersig {problem}.") if problem else None


def check_administrator(app: Credentials, call: Incoming) -> Refusal | None:
    """Let administrators pass."""
    identifier = call.parameter("identifier")
    if identifier in app.administrators:
        return None
    return Refusal(60010, f"The account {identifier} is no administrator of the app.")


def read_body(content: bytes) -> Json | Refusal:
    """Return the object that `content` holds as JSON in UTF-8."""
    if not content.strip():
        return Refusal(60003, "The body is empty; it must be at least {}.")
    try:
        body: object = json.loads(content.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        return Refusal(60003, f"The body is not UTF-8 at byte {error.start}.")
    except json.JSONDecodeError as error:
        return Refusal(
            60003,
            f"The body is not JSON at line {error.lineno}, column {error.colno}: {error.msg}.",
        )
    except RecursionError:
        return Refusal(60003, f"The body is nested more than {MAX_NESTING} levels deep.")
    except ValueError as error:
        return Refusal(60003, f"The body is not JSON: {error}.")
    if not isinstance(body, dict):
        return Refusal(60003, "The body is not a JSON object.")
    if _nesting(body := cast(Json, body)) > MAX_NESTING:
        return Refusal(60003, f"The body is nested more than {MAX_NESTING} levels deep.")
    return body


def check_body(catalogue: Catalogue, command: Command, body: Json) -> Refusal | None:
    """Let a body pass that fits the command's schema; else the code is that of the service."""
    violation = first_violation(catalogue.request_validator(command.path), body)
    if violation is None:
        return None
    service = catalogue.services[command.service]
    own = code_of(command.path, field_of(violation), keyword_of(violation))
    code = service["invalid_request"] if own is None else own
    if violation.validator == "x-max-bytes" and isinstance(violation.instance, list):
        code = next((own for own in service["too_long"] if own in command.errors), code)
    return Refusal(code, in_words(violation))


def _listed(apps: Iterable[Credentials]) -> str:
    return " and ".join(str(app.sdkappid) for app in apps)


def _is_integer(text: str) -> bool:
    # int() also takes plus signs, blanks, underscores and the digits of other scripts.
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= 20


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _nesting(value: object) -> int:
    """Return the number of levels below `value`, without recursion."""
    depth, level = 0, [value]
    while level := [child for item in level for child in _children(item)]:
        depth += 1
    return depth


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return cast(Json, value).values()
    return cast("list[object]", value) if isinstance(value, list) else ()
