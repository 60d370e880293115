"""Reading YAML: values, positions, and everything that is refused."""

import time
from pathlib import Path

import pytest

from support.minispec import Mini
from support.rules import (
    ALL,
    API,
    LIST,
    NOTE_SERVICE,
    PERSON,
    SEND,
    WEBHOOK,
    Case,
    assert_nothing_found,
    assert_one_finding,
    case,
    findings,
)
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.source import Document, parse, recalled, remembered

CASES = (
    case(
        "yaml-syntax",
        SEND,
        'Note: {$ref: "#/components/schemas/Note"}',
        "Note: {$ref: ▲#/components/schemas/Note}",
        'Note: {$ref: "#/components/schemas/Note"}',
        "what begins with # is read as a comment",
        'quote it: "#/components/schemas/Note"',
        "unquoted-reference",
    ),
    case(
        "alias",
        API,
        "home: {",
        "home: ▲&a {backup: *a, ",
        "home: {backup: &a b.example.com, ",
        "an alias inside its own anchor",
        "write the value out",
    ),
    case(
        "duplicate-key",
        SEND,
        "repeat: deduplicated",
        "▲method: notes.other\nrepeat: deduplicated",
        "repeat: deduplicated",
        "`method` stands twice",
        "first in line 2",
    ),
    case(
        "empty-file", NOTE_SERVICE, ALL, "▲# nothing\n", "summary: Notes\n", "the file is empty", "fill it or delete it"
    ),
    case(
        "encoding",
        NOTE_SERVICE,
        ALL,
        "summary: Grü▲\udcffe\n",
        "summary: Grüße\n",
        "byte 0xff is not UTF-8",
        "as UTF-8",
    ),
    case(
        "key-type",
        WEBHOOK,
        '{SdkAppid: "1"}',
        '{▲no: "1"}',
        '{"no": "1"}',
        "the key `no` is read as true or false",
        'quote it: "no"',
    ),
    case(
        "merge-conflict",
        SEND,
        "repeat: deduplicated",
        "▲<<<<<<< HEAD\nrepeat: deduplicated\n=======\nrepeat: safe\n>>>>>>> one",
        "repeat: deduplicated",
        "a merge left a conflict here",
        "keep what holds of both sides",
    ),
    case(
        "scalar",
        SEND,
        "Kind: text, Text: Hello",
        "Kind: text, Text: ▲off",
        'Kind: text, Text: "off"',
        "`off` is read as false",
        '"off"',
    ),
    case("tag", SEND, "summary: Text", "summary: ▲!t Text", "summary: Text", "the tag !t is not used", "remove it"),
    case(
        "tag", SEND, "summary: Text", "summary: ▲!!str Text", "summary: Text !!str", "the tag !!str", "remove", "text"
    ),
    case("tag", SEND, "summary: Text", 'summary: ▲! "Text"', 'summary: "a, ! Text"', "the tag !", "remove", "bare"),
    case("tag", SEND, "window: 60", "window: ▲!!int 60", "window: 61", "the tag !!int", "remove", "number"),
    case("tag", SEND, "dedupe: {", "dedupe: ▲!!map {", "dedupe: {", "the tag !!map", "remove", "mapping"),
    case("tag", SEND, "fields: [", "fields: ▲!!seq [", "fields: [", "the tag !!seq", "remove", "list"),
    case("tag", SEND, "repeat: dedup", "▲!!str repeat: dedup", "repeat: dedup", "the tag !!str", "remove", "key"),
    case(
        "scalar",
        LIST,
        "Limit: 10}",
        "Limit: ▲010}",
        "Limit: 11}",
        "`010` is read as 8",
        'quote it if text is meant: "010"',
        "octal",
    ),
    case(
        "yaml-syntax",
        SEND,
        "summary: Send a note",
        "summary: Send▲: a note",
        'summary: "Send: a note"',
        "mapping values are not allowed",
        "quote the text",
    ),
)


def read(text: str | bytes, *, integer_keys: bool = False) -> tuple[Document, list[Diagnostic]]:
    data = text if isinstance(text, bytes) else text.encode()
    return parse("spec/api.yaml", data, integer_keys=integer_keys)


def only(text: str | bytes, *, integer_keys: bool = False) -> Diagnostic:
    _, found = read(text, integer_keys=integer_keys)
    assert len(found) == 1, found
    return found[0]


