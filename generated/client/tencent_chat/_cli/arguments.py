"""What the commands share on their way in: arguments, the environment, questions at the terminal."""

from __future__ import annotations

import argparse
import sys
import textwrap
import warnings
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .._support.environment import Variables, variables
from .._support.loading import PACKAGE
from .._support.secret import Secret, key_problem, secret_of
from .._tables.protocol import ENVIRONMENT

if TYPE_CHECKING:
    from .._support.settings import Timeout
    from ..attempts import Attempt
    from ..client import ChatClient
    from ..retries import Retries

PROGRAM = f"python -m {PACKAGE}"


class Verbs(Protocol):
    """Where commands are added; argparse has no public name for it."""

    def add_parser(self, *args: Any, **kwargs: Any) -> argparse.ArgumentParser: ...


class UsageError(Exception):
    """The command line cannot be carried out as it is."""


def in_own_lines(text: str) -> str:
    """Return a text of a help page, its lines kept, for the program under its name."""
    return textwrap.dedent(text).replace("{program}", PROGRAM)


def add_verb(
    verbs: Verbs, name: str, summary: str, description: str, epilog: str
) -> argparse.ArgumentParser:
    """Add a command with its help page."""
    return verbs.add_parser(
        name,
        help=summary,
        description=textwrap.fill(" ".join(description.split()), 78),
        epilog=in_own_lines(epilog),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_place(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say where the app lives."""
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--region", metavar="NAME", help="the app's region: singapore")
    place.add_argument("--base-url", metavar="URL", help="where to call instead")


def add_app(parser: argparse.ArgumentParser) -> None:
    """Add the argument that says which app."""
    parser.add_argument("--sdkappid", metavar="ID", help="ID of the app")


def add_identifier(parser: argparse.ArgumentParser) -> None:
    """Add the argument that says as which account."""
    parser.add_argument("--identifier", metavar="ACCOUNT", help="administrator who calls")


class App(NamedTuple):
    """An app and what opens it."""

    sdkappid: int
    secret_key: Secret | None
    usersig: Secret | None
    identifier: str
    region: str | None
    base_url: str | None

    def client(
        self,
        *,
        attempts: list[Attempt],
        timeout: Timeout | None = None,
        retry: Retries | None = None,
        validate: bool = True,
    ) -> ChatClient:
        """Return a client of the app, which adds its attempts to `attempts`. Raises ConfigurationError.

        Whoever asks for one says by itself when `base_url` is insecure.
        """
        from .._tables.protocol import DEFAULT_TIMEOUT
        from ..client import ChatClient
        from ..retries import DEFAULT_RETRY

        def noted(attempt: Attempt) -> AbstractContextManager[object]:
            attempts.append(attempt)
            return nullcontext()

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return ChatClient(
                self.sdkappid,
                self.secret_key.reveal() if self.secret_key else None,
                usersig=self.usersig.reveal() if self.usersig else None,
                identifier=self.identifier,
                region=self.region,
                base_url=self.base_url,
                timeout=DEFAULT_TIMEOUT if timeout is None else timeout,
                retry=DEFAULT_RETRY if retry is None else retry,
                hooks=[noted],
                validate=validate,
            )


def settings(arguments: argparse.Namespace) -> Variables:
    """Return what `arguments` and, where they leave it out, the environment say. Raises UsageError."""
    found = variables()
    given = {
        name: value for name, value in vars(arguments).items() if name in found._fields and value
    }
    if "region" in given or "base_url" in given:
        found = found._replace(region=None, base_url=None)
    if found.secret_key and found.usersig:
        raise UsageError(f"only one of {ENVIRONMENT}SECRET_KEY and {ENVIRONMENT}USERSIG may be set")
    return found._replace(**given)


def app(arguments: argparse.Namespace, *, asking: bool = True) -> App:
    """Return the app to call, asking for what is missing unless the input is for something else. Raises UsageError."""
    asking = asking and at_terminal()
    found = settings(arguments)
    sdkappid = app_id(found, asking=asking)
    secret_key = found.secret_key
    if secret_key is None and found.usersig is None:
        secret_key = key(found, asking=asking)
    region = found.region
    if region is None and found.base_url is None:
        region = place(asking=asking)
    identifier = found.identifier or "administrator"
    return App(sdkappid, secret_key, found.usersig, identifier, region, found.base_url)


def app_id(found: Variables, *, asking: bool) -> int:
    """Return the SDKAppID. Raises UsageError."""
    text = found.sdkappid or (ask("SDKAppID: ") if asking else "")
    if not text:
        raise UsageError(f"which app? Give --sdkappid, or set {ENVIRONMENT}SDKAPPID")
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and 0 < int(text) < 2**63):
        raise UsageError(
            "the SDKAppID must be a positive integer; it is on the app's card in the console"
        )
    return int(text)


def key(found: Variables, *, asking: bool) -> Secret:
    """Return the secret key. Raises UsageError."""
    secret = found.secret_key or (ask_secret("Secret key: ") if asking else None)
    if secret is None:
        raise UsageError(f"the app's key is missing: set {ENVIRONMENT}SECRET_KEY")
    if problem := key_problem(secret):
        raise UsageError(f"the app's key {problem}")
    return secret


def place(*, asking: bool) -> str:
    """Ask for the region. Raises UsageError."""
    from ..regions import Region

    known = ", ".join(region.value for region in Region)
    region = ask(f"Regions: {known}\nRegion: ") if asking else ""
    if not region:
        raise UsageError(
            f"where does the app live? Give --region or --base-url, or set {ENVIRONMENT}REGION\n"
            f"  regions: {known}"
        )
    return region


def at_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def standard_input() -> bytes:
    """Return all that comes in, nothing when the input is closed."""
    return sys.stdin.buffer.read() if sys.stdin is not None else b""


def ask(question: str) -> str:
    """Return the answer to `question`, asked on stderr: stdout is for results."""
    print(question, end="", file=sys.stderr, flush=True)
    return input().strip()


def ask_secret(question: str) -> Secret | None:
    """Return what is typed without being shown, None for nothing."""
    from getpass import getpass

    return secret_of(getpass(question).strip())


def seconds(text: str) -> float:
    """Return a positive number of seconds, for argparse."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 86400:
        raise argparse.ArgumentTypeError("must be seconds, more than 0 and less than a day")
    return number
