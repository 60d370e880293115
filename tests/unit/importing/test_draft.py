"""Drafts: what a page says becomes a file that lint only finds unfinished."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.minispec import Mini
from support.vendor import NOTHING_KNOWN, PAGES, draft, page, request
from timgen.importing import PageError, drafts_of, known_in, read_drafts
from timgen.pipeline import load
from timgen.reading.spec import read_spec


@pytest.mark.parametrize("name", [path.name for path in sorted(PAGES.glob("*.md"))])
def test_a_draft_is_valid_but_for_its_marks(mini: Mini, name: str) -> None:
    result = mini.timgen("import", str(PAGES / name))
    assert result.returncode == 0, result.stderr
    _, findings = load(mini.root)
    assert {finding.rule for finding in findings} == {"todo"}


def test_command(mini: Mini) -> None:
    result = draft(mini, (PAGES / "friend_add.md").read_text(encoding="utf-8"))
    assert result["summary"] == result["method"] == result["repeat"] == "TODO"
    assert result["docs"] == "https://docs.example/34902"
    assert str(result["date"]) == "2023-03-20"
    assert result["rate_limit"] == 200
    assert result["errors"] == [10004, "TODO: errors.yaml lacks 30001"]

    fields = result["request"]["properties"]
    assert result["request"]["required"] == ["From_Account", "AddFriendItem"]
    assert list(fields) == ["From_Account", "AddFriendItem", "AddType", "Force", "MsgRandom", "Until", "Seen"]
    assert fields["From_Account"] == {"type": "string", "x-max-bytes": 32, "description": "TODO"}
    assert fields["AddFriendItem"]["maxItems"] == 20
    assert fields["AddFriendItem"]["items"]["required"] == ["To_Account"]
    assert list(fields["AddFriendItem"]["items"]["properties"]) == ["To_Account", "Remark", "Wording"]
    assert fields["AddType"]["type"] == ["string", "integer"]
    assert fields["Force"]["enum"] == [0, 1]
    assert fields["MsgRandom"]["x-fill"] == "random"
    assert fields["Until"]["maximum"] == 600
    assert fields["Until"]["x-unit"] == "seconds"
    assert fields["Until"]["description"] == "TODO: when is it required"
    assert fields["Seen"] == {"type": "boolean", "description": "TODO"}

    # The table allows 4 bytes, but the page's own sample has more.
    assert "x-max-bytes" not in fields["AddFriendItem"]["items"]["properties"]["Remark"]

    assert list(result["response"]["properties"]) == ["ResultItem"]
    items = result["response"]["properties"]["ResultItem"]["items"]
    assert list(items["properties"]) == ["To_Account", "ResultCode", "ResultInfo"]
    assert "required" not in items
    assert result["failures"] == [
        {"items": "ResultItem", "item": "To_Account", "code": "ResultCode", "info": "ResultInfo"}
    ]
    assert result["batch"] == {"field": "AddFriendItem", "max": 20}

    short, long, refused = result["examples"]
    assert short["request"] == {"From_Account": "ann", "AddFriendItem": [{"To_Account": "bob"}]}
    assert long["request"]["AddType"] == 1
    assert refused["response"]["ErrorCode"] == "TODO: errors.yaml lacks 30001"


def test_command_without_samples_in_chinese(mini: Mini) -> None:
    result = draft(mini, (PAGES / "push_batch_zh.md").read_text(encoding="utf-8"))
    assert result["rate_limit"] == 100
    assert result["date"] == "TODO"
    assert result["evidence"] == {"partial": "TODO: the page has no sample"}
    assert result["request"]["required"] == ["To_Account", "Random", "MsgBody"]
    fields = result["request"]["properties"]
    assert fields["To_Account"] == {
        "type": "array",
        "maxItems": 500,
        "description": "TODO",
        "items": {"type": "string"},
    }
    assert fields["Random"]["maximum"] == 4294967295
    assert list(fields["Condition"]["properties"]) == ["TagsOr", "TagsAnd"]
    assert fields["Condition"]["properties"]["TagsOr"]["items"] == {"type": "string"}
    assert fields["MsgBody"] == {"$ref": "#/components/schemas/MsgBody"}
    assert fields["CloudCustomData"] == {"$ref": "#/components/schemas/CloudCustomData"}
    assert fields["Steps"]["items"]["properties"]["Name"]["x-max-bytes"] == 64
    assert fields["Level"]["type"] == ["integer", "string"]
    assert result["response"]["properties"]["TaskId"]["description"] == "TODO: inside Response or beside it"
    assert result["examples"][0]["request"]["MsgBody"] == [{"MsgType": "TIMTextElem"}]


SAMPLES = """\
---
service: s
command: c
---

