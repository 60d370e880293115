"""The guides: every page of generated/docs/guides is run, from top to bottom, in an environment for `from_env`.

- Python snippets of a page share one namespace, unless one begins with its file's name, `# app.py`: those files are
  written into one folder. When there are tests among them, pytest runs them.
- A `text` block right below a snippet is what the snippet prints, a `log` block what it logs; times may differ.
- `console` blocks show commands after `$ `. `pip install` is not run; a server is started and ended.
- What the emulator does to a snippet stands in FAULTS. A snippet may name the files of the fixture `emulator`.
- Constructor arguments that stand for one's own app, in PLACEHOLDERS, are replaced by those of the emulator.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shlex
import socket
import subprocess
import sys
import threading
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
import trustme
import uvicorn
from markdown_it import MarkdownIt
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from packaging.requirements import Requirement

from support.paths import CLIENT, EMULATOR, ROOT
from tencent_chat import AsyncChatClient, ChatAPIError, ChatClient, ErrorCode, ResponseError, TransportError
from tencent_chat.models import TextElem
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._memory.groups.groups import Group, Member

GUIDES = ROOT / "generated" / "docs" / "guides"

OWN_TESTS = {
    "command-line",
    "examples",
    "other-tools",
    "rate-limits",
    "webhooks",
    "webhooks-django",
    "webhooks-fastapi",
    "webhooks-flask",
}
"""Pages that need more than the emulator; tests/generated and tests/ends run them."""

PAGES = sorted(page.stem for page in GUIDES.glob("*.md") if page.stem not in OWN_TESTS)

FAULTS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "async": {"async def create_in_time(": [{"reset": True}]},
    "errors-and-retries": {
        "except InvalidRequestError": [{"code": 90001}],
        "ErrorCode.MESSAGE_RECIPIENT_NOT_FOUND": [{"code": 90012}],
        "in error.attempts:": [{"reset": True}, {"code": 60008}],
        "def may_be_done(": [{"reset": True, "after": True}],
    },
    "observability": {"def show(": [{"code": 60007}]},
    "production": {"logging.basicConfig(": [{"code": 60007}]},
}
"""By page, texts of snippets with the faults that their first calls meet."""

PLACEHOLDERS = {
    'region="singapore"': "base_url={emulator.url!r}",
    "<your secret key>": "{emulator.secret_key}",
}


ACCOUNTS = ["alice", "ann", "bob", "carol", "eve", "id1", "id2", "id3"]
GROUPS = ["@TGS#2C5SZEAEF", "@TGS#2J4SZEAEL"]


class Snippet(NamedTuple):
    code: str
    line: int
    """Of the page, on which the code begins."""
    output: str | None
    """The `text` block right below it, None when there is none."""
    log: str | None
    """The `log` block right below it, None when there is none."""

    @property
    def file(self) -> str | None:
        """Name of the file that the snippet is, None for one of the page's program."""
        found = re.match(r"# (\w+\.py)\n", self.code)
        return found[1] if found else None


def blocks(page: str, language: str) -> Iterator[Snippet]:
    """Yield the code blocks of a page in a language."""
    tokens = MarkdownIt("commonmark").parse((GUIDES / f"{page}.md").read_text(encoding="utf-8"))
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "fence" and token.info == language:
            assert token.map is not None
            below = {following.info: following.content} if following and following.type == "fence" else {}
            yield Snippet(token.content, token.map[0] + 1, below.get("text"), below.get("log"))


def program(page: str) -> list[Snippet]:
    return [snippet for snippet in blocks(page, "python") if snippet.file is None]


def files(page: str) -> dict[str, str]:
    return {snippet.file: snippet.code for snippet in blocks(page, "python") if snippet.file}


def run(page: str, snippet: Snippet, emulator: Emulator, namespace: dict[str, Any]) -> None:
    code = snippet.code
    for text, value in PLACEHOLDERS.items():
        code = code.replace(text, value.format(emulator=emulator))
    # The empty lines give a traceback the line of the page.
    exec(compile("\n" * snippet.line + code, str(GUIDES / f"{page}.md"), "exec", dont_inherit=True), namespace)


