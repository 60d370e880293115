import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from itertools import cycle
from typing import Any, TypeAlias

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from support.paths import ROOT
from timgen.language.schema import Schema
from timgen.language.validators import answer_validator, request_validator
from timgen.modelling.model import Alias, Api, Body, Command, Deprecated, Location, SharedSchema
from timgen.pipeline import load_api
from timgen.reading.inputs import Inputs
from timgen.reading.kept import COMMON, Kept
from timgen.reading.shelf import Shelf
from timgen.rendering import openapi as made
from timgen.rendering.markdown import escape

SHARED = "#/components/schemas/"


def document(api: Api) -> dict[str, Any]:
    return json.loads(made.document(api))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def api() -> Api:
    return load_api(ROOT)


@pytest.fixture(scope="module")
def openapi(api: Api) -> dict[str, Any]:
    return document(api)


class Everything(Kept):
    """Keeps parts in memory."""

    def __init__(self) -> None:
        super().__init__("openapi", Inputs({}, {}, ""), Shelf(), frozenset())
        self.texts: dict[str, str] = {}

    def take(self) -> dict[str, str]:
        return dict(self.texts)

    def put(self, texts: Mapping[str, str]) -> None:
        self.texts.update(texts)


@pytest.fixture
def operations_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the paths of the commands whose operations are made from now on."""
    found: list[str] = []
    make = made._command_operation  # pyright: ignore[reportPrivateUsage]

    def noted(command: Command, api: Api) -> dict[str, Any]:
        found.append(command.path)
        return make(command, api)

    monkeypatch.setattr(made, "_command_operation", noted)
    return found


def test_of_kept_parts_the_same_document_is_made(api: Api, operations_made: list[str]) -> None:
    kept, whole = Everything(), made.document(api)
    operations_made.clear()
    assert made.writer(kept)(api) == whole
    assert len(operations_made) == len(api.commands)
    operations_made.clear()
    assert made.writer(kept)(api) == whole
    assert operations_made == []
    lost = api.commands[7]
    del kept.texts[lost.location.file]
    assert made.writer(kept)(api) == whole
    assert operations_made == [lost.path]


@pytest.mark.parametrize("text", ["", "[]", "[1]\0{}", '[{}, {}, ["A"]]\0{}', '[{"A": 1}, {}, []]\0{}', "[" * 99999])
def test_parts_that_are_none_are_made_anew(api: Api, text: str) -> None:
    kept, whole = Everything(), made.document(api)
    made.writer(kept)(api)
    for number, file in enumerate(list(kept.texts)):
        if number % 3 == 0 or file == COMMON:
            kept.texts[file] = text
    assert made.writer(kept)(api) == whole
    assert text not in kept.texts.values()


def test_parts_whose_shared_schemas_have_other_names_are_made_anew(api: Api, operations_made: list[str]) -> None:
    """A schema that was only sent is written as well from now on, so that its form for answers has another name."""
    place = Location("spec/schemas/shared.yaml", 1)
    thing = {"type": "object", "required": ["A"], "properties": {"A": {"type": "string"}}}
    body = {"type": "object", "properties": {"Thing": {"$ref": f"{SHARED}Thing"}}}
    plain = {"type": "object", "properties": {}}

    def of(command: Command, request: Schema, response: Schema) -> Command:
        return replace(
            command,
            request=replace(command.request, schema=request),
            response=replace(command.response, schema=response),
        )

    one, other = api.commands[:2]
    small = replace(
        api,
        services=(replace(api.services[0], commands=(of(one, plain, body), of(other, plain, plain))),),
        webhooks=(),
        schemas=(SharedSchema("Thing", "shared", thing, "", (), (), None, (), (), "", place),),
    )
    kept = Everything()
    assert "ReceivedThing" not in made.writer(kept)(small)
    writes = replace(
        small, services=(replace(api.services[0], commands=(of(one, plain, body), of(other, body, plain))),)
    )
    del kept.texts[other.location.file]
    operations_made.clear()
    found = made.writer(kept)(writes)
    assert operations_made == [one.path, other.path]
    assert "ReceivedThing" in found
    assert found == made.document(writes)


def operations(openapi: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for section in ("paths", "webhooks"):
        for item in openapi[section].values():
            yield item["post"]


def bodies(operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield operation["requestBody"]["content"]["application/json"]
    yield operation["responses"]["200"]["content"]["application/json"]


def with_schemas(api: Api, **schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the document of an API of one command, which sends and gets a field of each of the shared `schemas`."""
    place = Location("spec/schemas/shared.yaml", 1)
    body = {"type": "object", "properties": {name: {"$ref": f"{SHARED}{name}"} for name in schemas}}
    command = replace(
        api.commands[0],
        request=replace(api.commands[0].request, class_name="OneRequest", schema=body),
        response=replace(api.commands[0].response, class_name="OneResponse", schema=body),
    )
    small = replace(
        api,
        services=(replace(api.services[0], commands=(command,)),),
        webhooks=(),
        schemas=tuple(
            SharedSchema(name, "shared", schema, "", (), (), None, (), (), "", place)
            for name, schema in schemas.items()
        ),
    )
    return document(small)


