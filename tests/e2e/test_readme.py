"""README: its commands and snippets are run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.git import commit
from support.paths import EMULATOR, ROOT
from tencent_chat_emulator import Emulator

README = (ROOT / "README.md").read_text(encoding="utf-8")


def snippet(language: str, start: str) -> str:
    """The one code block of README in `language` that contains `start`."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)
    (found,) = [block for block in blocks if start in block]
    return str(found)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    for folder in ("spec", "templates", "generated"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def timgen(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "timgen", "--root", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_client_example_runs(tencent_chat_emulator: Emulator, tmp_path: Path) -> None:
    program = snippet("python", "ChatClient(")
    assert "http://127.0.0.1:8099" in program
    assert tencent_chat_emulator.secret_key in program
    file = tmp_path / "example.py"
    file.write_text(program.replace("http://127.0.0.1:8099", tencent_chat_emulator.url), encoding="utf-8")
    environment = {"PYTHONPATH": str(ROOT / "generated" / "client"), "PATH": ""}
    result = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=False, env=environment)
    assert result.returncode == 0, result.stderr
    group, *problem, error = result.stdout.splitlines()
    assert group.startswith("@TGS#")
    assert "Name (name): at most 30 bytes" in "".join(problem)
    assert error.startswith("90007 ")
    assert [call.command for call in tencent_chat_emulator.calls] == [
        "group_open_http_svc/create_group",
        "im_open_login_svc/account_import",
        "openim/sendmsg",
        "openim/sendmsg",
    ]


def test_the_emulator_runs() -> None:
    (line,) = [line for line in README.splitlines() if line.startswith("$ tencent-chat-emulator")]
    assert line == "$ tencent-chat-emulator --port 8099"
    scripts = tomllib.loads((EMULATOR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"tencent-chat-emulator": "tencent_chat_emulator.__main__:main"}
    command = [sys.executable, "-m", "tencent_chat_emulator", "--port", "0"]
    environment = {"PYTHONPATH": str(EMULATOR)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.terminate()


def test_the_example_command_can_be_added(project: Path) -> None:
    text = snippet("yaml", "method: ")
    (path,) = set(re.findall(r"`(spec/v4/[\w/]+\.yaml)`", README))
    file = project / path
    file.unlink(missing_ok=True)
    assert timgen(project, "generate").returncode == 0
    before = (project / "generated" / "client" / "tencent_chat" / "namespaces" / "groups.py").read_text()
    file.write_text(text, encoding="utf-8")
    assert timgen(project, "lint").returncode == 0
    stale = timgen(project, "check")
    assert stale.returncode == 1
    assert "+    def change_owner(" in stale.stdout
    assert timgen(project, "generate").returncode == 0
    assert timgen(project, "check").returncode == 0
    after = (project / "generated" / "client" / "tencent_chat" / "namespaces" / "groups.py").read_text()
    assert "def change_owner(" not in before
    assert "def change_owner(" in after
    assert (project / "generated/docs/commands/group_open_http_svc/change_group_owner.md").is_file()


def test_the_commands_to_look_things_up_run(project: Path) -> None:
    lines = [line for line in README.splitlines() if line.startswith("$ .venv/bin/timgen ")]
    commands = {line.split()[2]: line.split("#")[0].split()[3:] for line in lines}
    assert {"explain", "coverage", "diff", "lint", "generate", "check"} == commands.keys()
    commit(project)
    unchanged = timgen(project, "diff", *commands["diff"])
    assert (unchanged.returncode, unchanged.stderr) == (0, "")
    assert "Raises" in timgen(project, "explain", *commands["explain"]).stdout
    coverage = timgen(project, "coverage").stdout
    counts = re.findall(r"all (\d+) documented commands and (\d+)\s+webhooks", README)
    (commands_count, webhooks_count) = counts[0]
    assert f"{commands_count} commands" in coverage
    assert f"{webhooks_count} webhooks" in coverage


def test_the_command_to_vendor_runs(project: Path, tmp_path: Path) -> None:
    (line,) = [line for line in README.splitlines() if line.startswith("$ timgen vendor ")]
    folder, *options = line.split("#")[0].split()[3:]
    written = timgen(project, "vendor", str(tmp_path / "mine" / folder), *options)
    assert written.returncode == 0, written.stdout + written.stderr
    assert (tmp_path / "mine" / folder / "namespaces/groups.py").is_file()
    assert timgen(project, "vendor", str(tmp_path / "mine" / folder), "--check").returncode == 0


def test_make_has_both_commands() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("generate", "test"):
        assert f"$ make {target}" in README
        assert f"\n{target}: " in makefile


def test_links_lead_somewhere() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (ROOT / target).exists(), f"{document}: {target}"
