"""The shelf: it gives back what was put there, or nothing."""

import multiprocessing
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from timgen.reading import shelf as module
from timgen.reading.shelf import Shelf

TEXTS = {f"key {number}": f'{{"é": {number}}}' for number in range(1200)}


def filled(folder: Path, tools: str = "a") -> Path:
    shelf = Shelf(folder, tools)
    shelf.put(TEXTS)
    shelf.save()
    return folder / f"{tools}.sqlite"


def test_what_was_put_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / ".timgen"
    filled(folder)
    assert Shelf(folder, "a").take([*TEXTS, "another"]) == TEXTS
    assert Shelf(folder, "a").take(["another"]) == {}
    assert (folder / ".gitignore").read_text().splitlines()[-1] == "*"


def test_nothing_is_kept_before_it_is_saved_and_what_is_put_again_replaces(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "a")
    shelf.put({"a": "one"})
    assert shelf.take("a") == {}
    shelf.save()
    shelf.put({"a": "two"})
    shelf.save()
    assert Shelf(tmp_path, "a").take("a") == {"a": "two"}


def test_other_tools_find_nothing_and_clear_away(tmp_path: Path) -> None:
    filled(tmp_path)
    assert Shelf(tmp_path, "b").take(TEXTS) == {}
    filled(tmp_path, "b")
    assert [path.name for path in tmp_path.glob("*.sqlite")] == ["b.sqlite"]


def test_without_a_folder_nothing_is_kept() -> None:
    shelf = Shelf()
    shelf.put(TEXTS)
    shelf.save()
    assert shelf.take(TEXTS) == {}


def another_table(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database, database:
        # Reading it would never end.
        database.execute(
            "CREATE VIEW shelf AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
            "SELECT 'key 1' AS key, x AS text, 0 AS sum FROM n WHERE x < 0"
        )


def another_text(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE shelf SET text = 'mine'")


def another_type(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE shelf SET text = x'ff', sum = 'x'")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: os.truncate(path, 9000),
    "no database": lambda path: path.write_bytes(b"hello" * 1000),
    "other bytes": lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 60_000),
    "another table": another_table,
    "another text": another_text,
    "another type": another_type,
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "a link": lambda path: (path.rename(path.with_name("elsewhere")), path.symlink_to(path.with_name("elsewhere"))),
    "too large": lambda path: os.truncate(path, 2**33),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_shelf_gives_nothing_wrong_and_is_replaced(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    path = filled(tmp_path)
    damage(path)
    found = Shelf(tmp_path, "a").take(TEXTS)
    assert found.items() <= TEXTS.items()
    filled(tmp_path)
    if path.is_dir():
        assert Shelf(tmp_path, "a").take(TEXTS) == {}
    else:
        assert Shelf(tmp_path, "a").take(TEXTS) == TEXTS


def test_a_folder_that_leads_elsewhere_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / ".timgen").symlink_to(tmp_path / "outside")
    filled(tmp_path / ".timgen")
    assert list((tmp_path / "outside").iterdir()) == []


def test_without_sqlite_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path)
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    assert Shelf(tmp_path, "a").take(TEXTS) == {}
    filled(tmp_path)


def test_a_journal_does_not_outlive_its_shelf(tmp_path: Path) -> None:
    filled(tmp_path).unlink()
    for name in ("a.sqlite-journal", "b.sqlite-journal"):
        (tmp_path / name).write_bytes(b"left by a killed run")
    filled(tmp_path)
    assert [path.name for path in tmp_path.glob("*.sqlite*")] == ["a.sqlite"]
    assert Shelf(tmp_path, "a").take(TEXTS) == TEXTS


def test_where_nothing_can_be_written_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    filled(tmp_path / "file" / ".timgen")
    with closing(sqlite3.connect(filled(tmp_path))) as other:
        other.execute("BEGIN EXCLUSIVE")
        monkeypatch.setattr(module, "_PATIENCE", 0.01)
        assert Shelf(tmp_path, "a").take(TEXTS) == {}
        filled(tmp_path)


def put_many(folder: Path, number: int) -> None:
    for round_ in range(20):
        shelf = Shelf(folder, "a")
        shelf.put({f"{number} {round_}": "x" * 10_000})
        shelf.save()


def test_two_runs_at_once_keep_whole_entries(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=put_many, args=(tmp_path, number)) for number in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    keys = [f"{number} {round_}" for number in range(2) for round_ in range(20)]
    found = Shelf(tmp_path, "a").take(keys)
    assert set(found.values()) == {"x" * 10_000}
    assert len(found) >= 20


def test_it_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST", 500_000)
    kept = 0
    for number in range(30):
        shelf = Shelf(tmp_path, "a")
        shelf.put({f"{number}": "x" * 50_000})
        shelf.save()
        assert (tmp_path / "a.sqlite").stat().st_size < 600_000
        kept += bool(Shelf(tmp_path, "a").take([f"{number}"]))
    assert kept > 20
