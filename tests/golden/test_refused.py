"""What cannot become a client: findings with a place, where output would not work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from golden.support import Case, make_project
from timgen.pipeline import load
from timgen.reading.diagnostics import errors

TEXT = "{type: string, description: A.}"
OBJECT = f"{{type: object, description: A., properties: {{X: {TEXT}}}}}"
FILL = "{type: integer, description: A., x-fill: random}"
FILLED = f"{{type: object, properties: {{X: {FILL}}}}}"
SHARED = "#/components/schemas/"


@dataclass(frozen=True)
class Given(Case):
    """A case whose fragment stands in the test."""

    text: str = ""

    @property
    def fragment(self) -> Mapping[str, Any]:
        return cast(Mapping[str, Any], yaml.safe_load(self.text))


def findings(folder: Path, text: str) -> list[tuple[str, str, str]]:
    """Return file, rule and message of what is found in a spec with the fragment `text`."""
    make_project(folder, [Given("things", text)])
    return [(finding.file, finding.rule, finding.message) for finding in errors(load(folder)[1])]


def command(request: str, name: str = "put") -> str:
    return f"""
commands:
  {name}:
    request: {{type: object, properties: {{{request}}}}}
    examples: [{{response: {{ErrorCode: 0}}}}]
"""


def schema(name: str) -> str:
    reference = f'A: {{$ref: "{SHARED}{name}"}}'
    return f"schemas: {{things_schemas: {{{name}: {OBJECT}}}}}{command(reference)}"


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("To_Account", "to_account", "to_account"),
        ("UserID", "UserId", "user_id"),
        ("a b", "a-b", "a_b"),
        ("class", "Class", "class_"),
        ("Größe", "größe", "größe"),
        ("e\u0301", "\u00e9", "\u00e9"),
    ],
)
def test_fields_that_become_one_name(tmp_path: Path, first: str, second: str, name: str) -> None:
    ((file, rule, message),) = findings(tmp_path, command(f"{first}: {TEXT}, {second}: {TEXT}"))
    assert (file, rule) == ("spec/v4/things/put.yaml", "name-collision")
    assert message == f"`{second}` and `{first}` both become {name} in Python"


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        (f"Member: {OBJECT}, MemberList: {{type: array, description: A., items: {OBJECT}}}", "PutThingsMember"),
        (f"Request: {OBJECT}", "PutThingsRequest"),
        (f"Response: {OBJECT}", "PutThingsResponse"),
        (f"A: {{description: A., anyOf: [{OBJECT}, {{type: string}}, {OBJECT}]}}, A_3: {OBJECT}", "PutThingsA3"),
    ],
)
def test_inline_objects_that_get_one_name(tmp_path: Path, request_: str, name: str) -> None:
    ((file, rule, message),) = findings(tmp_path, command(request_))
    assert (file, rule) == ("spec/v4/things/put.yaml", "class-collision")
    assert name in message


@pytest.mark.parametrize(
    "name",
    ["Any", "Annotated", "AsyncCaller", "AsyncPages", "BatchProgress", "BatchResult", "CallOptions", "Callable",
     "Caller", "Field", "Known", "Literal", "Mapping", "MaxBytes", "Model", "NoneOf", "Pages", "Response", "Retries",
     "Sequence", "Timeout", "TypeAliasType", "Union", "Utf8Max30"],
)  # fmt: skip
def test_schemas_named_like_what_the_code_imports(tmp_path: Path, name: str) -> None:
    ((file, rule, message),) = findings(tmp_path, schema(name))
    assert (file, rule) == ("spec/schemas/things_schemas.yaml", "reserved-name")
    assert name in message


@pytest.mark.parametrize("name", ["Fields", "Int", "Strings", "Client", "Base", "Utf8"])
def test_other_names_of_schemas_are_free(tmp_path: Path, name: str) -> None:
    assert findings(tmp_path, schema(name)) == []


@pytest.mark.parametrize("name", ["class", "import", "bool", "float", "int", "object", "str"])
def test_methods_that_python_or_annotations_need(tmp_path: Path, name: str) -> None:
    ((file, rule, message),) = findings(tmp_path, command(f"A: {TEXT}", name))
    assert (file, rule) == (f"spec/v4/things/{name}.yaml", "reserved-name")
    assert message.startswith(name)


def test_files_that_refer_to_each_other(tmp_path: Path) -> None:
    text = f"""
schemas:
  one: {{First: {{type: object, description: A., properties: {{A: {{$ref: "{SHARED}Second"}}}}}}}}
  two: {{Second: {{type: array, description: A., items: {{$ref: "{SHARED}Third"}}}}}}
  three:
    Third: {{type: object, description: A., properties: {{A: {{$ref: "{SHARED}Alone"}}, B: {{$ref: "{SHARED}First"}}}}}}
  four: {{Alone: {OBJECT}}}
""" + command(f"A: {TEXT}")
    # Files come in the order of their names.
    assert findings(tmp_path, text) == [
        ("spec/schemas/one.yaml", "file-cycle", "spec/schemas/two.yaml refers back to this file"),
        ("spec/schemas/three.yaml", "file-cycle", "spec/schemas/one.yaml refers back to this file"),
        ("spec/schemas/two.yaml", "file-cycle", "spec/schemas/three.yaml refers back to this file"),
    ]


@pytest.mark.parametrize(
    "request_",
    [
        f"A: {{type: array, description: A., items: {FILL}}}",
        f"A: {{type: array, description: A., items: {{type: array, items: {FILLED}}}}}",
        f"A: {{type: object, description: A., additionalProperties: {FILLED}}}",
        f"A: {{description: A., anyOf: [{FILLED}, {{type: string}}]}}",
    ],
)
def test_random_numbers_where_the_client_fills_in_none(tmp_path: Path, request_: str) -> None:
    ((_, rule, message),) = findings(tmp_path, command(request_))
    assert rule == "fill-type"
    assert message == "only fields of objects, and of objects in lists, are filled in"
