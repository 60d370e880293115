"""What a copy knows of itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from timgen.tools.vendor.record import RECORD, Options, Record, RecordError, read_record

COPY = Record("chat", "1.2.0", "0.1.0", Options(("groups", "webhooks"), has_async=False), {"b.py": "2", "a.py": "1"})


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    for record in (COPY, Record("chat", "1.2.0", "0.1.0", Options(), {})):
        (tmp_path / RECORD).write_text(record.to_json(), encoding="utf-8")
        assert read_record(tmp_path) == record


def test_it_says_what_it_is(tmp_path: Path) -> None:
    document = json.loads(COPY.to_json())
    assert document.pop("comment").startswith("Written by `timgen vendor`")
    assert document == {
        "client": "chat",
        "version": "1.2.0",
        "timgen": "0.1.0",
        "options": {"only": ["groups", "webhooks"], "async": False, "cli": True},
        "files": {"a.py": "1", "b.py": "2"},
    }
    assert list(document["files"]) == ["a.py", "b.py"]
    assert read_record(tmp_path) is None
    assert read_record(tmp_path / "missing") is None


@pytest.mark.parametrize(
    "change",
    [
        {"options": None},
        {"options": {"only": "groups", "async": 1, "cli": True}},
        {"options": {"only": [1], "async": True, "cli": True}},
        {"version": 1},
        {"files": []},
        {"files": {"a.py": None}},
    ],
)
def test_a_damaged_one_is_an_error(tmp_path: Path, change: dict[str, Any]) -> None:
    (tmp_path / RECORD).write_text(json.dumps({**json.loads(COPY.to_json()), **change}), encoding="utf-8")
    with pytest.raises(RecordError, match=r"timgen\.json is damaged"):
        read_record(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "<<<<<<< ours\n{}\n=======\n", "\ufeff{", "[" * 100_000])
def test_one_that_is_no_record_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORD).write_text(text, encoding="utf-8")
    with pytest.raises(RecordError):
        read_record(tmp_path)
