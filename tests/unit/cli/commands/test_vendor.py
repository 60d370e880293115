"""`timgen vendor`, as somebody meets it who keeps a copy of the client in an app."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support import minispec
from support.minispec import Mini
from timgen.cli import main as cli
from timgen.cli.commands import vendor as command
from timgen.tools.vendor.making import Made
from unit.tools.vendor.conftest import made as copy_of


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """Return a project with a copy of a part of its client in `app/chat`; nobody changes it."""
    mini = minispec.make(tmp_path_factory.mktemp("made"))
    # The templates of this release, which have the whole client.
    shutil.rmtree(mini.path("templates"))
    result = vendor(mini, "--only", "rooms, webhooks", "--no-async", "--no-cli")
    assert result.returncode == 0, result.stderr
    assert re.fullmatch(r"app/chat: tencent-chat 0\.1\.0: \d+ files written, 0 removed, 0 unchanged\.\n", result.stdout)
    return mini


@pytest.fixture
def chat(made: Mini, tmp_path: Path) -> Mini:
    """Return a copy of that project to change."""
    shutil.copytree(made.root, tmp_path / "project")
    return Mini(tmp_path / "project")


def vendor(mini: Mini, *arguments: str, to: str = "app/chat") -> subprocess.CompletedProcess[str]:
    return mini.timgen("vendor", to, *arguments)


def tree(mini: Mini) -> dict[str, bytes]:
    folder = mini.path("app")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def options(mini: Mini) -> object:
    return json.loads(mini.read("app/chat/timgen.json"))["options"]


def test_the_copy_holds_what_was_asked_for(made: Mini) -> None:
    assert options(made) == {"only": ["rooms", "webhooks"], "async": False, "cli": False}
    files = {name.removeprefix("chat/") for name in tree(made)}
    assert {"LICENSE", "py.typed", "timgen.json", "namespaces/rooms.py", "webhooks/__init__.py"} <= files
    assert not {"namespaces/notes.py", "async_client.py", "__main__.py"} & files


def test_a_copy_that_is_as_it_should_be_checks(chat: Mini) -> None:
    before = tree(chat)
    result = vendor(chat, "--check")
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.fullmatch(r"\d+ files are tencent-chat 0\.1\.0\.\n", result.stdout)
    result = vendor(chat, "--check", "--format", "json")
    assert (result.returncode, result.stdout) == (0, "[]\n")
    result = vendor(chat)
    assert "0 files written, 0 removed" in result.stdout
    assert tree(chat) == before


def test_what_differs_is_named_and_nothing_written(chat: Mini) -> None:
    chat.remove("app/chat/client.py")
    chat.write("app/chat/regions.py", "mine = 1\n")
    chat.write("app/chat/ours.py", "ours = 1\n")
    chat.patch("spec/schemas/person.yaml", "The name.", "What people call them.")
    chat.patch("spec/api.yaml", "version: 0.1.0", "version: 0.2.0")
    before = tree(chat)
    result = vendor(chat, "--check")
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        "app/chat/client.py: missing",
        "app/chat/_tables/protocol.py: outdated",
        "app/chat/models/person.py: outdated",
        "app/chat/timgen.json: outdated",
        "app/chat/regions.py: edited by hand",
    ]
    assert result.stderr == "Run `timgen vendor app/chat`.\n"
    result = vendor(chat, "--check", "--format", "json")
    assert result.returncode == 1
    assert {(found["file"], found["rule"]) for found in json.loads(result.stdout)} >= {
        ("app/chat/client.py", "missing"),
        ("app/chat/models/person.py", "outdated"),
        ("app/chat/regions.py", "edited"),
    }
    result = vendor(chat, "--check", "--format", "github")
    assert result.returncode == 1
    assert "::error file=app/chat/regions.py,line=1,col=1,title=edited::edited by hand" in result.stdout
    assert tree(chat) == before


def test_an_update_keeps_options_and_what_is_not_timgens(chat: Mini) -> None:
    chat.write("app/chat/ours.py", "ours = 1\n")
    chat.patch("spec/schemas/person.yaml", "The name.", "What people call them.")
    chat.patch("spec/api.yaml", "version: 0.1.0", "version: 0.2.0")
    result = vendor(chat)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[:-1] == [
        "wrote   app/chat/_tables/protocol.py",
        "wrote   app/chat/models/person.py",
        "wrote   app/chat/timgen.json",
    ]
    assert "tencent-chat 0.1.0 -> 0.2.0: 3 files written, 0 removed" in result.stdout
    assert options(chat) == {"only": ["rooms", "webhooks"], "async": False, "cli": False}
    assert chat.read("app/chat/ours.py") == "ours = 1\n"
    assert vendor(chat, "--check").returncode == 0


def test_edits_are_refused_by_name_and_overwritten_by_force(chat: Mini) -> None:
    right = chat.read("app/chat/models/person.py")
    chat.write("app/chat/models/person.py", "mine = 1\n")
    chat.patch("spec/api.yaml", "version: 0.1.0", "version: 0.2.0")
    before = tree(chat)
    result = vendor(chat)
    assert (result.returncode, result.stdout) == (1, "app/chat/models/person.py: edited by hand\n")
    assert "--force" in result.stderr
    result = vendor(chat, "--format", "json")
    assert (result.returncode, [found["rule"] for found in json.loads(result.stdout)]) == (1, ["edited"])
    assert tree(chat) == before
    assert vendor(chat, "--force").returncode == 0
    assert chat.read("app/chat/models/person.py") == right


def test_other_options_take_the_place_of_the_recorded_ones(chat: Mini) -> None:
    assert vendor(chat, "--only", "notes.send", "--cli").returncode == 0
    assert options(chat) == {"only": ["notes.send"], "async": False, "cli": True}
    files = tree(chat)
    assert {"chat/namespaces/notes.py", "chat/__main__.py"} <= files.keys()
    assert not {"chat/namespaces/rooms.py", "chat/webhooks/__init__.py", "chat/async_client.py"} & files.keys()
    assert vendor(chat, "--whole", "--async").returncode == 0
    assert options(chat) == {"only": None, "async": True, "cli": True}
    assert {"chat/namespaces/rooms.py", "chat/async_client.py"} <= tree(chat).keys()


def test_a_method_that_got_another_name_stays_and_one_that_went_is_named(chat: Mini) -> None:
    assert vendor(chat, "--only", "notes.send").returncode == 0
    chat.patch("spec/v4/note_svc/send.yaml", "method: notes.send", "method: notes.post\naliases: {send: 0.1.0}")
    assert vendor(chat).returncode == 0
    assert options(chat) == {"only": ["notes.post"], "async": False, "cli": False}
    chat.patch("spec/v4/note_svc/send.yaml", "method: notes.post\naliases: {send: 0.1.0}", "method: notes.publish")
    before = tree(chat)
    result = vendor(chat)
    assert (result.returncode, result.stdout) == (2, "")
    assert "there is no namespace or method notes.post" in result.stderr
    assert "timgen.json names it; say with --only or --whole" in result.stderr
    assert tree(chat) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("app/two", "--only", "rooms,nots"), "there is no namespace or method nots; did you mean notes"),
        (("app/two", "--only", "room_svc/add_members"), "did you mean rooms.add_members?"),
        (("app/two", "--only", " , "), "--only names nothing"),
        (("app/two", "--only", "rooms", "--whole"), "exclude each other"),
        (("app/two", "--check"), "app/two is no vendored copy: it has no timgen.json"),
        (("app/chat", "--check", "--force"), "--check writes nothing"),
        (("app",), "app is not empty and no vendored copy"),
        (("app", "--force"), "app is not empty and no vendored copy"),
        (("generated/chat",), "generated/ is the project's own"),
        (("app/my-chat",), "no program could import a package called 'my-chat'"),
        (("app/chat/client.py",), "no program could import"),
    ],
)
def test_wrong_usage_is_2_and_writes_nothing(made: Mini, arguments: tuple[str, ...], words: str) -> None:
    before = tree(made)
    result = made.timgen("vendor", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert tree(made) == before


def test_a_damaged_record_is_restored_or_written_anew(chat: Mini) -> None:
    right = tree(chat)
    chat.write("app/chat/timgen.json", "<<<<<<< ours\n" + chat.read("app/chat/timgen.json"))
    for arguments in ((), ("--check",)):
        result = vendor(chat, *arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert "timgen.json is damaged; restore it, or write the copy anew with --force" in result.stderr
    result = vendor(chat, "--force", "--only", "rooms,webhooks", "--no-async", "--no-cli")
    assert result.returncode == 0, result.stderr
    assert tree(chat) == right


def test_a_copy_of_something_else_is_left_alone(chat: Mini) -> None:
    chat.patch("app/chat/timgen.json", '"client": "tencent-chat"', '"client": "harbour-api"')
    before = tree(chat)
    result = vendor(chat, "--force")
    assert (result.returncode, result.stdout) == (2, "")
    assert "app/chat is a copy of harbour-api, but the spec at hand is that of tencent-chat" in result.stderr
    assert tree(chat) == before


def test_findings_of_the_spec_are_reported_as_lint_does(chat: Mini) -> None:
    chat.patch("spec/v4/note_svc/send.yaml", "window: 60", "window: 0")
    before = tree(chat)
    result = vendor(chat, "--format", "json")
    assert result.returncode == 1
    assert result.stdout == chat.timgen("lint", "--format", "json").stdout
    assert tree(chat) == before


FIRST = copy_of({"__init__.py": b"1", "models/a.py": b"a", "models/b.py": b"b"})
SECOND = copy_of({"__init__.py": b"2", "models/a.py": b"a", "new/deep/c.py": b"c"}, "2.0.0")
OURS = {"ours.py": b"ours", "models/ours.py": b"ours", "new/notes.txt": b"ours"}
AT_DISK = ("open", "os.", "shutil.", "tempfile.")
"""How the audit events begin of what a run does with files."""


def run(mini: Mini, folder: Path, wanted: Made) -> Result:
    """Run the command where making the copy itself is done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "_made", lambda *_, **__: wanted)
        return CliRunner().invoke(cli.main, ["--root", str(mini.root), "vendor", str(folder)])


