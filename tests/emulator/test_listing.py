"""The list of what is modelled, in the guides."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.paths import ROOT
from tencent_chat_emulator.__main__ import main
from tencent_chat_emulator._catalogue.catalogue import Catalogue
from tencent_chat_emulator._core.carrying import behaviours


def test_the_pages_are_up_to_date(tmp_path: Path) -> None:
    """Makes the file from which they are rendered, as CONTRIBUTING.md says."""
    name = "templates/docs/_macros/emulated.j2"
    made = re.search(rf"```sh\n(.*> {re.escape(name)})\n```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert made is not None
    (tmp_path / name).parent.mkdir(parents=True)
    command = f'tencent-chat-emulator() {{ "{sys.executable}" -m tencent_chat_emulator "$@"; }}\n{made[1]}'
    path = f"{ROOT}/generated/client:{ROOT}/generated/emulator"
    subprocess.run(["bash", "-c", command], cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, check=True)
    assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_list_for_people_has_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "json"]) == 0
    choices = json.loads(capsys.readouterr().out)
    assert main(["--list"]) == 0
    first, _, *lines = capsys.readouterr().out.splitlines()
    commands = [line for line in lines if not line.startswith(" ")]
    assert first.startswith(f"{len(choices)} of {len(commands)} commands are modelled")
    assert [line.partition(" ")[0] for line in commands if not line.endswith(": example")] == list(choices)
    assert [line.strip() for line in lines if line.startswith(" ")] == [c for path in choices for c in choices[path]]


def test_a_command_says_what_was_chosen() -> None:
    page = (ROOT / "generated/docs/commands/group_open_http_svc/change_group_owner.md").read_text(encoding="utf-8")
    assert "carries the call out, with [choices of its own](#in-the-emulator)" in page
    assert "\n- The former owner stays as an ordinary member.\n" in page.partition("## In the emulator")[2]
    for path in Catalogue().paths:
        if path not in behaviours():
            page = (ROOT / f"generated/docs/commands/{path}.md").read_text(encoding="utf-8")
            assert "answers with an example of this page" in page
            assert "In the emulator" not in page


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
