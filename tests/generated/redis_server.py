"""A real Redis on a free port of the loopback interface."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from types import TracebackType

import redis

PASSWORD = "dummy-redis-password"


class RedisServer:
    """Runs while the block does, and can be stopped and started in it."""

    def __init__(self) -> None:
        self.port = 0
        self._folder = tempfile.TemporaryDirectory()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port, password=PASSWORD)

    def __enter__(self) -> RedisServer:
        for _ in range(5):
            self.port = free_port()
            if self.start():
                return self
        raise RuntimeError("redis-server does not start")

    def start(self) -> bool:
        """Return whether it runs; it does not when another program took the port."""
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("redis-server is missing: apt-get install redis-server")
        command = [program, "--bind", "127.0.0.1", "--port", str(self.port), "--dir", self._folder.name]
        command += ["--requirepass", PASSWORD, "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while time.monotonic() < end and self._process.poll() is None:
            try:
                return bool(self.client().ping())
            except redis.ConnectionError:
                time.sleep(0.02)
        return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def __exit__(
        self, error_class: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        self._folder.cleanup()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
