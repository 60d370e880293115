"""The client inside other people's programs: task queues and servers that fork, as they are really run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from celery import Celery
from celery.exceptions import SoftTimeLimitExceeded

from generated.clients import KEY
from generated.loopback import OK, Received, Server, http, unused_port
from generated.redis_server import RedisServer
from support.paths import ROOT
from tencent_chat import ChatAPIError, RequestError, ResponseError, TransportError

TASKS = """
import os, sys
from celery import Celery
from celery.exceptions import SoftTimeLimitExceeded
from tencent_chat import ChatClient

app = Celery("tasks", broker=os.environ["REDIS"], backend=os.environ["REDIS"])
app.conf.broker_connection_retry_on_startup = True
# Made before the worker forks.
client = ChatClient(1400000000, os.environ["KEY"], base_url=os.environ["SERVICE"], retry=False, timeout=20)

def frames(error):
    traceback = error.__traceback__
    while traceback:
        yield traceback.tb_frame
        traceback = traceback.tb_next

@app.task(name="call")
def call(path, body):
    return client.call(path, body).raw

@app.task(name="hang", soft_time_limit=1)
def hang():
    try:
        client.call("x/hangs", {})
    except SoftTimeLimitExceeded as error:
        ours = [frame for frame in frames(error) if "tencent_chat" in frame.f_code.co_filename]
        held = repr([frame.f_locals for frame in ours])
        return [len(ours) > 0, os.environ["KEY"] in held, "usersig=eJ" in held]
"""


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


def answer(request: Received, connection: object) -> bytes | None:
    path = request.line.split("?")[0].rpartition("/v4/")[2]
    match path:
        case "x/hangs":
            time.sleep(5)
            return None
        case "x/refused":
            return http({"ActionStatus": "FAIL", "ErrorInfo": "why", "ErrorCode": 70001})
        case "x/page":
            return http(b"<h1>Bad Gateway</h1>", 502)
        case "x/breaks":
            connection.close()  # type: ignore[attr-defined]
            return None
    return http({**OK, "Pid": 1})


@contextmanager
def running(*command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run a server; its group of processes ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "generated" / "client"), "KEY": KEY, **environment},
    )  # fmt: skip
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


@pytest.fixture(scope="module")
def service() -> Iterator[Server]:
    with Server(answer) as server:
        yield server


@pytest.fixture(scope="module")
def tasks(redis_server: RedisServer, service: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Celery]:
    """A worker with two forked processes, and the way to it."""
    folder = tmp_path_factory.mktemp("celery")
    (folder / "tasks.py").write_text(TASKS, encoding="utf-8")
    command = [
        "celery",
        "--workdir",
        str(folder),
        "-A",
        "tasks",
        "worker",
        "--pool=prefork",
        "-c",
        "2",
        "-l",
        "WARNING",
    ]
    app = Celery("tasks", broker=redis_server.url, backend=redis_server.url)
    app.conf.result_backend_always_retry = False
    with running(*command, REDIS=redis_server.url, SERVICE=service.url):
        yield app
    app.close()


def result_of(app: Celery, name: str, *arguments: object) -> object:
    return app.send_task(name, arguments).get(timeout=40)


def test_a_client_made_before_a_worker_forks_works_in_its_tasks(tasks: Celery) -> None:
    assert result_of(tasks, "call", "x/y", {}) == {**OK, "Pid": 1}


@pytest.mark.parametrize(
    ("path", "body", "error_class"),
    [
        ("x/refused", {}, ChatAPIError),
        ("x/page", {}, ResponseError),
        ("x/breaks", {}, TransportError),
        ("openim/sendmsg", {"To_Account": 5}, RequestError),
    ],
)
def test_errors_of_tasks_arrive_as_they_were_raised(
    tasks: Celery, path: str, body: dict[str, object], error_class: type[Exception]
) -> None:
    with pytest.raises(error_class) as caught:
        result_of(tasks, "call", path, body)
    assert path in str(caught.value)


def test_a_soft_time_limit_ends_a_call_and_shows_nothing(tasks: Celery) -> None:
    try:
        found = result_of(tasks, "hang")
    except SoftTimeLimitExceeded:
        pytest.fail("the limit struck outside of the call")
    assert found == [True, False, False]


APP = """
import os
from tencent_chat import ChatClient

client = ChatClient(1400000000, os.environ["KEY"], base_url=os.environ["SERVICE"])
client.call("x/y", {})

def application(environ, start_response):
    client.groups.list_all()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
"""


def test_a_client_that_has_made_calls_before_gunicorn_forks(service: Server, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    port = unused_port()
    options = ["--preload", "--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{port}", "--chdir", str(tmp_path)]
    with running("gunicorn", *options, "app:application", SERVICE=service.url):
        session = requests.Session()
        session.trust_env = False
        deadline = time.monotonic() + 30
        while True:
            try:
                session.get(f"http://127.0.0.1:{port}/", timeout=10)
                break
            except requests.ConnectionError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        answers = [requests.get(f"http://127.0.0.1:{port}/", timeout=10) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
