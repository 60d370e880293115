"""The list of what is modelled, in the guides."""

from __future__ import annotations

import re

import pytest

from support.paths import ROOT
from tencent_chat_emulator.__main__ import main
from tencent_chat_emulator._catalogue.catalogue import Catalogue
from tencent_chat_emulator._core.carrying import behaviours


def test_the_guide_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """Made anew with `tencent-chat-emulator --list`."""
    assert main(["--list"]) == 0
    guide = ROOT / "generated" / "docs" / "guides" / "emulator.md"
    assert capsys.readouterr().out == guide.read_text(encoding="utf-8")


def test_every_modelled_command_is_tried() -> None:
    folders = (ROOT / "tests" / "emulator", ROOT / "tests" / "support")
    tests = "\n".join(file.read_text(encoding="utf-8") for folder in folders for file in folder.rglob("*.py"))
    words = set(re.findall(r"[\w.]+(?:/\w+)?", tests))
    tried = {word for found in words for word in (found, found.removeprefix("client."), found.removeprefix("c."))}
    catalogue = Catalogue()
    missing = []
    for path in behaviours():
        command = catalogue.command(path)
        assert command is not None
        namespace, _, function = command.method.partition(".")
        iterator = f"{namespace}.iter_{function.removeprefix('list_')}"
        if not tried & {command.method, path, path.partition("/")[2], iterator, f"{command.method}_many"}:
            missing.append(path)
    assert missing == []
