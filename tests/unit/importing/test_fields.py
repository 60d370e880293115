"""Where a field belongs."""

from __future__ import annotations

import pytest

from support.minispec import Mini
from support.vendor import draft, page, request


@pytest.mark.parametrize(
    "table",
    [
        "| A | Object | x |\n| A.B | String | x |\n| C | String | x |",
        "| A | Object | x |\n| + B | String | x |\n| C | String | x |",
        "| A | Object | x |\n| &nbsp;&nbsp;└ B | String | x |\n| C | String | x |",
        "| `A` | Object | x |\n| A->B | String | x |\n| C | String | x |",
        "| A.B | String | x |\n| C | String | x |",
    ],
)
def test_names_say_where_a_field_belongs(mini: Mini, table: str) -> None:
    fields = request(mini, table)
    assert list(fields) == ["A", "C"]
    assert fields["A"]["type"] == "object"
    assert list(fields["A"]["properties"]) == ["B"]


def test_deeper_marks_go_deeper(mini: Mini) -> None:
    fields = request(mini, "| A | Object | x |\n| + B | Object | x |\n| ++ C | String | x |\n| + D | String | x |")
    assert list(fields["A"]["properties"]) == ["B", "D"]
    assert list(fields["A"]["properties"]["B"]["properties"]) == ["C"]


def test_brackets_make_a_list(mini: Mini) -> None:
    fields = request(mini, "| A[].B | String | x |\n| A[].C[].D | Integer | x |")
    assert fields["A"]["type"] == "array"
    assert fields["A"]["items"]["properties"]["C"]["items"]["properties"]["D"]["type"] == "integer"


def test_samples_say_where_a_field_belongs(mini: Mini) -> None:
    table = (
        "| List | Array | x |\n| Id | String | x |\n| Unseen | String | x |\n| Name | String | x |\n| Id | String | x |"
    )
    fields = request(mini, table, '{"List": [{"Id": "a", "Name": "b"}], "Id": "c"}')
    assert list(fields) == ["List", "Id"]
    assert list(fields["List"]["items"]["properties"]) == ["Id", "Unseen", "Name"]


def test_the_order_of_rows_is_asked_about(mini: Mini) -> None:
    fields = request(mini, "| A | Array | Objects of a kind |\n| B | String | x |")
    assert list(fields["A"]["items"]["properties"]) == ["B"]
    assert fields["A"]["description"].startswith("TODO: do the fields inside belong here")


def test_a_name_that_comes_again_is_another_field(mini: Mini) -> None:
    fields = request(mini, "| A | Object | x |\n| Id | String | x |\n| B | Object | x |\n| Id | Integer | x |")
    assert fields["A"]["properties"]["Id"]["type"] == "string"
    assert fields["A"]["properties"]["B"]["properties"]["Id"]["type"] == "integer"


def test_a_caption_names_the_object(mini: Mini) -> None:
    source = page("| List | Array | x |\n| Last | Integer | x |", '{"List": [{"Key": "k"}], "Last": 1}')
    source += "\nThe objects in `List`:\n\n| Field | Type | Description |\n| --- | --- | --- |\n"
    source += "| Key | String | x |\n| V | String | x |\n"
    fields = draft(mini, source)["request"]["properties"]
    assert list(fields["List"]["items"]["properties"]) == ["Key", "V"]


def test_shared_schemas_are_left_again(mini: Mini) -> None:
    table = "| MsgBody | Array | x |\n| MsgType | String | x |\n| MsgContent | Object | x |\n| Other | String | x |"
    fields = request(mini, table)
    assert list(fields) == ["MsgBody", "Other"]
    assert fields["MsgBody"] == {"$ref": "#/components/schemas/MsgBody"}
