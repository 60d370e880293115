"""Whatever a schema says means the same to JSON Schema, as the spec is checked with, and to the generated client."""

from __future__ import annotations

import json
import logging
import random
import shutil
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from jsonschema import Draft202012Validator

from support import minispec
from support.effort import cases
from timgen.language.validators import answer_validator, request_validator
from timgen.pipeline import load_api
from timgen.rendering import openapi

Schema = dict[str, Any]

ROOT = Path(__file__).parents[2]
COMMANDS, BODIES = 60, 60
NAMES = ["Alpha", "Beta", "Gamma_Account", "deltaId"]
KEYS = [*NAMES, "x-1", "x-2", "y-1", "", "other", "Größe"]
SHARED = ["Leaf", "Shape", "Level", "Sizes"]
PATTERNS = ["^x-[0-9]$", "^[xy]-", "1"]
TEXTS = ["", "a", "abc", "bb", "ab", "é", "日本", "Tag_Custom_a", "Tag_", "on", "off", "1", "0"]


class Draw:
    """Draws schemas and values for them, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.shared: dict[str, Schema] = {}
        self.shared["Leaf"] = {**self.record(1), "description": "A leaf."}
        self.shared["Level"] = {**self.scalar(), "description": "A level."}
        self.shared["Sizes"] = {"type": "array", "description": "Sizes.", "items": self.schema(1)}
        self.shared |= self.union()

    def one(self, options: Sequence[Any]) -> Any:
        return self.random.choice(options)

    def some(self, options: Sequence[Any], least: int = 0) -> list[Any]:
        return self.random.sample(options, self.random.randint(least, len(options)))

    def often(self, share: float = 0.5) -> bool:
        return self.random.random() < share

    def scalar(self) -> Schema:
        low = self.random.randint(0, 2)
        return self.one([
            {"type": "string", "minLength": low, "maxLength": low + self.random.randint(0, 3)},
            {"type": "string", "x-max-bytes": low + 1},
            {"type": "string", "pattern": self.one(["^[a-c]*$", "b", "^(?:on|off)$"])},
            {"type": "integer", "minimum": low - 2, "maximum": low + self.random.randint(0, 300)},
            {"type": "number", self.one(["exclusiveMinimum", "minimum", "maximum"]): 1},
            {"type": "string", "enum": self.some(TEXTS[1:4], 1)},
            {"type": "integer", "enum": self.some([0, 1, 2], 1)},
            {"enum": self.some(["on", 0, 7], 2)},
            {"type": ["string", "integer"], "enum": ["on", 1], "x-open": "Others are documented elsewhere."},
            {"type": self.one([["string", "integer"], ["boolean", "number"]])},
            {"type": [self.one(["string", "integer", "boolean"]), "null"]},
            {"const": self.one(["on", 5])},
            {"type": "integer", **self.one([{"x-time": "unix"}, {"x-unit": "seconds"}])},
            {"type": "boolean"},
        ])  # fmt: skip

    def schema(self, depth: int) -> Schema:
        kind = self.one(["scalar", "scalar", "array", "record", "map", "union", "shared"]) if depth else "scalar"
        match kind:
            case "array":
                low = self.random.randint(0, 1)
                array: Schema = {"type": "array", "items": self.schema(depth - 1), "minItems": low}
                if self.often():
                    array["maxItems"] = low + self.random.randint(0, 2)
                return array
            case "record":
                return self.record(depth - 1)
            case "map":
                return {"type": "object", **self.dynamic(depth - 1)}
            case "union":
                other = self.one([{"type": "string"}, {"type": "array", "items": {"type": "integer"}}])
                return {"anyOf": [self.record(depth - 1), other]}
            case "shared":
                return {"$ref": f"#/components/schemas/{self.one(SHARED)}"}
            case _:
                return self.scalar()

    def record(self, depth: int) -> Schema:
        names = self.some(NAMES, 1)
        properties = {name: {**self.schema(depth), "description": "A field."} for name in names}
        for name, part in list(properties.items()):
            # These are of fields only.
            if part.get("type") == "array" and self.often(0.3):
                part["x-max-bytes"] = self.random.randint(2, 12)
            if "additionalProperties" in part and "properties" not in part and self.often(0.3):
                part["x-max-bytes"] = self.random.randint(5, 30)
            if part.get("type") == "object" and "properties" not in part and self.often():
                part["patternProperties"] = self.patterns()
            if part.get("type") == "integer" and self.often(0.3):
                properties[name] = {"type": "integer", "x-flag": True, "description": "A flag."}
            if part.get("type") == "string" and "enum" in part and self.often():
                part["x-prefixes"] = ["Tag_Custom_", "of"]
        if self.often(0.1):
            properties["Shapes"] = {
                "type": "array",
                "description": "Shapes.",
                "items": {"$ref": "#/components/schemas/Shape"},
                "contains": {"properties": {"Kind": {"const": "circle"}}, "required": ["Kind"]},
                "minContains": 0,
                "maxContains": self.random.randint(1, 2),
            }
        return {
            "type": "object",
            "properties": properties,
            "required": self.some(names),
            **(self.dynamic(depth) if self.often(0.4) else {}),
            **({"patternProperties": self.patterns()} if self.often(0.2) else {}),
        }

    def dynamic(self, depth: int) -> Schema:
        """Return what is said of keys that are the app's own."""
        found: Schema = {}
        if self.often(0.7):
            found["additionalProperties"] = True if self.often(0.3) else self.schema(depth)
        return found

    def patterns(self) -> dict[str, Schema]:
        patterns = self.some(PATTERNS, 1)
        return {pattern: self.record(0) if self.often(0.3) else self.scalar() for pattern in patterns}

    def union(self) -> dict[str, Schema]:
        """Return a union that a field selects, open or closed in requests."""
        others: Schema = {"type": "string", "not": {"enum": ["circle", "square"]}, "description": "Kind."}
        if self.often():
            others["x-open"] = "There are others."
        known = {"circle": self.record(0), "square": self.record(0)}
        return {
            "Shape": {"description": "A shape.", "anyOf": [
                {"$ref": "#/components/schemas/KnownShape"}, {"$ref": "#/components/schemas/OtherShape"},
            ]},
            "KnownShape": {"description": "A known shape.", "oneOf": [
                {"$ref": "#/components/schemas/Circle"}, {"$ref": "#/components/schemas/Square"},
            ], "discriminator": {"propertyName": "Kind"}},
            "Circle": _shape({"const": "circle"}, known["circle"]),
            "Square": _shape({"const": "square"}, known["square"]),
            "OtherShape": _shape(others, {"properties": {}}),
        }  # fmt: skip

    def anything(self, depth: int = 2) -> object:
        match self.one(["null", "integer", "number", "text", "list", "object"][: 6 if depth else 4]):
            case "null":
                return None
            case "integer":
                return self.random.randint(-3, 9)
            case "number":
                return self.one([0.5, 1.5])
            case "list":
                return [self.anything(depth - 1) for _ in range(self.random.randint(0, 2))]
            case "object":
                return {key: self.anything(depth - 1) for key in self.some(KEYS[:2])}
            case _:
                return self.one(TEXTS)

    def value(self, schema: Schema, depth: int = 8) -> object:
        """Return a value that often fits."""
        if self.often(0.05) or depth == 0:
            return self.anything()
        if "$ref" in schema:
            return self.value(self.shared[schema["$ref"].rpartition("/")[2]], depth - 1)
        if options := schema.get("anyOf") or schema.get("oneOf"):
            return self.value(self.one(options), depth - 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.one(schema["enum"]) if self.often(0.8) else self.one(TEXTS[-6:])
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        match self.one(kinds):
            case "string":
                return self.one(TEXTS)
            case "integer":
                return self.random.randint(0, 2) if "x-flag" in schema else self.random.randint(-1, 9)
            case "number":
                return self.one([0, 1, 2, 0.5, 1.5])
            case "boolean":
                return self.often()
            case "array":
                return [self.value(schema["items"], depth - 1) for _ in range(self.random.randint(0, 3))]
            case "object":
                return self.object(schema, depth - 1)
            case _:
                return None

    def object(self, schema: Schema, depth: int = 8) -> dict[str, object]:
        required = schema.get("required", ())
        found = {
            name: self.value(part, depth)
            for name, part in schema.get("properties", {}).items()
            if self.often(0.95 if name in required else 0.5)
        }
        for key in self.some(KEYS)[:2] if self.often(0.4) else ():
            meant = list(schema.get("patternProperties", {}).values())
            if isinstance(schema.get("additionalProperties"), dict):
                meant.append(schema["additionalProperties"])
            found.setdefault(key, self.value(self.one(meant), depth) if meant else self.anything())
        return found


def _shape(selects: Schema, record: Schema) -> Schema:
    return {
        "type": "object",
        "description": "A shape.",
        "required": ["Kind", *record.get("required", ())],
        "properties": {"Kind": selects, **record["properties"]},
    }


class Recorder:
    """Takes every call."""

    def __init__(self, module: Any) -> None:
        self._received = module.Received(200, {}, b'{"ErrorCode": 0}')

    def send(self, _request: object) -> object:
        return self._received


def project(root: Path, shared: Mapping[str, Schema], bodies: list[Schema]) -> minispec.Mini:
    mini = minispec.Mini(root)
    api = cast(dict[str, Any], yaml.safe_load(minispec.API))
    api["namespaces"] = {"things": {"noun": "Thing", "summary": "Things"}}
    mini.write("spec/api.yaml", json.dumps(api))
    mini.write("spec/errors.yaml", minispec.ERRORS)
    mini.write("spec/schemas/drawn.yaml", json.dumps(shared))
    mini.write("spec/v4/thing_svc/_service.yaml", '{"summary": "Things"}')
    for number, schema in enumerate(bodies):
        command = {
            "summary": "Do it", "method": f"things.do_{number}", "docs": "https://example.com/page",
            "date": "2024-02-29", "repeat": "unsafe", "request": schema, "response": schema,
            "examples": [{"response": {"ErrorCode": 10002}}],
        }  # fmt: skip
        mini.write(f"spec/v4/thing_svc/do_{number}.yaml", json.dumps(command))
    shutil.copytree(ROOT / "templates/client", root / "templates/client")
    return mini


@pytest.mark.parametrize("seed", range(cases(2)))
def test_every_keyword_means_the_same_everywhere(tmp_path: Path, seed: int) -> None:
    draw = Draw(seed)
    # {} fits, as a command needs an example.
    bodies = [{**draw.record(2), "required": []} for _ in range(COMMANDS)]
    mini = project(tmp_path / "project", draw.shared, bodies)
    result = mini.timgen("generate")
    assert result.returncode == 0, result.stdout + result.stderr
    package = f"drawn_client_{seed}"
    shutil.copytree(mini.root / "generated/client/tencent_chat", tmp_path / package)
    sys.path.insert(0, str(tmp_path))
    try:
        compare(import_module(package), draw, bodies, json.loads(openapi.document(load_api(mini.root))))
    finally:
        sys.path.remove(str(tmp_path))
        for name in [name for name in sys.modules if name.split(".")[0] == package]:
            del sys.modules[name]


def without(schema: Any, *keywords: str) -> Any:
    """Return `schema` without some keywords, at any depth."""
    if isinstance(schema, list):
        return [without(part, *keywords) for part in cast(list[Any], schema)]
    if isinstance(schema, dict):
        parts = cast(dict[str, Any], schema).items()
        return {key: without(part, *keywords) for key, part in parts if key not in keywords}
    return schema


def compare(module: Any, draw: Draw, schemas: list[Schema], document: Mapping[str, Any]) -> None:
    client = module.ChatClient(1, "dummy", base_url="http://127.0.0.1:1", transport=Recorder(module))
    logged: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = logged.append
    logging.getLogger(module.__name__).addHandler(handler)
    fitting = 0
    for number, schema in enumerate(schemas):
        path = f"thing_svc/do_{number}"
        request, answer = request_validator(schema, draw.shared), answer_validator(schema, draw.shared)
        model = module.COMMANDS[path].response_model
        # OpenAPI has lengths in characters instead of bytes, which refuse less, and other numbers for flags: no tool
        # shall refuse an answer for them.
        published = [
            Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document["components"]})
            for name in (module.COMMANDS[path].request_model.__name__, model.__name__)
        ]
        strict, lenient = (
            [
                validator(without(schema, *left_out, *bytes_too), without(draw.shared, *left_out, *bytes_too))
                for validator, left_out in ((request_validator, ()), (answer_validator, ("x-flag",)))
            ]
            for bytes_too in ((), ("x-max-bytes",))
        )
        for body in (draw.object(schema) for _ in range(BODIES)):
            errors = [error.message for error in request.iter_errors(body)]
            if any(text.startswith(("True is", "False is")) for text in errors):
                # The client takes them for the flags that they may be meant for.
                continue
            fits = not errors
            fitting += fits
            said = ""
            try:
                client.call(path, body)
            except module.RequestError as error:
                said = str(error)
            assert (not said) is fits, (schema, body, said, errors)
            for least, theirs, most in zip(strict, published, lenient, strict=True):
                assert least.is_valid(body) <= theirs.is_valid(body) <= most.is_valid(body), (schema, body)
            logged.clear()
            received = model.model_validate(body)
            assert received.model_dump(mode="json", by_alias=True, exclude_unset=True) == body
            if answer.is_valid(body):
                assert not logged, (schema, body, [record.getMessage() for record in logged])
    assert COMMANDS * BODIES / 10 < fitting < COMMANDS * BODIES * 9 / 10
