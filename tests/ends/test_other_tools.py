"""The guide on other tools: every section is run with the tools themselves, in the versions that it names.

Files of a section, `# send.py`, are written into a folder where `tencent-chat.json` lies; commands after `$ ` are run
there. What calls the service calls the emulator.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from support import node
from support.calling import sign
from support.environments import UV, make, run
from support.paths import ROOT
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._apps.application import MAX_CALLS
from tencent_chat_emulator._catalogue.catalogue import Catalogue
from tencent_chat_emulator._core.carrying import documented
from timgen.language.validators import request_validator
from timgen.modelling.model import Api
from timgen.pipeline import load_api

DOCUMENT = ROOT / "generated" / "openapi" / "tencent-chat.json"
GUIDE = (ROOT / "generated" / "docs" / "guides" / "other-tools.md").read_text(encoding="utf-8")
PACKAGES = Path(__file__).parent / "openapi"
PYTHON = {
    "basedpyright": "1.40.2",
    "fastmcp": "4.2.3",
    "openapi-generator-cli": "7.26.0",
    "openapi-python-client": "0.29.1",
    "pyrefly": "1.5.0",
    "ruff": "0.17.5",
    "schemathesis": "4.32.5",
    "ty": "0.0.108",
}
HOST = "https://adminapisgp.im.qcloud.com"
EVIDENCE = 500
"""Bodies that must have been drawn for anything to be said of them."""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python tools, with what the client needs."""
    tools = [f"{name}=={version}" for name, version in PYTHON.items()]
    folder = tmp_path_factory.mktemp("tools") / "environment"
    return make(folder, *tools, f"{ROOT / 'generated' / 'client'}[async,redis]")


@pytest.fixture(scope="module")
def modules() -> Path:
    return node.install(PACKAGES, "openapi-tools", seconds=300) / "node_modules"


@pytest.fixture(scope="module")
def api() -> Api:
    return load_api(ROOT)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """It answers with the examples that the document shows."""
    catalogue = Catalogue()
    with Emulator() as running:
        for path in catalogue.paths:
            if command := catalogue.command(path):
                running.answer(path, partial(documented, command))
        yield running


class Place:
    """A folder with the document and the files of a section."""

    def __init__(self, folder: Path, environment: Path, modules: Path, emulator: Emulator, section: str) -> None:
        self.folder = folder
        self.environment = environment
        self.emulator = emulator
        self.usersig = sign(emulator.sdkappid, emulator.secret_key, emulator.identifier)
        self.variables = {"PATH": f"{modules / '.bin'}:{node.NODE.parent}:/usr/local/bin:/usr/bin:/bin"}
        shutil.copy(DOCUMENT, folder)
        (folder / "node_modules").symlink_to(modules)
        self.commands: list[str] = []
        for language, text in blocks(section):
            if language == "console":
                self.commands += [self.emulated(line.removeprefix("$ ")) for line in text.splitlines()]
            else:
                name = re.split(r"[\s,]+", text)[1]
                (folder / name).write_text(self.emulated(text), encoding="utf-8")

    def emulated(self, text: str) -> str:
        return text.replace(HOST, self.emulator.url).replace("<a UserSig>", self.usersig)

    def run(self, command: str, **variables: str) -> str:
        if command.startswith("pip install ./"):
            command = f"{UV} {command}"
        return run(
            *command.split(), environment=self.environment, folder=self.folder, variables=self.variables | variables
        )

    def run_all(self) -> str:
        """Run all commands, and return what the last one printed."""
        return [self.run(command) for command in self.commands][-1]


@pytest.fixture
def place(
    request: pytest.FixtureRequest, tmp_path: Path, environment: Path, modules: Path, emulator: Emulator
) -> Place:
    return Place(tmp_path, environment, modules, emulator, request.param)


def of_section(name: str) -> pytest.MarkDecorator:
    """Run a test in the place of a section."""
    return pytest.mark.parametrize("place", [name], indirect=True)


def blocks(section: str) -> Iterator[tuple[str, str]]:
    """Yield the language and the text of each block of code in a section of the guide."""
    _, _, rest = GUIDE.partition(f"\n## {section}\n")
    assert rest, section
    for token in MarkdownIt("commonmark").parse(rest.partition("\n## ")[0]):
        if token.type == "fence":
            yield token.info, token.content


def sent(emulator: Emulator) -> list[tuple[str, Any]]:
    return [(call.command, call.body) for call in emulator.calls]


def test_the_guide_names_the_versions() -> None:
    packages: Mapping[str, str] = json.loads((PACKAGES / "package.json").read_text(encoding="utf-8"))["dependencies"]
    named = {"@redocly/cli", "@stoplight/prism-cli", "@stoplight/spectral-cli", "openapi-fetch", "openapi-to-postmanv2"}
    versions = {**PYTHON, **{name: packages[name] for name in named | {"openapi-typescript"}}}
    del versions["ruff"]
    assert {name: version for name, version in versions.items() if version not in GUIDE} == {}


