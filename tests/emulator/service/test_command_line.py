"""The emulator as people start it in the foreground."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

import pytest
import trustme

from support.calling import exchange


@contextmanager
def serving(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tencent_chat_emulator", *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def first_line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline()


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_and_ends_when_it_is_asked_to(verbose: bool, end: signal.Signals) -> None:
    with serving(*(["--verbose"] if verbose else [])) as process:
        line = first_line(process.stdout)
        port = re.fullmatch(
            r"http://127\.0\.0\.1:(\d+) is the emulator: sdkappid 1400000000, "
            r"secret_key emulator-secret-key-that-opens-nothing, identifier administrator\. Ctrl-C ends it\.\n",
            line,
        )
        assert port, line
        with closing(HTTPConnection("127.0.0.1", int(port[1]), timeout=5)) as connection:
            assert exchange(connection, "/v4/openim/sendmsg?usersig=dummy").code == 60002
            process.send_signal(end)
            output, errors = process.communicate(timeout=5)
    assert (process.returncode, output) == (0, "")
    if verbose:
        assert re.fullmatch(r"\d\d:\d\d:\d\d POST /v4/openim/sendmsg: 60002 .* \(\d+\.\d ms\)\n", errors)
    else:
        assert errors == ""


def test_serve_speaks_https(tmp_path: Path) -> None:
    certificate = trustme.CA().issue_cert("127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "certificate.pem")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    files = ("--certificate", str(tmp_path / "certificate.pem"), "--private-key", str(tmp_path / "key.pem"))
    with serving(*files) as process:
        assert first_line(process.stdout).startswith("https://127.0.0.1:")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--private-key", "key.pem"], "--private-key needs --certificate"),
        (["--certificate", "missing.pem"], "missing.pem"),
        (["--state", "missing/state"], "missing/state"),
        (["--host", "192.0.2.1"], "192.0.2.1"),
        (["--port", "70000"], "70000"),
        (["--webhooks-to", "nowhere"], "'nowhere' is no URL"),
    ],
)
def test_what_cannot_be_had_is_told(arguments: list[str], words: str) -> None:
    with serving(*arguments) as process:
        output, errors = process.communicate(timeout=10)
    assert (process.returncode, output) == (2, "")
    assert words in errors
    assert "Traceback" not in errors
