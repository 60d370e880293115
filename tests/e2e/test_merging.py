"""Two maintainers at once: whatever git made of two branches, `timgen generate` writes the right tree."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support import minispec, repository
from support.minispec import Mini
from support.repository import Repository

SEND = "spec/v4/note_svc/send.yaml"
PERSON = "spec/schemas/person.yaml"
ADD = "spec/v4/room_svc/add_members.yaml"


TEMPLATES = {
    # What both branches change to the same, and stands alone.
    "templates/count.txt.j2": "{{ api.commands | length }} commands\n\n\n\nin {{ api.title }}\n",
    # What git merges without a conflict, and wrongly.
    "templates/table.txt.j2": (
        "{{ api.commands | length }}\n\n\n"
        "{% for command in api.commands %}\n{{ command.name }} of {{ api.commands | length }}\n\n\n\n{% endfor %}\n"
    ),
    "templates/summaries.md.j2": "{% for command in api.commands %}\n{{ command.summary | md }}\n{% endfor %}\n",
    "templates/still.md": "This never changes.\n",
}


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a project with templates that name every command in one file, generated and committed."""
    mini = minispec.make(tmp_path_factory.mktemp("start") / "project")
    for file, text in TEMPLATES.items():
        mini.write(file, text)
    result = mini.timgen("generate")
    assert result.returncode == 0, result.stdout + result.stderr
    return repository.make(mini.root.parent / "repository", mini)


@pytest.fixture
def repo(start: Repository, tmp_path: Path) -> Repository:
    return repository.make(tmp_path / "project", start)


