"""Another API with templates of its own: the generator knows no vendor.

`harbour/` has other query parameters, another envelope, folder, codes and names than the project at hand.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from openapi_spec_validator import validate

PROJECT = Path(__file__).parent / "harbour"


@dataclass
class Office:
    """A service that answers every call with `answer`."""

    url: str = ""
    answer: object = None
    calls: list[tuple[str, str, list[tuple[str, str]], object]] = field(default_factory=list)


def timgen(root: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "timgen", "--root", str(root), *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("second") / "harbour"
    shutil.copytree(PROJECT, root)
    timgen(root, "generate")
    return root


@pytest.fixture(scope="module")
def harbour(project: Path) -> Iterator[ModuleType]:
    sys.path.insert(0, str(project / "generated/client"))
    try:
        yield import_module("harbour_api")
    finally:
        sys.path.remove(str(project / "generated/client"))


@pytest.fixture
def office() -> Iterator[Office]:
    state = Office()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            parts = urlsplit(self.path)
            state.calls.append((self.command, parts.path, parse_qsl(parts.query), body))
            answer = json.dumps(state.answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def client(harbour: ModuleType, office: Office) -> Any:
    return harbour.Harbour("a-long-key", office.url)


def test_a_call_has_the_parameters_and_the_path_of_the_spec(client: Any, office: Office) -> None:
    office.answer = {"code": 1, "berths": [{"number": 4, "maxLength": 15, "side": "port", "new": True}]}
    answer = client.berths.find_free(ship_length=12.5, side="port")
    ((method, path, query, body),) = office.calls
    assert (method, path, body) == ("POST", "/v2/berths/find_free", {"shipLength": 12.5, "side": "port"})
    assert [name for name, _ in query] == ["key", "at", "lang"]
    assert dict(query)["key"] == "a-long-key"
    assert dict(query)["lang"] == "en"
    assert (answer.berths[0].number, answer.berths[0].max_length) == (4, 15)


def test_a_code_becomes_the_exception_of_its_category(client: Any, office: Office, harbour: ModuleType) -> None:
    errors = harbour.errors
    office.answer = {"code": 41, "message": "taken"}
    with pytest.raises(errors.RefusedError, match="Another ship lies there") as caught:
        client.berths.reserve(ship={"name": "Nautilus"}, berth=7)
    assert isinstance(caught.value, errors.HarbourError)
    assert (caught.value.code, caught.value.fix) == (41, "Ask for the free ones first.")
    office.answer = {"code": 50}
    with pytest.raises(errors.ClosedError):
        client.tides.get_next()
    assert office.calls[1][1:] == ("/v2/tides/next", office.calls[1][2], {})


def test_a_body_that_does_not_fit_is_not_sent(client: Any, office: Office) -> None:
    for wrong in ({"ship_length": 500}, {"ship_length": 0}):
        with pytest.raises(ValueError, match="shipLength"):
            client.berths.find_free(**wrong)
    assert office.calls == []


def test_its_openapi_document_is_valid_and_its_own(project: Path) -> None:
    document = json.loads((project / "generated/openapi/harbour.json").read_text(encoding="utf-8"))
    validate(document)
    assert sorted(document["paths"]) == ["/v2/berths/find_free", "/v2/berths/reserve", "/v2/tides/next"]
    assert sorted(document["components"]["parameters"]) == ["at", "lang"]
    assert document["security"] == [{"key": []}]
    assert "license" not in document["info"]
    assert "code is 1" in document["paths"]["/v2/tides/next"]["post"]["responses"]["200"]["description"]


def test_type_checkers_accept_the_client(project: Path) -> None:
    arguments = ["--config-file=", "--strict", "--cache-dir=/dev/null", "harbour_api"]
    command = [sys.executable, "-m", "mypy", *arguments]
    result = subprocess.run(command, cwd=project / "generated/client", capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_every_command_of_the_tool_works(project: Path) -> None:
    assert "files are what the spec says" in timgen(project, "check")
    assert "nothing to report" in timgen(project, "lint")
    assert "3 commands (harbour 2, sea 1)" in timgen(project, "coverage")
    assert "RefusedError" in timgen(project, "explain", "41")


def test_nothing_of_another_vendor_is_in_the_output(project: Path) -> None:
    # What other tests imported is compiled there.
    files = (path for path in (project / "generated").rglob("*.*") if path.suffix != ".pyc")
    texts = {path: path.read_text(encoding="utf-8").lower() for path in files}
    assert len(texts) > 15
    words = ("tencent", "usersig", "sdkappid", "errorcode", "actionstatus", "v4", "60003")
    assert {str(path): word for path, text in texts.items() for word in words if word in text} == {}


def test_what_the_templates_ask_for_must_be_in_the_spec(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "harbour")
    api = tmp_path / "harbour/spec/api.yaml"
    api.write_text(api.read_text(encoding="utf-8").replace("role: now,", "role: clock,"), encoding="utf-8")
    command = [sys.executable, "-m", "timgen", "--root", str(tmp_path / "harbour"), "generate"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "templates/client/harbour_api/__init__.py.j2:35:16: error[template]" in result.stdout + result.stderr
    assert "'now'" in result.stdout + result.stderr


def test_the_commands_stand_in_the_folder_of_the_version(project: Path, tmp_path: Path) -> None:
    move: Callable[[str], Path] = (tmp_path / "harbour").joinpath
    shutil.copytree(project, move(""))
    move("spec/v2").rename(move("spec/v1"))
    command = [sys.executable, "-m", "timgen", "--root", str(move("")), "lint", "--format", "json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [(finding["file"], finding["rule"], finding["hint"]) for finding in json.loads(result.stdout)]
    hint = "a spec has api.yaml, errors.yaml, schemas/*.yaml, v2/<service>/<command>.yaml, webhooks/<Command>.yaml"
    assert ("spec/v1/tides/next.yaml", "file-name", hint) in found


def test_the_package_is_a_folder_of_the_templates(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "harbour")
    api = tmp_path / "harbour/spec/api.yaml"
    api.write_text(api.read_text("utf-8").replace("package: harbour_api", "package: harbour"), encoding="utf-8")
    command = [sys.executable, "-m", "timgen", "--root", str(tmp_path / "harbour"), "generate", "--format", "json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    (finding,) = json.loads(result.stdout)
    assert (finding["file"], finding["line"], finding["rule"]) == ("spec/api.yaml", 9, "client-package")
    assert finding["hint"].startswith("it has harbour_api;")
