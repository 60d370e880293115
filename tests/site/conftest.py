"""The site is built once for all tests, and served to a headless Chromium."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from .building import build


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of a process builds the site, which takes a minute, and longer on a machine that is busy."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder of the site; processes that run tests side by side share it."""
    base = tmp_path_factory.getbasetemp()
    if worker_id == "master":
        return build(base / "site")
    base = base.parent
    try:
        (base / "building").mkdir()
    except FileExistsError:
        end = time.monotonic() + 500
        while not (base / "site").is_dir() and time.monotonic() < end:
            time.sleep(0.2)
        return base / "site"
    # It is moved into its place whole.
    return build(base / "site")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Yield where the site is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield Debian's Chromium."""
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()
