"""`timgen diff` as it is used: the real command, over real git repositories and folders."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from support import minispec
from support.git import commit, git
from support.minispec import Mini
from support.rules import API, ERRORS, LIST, SEND

NEW_COMMAND = minispec.SEND.replace("notes.send", "notes.send_again")
AGAIN = "spec/v4/note_svc/send_again.yaml"


@pytest.fixture
def mini(tmp_path: Path) -> Mini:
    """A project in a repository, with one commit that has a tag."""
    project = minispec.make(tmp_path / "project")
    commit(project.root, tag="v0.1.0")
    return project


def add_a_command(mini: Mini) -> None:
    mini.write(AGAIN, NEW_COMMAND)


def remove_a_code(mini: Mini) -> None:
    mini.patch(ERRORS, "  name: TOO_LONG", "  name: TOO_LARGE")


def raise_version(mini: Mini, version: str) -> None:
    mini.patch(API, "version: 0.1.0\n", f"version: {version}\n")


def changes(result: subprocess.CompletedProcess[str]) -> list[str]:
    return [
        f"{change['level']} {change['kind']} {change['subject']}" for change in json.loads(result.stdout)["changes"]
    ]


def test_nothing_changed(mini: Mini) -> None:
    result = mini.timgen("diff", "v0.1.0")
    assert (result.returncode, result.stdout) == (0, "No changes since v0.1.0.\n")
    found = mini.timgen("diff", "v0.1.0", "HEAD", "--format", "json")
    assert json.loads(found.stdout) == {"level": "none", "step": "none", "changes": []}
    assert mini.timgen("diff", "HEAD", "--format", "github").stdout == ""


def test_a_change_is_shown_with_the_step_that_it_asks_for(mini: Mini) -> None:
    add_a_command(mini)
    remove_a_code(mini)
    mini.patch(LIST, "rate_limit: 100", "rate_limit: 90")
    result = mini.timgen("diff", "v0.1.0")
    assert result.returncode == 1
    assert result.stdout == (
        "Breaking:\n"
        "  -7: ErrorCode.TOO_LONG is called TOO_LARGE now [code-renamed]\n"
        "    spec/errors.yaml\n"
        "\n"
        "Additive:\n"
        "  note_svc/send_again: a new command: client.notes.send_again [command-added]\n"
        "    spec/v4/note_svc/send_again.yaml\n"
        "\n"
        "Documentation:\n"
        "  room_svc/list_members: rate limit: 100 calls per second -> 90 calls per second [rate-limit]\n"
        "    spec/v4/room_svc/list_members.yaml\n"
        "\n"
        "1 breaking change, 1 additive change, 1 documentation change since v0.1.0: `version` in spec/api.yaml must "
        "make a minor step, from 0.1.0 to 0.2.0 or later, but it is 0.1.0.\n"
    )
    raise_version(mini, "0.1.1")
    assert mini.timgen("diff", "v0.1.0").returncode == 1
    mini.patch(API, "version: 0.1.1", "version: 0.2.0")
    result = mini.timgen("diff", "v0.1.0")
    assert result.returncode == 0
    assert result.stdout.endswith("since v0.1.0: a minor step, from 0.1.0 to 0.2.0 or later; it is 0.2.0.\n")


def test_json_has_what_the_contract_says(mini: Mini) -> None:
    add_a_command(mini)
    result = mini.timgen("diff", "v0.1.0", "--format", "json")
    assert result.returncode == 1
    assert json.loads(result.stdout) == {
        "level": "additive",
        "step": "patch",
        "changes": [
            {
                "level": "additive",
                "kind": "command-added",
                "subject": "note_svc/send_again",
                "file": AGAIN,
                "message": "a new command: client.notes.send_again",
            }
        ],
    }


def test_github_gets_an_annotation_for_each_change(mini: Mini) -> None:
    remove_a_code(mini)
    result = mini.timgen("diff", "v0.1.0", "--format", "github")
    assert result.returncode == 1
    first, last = result.stdout.splitlines()
    assert first == (
        "::warning file=spec/errors.yaml,line=8,col=3,title=breaking%3A code-renamed::"
        "-7: ErrorCode.TOO_LONG is called TOO_LARGE now"
    )
    assert last.startswith("::error file=spec/api.yaml,line=2,col=10,title=version::1 breaking change since v0.1.0: ")


def test_markdown_is_the_paragraph_for_the_changelog(mini: Mini) -> None:
    add_a_command(mini)
    remove_a_code(mini)
    mini.patch(SEND, "summary: Text", "summary: A text")
    result = mini.timgen("diff", "v0.1.0", "--format", "markdown")
    assert result.stdout == (
        "## 0.2.0\n"
        "\n"
        "Breaking:\n"
        "\n"
        "- `-7`: ErrorCode.TOO_LONG is called TOO_LARGE now.\n"
        "\n"
        "New:\n"
        "\n"
        "- `note_svc/send_again`: a new command: client.notes.send_again.\n"
        "\n"
        "Documentation: 1 change.\n"
    )
    assert "must make a minor step" in result.stderr


@pytest.mark.parametrize(
    ("version", "breaking", "enough"),
    [("1.0.0", "1.0.1", False), ("1.0.0", "1.1.0", False), ("1.0.0", "2.0.0", True), ("0.9.0", "1.0.0", True)],
)
def test_from_the_first_release_on_what_breaks_is_a_major_step(
    mini: Mini, version: str, breaking: str, enough: bool
) -> None:
    raise_version(mini, version)
    commit(mini.root, tag=f"v{version}")
    mini.patch(API, f"version: {version}\n", f"version: {breaking}\n")
    remove_a_code(mini)
    assert mini.timgen("diff", f"v{version}").returncode == (0 if enough else 1)


def test_texts_comments_and_layout_ask_for_nothing(mini: Mini) -> None:
    mini.patch(SEND, "summary: Send a note\n", "# A comment.\n\nsummary:   Send a note\n")
    assert mini.timgen("diff", "v0.1.0").stdout == "No changes since v0.1.0.\n"
    mini.patch(SEND, "Send a note", "Send one")
    result = mini.timgen("diff", "v0.1.0")
    assert result.returncode == 0
    assert result.stdout.endswith("1 documentation change since v0.1.0: no step of the version is needed.\n")


# Where the specs are.


def test_two_revisions_leave_the_working_tree_alone(mini: Mini) -> None:
    add_a_command(mini)
    commit(mini.root)
    mini.write(SEND, "no: spec\n")
    before = git(mini.root, "status", "--porcelain").stdout
    result = mini.timgen("diff", "HEAD~1", "HEAD", "--format", "json")
    assert changes(result) == ["additive command-added note_svc/send_again"]
    assert changes(mini.timgen("diff", "HEAD", "HEAD~1", "--format", "json")) == [
        "breaking command-removed note_svc/send_again"
    ]
    assert git(mini.root, "status", "--porcelain").stdout == before


def test_folders_of_projects_and_of_specs(mini: Mini, tmp_path: Path) -> None:
    shutil.copytree(mini.root, tmp_path / "copy", ignore=shutil.ignore_patterns(".git"))
    copy = Mini(tmp_path / "copy")
    shutil.copytree(copy.path("spec"), tmp_path / "older")
    add_a_command(copy)
    for old, new in (
        ("project", "copy"), ("project/spec", "copy/spec"), ("older", "copy"), (str(tmp_path / "older"), "copy/"),
    ):  # fmt: skip
        result = mini.timgen("diff", old, new, "--format", "json", cwd=tmp_path)
        assert changes(result) == ["additive command-added note_svc/send_again"], result.stderr


def test_a_project_in_a_folder_of_its_repository(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path / "all" / "projects" / "chat")
    commit(tmp_path / "all")
    add_a_command(mini)
    assert changes(mini.timgen("diff", "HEAD", "--format", "json")) == ["additive command-added note_svc/send_again"]
    result = mini.timgen("--root", str(mini.root), "diff", "main", "--format", "json", cwd=tmp_path)
    assert changes(result) == ["additive command-added note_svc/send_again"]


def test_variables_of_a_hook_lead_to_no_other_repository(mini: Mini, tmp_path: Path) -> None:
    add_a_command(mini)
    env = {"GIT_DIR": str(tmp_path / "nowhere"), "GIT_INDEX_FILE": str(tmp_path / "index")}
    result = mini.timgen("diff", "v0.1.0", "--format", "json", env=env)
    assert changes(result) == ["additive command-added note_svc/send_again"]


def test_meta_schemas_that_the_older_spec_lacks_are_those_of_the_newer_one(mini: Mini) -> None:
    metas = Path(minispec.ROOT, "spec/meta")
    text = (metas / "command.schema.json").read_text(encoding="utf-8")
    mini.write("spec/meta/command.schema.json", text.replace('"summary", "method",', '"summary", "mood", "method",')
               .replace('"properties": {\n', '"properties": {\n    "mood": {"type": "string"},\n', 1))  # fmt: skip
    for file in (SEND, LIST, "spec/v4/room_svc/add_members.yaml"):
        mini.write(file, f"mood: good\n{mini.read(file)}")
    result = mini.timgen("diff", "v0.1.0")
    assert result.returncode == 1
    assert "OLD, v0.1.0, does not lint" in result.stderr
    # An older spec with meta-schemas of its own is read by these.
    shutil.copytree(metas, mini.path("older/meta"))
    for name in minispec.SPEC:
        mini.write(name.replace("spec/", "older/", 1), minispec.SPEC[name])
    result = mini.timgen("diff", "older", "--format", "json")
    assert [change for change in changes(result) if not change.startswith("docs")] == []
    assert not mini.path("older/spec").exists()


# What cannot be compared.


@pytest.mark.parametrize(
    "arguments", [("v9.9.9",), ("HEAD", "nope"), ("--", "-x"), ("HEAD~7",), ("templates",), (" ",)]
)
def test_what_is_neither_a_revision_nor_a_folder(mini: Mini, arguments: tuple[str, ...]) -> None:
    result = mini.timgen("diff", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("timgen: ")
    assert result.stderr.count("\n") == 1


def test_a_revision_without_a_spec(mini: Mini) -> None:
    git(mini.root, "rm", "-r", "--quiet", "--cached", "spec")
    git(mini.root, "-c", "user.name=a", "commit", "--quiet", "-m", "None")
    result = mini.timgen("diff", "HEAD")
    assert (result.returncode, result.stderr) == (2, "timgen: HEAD has no spec/api.yaml in the project's folder\n")


def test_without_a_repository_folders_can_still_be_compared(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path)
    result = mini.timgen("diff", "HEAD")
    assert result.returncode == 2
    assert result.stderr.startswith("timgen: HEAD is no folder, and no revision either: not a git repository")
    assert mini.timgen("diff", ".").stdout == "No changes since ..\n"
    result = mini.timgen("diff", "HEAD", env={"PATH": str(tmp_path)})
    assert (result.returncode, result.stderr) == (2, "timgen: git, which knows revisions, is not installed\n")


def test_a_spec_that_does_not_lint_is_reported_with_its_side(mini: Mini) -> None:
    mini.patch(SEND, "summary: Send a note", "sumary: Send a note")
    result = mini.timgen("diff", "v0.1.0")
    assert result.returncode == 1
    assert result.stderr == "NEW, the working tree, does not lint:\n"
    assert result.stdout.startswith("spec/v4/note_svc/send.yaml:")
    commit(mini.root)
    result = mini.timgen("diff", "HEAD", "v0.1.0", "--format", "json")
    assert result.returncode == 1
    assert {finding["file"] for finding in json.loads(result.stdout)} == {f"HEAD:{SEND}"}


# In `timgen check`.


@pytest.fixture
def made(mini: Mini) -> Mini:
    assert mini.timgen("generate").returncode == 0
    return mini


def test_check_says_nothing_of_a_version_that_moved_enough(made: Mini) -> None:
    assert made.timgen("check").returncode == 0
    made.patch(SEND, "summary: Send a note", "summary: Send one")
    made.timgen("generate")
    assert made.timgen("check").returncode == 0
    remove_a_code(made)
    raise_version(made, "0.2.0")
    made.timgen("generate")
    assert made.timgen("check").returncode == 0


def test_check_finds_a_version_that_moved_too_little(made: Mini) -> None:
    add_a_command(made)
    made.timgen("generate")
    result = made.timgen("check", "--format", "json")
    assert result.returncode == 1
    (finding,) = json.loads(result.stdout)
    assert (finding["file"], finding["line"], finding["rule"]) == (API, 2, "version")
    assert finding["message"].startswith("1 additive change since v0.1.0: `version` in spec/api.yaml must make a patch")
    assert finding["hint"] == "`timgen diff v0.1.0` lists them"
    assert "error[version]" in made.timgen("check").stdout


def test_check_takes_the_latest_tag_that_leads_here(made: Mini) -> None:
    raise_version(made, "0.10.0")
    remove_a_code(made)
    commit(made.root, tag="v0.10.0")
    git(made.root, "tag", "other-9.0.0")
    git(made.root, "tag", "v0.9.0", "HEAD~1")
    git(made.root, "checkout", "--quiet", "-b", "side", "v0.1.0")
    made.write("spec/errors.yaml", minispec.ERRORS.replace("TOO_LONG", "TOO_BIG"))
    commit(made.root, tag="v3.0.0")
    git(made.root, "checkout", "--quiet", "main")
    made.timgen("generate")
    assert made.timgen("check").returncode == 0
    add_a_command(made)
    made.timgen("generate")
    assert "since v0.10.0" in made.timgen("check").stdout


def test_check_without_tags_or_git_says_nothing(made: Mini, tmp_path: Path) -> None:
    git(made.root, "tag", "--delete", "v0.1.0")
    remove_a_code(made)
    made.timgen("generate")
    assert made.timgen("check").returncode == 0
    git(made.root, "tag", "v0.1.0", "HEAD")
    assert made.timgen("check").returncode == 1
    assert made.timgen("check", env={"PATH": str(tmp_path)}).returncode == 0
    shutil.rmtree(made.path(".git"))
    assert made.timgen("check").returncode == 0


def test_check_passes_over_a_tag_whose_spec_does_not_lint_today(made: Mini) -> None:
    made.patch(SEND, "summary: Send a note", "sumary: Send a note")
    commit(made.root, tag="v0.2.0")
    made.write(SEND, minispec.SEND)
    made.timgen("generate")
    assert made.timgen("check").returncode == 0
