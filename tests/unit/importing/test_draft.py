"""Importing pages of the vendor: what a page says becomes a draft that lint only finds unfinished."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from support.minispec import Mini, make
from timgen.importing import PageError, drafts_of, known_in, read_drafts
from timgen.importing.bodies import Known
from timgen.importing.facts import (
    date_of,
    is_conditional,
    is_required,
    limits_of,
    rate_limit_of,
    types_of,
    unit_of,
    values_of,
)
from timgen.importing.samples import SampleError, parse_objects
from timgen.importing.writing import dump
from timgen.pipeline import load
from timgen.reading.spec import read_spec

PAGES = Path(__file__).parent / "pages"

SHARED = """\
MsgBody:
  type: array
  minItems: 1
  description: The message.
  items:
    type: object
    required: [MsgType]
    properties:
      MsgType: {type: string, enum: [TIMTextElem], description: Kind.}
      MsgContent: {type: object, description: Content.}
CloudCustomData: {type: string, description: Data of the app's own.}
GroupType: {type: string, enum: [Public, Work], description: Type of a group.}
Control: {type: string, enum: [NoUnread], description: An exception.}
Push:
  type: object
  description: A push.
  properties:
    Title: {type: string, description: Title.}
"""

NOTHING_KNOWN = Known({}, frozenset(), frozenset({"ErrorCode"}), frozenset())

ERRORS = """\
10004: {name: BAD, message: It is wrong., fix: Correct it., category: server, retry: never}
"""


@pytest.fixture
def mini(tmp_path: Path) -> Mini:
    project = make(tmp_path)
    project.write("spec/schemas/message.yaml", SHARED)
    project.write("spec/errors.yaml", project.read("spec/errors.yaml") + ERRORS)
    return project


def draft(mini: Mini, source: str) -> dict[str, Any]:
    known = known_in(read_spec(mini.root)[0])
    return yaml.safe_load(drafts_of(source, known)[0].text)


def page(table: str, *samples: str, head: str = "service: s\ncommand: c") -> str:
    """Return a page with a table of request fields, a header given by its width, and request samples."""
    columns = table.strip().splitlines()[0].split("||")[0].rstrip(" |").count("|")
    header = "| Field | Type | Required | Description |" if columns == 4 else "| Field | Type | Description |"
    fences = "".join(f"```\n{sample}\n```\n" for sample in samples)
    rule = "|" + " --- |" * columns
    return f"---\n{head}\n---\n\n## Sample request\n{fences}\n## Request fields\n\n{header}\n{rule}\n{table.strip()}\n"


def request(mini: Mini, table: str, *samples: str) -> dict[str, Any]:
    properties: dict[str, Any] = draft(mini, page(table, *samples))["request"]["properties"]
    return properties


# Whole pages


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

    short, long, refused = result["examples"]
    assert short["request"] == {"From_Account": "ann", "AddFriendItem": [{"To_Account": "bob"}]}
    assert long["request"]["AddType"] == 1
    assert refused["response"]["ErrorCode"] == "TODO: errors.yaml lacks 30001"


def test_command_without_samples_in_chinese(mini: Mini) -> None:
    result = draft(mini, (PAGES / "push_batch_zh.md").read_text(encoding="utf-8"))
    assert result["rate_limit"] == 100
    assert result["date"] == "TODO"
    assert result["evidence"] == {"partial": "TODO"}
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


# Where a field belongs


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


def test_two_rows_in_one_line(mini: Mini) -> None:
    fields = request(mini, "| A | String | x || B | Integer | y |")
    assert [fields["A"]["type"], fields["B"]["type"]] == ["string", "integer"]


def test_keys_of_the_callers_own(mini: Mini) -> None:
    fields = request(mini, "| Names | Object | x |\n| The number | String | x |", '{"Names": {"0": "a", "1": "b"}}')
    assert fields["Names"]["additionalProperties"] == {"type": "string", "description": "TODO"}


# Types and references


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


# Facts in words


@pytest.mark.parametrize(
    ("words", "names", "items"),
    [
        ("String", ("string",), ()),
        ("`uint64`", ("integer",), ()),
        ("uint32/string", ("integer", "string"), ()),
        ("Array<Object>", ("array",), ("object",)),
        ("Object Array", ("array",), ("object",)),
        ("Array of String", ("array",), ("string",)),
        ("String[]", ("array",), ("string",)),
        ("字符串", ("string",), ()),
        ("Массив", ("array",), ()),
        ("Bool", ("boolean",), ()),
        ("whatever", (), ()),
        ("", (), ()),
    ],
)
def test_types(words: str, names: tuple[str, ...], items: tuple[str, ...]) -> None:
    found = types_of(words)
    assert (found.names, found.items) == (names, items)


@pytest.mark.parametrize(
    ("words", "required", "conditional"),
    [
        ("Yes", True, False),
        ("Required", True, False),
        ("必填", True, False),
        ("Да", True, False),
        ("No", False, False),
        ("Optional", False, False),
        ("选填", False, False),
        ("Yes (when Type is 1)", False, True),
        ("Required for the first call", False, True),
        ("", False, False),
    ],
)
def test_necessity(words: str, required: bool, conditional: bool) -> None:
    assert (is_required(words), is_conditional(words)) == (required, conditional)


@pytest.mark.parametrize(
    ("text", "kind", "limits"),
    [
        ("It can be up to 1,000 bytes", "string", {"x-max-bytes": 1000}),
        ("Maximum length: 30 bytes", "string", {"x-max-bytes": 30}),
        ("最长 240 字节", "string", {"x-max-bytes": 240}),
        ("no more than 16 characters", "string", {"maxLength": 16}),
        ("up to 30 bytes, at most 40 bytes in Work groups", "string", {}),
        ("Up to 100 users at a time", "array", {"maxItems": 100}),
        ("at most 20 per request", "array", {"maxItems": 20}),
        ("A request cannot hold more than 1,000 accounts.", "array", {"maxItems": 1000}),
        ("accounts, 1 - 500", "array", {"maxItems": 500}),
        ("up to 100 times per second", "array", {}),
        ("each up to 50 bytes", "array", {}),
        ("from 0 to 4294967295", "integer", {"minimum": 0, "maximum": 4294967295}),
        ("a 32-bit unsigned integer", "integer", {"minimum": 0, "maximum": 4294967295}),
        ("value range: 0 - 9", "integer", {"minimum": 0, "maximum": 9}),
        ("chapter 2 - 3", "integer", {}),
    ],
)
def test_limits(text: str, kind: str, limits: dict[str, object]) -> None:
    assert limits_of(text, (kind,)) == limits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("200 calls per second", 200),
        ("100 times/second", 100),
        ("The maximum calling frequency is 200 times per second.", 200),
        ("1 call per second (sibling pages)", 1),
        ("200次/秒", 200),
        ("每秒最多 10 次", 10),
        ("200 раз/с", 200),
        ("It can be called 100 times every day, with a second between.", {"calls": 100, "per": "day"}),
        (
            "Default: free edition 10/s, pro edition 30/s.",
            [{"calls": 10, "per": "second", "plan": "free"}, {"calls": 30, "per": "second", "plan": "pro"}],
        ),
        ("5 calls per second, 1000 calls per day", "TODO: which of the page's frequencies"),
        ("5 per second per stream", None),
        ("unlimited", None),
        ("0 calls per second", None),
    ],
)
def test_rate_limit(text: str, expected: object) -> None:
    assert rate_limit_of(text) == expected


def test_other_facts() -> None:
    assert date_of("2023-03-10 (newest edition 2024-09-24)") == "2023-03-10"
    assert date_of("2025 (crawl 2025-2026)") is None
    assert unit_of("Timestamp in milliseconds") == "milliseconds"
    assert unit_of("Moment, in seconds") == "seconds"
    assert unit_of("within one second") is None
    assert values_of("0: no. 1: yes.") == [0, 1]
    assert values_of("Bit 0: a, Bit 1: b") == []
    assert values_of("`0`: success, other values: failure") == []


# Samples


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, // no\n "b": [1, 2,],}', {"a": 1, "b": [1, 2]}),
        ('{"a": 1 "b": "http://x//y" /* no */}', {"a": 1, "b": "http://x//y"}),
        ('{"a": [{"b": 1}, {...}, ...], ...}', {"a": [{"b": 1}]}),
        ('{"a": ..., "b": {…}, "c": 1}', {"c": 1}),
        ('{"a": xxx, b: TRUE, "c": null}', {"b": True, "c": None}),
        ("{“a”：“b”，“c”：1}", {"a": "b", "c": 1}),
        ('{"a": "\\q", "b": "tab\there", "c": "\\ud83d"}', {"a": "\\q", "b": "tab\there", "c": "\ufffd"}),
        ('// first\n{"a": -1.5e3}', {"a": -1500.0}),
        ('{"a": 1e999, "b": 18446744073709551615}', {"b": 18446744073709551615}),
        ("{}", {}),
    ],
)
def test_sample(text: str, expected: object) -> None:
    assert parse_objects(text) == [expected]


def test_several_samples_in_one() -> None:
    assert parse_objects('{"a": 1}\n{"a": 2}') == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"a"', '{"a": }', '{"a": [1', "{" * 9999, '{"a":' * 500])
def test_no_sample(text: str) -> None:
    with pytest.raises(SampleError):
        parse_objects(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(min_size=1), JSON))
def test_what_is_json_is_read_as_json(value: dict[str, Any]) -> None:
    text = json.dumps(value)
    read = json.loads(text)
    if "\\ud" not in text:
        assert parse_objects(text) == [read]


@given(st.dictionaries(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1), JSON))
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    value = json.loads(json.dumps(value).encode("utf-8", "replace"))
    if "\\ud" not in json.dumps(value):
        text = dump({"examples": [value], "value": value}, first_line="a comment")
        assert yaml.safe_load(text) == {"examples": [value], "value": value}


# The command line


def test_nothing_is_overwritten(mini: Mini) -> None:
    source = str(PAGES / "friend_add.md")
    first = mini.timgen("import", source)
    assert "spec/v4/sns/friend_add.yaml" in first.stdout
    assert "spec/v4/sns/_service.yaml" in first.stdout
    mini.write("spec/v4/sns/friend_add.yaml", "mine")
    again = mini.timgen("import", source, str(PAGES / "push_batch_zh.md"))
    assert again.returncode == 1
    assert "spec/v4/sns/friend_add.yaml exists and is not overwritten" in again.stderr
    assert mini.read("spec/v4/sns/friend_add.yaml") == "mine"
    assert "spec/v4/timpush/batch.yaml" in again.stdout


def test_output_goes_where_it_is_told(mini: Mini) -> None:
    source = str(PAGES / "friend_add.md")
    before = sorted(path for path in mini.root.rglob("*"))
    both = mini.timgen("import", "--output", "-", source, str(PAGES / "group_before_send.md"))
    assert both.returncode == 0
    assert len(list(yaml.safe_load_all(both.stdout))) == 2
    assert sorted(path for path in mini.root.rglob("*")) == before
    assert mini.timgen("import", "--output", "draft.yaml", source).returncode == 0
    assert mini.read("draft.yaml").startswith("# yaml-language-server: $schema=../../meta/command.schema.json\n")
    assert mini.timgen("import", "--output", "draft.yaml", source).returncode == 1
    assert mini.timgen("import", "--output", "draft.yaml", source, source).returncode == 2
    assert mini.timgen("import").returncode == 2


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "no command"),
        (b"# A page\n\nWords only.\n", "no command"),
        (b"---\nservice: s\ncommand: c\n---\n\nWords only.\n", "nothing to import"),
        (b"---\nservice: ../s\ncommand: c\n---\n", "`../s` is no part of a path"),
        (b"---\ncallback_command: Group/Bad\n---\n```\n{}\n```\n", "nothing to import"),
        (b"---\ncallback_command: ../Bad\n---\n# Request\n```\n{}\n```\n", "`../Bad` is no webhook's name"),
        (b"---\nservice: [\n---\n", "the front matter is not YAML"),
        (b"---\nwords\n---\n", "the front matter is no mapping"),
        (b"\xff\xfe", "byte 1 is not UTF-8"),
        (b"# A\0", "null character"),
    ],
)
def test_a_page_that_is_none(mini: Mini, source: bytes, message: str) -> None:
    mini.write("page.md", source)
    result = mini.timgen("import", "page.md")
    assert result.returncode == 1
    assert result.stderr.startswith("page.md: ")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_page_that_cannot_be_read(mini: Mini) -> None:
    result = mini.timgen("import", "missing.md", "spec")
    assert result.returncode == 1
    assert "missing.md: cannot be read: No such file or directory" in result.stderr
    assert "spec: cannot be read: Is a directory" in result.stderr


def test_the_url_names_the_command_without_front_matter(mini: Mini) -> None:
    known = known_in(read_spec(mini.root)[0])
    source = '# A\n\nPOST https://xxx/v4/a_svc/b_cmd?x=1\n\n## Request\n\n```json\n{"A": 1}\n```\n'
    assert drafts_of(source, known)[0].path == "spec/v4/a_svc/b_cmd.yaml"


def test_what_is_left_out_is_told(mini: Mini) -> None:
    source = page("| A | String | x |", '{"A": ') + "\n## Files\n\n```\n{}\n```\n"
    mini.write("page.md", source)
    result = mini.timgen("import", "page.md")
    assert result.returncode == 0
    assert "page.md:7: the sample is left out: a value is missing" in result.stderr
    assert "page.md:19: the sample is left out: no heading says which body it shows" in result.stderr


@given(st.text())
def test_no_page_makes_it_crash(text: str) -> None:
    for source in (text, page("| A | Array | x |", text), page(f"| {text} | {text} | {text} |".replace("\n", " "))):
        try:
            drafts_of(source, NOTHING_KNOWN)
        except PageError:
            continue


# The rule


def test_marks_are_found_where_they_stand(mini: Mini) -> None:
    file = "spec/v4/note_svc/send.yaml"
    mini.patch(file, "summary: Send a note", "summary: TODO")
    mini.patch(file, "method: notes.send", "method: TODO")
    mini.patch(file, "repeat: deduplicated\ndedupe: {fields: [Random], window: 60}\n", "repeat: TODO\n")
    mini.patch(file, "description: A random number.", 'description: "TODO: is it random"')
    _, findings = load(mini.root)
    assert [(finding.rule, finding.line, finding.column) for finding in findings] == [
        ("todo", 1, 10),
        ("todo", 2, 9),
        ("todo", 5, 9),
        ("todo", 10, 92),
    ]
    assert findings[-1].hint == "is it random"


def test_words_that_only_contain_the_mark_are_none(mini: Mini) -> None:
    mini.patch("spec/v4/note_svc/send.yaml", "summary: Send a note", "summary: Send TODOS")
    assert load(mini.root)[1] == []


def test_sequence_numbers_rise_and_others_are_random(mini: Mini) -> None:
    fields = request(
        mini,
        """\
| MsgSeq | Integer | No | A 32-bit random number, by which repeated messages are dropped. |
| MsgRandom | Integer | Yes | A 32-bit random number. |
""",
    )
    assert {name: field["x-fill"] for name, field in fields.items()} == {"MsgSeq": "rising", "MsgRandom": "random"}