def namespace_of(page: str, emulator: Emulator) -> dict[str, Any]:
    """Return what a page defines."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for snippet in program(page):
        run(page, snippet, emulator, namespace)
    settle(emulator)
    return namespace


def environment(emulator: Emulator) -> dict[str, str]:
    return {
        "TENCENT_CHAT_SDKAPPID": str(emulator.sdkappid),
        "TENCENT_CHAT_SECRET_KEY": emulator.secret_key,
        "TENCENT_CHAT_IDENTIFIER": emulator.identifier,
        "TENCENT_CHAT_BASE_URL": emulator.url,
    }


@pytest.fixture
def emulator(
    tencent_chat_emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Emulator:
    """The emulator, in an environment that leads to it, and a folder with the certificates that the guides name."""
    for name, value in environment(tencent_chat_emulator).items():
        monkeypatch.setenv(name, value)
    for name in ("USERSIG", "REGION"):
        monkeypatch.delenv(f"TENCENT_CHAT_{name}", raising=False)
    authority = trustme.CA()
    certificate = authority.issue_cert("client.example.com")
    authority.cert_pem.write_to_path(tmp_path / "company-ca.pem")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "client.pem")
    certificate.private_key_pem.write_to_path(tmp_path / "client.key")
    monkeypatch.chdir(tmp_path)
    # Puts back the level that a guide sets.
    caplog.set_level(logging.WARNING, logger="tencent_chat")
    caplog.handler.setLevel(logging.NOTSET)
    settle(tencent_chat_emulator)
    return tencent_chat_emulator


def settle(emulator: Emulator) -> None:
    """Let there be whom the guides talk about."""
    emulator.reset()
    with ChatClient(emulator.sdkappid, emulator.secret_key, base_url=emulator.url) as client:
        client.accounts.import_accounts(accounts=ACCOUNTS)
        client.messages.import_message(
            from_account="alice",
            to_account="bob",
            msg_body=[TextElem("hi")],
            msg_time_stamp=datetime(2026, 3, 15, tzinfo=UTC),
            sync_from_old_system=2,
        )
    requests.delete(f"{emulator.url}/_emulator/calls", timeout=5).raise_for_status()
    for number, group_id in enumerate(GROUPS, start=1):
        members = {name: Member(name) for name in ACCOUNTS}
        emulator.state.groups[group_id] = Group(
            group_id, "Public", "g", members=members, max_members=100, number=number
        )


@pytest.mark.parametrize("page", [page for page in PAGES if program(page)])
def test_snippets_run_and_print_what_the_page_says(
    page: str, emulator: Emulator, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for snippet in program(page):
        caplog.clear()
        faults = [fault for text, found in FAULTS.get(page, {}).items() if text in snippet.code for fault in found]
        for fault in faults:
            emulator.fail(**fault)
        run(page, snippet, emulator, namespace)
        assert len(emulator.calls) >= len(faults)
        output = capsys.readouterr().out
        assert snippet.output is None or output == snippet.output, f"{page}.md:{snippet.line}"
        assert snippet.log is None or logged(caplog) == without_times(snippet.log), f"{page}.md:{snippet.line}"


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return what a program with `logging.basicConfig` would have logged, without times."""
    lines = map(logging.Formatter(logging.BASIC_FORMAT).format, caplog.records)
    return without_times("".join(f"{line}\n" for line in lines))


def without_times(log: str) -> str:
    return re.sub(r"\b\d+\.\d+ (m?s)\b", r"… \1", log)


def test_faults_are_meant_for_snippets_that_exist() -> None:
    for page, faults in FAULTS.items():
        for text in faults:
            assert sum(text in snippet.code for snippet in program(page)) == 1, text