def place(finding: Diagnostic) -> tuple[int, int, str]:
    return finding.line, finding.column, finding.rule


def test_values_of_a_plain_file() -> None:
    document, findings = read(
        'text: hello\nquoted: "no"\nfolded: >-\n  a\n  b\nnumber: -12\nbig: 18446744073709551616\n'
        "decimal: 1.5\nyes: true\nnothing: null\nempty:\nlist: [1, {a: b}]\n".replace("yes:", "flag:")
    )
    assert findings == []
    assert document.value == {
        "text": "hello",
        "quoted": "no",
        "folded": "a b",
        "number": -12,
        "big": 18446744073709551616,
        "decimal": 1.5,
        "flag": True,
        "nothing": None,
        "empty": None,
        "list": [1, {"a": "b"}],
    }


def test_positions_of_values_and_keys() -> None:
    document, _ = read("a:\n  - x\n  -   b: 1\n      c: [2, 3]\n")
    assert document.position(("a",)) == (2, 3)
    assert document.position(("a",), key=True) == (1, 1)
    assert document.position(("a", 0)) == (2, 5)
    assert document.position(("a", 1, "b")) == (3, 10)
    assert document.position(("a", 1, "b"), key=True) == (3, 7)
    assert document.position(("a", 1, "c", 1)) == (4, 14)
    # An item of a list has no key.
    assert document.position(("a", 1, "c", 1), key=True) == (4, 14)


def test_position_beyond_what_is_there_is_that_of_the_last_part() -> None:
    document, _ = read("a:\n  b: 1\n")
    assert document.position(("a", "b", "c", 5)) == (2, 6)
    assert document.position(("a", "x")) == (2, 3)
    assert document.position(("nope",), key=True) == (1, 1)
    assert Document("spec/api.yaml", None).position(("a",)) == (1, 1)


def test_a_finding_points_at_the_part_of_a_text_that_it_is_about() -> None:
    document, _ = read("method: rooms.class\n")
    assert document.at(("method",), "r", "m", inside="class").column == 15
    assert document.at(("method",), "r", "m", inside="absent").column == 9
    assert document.at(("method",), "r", "m").source == "method: rooms.class"


def test_columns_count_characters() -> None:
    finding = only("länge: {日本語: no}\n")
    assert place(finding) == (1, 14, "scalar")
    finding = only('emoji: ["👩‍🚀", off]\n')
    assert finding.source[finding.column - 1 :].startswith("off")


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("no", "false"),
        ("on", "true"),
        ("Yes", "true"),
        ("TRUE", "true"),
        ("010", "8"),
        ("0x1F", "31"),
        ("0b11", "3"),
        ("1_000", "1000"),
        ("+1", "1"),
        ("1:30", "90"),
        ("12:30:45", "45045"),
        ("2021-01-05", "a date"),
        ("2021-01-05T10:00:00Z", "a date"),
        (".inf", "a number"),
        (".nan", "a number"),
        (".5", "a number"),
        ("1.", "a number"),
        ("NULL", "nothing"),
        ("Null", "nothing"),
        ("=", "a default value"),
        ("<<", "a merge key"),
    ],
)
def test_an_unquoted_accident_is_refused_and_its_quoted_sibling_taken(text: str, read_as: str) -> None:
    finding = only(f"a: 1\nb: {text}\n")
    assert place(finding) == (2, 4, "scalar")
    assert finding.message == f"`{text}` is read as {read_as}"
    assert f'"{text}"' in finding.hint
    document, findings = read(f'a: 1\nb: "{text}"\n')
    assert findings == []
    assert document.mapping["b"] == text


@pytest.mark.parametrize("text", ["y", "0o17", "1e3", "v1.2.3", "1.2.3", "a:b", "12 monkeys", "No.", "-", "~user"])
def test_what_only_looks_like_an_accident_is_text(text: str) -> None:
    document, findings = read(f"a: {text!s}\n" if text != "-" else "a: '-'\n")
    assert findings == []
    assert document.value == {"a": text}


def test_a_tilde_is_nothing_and_the_meta_schema_decides_whether_text_was_due() -> None:
    document, findings = read("a: ~\n")
    assert findings == []
    assert document.value == {"a": None}
    assert document.is_plain_scalar(("a",)) == "~"


