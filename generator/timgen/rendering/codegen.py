"""datamodel-code-generator in processes of its own.

Importing it takes longer than all else in a run that changes one file. So only a run that needs it starts it, and
one that is sure to, because it makes everything, does so first. Both cores are at work then: it imports while the
spec is checked, and generates while templates render. A large catalogue is several orders, which bounds the memory
that they take: the first is made while others are written, and what it brings is finished while they are made.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
    schemas: Mapping[str, str]
    """JSON Schemas, as JSON, by `<module>.<class>`."""
    names: Mapping[str, str]
    """Attribute names by wire name."""
    base_class: str
    field_keys: tuple[str, ...]
    """Keys of fields that are kept in the models."""


class CodegenError(Exception):
    """datamodel-code-generator failed; the text is its own."""


class Codegen:
    """The processes. They end with the block."""

    def __init__(self) -> None:
        self._running: list[_Process] = []
        self._taken: list[tuple[tuple[str, ...], Path, _Process]] = []

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

    def send(self, order: Order, folder: Path) -> None:
        """Have an order made below a folder, the same for all, without waiting for it."""
        # A core is left to who sends and receives.
        number = len(self._taken) % max(1, (os.cpu_count() or 1) - 1)
        if number == len(self._running):
            self.start()
        place = folder / str(len(self._taken))
        self._running[number].send(order, place)
        self._taken.append((order.modules, place, self._running[number]))

    def receive(self) -> Iterator[dict[str, str]]:
        """Yield the source of each module of an order by its name, order by order. Raises CodegenError."""
        for modules, place, process in self._taken:
            process.wait()
            yield {module: (place / module).read_bytes().decode() for module in modules}


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
            bufsize=0,
        )

    def send(self, order: Order, place: Path) -> None:
        """Have the modules of an order put into a folder, which is made."""
        place.mkdir()
        # Only its name goes through the pipe, which would not take it all while another is made.
        file = _file(place)
        file.write_text(json.dumps(vars(order)), encoding="utf-8")
        with contextlib.suppress(BrokenPipeError):
            cast(IO[bytes], self._process.stdin).write(json.dumps(str(place)).encode() + b"\n")

    def wait(self) -> None:
        """Wait until the modules of the next order are there. Raises CodegenError."""
        if not cast(IO[bytes], self._process.stdout).readline():
            self._process.wait()
            self._errors.seek(0)
            raise CodegenError(self._errors.read().decode(errors="replace").strip())

    def end(self) -> None:
        with self._errors, self._process:
            self._process.kill()


def _file(place: Path) -> Path:
    """Return where the order for a folder is: beside it."""
    return place.with_suffix(".json")


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
        "components": {"schemas": {key: json.loads(schema) for key, schema in order.schemas.items()}},
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
    """Read of folders from standard input, and put what is ordered into them; a line says that an order is done."""
    gc.disable()
    # The first order is slower than others, for what it imports.
    make(Order(("any",), {"any.Thing": '{"type": "object", "properties": {}}'}, {}, "pydantic.BaseModel", ()))
    gc.freeze()
    for line in sys.stdin.buffer:
        # What an order leaves behind is looked through once.
        gc.collect()
        _fill(Path(json.loads(line)))
        print(flush=True)


def _fill(place: Path) -> None:
    order = Order(**json.loads(_file(place).read_bytes()))
    sources = make(order)
    for module in order.modules:
        (place / module).write_bytes(sources[module].encode())


if __name__ == "__main__":
    main()
