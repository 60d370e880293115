"""Types of fields, and references to shared schemas."""

from __future__ import annotations

import pytest

from support.minispec import Mini
from support.vendor import request


def test_keys_of_the_callers_own(mini: Mini) -> None:
    fields = request(mini, "| Names | Object | x |\n| The number | String | x |", '{"Names": {"0": "a", "1": "b"}}')
    assert fields["Names"]["additionalProperties"] == {"type": "string", "description": "TODO"}


@pytest.mark.parametrize(
    ("table_type", "value", "expected"),
    [
        ("String", "1", ["string", "integer"]),
        ("Integer", "1.5", "number"),
        ("Number", "1", "number"),
        ("String", "null", ["string", "null"]),
        ("", "true", "boolean"),
        ("Bool", "1", ["boolean", "integer"]),
        ("String", "xxx", "string"),
    ],
)
def test_table_and_sample_disagree(mini: Mini, table_type: str, value: str, expected: object) -> None:
    fields = request(mini, f"| A | {table_type} | x |\n| B | String | x |", f'{{"A": {value}, "B": ""}}')
    assert fields["A"]["type"] == expected


def test_a_sample_decides_about_objects(mini: Mini) -> None:
    field = request(mini, "| A | Object | x |", '{"A": [{"B": 1}]}')["A"]
    assert field["type"] == "array"
    assert field["description"] == "TODO: the table says object, the samples show array"


def test_fields_of_one_name_in_python(mini: Mini) -> None:
    fields = request(mini, "| GroupId | String | x |\n| Group_Id | String | x |")
    assert fields == {"GroupId": {"type": "string", "description": "TODO: the page has Group_Id too"}}


def test_a_shared_schema_that_lacks_a_field(mini: Mini) -> None:
    field = request(mini, "| Push | Object | x |\n| Push.Title | String | x |\n| Push.Sound | String | x |")["Push"]
    assert field == {"$ref": "#/components/schemas/Push", "description": "TODO: Push lacks Sound"}


def test_a_shared_schema_that_lacks_a_field_deep_inside(mini: Mini) -> None:
    table = "| MsgBody | Array | x |\n| MsgBody[].MsgContent | Object | x |\n| MsgContent.Chunks | Array | x |"
    field = request(mini, table, '{"MsgBody": [{"MsgType": "a", "MsgContent": {"Own": 1}}]}')["MsgBody"]
    assert field["description"] == "TODO: MsgBody lacks Chunks"


def test_a_shared_schema_that_rejects_the_sample(mini: Mini) -> None:
    field = request(mini, "| Push | Object | x |", '{"Push": {"Title": 1}}')["Push"]
    assert field["properties"]["Title"]["type"] == "integer"


def test_items_that_are_a_shared_enum(mini: Mini) -> None:
    assert request(mini, "| Control | Array | x |")["Control"]["items"] == {"$ref": "#/components/schemas/Control"}


def test_the_type_of_items_is_asked_for_where_it_stands(mini: Mini) -> None:
    field = request(mini, "| Things | Array | x |")["Things"]
    assert field["items"] == {"type": "TODO: the type of the items of Things"}
    assert field["description"] == "TODO"


def test_sequence_numbers_rise_and_others_are_random(mini: Mini) -> None:
    fields = request(
        mini,
        """\
| MsgSeq | Integer | No | A 32-bit random number, by which repeated messages are dropped. |
| MsgRandom | Integer | Yes | A 32-bit random number. |
""",
    )
    assert {name: field["x-fill"] for name, field in fields.items()} == {"MsgSeq": "rising", "MsgRandom": "random"}
