r"""Patterns: what every engine reads alike is admitted, and `$` is the very end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import SchemaValidator, ValidationError

from support.effort import cases
from timgen.language.patterns import compiled, mistake


@pytest.mark.parametrize(
    "pattern",
    [
        "", "^[0-9]$", "a|b", "^(?:a|b)+$", r"[\-a-z\]]{2,3}?", r"\$\.", r"[^\n]*", r"\u0041\x42\t\r\f\v", r"a\/b",
        "a/b", "[a-]", "[-a]", "[$.]$", "(a)(b)", "[{}()|*+?^]", "a{2}b{2,}c{1,2}", "Größe",
        "[ä-ü]", "<>=!:#&~-", r"\\", "x--y",
    ],
)  # fmt: skip
def test_patterns_that_are_admitted(pattern: str) -> None:
    assert mistake(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        (r"a\d", r"\d"), (r"[\W]", r"\W"), (r"\S", r"\S"), (r"\b", r"\b"), (r"[\b]", r"\b"), (r"\PL", r"\P"),
        (r"\z", r"\z"),
        (r"(a)\1", r"\1"), (r"(?P<a>b)(?P=a)", "(?P<"), ("(?<a>b)", "(?<"), ("(?!a)", "(?!"), ("(?<=a)b", "(?<="),
        ("(?i:a)", "(?"), ("(?#a)", "(?"), ("(?>a)", "(?>"), ("a?+", "?+"), ("a{1,2}+", "{1,2}+"), (".", "."),
        ("[]", "[]"), ("[^]", "[^]"), ("[a--b]", "--"), ("[~~]", "~~"), ("[||]", "||"), ("[[:alpha:]]", "["),
        ("a{", "{"), ("{1}}", "}"), ("a]", "]"), (r"\#", r"\#"), (r"\0", r"\0"), (r"\u12", r"\u"),
        (r"\uDfFf", r"\u"), (r"\a", r"\a"),
    ],
)  # fmt: skip
def test_parts_that_engines_read_differently(pattern: str, part: str) -> None:
    found = mistake(pattern)
    assert found is not None
    assert found.part == part
    assert found.message.startswith(f"`{part}` ")
    assert found.hint


@pytest.mark.parametrize(
    "pattern", ["(", ")", "[a", "a**", "*", "^*", "a{2,1}", "[b-a]", "\\", "a{99999999999}", "(" * 999]
)
def test_what_is_no_pattern(pattern: str) -> None:
    found = mistake(pattern)
    assert found is not None
    assert found.part is None


parts = st.sampled_from(
    [
        *("a", "b", "1", "é", "\U0001f600", "^", "$", "(?:", "(", ")", "|", "*", "+?", "{2}", "{1,}"),
        *("[ab]", "[^a]", "[a-c\\]]", r"\.", r"\n", r"\u0061", r"\$", "[", "]", "-", "\n", "[$]", "/", " "),
    ]
)
texts = st.text(st.sampled_from("ab1é\U0001f600\n$.]- /"), max_size=8)


@settings(max_examples=cases(300), derandomize=True, database=None)
@given(pattern=st.lists(parts, max_size=6).map("".join), text=texts)
def test_python_reads_them_as_the_client_does(pattern: str, text: str) -> None:
    if mistake(pattern) is not None:
        return
    client = SchemaValidator({"type": "str", "pattern": pattern})
    try:
        client.validate_python(text)
    except ValidationError:
        assert not compiled(pattern).search(text)
    else:
        assert compiled(pattern).search(text)
