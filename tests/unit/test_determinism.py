"""The same spec gives the same bytes, whoever generates it, where, and by which way."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from support import minispec
from support.minispec import Mini
from support.paths import ROOT
from timgen.pipeline import make_tree
from timgen.publishing.memory import Memory, recall
from timgen.publishing.outputs import existing_files
from timgen.publishing.publish import publish
from timgen.reading.index import Index
from timgen.reading.inputs import read_inputs
from timgen.reading.project import Project
from timgen.rendering import datamodels, formatting
from timgen.rendering.codegen import Codegen, Order

MODELS = "client/tencent_chat/models"


def project(root: Path, *, real_templates: bool = False) -> Mini:
    mini = minispec.make(root)
    if real_templates:
        shutil.rmtree(root / "templates")
        shutil.copytree(ROOT / "templates", root / "templates")
    return mini


def generate(mini: Mini) -> dict[str, bytes]:
    """Bring generated/ up to date with the spec, and return it with its manifest."""
    at = Project(mini.root)
    inputs = read_inputs(at)
    existing = existing_files(at.output)
    with tempfile.TemporaryDirectory() as folder:
        tree, findings = make_tree(at, inputs, recall(at.root, inputs), existing, Path(folder))
        assert tree is not None, [finding.headline for finding in findings]
        publish(at.output, tree.files, tree.manifest, existing, Index())
    return mini.output()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The output of the small project with the real templates."""
    mini = project(tmp_path_factory.mktemp("reference"), real_templates=True)
    assert mini.timgen("generate").returncode == 0
    return mini.output()


def test_the_output_is_all_kinds_of_files(reference: Mapping[str, bytes]) -> None:
    assert {Path(path).suffix for path in reference} >= {".py", ".md", ".json", ".toml", ".typed"}


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONHASHSEED": "0", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "TZ": "America/Adak", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0", "COLUMNS": "20"},
        {"PYTHONHASHSEED": "4711", "SOURCE_DATE_EPOCH": "0", "HOME": "/nonexistent", "PYTHONOPTIMIZE": "1"},
    ],
    ids=["C", "tr_TR", "no home"],
)
def test_the_environment_does_not_matter(tmp_path: Path, env: dict[str, str], reference: Mapping[str, bytes]) -> None:
    mini = project(tmp_path / "some where" / "else", real_templates=True)
    mini.write("pyproject.toml", "[tool.ruff]\nline-length = 40\n[tool.datamodel-codegen]\nsnake-case-field = true\n")
    mini.write("ruff.toml", "line-length = 30\n")
    old = os.umask(0o077)
    try:
        result = mini.timgen("--root", str(mini.root), "generate", cwd=tmp_path, env=env)
    finally:
        os.umask(old)
    assert result.returncode == 0, result.stderr
    assert mini.output() == reference


def test_the_order_of_creation_and_the_times_of_files_do_not_matter(
    tmp_path: Path, reference: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = Path.rglob
    # Stands for a file system that lists folders in another order.
    monkeypatch.setattr(Path, "rglob", lambda folder, pattern: sorted(listed(folder, pattern), reverse=True))
    mini = Mini(tmp_path / "größer")
    for number, (file, text) in enumerate(sorted(minispec.SPEC.items(), reverse=True)):
        mini.write(file, text)
        os.utime(mini.path(file), (number * 1e6, number * 1e6))
    shutil.copytree(ROOT / "templates", mini.root / "templates")
    assert generate(mini) == reference


def test_line_ends_of_spec_and_templates_do_not_matter(tmp_path: Path, reference: Mapping[str, bytes]) -> None:
    mini = project(tmp_path, real_templates=True)
    for folder in ("spec", "templates"):
        for path in (tmp_path / folder).rglob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert generate(mini) == reference
    for folder in ("spec", "templates"):
        for path in (tmp_path / folder).rglob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    result = mini.timgen("check")
    assert (result.returncode, result.stderr) == (0, "")


def test_a_second_run_changes_nothing(tmp_path: Path, reference: Mapping[str, bytes]) -> None:
    mini = project(tmp_path, real_templates=True)
    generate(mini)
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "generated").rglob("*")}
    result = mini.timgen("generate")
    assert result.stdout == f"{len(reference) - 1} files are up to date.\n"
    assert generate(mini) == reference
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "generated").rglob("*")} == times


