"""`doctor`: finds out what stands between this machine and the service."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from .._support.environment import Variables
from .._tables.protocol import CREDENTIALS
from ..exceptions import ChatAPIError, ChatError, ResponseError, TransportError
from .arguments import (
    App,
    Verbs,
    add_app,
    add_identifier,
    add_place,
    add_verb,
    app_id,
    at_terminal,
    key,
    place,
    seconds,
    settings,
)
from .screen import Screen, Style, duration, printable

if TYPE_CHECKING:
    from ..attempts import Attempt
    from .probing.probe import Probe
    from .probing.steps import State, Step

_TIMEOUT = 10.0
# Reads, of one account, what the app itself put there; nothing changes and no plan is needed.
_COMMAND = "im_open_login_svc/account_check"
_CALL = "Call"

_MARKS: dict[State, tuple[str, str, Style]] = {
    "ok": ("✓", "+", "green"),
    "failed": ("✗", "x", "red"),
    "warning": ("!", "!", "yellow"),
    "skipped": ("–", "-", "dim"),
}


def add_to(verbs: Verbs) -> None:
    parser = add_verb(
        verbs,
        "doctor",
        "find out why calls do not get through",
        f"""Goes the way of a call step by step: DNS, TCP, TLS with the certificate, HTTP, a second request on the
        same connection, the clocks; then the same for the region's backup domain. With an SDKAppID and its key it
        makes one harmless call, {_COMMAND}, which reads whether the calling account exists.""",
        """\
        Examples:
          {program} doctor --region singapore
          {program} doctor --base-url http://127.0.0.1:8099 --json

        Proxies (HTTPS_PROXY, NO_PROXY ...) and certificates (REQUESTS_CA_BUNDLE) of the
        environment are used as calls use them.

        Exit codes: 0 all fine, warnings included; 1 something is wrong; 2 wrong usage.
        """,
    )
    parser.add_argument("--json", action="store_true", help="print the steps as JSON")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds,
        default=_TIMEOUT,
        help="for each step; 10 when left out",
    )
    add_app(parser)
    add_identifier(parser)
    add_place(parser)
    parser.set_defaults(run=run)


class _Found(NamedTuple):
    """A step, and what it was part of."""

    target: str
    """URL, or path of a command."""
    role: Literal["domain", "backup", "call"]
    step: Step

    def title(self, app: App | None) -> str:
        if self.role == "call" and app is not None:
            return f"{self.target} as {app.identifier}"
        return f"{self.target} (backup domain)" if self.role == "backup" else self.target


def run(arguments: argparse.Namespace) -> int:
    """Examine the way to the service. Raises UsageError and ConfigurationError."""
    from .._support.urls import checked_base_urls

    found = settings(arguments)
    asking = at_terminal()
    region = found.region
    if region is None and found.base_url is None:
        region = place(asking=asking)
    urls = checked_base_urls(region if found.base_url is None else None, found.base_url, None)
    app = _app(found, asking=asking)
    output = Screen(sys.stdout)
    results: list[_Found] = []
    for result in _examined(urls, app, arguments.timeout):
        if not arguments.json:
            if not results or results[-1].target != result.target:
                output.line(output.styled(printable(result.title(app)), "bold"))
            _show(output, result.step)
        results.append(result)
    failed = sum(result.step.state == "failed" for result in results)
    if arguments.json:
        steps = [
            {"target": target, "role": role, **step._asdict()} for target, role, step in results
        ]
        output.json({"ok": not failed, "steps": steps}, indent=2)
    else:
        _conclude(output, [result.step.state for result in results])
    return 1 if failed else 0


def _app(found: Variables, *, asking: bool) -> App | None:
    """Return the app to make a call for, None when it or its key is not given."""
    if found.sdkappid is None or not (found.usersig or found.secret_key or asking):
        return None
    sdkappid = app_id(found, asking=asking)
    secret_key = None if found.usersig else key(found, asking=asking)
    identifier = found.identifier or "administrator"
    return App(sdkappid, secret_key, found.usersig, identifier, None, None)


def _examined(urls: list[str], app: App | None, timeout: float) -> Iterator[_Found]:
    from .probing.probe import Probe

    probes: list[Probe] = []
    for number, url in enumerate(urls):
        probe = Probe(url, timeout)
        probes.append(probe)
        for step in probe.steps():
            yield _Found(url, "backup" if number else "domain", step)
    yield _Found(_COMMAND, "call", _call(app, probes, timeout))


def _call(app: App | None, probes: list[Probe], timeout: float) -> Step:
    """Make one call that changes nothing, to the first place that answers."""
    from .probing.steps import Step

    if app is None:
        hint = "Set TENCENT_CHAT_SDKAPPID and TENCENT_CHAT_SECRET_KEY to have a call made."
        return Step(_CALL, "skipped", "no app, or no key for it, is given", hints=(hint,))
    url = next((probe.url for probe in probes if probe.answers), None)
    if url is None:
        return Step(_CALL, "skipped", "because nothing answers")
    attempts: list[Attempt] = []

    body = {"CheckItem": [{"UserID": app.identifier}]}
    try:
        with app._replace(base_url=url).client(
            attempts=attempts, timeout=timeout, retry=False
        ) as client:
            client.call(_COMMAND, body)
    except ChatError as error:
        problem, hints = _wrong(error, app)
        took = attempts[-1].seconds if attempts else None
        return Step(_CALL, "failed", problem, took, hints)
    made = attempts[-1]
    return Step(
        _CALL,
        "ok",
        "OK" + (f", request id {made.request_id}" if made.request_id else ""),
        made.seconds,
    )


def _wrong(error: ChatError, app: App) -> tuple[str, tuple[str, ...]]:
    """Return what is wrong, and what to do."""
    if isinstance(error, ChatAPIError):
        code = "no code" if error.code is None else f"{int(error.code)} {error.name or ''}".strip()
        hints = [error.message, error.fix]
        if error.info:
            hints.append(f"The service says: {error.info}")
        if error.request_id:
            hints.append(f"Request id: {error.request_id}")
        if error.category in CREDENTIALS:
            secret = "UserSig" if app.secret_key is None else "key"
            hints.append(
                f"Used were SDKAppID {app.sdkappid}, its {secret} and the account {app.identifier}."
            )
        return f"refused: {code}", tuple(hints)
    if isinstance(error, ResponseError):
        return f"{error.reason} (HTTP status {error.status})", (
            "Something else than the service answered: a proxy, a load balancer or a wrong base URL.",
        )
    if isinstance(error, TransportError):
        return error.reason, ("Run this again: the steps above may then show where it fails.",)
    return str(error), ()


def _show(output: Screen, step: Step) -> None:
    mark, plain, style = _MARKS[step.state]
    shown = mark if output.can_write(mark) else plain
    took = "" if step.seconds is None else duration(step.seconds)
    label = f"{output.styled(shown, style)} {step.name:<10} {took:>7}  "
    output.text(step.detail, " " * 23, first=f"  {label}")
    for hint in step.hints:
        output.text(hint, " " * 6, first="    - ")


def _conclude(output: Screen, states: list[State]) -> None:
    output.line()
    failed, warned = states.count("failed"), states.count("warning")
    if failed:
        output.line(output.styled(f"{failed} of {len(states)} steps failed.", "red"))
    elif warned:
        output.line(f"Nothing failed; warnings: {warned}.")
    else:
        output.line(output.styled("All fine.", "green"))
