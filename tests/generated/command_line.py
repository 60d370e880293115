"""Running `python -m tencent_chat` as a user does."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from tencent_chat_emulator import Emulator

CLIENT = Path(__file__).parents[2] / "generated" / "client"


def environment(**variables: object) -> dict[str, str]:
    """Return an environment with nothing in it about proxies, certificates or an app but `variables`."""
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(CLIENT), "PYTHONUTF8": "1"}
    return kept | {name: str(value) for name, value in variables.items()}


def app(mock: Emulator, **variables: object) -> dict[str, str]:
    """Return an environment for the app of `mock`."""
    given = {
        "TENCENT_CHAT_SDKAPPID": mock.sdkappid,
        "TENCENT_CHAT_SECRET_KEY": mock.secret_key,
        "TENCENT_CHAT_BASE_URL": mock.url,
    }
    return environment(**given | variables)


def run(
    *arguments: str, env: dict[str, str] | None = None, stdin: str | bytes = b"", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end; what it writes is never a traceback, and holds neither the key nor a UserSig."""
    given = environment() if env is None else env
    done = subprocess.run(
        [sys.executable, "-m", "tencent_chat", *arguments],
        env=given,
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        check=False,
        timeout=30,
        cwd=cwd,
    )
    result = subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in result.stderr
    for name in ("TENCENT_CHAT_SECRET_KEY", "TENCENT_CHAT_USERSIG"):
        assert name not in given or given[name] not in result.stdout + result.stderr
    return result


def at_terminal(arguments: list[str], env: dict[str, str], typed: list[tuple[str, str | bytes]]) -> tuple[int, str]:
    """Run the command line at a terminal, typing each text when its prompt has come; return exit code and output."""
    process, terminal = pty.fork()
    if process == 0:
        os.execve(sys.executable, [sys.executable, "-m", "tencent_chat", *arguments], env)
    output = b""
    position = 0
    waiting = list(typed)
    while True:
        if not select.select([terminal], [], [], 20)[0]:
            os.kill(process, signal.SIGKILL)
        try:
            chunk = os.read(terminal, 4096)
        except OSError:
            break
        if not chunk:
            break
        output += chunk
        if waiting and waiting[0][0].encode() in output[position:]:
            position = len(output)
            # getpass drops what was typed before it switched the echo off.
            time.sleep(0.1)
            text = waiting.pop(0)[1]
            os.write(terminal, text if isinstance(text, bytes) else text.encode())
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), output.decode()
