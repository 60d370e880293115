"""Specs broken at random: whatever stands where, the checker tells it and never breaks itself."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import minispec
from support.effort import cases
from support.minispec import Mini
from timgen.cli import main as cli
from timgen.pipeline import load_api

SETTINGS = settings(
    max_examples=cases(80),
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

Steps = tuple[str | int, ...]


class Plain(yaml.SafeDumper):
    """Writes dates as they stand in a spec, and no aliases."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


Plain.add_representer(
    datetime.date, lambda dumper, date: dumper.represent_scalar("tag:yaml.org,2002:timestamp", date.isoformat())
)


def paths(value: object, path: Steps = ()) -> Iterator[Steps]:
    """Yield the path of every node inside `value`, its own first."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))


def at(value: Any, path: Steps) -> Any:
    for step in path:
        value = value[step]
    return value


DOCUMENTS = {file: yaml.safe_load(text) for file, text in minispec.SPEC.items()}
NODES = [(file, path) for file, document in DOCUMENTS.items() for path in paths(document)]
KEYS = sorted({str(path[-1]) for _, path in NODES if path})

words = st.sampled_from(
    [
        "",
        "None",
        "class",
        "a.b.c",
        "[a",
        "(",
        "TODO",
        "object",
        "array",
        "#/components/schemas/Note",
        "\u2028'\"\\",
        *KEYS,
    ]
) | st.text(max_size=8)
scalars = (
    words
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([10002.0, 2**70, 10**400, -7, 0, datetime.date(2024, 2, 29)])
)
values = st.recursive(
    scalars | st.sampled_from([at(DOCUMENTS[file], path) for file, path in NODES]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def broken_documents(draw: st.DrawFn) -> tuple[str, str]:
    """Return a file of the spec, and its text with one node replaced, removed, renamed or added."""
    file, path = draw(st.sampled_from(NODES))
    document = yaml.safe_load(minispec.SPEC[file])
    if not path:
        document = draw(values)
    else:
        parent, last = at(document, path[:-1]), path[-1]
        action = draw(st.sampled_from(["replace", "replace", "replace", "remove", "rename", "add"]))
        if action == "remove":
            del parent[last]
        elif action == "rename" and isinstance(parent, dict):
            parent[draw(words)] = parent.pop(last)
        elif action == "add" and isinstance(parent, dict):
            parent[draw(words)] = draw(values)
        else:
            parent[last] = draw(values)
    return file, yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True)


@st.composite
def broken_texts(draw: st.DrawFn) -> tuple[str, bytes]:
    """Return a file of the spec, and its bytes with a part cut out and other ones put in."""
    file = draw(st.sampled_from(sorted(minispec.SPEC)))
    data = minispec.SPEC[file].encode()
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 40)))
    pieces = [
        b"*",
        b"&a ",
        b"!!x ",
        b"\t",
        b"\r\n",
        b"---\n",
        b"{",
        b"]",
        b"- ",
        b"? ",
        b": ",
        b"'",
        b'"',
        b"|",
        b"#",
        b"%",
    ]
    inserted = draw(st.lists(st.sampled_from(pieces) | st.binary(max_size=4), max_size=4))
    return file, data[:start] + b"".join(inserted) + data[end:]


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    return minispec.make(tmp_path_factory.mktemp("mini"))


def examine(mini: Mini, file: str, content: str | bytes) -> None:
    """Lint the project with this content in that file, and say what every report must be like."""
    mini.write(file, content)
    try:
        result = CliRunner().invoke(cli.main, ["--root", str(mini.root), "lint", "--format", "json"])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        found = json.loads(result.stdout)
        errors = [finding for finding in found if finding["severity"] == "error"]
        assert result.exit_code == (1 if errors else 0)
        for finding in found:
            assert finding["message"]
            stands_in(mini.root, finding)
        if not errors:
            load_api(mini.root)
    finally:
        mini.write(file, minispec.SPEC[file])


def stands_in(root: Path, finding: dict[str, Any]) -> None:
    """Say that a finding is about a place that there is, or about a file that is missing."""
    path = root / finding["file"]
    if finding["rule"] == "missing-file":
        assert not path.exists()
        return
    lines = path.read_bytes().decode(errors="replace").splitlines() or [""]
    assert 1 <= finding["line"] <= len(lines), finding
    # Right behind the end is where something is missing.
    assert 1 <= finding["column"] <= len(lines[finding["line"] - 1]) + 1, finding


@SETTINGS
@given(broken_documents())
def test_any_value_at_any_place(mini: Mini, broken: tuple[str, str]) -> None:
    examine(mini, *broken)


@SETTINGS
@given(broken_texts())
def test_any_bytes_at_any_place(mini: Mini, broken: tuple[str, bytes]) -> None:
    examine(mini, *broken)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        # Each of these once broke the checker or what comes after it.
        ("spec/schemas/note.yaml", "Kind: {const: text}", "Kind: {const: [text]}"),
        ("spec/schemas/note.yaml", "enum: [text, link]", "enum: [[text], link]"),
        ("spec/schemas/person.yaml", "maxLength: 32", "pattern: '('"),
        ("spec/schemas/person.yaml", "enum: [Owner, Guest]", "type: nope"),
        ("spec/schemas/person.yaml", "enum: [Owner, Guest]", "anyOf: 5"),
        ("spec/schemas/person.yaml", "enum: [Owner, Guest]", "anyOf: [1, x]"),
        ("spec/schemas/person.yaml", "enum: [Owner, Guest]", "$ref: [1]"),
        ("spec/schemas/person.yaml", "enum: [Owner, Guest]", "properties: [1]"),
        ("spec/v4/note_svc/send.yaml", "    Random:", "    None: {type: string, description: x}\n    Random:"),
        ("spec/v4/room_svc/add_members.yaml", "errors: [10002, -7]", "errors: [10002.0, 99.0]"),
        ("spec/v4/room_svc/add_members.yaml", "max: 5}", f"max: {'1' * 5_000}}}"),
        ("spec/errors.yaml", minispec.ERRORS, "null\n"),
        ("spec/errors.yaml", minispec.ERRORS, "[" * 100_000),
    ],
)
def test_what_once_broke_it(mini: Mini, file: str, old: str, new: str) -> None:
    assert minispec.SPEC[file].count(old) == 1
    examine(mini, file, minispec.SPEC[file].replace(old, new))
