"""Arguments: the fields of a body as keyword arguments of a method."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from timgen.language.literals import WIDTH, flat, literal
from timgen.language.naming import python_name
from timgen.language.schema import JsonValue, Schema, ref_name
from timgen.modelling.annotations import Annotations
from timgen.modelling.definitions import Definition, Definitions
from timgen.modelling.describe import describe
from timgen.modelling.fields import body_fields, by_class
from timgen.modelling.model import Argument, Body, Field, Import, Later, Record, merged


class Arguments:
    """Makes arguments of fields; their types name classes of `definitions`, which are made when the first is."""

    def __init__(self, definitions: Later[Definitions], shared: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self.shared = shared

    @property
    def definitions(self) -> Definitions:
        return self._definitions.value

    @property
    def annotations(self) -> Annotations:
        return Annotations(self.definitions)

    def of(self, schema: Schema, body: str) -> tuple[Argument, ...]:
        """Return an argument for each field of `schema`, which became the definition with the key `body`."""
        named = cast(Mapping[str, Schema], self.definitions.by_key[body].schema["properties"])
        required = set(cast(list[str], schema.get("required", ())))
        arguments = [
            Argument(
                name=python_name(wire_name),
                wire_name=wire_name,
                annotation=self.annotations.of(named[wire_name]),
                required=wire_name in required and "x-fill" not in field,
                description=self.describe(field),
                aliases=aliases(field),
            )
            for wire_name, field in cast(Mapping[str, Schema], schema.get("properties", {})).items()
        ]
        # Python wants arguments without a default first; the order among them stays the spec's.
        return tuple(sorted(arguments, key=lambda argument: not argument.required))

    def body(self, class_name: str, module: str, prefix: str, schema: Schema, *, closed: bool) -> Body:
        """Return the body that became the class `class_name`; `closed`: apps write it.

        The names of the classes of its inline objects begin with `prefix`.
        """
        table = Later(lambda: self.tables(schema, f"{module}.{class_name}", closed=closed))
        return Body(class_name, module, prefix, schema, table)

    def tables(self, schema: Schema, key: str, *, closed: bool) -> tuple[tuple[Field, ...], tuple[Record, ...]]:
        """Return the rows of `schema`, which became the definition `key`, and the objects inside."""
        return by_class(body_fields(schema, self.shared, closed=closed), self.definitions.inner_classes(key))

    def describe(self, schema: Schema) -> str:
        """Return what to say of a field, of a reference with what it leads to."""
        shared = ref_name(schema)
        if shared is None:
            return describe(schema)
        return describe({**self.shared[shared], **schema})


def aliases(field: Schema) -> Mapping[str, str]:
    """Return the names that a field had in Python before, each with the version in which it got the present one."""
    return dict(sorted(cast(Mapping[str, str], field.get("aliases", {})).items()))


def imports(named: Iterable[Definition]) -> tuple[Import, ...]:
    """Return what is named by module."""
    return merged(Import(definition.module, (definition.name,)) for definition in named)


def call_source(function: str, arguments: Iterable[Argument], body: Mapping[str, JsonValue]) -> str:
    """Return the call of a client method that sends `body`, as Python source.

    Fields that are no arguments go into `extra`.
    """
    names = {argument.wire_name: argument.name for argument in arguments}
    given = [(names[wire_name], value) for wire_name, value in body.items() if wire_name in names]
    extra = {wire_name: value for wire_name, value in body.items() if wire_name not in names}
    if extra:
        given.append(("extra", extra))
    line = f"{function}({', '.join(f'{name}={flat(value)}' for name, value in given)})"
    if len(line) <= WIDTH:
        return line
    lines = "".join(f"    {name}={literal(value, 4)},\n" for name, value in given)
    return f"{function}(\n{lines})"
