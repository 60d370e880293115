"""Docstrings of the models: whatever a description says becomes one, and nothing else changes."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from support import minispec
from support.minispec import Mini
from timgen.cli.main import main

ROLE = "The role. Values: `Owner` (made the room), `Guest` (was invited)."


def models(mini: Mini) -> tuple[dict[str, str], list[str]]:
    """Generate; return the code of each module of the models without its docstrings, and all of these."""
    with pytest.raises(SystemExit) as ended:
        main(["--root", str(mini.root), "generate"])
    assert not ended.value.code
    code: dict[str, str] = {}
    texts: list[str] = []
    for path in sorted(mini.root.glob("generated/client/*/models/**/*.py")):
        source = path.read_text(encoding="utf-8")
        assert source.replace("\n", " ").isprintable()
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                for part in list(node.body):
                    if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant):
                        texts.append(" ".join(str(part.value.value).split()))
                        node.body.remove(part)
        code[str(path)] = ast.dump(tree)
    return code, texts


@pytest.mark.parametrize(
    "text",
    [
        "Mapping of a datetime, or an Iterable timedelta.",
        'The "role".',
        'Three """ of them.',
        r"C:\new\table\x00, and a \ at its end\.",
        "if TYPE_CHECKING: pass; class Person: role = @person.Person:0@.",
        "Right to left \u202e and a bell \x07.",
        "A role that takes many words to describe, more than a line has room for, as those of roles with rights do.",
    ],
)
def test_any_description_is_a_docstring_and_changes_nothing_else(tmp_path: Path, text: str) -> None:
    mini = minispec.make(tmp_path)
    code, texts = models(mini)
    assert ROLE in texts
    mini.patch("spec/schemas/person.yaml", "description: The role.", f"description: {json.dumps(text)}")
    new_code, new_texts = models(mini)
    assert new_code == code
    assert [one.replace(text, "The role.", 1) for one in new_texts] == texts
