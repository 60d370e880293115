"""Pages and drafts as files: a page that cannot be read, a file that is there already."""

from __future__ import annotations

import pytest
import yaml

from support.minispec import Mini
from support.vendor import PAGES


def test_nothing_is_overwritten(mini: Mini) -> None:
    source = str(PAGES / "friend_add.md")
    first = mini.timgen("import", source)
    assert "spec/v4/sns/friend_add.yaml" in first.stdout
    assert "spec/v4/sns/_service.yaml" in first.stdout
    mini.write("spec/v4/sns/friend_add.yaml", "mine")
    again = mini.timgen("import", source, str(PAGES / "push_batch_zh.md"))
    assert again.returncode == 1
    assert "spec/v4/sns/friend_add.yaml exists and is not overwritten" in again.stderr
    assert mini.read("spec/v4/sns/friend_add.yaml") == "mine"
    assert "spec/v4/timpush/batch.yaml" in again.stdout


def test_output_goes_where_it_is_told(mini: Mini) -> None:
    source = str(PAGES / "friend_add.md")
    before = sorted(path for path in mini.root.rglob("*"))
    both = mini.timgen("import", "--output", "-", source, str(PAGES / "group_before_send.md"))
    assert both.returncode == 0
    assert len(list(yaml.safe_load_all(both.stdout))) == 2
    assert sorted(path for path in mini.root.rglob("*")) == before
    assert mini.timgen("import", "--output", "draft.yaml", source).returncode == 0
    assert mini.read("draft.yaml").startswith("# yaml-language-server: $schema=../../meta/command.schema.json\n")
    assert mini.timgen("import", "--output", "draft.yaml", source).returncode == 1
    assert mini.timgen("import", "--output", "draft.yaml", source, source).returncode == 2
    assert mini.timgen("import").returncode == 2


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "no command"),
        (b"# A page\n\nWords only.\n", "no command"),
        (b"---\nservice: s\ncommand: c\n---\n\nWords only.\n", "nothing to import"),
        (b"---\nservice: ../s\ncommand: c\n---\n", "`../s` is no part of a path"),
        (b"---\ncallback_command: Group/Bad\n---\n```\n{}\n```\n", "nothing to import"),
        (b"---\ncallback_command: ../Bad\n---\n# Request\n```\n{}\n```\n", "`../Bad` is no webhook's name"),
        (b"---\nservice: [\n---\n", "the front matter is not YAML"),
        (b"---\nwords\n---\n", "the front matter is no mapping"),
        (b"\xff\xfe", "byte 1 is not UTF-8"),
        (b"# A\0", "null character"),
    ],
)
def test_a_page_that_is_none(mini: Mini, source: bytes, message: str) -> None:
    mini.write("page.md", source)
    result = mini.timgen("import", "page.md")
    assert result.returncode == 1
    assert result.stderr.startswith("page.md: ")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_page_that_cannot_be_read(mini: Mini) -> None:
    result = mini.timgen("import", "missing.md", "spec")
    assert result.returncode == 1
    assert "missing.md: cannot be read: No such file or directory" in result.stderr
    assert "spec: cannot be read: Is a directory" in result.stderr
