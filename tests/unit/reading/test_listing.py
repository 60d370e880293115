"""What belongs to a spec, and what only lies in its folder."""

import json
import os
from pathlib import Path

import pytest

from support.minispec import Mini
from support.rules import findings
from timgen.reading.listing import spec_files, template_files


def test_hidden_files_and_backups_of_editors_are_no_part_of_the_spec(mini: Mini) -> None:
    for name in ("spec/.DS_Store", "spec/v4/note_svc/.send.yaml.swp", "spec/v4/note_svc/send.yaml~", "spec/.git/x"):
        mini.write(name, "a: [")
    mini.write("spec/v4/note_svc/#send.yaml#", "a: [")
    assert findings(mini) == []


def test_backups_of_editors_are_no_templates(mini: Mini) -> None:
    for name in ("index.md.j2~", "#index.md.j2#", ".index.md.j2.swp"):
        mini.write(f"templates/docs/{name}", "{{ broken")
    before = template_files(mini.path("templates"))
    assert "index.md.j2" in {path.name for path in before}
    assert not [path for path in before if path.name.startswith((".", "#")) or path.name.endswith("~")]


def test_a_link_to_a_folder_is_listed_and_not_followed(mini: Mini, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "send.yaml").write_text("a: 1\n")
    for folder in ("spec/v4", "templates"):
        mini.path(f"{folder}/link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert [path.name for path in spec_files(mini.path("spec")) if "link" in path.parts] == ["link"]
    assert [path.name for path in template_files(mini.path("templates")) if "link" in path.parts] == ["link"]


@pytest.mark.parametrize(
    ("where", "rule"),
    [
        ("spec/v4/note_svc/get.yaml", "unreadable"),
        ("spec/errors2.yaml", "file-name"),
        ("spec/meta/command.schema.json", "unreadable"),
    ],
)
@pytest.mark.parametrize("command", ["lint", "generate", "check"])
def test_a_pipe_in_the_spec_is_a_finding_and_waited_for_by_nobody(
    mini: Mini, where: str, rule: str, command: str
) -> None:
    mini.path(where).parent.mkdir(exist_ok=True)
    os.mkfifo(mini.path(where))
    result = mini.timgen(command)
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith(f"{where}:1:1: error[{rule}]: ")


def test_a_pipe_among_the_templates_is_2(mini: Mini) -> None:
    os.mkfifo(mini.path("templates/pipe.j2"))
    result = mini.timgen("generate")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"timgen: {mini.path('templates/pipe.j2')}: neither a file nor a folder\n"


@pytest.mark.parametrize("form", ["text", "json", "github"])
@pytest.mark.parametrize("command", ["lint", "generate", "check"])
def test_a_name_that_is_not_utf_8_is_a_finding(mini: Mini, command: str, form: str) -> None:
    Path(os.fsdecode(os.fsencode(mini.path("spec/v4/note_svc")) + b"/caf\xe9.yaml")).write_text("a: 1\n")
    result = mini.timgen(command, "--format", form, env={"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"})
    assert (result.returncode, result.stderr) == (1, "")
    assert "spec/v4/note_svc/caf\\udce9.yaml" in result.stdout
    if form == "json":
        assert [finding["rule"] for finding in json.loads(result.stdout)] == ["file-name"]


def test_a_template_whose_name_is_not_utf_8_is_a_finding(mini: Mini) -> None:
    Path(os.fsdecode(os.fsencode(mini.path("templates")) + b"/caf\xe9.txt")).write_text("a\n")
    result = mini.timgen("generate")
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith("templates/caf\\udce9.txt:1:1: error[template]: the name of the file is no text")
