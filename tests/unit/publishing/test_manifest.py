"""The manifest: read back, merged, damaged, lost, and made by somebody who means harm."""

import json
import os
import time
import tracemalloc
from pathlib import Path

import pytest

from support.outputs import NEW, OLD, holding, manifest, put, tree
from timgen.publishing.manifest import Manifest, merged, parse, read_manifest
from timgen.publishing.outputs import ManifestError
from timgen.publishing.publish import RefusedError
from timgen.reading.inputs import sha256

A, B, C = (letter * 64 for letter in "abc")
HEAD = '{\n "comment": "c",\n "files": {\n'
TAIL = " }\n}\n"


def test_the_manifest_reads_back_what_was_written_and_is_one_line_a_file(tmp_path: Path) -> None:
    full = Manifest({'odd " name, é.md': A, "b": B, "back\\slash\n": C})
    (tmp_path / "manifest.json").write_text(full.to_json(), encoding="utf-8")
    assert read_manifest(tmp_path) == {path: {digest} for path, digest in full.files.items()}
    assert f'\n  "b": "{B}",\n' in full.to_json()
    assert list(json.loads(full.to_json())["files"]) == sorted(full.files)


def test_a_manifest_without_files_is_one(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(Manifest().to_json(), encoding="utf-8")
    assert read_manifest(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        # Conflicts: of two sides, with the base, at either end, and over the whole file.
        (f'{HEAD}<<<<<<< HEAD\n  "x": "{A}"\n=======\n  "x": "{B}"\n>>>>>>> one\n{TAIL}', {"x": {A, B}}),
        (
            f'{HEAD}<<<<<<< HEAD\n  "x": "{A}"\n||||||| 123\n  "x": "{C}"\n=======\n  "y": "{B}"\n>>>>>>> one\n{TAIL}',
            {"x": {A, C}, "y": {B}},
        ),
        (f'<<<<<<< a\n{HEAD}  "x": "{A}"\n{TAIL}=======\n{HEAD}{TAIL}>>>>>>> b\n', {"x": {A}}),
        # Both lines, without commas as the sides had none.
        (f'{HEAD}  "x": "{A}"\n  "x": "{B}"\n{TAIL}', {"x": {A, B}}),
        # Other line ends and other blanks.
        (f'{HEAD}  "x": "{A}"\n{TAIL}'.replace("\n", "\r\n"), {"x": {A}}),
        (f'{HEAD}      "x":"{A}" ,\n\n{TAIL}', {"x": {A}}),
        # As older releases wrote it.
        (f'{{\n "tools": {{\n  "ruff": "1"\n }},\n "files": {{\n  "x": ["{A}", "0123"]\n{TAIL}', {"x": {A}}),
    ],
)
def test_what_git_makes_of_manifests_is_read_too(text: str, listed: dict[str, set[str]]) -> None:
    assert parse(text.encode()) == listed


def test_manifests_together_list_what_each_of_them_does() -> None:
    several = [{"x": frozenset({A})}, {"x": frozenset({B}), "y": frozenset({C})}]
    assert merged(several) == {"x": {A, B}, "y": {C}}


DAMAGED = [
    "", "{", "[]", "5", "null", "{}", '"\udcff"', "\x00" * 100, "[" * 100_000, '{"a":' * 100_000,
    '{"comment": "", "files": []}',
    f'{HEAD}  "a": 5\n{TAIL}',
    f'{HEAD}  "a": ["x", "y", "z"]\n{TAIL}',
    f'{HEAD}  "a": {{"b": "{A}"}}\n{TAIL}',
    f'{HEAD}  "a": "{A[1:]}x"\n{TAIL}x',
    f'{HEAD}  "a": "{A}"\n',
    f'{HEAD}  "\\x": "{A}"\n{TAIL}',
    f'{HEAD}  "{"a" * 20_000}": "{A}"\n{TAIL}',
    f"{HEAD}{' ' * 100_000}x\n{TAIL}",
    "\n".join(["{", "}"]),
]  # fmt: skip


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_manifest_is_told_and_nothing_is_written(output: Path, text: str) -> None:
    (output / "manifest.json").write_bytes(text.encode(errors="surrogateescape"))
    before = tree(output)
    start = time.monotonic()
    with pytest.raises(ManifestError, match=r"manifest\.json is damaged; restore it"):
        put(output, NEW)
    assert time.monotonic() - start < 2
    assert tree(output) == before


def test_a_manifest_that_is_no_file_or_too_large_is_told(output: Path) -> None:
    place = output / "manifest.json"
    place.unlink()
    os.mkfifo(place)
    with pytest.raises(ManifestError, match="neither a file nor a folder"):
        put(output, NEW)
    place.unlink()
    place.mkdir()
    with pytest.raises(ManifestError, match="a folder, not a file"):
        put(output, NEW)
    place.rmdir()
    with place.open("wb") as file:
        file.truncate(2**33)
    with pytest.raises(ManifestError, match="larger than 32 MiB"):
        put(output, NEW)


def test_a_large_file_of_a_strangers_is_not_held_in_memory(output: Path) -> None:
    with (output / "core").open("wb") as file:
        file.truncate(2**28)
    tracemalloc.start()
    try:
        assert put(output, NEW).extra == ("core",)
        assert tracemalloc.get_traced_memory()[1] < 2**26
    finally:
        tracemalloc.stop()


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
    evil = Manifest({"../outside.txt": sha256(b"mine\n"), str(outside): sha256(b"mine\n"), **manifest(OLD).files})
    (output / "manifest.json").write_text(evil.to_json())
    put(output, NEW)
    assert outside.read_bytes() == b"mine\n"