def test_no_text_tells_where_or_when_it_was_made(reference: Mapping[str, bytes], tmp_path: Path) -> None:
    for path, data in reference.items():
        assert b"\r" not in data, path
        assert str(tmp_path.parents[1]).encode() not in data, path
        assert not re.search(rb"20[2-9]\d-\d\d-\d\dT\d\d", data), path


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often the slow tools were called since the test began."""
    counts = {"models": 0, "ruff": 0}
    send, run = Codegen.send, subprocess.run

    def counted_send(codegen: Codegen, order: Order, folder: Path) -> None:
        counts["models"] += 1
        send(codegen, order, folder)

    def counted_run(*args: Any, **options: Any) -> Any:
        counts["ruff"] += 1
        return run(*args, **options)

    monkeypatch.setattr(Codegen, "send", counted_send)
    monkeypatch.setattr(formatting, "subprocess", SimpleNamespace(run=counted_run))
    return counts


def test_each_tool_runs_at_most_once(tmp_path: Path, runs: dict[str, int]) -> None:
    mini = project(tmp_path)
    generate(mini)
    all_at_once = {"models": 1, "ruff": 4}
    assert runs == all_at_once, "ruff sorts imports and formats, first what is rendered while the models are made"
    mini.patch("spec/v4/note_svc/send.yaml", "summary: Send a note", "summary: Send one note")
    generate(mini)
    assert runs == {"models": 1, "ruff": 6}, "words changed, and no form of a body"
    generate(mini)
    assert runs == {"models": 1, "ruff": 6}, "nothing changed"
    mini.patch("templates/copied.txt", "Copied", "Taken")
    generate(mini)
    assert runs == {"models": 1, "ruff": 6}, "no Python changed"
    mini.patch("templates/client/regions.py.j2", "REGIONS", "DOMAINS")
    generate(mini)
    assert runs == {"models": 1, "ruff": 8}, "no model changed"
    mini.patch("spec/schemas/note.yaml", "x-max-bytes: 500", "x-max-bytes: 600")
    generate(mini)
    assert runs == {"models": 2, "ruff": 10}, "no other Python changed"


def test_how_many_orders_the_models_are_does_not_matter(
    tmp_path: Path, runs: dict[str, int], reference: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datamodels, "_MOST_AT_ONCE", 4)
    assert generate(project(tmp_path, real_templates=True)) == reference
    assert runs["models"] > 2


PERSON = "spec/schemas/person.yaml"
LIST = "spec/v4/room_svc/list_members.yaml"
ADD = "spec/v4/room_svc/add_members.yaml"
SEND = "spec/v4/note_svc/send.yaml"

RENAME = minispec.SEND.replace("notes.send", "notes.rename").replace("Send a note", "Rename a note")
INLINE = """\
    Sender:
      type: object
      description: Who sends it.
      properties:
        Id: {type: [string, integer], maximum: 9, description: The ID.}
        Person: {$ref: "#/components/schemas/Person"}
