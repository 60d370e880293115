"""datamodel-code-generator in processes of its own.

Importing it takes longer than all else in a run that changes one file. So only a run that needs it starts it, and
one that is sure to, because it makes everything, does so first. Both cores are at work then: it imports while the
spec is checked, and generates while templates render. A large catalogue is several orders, which bounds the memory
that they take, and lets what is made be finished while more is.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

ROOT = "timgen_models_root"
"""Stands for the models package: datamodel-code-generator writes absolute imports."""


@dataclass(frozen=True)
class Order:
    """One document to make models of."""

    modules: tuple[str, ...]
    """What is wanted of it; the others are only referred to."""
    schemas: Mapping[str, object]
    """JSON Schemas by `<module>.<class>`."""
    names: Mapping[str, str]
    """Attribute names by wire name."""
    base_class: str
    field_keys: tuple[str, ...]
    """Keys of fields that are kept in the models."""


class CodegenError(Exception):
    """datamodel-code-generator failed; the text is its own."""


class Codegen:
    """The processes. They take orders once at most, and end with the block."""

    def __init__(self) -> None:
        self._running: list[_Process] = []
        self._taken: list[tuple[Order, _Process]] = []

    def start(self) -> None:
        """Start one; the others are started when there are orders for them."""
        self._running.append(_Process())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._running:
            process.end()

    def send(self, orders: Sequence[Order], folder: Path) -> None:
        """Have orders made in an empty folder, on all cores, without waiting for it."""
        for _ in range(min(len(orders), os.cpu_count() or 1) - len(self._running)):
            self.start()
        several = len(self._running)
        self._taken = [(order, self._running[number % several]) for number, order in enumerate(orders)]
        for number, process in enumerate(self._running):
            process.send(folder, orders[number::several])

    def receive(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the source of each module of the orders as soon as it is made. Raises CodegenError."""
        for order, process in self._taken:
            folder = process.wait()
            for module in order.modules:
                yield module, (folder / module).read_bytes().decode()


class _Process:
    """One process."""

    def __init__(self) -> None:
        # A pipe that nobody reads meanwhile would stop it.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - `end` closes it
        self._process = subprocess.Popen(
            [sys.executable, "-m", "timgen.rendering.codegen"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._folder = Path()

    def send(self, folder: Path, orders: Sequence[Order]) -> None:
        self._folder = folder
        work = {"folder": str(folder), "orders": [asdict(order) for order in orders]}
        with contextlib.suppress(BrokenPipeError), cast(IO[bytes], self._process.stdin) as pipe:
            pipe.write(json.dumps(work).encode())

    def wait(self) -> Path:
        """Return the folder in which the modules of the next order are, when they are. Raises CodegenError."""
        if not cast(IO[bytes], self._process.stdout).readline():
            self._process.wait()
            self._errors.seek(0)
            raise CodegenError(self._errors.read().decode(errors="replace").strip())
        return self._folder

    def end(self) -> None:
        with self._errors, self._process:
            self._process.kill()


def make(order: Order) -> dict[str, str]:
    """Return the source of each module of the order."""
    from datamodel_code_generator import generate
    from datamodel_code_generator.config import GenerateConfig
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import PythonVersion
    from datamodel_code_generator.parser import LiteralType

    document = {
        "openapi": "3.1.0",
        "info": {"title": "models", "version": "0"},
        "paths": {},
        "components": {"schemas": order.schemas},
    }
    result = generate(
        document,
        config=GenerateConfig(
            input_file_type=InputFileType.OpenAPI,
            output_model_type=DataModelType.PydanticV2BaseModel,
            target_python_version=PythonVersion.PY_311,
            formatters=[],
            base_class=order.base_class,
            aliases=dict(order.names),
            enum_field_as_literal=LiteralType.All,
            disable_timestamp=True,
            field_constraints=True,
            field_extra_keys=set(order.field_keys),
            keep_model_order=True,
            treat_dot_as_module=True,
            use_annotated=True,
            use_exact_imports=True,
            use_object_type=True,
            use_standard_collections=True,
            use_type_alias=True,
            use_union_operator=True,
        ),
    )
    texts = cast(Mapping[tuple[str, ...], object], result)
    return {".".join(path).removesuffix(".py"): str(getattr(text, "body", text)) for path, text in texts.items()}


def main() -> None:
    """Take orders from standard input and write modules into their folder; a line says that an order is done."""
    # What an order leaves behind is looked through once, when it is done.
    gc.disable()
    import_module("datamodel_code_generator.parser.openapi")
    import_module("datamodel_code_generator.config")
    gc.freeze()
    work = json.load(sys.stdin.buffer)
    folder, orders = Path(work["folder"]), [Order(**order) for order in work["orders"]]
    for number, order in enumerate(orders, 1):
        sources = make(order)
        for module in order.modules:
            (folder / module).write_bytes(sources[module].encode())
        print(flush=True)
        if number < len(orders):
            gc.collect()


if __name__ == "__main__":
    main()
