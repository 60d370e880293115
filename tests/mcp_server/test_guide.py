"""The guide, and the package's README: the settings start a server, the program prints what stands below it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from support.mcp_servers import COMMAND, serving, surroundings
from support.paths import CLIENT, MCP, ROOT
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

GUIDE = (ROOT / "generated/docs/guides/mcp.md").read_text(encoding="utf-8")
README = (MCP / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((MCP / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)


SETTINGS = [json.loads(block)["mcpServers"]["chat"] for block in blocks(GUIDE, "json") + blocks(README, "json")]


@pytest.mark.parametrize("settings", SETTINGS, ids=range(len(SETTINGS)))
def test_settings_start_a_server(emulator: Emulator, tmp_path: Path, settings: dict[str, Any]) -> None:
    assert PROJECT["scripts"] == {settings["command"]: "tencent_chat_mcp.__main__:main"}
    own = settings.get("env", {})
    # The emulator in place of the real service, as the guide has it.
    environment = surroundings(emulator, **{name: value for name, value in own.items() if not name.endswith("_REGION")})
    assert own.keys() <= {"TENCENT_CHAT_SDKAPPID", "TENCENT_CHAT_SECRET_KEY", "TENCENT_CHAT_REGION"}
    with serving(*settings.get("args", ()), environment=environment, errors=tmp_path / "log") as server:
        told = server.called("accounts.check", {"CheckItem": [{"UserID": "bob"}]})
        assert told["answer"]["ErrorCode"] == 0
        allowed = "not allowed" not in server.text("find_commands", query="groups.delete")
        assert allowed is ("groups.*" in settings.get("args", ()))


def test_what_is_installed_is_what_there_is() -> None:
    (block,) = blocks(GUIDE, "console")
    assert block == "$ pip install ./generated/client[async] ./generated/mcp\n"
    names = [tomllib.loads((folder / "pyproject.toml").read_text())["project"]["name"] for folder in (CLIENT, MCP)]
    assert names == ["tencent-chat", "tencent-chat-mcp"]
    assert any(dependency.startswith("tencent-chat[async]==") for dependency in PROJECT["dependencies"])


def test_the_program_prints_what_the_guide_says(emulator: Emulator, tmp_path: Path) -> None:
    with ChatClient(emulator.sdkappid, emulator.secret_key, base_url=emulator.url) as client:
        client.accounts.import_account(user_id="bob")
    # What installing the package does.
    script = tmp_path / "tencent-chat-mcp"
    script.write_text(f'#!/bin/sh\nPYTHONPATH={CLIENT}:{MCP} exec {" ".join(COMMAND)} "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    (program,) = blocks(GUIDE, "python")
    (printed,) = blocks(GUIDE, "text")
    environment = surroundings(emulator, PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == (printed, "")
