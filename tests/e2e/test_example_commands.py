"""The commands that an example's docstring shows are run as they stand, at terminals of their own, on the emulator.

A docstring has a block of commands for each terminal; all but the last start something that serves. What differs: free
ports in place of 8099 and 8000, and a copy of the folder.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from signal import SIGTERM

import pytest

from support.paths import CLIENT, EMULATOR, ROOT

EXAMPLES = ROOT / "examples"
PAGE = ROOT / "generated" / "docs" / "guides" / "examples.md"

SHOWN = {
    "chat_backend": {
        "cheap watches": "own backend refused",
        "curl http": '[{"sender":"ann","text":"Good books"}]',
    },
    "moderation_webhook": {"messages.get_history": "Write to ***"},
    "support_desk": {
        "desk.py tickets": "carol",
        "cat transcripts/ticket-1.txt": "carol: Where is my order?",
    },
    "welcome_bot": {"groups.get_history": "Welcome, @ann!"},
}
"""By example that serves, what commands show in the end; those named here may be asked until they do."""


def docstring(folder: Path) -> str:
    """Return the docstring of the program in a folder: of the module that has commands."""
    texts = [ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "" for file in folder.glob("*.py")]
    (found,) = [text for text in texts if "\n    $ " in text]
    return found


def terminals(text: str) -> list[list[str]]:
    """Return the commands of each block; a command goes on in lines that are indented further."""
    blocks = re.findall(r"(?:^ {4}\$ .*\n(?:^ {8}.*\n)*)+", text + "\n", flags=re.MULTILINE)
    return [re.findall(r"^ {4}\$ (.*(?:\n {8}.*)*)", block, flags=re.MULTILINE) for block in blocks]


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


class Desktop:
    """A copy of the examples, and an environment in which commands are found."""

    def __init__(self, folder: str, home: Path) -> None:
        self.ports = {"8099": free_port(), "8000": free_port()}
        self.folder = home / folder
        shutil.copytree(EXAMPLES / folder, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        settings = (EXAMPLES / "emulator.env").read_text(encoding="utf-8")
        (home / "emulator.env").write_text(self.moved(settings), encoding="utf-8")
        (home / "bin").mkdir()
        script = home / "bin" / "tencent-chat-emulator"
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tencent_chat_emulator "$@"\n')
        script.chmod(0o755)
        usual = {name: value for name, value in os.environ.items() if not name.startswith("TENCENT_CHAT_")}
        self.environment = usual | {
            "PATH": os.pathsep.join([str(home / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": os.pathsep.join([str(CLIENT), str(EMULATOR)]),
            "PORT": self.ports["8000"],
        }

    def moved(self, text: str) -> str:
        for usual, port in self.ports.items():
            text = text.replace(usual, port)
        return text

    def shell(self, commands: list[str]) -> list[str]:
        """Return the call of a shell that carries out commands, and becomes the last one."""
        *first, last = map(self.moved, commands)
        return ["bash", "-e", "-c", "\n".join([*first, f"exec {last}"])]

    @contextmanager
    def serving(self, commands: list[str], usual_port: str) -> Iterator[None]:
        """Let what the commands start serve on its port; SIGTERM ends it properly."""
        output = self.folder / f"{usual_port}.txt"
        with (
            output.open("w", encoding="utf-8") as stream,
            subprocess.Popen(
                self.shell(commands), cwd=self.folder, env=self.environment, stdout=stream, stderr=stream
            ) as process,
        ):
            try:
                deadline = time.monotonic() + 60
                while not is_open(self.ports[usual_port]):
                    assert process.poll() is None, output.read_text(encoding="utf-8")
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
                yield
            finally:
                process.terminate()
        # uvicorn cleans up, and then ends by the signal.
        assert process.returncode in (0, -SIGTERM), output.read_text(encoding="utf-8")
        assert "Traceback" not in output.read_text(encoding="utf-8")

    def run(self, commands: list[str]) -> str:
        """Return what the commands print."""
        result = subprocess.run(
            self.shell(commands), cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout


def is_open(port: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(port)), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("name", SHOWN)
def test_the_commands_of_a_docstring_work(name: str, tmp_path: Path) -> None:
    desktop = Desktop(name, tmp_path)
    emulator, program, acting = terminals(docstring(EXAMPLES / name))
    setting_up = [command for command in acting if command.startswith("source ")]
    shown = dict(SHOWN[name])
    with ExitStack() as stack:
        stack.enter_context(desktop.serving(emulator, "8099"))
        stack.enter_context(desktop.serving(program, "8000"))
        for command in acting[len(setting_up) :]:
            expected = next((shown.pop(part) for part in list(shown) if part in command), "")
            deadline = time.monotonic() + 10
            while expected not in (output := desktop.run([*setting_up, command])):
                assert time.monotonic() < deadline, output
    assert not shown


@pytest.mark.parametrize(
    "folder", sorted(path for path in EXAMPLES.iterdir() if path.is_dir()), ids=lambda path: path.name
)
def test_the_page_shows_commands_of_the_docstring(folder: Path) -> None:
    known = {" ".join(command.split()) for block in terminals(docstring(folder)) for command in block}
    assert commands_of_page(folder.name) <= known


def test_the_page_starts_the_emulator_as_docstrings_do() -> None:
    for name in SHOWN:
        emulator, *_ = terminals(docstring(EXAMPLES / name))
        assert commands_of_page("Trying them out") == {" ".join(command.split()) for command in emulator}


def commands_of_page(title: str) -> set[str]:
    """Return the commands of a section of the page on the examples."""
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (section,) = [text for text in sections if text.startswith(f"{title}\n")]
    commands = re.findall(r"^\$ (.*(?:\n    .*)*)", section, flags=re.MULTILINE)
    assert commands
    return {" ".join(command.split()) for command in commands}