@pytest.mark.parametrize("number", ["1" * 5_000, "0x" + "f" * 5_000, "1.0e+999", "-1.0e+999", "1" * 5_000 + ".5"])
def test_a_number_beyond_all_measure_is_refused(number: str) -> None:
    finding = only(f"a: {number}\n")
    assert place(finding) == (1, 4, "scalar")
    assert len(finding.message) < 120
    assert len(finding.hint) < 120


def test_a_date_is_taken_only_at_the_top() -> None:
    document, findings = read("date: 2021-01-05\n")
    assert findings == []
    assert document.value == {"date": "2021-01-05"}
    assert place(only("other: 2021-01-05\n")) == (1, 8, "scalar")
    assert place(only("a: {date: 2021-01-05}\n")) == (1, 11, "scalar")
    assert place(only("- 2021-01-05\n")) == (1, 3, "scalar")


def test_a_duplicate_key_names_the_first_one() -> None:
    finding = only("a: 1\nb:\n  c: 1\n  d: 2\n  'c': 3\n")
    assert place(finding) == (5, 3, "duplicate-key")
    assert "`c` stands twice" in finding.message
    assert finding.hint == "first in line 3"
    assert read("a: {c: 1}\nb: {c: 1}\n")[1] == []


@pytest.mark.parametrize("key", ["no", "1", "1.5", "~", "2021-01-05", "true"])
def test_a_key_that_is_no_text_is_refused(key: str) -> None:
    finding = only(f"a: 1\n{key}: 2\n")
    assert place(finding) == (2, 1, "key-type")
    assert f'quote it: "{key}"' in finding.hint
    assert read(f'a: 1\n"{key}": 2\n')[1] == []


def test_a_key_that_is_a_list_or_a_mapping_is_refused() -> None:
    assert place(only("[a, b]: 1\n")) == (1, 1, "key-type")
    assert place(only("? {a: 1}\n: 2\n")) == (1, 3, "key-type")


def test_integer_keys_are_taken_at_the_top_only_and_in_plain_decimal() -> None:
    document, findings = read("10002: {a: 1}\n-7: {a: 1}\n", integer_keys=True)
    assert findings == []
    assert list(document.mapping) == ["10002", "-7"]
    assert document.position(("-7",), key=True) == (2, 1)
    assert place(only("1: {2: x}\n", integer_keys=True)) == (1, 5, "key-type")
    finding = only("0x10: {a: 1}\n", integer_keys=True)
    assert place(finding) == (1, 1, "scalar")
    assert "is read as 16" in finding.message
    assert place(only("? " + "1_" * 4_000 + "1\n: {a: 1}\n", integer_keys=True)) == (1, 3, "scalar")


def test_a_merge_key_is_refused() -> None:
    finding = only("base: &b {a: 1}\nuse:\n  <<: *b\n")
    assert place(finding) == (3, 3, "key-type")
    assert "$ref" in finding.hint


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("!!str 5", "!!str"),
        ("!!int '5'", "!!int"),
        ("!!binary aGk=", "!!binary"),
        ("!!set {a, b}", "!!set"),
        ("!local [1]", "!local"),
        ("!!python/object/apply:os.system [ls]", "!!python/object/apply:os.system"),
    ],
)
def test_tags_are_refused(value: str, tag: str) -> None:
    finding = only(f"a: {value}\n")
    assert place(finding) == (1, 4, "tag")
    assert tag in finding.message
    assert finding.hint == "remove it"


def test_a_tagged_key_is_refused() -> None:
    assert place(only("!local a: 1\n")) == (1, 1, "tag")


def test_a_small_alias_works() -> None:
    document, findings = read("a: &x {k: [1, 2]}\nb: *x\nc: [*x, *x]\n")
    assert findings == []
    assert document.value == {"a": {"k": [1, 2]}, "b": {"k": [1, 2]}, "c": [{"k": [1, 2]}, {"k": [1, 2]}]}
    # What stands behind an alias is reported where it was written.
    assert document.position(("b", "k", 1)) == (1, 15)


def test_an_alias_inside_its_own_anchor_is_refused() -> None:
    assert place(only("a: &x\n  b: [1, *x]\n")) == (1, 4, "alias")


def test_a_billion_laughs_are_refused_quickly() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{chr(n)}: &{chr(n)} [{', '.join([f'*{chr(n - 1)}'] * 10)}]" for n in range(ord("b"), ord("m"))]
    started = time.perf_counter()
    finding = only("\n".join(lines))
    assert time.perf_counter() - started < 5
    assert finding.rule == "alias"
    assert "expand" in finding.message
    assert 2 <= finding.line <= len(lines)