@pytest.fixture(scope="module")
def parted(start: Repository, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a repository with two branches with a new command each, on the second; nobody changes it."""
    repo = repository.make(tmp_path_factory.mktemp("parted") / "project", start)
    with repo.branch("one"):
        add_note(repo, "pin")
    with repo.branch("two"):
        add_note(repo, "archive")
    return repo


@pytest.fixture
def two(parted: Repository, tmp_path: Path) -> Repository:
    """Return a copy of that repository."""
    return repository.make(tmp_path / "two", parted)


def add_note(repo: Repository, name: str) -> None:
    text = minispec.SEND.replace("notes.send", f"notes.{name}").replace("Send a note", f"{name.title()} a note")
    repo.write(f"spec/v4/note_svc/{name}.yaml", text)


def assert_right(repo: Repository) -> None:
    """Generate, and see that the tree is the one that the spec alone gives."""
    repo.generate()
    assert repo.output() == repo.anew()
    assert repo.timgen("check").returncode == 0


def test_two_new_commands(two: Repository) -> None:
    said = two.git("merge", "one", fails=True)
    assert "CONFLICT (content): Merge conflict in generated/manifest.json" in said
    assert two.git("diff", "--name-only", "--diff-filter=U", "--", "spec") == ""
    assert "<<<<<<< " in two.read("generated/manifest.json")
    assert two.timgen("check").returncode == 1
    assert_right(two)
    two.commit("merge")
    clone = Repository(two.root.parent / "clone")
    two.git("clone", "--quiet", ".", str(clone.root))
    before = clone.output()
    result = clone.timgen("check")
    assert (result.returncode, result.stderr) == (0, "")
    assert clone.output() == before
    assert clone.git("status", "--porcelain") == ""


@pytest.mark.parametrize("strategy", [("-X", "ours"), ("-X", "theirs"), ("-s", "ours")], ids=" ".join)
def test_a_merge_that_takes_a_side(two: Repository, strategy: tuple[str, str]) -> None:
    two.git("merge", "--quiet", *strategy, "one", "--message", "merge")
    if strategy[0] == "-s":
        two.git("checkout", "one", "--", "spec")
    assert_right(two)


@pytest.mark.parametrize("side", ["--ours", "--theirs"])
def test_a_manifest_resolved_to_a_side(two: Repository, side: str) -> None:
    two.git("merge", "one", fails=True)
    two.git("checkout", side, "generated/manifest.json")
    assert_right(two)


def test_a_manifest_merged_by_union(two: Repository) -> None:
    two.write(".git/info/attributes", "generated/** merge=union\n")
    two.git("merge", "--quiet", "one", "--message", "merge")
    assert_right(two)


def test_outputs_that_git_does_not_merge(two: Repository) -> None:
    two.write(".git/info/attributes", "generated/** -merge\n")
    two.git("merge", "one", fails=True)
    assert_right(two)


def test_a_merge_committed_with_its_conflicts(two: Repository) -> None:
    two.git("merge", "one", fails=True)
    two.commit("conflicts and all")
    assert_right(two)


def test_three_branches_in_a_row_without_generating_between(two: Repository) -> None:
    with two.branch("three"):
        add_note(two, "edit")
    two.git("merge", "one", fails=True)
    two.commit("conflicts and all")
    two.git("merge", "two", fails=True)
    assert_right(two)


def test_conflicts_that_show_their_base(two: Repository) -> None:
    two.git("config", "merge.conflictStyle", "diff3")
    two.git("merge", "one", fails=True)
    assert "|||||||" in two.read("generated/manifest.json")
    assert_right(two)


@pytest.mark.parametrize("command", [("cherry-pick", "one"), ("merge", "--squash", "one")], ids=lambda c: c[0])
def test_other_ways_to_take_a_commit(two: Repository, command: tuple[str, ...]) -> None:
    two.git(*command, fails=True)
    assert_right(two)


def test_a_stash_that_comes_back(repo: Repository) -> None:
    with repo.branch("one"):
        add_note(repo, "pin")
    repo.git("checkout", "--quiet", "main")
    add_note(repo, "archive")
    repo.generate()
    repo.git("stash", "--quiet", "--include-untracked")
    repo.git("checkout", "--quiet", "one")
    repo.git("stash", "pop", fails=True)
    assert_right(repo)


def test_a_rebase(two: Repository) -> None:
    add_note(two, "edit")
    two.generate()
    two.commit("another")
    two.git("rebase", "one", fails=True)
    assert_right(two)
    two.git("add", "--all")
    two.git("rebase", "--continue", fails=True)
    assert_right(two)
    two.git("add", "--all")
    two.git("rebase", "--continue")
    assert two.git("status", "--porcelain") == ""
    assert two.timgen("check").returncode == 0


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_rebase_that_takes_a_side(two: Repository, side: str) -> None:
    two.git("rebase", "--quiet", "-X", side, "one")
    assert_right(two)


@pytest.mark.parametrize("back", [False, True], ids=["deletion first", "change first"])
def test_deletion_against_change(repo: Repository, back: bool) -> None:
    with repo.branch("deletes"):
        repo.remove(ADD)
        add_note(repo, "pin")
    with repo.branch("changes"):
        # Shows on the page and in the model of the command that the other deletes.
        repo.patch(PERSON, "description: A member of a room.", "description: Somebody in a room.")
        repo.patch(ADD, "summary: Add members to a room", "summary: Add people to a room")
    here, there = ("deletes", "changes") if back else ("changes", "deletes")
    repo.git("checkout", "--quiet", here)
    repo.git("merge", there, fails=True)
    assert repo.path(ADD).is_file(), "git leaves the changed file"
    repo.remove(ADD)
    assert_right(repo)
    assert not repo.path("generated/docs/commands/room_svc/add_members.md").exists()


def test_a_shared_schema_that_both_change(repo: Repository) -> None:
    with repo.branch("one"):
        repo.patch(PERSON, "description: The name.", "description: The person's name.")
    with repo.branch("two"):
        repo.patch(PERSON, "description: The role.", "description: What they may do.")
        repo.patch(PERSON, "maxLength: 32", "maxLength: 64")
    repo.git("merge", "one", fails=True)
    if "<<<<<<< " in repo.read(PERSON):
        result = repo.timgen("generate")
        assert result.returncode == 1
        assert f"{PERSON}:6:1: error[merge-conflict]: a merge left a conflict here" in result.stdout + result.stderr
        text = minispec.PERSON.replace("The name.", "The person's name.").replace("The role.", "What they may do.")
        repo.write(PERSON, text.replace("32", "64"))
    assert_right(repo)


def test_a_folder_that_one_side_renames_while_the_other_adds_to_it(repo: Repository) -> None:
    with repo.branch("renames"):
        repo.patch("spec/api.yaml", "notes: {noun: Note", "memos: {noun: Memo")
        repo.patch(SEND, "method: notes.", "method: memos.")
    with repo.branch("adds"):
        add_note(repo, "pin")
    repo.git("merge", "renames", fails=True)
    repo.patch("spec/v4/note_svc/pin.yaml", "method: notes.", "method: memos.")
    assert_right(repo)


def lose(name: str) -> Callable[[Repository], None]:
    return lambda repo: repo.remove(f"generated/{name}")


DAMAGE: dict[str, Callable[[Repository], None]] = {
    "a file is lost": lose("docs/index.md"),
    "the manifest is lost": lose("manifest.json"),
    "all is lost": lambda repo: shutil.rmtree(repo.path("generated")),
    "an older file came back": lambda repo: repo.git("checkout", "main", "--", "generated/docs/index.md") and None,
    "an older tree came back": lambda repo: repo.git("checkout", "main", "--", "generated") and None,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("merging", [False, True], ids=["at rest", "merging"])
def test_what_is_lost_comes_back(two: Repository, damage: Callable[[Repository], None], merging: bool) -> None:
    if merging:
        two.git("merge", "one", fails=True)
    damage(two)
    assert_right(two)


def test_an_edit_is_still_refused_by_name(two: Repository) -> None:
    two.git("merge", "one", fails=True)
    contested, other = "generated/docs/index.md", "generated/still.md"
    for file in (contested, other):
        two.write(file, "mine\n")
    two.write("generated/docs/new.md", "mine too\n")
    before = two.output()
    result = two.timgen("generate")
    assert result.returncode == 1
    lines = (result.stdout + result.stderr).splitlines()
    assert f"{contested}: edited by hand" in lines
    assert f"{other}: edited by hand" in lines
    assert two.output() == before
    for file in (contested, other):
        two.remove(file)
    two.generate()
    assert two.read("generated/docs/new.md") == "mine too\n"


@pytest.mark.parametrize("staged", ["no", "staged", "committed"])
@pytest.mark.parametrize("merged", [False, True], ids=["one line", "after a merge"])
def test_an_edit_at_rest_is_refused_whatever_git_knows(two: Repository, staged: str, merged: bool) -> None:
    if merged:
        two.git("merge", "one", fails=True)
        two.generate()
        two.commit("merge")
    # Without its last line: every other stands in versions of old.
    file = "generated/docs/index.md"
    two.write(file, "".join(two.read(file).splitlines(keepends=True)[:-1]))
    if staged != "no":
        two.git("add", "--all")
    if staged == "committed":
        two.commit("mine")
    before = two.output()
    result = two.timgen("generate")
    assert result.returncode == 1
    assert f"{file}: edited by hand" in result.stdout + result.stderr
    assert two.output() == before


def test_a_file_with_markers_that_no_list_names_is_a_strangers(repo: Repository) -> None:
    text = "<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n"
    repo.write("generated/mine.txt", text)
    assert "generated/mine.txt: not made by timgen" in repo.timgen("check").stdout
    repo.generate()
    assert repo.read("generated/mine.txt") == text


def test_a_merge_without_git_at_hand(two: Repository, tmp_path: Path) -> None:
    two.git("merge", "one", fails=True)
    bare = Mini(tmp_path / "bare")
    shutil.copytree(two.root, bare.root, ignore=shutil.ignore_patterns(".git"))
    result = bare.timgen("generate")
    # What git merged without a conflict cannot be told from an edit, so its name is given.
    for line in result.stderr.splitlines():
        if line.endswith(": edited by hand"):
            bare.remove(line.removesuffix(": edited by hand"))
    assert bare.timgen("generate").returncode == 0
    assert bare.output() == two.anew()


def test_a_manifest_of_an_older_release(two: Repository) -> None:
    lines = [
        f'{line.rstrip(",")[:-66]}["{line.rstrip(",")[-65:-1]}", "0123456789abcdef"]{"," if line.endswith(",") else ""}'
        if line.startswith("  ")
        else line
        for line in two.read("generated/manifest.json").splitlines()
    ]
    old = [lines[0], ' "tools": {', '  "ruff": "0.1"', " },", f' "spec": "{"0" * 64}",', *lines[2:]]
    two.write("generated/manifest.json", "\n".join(old) + "\n")
    two.commit("old")
    assert_right(two)
    two.git("merge", "one", fails=True)
    assert_right(two)


def test_two_runs_at_once(repo: Repository) -> None:
    add_note(repo, "pin")
    command = [sys.executable, "-m", "timgen", "check"]
    runs = [subprocess.Popen(command, cwd=repo.root, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [run.wait(60) for run in runs] == [1, 1, 1]
    assert_right(repo)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_check_in_a_checkout_that_cannot_be_written(repo: Repository) -> None:
    os.chmod(repo.root, 0o555)
    try:
        assert repo.timgen("check").returncode == 0
    finally:
        os.chmod(repo.root, 0o755)