## Sample request

```
{"Name": "a"}
```

## Sample response

```
{"ActionStatus": "OK", "ErrorCode": 0, "Age": 1}
```
"""
TABLES = """
## Request fields

| Field | Type | Required | Description |
|---|---|---|---|
| Name | String | Yes | A name. |

## Response fields

| Field | Type | Description |
|---|---|---|
| Age | Integer | A number. |
"""
ERROR_TABLE = """
## Error codes

| Error Code | Description |
|---|---|
| 10004 | Known. |
"""


def test_tables_that_a_page_lacks_are_asked_for(mini: Mini) -> None:
    bare = draft(mini, SAMPLES)
    words = [f"the page has no table of the fields of the {body}" for body in ("request", "response")]
    assert bare["evidence"] == {"partial": f"TODO: {'; '.join(words)}"}
    assert bare["errors"] == ["TODO: the page has no table of error codes"]

    result = draft(mini, SAMPLES + TABLES)
    assert "evidence" not in result
    assert result["errors"] == ["TODO: the page has no table of error codes"]

    result = draft(mini, SAMPLES + TABLES + ERROR_TABLE)
    assert result["errors"] == [10004]


def test_nothing_is_asked_about_bodies_without_fields_of_their_own(mini: Mini) -> None:
    samples = SAMPLES.replace('{"Name": "a"}', "{}").replace(', "Age": 1', "")
    assert "evidence" not in draft(mini, samples + ERROR_TABLE)


def test_a_page_of_one_body_says_which_one_it_lacks(mini: Mini) -> None:
    request, _, response = SAMPLES.partition("## Sample response")
    assert draft(mini, request)["evidence"]["partial"].endswith("; the page shows no response")
    assert (
        "the page shows no request"
        in draft(mini, request.partition("## ")[0] + "## Sample response" + response)["evidence"]["partial"]
    )


def test_marks_of_missing_tables_are_found_where_they_stand(mini: Mini) -> None:
    mini.write("page.md", SAMPLES)
    assert mini.timgen("import", "page.md").returncode == 0
    result = mini.timgen("lint")
    assert result.returncode == 1
    for file, text in (("errors", "no table of error codes"), ("evidence", "no table of the fields of the request")):
        assert f"the page has {text}" in result.stdout, file


def test_objects_with_the_same_fields_on_one_page(mini: Mini) -> None:
    table = """\
| A | Object | Yes | x |
| A.Id | String | Yes | x |
| A.Size | Integer | No | x |
| B | Array | Yes | x |
| B[].Size | Integer | No | x |
| B[].Id | String | Yes | x |
| C | Object | Yes | x |
| C.Id | Integer | Yes | x |
| C.Size | Integer | No | x |
"""
    fields = request(mini, table)
    assert fields["B"]["description"] == "TODO: the same fields as request.A; a shared schema?"
    assert fields["A"]["description"] == fields["C"]["description"] == "TODO"


def test_webhook(mini: Mini) -> None:
    result = draft(mini, (PAGES / "group_before_send.md").read_text(encoding="utf-8"))
    assert result["event"] == "GroupBeforeSendMsg"
    assert result["phase"] == "before"
    fields = result["request"]["properties"]
    assert fields["GroupId"]["description"] == "TODO: the table calls it groupID"
    assert fields["Type"] == {"$ref": "#/components/schemas/GroupType"}
    assert fields["EventTime"] == {"type": ["integer", "string"], "x-unit": "milliseconds", "description": "TODO"}
    assert list(result["reply"]["properties"]) == ["MsgBody"]
    assert result["reply_codes"] == [
        {"code": 0, "outcome": "TODO", "meaning": "TODO"},
        {"code": 1, "outcome": "TODO", "meaning": "TODO"},
        {"from": 10100, "to": 10200, "outcome": "TODO", "meaning": "TODO"},
    ]
    assert [example["reply"]["ErrorCode"] for example in result["examples"]] == [0, 1]


def test_no_words_of_the_page_are_copied(mini: Mini) -> None:
    for path in PAGES.glob("*.md"):
        text = "".join(found.text for found in read_drafts(path, known_in(read_spec(mini.root)[0])))
        for sentence in ("Somebody", "wishes", "Moment", "Words", "One that is known", "标签", "Elements"):
            assert sentence not in text


@given(st.text())
def test_no_page_makes_it_crash(text: str) -> None:
    for source in (text, page("| A | Array | x |", text), page(f"| {text} | {text} | {text} |".replace("\n", " "))):
        try:
            drafts_of(source, NOTHING_KNOWN)
        except PageError:
            continue
