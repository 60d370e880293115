"""The command line as a whole: its parser, and the exit code of whatever happens."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, cast

from .._support.loading import PACKAGE
from .._tables.protocol import CLIENT_VERSION
from ..exceptions import ChatError
from . import call, commands, doctor, explain, usersig
from .arguments import PROGRAM, UsageError, in_own_lines
from .screen import Screen

FINE, FINDING, USAGE, INTERRUPTED = 0, 1, 2, 130

_SECRET_OPTIONS = ("--secret-key", "--secret_key", "--usersig")


class _Parser(argparse.ArgumentParser):
    """Takes options between arguments. Says what is wrong in two lines: long usages hide it."""

    _intermixing = False

    def parse_known_args(self, *args: Any, **kwargs: Any) -> tuple[Any, list[str]]:
        # What argparse calls for a command: by itself it finds no BODY behind an option that follows COMMAND.
        if self._subparsers is not None or self._intermixing:
            return super().parse_known_args(*args, **kwargs)
        self._intermixing = True
        return self.parse_known_intermixed_args(*args, **kwargs)

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}\n  {self.prog} --help says what can be given\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out the command that `argv` holds, the program's arguments when left out; return the exit code."""
    given = sys.argv[1:] if argv is None else list(argv)
    if None in (sys.stdout, sys.stderr):
        # Closed by the caller: there is nobody to tell.
        return USAGE
    for stream in (sys.stdout, sys.stderr):
        # An account or a name may hold what the terminal's encoding lacks.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    errors = Screen(sys.stderr)
    try:
        _refuse_secrets(given)
        arguments = _arguments(given)
        code = cast(int, arguments.run(arguments))
        sys.stdout.flush()
    except KeyboardInterrupt:
        errors.line()
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads has seen enough.
        _drop_output()
        return USAGE
    except EOFError:
        errors.problem("the input ended before the question was answered")
        return USAGE
    except UnicodeDecodeError:
        errors.problem("what was typed is no text in the terminal's encoding")
        return USAGE
    except ModuleNotFoundError as error:
        # Vendored without what it needs.
        errors.problem(
            f"{error.name} is not installed; calls and doctor need the packages requests and pydantic"
        )
        return USAGE
    except OSError as error:
        errors.problem(f"{error.filename or 'output'}: {error.strerror or 'cannot be used'}")
        _drop_output()
        return USAGE
    except (UsageError, ChatError) as error:
        errors.problem(str(error))
        return USAGE
    return code


def _drop_output() -> None:
    """Keep what could not be written from failing once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse_secrets(given: Sequence[str]) -> None:
    for item in given:
        if item.partition("=")[0] in _SECRET_OPTIONS or _is_usersig(item):
            raise UsageError(
                "secrets are no arguments: everybody on the machine can read those (ps)\n"
                "  set TENCENT_CHAT_SECRET_KEY or TENCENT_CHAT_USERSIG, or wait to be asked"
            )


def _is_usersig(text: str) -> bool:
    """Tell by the first bytes, which all of them share: those of compressed data."""
    return text.startswith("eJ") and len(text) > 100


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    """Return the parsed arguments. What is too much is not repeated: it may be a secret in the wrong place."""
    parser = _parser()
    known, rest = parser.parse_known_args(given)
    if rest:
        options = [item.partition("=")[0] for item in rest if item.startswith("--")]
        parser.error(f"unknown option: {', '.join(options)}" if options else "too many arguments")
    return known


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=PROGRAM,
        description=in_own_lines(
            """\
            Tencent Cloud Chat from the command line: calls, UserSigs, error codes, and what
            is wrong with the network."""
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        epilog=in_own_lines(
            """\
            The app, from the environment:
              TENCENT_CHAT_SDKAPPID     ID of the app
              TENCENT_CHAT_SECRET_KEY   its key; or TENCENT_CHAT_USERSIG, a UserSig
              TENCENT_CHAT_IDENTIFIER   account of an administrator, else administrator
              TENCENT_CHAT_REGION       where it lives; or TENCENT_CHAT_BASE_URL
            What is missing is asked for when the input is a terminal.

            Exit codes: 0 fine; 1 the service refused, or something was found; 2 wrong
            usage, or the network or a file failed; 130 interrupted.

            Examples:
              {program} doctor --region singapore
              {program} call messages.send @message.json
              {program} explain 60008
            """
        ),
    )
    parser.add_argument("--version", action="version", version=f"{PACKAGE} {CLIENT_VERSION}")
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (call, commands, explain, usersig, doctor):
        module.add_to(verbs)
    return parser
