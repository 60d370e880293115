"""What is used nowhere is a warning, at its place; what is used is none."""

from pathlib import Path

import pytest

from support import minispec
from support.rules import ADD, API, LIST, NOTE, PERSON, ROOM_SERVICE, warnings
from timgen.checking.rules import RULES
from timgen.pipeline import load

CASES = [
    ("unused-namespace", API, "namespaces:\n", "namespaces:\n  idle: {noun: Idler, summary: None}\n", 35, 3),
    ("unused-category", API, "categories:\n", "categories:\n  x: {exception: XError, summary: None}\n", 38, 3),
    ("unused-product", API, "products: [chat, push]", "products: [chat, idle, push]", 5, 18),
    ("unused-schema", NOTE, "KnownNote:\n", "Alone: {type: string, description: A.}\nKnownNote:\n", 6, 1),
    # Whatever refers to it must itself be used.
    ("unused-schema", NOTE, "KnownNote:\n", """Chain:
  type: object
  description: A.
  properties: {Next: {$ref: "#/components/schemas/Chain"}}
KnownNote:
""", 6, 1),
]  # fmt: skip


def test_every_rule_that_warns_has_a_case() -> None:
    tried = {rule for rule, *_ in CASES} | {"empty-service", "deprecated-code"}
    assert tried == {rule.id for rule in RULES if rule.severity == "warning"}


@pytest.mark.parametrize(("rule", "file", "old", "new", "line", "column"), CASES)
def test_what_nothing_uses_is_a_warning(
    tmp_path: Path, rule: str, file: str, old: str, new: str, line: int, column: int
) -> None:
    mini = minispec.make(tmp_path)
    assert warnings(mini) == []
    mini.patch(file, old, new)
    assert warnings(mini) == [(rule, file, line, column)]


def test_a_service_without_commands_is_a_warning(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path)
    mini.write("spec/v4/idle_svc/_service.yaml", "summary: Nothing yet\n")
    assert warnings(mini) == [("empty-service", "spec/v4/idle_svc/_service.yaml", 1, 1)]


def test_what_a_command_alone_used_is_told_when_it_goes(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path)
    mini.remove(LIST)
    assert [rule for rule, *_ in warnings(mini)] == ["unused-schema"]
    mini.remove(ADD)
    assert {(rule, file) for rule, file, *_ in warnings(mini)} == {
        ("unused-namespace", API),
        ("unused-schema", PERSON),
        ("empty-service", ROOM_SERVICE),
    }


def test_nothing_is_said_unused_while_there_are_errors(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path)
    mini.patch(LIST, "method: rooms", "method: room")
    mini.patch(ADD, "method: rooms", "method: room")
    assert {finding.rule for finding in load(mini.root)[1]} == {"unknown-namespace"}


def test_the_project_itself_has_no_warnings() -> None:
    assert load(minispec.ROOT)[1] == []
