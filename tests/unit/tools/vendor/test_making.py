"""The files of a copy, of a small spec with the templates of this release."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support import minispec
from support.minispec import Mini
from timgen.reading.inputs import sha256
from timgen.reading.project import NoProjectError, Project
from timgen.tools.vendor.making import Made, make
from timgen.tools.vendor.record import Options
from timgen.tools.vendor.selection import UnknownNamesError


@pytest.fixture
def chat(mini: Mini) -> Mini:
    """Return a project without templates of its own."""
    shutil.rmtree(mini.path("templates"))
    return mini


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Made:
    mini = minispec.make(tmp_path_factory.mktemp("whole"))
    shutil.rmtree(mini.path("templates"))
    made, findings = make(Project(mini.root), Options())
    assert made is not None, findings
    return made


def copy_of(chat: Mini, options: Options) -> Made:
    made, findings = make(Project(chat.root), options)
    assert made is not None, findings
    return made


def test_a_whole_copy_is_the_client_that_is_generated(chat: Mini, whole: Made) -> None:
    assert chat.timgen("generate").returncode == 0
    prefix = "client/tencent_chat/"
    generated = {path: data for path, data in chat.output().items() if path.startswith(prefix)}
    assert {prefix + path: data for path, data in whole.files.items()} == generated


def test_its_record_describes_it(whole: Made) -> None:
    record = whole.record
    assert (record.distribution, record.version, record.options) == ("tencent-chat", "0.1.0", Options())
    assert record.files == {path: sha256(data) for path, data in whole.files.items()}
    assert whole.all_files == {**whole.files, "timgen.json": record.to_json().encode()}


def test_a_pruned_copy_lacks_what_it_does_not_need(chat: Mini, whole: Made) -> None:
    made = copy_of(chat, Options(("rooms.iter_members",), has_async=False, has_cli=False))
    assert made.record.options == Options(("rooms.list_members",), has_async=False, has_cli=False)
    gone = whole.files.keys() - made.files.keys()
    assert not made.files.keys() - whole.files.keys()
    assert {"__main__.py", "async_client.py", "_calls/tasks.py", "models/_webhook.py", "webhooks/__init__.py"} <= gone
    assert {"models/note.py", "models/notes/send.py", "models/rooms/add_members.py", "namespaces/notes.py"} <= gone
    assert made.files["models/person.py"] == whole.files["models/person.py"]
    assert made.files["models/rooms/list_members.py"] == whole.files["models/rooms/list_members.py"]
    init = made.files["__init__.py"].decode()
    assert "webhooks" not in init
    assert "Async" not in init


def test_names_that_the_spec_lacks_raise(chat: Mini) -> None:
    with pytest.raises(UnknownNamesError):
        make(Project(chat.root), Options(("rooms", "nothing")))


def test_a_spec_with_findings_makes_nothing(chat: Mini) -> None:
    chat.patch("spec/v4/note_svc/send.yaml", "window: 60", "window: 0")
    made, findings = make(Project(chat.root), Options())
    assert (made, [finding.file for finding in findings]) == (None, ["spec/v4/note_svc/send.yaml"])


def test_templates_without_the_client_make_nothing(mini: Mini) -> None:
    made, findings = make(Project(mini.root), Options())
    assert (made, [(found.file, found.rule) for found in findings]) == (None, [("spec/api.yaml", "client-package")])


def test_a_template_that_fails_makes_nothing(mini: Mini) -> None:
    mini.write("templates/client/tencent_chat/__init__.py.j2", "{{ api.nothing }}")
    made, findings = make(Project(mini.root), Options())
    assert (made, [found.rule for found in findings]) == (None, ["template"])
    mini.write("templates/client/tencent_chat/__init__.py.j2", "def")
    made, findings = make(Project(mini.root), Options())
    assert (made, [found.rule for found in findings]) == (None, ["template"])


def test_no_templates_anywhere(chat: Mini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timgen.reading.project.packaged", lambda: Project(tmp_path / "nowhere"))
    with pytest.raises(NoProjectError, match="no templates/ folder"):
        make(Project(chat.root), Options())