@of_section("Redocly and Spectral")
def test_linters_find_nothing(place: Place) -> None:
    lint, spectral = place.commands
    assert "Error was generated" not in place.run(lint)
    assert "No results" in place.run(spectral)


@of_section("openapi-generator for Python")
def test_openapi_generator_makes_a_python_client_that_calls(place: Place) -> None:
    assert place.run_all() == "sent 4711_2890155432_1700000000\n"
    ((command, body),) = sent(place.emulator)
    assert command == "openim/sendmsg"
    # Nothing that was not given, and no default of the service.
    assert body == {
        "To_Account": "bob",
        "MsgRandom": body["MsgRandom"],
        "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "Hello"}}],
    }


@of_section("openapi-generator for TypeScript")
def test_openapi_generator_makes_typescript_that_is_valid(place: Place) -> None:
    assert place.run_all() == ""
    assert "SendMessageRequest" in (place.folder / "fetch/models/index.ts").read_text(encoding="utf-8")


@of_section("openapi-python-client")
def test_openapi_python_client_makes_a_client_that_calls(place: Place) -> None:
    generate, *others = place.commands
    assert "Warning" not in place.run(generate)
    assert [place.run(command) for command in others][-1] == "sent 4711_2890155432_1700000000\n"
    ((command, body),) = sent(place.emulator)
    assert (command, body["MsgBody"][0]["MsgType"]) == ("openim/sendmsg", "TIMTextElem")
    program = (
        "import importlib, pkgutil, tencent_cloud_chat_server_api_client as client\n"
        "found = list(pkgutil.walk_packages(client.__path__, f'{client.__name__}.'))\n"
        "[importlib.import_module(module.name) for module in found]\n"
        "print(len(found))\n"
    )
    (place.folder / "all.py").write_text(program, encoding="utf-8")
    assert int(place.run("python all.py")) > 1000


