"""datamodel-code-generator in a process of its own.

Importing it takes longer than all else in a run that changes one file. So only a run that needs it starts it, and
one that is sure to, because it makes everything, does so first. Both cores are at work then: it imports while the
spec is checked, and generates while templates render.
"""

from __future__ import annotations

import contextlib
import gc
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from types import TracebackType
from typing import IO, Self, cast

ROOT = "timgen_models_root"
"""Stands for the models package: datamodel-code-generator writes absolute imports."""


@dataclass(frozen=True)
class Order:
    """One document to make models of."""

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
    """The process. It takes one order at most, and ends with the block."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        """Start it, unless it runs already."""
        self._process = self._process or subprocess.Popen(
            [sys.executable, "-m", "timgen.rendering.codegen"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self._process

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()

    def send(self, order: Order) -> None:
        """Have `order` made, without waiting for it."""
        process = self.start()
        with contextlib.suppress(BrokenPipeError), cast(IO[str], process.stdin) as pipe:
            json.dump(asdict(order), pipe)
        process.stdin = None

    def receive(self) -> dict[str, str]:
        """Return the source of each module of the order. Raises CodegenError."""
        process = self.start()
        output, errors = process.communicate()
        if process.returncode:
            raise CodegenError(errors.strip())
        return cast(dict[str, str], json.loads(output))


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
            use_inline_field_description=True,
            use_field_description=True,
            use_object_type=True,
            use_schema_description=True,
            use_single_line_docstring=True,
            use_standard_collections=True,
            use_type_alias=True,
            use_union_operator=True,
        ),
    )
    texts = cast(Mapping[tuple[str, ...], object], result)
    return {".".join(path).removesuffix(".py"): str(getattr(text, "body", text)) for path, text in texts.items()}


def main() -> None:
    """Take an order from standard input and write what was made to standard output, both as JSON."""
    # It ends when it is done: what it makes is not worth looking through.
    gc.disable()
    import_module("datamodel_code_generator.parser.openapi")
    import_module("datamodel_code_generator.config")
    json.dump(make(Order(**json.load(sys.stdin))), sys.stdout)


if __name__ == "__main__":
    main()
