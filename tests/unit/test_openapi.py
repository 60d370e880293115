import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from timgen.build import load_api
from timgen.model import Api, Location, SharedSchema
from timgen.openapi import document

ROOT = Path(__file__).parents[2]


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


def shared(name: str, schema: dict[str, object]) -> SharedSchema:
    return SharedSchema(name, "shared", schema, "", (), (), (), Location("spec/schemas/shared.yaml", 1))


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


def test_enums_are_open_and_show_their_values(api: Api) -> None:
    kind = shared("Kind", {"type": "string", "enum": ["a"], "x-enum-descriptions": ["First"]})
    schemas: Any = document(replace(api, schemas=(*api.schemas, kind)))["components"]
    assert schemas["schemas"]["Kind"] == {
        "anyOf": [{"enum": ["a"], "x-enum-descriptions": ["First"]}, {"type": "string"}]
    }


def test_a_discriminator_maps_its_values(api: Api) -> None:
    text = shared("Text", {"type": "object", "properties": {"MsgType": {"const": "TIMTextElem"}}})
    other = shared("Other", {"type": "object", "properties": {"MsgType": {"type": "string"}}})
    element = shared(
        "Element",
        {
            "oneOf": [{"$ref": "#/components/schemas/Text"}, {"$ref": "#/components/schemas/Other"}],
            "discriminator": {"propertyName": "MsgType"},
        },
    )
    components: Any = document(replace(api, schemas=(text, other, element)))["components"]
    assert components["schemas"]["Element"]["discriminator"] == {
        "propertyName": "MsgType",
        "mapping": {"TIMTextElem": "#/components/schemas/Text"},
    }


def test_descriptions_are_escaped_but_fields_of_that_name_are_not(api: Api) -> None:
    odd = shared("Odd", {"type": "object", "properties": {"description": {"type": "string", "description": "<b>"}}})
    components: Any = document(replace(api, schemas=(*api.schemas, odd)))["components"]
    assert components["schemas"]["Odd"]["properties"] == {"description": {"type": "string", "description": r"\<b\>"}}