def test_an_alias_to_nothing_and_an_anchor_set_twice_are_refused() -> None:
    assert place(only("a: *x\n")) == (1, 4, "yaml-syntax")
    assert place(only("a: &x 1\nb: &x 2\n")) == (2, 4, "yaml-syntax")


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a:\n\tb: 1\n", 2, 1, "a tab in the indentation"),
        ("a:\n  b:\n  \tc: 1\n", 3, 3, "a tab in the indentation"),
        ("a: [1, 2\nb: 1\n", 2, 2, "flow sequence"),
        ("a: 'x\nb: 1\n", 2, 5, "unexpected end"),
        ("a: b: c\n", 1, 5, "mapping values are not allowed"),
        ("a: 1\n---\nb: 2\n", 2, 1, "a single document"),
        ("%YAML 9.9\n---\na: 1\n", 1, 1, "incompatible"),
        ("a: @b\n", 1, 4, "cannot start any token"),
    ],
)
def test_syntax_errors(text: str, line: int, column: int, message: str) -> None:
    finding = only(text)
    assert place(finding) == (line, column, "yaml-syntax")
    assert message in finding.message


def test_a_colon_in_a_text_gets_a_hint() -> None:
    assert "quote the text" in only("a: one: two\n").hint


@pytest.mark.parametrize(("ending", "name"), [("\n", "LF"), ("\r\n", "CRLF"), ("\r", "CR")])
def test_line_ends_of_all_systems_count_alike(ending: str, name: str) -> None:
    assert name
    assert place(only(f"a: é{ending}bb: no{ending}")) == (2, 5, "scalar")
    assert place(only(f"a: é{ending}bb: x\x1by{ending}")) == (2, 6, "yaml-syntax")
    assert place(only(f"a: é{ending}bb: ".encode() + b"\xff" + ending.encode())) == (2, 5, "encoding")


def test_a_byte_order_mark_is_no_column() -> None:
    bom = b"\xef\xbb\xbf"
    document, findings = read(bom + b"a: 1\n")
    assert (document.value, findings) == ({"a": 1}, [])
    assert place(only(bom + b"a: no\n")) == (1, 4, "scalar")
    finding = only(bom + b"a: \xff\n")
    assert place(finding) == (1, 4, "encoding")
    assert "0xff" in finding.message


def test_bad_utf8_in_line_three() -> None:
    finding = only("a: 1\nb: é\nc: ü ".encode() + b"\xe9\n")
    assert place(finding) == (3, 6, "encoding")
    assert finding.message == "byte 0xe9 is not UTF-8"
    assert "UTF-8" in finding.hint


@pytest.mark.parametrize("data", ["a: 1\n".encode("utf-16"), "a: é\n".encode("latin-1"), b"a: \xed\xa0\x80\n"])
def test_other_encodings_are_refused(data: bytes) -> None:
    assert only(data).rule == "encoding"


@pytest.mark.parametrize("char", ["\x00", "\x01", "\x0b", "\x0c", "\x1b", "\x7f", "\x9f", "\uffff"])
def test_control_characters_are_refused_where_they_stand(char: str) -> None:
    finding = only(f"a: 日本\nb: 'ü{char}'\n")
    assert place(finding) == (2, 6, "yaml-syntax")
    assert f"U+{ord(char):04X}" in finding.message


def test_control_characters_as_escapes_are_text() -> None:
    document, findings = read('a: "\\0\\x1b\\u2028"\n')
    assert findings == []
    assert document.value == {"a": "\x00\x1b\u2028"}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "~\n", "null\n", "''\n", "\ufeff"])
def test_a_file_that_holds_nothing_is_a_finding(text: str) -> None:
    document, findings = read(text)
    assert document.value is None
    assert [place(finding) for finding in findings] == [(1, 1, "empty-file")]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000, "? " * 100_000, "[" * 300 + "]" * 300]
)
def test_deep_nesting_is_refused(text: str) -> None:
    finding = only(text)
    assert finding.rule == "yaml-syntax"
    assert finding.message == "nested more than 100 levels deep"
    assert finding.line == 1
    assert 90 <= finding.column <= 500


def test_deep_nesting_by_indentation_is_refused() -> None:
    finding = only("".join(f"{' ' * level}a:\n" for level in range(200)))
    assert (finding.rule, finding.line) == ("yaml-syntax", 102)


