"""The emulator: a server on this machine, which plays the service for one app or several."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from ._apps.application import Answered, Application
from ._apps.journal import Journal
from ._apps.records import record
from ._catalogue.catalogue import Catalogue
from ._checks.checks import Accepted, Credentials, Incoming, examine
from ._core.carrying import behaviours, failed
from ._http import control
from ._http.reply import Reply, json_reply, page_reply
from ._http.server import Server
from .app import App
from .faults import Fault

DEFAULT_SDKAPPID = 1400000000
DEFAULT_SECRET_KEY = "emulator-secret-key-that-opens-nothing"  # noqa: S105
DEFAULT_IDENTIFIER = "administrator"

_log = logging.getLogger("tencent_chat_emulator")


class Emulator(App):
    """A double of the service with a memory, on this machine.

        with Emulator() as emulator:
            client = ChatClient(emulator.sdkappid, emulator.secret_key, base_url=emulator.url)

    It serves from a thread of its own while the `with` block runs. `port` 0 is any free one. The same
    `seed` and the same calls give the same IDs. With `now` (Unix seconds) the clock stands still until it is
    moved; without, it goes with the real time. `rate_limits` refuses calls that are too many. With `tls` it
    speaks HTTPS. Each call is logged at level INFO to the logger `tencent_chat_emulator`, without its query
    and body.

    Entering the block raises OSError when the address cannot be had.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        seed: int = 0,
        now: float | None = None,
        rate_limits: bool = False,
        sdkappid: int = DEFAULT_SDKAPPID,
        secret_key: str = DEFAULT_SECRET_KEY,
        administrators: Sequence[str] = (DEFAULT_IDENTIFIER,),
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
        state: Path | None = None,
    ) -> None:
        self._journal: Journal | None = None
        self._state = state
        self._catalogue = Catalogue()
        self._behaviours = behaviours()
        self._seed, self._now, self._rate_limits = seed, now, rate_limits
        self._host, self._port, self._tls = host, port, tls
        self._server: Server | None = None
        self._apps: dict[int, Application] = {}
        super().__init__(self._serve(sdkappid, secret_key, administrators), lambda: self._server)

    def __enter__(self) -> Self:
        journal = None if self._state is None else Journal(self._state)
        try:
            for entry in journal.entries if journal else ():
                self._apps[entry.pop("app")].replay(entry)
            self._server = Server(self._respond, self._host, self._port, self._tls)
        except BaseException:
            if journal:
                journal.close()
            raise
        if journal:
            self._keep(journal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        server, self._server = self._server, None
        if server is not None:
            for app in self._apps.values():
                server.run(app.webhooks.close())
            server.close()
        if self._journal is not None:
            self._journal.compact(
                {sdkappid: app.snapshot() for sdkappid, app in self._apps.items()}
            )
            self._journal.close()

    def add_app(
        self,
        sdkappid: int,
        secret_key: str = DEFAULT_SECRET_KEY,
        *,
        administrators: Sequence[str] = (DEFAULT_IDENTIFIER,),
    ) -> App:
        """Serve one more app, which shares nothing but the address. Raises ValueError when it is served already."""
        application = self._link.do(lambda: self._serve(sdkappid, secret_key, administrators))
        return App(application, lambda: self._server)

    def _keep(self, journal: Journal) -> None:
        """Write what changes to a file, which begins with what there is."""
        self._journal = journal
        journal.compact({sdkappid: app.snapshot() for sdkappid, app in self._apps.items()})
        for sdkappid, app in self._apps.items():
            app.write_to(partial(journal.append, sdkappid))

    def _serve(self, sdkappid: int, secret_key: str, administrators: Sequence[str]) -> Application:
        if isinstance(administrators, str) or not administrators:
            raise ValueError("administrators must be a list of at least one account")
        if sdkappid in self._apps:
            raise ValueError(f"sdkappid {sdkappid} is served already")
        self._apps[sdkappid] = application = Application(
            self._catalogue,
            self._behaviours,
            Credentials(sdkappid, secret_key, tuple(administrators)),
            seed=self._seed,
            now=self._now,
            limits=self._rate_limits,
        )
        return application

    async def _respond(self, call: Incoming) -> Reply:
        started = time.perf_counter()
        app = self._app_of(call)
        if call.path.startswith(control.PREFIX):
            return await control.respond(app, call)
        received = record(call, time.time())
        app.received.append(received)
        fault = app.faults.take(call.command)
        if fault is not None and fault.latency:
            await asyncio.sleep(fault.latency)
        takes_effect = fault is None or not fault.prevents
        answered = await self._answer(call) if takes_effect else Answered({}, "no effect")
        reply, outcome = self._reply(call, fault, answered)
        received.answer, received.modelled = reply.value, answered.modelled
        elapsed = (time.perf_counter() - started) * 1000
        _log.info(
            "%s %s: %s (%.1f ms)", call.method, _printable(call.path), _printable(outcome), elapsed
        )
        return reply

    def _app_of(self, call: Incoming) -> Application:
        """Return the app that a call names, else the first one."""
        apps = {str(sdkappid): app for sdkappid, app in self._apps.items()}
        return apps.get(call.parameter("sdkappid"), self._application)

    async def _answer(self, call: Incoming) -> Answered:
        # UserSigs are made with the real time.
        examined = examine(
            self._catalogue, [app.credentials for app in self._apps.values()], call, time.time()
        )
        if isinstance(examined, Accepted):
            # By the name that the caller knows, which may be that of a container.
            origin = f"{'https' if self._tls else 'http'}://{call.headers.get('Host', '')}"
            app = self._apps[examined.credentials.sdkappid]
            return await app.respond(examined, f"{origin}{control.FILES}")
        body = failed(self._catalogue, call.command, examined.code, examined.info, {})
        return Answered(body, f"{examined.code} {examined.info}")

    def _reply(self, call: Incoming, fault: Fault | None, answered: Answered) -> tuple[Reply, str]:
        """Return what goes back to the caller, and what it is in a few words."""
        match fault:
            case Fault(reset=True):
                return Reply(200, "", b"", ending="reset"), "fault, reset"
            case Fault(status=int(status)):
                return page_reply(status), f"fault, HTTP status {status}"
            case Fault(html=True):
                return page_reply(200), "fault, HTML"
            case Fault(code=int(code)):
                return json_reply(
                    failed(self._catalogue, call.command, code, None, {})
                ), f"fault, {code}"
            case Fault(half=True):
                return json_reply(
                    answered.body, ending="half"
                ), f"fault, half of: {answered.outcome}"
            case _:
                return json_reply(answered.body), answered.outcome


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
