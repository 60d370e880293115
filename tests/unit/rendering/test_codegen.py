"""datamodel-code-generator in processes of its own: each module once, in the order asked for, and no process left."""

from __future__ import annotations

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
    return Order(modules, schemas, {"Name": "name"}, "pydantic.BaseModel", ())


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started."""
    found: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen[bytes]

    def start(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
        found.append(popen(*arguments, **options))  # type: ignore[call-overload]
        return found[-1]

    monkeypatch.setattr(codegen.subprocess, "Popen", start)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return found


def test_orders_are_shared_by_as_many_processes_as_there_are_cores(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    orders = [order("a", "b.c"), order("d"), order("e", "f")]
    with Codegen() as making:
        making.start()
        making.send(orders, tmp_path)
        assert len(started) == 2
        found = list(making.receive())
    assert [name for name, _ in found] == ["a", "b.c", "d", "e", "f"]
    assert all("class Thing(" in source and "\nclass Base(" not in source for _, source in found)
    assert [process.poll() is not None for process in started] == [True, True]


def test_a_single_order_takes_a_single_process(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    with Codegen() as making:
        making.send([order("a")], tmp_path)
        assert [name for name, _ in making.receive()] == ["a"]
    assert len(started) == 1


def test_what_it_refuses_is_told_in_its_own_words(tmp_path: Path) -> None:
    broken = order("b", schema={"type": "object", "properties": 5})
    with Codegen() as making:
        making.send([order("a"), broken], tmp_path)
        received = making.receive()
        assert next(received)[0] == "a"
        with pytest.raises(CodegenError, match="properties"):
            next(received)


def test_orders_that_nobody_waits_for_are_ended(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    with Codegen() as making:
        making.send([order(*(f"m{number}" for number in range(300)))], tmp_path)
    assert [process.returncode for process in started] != [0]
    assert not list(tmp_path.iterdir())