"""


def rename_schemas(mini: Mini) -> None:
    mini.path("spec/schemas/badge.yaml").rename(mini.path("spec/schemas/badges.yaml"))


def rename_schema(mini: Mini, old: str, new: str) -> None:
    for path in (mini.root / "spec").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(rf"^{old}:|(?<=schemas/){old}\b", lambda found: found[0].replace(old, new), text,
                               flags=re.MULTILINE), encoding="utf-8")  # fmt: skip


def rename_namespace(mini: Mini) -> None:
    mini.patch("spec/api.yaml", "notes: {noun: Note", "memos: {noun: Memo")
    for file in (SEND, "spec/v4/note_svc/rename.yaml"):
        mini.patch(file, "method: notes.", "method: memos.")


EDITS: list[tuple[str, Callable[[Mini], None]]] = [
    ("a description", lambda m: m.patch(PERSON, "description: The name.", "description: The person's name.")),
    ("a field", lambda m: m.patch(LIST, "    Offset:", "    After: {type: string, description: A.}\n    Offset:")),
    ("a command", lambda m: m.write("spec/v4/note_svc/rename.yaml", RENAME)),
    (
        "a shared schema",
        lambda m: m.write("spec/schemas/badge.yaml", "Badge: {type: string, enum: [Gold], description: A.}\n"),
    ),
    (
        "a use of it by a schema that others use",
        lambda m: m.patch(PERSON, "    Role:", '    Badge: {$ref: "#/components/schemas/Badge"}\n    Role:'),
    ),
    ("an enum that many share", lambda m: m.patch(PERSON, "[Owner, Guest]", "[Owner, Visitor]")),
    ("an inline object and a limit", lambda m: m.patch(SEND, "    Note: {$ref", f"{INLINE}    Note: {{$ref")),
    ("a limit", lambda m: m.patch("spec/schemas/note.yaml", "x-max-bytes: 500", "x-max-bytes: 600")),
    ("a method's name", lambda m: m.patch(LIST, "rooms.list_members", "rooms.members")),
    ("a file of schemas", rename_schemas),
    ("the name of a shared object", lambda m: rename_schema(m, "Person", "Human")),
    ("the name of another shared schema", lambda m: rename_schema(m, "Badge", "Medal")),
    ("the title of a command", lambda m: m.patch(SEND, "\nmethod:", "\ntitle: SendTheNote\nmethod:")),
    ("the event of a webhook", lambda m: m.patch("spec/webhooks/Note.BeforeSend.yaml", "BeforeNote", "BeforeSendNote")),
    ("the title of a command, back", lambda m: m.patch(SEND, "title: SendTheNote\n", "")),
    ("the name of a shared object, back", lambda m: rename_schema(m, "Human", "Person")),
    (
        "the envelope",
        lambda m: m.patch(
            "spec/api.yaml",
            "    ErrorCode:",
            '    Id: {type: string, description: ID.}\n    By: {$ref: "#/components/schemas/Person"}\n    ErrorCode:',
        ),
    ),
    ("an error", lambda m: m.patch("spec/errors.yaml", "fix: Shorten it.", "fix: Cut it.")),
    ("an error of a command", lambda m: m.patch(ADD, "errors: [10002, -7]", "errors: [-7]")),
    ("a namespace", rename_namespace),
    (
        "a template",
        lambda m: m.patch(
            "templates/client/_macros/namespace.py.j2", "# Generated by", "# Made by"
        ),
    ),
    ("no command", lambda m: m.remove(ADD)),
    ("no webhook", lambda m: m.remove("spec/webhooks/Note.BeforeSend.yaml")),
]  # fmt: skip


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """A project with the templates that show most of the model, generated once."""
    mini = minispec.make(tmp_path_factory.mktemp("edited"))
    for folder in ("client/_macros", "client/tencent_chat/namespaces", "client/tencent_chat/models", "docs", "openapi"):
        shutil.copytree(ROOT / "templates" / folder, mini.root / "templates" / folder, dirs_exist_ok=True)
    generate(mini)
    return mini


def test_after_every_edit_the_output_is_that_of_a_full_run(edited: Mini, tmp_path: Path) -> None:
    """One edit builds on the other, so that errors of an incremental run would add up."""
    for name, edit in EDITS:
        before = edited.output()
        edit(edited)
        after = generate(edited)
        at = Project(edited.root)
        tree, _ = make_tree(at, read_inputs(at), Memory(), {}, tmp_path / name)
        assert tree is not None, name
        assert after.keys() == {*tree.files, "manifest.json"}, name
        assert [path for path, file in tree.files.items() if after[path] != file.read_bytes()] == [], name
        assert after["manifest.json"].decode() == tree.manifest.to_json(), name
        assert after != before, f"{name}: the edit shows nowhere"


def test_what_is_edited_while_a_run_is_at_work_and_edited_back_is_made_anew(tmp_path: Path) -> None:
    mini = project(tmp_path)
    at = Project(mini.root)
    inputs = read_inputs(at)

    def edit(stage: str) -> None:
        if stage == "Rendering templates":
            mini.patch("templates/copied.txt", "Copied", "Changed")

    with tempfile.TemporaryDirectory() as folder:
        tree, _ = make_tree(at, inputs, recall(at.root, inputs), {}, Path(folder), edit)
        assert tree is not None
        publish(at.output, tree.files, tree.manifest, {}, Index())
    assert b"Changed" in mini.output()["copied.txt"]
    mini.patch("templates/copied.txt", "Changed", "Copied")
    assert mini.timgen("generate").stdout.startswith("wrote   generated/copied.txt\n1 files written")
    assert b"Copied" in mini.output()["copied.txt"]


def test_imports_are_sorted_as_in_a_full_run_when_one_module_of_a_package_is_made_anew(tmp_path: Path) -> None:
    mini = project(tmp_path)
    package = "templates/client/tencent_chat"
    mini.write(f"{package}/__init__.py", "")
    mini.write(f"{package}/b.py", "X = 1\n")
    mini.write(f"{package}/a.py", "import zlib\nimport zzz\nfrom tencent_chat.b import X\n\nprint(X, zlib, zzz)\n")
    before = generate(mini)["client/tencent_chat/a.py"]
    mini.patch(f"{package}/a.py", "print(X, ", "print(X, 1, ")
    assert generate(mini)["client/tencent_chat/a.py"] == before.replace(b"print(X, ", b"print(X, 1, ")


def test_a_new_command_renames_no_class_and_touches_no_other_model(tmp_path: Path) -> None:
    mini = project(tmp_path)
    before = {path: data for path, data in generate(mini).items() if path.startswith(MODELS)}
    # Its inline object has the name of a shared schema, and that of an inline object of another command.
    person = "Person: {type: object, description: A., properties: {Name: {type: string, description: A.}}}"
    text = minispec.ADD_MEMBERS.replace("rooms.add_members", "notes.add_members")
    mini.write("spec/v4/note_svc/add_members.yaml", text.replace("    Names:", f"    {person}\n    Names:"))
    after = {path: data for path, data in generate(mini).items() if path.startswith(MODELS)}
    assert {path: after[path] for path in before} == before
    (added,) = after.keys() - before.keys()
    assert re.findall(rb"^class (\w+)", after[added], re.MULTILINE) == [
        b"AddNoteMembersPerson", b"AddNoteMembersRequest", b"AddNoteMembersResponse", b"AddNoteMembersResultResult",
    ]  # fmt: skip
