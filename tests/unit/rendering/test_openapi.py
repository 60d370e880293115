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
from timgen.modelling.model import Alias, Api, Body, Deprecated, Location, SharedSchema
from timgen.pipeline import load_api
from timgen.rendering.openapi import document

SHARED = "#/components/schemas/"


@pytest.fixture(scope="module")
def api() -> Api:
    return load_api(ROOT)


@pytest.fixture(scope="module")
def openapi(api: Api) -> dict[str, Any]:
    return document(api)


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


def test_every_operation_has_the_query_in_its_order(api: Api, openapi: dict[str, Any]) -> None:
    references = [{"$ref": f"#/components/parameters/{parameter.name}"} for parameter in api.query]
    assert all(item["post"]["parameters"] == references for item in openapi["paths"].values())


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
    known = {f"#/components/{kind}/{name}" for kind, parts in components.items() for name in parts}
    assert set(references({key: part for key, part in openapi.items() if key != "x-error-codes"})) == known


def test_sets_are_closed_in_requests_and_open_in_answers(api: Api) -> None:
    written, sent = forms_of(api, {"type": "string", "enum": ["a"], "x-enum-descriptions": ["First"]})
    assert written == {"type": "string", "enum": ["a"], "x-enum-descriptions": ["First"]}
    assert sent == {"anyOf": [{"enum": ["a"], "x-enum-descriptions": ["First"]}, {"type": "string"}]}


def test_open_sets_have_one_form(api: Api) -> None:
    components = with_schemas(api, Kind={"type": "string", "enum": ["a"], "x-open": "There are others"})["components"]
    assert components["schemas"]["Kind"] == {
        "x-open": "There are others",
        "anyOf": [{"enum": ["a"]}, {"type": "string"}],
    }
    assert "ReceivedKind" not in components["schemas"]


def test_beginnings_belong_to_a_set(api: Api) -> None:
    written, sent = forms_of(api, {"type": "string", "enum": ["a"], "x-prefixes": ["Own_", "a.b"]})
    assert written["anyOf"] == [
        {"enum": ["a"]},
        {"type": "string", "pattern": "^Own_"},
        {"type": "string", "pattern": r"^a\.b"},
    ]
    assert sent["anyOf"] == [{"enum": ["a"]}, {"type": "string"}]


def test_a_flag_is_0_or_1(api: Api) -> None:
    written, sent = forms_of(api, {"type": "integer", "x-flag": True})
    assert written == {"type": "integer", "x-flag": True, "enum": [0, 1]}
    assert sent == {"x-flag": True, "anyOf": [{"enum": [0, 1]}, {"type": "integer"}]}


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
    written, sent = forms_of(api, union, Text=TEXT, Rest=REST)
    assert written == {"$ref": f"{SHARED}Text", "description": "D."}
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
    assert operation["description"] == "Deprecated since 2021-12-31: use another.\n\nWhat it does."
    assert operation["x-aliases"] == {"old_name": "0.2.0"}


def test_other_operations_are_not_deprecated(api: Api, openapi: dict[str, Any]) -> None:
    deprecated = {path for path, item in openapi["paths"].items() if "deprecated" in item["post"]}
    assert deprecated == {f"/v4/{command.path}" for command in api.commands if command.deprecated}


def test_descriptions_are_escaped_but_fields_of_that_name_are_not(api: Api) -> None:
    field = {"type": "string", "description": "<b>"}
    written = forms_of(api, {"type": "object", "properties": {"description": field}})[0]
    assert written["properties"] == {"description": {"type": "string", "description": r"\<b\>"}}


Validator: TypeAlias = Any


def judges(api: Api, openapi: dict[str, Any]) -> Iterator[tuple[str, Sequence[Any], Validator, Validator]]:
    """Yield for each body its examples, and what judges them: the document, and the generator."""
    shared = {name: schema.schema for name, schema in api.schemas_by_name.items()}

    def by_document(body: Body) -> Validator:
        return Draft202012Validator({"$ref": SHARED + body.class_name, "components": openapi["components"]})

    def written(schema: Schema) -> Validator:
        # No keyword of JSON Schema says how many bytes there may be.
        return request_validator(without(schema, "x-max-bytes"), without(shared, "x-max-bytes"))

    def sent(schema: Schema) -> Validator:
        # A third value of a flag is worth a line in the client's log; other tools let it pass.
        unsaid = ("x-max-bytes", "x-flag")
        return answer_validator(without(schema, *unsaid), without(shared, *unsaid))

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
    for name, examples, theirs, ours in judges(api, openapi):
        for body in (body for example in examples for body in (example, *changed(example, changes))):
            verdict = ours.is_valid(body)
            assert theirs.is_valid(body) is verdict, (name, body)
            verdicts[verdict] += 1
    assert min(verdicts.values()) > 1000