def test_nesting_that_people_write_is_taken() -> None:
    _, findings = read("[" * 60 + "]" * 60)
    assert findings == []


def test_all_findings_of_a_file_are_reported_and_reading_goes_on() -> None:
    document, findings = read("a: no\nb: 010\n1: x\nc: !t y\na: z\nd: fine\n")
    assert [place(finding) for finding in sorted(findings)] == [
        (1, 4, "scalar"),
        (2, 4, "scalar"),
        (3, 1, "key-type"),
        (4, 4, "tag"),
        (5, 1, "duplicate-key"),
    ]
    assert document.mapping["d"] == "fine"


def test_a_finding_at_the_very_end_stands_inside_the_file() -> None:
    finding = only("a: [1,\n")
    assert (finding.line, finding.source) == (1, "a: [1,")
    assert finding.column <= len("a: [1,") + 1


@pytest.mark.parametrize("given", CASES, ids=str)
def test_a_bad_spec_is_one_finding_with_its_place(mini: Mini, given: Case) -> None:
    assert_one_finding(mini, given)


@pytest.mark.parametrize("given", CASES, ids=str)
def test_the_good_spec_beside_it_has_nothing_to_report(mini: Mini, given: Case) -> None:
    assert_nothing_found(mini, given)


def test_an_unreadable_file_is_a_finding(mini: Mini) -> None:
    # Opening this one works even for root, reading it fails.
    mini.path(PERSON).unlink()
    mini.path(PERSON).symlink_to("/proc/self/mem")
    found = [finding for finding in findings(mini) if finding.rule == "unreadable"]
    assert [(f.file, f.line, f.column) for f in found] == [(PERSON, 1, 1)]
    assert found[0].message.startswith("cannot be read: ")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> one\n", [(2, "here")]),
        ("a: 1\r\n<<<<<<< HEAD\r\nb: 1\r\n=======\r\nb: 2\r\n>>>>>>> one\r\n", [(2, "here")]),
        ("<<<<<<< a\n||||||| b\n=======\n>>>>>>> c\nd: 1\n<<<<<<< a\n=======\n>>>>>>> c\n", [(1, "here"), (6, "here")]),
        ("a: 1\n=======\nb: 2\n>>>>>>> one\n", [(2, "line"), (4, "line")]),
        ("a: |\n  <<<<<<< HEAD\n  =======\n  >>>>>>> one\n", []),
        ("# ======= a rule\n# <<<<<<< HEAD\na: 1\n", []),
        ("a: '========'\n", []),
    ],
)
def test_each_conflict_that_a_merge_left_is_told_at_its_first_line(text: str, found: list[tuple[int, str]]) -> None:
    document, findings = parse("spec/x.yaml", text.encode())
    assert [(f.line, f.rule) for f in findings] == [(line, "merge-conflict") for line, _ in found]
    assert all(f.message.endswith(word) for f, (_, word) in zip(findings, found, strict=True))
    assert (document.value is None) == bool(found)


@pytest.mark.parametrize("kept", ["5", "[]", "{", '{"value": 1, "start": [1], "places": {}}'])
@pytest.mark.parametrize("places", ["[1]", '"ab"', '{"a": []}', '{"a": 5}', '{"a": [1, 2, 3]}'])
def test_what_another_program_kept_is_refused(tmp_path: Path, kept: str, places: str) -> None:
    for text in (kept, f'{{"value": {{}}, "start": [1, 1], "places": {places}}}'):
        with pytest.raises((ValueError, KeyError, TypeError)):
            recalled("spec/api.yaml", text, tmp_path / "api.yaml")


def test_what_was_kept_of_a_file_tells_where_its_parts_stand(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("# one\na:\n  b: 1\n", encoding="utf-8")
    document, findings = parse("a.yaml", (tmp_path / "a.yaml").read_bytes())
    assert not findings
    again = recalled("a.yaml", remembered(document, with_places=True), tmp_path / "a.yaml")
    assert again == document
    for path in ((), ("a",), ("a", "b"), ("c",)):
        for key in (False, True):
            assert again.position(path, key=key) == document.position(path, key=key)
    (tmp_path / "a.yaml").unlink()
    assert recalled("a.yaml", remembered(document, with_places=False), tmp_path / "a.yaml").position(("a", "b")) == (
        2,
        1,
    )
