"""datamodel-code-generator in processes of its own: each module once, in the order asked for, and no process left."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from timgen.rendering import codegen
from timgen.rendering.codegen import Codegen, CodegenError, Order

NAME = {"type": "object", "properties": {"Name": {"type": "string"}}}


def order(*modules: str, schema: object = NAME) -> Order:
    """Return an order of a class in each of the modules, which refers to one in a module that is not wanted."""
    own = {"allOf": [{"$ref": "#/components/schemas/shared.Base"}, schema]}
    schemas = {"shared.Base": NAME, **{f"{module}.Thing": own for module in modules}}
    texts = {key: json.dumps(schema) for key, schema in schemas.items()}
    return Order(modules, texts, {"Name": "name"}, "pydantic.BaseModel", ())


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started."""
    found: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen[bytes]

    def start(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
        found.append(popen(*arguments, **options))  # type: ignore[call-overload]
        return found[-1]

    monkeypatch.setattr(codegen.subprocess, "Popen", start)
    return found


@pytest.mark.parametrize(("cores", "processes"), [(None, 1), (1, 1), (2, 1), (3, 2), (8, 3)])
def test_orders_are_shared_by_processes_that_leave_a_core_to_others(
    cores: int | None,
    processes: int,
    tmp_path: Path,
    started: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    with Codegen() as making:
        making.start()
        for one in (order("a", "b.c"), order("d"), order("e", "f")):
            making.send(one, tmp_path)
        assert len(started) == processes
        found = list(making.receive())
    assert [list(sources) for sources in found] == [["a", "b.c"], ["d"], ["e", "f"]]
    texts = [source for sources in found for source in sources.values()]
    assert all("class Thing(" in source and "\nclass Base(" not in source for source in texts)
    assert all(process.poll() is not None for process in started)


def test_an_order_is_made_before_the_next_is_sent(tmp_path: Path) -> None:
    with Codegen() as making:
        received = making.receive()
        for module in ("a", "d"):
            making.send(order(module), tmp_path)
            assert list(next(received)) == [module]


def test_nothing_ordered_starts_nothing(started: list[subprocess.Popen[bytes]]) -> None:
    with Codegen() as making:
        assert list(making.receive()) == []
    assert not started


def test_what_it_refuses_is_told_in_its_own_words(tmp_path: Path) -> None:
    broken = order("b", schema={"type": "object", "properties": 5})
    with Codegen() as making:
        making.send(order("a"), tmp_path)
        making.send(broken, tmp_path)
        received = making.receive()
        assert list(next(received)) == ["a"]
        with pytest.raises(CodegenError, match="properties"):
            next(received)


def test_an_order_after_a_refused_one_is_refused_as_well(tmp_path: Path) -> None:
    with Codegen() as making:
        making.send(order("b", schema={"type": "object", "properties": 5}), tmp_path)
        for _ in range(2):
            with pytest.raises(CodegenError, match="properties"):
                next(making.receive())
            making.send(order("a"), tmp_path)


def test_orders_that_nobody_waits_for_are_ended(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    with Codegen() as making:
        for several in range(2):
            making.send(order(*(f"m{several}.m{number}" for number in range(300))), tmp_path)
    assert [process.returncode for process in started] != [0]
    assert not [file for file in tmp_path.rglob("*") if file.name.startswith("m")]