@of_section("openapi-typescript and openapi-fetch")
def test_openapi_typescript_makes_types_that_a_program_passes(place: Place) -> None:
    assert place.run_all() == "created @TGS#2J4SZEAEL\n"
    assert sent(place.emulator) == [("group_open_http_svc/create_group", {"Type": "Public", "Name": "Hikers"})]
    bad = place.folder / "send.mts"
    good = bad.read_text(encoding="utf-8")
    compile_ = place.commands[1].split()
    for old, new in (('Type: "Public", ', ""), ('"Public"', '"Publik"'), ("data.GroupId", "data.Group")):
        bad.write_text(good.replace(old, new), encoding="utf-8")
        result = subprocess.run(
            [str(place.folder / "node_modules/.bin/tsc"), *compile_[1:]],
            cwd=place.folder, env=place.variables, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "error TS" in result.stdout, new


@contextmanager
def serving(command: str, place: Place, port: int) -> Iterator[None]:
    """Run a server until the end of the block, which begins when it listens."""
    with (place.folder / "server.log").open("wb") as log:
        program, *arguments = command.split()
        process = subprocess.Popen(
            [str(place.folder / "node_modules/.bin" / program), *arguments],
            cwd=place.folder, env=place.variables, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            ends = time.monotonic() + 120
            while True:
                assert process.poll() is None, "it ended"
                assert time.monotonic() < ends, "it does not listen"
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield
        finally:
            process.terminate()
            process.wait(30)


@of_section("Prism")
def test_prism_answers_with_the_examples(place: Place) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (command,) = (command.replace("4010", str(port)) for command in place.commands)
    program = place.folder / "call.py"
    program.write_text(program.read_text(encoding="utf-8").replace("4010", str(port)), encoding="utf-8")
    with serving(command, place, port):
        assert place.run("python call.py") == "OK\n"
        bad = program.read_text(encoding="utf-8").replace('"To_Account": "bob", ', "")
        program.write_text(bad, encoding="utf-8")
        with pytest.raises(pytest.fail.Exception, match="HTTP Error 422"):
            place.run("python call.py")


@of_section("Postman")
def test_postman_calls_with_three_credentials(place: Place, api: Api) -> None:
    place.run_all()
    file = place.folder / "postman.json"
    collection = json.loads(file.read_text(encoding="utf-8"))
    assert {folder["name"] for folder in collection["item"]} == {namespace.name for namespace in api.namespaces}
    assert sum(len(folder["item"]) for folder in collection["item"]) == len(api.commands)
    # What the guide has people do by hand.
    collection["auth"] = {"type": "noauth"}
    script = (place.folder / "credentials.js").read_text(encoding="utf-8").splitlines()[1:]
    collection["event"] = [{"listen": "prerequest", "script": {"exec": script, "type": "text/javascript"}}]
    values = {"sdkappid": place.emulator.sdkappid, "identifier": place.emulator.identifier, "usersig": place.usersig}
    collection["variable"] = [{"key": name, "value": str(value)} for name, value in values.items()]
    file.write_text(json.dumps(collection), encoding="utf-8")
    place.run(f"newman run postman.json --folder accounts --env-var baseUrl={place.emulator.url} --bail")
    accounts = [command for command in api.commands if command.namespace == "accounts"]
    assert sorted(sent(place.emulator), key=lambda call: call[0]) == [
        (command.path, command.examples[0].request) for command in accounts
    ]
    report = place.run(
        f"newman run postman.json --folder messages --env-var baseUrl={place.emulator.url} --reporters json "
        "--reporter-json-export report.json"
    )
    assert report == ""
    runs = json.loads((place.folder / "report.json").read_text(encoding="utf-8"))["run"]["executions"]
    answers = [json.loads(bytes(one["response"]["stream"]["data"])) for one in runs]
    assert {answer.get("ErrorCode") for answer in answers} == {0}


@of_section("Schemathesis")
def test_schemathesis_finds_no_body_that_fits_and_is_refused(place: Place, api: Api) -> None:
    (command,) = place.commands
    # From here on it carries them out.
    place.emulator.reset()
    place.run(
        f"{command} --generation-deterministic --no-shrink --suppress-health-check all", SCHEMATHESIS_HOOKS="hooks"
    )
    shared = {name: schema.schema for name, schema in api.schemas_by_name.items()}
    validators = {command.path: request_validator(command.request.schema, shared) for command in api.commands}
    calls = [(command, body) for command, body in sent(place.emulator) if command]
    assert {command for command, _ in calls} == validators.keys()
    assert EVIDENCE < len(calls) < MAX_CALLS
    broken = [error for command, body in calls for error in validators[command].iter_errors(body)]
    assert [error.message for error in broken if error.validator != "x-max-bytes"] == []


@of_section("FastMCP")
def test_fastmcp_makes_tools_of_the_selection(place: Place) -> None:
    assert re.search(r"Tools: +4\b", place.run_all())
    program = """
import asyncio
import json

from fastmcp import Client
from server import mcp

async def main():
    async with Client(mcp) as client:
        tools = await client.list_tools()
        answer = await client.call_tool("groups_get", {"GroupIdList": ["@TGS#1NVTZEAE4"]})
        print(json.dumps([[tool.model_dump(mode="json") for tool in tools], answer.structured_content]))

asyncio.run(main())
"""
    (place.folder / "use.py").write_text(program, encoding="utf-8")
    tools, answer = json.loads(place.run("python use.py"))
    by_name = {tool["name"]: tool for tool in tools}
    assert by_name.keys() == {"accounts_check", "groups_get", "messages_get_history", "profiles_get"}
    assert by_name["groups_get"]["description"].startswith("Get the profiles of groups.")
    text = json.dumps(tools)
    assert not [name for name in ("usersig", "sdkappid", "contenttype") if name in text]
    assert len(text) < 100_000
    assert answer["result"]["ErrorCode"] == 0
    assert [command for command, _ in sent(place.emulator)] == ["group_open_http_svc/get_group_info"]


@pytest.fixture
def vendored(environment: Path, tmp_path: Path) -> Path:
    """A project with the client's folder among its own sources."""
    target = tmp_path / "app" / "vendor" / "im"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "generated" / "client" / "tencent_chat", target, ignore=ignored)
    run(UV, "pip", "uninstall", "tencent-chat", environment=environment)
    return tmp_path


def test_ty_finds_nothing(vendored: Path, environment: Path) -> None:
    run("ty", "check", "--python", environment, "app", environment=environment, folder=vendored)


def test_pyrefly_finds_nothing(vendored: Path, environment: Path) -> None:
    (vendored / "pyproject.toml").write_text("[tool.pyrefly]\n", encoding="utf-8")
    interpreter = environment / "bin" / "python"
    run("pyrefly", "check", "--python-interpreter-path", interpreter, environment=environment, folder=vendored)


@pytest.mark.parametrize("mode", ["standard", "strict", "recommended"])
def test_basedpyright_finds_nothing(vendored: Path, environment: Path, mode: str) -> None:
    settings: dict[str, object] = {"typeCheckingMode": mode}
    if mode == "recommended":
        ((_, toml),) = blocks("Type checkers on a vendored copy")
        assert toml == '[tool.basedpyright]\nignore = ["app/vendor/im"]\n'
        settings["ignore"] = ["app/vendor/im"]
    (vendored / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    python = environment / "bin" / "python"
    run("basedpyright", "--pythonpath", python, "--warnings", "app", environment=environment, folder=vendored)
