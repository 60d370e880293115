"""What an editor offers, shows and marks in the files of the spec, asked of the language server that editors run."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml

from support.editor import Editor
from support.git import commit, git
from support.minispec import Mini, make
from support.paths import ROOT

SETTINGS = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
OFFLINE = {"yaml.schemaStore.enable": False, "yaml.kubernetesCRDStore.enable": False}
NAMES = "generated/editor/names.schema.json"
COMMAND = "spec/v4/openim/brand_new.yaml"
MODELINE = "# yaml-language-server: $schema=../../meta/command.schema.json\n"
GONE = "10010 GROUP_NOT_FOUND"
REFERENCE = "#/components/schemas/GroupType"
PROPERTIES = "request:\n  type: object\n  properties:\n    Type: "


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    """An editor with the settings that the repository brings."""
    with Editor(ROOT, {**SETTINGS, **OFFLINE}) as running:
        yield running


@pytest.fixture(scope="module")
def bare() -> Iterator[Editor]:
    """An editor that knows of no schema but by modelines."""
    with Editor(ROOT, OFFLINE) as running:
        yield running


OFFERED = {
    "key": ("summary: Do it\nrep", "repeat", "May the call be sent again"),
    "fixed value": ("repeat: ", "deduplicated", "yes, while the fields"),
    "namespace": ("method: ", "groups.", "Create and manage groups"),
    "namespace, begun": ("method: gro", "groups.", "Create and manage groups"),
    "code": ("errors:\n  - ", GONE, "GROUP_NOT_FOUND: There is no such group"),
    "code, in brackets": ("errors: [10002, ▲]\n", GONE, "GROUP_NOT_FOUND: There is no such group"),
    "code of a repeated call": (
        "repeated:\n  - code: ",
        "10010 GROUP_NOT_FOUND",
        "GROUP_NOT_FOUND: There is no such group",
    ),
    "shared schema": (f"{PROPERTIES}\n      $ref: ", f'"{REFERENCE}"', "Kind of group"),
    "shared schema, in braces": (f"{PROPERTIES}{{$ref: ▲}}\n", f'"{REFERENCE}"', "Kind of group"),
    "key of a body": (f"{PROPERTIES}\n      x-ma", "x-max-bytes", "Limit in bytes of UTF-8"),
}


@pytest.mark.parametrize("case", OFFERED)
def test_names_are_offered_with_what_they_mean(editor: Editor, bare: Editor, case: str) -> None:
    text, label, meaning = OFFERED[case]
    before, _, after = text.partition("▲")
    for running, modeline in ((editor, ""), (editor, MODELINE), (bare, MODELINE)):
        offered = running.open(COMMAND, modeline + before + after).complete(before=after)
        assert label in offered
        assert meaning in str(offered[label]["documentation"])
        if case not in ("key", "key of a body"):
            assert offered[label]["textEdit"]["newText"] == label.removesuffix(" GROUP_NOT_FOUND")


def test_the_same_names_are_offered_in_every_kind_of_file(editor: Editor) -> None:
    places = {
        "spec/errors.yaml": {
            "10002:\n  category: ": ("rate_limit", "RateLimitError: Too many calls"),
            "10002:\n  services:\n    openim:\n      category: ": ("rate_limit", "RateLimitError: Too many calls"),
            "10002:\n  services:\n    ": ("openim", ""),
            "10002:\n  retry: ": ("resign", "sign again once"),
        },
        "spec/api.yaml": {"protocol:\n  invalid_request: ": ("60003 INVALID_JSON", "not valid JSON")},
        "spec/v4/openim/_service.yaml": {
            "summary: Messages\nproduct: ": ("callkit", ""),
            "summary: Messages\ninvalid_request: ": ("90001 MESSAGE_INVALID_JSON", "MESSAGE"),
            "summary: Messages\ntoo_long:\n  - ": ("90001 MESSAGE_INVALID_JSON", "MESSAGE"),
        },
        "spec/schemas/brand_new.yaml": {"Thing:\n  $ref: ": (f'"{REFERENCE}"', "Kind of group")},
        "spec/webhooks/New.CallbackOfOurs.yaml": {
            f"{PROPERTIES}\n      $ref: ": (f'"{REFERENCE}"', "Kind of group"),
            "phase: ": ("before", "the reply decides"),
        },
    }
    for file, texts in places.items():
        for text, (label, meaning) in texts.items():
            offered = editor.open(file, text).complete()
            assert label in offered, (file, text)
            assert meaning in str(offered[label].get("documentation")), (file, text)


def test_what_is_offered_is_all_that_there_is(editor: Editor) -> None:
    api = yaml.safe_load((ROOT / "spec/api.yaml").read_text(encoding="utf-8"))
    codes = yaml.safe_load((ROOT / "spec/errors.yaml").read_text(encoding="utf-8"))
    assert editor.open(COMMAND, "method: ").complete().keys() == {f"{name}." for name in api["namespaces"]}
    named = {f"{code} {entry['name']}" for code, entry in codes.items()}
    assert editor.open(COMMAND, "errors:\n  - ").complete().keys() == named
    assert editor.open("spec/v4/openim/_service.yaml", "invalid_request: ").complete().keys() == named
    schemas = {name for path in (ROOT / "spec/schemas").iterdir() for name in yaml.safe_load(path.read_bytes())}
    references = {f'"#/components/schemas/{name}"' for name in schemas}
    assert editor.open(COMMAND, f"{PROPERTIES}\n      $ref: ").complete().keys() == references
    assert editor.open("spec/errors.yaml", "1:\n  category: ").complete().keys() == api["categories"].keys()
    assert editor.open("spec/v4/openim/_service.yaml", "product: ").complete().keys() == set(api["products"])


WRONG = f"""\
summary: Do it
method: grups.create
docs: https://example.com
date: 2026-11-27
repeat: saf
repeated: [{{code: 8, evidence: The code of an item.}}]
errors: [10002, 77]
{PROPERTIES}{{$ref: "#/components/schemas/GrupType"}}
examples: [{{response: {{}}}}]
rate_limt: 200
"""


def test_what_is_no_name_is_marked_with_where_names_come_from(editor: Editor, bare: Editor) -> None:
    for running, modeline in ((editor, ""), (editor, MODELINE), (bare, MODELINE)):
        assert sorted(running.open(COMMAND, modeline + WRONG).messages) == [
            '"#/components/schemas/GrupType": no schema of spec/schemas; add it there and run `timgen generate`',
            "77: no code of spec/errors.yaml; add it there and run `timgen generate`",
            "grups.create: no namespace of spec/api.yaml; add it there and run `timgen generate`",
            "rate_limt: Property rate_limt is not allowed.",
            'saf: Value is not accepted. Valid values: "safe", "unsafe", "deduplicated".',
        ]


def test_other_kinds_of_files_are_marked_too(editor: Editor) -> None:
    entry = (
        "{name: A, message: It failed., fix: Wait., category: ▲, retry: never, services: {▼: {message: M., fix: F.}}}"
    )
    bad = editor.open("spec/errors.yaml", "10002: " + entry.replace("▲", "servr").replace("▼", "openm")).messages
    assert sorted(re.sub(" [|] .*", "", message) for message in bad) == [
        "openm: no service of spec; give it a folder with a _service.yaml and run `timgen generate`",
        'servr: Value must be "authentication"',
    ]
    good = "10002: " + entry.replace("▲", "server").replace("▼", "openim")
    assert editor.open("spec/errors.yaml", good).messages == []
    service = "summary: Messages\nproduct: chatt\ninvalid_request: 8\ntoo_long: [9]\n"
    assert sorted(editor.open("spec/v4/openim/_service.yaml", service).messages) == [
        "8: no code of spec/errors.yaml; add it there and run `timgen generate`",
        "9: no code of spec/errors.yaml; add it there and run `timgen generate`",
        'chatt: Value must be "callkit" | "chat" | "desk" | "live" | "push" | "room".',
    ]


def test_hovering_tells_what_a_name_means(editor: Editor) -> None:
    good = WRONG.replace("grups", "groups").replace("77", "10010").replace("GrupType", "GroupType")
    for modeline in ("", MODELINE):
        opened = editor.open(COMMAND, modeline + good)
        assert "Create and manage groups" in opened.hover("groups.create")
        assert "There is no such group" in opened.hover("10010")
        assert "Kind of group" in opened.hover(REFERENCE)
        assert "May the call be sent again" in opened.hover("repeat: ")
        # Not the other hundreds as well.
        assert len(opened.hover("10010")) < 400
    wrong = editor.open(COMMAND, WRONG)
    assert all(len(wrong.hover(word)) < 400 for word in ("grups", "77", "#/components"))
    errors = editor.open("spec/errors.yaml", "10002:\n  category: server\n")
    assert "ServerError: The service failed" in errors.hover("server")


def test_nothing_is_marked_in_the_spec(editor: Editor) -> None:
    files = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "spec").rglob("*.yaml"))
    texts = {file: (ROOT / file).read_text(encoding="utf-8") for file in files}
    opened = editor.open_all(texts)
    assert {file: found.messages for file, found in opened.items() if found.diagnostics} == {}
    assert all(text.startswith("# yaml-language-server: $schema=") for text in texts.values())
    bare = {file: text.partition("\n")[2] for file, text in texts.items()}
    assert {file: found.messages for file, found in editor.open_all(bare).items() if found.diagnostics} == {}


def test_other_files_are_left_alone(editor: Editor) -> None:
    harbour = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests/e2e/harbour").rglob("*.yaml")]
    for file in ("docs/api.yaml", "spec.yaml", "spec/v4/deep/er/down.yaml", *harbour):
        assert editor.open(file, "sumary: 5\n").messages == []


def test_the_settings_lead_to_every_meta_schema() -> None:
    mapped = {path.rpartition("/")[2] for path in SETTINGS["yaml.schemas"]}
    metas = {path.name for path in (ROOT / "spec/meta").iterdir()}
    assert mapped == metas - {"body.schema.json"}
    recommended = json.loads((ROOT / ".vscode/extensions.json").read_text(encoding="utf-8"))
    assert recommended == {"recommendations": ["redhat.vscode-yaml"]}


@pytest.fixture
def mini(tmp_path: Path) -> Mini:
    """A small project with meta-schemas of its own and the names for editors among its outputs."""
    project = make(tmp_path / "mini")
    shutil.copytree(ROOT / "spec/meta", project.path("spec/meta"))
    shutil.copytree(ROOT / "templates/editor", project.path("templates/editor"))
    assert project.timgen("generate").returncode == 0
    return project


def test_a_new_name_is_known_after_generating(mini: Mini) -> None:
    file = "spec/v4/note_svc/send.yaml"
    mini.patch("spec/api.yaml", "  notes: {", "  letters: {noun: Letter, summary: Letters}\n  notes: {")
    mini.write("spec/errors.yaml", mini.read("spec/errors.yaml") + ERROR.format(code=10003, name="GONE"))
    text = mini.read(file).replace("notes.send", "letters.send").replace("examples:", "errors: [10003]\nexamples:")
    with Editor(mini.root, {**SETTINGS, **OFFLINE}) as editor:
        opened = editor.open(file, text)
        assert [message.partition(";")[0] for message in opened.messages] == [
            "letters.send: no namespace of spec/api.yaml",
            "10003: no code of spec/errors.yaml",
        ]
        # What editors know plays no part in what timgen says of the spec.
        mini.write(file, text)
        assert mini.timgen("lint").returncode == 0
        stale = mini.timgen("check")
        assert stale.returncode == 1
        assert f"{NAMES}: not what the spec says" in stale.stdout
        assert mini.timgen("generate").returncode == 0
        editor.changed(NAMES)
        assert editor.open(file, text).messages == []


def test_without_the_output_the_editor_says_what_it_misses_and_timgen_does_not_care(mini: Mini) -> None:
    shutil.rmtree(mini.path("generated"))
    assert mini.timgen("lint").returncode == 0
    with Editor(mini.root, {**SETTINGS, **OFFLINE}) as editor:
        (message,) = editor.open("spec/v4/note_svc/send.yaml", mini.read("spec/v4/note_svc/send.yaml")).messages
    assert "generated/editor/names.schema.json" in message
    assert mini.timgen("generate").returncode == 0
    assert mini.path(NAMES).is_file()


def test_names_of_a_project_without_schemas_and_webhooks_are_sound(mini: Mini) -> None:
    for file in ("spec/schemas/note.yaml", "spec/schemas/person.yaml", "spec/webhooks/Note.BeforeSend.yaml"):
        mini.remove(file)
    mini.patch("spec/v4/note_svc/send.yaml", '{$ref: "#/components/schemas/Note"}', "{type: object, description: A.}")
    person = 'items: {$ref: "#/components/schemas/Person"}'
    mini.patch("spec/v4/room_svc/list_members.yaml", person, "items: {type: object, description: A.}")
    result = mini.timgen("generate")
    assert result.returncode == 0, result.stdout + result.stderr
    schema = json.loads(mini.read(NAMES))
    jsonschema.Draft202012Validator.check_schema(schema)
    reference = {"$ref": "#/$defs/reference", "$defs": schema["$defs"]}
    assert not jsonschema.Draft202012Validator(reference).is_valid("#/components/schemas/Note")


def test_the_names_say_the_same_to_other_editors() -> None:
    """What they refuse and take does not hang on the language server."""
    schema = json.loads((ROOT / NAMES).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)

    def taken(name: str, value: object) -> bool:
        part = {"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]}
        return bool(jsonschema.Draft202012Validator(part).is_valid(value))

    assert taken("code", 10002)
    assert not taken("code", 77)
    assert taken("itemCode", 77)
    assert taken("method", "groups.anything")
    assert not taken("method", "grups.create")
    assert taken("reference", REFERENCE)
    assert not taken("reference", "#/components/schemas/GrupType")
    assert taken("service", "openim")
    assert not taken("service", "openm")
    assert not taken("product", "chatt")
    assert not taken("category", "servr")


ERROR = "{code}:\n  name: {name}\n  message: It is {name}.\n  fix: Wait.\n  category: server\n  retry: never\n"


def test_branches_that_each_add_names_merge(mini: Mini) -> None:
    # Of the output, this is about the names only.
    mini.write(".gitignore", "generated/*\n!generated/editor/\n")
    commit(mini.root, "start")
    errors, api = mini.read("spec/errors.yaml"), mini.read("spec/api.yaml")
    for branch, code, namespace in (("one", -9, "attics"), ("two", 20000, "zones")):
        git(mini.root, "switch", "--quiet", "--create", branch, "main")
        entry = ERROR.format(code=code, name=branch.upper())
        mini.write("spec/errors.yaml", entry + errors if code < 0 else errors + entry)
        line = f"  {namespace}: {{noun: {branch.title()}, summary: Of {branch}}}\n"
        first, last = "namespaces:\n", "categories:\n"
        mini.write("spec/api.yaml", api.replace(*(first, first + line) if code < 0 else (last, line + last)))
        shutil.rmtree(mini.path("generated"))
        assert mini.timgen("generate").returncode == 0
        commit(mini.root, branch)
    git(mini.root, "merge", "--no-edit", "one")
    merged = mini.read(NAMES)
    shutil.rmtree(mini.path("generated"))
    assert mini.timgen("generate").returncode == 0
    assert mini.read(NAMES) == merged
    assert all(f'"{name}' in merged for name in ("^attics", "^zones"))
