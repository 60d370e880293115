"""Values and texts of the spec in Python source."""

from __future__ import annotations

import ast
import io
import json
import math
import tokenize

from hypothesis import example, given
from hypothesis import strategies as st

from timgen.language.literals import literal
from timgen.modelling.arguments import call_source
from timgen.modelling.model import Argument
from timgen.rendering.filters import comment, docstring

texts = st.text(max_size=60) | st.text("ab \"'\\\n\r\t{}#%N\u2028\u0085\u202e\x00", max_size=30)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5), max_leaves=25
)


def same(left: object, right: object) -> bool:
    """Whether two JSON values are equal, 1 and true and 1.0 kept apart."""
    return json.dumps(left) == json.dumps(right)


@given(values, st.integers(0, 40))
@example({"a" * 60: ["b" * 60, {"c": []}]}, 4)
@example("\ud800", 0)
@example(-0.0, 0)
def test_a_literal_is_its_value(value: object, indent: int) -> None:
    source = literal(value, indent)
    assert same(ast.literal_eval(source), value)
    source.encode()


@given(st.lists(texts, max_size=3))
def test_tuples_stay_tuples(items: list[str]) -> None:
    assert ast.literal_eval(literal(tuple(items))) == tuple(items)


@given(st.dictionaries(st.sampled_from(["Name", "Größe", "class", "List"]) | texts, values, max_size=6))
def test_a_call_has_the_body_s_values(body: dict[str, object]) -> None:
    arguments = [Argument("name", "Name", "str", False, "", {}), Argument("class_", "class", "str", False, "", {})]
    node = ast.parse(call_source("client.a.b", arguments, body), mode="eval").body
    assert isinstance(node, ast.Call)
    assert ast.unparse(node.func) == "client.a.b"
    given_ = {keyword.arg: ast.literal_eval(keyword.value) for keyword in node.keywords}
    rebuilt = {"Name" if name == "name" else "class": value for name, value in given_.items() if name != "extra"}
    rebuilt.update(given_.get("extra", {}))
    assert same(dict(sorted(rebuilt.items())), dict(sorted(body.items())))


def in_docstring(text: str, indent: int) -> str:
    """Return the docstring of a function whose docstring `text` is; fails when anything else is there."""
    margin = " " * indent
    tree = ast.parse(f'if 1:\n{margin}"""{docstring(text, indent)}"""\n')
    (statement,) = tree.body
    assert isinstance(statement, ast.If)
    (inner,) = statement.body
    assert isinstance(inner, ast.Expr)
    assert isinstance(inner.value, ast.Constant)
    assert isinstance(inner.value.value, str)
    return inner.value.value


@given(texts, st.integers(1, 20))
@example('"', 4)
@example('"""', 4)
@example('""""', 4)
@example("\\", 4)
@example('\\"', 4)
@example("ends with a quote\"\n\n'", 4)
@example("\\N{DASH} \\x \\u12", 4)
def test_a_docstring_has_the_words_and_nothing_escapes(text: str, indent: int) -> None:
    assert in_docstring(text, indent).split() == text.split()


@given(texts)
@example("\u202e\x1b[31m")
def test_a_docstring_s_source_shows_what_does_not_print(text: str) -> None:
    assert all(line.isprintable() for line in docstring(text).split("\n"))


@given(st.lists(st.text("abc.", min_size=1, max_size=12), min_size=1, max_size=80), st.integers(1, 20))
def test_docstrings_are_wrapped(words: list[str], indent: int) -> None:
    lines = docstring(" ".join(words), indent).split("\n")
    assert all(len(line) <= 100 for line in lines)
    assert all(line.startswith(" " * indent) for line in lines[1:])


@given(st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=5))
def test_paragraphs_stay_apart(paragraphs: list[str]) -> None:
    assert [part.strip() for part in docstring("\n \n".join(paragraphs), 4).split("\n\n")] == paragraphs


@given(texts)
@example("a\u2028b")
@example("\\")
def test_a_comment_ends_with_its_line(text: str) -> None:
    source = f"# {comment(text)}\nx = 1\n"
    kinds = [token.type for token in tokenize.generate_tokens(io.StringIO(source).readline)]
    assert kinds[0] == tokenize.COMMENT
    assert kinds.count(tokenize.COMMENT) == 1
    assert ast.unparse(ast.parse(source)) == "x = 1"
    assert len(source.splitlines()) == 2


def test_numbers_that_json_lacks_are_no_values() -> None:
    assert literal(0.1) == "0.1"
    assert not math.isnan(ast.literal_eval(literal(1e308)))
