"""What is uploaded, as package indexes and their tools judge it."""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from support.environments import UV, make, run
from support.paths import CLIENT, EMULATOR, MCP, ROOT

TOOLS = ["check-wheel-contents==0.6.3", "pyroma==5.0.1", "twine==7.0.0"]
SOURCES = {"timgen": ROOT, "tencent_chat": CLIENT, "tencent_chat_emulator": EMULATOR, "tencent_chat_mcp": MCP}


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("tools") / "environment", *TOOLS)


@pytest.fixture(scope="module", params=SOURCES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tools: Path) -> Path:
    """A folder with the distributions of a package, and the wheel's files below `package`."""
    folder = tmp_path_factory.mktemp(request.param)
    source = folder / "source"
    ignored = shutil.ignore_patterns(".venv*", ".git", ".timgen", "__pycache__", "dist", "build")
    shutil.copytree(SOURCES[request.param], source, ignore=ignored)
    # First the source distribution, then the wheel from that.
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, source, environment=tools)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "package")
    return folder


@pytest.mark.timeout(300)
def test_indexes_take_them(built: Path, tools: Path) -> None:
    printed = run("twine", "check", "--strict", *built.glob("*.whl"), *built.glob("*.tar.gz"), environment=tools)
    assert printed.count("PASSED") == 2


def test_their_metadata_is_complete(built: Path, tools: Path) -> None:
    (source,) = built.glob("*.tar.gz")
    assert "Final rating: 10/10" in run("pyroma", source, environment=tools)


def test_the_wheel_holds_what_it_should(built: Path, tools: Path) -> None:
    (wheel,) = built.glob("*.whl")
    configuration = built / "source" / "pyproject.toml"
    assert "OK" in run("check-wheel-contents", "--config", configuration, wheel, environment=tools)
    files = {path.relative_to(built / "package").as_posix() for path in (built / "package").rglob("*")}
    (package,) = (name for name in SOURCES if name in files)
    assert f"{package}/py.typed" in files
    licence = (ROOT / "LICENSE").read_bytes()
    shipped = [file for file in files if ".dist-info/licenses/" in file and file.endswith("/LICENSE")]
    assert [(built / "package" / file).read_bytes() for file in shipped] == [licence]


@pytest.mark.timeout(300)
def test_the_emulator_works_where_nothing_of_timgen_is(tmp_path: Path) -> None:
    """Installed with the client, a project finds the fixture by itself."""
    environment = make(tmp_path / "environment", str(CLIENT), str(EMULATOR), "pytest")
    test = tmp_path / "test_mine.py"
    test.write_text(
        "from tencent_chat import ChatClient\n\n\n"
        "def test_it(tencent_chat_emulator):\n"
        "    app = tencent_chat_emulator\n"
        "    with ChatClient(app.sdkappid, app.secret_key, base_url=app.url) as client:\n"
        "        client.accounts.import_account(user_id='bob')\n"
        "    assert 'bob' in app.state.accounts\n",
        encoding="utf-8",
    )
    assert "1 passed" in run("python", "-m", "pytest", "-q", test, environment=environment)
    assert "272 of 273 commands" in run("tencent-chat-emulator", "--list", environment=environment)
    assert "timgen" not in run(UV, "pip", "list", environment=environment)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("end", ["lowest-direct", "highest"])
def test_the_mcp_server_works_at_both_ends_of_its_range(tmp_path: Path, end: str) -> None:
    """Installed with the client alone: its script starts, and its catalogue came along."""
    environment = make(
        tmp_path / "environment",
        f"{CLIENT}[async]",
        str(MCP),
        resolution=end,
    )
    assert "tencent-chat-mcp" in run("tencent-chat-mcp", "--version", environment=environment)
    program = tmp_path / "program.py"
    program.write_text(
        "import asyncio, sys\n"
        "from mcp import Client, StdioServerParameters, stdio_client\n\n\n"
        "async def main():\n"
        "    async with Client(stdio_client(StdioServerParameters(command=sys.argv[1]))) as client:\n"
        "        print(await client.call_tool('describe_command', {'name': 'messages.send'}))\n\n\n"
        "asyncio.run(main())\n",
        encoding="utf-8",
    )
    script = environment / "bin" / "tencent-chat-mcp"
    assert "openim/sendmsg" in run("python", program, script, environment=environment)
    assert "timgen" not in run(UV, "pip", "list", environment=environment)
