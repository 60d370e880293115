"""The manifest: read back, damaged, lost, and made by somebody who means harm."""

import json
from pathlib import Path

import pytest

from support.outputs import NEW, OLD, holding, manifest, put, tree
from timgen.publishing.manifest import Entry, Manifest, ManifestError, read_manifest
from timgen.publishing.publish import RefusedError
from timgen.reading.inputs import sha256


def test_the_manifest_reads_back_what_was_written_and_is_one_line_a_file(tmp_path: Path) -> None:
    full = Manifest(
        {"ruff": "1", "a": "2"},
        "s",
        "t",
        {"spec/é.yaml": "h"},
        {'odd " name, é.md': Entry("x", "y"), "b": Entry("1", "2")},
    )
    (tmp_path / "manifest.json").write_text(full.to_json(), encoding="utf-8")
    assert read_manifest(tmp_path) == full
    assert ' "b": ["1", "2"],\n' in full.to_json()
    assert list(json.loads(full.to_json())["files"]) == sorted(full.files)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "5",
        "null",
        "{}",
        '"\udcff"',
        '{"tools": {}, "spec": "", "templates": "", "inputs": {}, "files": []}',
        '{"tools": {}, "spec": "", "templates": "", "inputs": {}, "files": {"a": 5}}',
        '{"tools": {}, "spec": "", "templates": "", "inputs": {}, "files": {"a": ["x", "y", "z"]}}',
        '{"tools": {}, "spec": "", "templates": "", "inputs": null, "files": {}}',
        '{"tools": 5, "spec": "", "templates": "", "inputs": {}, "files": {}}',
    ],
)
def test_a_damaged_manifest_is_told_and_nothing_is_written(output: Path, text: str) -> None:
    (output / "manifest.json").write_bytes(text.encode(errors="surrogateescape"))
    before = tree(output)
    with pytest.raises(ManifestError, match=r"manifest\.json is damaged; restore it"):
        put(output, NEW)
    assert tree(output) == before


def test_a_lost_manifest_takes_nothing_away_from_strangers(output: Path) -> None:
    (output / "manifest.json").unlink()
    before = tree(output)
    with pytest.raises(RefusedError):
        put(output, NEW)
    assert tree(output) == before
    # What is already as it should be needs no manifest to be taken.
    put(output, OLD)
    assert tree(output) == holding(OLD)


def test_a_path_in_the_manifest_leads_nowhere_else(tmp_path: Path) -> None:
    output, outside = tmp_path / "generated", tmp_path / "outside.txt"
    outside.write_bytes(b"mine\n")
    put(output, OLD)
    evil = Manifest(files={"../outside.txt": Entry(sha256(b"mine\n"), ""), **manifest(OLD).files})
    (output / "manifest.json").write_text(evil.to_json())
    put(output, NEW)
    assert outside.read_bytes() == b"mine\n"
