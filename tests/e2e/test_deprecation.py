"""What no longer comes and what is called otherwise now: in the client over a socket, on pages, in tools."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from golden.support import Case, make_project
from support.minispec import Mini

APP = """\
import asyncio, json, sys, warnings

with warnings.catch_warnings(record=True, action="always") as caught:
    from .parts.chat import AsyncChatClient, ChatAPIError, ChatClient, ErrorCode
    from .parts.chat.models import RenamedNote

    url, settings = sys.argv[1], dict(sdkappid=1, secret_key="dummy")
    with ChatClient(**settings, base_url=url) as client:
        space = client.renamed_arguments
        space.put(user_name="a", people=["b"])
        space.put_many(owner="a", people=["b", "c", "d"])
        list(space.iter_names(only="new"))
        note = RenamedNote("t", words="w")
        space.put(owner="a", members=["b"], body=note)
        try:
            space.put(owner="fail", members=["b"])
        except ChatAPIError as error:
            code = error.code

    async def use():
        async with AsyncChatClient(**settings, base_url=url) as client:
            space = client.renamed_arguments
            await space.put(user_name="a", people=["b"])
            await space.put_many(owner="a", people=["b", "c", "d"])
            [name async for name in space.iter_names(only="new")]

    asyncio.run(use())

found = [[w.category.__name__, w.filename, w.lineno, str(w.message)] for w in caught]
other = ErrorCode.INTERNAL.deprecated
print(json.dumps({"warnings": found, "code": code.name, "deprecated": code.deprecated, "other": other}))
"""


ADVICE = "Deprecated since 2024-01-14: expect 10002 (INTERNAL)."


class Service(BaseHTTPRequestHandler):
    """Answers each call, and keeps its body."""

    protocol_version = "HTTP/1.1"
    bodies: ClassVar[list[Any]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.bodies.append(body)
        code = -7 if body.get("Owner") == "fail" else 0
        answer = json.dumps({"ErrorCode": code, "Names": ["x"], "Next": ""}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """All outputs of a project with renamed arguments and a code that no longer comes."""
    mini = make_project(
        tmp_path_factory.mktemp("project"), [Case("renamed_arguments")], "client", "docs", "openapi", "editor"
    )
    mini.patch(
        "spec/errors.yaml", "  name: TOO_LONG\n", "  name: TOO_LONG\n  deprecated: {since: '2024-01-14', use: 10002}\n"
    )
    mini.patch("spec/v4/renamed_arguments/put.yaml", "repeat: unsafe\n", "repeat: unsafe\nerrors: [-7, 10002]\n")
    done = mini.timgen("generate")
    assert done.returncode == 0, done.stdout + done.stderr
    return mini


def test_an_app_is_warned_in_its_own_lines(project: Mini, service: str, tmp_path: Path) -> None:
    # In a deep package, as a vendored copy is.
    shutil.copytree(project.path("generated/client/tencent_chat"), tmp_path / "app/parts/chat")
    main = tmp_path / "app/main.py"
    main.write_text(APP, encoding="utf-8")
    Service.bodies.clear()
    done = subprocess.run(
        [sys.executable, "-m", "app.main", service], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    lines = APP.splitlines()
    owner, members, names, words = (
        f"Deprecated since {since}: use {new} in place of {old}"
        for since, new, old in (
            ("0.2.0", "owner", "user_name"),
            ("0.3.0", "members", "people"),
            ("0.2.0", "filter", "only"),
            ("0.2.0", "text", "words"),
        )
    )
    once = [(owner, "space.put("), (members, "space.put("), (members, "space.put_many("), (names, "iter_names(")]
    expected = [*once, (words, "RenamedNote("), *once]
    assert [text for *_, text in told["warnings"]] == [text for text, _ in expected]
    for (category, file, line, _), (_, part) in zip(told["warnings"], expected, strict=True):
        assert (category, Path(file)) == ("DeprecationWarning", main)
        assert part in lines[line - 1]
    # That the service answers with a code that it should no longer use is no fault of the app.
    assert told["code"] == "TOO_LONG"
    assert told["deprecated"] == ["2024-01-14", "expect 10002 (INTERNAL)"]
    assert told["other"] is None
    plain = [body for body in Service.bodies if body.get("Members") == ["b"] and len(body) == 2]
    assert [body["Owner"] for body in plain] == ["a", "fail", "a"]


def test_editors_show_it_at_the_member(project: Mini) -> None:
    text = project.read("generated/client/tencent_chat/error_codes.py")
    assert f'TOO_LONG = -7\n    """The text is too long.\n\n    {ADVICE}\n    """\n' in text
    assert "-7 TOO_LONG: The text is too long. Deprecated since 2024-01-14: expect" in " ".join(
        project.read("generated/client/tencent_chat/namespaces/renamed_arguments.py").split()
    )
    assert "TOO_LONG: Deprecated since 2024-01-14" in project.read("generated/editor/names.schema.json")


def test_the_client_explains_it(project: Mini) -> None:
    def explain(*arguments: str) -> str:
        command = [sys.executable, "-m", "tencent_chat", "explain", "-7", *arguments]
        cwd = project.path("generated/client")
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True).stdout

    assert explain().startswith(f"-7 TOO_LONG\n\n{ADVICE}\n\nThe text")
    assert json.loads(explain("--json"))["deprecated"] == {"since": "2024-01-14", "use": "expect 10002 (INTERNAL)"}


def test_pages_lead_to_what_comes_instead(project: Mini) -> None:
    assert f"> {ADVICE} See [10002](10002.md)." in project.read("generated/docs/errors/-7.md")
    assert "[!WARNING]" not in project.read("generated/docs/errors/10002.md")
    page = project.read("generated/docs/commands/renamed_arguments/put.md")
    row = next(line for line in page.splitlines() if line.startswith("| [-7]"))
    assert f"The text is too long. {ADVICE}<br>Shorten it." in row


def test_openapi_says_so(project: Mini) -> None:
    (file,) = project.path("generated/openapi").iterdir()
    document = json.loads(file.read_text(encoding="utf-8"))
    code = document["x-error-codes"]["-7"]
    assert code["deprecated"] == {"since": "2024-01-14", "use": "expect 10002 (INTERNAL)"}
    assert code["successor"] == 10002
    fields = document["components"]["schemas"]["PutRenamedArgumentsRequest"]["properties"]
    assert fields["Members"]["x-aliases"] == {"people": "0.3.0"}
    assert fields["Owner"]["x-former"] == {"UserName": "2024-01-14"}


def test_timgen_explains_and_counts_it(project: Mini) -> None:
    assert f"-7 TOO_LONG\n\n{ADVICE}\n\n" in project.timgen("explain", "-7").stdout
    covered = json.loads(project.timgen("coverage", "--format", "json").stdout)
    assert covered["deprecated"]["-7"] == ADVICE