def test_snippets_pass_a_strict_type_checker(tmp_path: Path) -> None:
    # Django comes without types, and other tools are not installed here.
    for page in sorted({page.stem for page in GUIDES.glob("*.md")} - {"other-tools", "webhooks-django"}):
        (tmp_path / page).mkdir()
        for name, code in {**files(page), "program.py": "\n".join(part.code for part in program(page))}.items():
            (tmp_path / page / name).write_text(code, encoding="utf-8")
    settings = {
        "extraPaths": [str(CLIENT), str(EMULATOR)],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "-p", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("page", [page for page in PAGES if files(page)])
def test_the_tests_of_a_page_pass(page: str, emulator: Emulator, tmp_path: Path) -> None:
    for name, code in files(page).items():
        (tmp_path / name).write_text(code, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "tencent_chat_emulator.pytest_plugin",
        "-q",
        "--color=no",
        str(tmp_path),
    ]
    path = f"{CLIENT}:{EMULATOR}:{tmp_path}"
    result = subprocess.run(
        command,
        cwd=tmp_path,
        env={**environment(emulator), "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    count = sum(len(re.findall(r"^def test_", code, flags=re.MULTILINE)) for code in files(page).values())
    assert result.returncode == 0, result.stdout
    assert f"{count} passed" in result.stdout


COMMANDS = [
    pytest.param(line.removeprefix("$ "), id=f"{page}-{line}")
    for page in PAGES
    for block in blocks(page, "console")
    for line in block.code.splitlines()
    if line.startswith("$ ")
]


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_work(line: str) -> None:
    command = shlex.split(line)
    match command:
        case ["pip", "install", "./generated/client", "./generated/emulator"]:
            names = [
                tomllib.loads((ROOT / name / "pyproject.toml").read_text())["project"]["name"] for name in command[2:]
            ]
            assert names == ["tencent-chat", "tencent-chat-emulator"]
        case ["pip", "install", *names]:
            extras = tomllib.loads((CLIENT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
            assert set(names) in [{Requirement(entry).name for entry in extra} for extra in extras.values()]
        case ["tencent-chat-emulator", "--port", port]:
            assert int(port) > 0
            serving = [sys.executable, "-m", "tencent_chat_emulator", "--port", "0"]
            path = {"PYTHONPATH": str(EMULATOR)}
            with subprocess.Popen(serving, stdout=subprocess.PIPE, text=True, env=path) as process:
                assert process.stdout is not None
                shown = process.stdout.readline()
                process.terminate()
            assert "http://127.0.0.1:" in shown
            assert "secret_key" in shown
        case _:
            pytest.fail(f"how is this run: {line}")


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an ASGI app with uvicorn; yield its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            # Until the app listens, connections wait in the socket's queue.
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


class TestAsync:
    def test_the_app_creates_groups(self, emulator: Emulator) -> None:
        with served(namespace_of("async", emulator)["app"]) as url:
            answer = requests.post(f"{url}/groups", params={"name": "Readers"}, timeout=30)
            assert answer.status_code == 200
            assert answer.json()["id"].startswith("@TGS#")
            emulator.fail(code=10004)
            failed = requests.post(f"{url}/groups", params={"name": "Readers"}, timeout=30)
            assert (failed.status_code, failed.json()) == (502, {"detail": "The chat service failed."})
        assert [call.command for call in emulator.calls] == ["group_open_http_svc/create_group"] * 2

    def test_a_call_that_is_cut_off_ends_before_the_task_does(self, emulator: Emulator) -> None:
        send = namespace_of("async", emulator)["send_whatever_happens"]

        async def main() -> bool:
            async with AsyncChatClient.from_env() as client:
                order = asyncio.create_task(send(client))
                await asyncio.sleep(0)
                order.cancel()
                await asyncio.gather(order, return_exceptions=True)
                return order.cancelled()

        assert asyncio.run(main())
        assert [call.command for call in emulator.calls] == ["openim/sendmsg"]

    def test_an_account_that_fails_does_not_end_the_others(
        self, emulator: Emulator, capsys: pytest.CaptureFixture[str]
    ) -> None:
        import_all = namespace_of("async", emulator)["import_all"]
        capsys.readouterr()
        emulator.fail(code=70402)
        asyncio.run(import_all(["a", "b", "c"]))
        assert "70402" in (output := capsys.readouterr().out)
        assert output.endswith("2 imported\n")


class Telemetry(NamedTuple):
    """What the hook of the guide reports to the SDK of OpenTelemetry."""

    hook: Any
    exporter: InMemorySpanExporter
    reader: InMemoryMetricReader

    def spans(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.exporter.get_finished_spans() if span.name == name]

    def durations(self) -> list[HistogramDataPoint]:
        data = self.reader.get_metrics_data()
        found = [metric for resource in data.resource_metrics for s in resource.scope_metrics for metric in s.metrics]
        assert {(metric.name, metric.unit) for metric in found} == {("tencent_chat.attempt.duration", "s")}
        return [point for metric in found for point in metric.data.data_points]


@pytest.fixture(scope="module")
def sdk() -> tuple[InMemorySpanExporter, InMemoryMetricReader]:
    """Where the providers of this process lead; they can be set only once."""
    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracing = TracerProvider()
    tracing.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(tracing)
    metrics.set_meter_provider(MeterProvider([reader]))
    return exporter, reader


@pytest.fixture
def telemetry(sdk: tuple[InMemorySpanExporter, InMemoryMetricReader], emulator: Emulator) -> Telemetry:
    exporter, reader = sdk
    hook = namespace_of("observability", emulator)["traced"]
    exporter.clear()
    return Telemetry(hook, exporter, reader)


def use(kind: str, hook: Any, call: Callable[[Any], Any]) -> None:
    """Make a call with a client of this kind, below a span of the caller's."""
    caller = trace.get_tracer("a program")

    async def main() -> None:
        async with AsyncChatClient.from_env(hooks=[hook]) as client:
            with caller.start_as_current_span("sign up"):
                await call(client)

    if kind == "async":
        asyncio.run(main())
    else:
        with ChatClient.from_env(hooks=[hook]) as client, caller.start_as_current_span("sign up"):
            call(client)


def send(client: Any) -> Any:
    body = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "meet me at the old mill"}}]
    return client.messages.send(to_account="bob", msg_body=body)


@pytest.mark.parametrize("kind", ["sync", "async"])
class TestOpenTelemetry:
    def test_attempts_are_spans_below_that_of_the_caller(
        self, kind: str, telemetry: Telemetry, emulator: Emulator
    ) -> None:
        emulator.fail(code=60007)
        use(kind, telemetry.hook, send)
        (caller,) = telemetry.spans("sign up")
        refused, done = telemetry.spans("openim/sendmsg")
        for span in (refused, done):
            assert span.parent is not None
            assert span.parent.span_id == caller.context.span_id
            assert span.kind is trace.SpanKind.CLIENT
        same = {
            "rpc.system": "tencent_chat",
            "rpc.service": "openim",
            "rpc.method": "sendmsg",
            "server.address": "127.0.0.1",
        }
        assert refused.attributes == {
            **same,
            "tencent_chat.attempt": 1,
            "tencent_chat.outcome": "refused",
            "tencent_chat.code": 60007,
            "error.type": "60007",
        }
        assert refused.status.status_code is trace.StatusCode.ERROR
        assert refused.status.description == ErrorCode.API_RATE_LIMIT_EXCEEDED.message
        assert done.attributes == {
            **same,
            "tencent_chat.attempt": 2,
            "tencent_chat.outcome": "done",
            "tencent_chat.code": 0,
        }
        assert done.status.status_code is trace.StatusCode.UNSET

    def test_many_calls_at_a_time(self, kind: str, telemetry: Telemetry) -> None:
        accounts = [f"user{number}" for number in range(250)]
        use(kind, telemetry.hook, lambda client: client.accounts.import_accounts_many(accounts=accounts))
        (caller,) = telemetry.spans("sign up")
        spans = telemetry.spans("im_open_login_svc/multiaccount_import")
        assert [span.parent and span.parent.span_id for span in spans] == [caller.context.span_id] * 3

    def test_durations_are_counted(self, kind: str, telemetry: Telemetry, emulator: Emulator) -> None:
        def counts() -> Counter[tuple[Any, ...]]:
            names = ("rpc.method", "tencent_chat.outcome", "error.type")
            found: Counter[tuple[Any, ...]] = Counter()
            for point in telemetry.durations():
                found[tuple((point.attributes or {}).get(name) for name in names)] += point.count
                assert point.explicit_bounds[0] == 0.01
            return found

        before = counts()
        emulator.fail(code=60007)
        use(kind, telemetry.hook, send)
        assert counts() - before == {("sendmsg", "refused", "60007"): 1, ("sendmsg", "done", None): 1}

    def test_an_attempt_without_an_answer(self, kind: str, telemetry: Telemetry, emulator: Emulator) -> None:
        emulator.fail(reset=True)
        with pytest.raises(TransportError):
            use(kind, telemetry.hook, lambda client: client.groups.create(type="Public", name="Readers"))
        (span,) = telemetry.spans("group_open_http_svc/create_group")
        assert span.attributes is not None
        assert span.attributes["tencent_chat.outcome"] == span.attributes["error.type"] == "unknown"
        assert "tencent_chat.code" not in span.attributes

    def test_the_request_id(self, kind: str, telemetry: Telemetry, emulator: Emulator) -> None:
        emulator.fail(code=90001)
        with pytest.raises(ChatAPIError) as caught:
            use(kind, telemetry.hook, lambda client: client.calls.get(call_id="x"))
        (span,) = telemetry.spans("call_engine_http_srv/get_call_info")
        assert caught.value.request_id
        assert span.attributes is not None
        assert span.attributes["tencent_chat.request_id"] == caught.value.request_id

    def test_neither_secrets_nor_messages(self, kind: str, telemetry: Telemetry, emulator: Emulator) -> None:
        emulator.fail(html=True, times=3)
        with pytest.raises(ResponseError):
            use(kind, telemetry.hook, send)
        shown = "".join(span.to_json() for span in telemetry.exporter.get_finished_spans())
        shown += telemetry.reader.get_metrics_data().to_json()
        assert "sendmsg" in shown
        # All UserSigs begin with eJ.
        for text in ("old mill", emulator.secret_key, "eJ"):
            assert text not in shown


def test_a_cancelled_attempt_ends_its_span(telemetry: Telemetry, emulator: Emulator) -> None:
    emulator.fail(latency=30)

    async def main() -> None:
        async with AsyncChatClient.from_env(hooks=[telemetry.hook]) as client:
            call = asyncio.create_task(send(client))
            while not emulator.calls:
                await asyncio.sleep(0.01)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)

    asyncio.run(main())
    (span,) = telemetry.spans("openim/sendmsg")
    assert span.attributes is not None
    assert span.attributes["tencent_chat.outcome"] == span.attributes["error.type"] == "cancelled"
    assert span.status.status_code is trace.StatusCode.ERROR