def forms_of(api: Api, schema: dict[str, Any], **others: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a schema as the document has it for requests, and for answers."""
    components = with_schemas(api, Thing=schema, **others)["components"]["schemas"]
    return components["Thing"], components.get("ReceivedThing", components["Thing"])


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():  # pyright: ignore[reportUnknownVariableType]
            if isinstance(value, str) and (key == "$ref" or value.startswith("#/")):
                yield value
            else:
                yield from references(value)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(part, list):
        for item in part:  # pyright: ignore[reportUnknownVariableType]
            yield from references(item)  # pyright: ignore[reportUnknownArgumentType]


def test_the_validator_accepts_it(openapi: dict[str, Any]) -> None:
    validate(openapi)


def test_every_command_is_an_operation(api: Api, openapi: dict[str, Any]) -> None:
    assert list(openapi["paths"]) == [f"/v4/{command.path}" for command in api.commands]
    assert list(openapi["webhooks"]) == [webhook.command for webhook in api.webhooks]
    ids = [operation["operationId"] for operation in operations(openapi)]
    assert len(set(ids)) == len(ids)


def test_every_operation_asks_for_what_no_tool_can_know(openapi: dict[str, Any]) -> None:
    references = [{"$ref": f"#/components/parameters/{name}"} for name in ("random", "contenttype")]
    assert all(item["post"]["parameters"] == references for item in openapi["paths"].values())
    random, constant = openapi["components"]["parameters"].values()
    assert random["schema"] == {"type": "integer", "minimum": 0, "maximum": 4294967295}
    assert random["example"] == 99999999
    assert constant["schema"] == {"type": "string", "const": "json", "default": "json"}


def test_credentials_are_asked_for_once(openapi: dict[str, Any]) -> None:
    schemes = openapi["components"]["securitySchemes"]
    assert list(schemes) == ["sdkappid", "identifier", "usersig"]
    assert all(
        (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "query", name) for name, scheme in schemes.items()
    )
    assert openapi["security"] == [{"sdkappid": [], "identifier": [], "usersig": []}]
    assert all("security" not in item["post"] for item in openapi["paths"].values())
    assert all(item["post"]["security"] == [] for item in openapi["webhooks"].values())


def test_it_says_whom_to_ask_and_what_is_allowed(api: Api, openapi: dict[str, Any]) -> None:
    assert openapi["info"]["contact"]["url"] == api.docs
    assert openapi["info"]["license"] == {"name": "MIT", "identifier": "MIT"}
    assert "license" not in document(replace(api, license=None))["info"]  # pyright: ignore


def test_descriptions_stand_on_their_own(api: Api, openapi: dict[str, Any]) -> None:
    """Many tools show a description and no summary."""
    for operation in operations(openapi):
        assert operation["description"].startswith(f"{escape(operation['summary'])}.")
    assert all(tag["description"] for tag in openapi["tags"])
    assert {tag["name"] for tag in openapi["tags"]} == {command.namespace for command in api.commands}


NO_SCHEMAS = ("examples", "example", "enum", "discriminator", "required", "if", "then")
"""What of a schema or around it holds none; `if` and `then` are about items that another one describes."""


def schemas_of(part: object, *, is_schema: bool) -> Iterator[dict[str, Any]]:
    """Yield every schema in a part of the document."""
    if isinstance(part, list):
        for item in part:  # pyright: ignore[reportUnknownVariableType]
            yield from schemas_of(item, is_schema=is_schema)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(part, dict):
        if is_schema:
            yield part  # pyright: ignore[reportUnknownVariableType]
        for key, value in part.items():  # pyright: ignore[reportUnknownVariableType]
            if is_schema and key in ("properties", "patternProperties"):
                for field in value.values():  # pyright: ignore
                    yield from schemas_of(field, is_schema=True)
            elif key not in NO_SCHEMAS and not key.startswith("x-"):
                within = is_schema or key == "schema"
                yield from schemas_of(value, is_schema=within)  # pyright: ignore[reportUnknownArgumentType]


@pytest.fixture(scope="module")
def schemas(openapi: dict[str, Any]) -> list[dict[str, Any]]:
    places = [openapi["paths"], openapi["webhooks"], openapi["components"]["parameters"]]
    components = openapi["components"]["schemas"].values()
    found = [schema for part in components for schema in schemas_of(part, is_schema=True)]
    found += [schema for part in places for schema in schemas_of(part, is_schema=False)]
    assert len(found) > 5000
    return found


def test_every_schema_has_one_type(schemas: list[dict[str, Any]]) -> None:
    """Generators make Python and TypeScript that is wrong of a list of types, and guess where values have none."""
    for schema in schemas:
        assert isinstance(schema.get("type", ""), str), schema
        assert "type" in schema or not schema.keys() & {"const", "enum", "properties", "items", "pattern"}, schema


def test_no_schema_has_a_default_that_makes_it_look_required(openapi: dict[str, Any]) -> None:
    components = openapi["components"]["schemas"].values()
    found = [schema for part in components for schema in schemas_of(part, is_schema=True)]
    assert [schema for schema in found if "default" in schema] == []
    assert len([schema for schema in found if "x-default" in schema]) > 20


def test_every_object_is_a_component_named_as_its_class(api: Api, openapi: dict[str, Any]) -> None:
    """So no two generated classes are called Item, and none is called List."""
    components = openapi["components"]["schemas"]
    envelope = {"$ref": SHARED + api.envelope.class_name}
    for name, component in components.items():
        known = name in api.classes or name.removeprefix("Received") in api.classes
        assert known, name
        own = {} if component == {"allOf": [envelope]} else component.get("allOf", [component])[-1]
        inner = [part for part in schemas_of(own, is_schema=True) if part is not own]
        assert [part for part in inner if "properties" in part] == [], name
        assert [part for part in [own, *inner] if "title" in part] == [], name
        assert "$ref" not in own, f"{name} is only another name"


def test_members_of_sets_differ_in_more_than_case(schemas: list[dict[str, Any]]) -> None:
    """Generators make names in capitals of them."""
    named = 0
    for schema in schemas:
        values = schema.get("enum", [])
        names = schema.get("x-enum-varnames", values)
        assert len(names) == len(values)
        assert len({str(name).upper() for name in names}) == len(values), schema
        named += "x-enum-varnames" in schema
    assert named > 0


def test_every_example_is_there(api: Api, openapi: dict[str, Any]) -> None:
    for command in api.commands:
        request, response = bodies(openapi["paths"][f"/v4/{command.path}"]["post"])
        assert [one["value"] for one in request["examples"].values()] == [one.request for one in command.examples]
        assert [one["value"] for one in response["examples"].values()] == [one.response for one in command.examples]
    for webhook in api.webhooks:
        request, response = bodies(openapi["webhooks"][webhook.command]["post"])
        assert [one["value"] for one in request["examples"].values()] == [one.request for one in webhook.examples]
        replies = [one.reply for one in webhook.examples if one.reply is not None]
        assert [one["value"] for one in response.get("examples", {}).values()] == replies


def test_every_example_fits_its_schema(openapi: dict[str, Any]) -> None:
    for operation in operations(openapi):
        for body in bodies(operation):
            validator = Draft202012Validator({**body["schema"], "components": openapi["components"]})
            for example in body.get("examples", {}).values():
                errors = [
                    f"{operation['operationId']}: {error.message}" for error in validator.iter_errors(example["value"])
                ]
                assert errors == []


def test_it_is_plain_json(openapi: dict[str, Any]) -> None:
    assert json.loads(json.dumps(openapi)) == openapi


def test_every_region_is_a_server(api: Api, openapi: dict[str, Any]) -> None:
    domains = [domain for region in api.regions for domain in (region.domain, region.backup) if domain]
    assert [server["url"] for server in openapi["servers"]] == [f"https://{domain}" for domain in domains]


def test_every_code_of_an_operation_is_in_the_table(api: Api, openapi: dict[str, Any]) -> None:
    assert list(openapi["x-error-codes"]) == [str(error.code) for error in api.errors]
    for item in openapi["paths"].values():
        assert {str(code) for code in item["post"].get("x-error-codes", [])} <= set(openapi["x-error-codes"])


def test_every_reference_leads_somewhere_and_every_component_is_used(openapi: dict[str, Any]) -> None:
    components = openapi["components"]
    known = {f"#/components/{kind}/{name}" for kind in ("parameters", "schemas") for name in components[kind]}
    assert set(references({key: part for key, part in openapi.items() if key != "x-error-codes"})) == known


def test_sets_are_closed_in_requests_and_open_in_answers(api: Api) -> None:
    written, sent = forms_of(api, {"type": "string", "enum": ["a"], "x-enum-descriptions": ["First"]})
    assert written == {"type": "string", "enum": ["a"], "x-enum-descriptions": ["First"]}
    assert sent == {
        "type": "string",
        "x-known-values": ["a"],
        "x-enum-descriptions": ["First"],
        "description": "Known values: a.",
    }


def test_members_that_differ_in_case_alone_get_names_of_their_own(api: Api) -> None:
    written, _ = forms_of(api, {"type": "string", "enum": ["iOS", "IOS", "a b", "ios"]})
    assert written["x-enum-varnames"] == ["IOS", "IOS_2", "A_B", "IOS_3"]


def test_several_types_are_a_union(api: Api) -> None:
    schema = {
        "type": ["integer", "string", "array"],
        "minimum": 1,
        "items": {"type": "string"},
        "x-max-bytes": 5,
        "description": "D.",
    }
    written, sent = forms_of(api, schema)
    assert written == sent
    assert written == {
        "anyOf": [
            {"type": "integer", "minimum": 1},
            {"type": "string", "maxLength": 5},
            {"type": "array", "items": {"type": "string"}},
        ],
        "x-max-bytes": 5,
        "description": "D. At most 5 bytes of UTF-8.",
    }


def test_values_of_several_types_are_a_union(api: Api) -> None:
    meanings = ["One", "Auto"]
    old = {"auto": {"use": "use 1"}}
    written, sent = forms_of(api, {"enum": [1, "auto"], "x-enum-descriptions": meanings, "x-enum-deprecated": old})
    assert written["anyOf"] == [
        {"type": "integer", "enum": [1], "x-enum-descriptions": ["One"]},
        {"type": "string", "enum": ["auto"], "x-enum-descriptions": ["Auto"], "x-enum-deprecated": old},
    ]
    assert sent["anyOf"] == [{"type": "integer"}, {"type": "string"}]
    numbers, _ = forms_of(api, {"type": "number", "enum": [1, 2]})
    assert numbers == {"type": "number", "enum": [1, 2]}


def test_a_union_in_a_union_is_one(api: Api) -> None:
    written, _ = forms_of(api, {"anyOf": [{"type": ["integer", "string"]}, {"type": "boolean"}]})
    assert written == {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "boolean"}]}


@pytest.mark.parametrize(("limits", "most"), [({}, 30), ({"maxLength": 9}, 9), ({"maxLength": 99}, 30)])
def test_a_limit_in_bytes_is_one_in_characters(api: Api, limits: dict[str, int], most: int) -> None:
    written, sent = forms_of(api, {"type": "string", "x-max-bytes": 30, **limits})
    assert written["maxLength"] == sent["maxLength"] == most
    assert written["x-max-bytes"] == 30
    # The bytes of a list are those of its JSON.
    assert "maxLength" not in forms_of(api, {"type": "array", "items": {"type": "string"}, "x-max-bytes": 30})[0]


def test_what_is_assumed_is_said_in_words(api: Api) -> None:
    fields = {"Level": {"type": "integer", "x-unit": "seconds", "default": 7, "description": "D."}}
    written, _ = forms_of(api, {"type": "object", "properties": fields})
    assert written["properties"]["Level"] == {
        "type": "integer", "x-unit": "seconds", "x-default": 7, "description": "D. In seconds. Default 7.",
    }  # fmt: skip


def test_open_sets_have_one_form(api: Api) -> None:
    components = with_schemas(api, Kind={"type": "string", "enum": ["a"], "x-open": "There are others"})["components"]
    assert components["schemas"]["Kind"] == {
        "type": "string",
        "x-open": "There are others",
        "x-known-values": ["a"],
        "description": "Known values: a.",
    }
    assert "ReceivedKind" not in components["schemas"]


def test_beginnings_belong_to_a_set(api: Api) -> None:
    written, sent = forms_of(api, {"type": "string", "enum": ["a"], "x-prefixes": ["Own_", "a.b"]})
    assert written["anyOf"] == [
        {"type": "string", "enum": ["a"]},
        {"type": "string", "pattern": "^Own_"},
        {"type": "string", "pattern": r"^a\.b"},
    ]
    assert (sent["type"], sent["x-known-values"]) == ("string", ["a"])


def test_a_flag_is_0_or_1(api: Api) -> None:
    written, sent = forms_of(api, {"type": "integer", "x-flag": True})
    meaning = "On the wire 1 for yes, 0 for no."
    assert written == {"type": "integer", "x-flag": True, "enum": [0, 1], "description": meaning}
    assert sent == {"type": "integer", "x-flag": True, "description": meaning}


def test_an_object_of_unknown_fields_is_not_taken_for_an_empty_one(api: Api, openapi: dict[str, Any]) -> None:
    assert forms_of(api, {"type": "object"})[0] == {"type": "object", "additionalProperties": True}
    of_numbers = {"type": "object", "additionalProperties": {"type": "integer"}}
    assert forms_of(api, of_numbers)[0] == of_numbers
    empty = next(command for command in api.commands if not command.response.fields)
    component = openapi["components"]["schemas"][empty.response.class_name]
    assert component == {"allOf": [{"$ref": f"{SHARED}{api.envelope.class_name}"}]}


def test_how_many_items_of_a_kind_there_may_be_is_said_without_asking_for_one(api: Api) -> None:
    """Prism takes `contains` for at least one, whatever `minContains` says."""
    kind = {"properties": {"Kind": {"const": "a"}}, "required": ["Kind"]}
    schema = {"type": "array", "items": {}, "contains": kind, "minContains": 0, "maxContains": 2}
    written, sent = forms_of(api, schema)
    assert written == sent
    assert not written.keys() & {"contains", "minContains", "maxContains"}
    validator = Draft202012Validator(written)
    verdicts = [validator.is_valid([{"Kind": "b"}, *[{"Kind": "a"}] * count]) for count in range(4)]
    assert verdicts == [True, True, True, False]


def test_what_is_none_says_nothing(api: Api) -> None:
    assert forms_of(api, {"type": "integer", "x-flag": False, "x-time": False})[0] == {"type": "integer"}


def test_nothing_is_required_of_the_service_but_what_selects_a_member(api: Api) -> None:
    fields = {
        "Kind": {"const": "a"},
        "Other": {"type": "string", "not": {"enum": ["a"]}, "x-open": "New ones"},
        "N": {},
    }
    written, sent = forms_of(api, {"type": "object", "required": ["Kind", "Other", "N"], "properties": fields})
    assert written["required"] == ["Kind", "Other", "N"]
    assert sent["required"] == ["Kind", "Other"]
    written, sent = forms_of(api, {"type": "object", "required": ["N"], "properties": {"N": {"type": "string"}}})
    assert written["required"] == ["N"]
    assert "required" not in sent


TEXT = {"type": "object", "required": ["Kind"], "properties": {"Kind": {"const": "text"}, "Body": {"type": "string"}}}
REST: dict[str, Any] = {
    "type": "object",
    "required": ["Kind"],
    "properties": {"Kind": {"type": "string", "not": {"enum": ["text"]}}},
}


def test_what_differs_inside_differs_outside(api: Api) -> None:
    leaf = {"type": "string", "enum": ["a"]}
    branch = {"type": "array", "items": {"$ref": f"{SHARED}Leaf"}}
    other = {"type": "array", "items": {"$ref": f"{SHARED}Plain"}}
    components = with_schemas(api, Leaf=leaf, Branch=branch, Other=other, Plain={"type": "string"})["components"]
    schemas = components["schemas"]
    assert {name for name in schemas if name.startswith("Received")} == {"ReceivedLeaf", "ReceivedBranch"}
    assert schemas["Branch"]["items"] == {"$ref": f"{SHARED}Leaf"}
    assert schemas["ReceivedBranch"]["items"] == {"$ref": f"{SHARED}ReceivedLeaf"}


def test_a_name_that_is_taken_is_not_taken_again(api: Api) -> None:
    leaf = {"type": "string", "enum": ["a"]}
    schemas = with_schemas(api, Leaf=leaf, ReceivedLeaf={"type": "integer"})["components"]["schemas"]
    assert schemas["ReceivedLeaf"] == {"type": "integer"}
    assert schemas["OneResponse"]["allOf"][1]["properties"]["Leaf"] == {"$ref": f"{SHARED}ReceivedReceivedLeaf"}


def test_a_discriminator_maps_its_values(api: Api) -> None:
    union = {
        "oneOf": [{"$ref": f"{SHARED}Text"}, {"$ref": f"{SHARED}Number"}],
        "discriminator": {"propertyName": "Kind"},
    }
    number = {"type": "object", "required": ["Kind", "N"], "properties": {"Kind": {"const": "number"}, "N": {}}}
    written, sent = forms_of(api, union, Text=TEXT, Number=number)
    assert written["discriminator"]["mapping"] == {"text": f"{SHARED}Text", "number": f"{SHARED}Number"}
    assert sent["discriminator"]["mapping"] == {"text": f"{SHARED}Text", "number": f"{SHARED}ReceivedNumber"}


def test_a_member_for_all_others_is_there_for_answers_only(api: Api) -> None:
    union = {"anyOf": [{"$ref": f"{SHARED}Text"}, {"$ref": f"{SHARED}Rest"}], "description": "D."}
    schemas = with_schemas(api, Thing=union, Text=TEXT, Rest=REST)["components"]["schemas"]
    # In requests there is one member left, whose other name is none.
    assert schemas["OneRequest"]["properties"]["Thing"] == {"$ref": f"{SHARED}Text"}
    assert "Thing" not in schemas
    sent = schemas["ReceivedThing"]
    assert [part["$ref"] for part in sent["anyOf"]] == [f"{SHARED}Text", f"{SHARED}ReceivedRest"]


def test_a_member_for_all_others_that_is_open_is_there_for_both(api: Api) -> None:
    rest = {**REST, "properties": {"Kind": {**REST["properties"]["Kind"], "x-open": "There are others"}}}
    written, sent = forms_of(
        api, {"anyOf": [{"$ref": f"{SHARED}Text"}, {"$ref": f"{SHARED}Rest"}]}, Text=TEXT, Rest=rest
    )
    assert written == sent
    assert len(written["anyOf"]) == 2


def test_what_is_deprecated_or_was_renamed_says_so(api: Api) -> None:
    field = {
        "type": "string",
        "description": "Its kind.",
        "former": {"Old_": "2022-07-29"},
        "deprecated": {"since": "2021-12-31", "use": "use Type"},
    }
    written = forms_of(api, {"type": "object", "properties": {"Kind": field}})[0]
    assert written["properties"]["Kind"] == {
        "type": "string",
        "description": (r"Its kind. Deprecated since 2021-12-31: use Type. Formerly Old\_ (until 2022-07-29)."),
        "deprecated": True,
        "x-deprecated": {"since": "2021-12-31", "use": "use Type"},
        "x-former": {"Old_": "2022-07-29"},
    }


def test_an_operation_tells_that_it_is_deprecated_and_its_former_names(api: Api) -> None:
    command = replace(
        api.commands[0],
        description="What it does.",
        partial=None,
        deprecated=Deprecated("2021-12-31", "use another", None),
        aliases=(Alias("old_name", "0.2.0", None, None),),
    )
    changed = replace(api, services=(replace(api.services[0], commands=(command,)),), webhooks=())
    (item,) = document(changed)["paths"].values()  # pyright: ignore
    operation: dict[str, Any] = item["post"]
    assert operation["deprecated"] is True
    assert operation["x-deprecated"] == {"since": "2021-12-31", "use": "use another"}
    texts = (f"{command.summary}.", "Deprecated since 2021-12-31: use another.", "What it does.")
    assert operation["description"] == "\n\n".join(texts)
    assert operation["x-aliases"] == {"old_name": "0.2.0"}


def test_other_operations_are_not_deprecated(api: Api, openapi: dict[str, Any]) -> None:
    deprecated = {path for path, item in openapi["paths"].items() if "deprecated" in item["post"]}
    assert deprecated == {f"/v4/{command.path}" for command in api.commands if command.deprecated}


def test_descriptions_are_escaped_but_fields_of_that_name_are_not(api: Api) -> None:
    field = {"type": "string", "description": "<b>"}
    written = forms_of(api, {"type": "object", "properties": {"description": field}})[0]
    assert written["properties"] == {"description": {"type": "string", "description": r"\<b\>"}}


Validator: TypeAlias = Any


def judges(
    api: Api, openapi: dict[str, Any]
) -> Iterator[tuple[str, Sequence[Any], Validator, tuple[Validator, Validator]]]:
    """Yield for each body its examples, and what judges them: the document, and the generator, with and without what
    OpenAPI cannot say.
    """
    shared = {name: schema.schema for name, schema in api.schemas_by_name.items()}

    def by_document(body: Body) -> Validator:
        return Draft202012Validator({"$ref": SHARED + body.class_name, "components": openapi["components"]})

    def written(schema: Schema) -> tuple[Validator, Validator]:
        # No keyword of JSON Schema says how many bytes there may be.
        unsaid = "x-max-bytes"
        return request_validator(schema, shared), request_validator(without(schema, unsaid), without(shared, unsaid))

    def sent(schema: Schema) -> tuple[Validator, Validator]:
        # A third value of a flag is worth a line in the client's log; other tools let it pass.
        unsaid = ("x-max-bytes", "x-flag")
        return answer_validator(schema, shared), answer_validator(without(schema, *unsaid), without(shared, *unsaid))

    for command in api.commands:
        requests, answers = zip(*((one.request, one.response) for one in command.examples), strict=True)
        yield command.path, requests, by_document(command.request), written(command.request.schema)
        whole = {"allOf": [api.envelope.schema, command.response.schema]}
        yield command.path, answers, by_document(command.response), sent(whole)
    for webhook in api.webhooks:
        events = [one.request for one in webhook.examples]
        replies = [one.reply for one in webhook.examples if one.reply is not None]
        yield webhook.command, events, by_document(webhook.request), sent(webhook.request.schema)
        yield webhook.command, replies, by_document(webhook.reply), written(webhook.reply.schema)


def without(part: Any, *keys: str) -> Any:
    """Return a schema without some of its keywords."""
    if isinstance(part, Mapping):
        return {key: without(value, *keys) for key, value in part.items() if key not in keys}  # pyright: ignore
    return [without(item, *keys) for item in part] if isinstance(part, list) else part  # pyright: ignore


CHANGES: tuple[object, ...] = (None, "no such value", [], {}, 2, -1, True, 1.0, 0.5, 2**40, ["x"], "Tag_SNS_Custom_A")


def changed(body: Any, changes: Iterator[object]) -> Iterator[Any]:
    """Yield `body` with one value changed or taken away, for every value in it."""
    for key, value in body.items() if isinstance(body, dict) else enumerate(body):  # pyright: ignore
        rest = copy(body)
        del rest[key]
        yield rest
        for new in (next(changes), next(changes)):
            rest = copy(body)
            rest[key] = new
            yield rest
        if isinstance(value, dict | list):
            for inner in changed(value, changes):
                rest = copy(body)
                rest[key] = inner
                yield rest


def test_the_document_judges_bodies_as_the_generator_does(api: Api, openapi: dict[str, Any]) -> None:
    changes = cycle(CHANGES)
    verdicts: Counter[bool] = Counter()
    for name, examples, theirs, (strict, lenient) in judges(api, openapi):
        for body in (body for example in examples for body in (example, *changed(example, changes))):
            verdict = theirs.is_valid(body)
            assert strict.is_valid(body) <= verdict <= lenient.is_valid(body), (name, body)
            verdicts[verdict] += 1
    assert min(verdicts.values()) > 1000
