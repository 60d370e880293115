"""`timgen new`: what it writes lints but for its marks, and takes nothing away."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from support import minispec
from support.minispec import Mini
from support.paths import ROOT
from timgen.cli import main as cli
from timgen.pipeline import load

MODELINE = "# yaml-language-server: $schema="


@pytest.fixture
def mini(tmp_path: Path) -> Mini:
    mini = minispec.make(tmp_path)
    shutil.copytree(ROOT / "spec/meta", tmp_path / "spec/meta")
    return mini


def new(mini: Mini, *arguments: str) -> Result:
    result = CliRunner().invoke(cli.main, ["--root", str(mini.root), "new", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def files(mini: Mini) -> dict[str, bytes]:
    return {
        path.relative_to(mini.root).as_posix(): path.read_bytes() for path in mini.root.rglob("*") if path.is_file()
    }


def assert_only_marks(mini: Mini, count: int) -> None:
    """Say that lint finds the marks, each with the question that it asks, and nothing else."""
    found = load(mini.root)[1]
    assert {finding.rule for finding in found} == {"todo"}
    assert len(found) == count
    assert all(finding.hint and "TODO" not in finding.hint for finding in found)


@pytest.mark.parametrize(
    ("arguments", "written", "schema"),
    [
        (("service", "weather_svc"), "spec/v4/weather_svc/_service.yaml", "service"),
        (("command", "room_svc/close"), "spec/v4/room_svc/close.yaml", "command"),
        (("webhook", "Note.AfterSend"), "spec/webhooks/Note.AfterSend.yaml", "webhook"),
        (("schema", "RoomTheme"), "spec/schemas/room_theme.yaml", "schemas"),
    ],
)
def test_a_new_file_begins_with_its_schema_and_lints_but_for_its_marks(
    mini: Mini, arguments: tuple[str, ...], written: str, schema: str
) -> None:
    before = files(mini)
    result = mini.timgen("new", *arguments)
    assert (result.returncode, result.stderr) == (0, "")
    after = files(mini)
    assert after.keys() - before.keys() == {written}
    assert all(after[name] == content for name, content in before.items())
    first = mini.read(written).splitlines()[0]
    assert first.startswith(MODELINE)
    target = (mini.path(written).parent / first.removeprefix(MODELINE)).resolve()
    assert target == mini.path(f"spec/meta/{schema}.schema.json").resolve()
    lines = result.stdout.splitlines()
    assert lines[0] == f"wrote   {written}"
    marks = int(re.fullmatch(r"Next: fill in (\d+) places? marked TODO, which .*", lines[-1])[1])  # type: ignore[index]
    assert_only_marks(mini, marks)


def test_a_command_of_a_new_service_brings_the_services_file(mini: Mini) -> None:
    result = new(mini, "command", "weather_svc/get")
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if line.startswith("wrote")] == [
        "wrote   spec/v4/weather_svc/get.yaml",
        "wrote   spec/v4/weather_svc/_service.yaml",
    ]
    assert_only_marks(mini, 11)
    assert "new service" not in result.stdout
    assert "room_svd is a new service; did you mean room_svc?" in new(mini, "command", "room_svd/get").stdout


def test_what_is_new_can_stand_beside_what_is_new(mini: Mini) -> None:
    for arguments in (
        ("command", "room_svc/open"),
        ("command", "room_svc/close"),
        ("webhook", "Note.AfterSend"),
        ("webhook", "Note.AfterRead"),
        ("error", "5"),
        ("error", "6"),
        ("schema", "RoomTheme"),
    ):
        assert new(mini, *arguments).exit_code == 0
    assert_only_marks(mini, 10 + 10 + 7 + 7 + 5 + 5 + 2)


def test_a_command_that_is_filled_in_becomes_a_method(mini: Mini) -> None:
    assert new(mini, "command", "room_svc/close").exit_code == 0
    answers = {
        "summary": "Close a room",
        "method": "rooms.close",
        "docs": "https://example.com/close",
        "date": "2026-11-27",
        "reads": "false",
        "repeat": "safe",
        "repeat_evidence": "A closed room stays closed.",
        "description": "Its name.",
    }
    text = re.sub(
        r'^(.*?(\w+): )"TODO: [^"]*"',
        lambda match: match[1] + answers[match[2]],
        mini.read("spec/v4/room_svc/close.yaml"),
        flags=re.MULTILINE,
    )
    mini.write("spec/v4/room_svc/close.yaml", text)
    built, found = load(mini.root)
    assert found == []
    assert built is not None
    assert "rooms.close" in [command.method for command in built.api.commands]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("service", "note_svc"), "spec/v4/note_svc/_service.yaml already, which is not overwritten"),
        (("service", "note-svc"), "did you mean note_svc?"),
        (("service", "../x"), "is no name"),
        (("service", ""), "is no name"),
        (("command", "note_svc/send"), "spec/v4/note_svc/send.yaml already, which is not overwritten"),
        (("command", "note_sv"), "did you mean note_svc/...?"),
        (("command", "zzz"), "services: note_svc, room_svc"),
        (("command", "note_svc/send-all"), "did you mean note_svc/send_all?"),
        (("command", "note_svc/a/b"), "is no name"),
        (("command", "note_svc/../x"), "is no name"),
        (("command", "note_svc/_service"), "is no name"),
        (("webhook", "Note.BeforeSend"), "spec/webhooks/Note.BeforeSend.yaml already, which is not overwritten"),
        (("webhook", "NoteAfter"), "did you mean Note.After?"),
        (("webhook", "Note/After"), "did you mean Note.After?"),
        (("schema", "Person"), "spec/schemas/person.yaml already, which is not overwritten"),
        (("schema", "room_theme"), "did you mean RoomTheme?"),
        (("schema", "TODO"), "is no name"),
        (("error", "10002"), "spec/errors.yaml already, which is not overwritten"),
        (("error", "-7"), "spec/errors.yaml already, which is not overwritten"),
        (("error", "STORM"), "an error is named by its code"),
        (("error", "0"), "an error is named by its code"),
        (("error", "1" * 30), "an error is named by its code"),
        (("error",), "Missing argument 'CODE'"),
        (("weather", "x"), "No such command 'weather'"),
    ],
)
def test_what_cannot_be_written_is_2_and_says_why(mini: Mini, arguments: tuple[str, ...], message: str) -> None:
    before = files(mini)
    result = new(mini, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert files(mini) == before


def test_a_file_that_is_no_part_of_the_spec_yet_is_not_overwritten_either(mini: Mini) -> None:
    mini.write("spec/v4/weather_svc/_service.yaml/x", "a folder of that name")
    result = new(mini, "command", "weather_svc/get")
    assert result.exit_code == 2
    assert "spec/v4/weather_svc/_service.yaml exists and is not overwritten" in result.stderr
    assert not mini.path("spec/v4/weather_svc/get.yaml").exists()
    mini.write("spec/schemas/weather.yaml", "Rain: {type: string, description: Wet.}\n")
    result = new(mini, "schema", "Weather")
    assert result.exit_code == 2
    assert "spec/schemas/weather.yaml exists and is not overwritten; write Weather there" in result.stderr


@pytest.mark.parametrize("name", ["-20010", "-20009", "-10000", "10001", "10003", "79999", "999999999"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_code_gets_its_place_and_all_else_stays_byte_for_byte(mini: Mini, name: str, ends: str) -> None:
    codes = [-20009, -10112, 10002, 80001, 100000]
    text = f"{MODELINE}meta/errors.schema.json\n#\n# About all of them.\n\n# The first part.\n\n"
    text += "\n\n".join(
        f"# Before {code}.\n{code}:\n  name: N{index}\n  message: >-\n    It is\n\n    {code}.\n  fix: Do it.\n"
        f"  category: server\n  retry: never"
        for index, code in enumerate(codes)
    )
    text = f"{text}\n# Behind all.\n".replace("\n", ends)
    mini.write("spec/errors.yaml", text)
    result = new(mini, "error", name)
    if int(name) in codes:
        assert result.exit_code == 2
        return
    assert result.exit_code == 0
    assert "changed spec/errors.yaml" in result.stdout
    changed = mini.read("spec/errors.yaml")
    assert list(yaml.safe_load(changed)) == sorted([*codes, int(name)])
    start = changed.index(f"{name}:{ends}")
    stop = start + changed[start:].index('may the same call pass later?"') + len('may the same call pass later?"')
    around = changed[:start], changed[stop:]
    assert (around[0] + around[1].removeprefix(ends + ends) == text) or (
        around[0].removesuffix(ends) + around[1].removeprefix(ends) == text
    )
    assert "\n" not in changed.replace(ends, "")


def test_the_real_table_keeps_its_order_and_its_comments(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "spec", tmp_path / "spec")
    mini = Mini(tmp_path)
    before = mini.read("spec/errors.yaml").splitlines()
    known = list(yaml.safe_load(mini.read("spec/errors.yaml")))
    between = next(code for code in range(10030, 20000) if code not in known)
    for code in (-99999, 10009000, between):
        assert new(mini, "error", str(code)).exit_code == 0
    codes = list(yaml.safe_load(mini.read("spec/errors.yaml")))
    assert codes.index(between) == codes.index(max(code for code in known if code < between)) + 1
    assert (codes[0], codes[-1]) == (-99999, 10009000)
    kept = iter(mini.read("spec/errors.yaml").splitlines())
    assert all(line in kept for line in before)
    # Two of them belong to no range of codes that the pages know.
    assert {finding.rule for finding in load(tmp_path)[1]} == {"code-without-area", "todo"}


def test_a_table_that_is_missing_is_begun_and_a_broken_one_is_a_finding(mini: Mini) -> None:
    mini.write("spec/errors.yaml", "{10002: {name: A, message: B., fix: C., category: server, retry: never}}\n")
    result = new(mini, "error", "5")
    assert result.exit_code == 2
    assert "spec/errors.yaml is not written with one entry a block" in result.stderr
    mini.write("spec/errors.yaml", "10002: [\n")
    result = new(mini, "error", "5")
    assert (result.exit_code, result.stderr) == (1, "")
    assert "error[yaml-syntax]" in result.stdout
    mini.remove("spec/errors.yaml")
    assert new(mini, "error", "5").exit_code == 0
    assert mini.read("spec/errors.yaml").startswith(f"{MODELINE}meta/errors.schema.json\n\n5:\n")


def test_a_spec_that_does_not_say_what_is_needed(mini: Mini) -> None:
    mini.write("spec/api.yaml", "a: [")
    result = new(mini, "command", "room_svc/close")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("spec/api.yaml:1:5: error[yaml-syntax]")
    mini.write("spec/api.yaml", "title: X\n")
    result = new(mini, "command", "room_svc/close")
    assert result.exit_code == 2
    assert "protocol: {version: ...}" in result.stderr
    result = new(mini, "webhook", "Note.After")
    assert result.exit_code == 2
    assert "webhooks: {command: ..., reply: ...}" in result.stderr


def test_the_answer_of_the_example_is_a_success(mini: Mini) -> None:
    new(mini, "command", "room_svc/close")
    [example] = yaml.safe_load(mini.read("spec/v4/room_svc/close.yaml"))["examples"]
    assert json.loads(json.dumps(example["response"])) == {"ActionStatus": "OK", "ErrorCode": 0}
