"""The command line, as a person or a CI job meets it: run in a process of its own."""

import importlib.metadata
import json
import os
import pty
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from support import minispec
from support.minispec import Mini
from timgen.cli import main as cli
from timgen.reading import project as projects

SEND = "spec/v4/note_svc/send.yaml"
PERSON = "spec/schemas/person.yaml"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """Return a project whose output is up to date; nobody changes it."""
    mini = minispec.make(tmp_path_factory.mktemp("made"))
    result = mini.timgen("generate")
    assert result.returncode == 0, result.stderr
    return mini


@pytest.fixture
def mini(made: Mini, tmp_path: Path) -> Mini:
    """Return a copy of that project to change."""
    shutil.copytree(made.root, tmp_path / "project")
    return Mini(tmp_path / "project")


@pytest.fixture
def bad(mini: Mini) -> Mini:
    """Return a project with two findings."""
    mini.patch(SEND, "window: 60", "window: 0")
    mini.patch(PERSON, "description: The name.", "description: The name., maxlength: 5")
    return mini


def in_process(mini: Mini, *arguments: str) -> tuple[int, str, str]:
    """Run a command without the cost of a process; return its exit code, standard output and standard error."""
    result = CliRunner().invoke(cli.main, ["--root", str(mini.root), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def imported(mini: Mini, *arguments: str, program: tuple[str, ...] = ("-m", "timgen")) -> set[str]:
    """Return what a command imports that must exit with 0: modules, and packages by their names alone."""
    command = [sys.executable, "-X", "importtime", *program, *arguments]
    result = subprocess.run(command, cwd=mini.root, capture_output=True, text=True, timeout=60, check=True)
    return {line.rpartition("|")[2].strip() for line in result.stderr.splitlines() if line.startswith("import time:")}


def on_terminal(mini: Mini, *arguments: str) -> tuple[int, bytes]:
    """Run a command on a pseudo-terminal; return its exit code and what appeared there."""
    outer, inner = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(
        [sys.executable, "-m", "timgen", *arguments],
        cwd=mini.root,
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env=environment,
    ) as process:
        os.close(inner)
        shown = b""
        while True:
            try:
                part = os.read(outer, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
        os.close(outer)
        return process.wait(30), shown


COMMANDS = cli.COMMANDS


# Help and usage.


def test_help_names_every_command(mini: Mini) -> None:
    result = mini.timgen("--help")
    assert result.returncode == 0
    assert result.stderr == ""
    for name in COMMANDS:
        assert f"  {name} " in result.stdout
    assert "Traceback" not in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_of_each_command_says_what_it_does(name: str, option: str) -> None:
    result = CliRunner().invoke(cli.main, [name, option])
    assert result.exit_code == 0
    usage, _, text = result.stdout.partition("\n\n")
    assert usage.startswith(f"Usage: main {name}")
    assert len(text.strip().splitlines()[0].split()) >= 3


def test_version(mini: Mini) -> None:
    result = mini.timgen("--version")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"timgen, version {importlib.metadata.version('timgen')}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("lint", "--nope"),
        ("lint", "--format", "xml"),
        ("lint", "surplus"),
        ("--root", "does-not-exist", "lint"),
    ],
)
def test_wrong_usage_is_2_and_says_why(mini: Mini, arguments: tuple[str, ...]) -> None:
    result = mini.timgen(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr


# Exit codes.


@pytest.mark.parametrize("command", ["lint", "generate", "check"])
def test_a_project_without_findings_is_0(mini: Mini, command: str) -> None:
    result = mini.timgen(command)
    assert (result.returncode, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == 1


def test_a_command_finds_its_project_from_a_folder_inside(mini: Mini) -> None:
    result = mini.timgen("lint", cwd=mini.path("spec/v4/note_svc"))
    assert (result.returncode, result.stderr) == (0, "")
    mini.patch(SEND, "window: 60", "window: 0")
    result = mini.timgen("lint", cwd=mini.path("spec/v4/note_svc"))
    assert result.returncode == 1
    assert result.stdout.startswith(f"{SEND}:6:36: error[schema]: ")


def test_a_command_takes_its_project_by_option(mini: Mini, tmp_path: Path) -> None:
    assert mini.timgen("--root", "project", "check", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("command", ["lint", "generate", "check"])
def test_no_project_is_2(tmp_path: Path, command: str) -> None:
    result = Mini(tmp_path).timgen(command)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("timgen: no spec/api.yaml in ")
    assert "--root" in result.stderr
    result = Mini(tmp_path).timgen("--root", ".", command)
    assert (result.returncode, result.stdout) == (2, "")
    assert "has no spec/ folder" in result.stderr


@pytest.mark.parametrize("command", ["generate", "check"])
def test_no_templates_anywhere_is_2_and_nothing_is_removed(
    mini: Mini, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(mini.path("templates"))
    monkeypatch.setattr(projects, "packaged", lambda: projects.Project(tmp_path))
    before = mini.output()
    code, out, err = in_process(mini, command)
    assert (code, out) == (2, "")
    assert "has no templates/ folder" in err
    assert mini.output() == before


@pytest.mark.parametrize("command", ["lint", "generate", "check"])
@pytest.mark.parametrize(
    ("file", "content", "rule"),
    [
        (SEND, b"a: [", "yaml-syntax"),
        (SEND, b"a: \xff", "encoding"),
        (SEND, b"", "empty-file"),
        (SEND, b"\x00" * 100, "yaml-syntax"),
        (SEND, b"[" * 100_000, "yaml-syntax"),
        (SEND, b"- 1\n", "schema"),
        ("spec/errors.yaml", None, "missing-file"),
        ("spec/api.yaml", None, "missing-file"),
        ("spec/v4/note_svc/_service.yaml", None, "missing-file"),
    ],
)
def test_a_defect_of_a_spec_file_is_a_finding_of_every_command(
    mini: Mini, command: str, file: str, content: bytes | None, rule: str
) -> None:
    if content is None:
        mini.remove(file)
    else:
        mini.write(file, content)
    before = mini.output()
    code, out, err = in_process(mini, command)
    assert (code, err) == (1, "")
    assert out.startswith(f"{file}:1:")
    assert f": error[{rule}]: " in out.splitlines()[0]
    assert mini.output() == before


@pytest.mark.parametrize("command", ["lint", "generate", "check"])
def test_an_unreadable_spec_file_is_a_finding_of_every_command(mini: Mini, command: str) -> None:
    mini.remove(SEND)
    mini.path(SEND).symlink_to("/proc/self/mem")  # reading it fails, even for root
    code, out, err = in_process(mini, command)
    assert (code, err) == (1, "")
    assert out.startswith(f"{SEND}:1:1: error[unreadable]: cannot be read: ")


@pytest.mark.parametrize("command", ["generate", "check"])
def test_an_unreadable_template_is_2(mini: Mini, command: str) -> None:
    mini.path("templates/copied.txt").unlink()
    mini.path("templates/copied.txt").symlink_to("/proc/self/mem")
    result = mini.timgen(command)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("timgen: ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("obstacle", ["generated", "generated/docs"])
def test_an_output_that_cannot_be_written_is_2(mini: Mini, obstacle: str) -> None:
    shutil.rmtree(mini.path("generated"))
    mini.write(obstacle, "a file in the place of a folder")
    result = mini.timgen("generate")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("timgen: ")
    assert obstacle in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert mini.read(obstacle) == "a file in the place of a folder"


@pytest.mark.parametrize("command", ["generate", "check"])
def test_a_damaged_manifest_is_2(mini: Mini, command: str) -> None:
    mini.write("generated/manifest.json", "{")
    code, out, err = in_process(mini, command)
    assert (code, out) == (2, "")
    assert "manifest.json is damaged" in err
    assert len(err.splitlines()) == 1


def test_a_folder_with_only_a_spec_takes_the_templates_of_this_release(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path)
    shutil.rmtree(mini.path("templates"))
    code, _, err = in_process(mini, "generate")
    assert (code, err) == (0, "")
    assert mini.path("generated/client/tencent_chat/client.py").is_file()
    assert "notes" in mini.read("generated/client/tencent_chat/client.py")
    assert in_process(mini, "check")[0] == 0
    assert not mini.path("templates").exists()


@pytest.mark.parametrize("command", ["lint", "generate", "check"])
@pytest.mark.parametrize(("text", "place"), [('{\n"type": 5}', "2:9"), ("{", "1:2"), ('{"$ref": "#/nope"}', "1:10")])
def test_a_damaged_meta_schema_is_a_finding(mini: Mini, command: str, text: str, place: str) -> None:
    mini.write("spec/meta/command.schema.json", text)
    code, out, err = in_process(mini, command)
    assert (code, err) == (1, "")
    assert out.startswith(f"spec/meta/command.schema.json:{place}: error[meta-schema]: ")
    assert out.endswith("\n1 error.\n")


def test_a_mistake_in_a_template_is_a_finding_with_its_line(mini: Mini) -> None:
    mini.write("templates/docs/index.md.j2", "one\n{{ api.nope }}\n")
    code, out, err = in_process(mini, "generate")
    assert (code, err) == (1, "")
    assert out.startswith("templates/docs/index.md.j2:2:4: error[template]: ")


# Reports.


@pytest.mark.parametrize("command", ["lint", "generate", "check"])
def test_findings_are_reported_on_standard_output_and_counted(bad: Mini, command: str) -> None:
    result = bad.timgen(command)
    assert (result.returncode, result.stderr) == (1, "")
    heads = [line for line in result.stdout.splitlines() if ": error[" in line]
    assert [head.split(":")[0] for head in heads] == [PERSON, SEND]
    assert result.stdout.endswith("\n2 errors.\n")


@pytest.fixture
def unused(mini: Mini) -> Mini:
    """Return a project with a namespace that no command is in."""
    mini.patch("spec/api.yaml", "  notes: {noun", "  idle: {noun: Idler, summary: Nothing}\n  notes: {noun")
    return mini


def test_a_warning_alone_is_0_and_shown_by_lint(unused: Mini) -> None:
    code, out, err = in_process(unused, "lint")
    assert (code, err) == (0, "")
    assert out.startswith("spec/api.yaml:36:3: warning[unused-namespace]: ")
    assert out.endswith("\n1 warning.\n")
    code, out, _ = in_process(unused, "lint", "--format", "json")
    assert code == 0
    assert [(found["rule"], found["severity"]) for found in json.loads(out)] == [("unused-namespace", "warning")]
    code, out, _ = in_process(unused, "lint", "--format", "github")
    assert code == 0
    assert out.startswith("::warning file=spec/api.yaml,line=36,col=3,title=unused-namespace::")


def test_a_warning_does_not_keep_the_output_from_being_made(unused: Mini) -> None:
    for command in ("generate", "check", "coverage"):
        code, out, err = in_process(unused, command)
        assert (code, err) == (0, ""), command
        assert "warning" not in out


def test_warnings_wait_until_there_are_no_errors(unused: Mini) -> None:
    unused.patch(SEND, "window: 60", "window: 0")
    code, out, _ = in_process(unused, "lint")
    assert code == 1
    assert "warning" not in out
    assert out.endswith("\n1 error.\n")


@pytest.mark.parametrize("command", ["lint", "generate", "check"])
def test_findings_as_json_are_all_there_is_on_standard_output(bad: Mini, command: str) -> None:
    code, out, err = in_process(bad, command, "--format", "json")
    assert (code, err) == (1, "")
    found = json.loads(out)
    assert [(entry["file"], entry["rule"]) for entry in found] == [(PERSON, "unknown-key"), (SEND, "schema")]
    assert set(found[0]) == {"file", "line", "column", "rule", "message", "hint", "source", "severity"}


@pytest.mark.parametrize("command", ["lint", "generate", "check"])
def test_findings_as_annotations_are_all_there_is_on_standard_output(bad: Mini, command: str) -> None:
    code, out, err = in_process(bad, command, "--format", "github")
    assert (code, err) == (1, "")
    assert [line.split(",")[0] for line in out.splitlines()] == [f"::error file={PERSON}", f"::error file={SEND}"]


@pytest.mark.parametrize("command", ["lint", "generate", "check"])
@pytest.mark.parametrize(("form", "nothing"), [("json", "[]\n"), ("github", "")])
def test_nothing_to_report_is_an_empty_report(mini: Mini, command: str, form: str, nothing: str) -> None:
    code, out, err = in_process(mini, command, "--format", form)
    assert (code, out) == (0, nothing)
    assert len(err.splitlines()) == 1


def test_generate_as_json_keeps_its_progress_from_standard_output(mini: Mini) -> None:
    mini.patch(SEND, "summary: Send a note", "summary: Send notes")
    code, out, err = in_process(mini, "generate", "--format", "json")
    assert (code, out) == (0, "[]\n")
    assert "wrote   generated/docs/note_svc/send.md\n" in err


def test_generate_tells_what_it_wrote_and_removed(mini: Mini) -> None:
    mini.patch(SEND, "summary: Send a note", "summary: Send notes")
    mini.remove("templates/copied.txt")
    code, out, err = in_process(mini, "generate")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert "wrote   generated/docs/note_svc/send.md" in lines
    assert "removed generated/copied.txt" in lines
    assert lines[-1].endswith(" files written, 1 removed, 10 unchanged.")
    assert in_process(mini, "check")[0] == 0


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_generate_refuses_a_file_edited_by_hand(mini: Mini, form: str) -> None:
    mini.write("generated/copied.txt", "mine\n")
    mini.patch(SEND, "summary: Send a note", "summary: Send notes")
    before = mini.output()
    code, out, err = in_process(mini, "generate", "--format", form)
    assert code == 1
    assert "Nothing was written." in err
    if form == "text":
        assert out == "generated/copied.txt: edited by hand\n"
    elif form == "json":
        [finding] = json.loads(out)
        assert (finding["file"], finding["rule"]) == ("generated/copied.txt", "edited")
    else:
        assert out.startswith("::error file=generated/copied.txt,line=1,col=1,title=edited::edited by hand. ")
    assert mini.output() == before


@pytest.fixture
def drifted(mini: Mini) -> Mini:
    """Return a project with one file of each kind of drift."""
    mini.remove("generated/copied.txt")
    mini.patch(SEND, "summary: Send a note", "summary: Send notes")
    mini.write("generated/docs/index.md", "note_svc/send\nmine\n")
    mini.write("generated/docs/extra.md", "mine\n")
    return mini


def test_check_names_every_drift_and_shows_a_diff(drifted: Mini) -> None:
    before = drifted.output()
    code, out, err = in_process(drifted, "check")
    assert code == 1
    assert err == "Run `timgen generate`.\n"
    lines = out.splitlines()
    assert lines[0] == "generated/copied.txt: missing"
    assert "generated/docs/note_svc/send.md: not what the spec says" in lines
    assert "generated/docs/index.md: edited by hand" in lines
    assert "generated/docs/extra.md: not made by timgen; delete it or move it" in lines
    start = lines.index("--- generated/docs/note_svc/send.md")
    assert lines[start : start + 6] == [
        "--- generated/docs/note_svc/send.md",
        "+++ generated/docs/note_svc/send.md (spec)",
        "@@ -1,2 +1,2 @@",
        "-# Send a note",
        "+# Send notes",
        " ",
    ]
    assert "-mine" in lines
    assert "+Copied as it is: {{ api }}" in lines
    assert drifted.output() == before


def test_check_as_json_and_as_annotations(drifted: Mini) -> None:
    code, out, err = in_process(drifted, "check", "--format", "json")
    assert (code, err) == (1, "")
    found = json.loads(out)
    assert next(finding for finding in found if finding["rule"] == "missing") == {
        "file": "generated/copied.txt",
        "line": 1,
        "column": 1,
        "rule": "missing",
        "message": "missing",
        "hint": "run `timgen generate`",
        "source": "",
        "severity": "error",
    }
    places = {(finding["file"], finding["rule"]) for finding in found}
    assert {
        ("generated/docs/note_svc/send.md", "stale"),
        ("generated/docs/index.md", "edited"),
        ("generated/docs/extra.md", "extra"),
    } <= places
    assert len(places) == len(found)
    code, out, err = in_process(drifted, "check", "--format", "github")
    assert (code, err) == (1, "")
    assert "::error file=generated/copied.txt,line=1,col=1,title=missing::missing. run `timgen generate`\n" in out
    assert all(line.startswith("::error file=generated/") for line in out.splitlines())


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_a_foreign_file_is_named_and_left_alone(mini: Mini, form: str) -> None:
    mini.write("generated/docs/extra.md", "mine\n")
    warning = "generated/docs/extra.md: not made by timgen; delete it or move it\n"
    code, out, err = in_process(mini, "generate", "--format", form)
    assert code == 0
    assert warning in err
    assert "not made by timgen" not in out
    assert mini.read("generated/docs/extra.md") == "mine\n"
    code, out, err = in_process(mini, "check", "--format", form)
    assert (code, err) == (1, "")
    if form == "text":
        assert out == warning
    else:
        assert "delete it or move it" in out
    mini.remove("generated/docs/extra.md")
    assert in_process(mini, "check", "--format", form)[0] == 0


def test_check_shows_line_ends_that_were_edited(mini: Mini) -> None:
    mini.write("generated/copied.txt", mini.path("generated/copied.txt").read_bytes().replace(b"\n", b"\r\n"))
    code, out, _ = in_process(mini, "check")
    assert code == 1
    assert "generated/copied.txt: edited by hand" in out
    assert "+Copied as it is: {{ api }}" in out.splitlines()


def test_check_tells_when_only_the_manifest_is_out_of_date(mini: Mini) -> None:
    first, *lines, last = mini.read("generated/manifest.json").splitlines(keepends=True)
    mini.write("generated/manifest.json", "".join([first, *lines, lines[3], last]))
    code, out, _ = in_process(mini, "check", "--format", "json")
    assert code == 1
    assert [(f["file"], f["rule"]) for f in json.loads(out)] == [("generated/manifest.json", "stale")]
    code, out, _ = in_process(mini, "check")
    assert out.startswith("generated/manifest.json: not what the spec says\n")
    assert in_process(mini, "generate")[0] == 0
    assert in_process(mini, "check")[0] == 0


def test_what_makes_no_other_output_changes_nothing_that_is_committed(mini: Mini) -> None:
    before = mini.output()
    mini.write("templates/docs/index.md.j2", "{# new #}" + mini.read("templates/docs/index.md.j2"))
    assert in_process(mini, "check")[0] == 0
    assert in_process(mini, "generate")[0] == 0
    assert mini.output() == before


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_a_file_whose_source_is_gone_is_stale_and_removed(mini: Mini, form: str) -> None:
    mini.remove(SEND)
    mini.remove("spec/v4/note_svc/_service.yaml")
    mini.patch("spec/api.yaml", "  notes: {noun: Note, summary: Notes}\n", "")
    code, out, _ = in_process(mini, "check", "--format", form)
    assert code == 1
    assert "not made by timgen" not in out
    if form == "text":
        assert "generated/docs/note_svc/send.md: its source is gone; run `timgen generate`\n" in out
    elif form == "json":
        found = next(f for f in json.loads(out) if f["file"] == "generated/docs/note_svc/send.md")
        assert (found["rule"], found["message"]) == ("stale", "its source is gone")
        assert found["hint"] == "run `timgen generate`"
    else:
        place = "::error file=generated/docs/note_svc/send.md,line=1,col=1,title=stale"
        assert f"{place}::its source is gone. run `timgen generate`\n" in out
    code, out, err = in_process(mini, "generate")
    assert "removed generated/docs/note_svc/send.md" in out.splitlines()
    assert (code, err) == (0, "")
    assert in_process(mini, "check")[0] == 0


def test_only_a_run_that_remembers_nothing_makes_the_output_anew(mini: Mini) -> None:
    remembered = mini.path(".timgen")
    assert (remembered / ".gitignore").read_text().endswith("\n*\n")
    shutil.rmtree(remembered)
    before = mini.output()
    code, out, err = in_process(mini, "check")
    assert (code, out, err) == (0, "13 files are what the spec says.\n", "")
    assert mini.output() == before
    assert [path.name for path in mini.root.iterdir() if path.name.startswith(".")] == [".timgen"]


@pytest.mark.parametrize("place", ["generated/docs/pipe", "generated/copied.txt"])
def test_a_pipe_in_the_output_hangs_nothing(mini: Mini, place: str) -> None:
    mini.path(place).unlink(missing_ok=True)
    os.mkfifo(mini.path(place))
    result = mini.timgen("check")
    assert result.returncode == 1
    assert f"{place}: " in result.stdout
    result = mini.timgen("generate")
    assert result.returncode == (1 if place == "generated/copied.txt" else 0)
    assert f"{place}: " in result.stdout + result.stderr


@pytest.mark.parametrize("command", ["lint", "generate", "check"])
def test_a_pipe_and_a_link_to_a_folder_in_the_spec_are_findings(mini: Mini, command: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    mini.path("spec/meta").mkdir()
    mini.path("spec/v4/other").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    os.mkfifo(mini.path("spec/v4/note_svc/pipe.yaml"))
    result = mini.timgen(command)
    assert result.returncode == 1
    assert "spec/v4/note_svc/pipe.yaml:1:1: error[unreadable]: " in result.stdout + result.stderr
    assert "spec/v4/other:1:1: error[unreadable]: a link to a folder" in result.stdout + result.stderr
    mini.remove("spec/v4/note_svc/pipe.yaml")
    mini.remove("spec/v4/other")
    os.mkfifo(mini.path("spec/meta/command.schema.json"))
    result = mini.timgen(command)
    assert result.returncode == 1
    assert "spec/meta/command.schema.json:1:1: error[unreadable]: " in result.stdout + result.stderr


@pytest.mark.parametrize("command", ["generate", "check"])
def test_a_pipe_and_a_link_to_a_folder_among_the_templates_are_2(mini: Mini, command: str, tmp_path: Path) -> None:
    os.mkfifo(mini.path("templates/pipe"))
    result = mini.timgen(command)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.endswith("templates/pipe: neither a file nor a folder\n")
    mini.remove("templates/pipe")
    mini.path("templates/more").symlink_to(tmp_path, target_is_directory=True)
    result = mini.timgen(command)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.endswith("templates/more: a link to a folder, which is not followed\n")


def test_a_link_to_a_folder_in_the_output_leads_nowhere(mini: Mini, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    mini.path("generated/docs").rename(outside)
    mini.path("generated/docs").symlink_to(outside, target_is_directory=True)
    before = {path: path.read_bytes() for path in outside.rglob("*.md")}
    mini.patch(SEND, "summary: Send a note", "summary: Send notes")
    assert in_process(mini, "check")[0] == 1
    code, out, err = in_process(mini, "generate")
    assert (code, out) == (2, "")
    assert err.endswith("generated/docs: a link in the place of a folder; remove it\n")
    assert {path: path.read_bytes() for path in outside.rglob("*.md")} == before


def test_a_name_that_is_not_utf_8_in_the_output_is_named(mini: Mini) -> None:
    Path(os.fsdecode(os.fsencode(mini.path("generated")) + b"/docs/\xff.md")).write_text("mine\n")
    result = mini.timgen("check")
    assert result.returncode == 1
    assert result.stdout == "generated/docs/\\xff.md: not made by timgen; delete it or move it\n"
    assert result.stderr == ""


def test_what_a_killed_run_left_behind_is_cleaned_up(mini: Mini) -> None:
    mini.write("generated/.timgen-journal.json", "{}")
    mini.write("generated/.timgen-stage-abc/new/x.py", "x = 1\n")
    assert in_process(mini, "check")[0] == 0
    assert in_process(mini, "generate")[0] == 0
    assert not list(mini.path("generated").glob(".timgen-*"))


# Terminals and pipes.


@pytest.mark.parametrize("command", ["lint", "generate", "check"])
def test_no_colour_and_no_progress_without_a_terminal(bad: Mini, command: str) -> None:
    result = bad.timgen(command, env={"TERM": "xterm-256color"})
    assert "\x1b" not in result.stdout + result.stderr
    assert "\r" not in result.stdout + result.stderr


def test_colour_and_progress_on_a_terminal(bad: Mini) -> None:
    code, shown = on_terminal(bad, "lint")
    assert code == 1
    assert b"\x1b[31m\x1b[1merror[unknown-key]\x1b[0m" in shown
    assert b"Checking the spec" in shown
    assert b"2 errors." in shown


def test_a_pipe_that_closes_early_is_no_error(mini: Mini) -> None:
    # Some megabytes of diff, so that the reader is gone long before the end.
    mini.write("generated/copied.txt", "line\n" * 500_000)
    with subprocess.Popen(
        [sys.executable, "-m", "timgen", "check"], cwd=mini.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"generated/copied.txt: edited by hand\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) in (1, 2)


def test_a_full_device_is_2(bad: Mini) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "timgen", "lint", "--format", "json"],
            cwd=bad.root,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert result.returncode == 2
    assert "No space left on device" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_sound_spec_is_judged_without_the_slow_validator(mini: Mini) -> None:
    assert not imported(mini, "lint") & {"jsonschema", "referencing"}
    shutil.rmtree(mini.path("generated"))
    assert not imported(mini, "generate") & {"jsonschema", "referencing"}


HEAVY = {"jinja2", "yaml", "jsonschema_rs", "rich", "pydantic", "importlib.metadata", "email", "subprocess"}


def test_a_run_that_changes_nothing_imports_little(mini: Mini) -> None:
    names = imported(mini, "generate")
    assert not names & HEAVY
    assert len({name for name in names if name.startswith("timgen")}) <= 20


def test_a_run_that_finds_all_as_the_last_one_left_it_imports_hardly_more_than_click(mini: Mini) -> None:
    # What a run reads must have lain still for a while before it is sealed.
    time.sleep(3.1)
    assert mini.timgen("generate").returncode == 0
    assert mini.path(".timgen/seal").is_file()
    click = imported(mini, program=("-c", "import click, pathlib, runpy"))
    more = imported(mini, "generate") - click
    assert not more & {*HEAVY, "json", "tempfile", "shutil", "random", "sqlite3", "zlib"}
    own = {name.removeprefix("timgen.") for name in more if name.startswith("timgen")}
    assert own == {
        "timgen", "cli", "cli.main", "cli.shared", "cli.reporting",
        "publishing", "publishing.outputs", "publishing.standing",
        "reading", "reading.files", "reading.index", "reading.inputs", "reading.listing", "reading.project",
        "reading.seal",
    }  # fmt: skip
    assert len(more) - len(own) <= 15


@pytest.mark.parametrize("command", ["generate", "lint"])
def test_no_run_looks_for_garbage(mini: Mini, command: str) -> None:
    program = "import gc; from timgen.__main__ import run; gc.callbacks.append(lambda phase, _: print(phase)); run()"
    result = subprocess.run(
        [sys.executable, "-c", program, command], cwd=mini.root, capture_output=True, text=True, check=True
    )
    assert len(result.stdout.splitlines()) == 1, result.stdout


def test_what_is_known_already_is_told_without_reading_the_spec(mini: Mini) -> None:
    assert mini.timgen("lint").returncode == 0
    assert not imported(mini, "lint") & HEAVY
    assert not imported(mini, "--version") & HEAVY
