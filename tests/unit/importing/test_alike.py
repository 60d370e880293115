"""Objects that equal a shared schema, or nearly so."""

from __future__ import annotations

import pytest

from support.minispec import Mini
from support.vendor import draft, page, request

SHARED = """\
Seat:
  type: object
  description: A seat.
  required: [Row]
  properties:
    Row: {type: [integer, string], description: The row.}
    Side: {type: string, enum: [left, right], description: The side.}
    Owner: {$ref: "#/components/schemas/Person"}
    Labels: {type: array, items: {type: string}, description: Labels.}
"""
TABLE = """\
| Place | Object | Yes | x |
| Place.Row | Integer | Yes | x |
| Place.Side | String | No | x |
| Place.Owner | Object | No | x |
| Place.Owner.Name | String | Yes | x |
| Place.Owner.Role | String | No | x |
| Place.Labels | Array of String | No | x |
"""
SAMPLE = '{"Place": {"Row": 1, "Side": "left", "Owner": {"Name": "ann", "Role": "Owner"}, "Labels": ["a"]}}'
SEAT = {"$ref": "#/components/schemas/Seat"}


@pytest.fixture
def theatre(mini: Mini) -> Mini:
    mini.write("spec/schemas/seat.yaml", SHARED)
    return mini


def test_an_equal_object_is_the_shared_schema(theatre: Mini) -> None:
    assert request(theatre, TABLE, SAMPLE)["Place"] == SEAT
    assert request(theatre, TABLE)["Place"] == SEAT


def test_so_are_the_items_of_a_list_and_what_answers_hold(theatre: Mini) -> None:
    listed = TABLE.replace("Place.", "Places[].").replace("Place | Object", "Places | Array")
    assert request(theatre, listed)["Places"]["items"] == SEAT
    source = (
        page("| A | String | Yes | x |") + "\n## Response fields\n\n| Field | Type | Description |\n|---|---|---|\n"
    )
    rows = "\n".join(" | ".join([*row.split(" | ")[:2], "x |"]) for row in TABLE.splitlines())
    assert draft(theatre, source + rows + "\n")["response"]["properties"]["Place"] == SEAT


def test_what_is_asked_of_the_field_stands_beside_the_reference(theatre: Mini) -> None:
    field = request(theatre, TABLE.replace("Object | Yes", "Object | Yes (for a chair)", 1))["Place"]
    assert field == {**SEAT, "description": "TODO: when is it required"}


@pytest.mark.parametrize(
    ("old", "new", "question"),
    [
        ("| Place.Labels | Array of String | No | x |\n", "", "nearly Seat, which has Labels too"),
        ("Place.Labels |", "Place.Marks |", ""),
        (
            "Array of String | No | x |\n",
            "Array of String | No | x |\n| Place.More | String | No | x |\n",
            "nearly Seat, which lacks More",
        ),
        ("Place.Row | Integer", "Place.Row | Boolean", "nearly Seat, which has another Row"),
        ("Array of String", "Array of Integer", "nearly Seat, which has another Labels"),
    ],
)
def test_an_object_that_nearly_equals_one_is_asked_about(theatre: Mini, old: str, new: str, question: str) -> None:
    assert TABLE.count(old) == 1
    field = request(theatre, TABLE.replace(old, new))["Place"]
    assert field["type"] == "object"
    assert field["description"] == (f"TODO: {question}" if question else "TODO")


def test_an_equal_one_that_rejects_the_sample_is_asked_about(theatre: Mini) -> None:
    field = request(theatre, TABLE, SAMPLE.replace("left", "middle"))["Place"]
    assert field["type"] == "object"
    assert field["description"] == "TODO: it has the fields of Seat"


def test_two_equal_ones_are_named_both(theatre: Mini) -> None:
    theatre.write("spec/schemas/chair.yaml", SHARED.replace("Seat:", "Chair:"))
    assert request(theatre, TABLE)["Place"]["description"] == "TODO: it has the fields of Chair and of Seat"


def test_one_field_in_common_says_nothing(theatre: Mini) -> None:
    theatre.write(
        "spec/schemas/tag.yaml", "Tag:\n  type: object\n  description: x\n  properties: {Id: {type: string}}\n"
    )
    field = request(theatre, "| A | Object | Yes | x |\n| A.Id | String | Yes | x |")["A"]
    assert (field["type"], field["description"]) == ("object", "TODO")
