"""The mock as people start it in the foreground."""

from __future__ import annotations

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

from support.mock import exchange
from timgen.mock import serve
from timgen.pipeline import load_api
from timgen.reading import project

# A shell has its background jobs ignore Ctrl-C, and what they start inherits that.
SERVE = """
import signal
import sys
from pathlib import Path
from timgen.reading import project
from timgen.pipeline import load_api
from timgen.mock import serve

{arguments}
signal.signal(signal.SIGINT, signal.default_int_handler)
serve(load_api(project.packaged().root), **arguments)
"""


@contextmanager
def serving(arguments: str) -> Iterator[subprocess.Popen[str]]:
    code = SERVE.format(arguments=f"arguments = {arguments}")
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def first_line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline()


@pytest.mark.parametrize("verbose", [False, True])
def test_serve_says_where_and_ends_with_ctrl_c(verbose: bool) -> None:
    with serving(f"dict(verbose={verbose})") as process:
        line = first_line(process.stdout)
        port = re.fullmatch(
            r"http://127\.0\.0\.1:(\d+) is a mock of Tencent Cloud Chat server API: sdkappid 1400000000, "
            r"secret_key mock-secret-key-that-opens-nothing, identifier administrator\. Ctrl-C ends it\.\n",
            line,
        )
        assert port, line
        with closing(HTTPConnection("127.0.0.1", int(port[1]), timeout=5)) as connection:
            assert exchange(connection, "/v4/openim/sendmsg?usersig=dummy").code == 60002
            process.send_signal(signal.SIGINT)
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
    files = f"certificate=Path({str(tmp_path / 'certificate.pem')!r}), private_key=Path({str(tmp_path / 'key.pem')!r})"
    with serving(f"dict({files})") as process:
        assert first_line(process.stdout).startswith("https://127.0.0.1:")


def test_a_key_alone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="certificate"):
        serve(load_api(project.packaged().root), private_key=tmp_path / "key.pem")
