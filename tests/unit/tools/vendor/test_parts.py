"""Which files belong to a part, as the templates say."""

import shutil

import pytest

from support.minispec import Mini
from support.paths import ROOT
from timgen.reading.project import Project, packaged
from timgen.tools.vendor.parts import FILE, read_parts

PACKAGE = ROOT / "generated" / "client" / "tencent_chat"


@pytest.mark.parametrize("part", ["async", "cli", "webhooks"])
def test_every_pattern_is_of_a_file(part: str) -> None:
    parts, findings = read_parts(packaged())
    assert (findings, set(parts.patterns)) == ([], {"async", "cli", "webhooks"})
    files = [path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")]
    for pattern in parts.patterns[part]:
        alone = type(parts)({part: (pattern,)})
        assert any(alone.unneeded(file, [part]) for file in files), pattern


def test_files_are_of_a_part_or_not() -> None:
    parts, _ = read_parts(packaged())
    assert parts.unneeded("async_namespaces/groups.py", ["cli", "async"])
    assert parts.unneeded("__main__.py", ["cli"])
    assert not parts.unneeded("async_client.py", ["cli"])
    assert not parts.unneeded("client.py", ["async", "cli", "webhooks", "another"])


def test_templates_of_ones_own_may_have_no_parts(mini: Mini) -> None:
    parts, findings = read_parts(Project(mini.root))
    assert (parts.patterns, findings) == ({}, [])


@pytest.mark.parametrize(
    ("text", "rule"), [("async: [", "yaml-syntax"), ("async: x\n", "parts"), ("cli:\n  - 1\n", "parts")]
)
def test_parts_that_are_said_wrongly_are_findings(mini: Mini, text: str, rule: str) -> None:
    shutil.rmtree(mini.path("templates"))
    mini.write(f"templates/{FILE}", text)
    _, findings = read_parts(Project(mini.root))
    assert [(finding.file, finding.rule) for finding in findings] == [(f"templates/{FILE}", rule)]