def killed(mini: Mini, folder: Path, wanted: Made, number: int) -> bool:
    """Run the command in a process that is killed before the n-th thing it does with files.

    Return whether it did so many.
    """
    child = os.fork()
    if child == 0:
        left = number

        def count(event: str, _arguments: tuple[object, ...]) -> None:
            nonlocal left
            left -= event.startswith(AT_DISK)
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(count)
            run(mini, folder, wanted)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def files_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".timgen-" not in str(path.relative_to(folder)))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def written(folder: Path, made: Made | None, *, ours: bool) -> Path:
    """Write a copy into a folder, and what is not timgen's."""
    for path, data in {**(made.all_files if made else {}), **(OURS if ours else {})}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


# A process for each moment.
@pytest.mark.timeout(400)
@pytest.mark.parametrize(("before", "wanted"), [(None, FIRST), (FIRST, SECOND)], ids=["first", "update"])
def test_a_run_that_is_killed_at_any_moment_is_repaired_by_the_next(
    tmp_path: Path, before: Made | None, wanted: Made
) -> None:
    mini = minispec.make(tmp_path / "project")
    number = 0
    went_on = True
    while went_on:
        number += 1
        folder = written(tmp_path / f"app{number}", before, ours=before is not None)
        went_on = killed(mini, folder, wanted, number)
        ours = OURS if before else {}
        old = before.all_files if before else {}
        found = files_of(folder)
        # Each file is the old one, the new one or not there yet, and nothing else is touched.
        assert ours.items() <= found.items(), number
        assert all(data in (old.get(path), wanted.all_files.get(path), ours.get(path)) for path, data in found.items())
        assert old.keys() & wanted.all_files.keys() <= found.keys(), number
        result = run(mini, folder, wanted)
        assert result.exit_code == 0, (number, result.output)
        assert files_of(folder) == {**wanted.all_files, **ours}, number
        assert not list(folder.glob(".timgen-*")), number
        shutil.rmtree(folder)
    assert number > 24


@pytest.mark.timeout(400)
def test_a_run_that_is_killed_can_be_taken_back(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path / "project")
    number = 0
    went_on = True
    while went_on:
        number += 1
        folder = written(tmp_path / f"app{number}", FIRST, ours=True)
        went_on = killed(mini, folder, SECOND, number)
        assert run(mini, folder, FIRST).exit_code == 0, number
        assert files_of(folder) == {**FIRST.all_files, **OURS}, number
