import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from timgen.rendering.markdown import code, escape

HOSTILE = [
    "a|b",
    "`code` ``` *b* _i_ __init__ ~~no~~ $x$",
    "<script>alert(1)</script> <https://example.com> &lt; &#60;",
    "[text](javascript:alert(1)) ![image](x) [^1]",
    "{{ 7 * 7 }} {% raw %} {# no #}",
    "# heading",
    "- item",
    "1. item",
    "line\n\n# heading\n```\nfence",
    "trailing backslash \\",
    "\\| \\",
]

texts = st.text(st.sampled_from("ab1 _*`|<>[]()\\{}%#&;~$!-+=.:\"'\n\tñ"), max_size=30)


def render(source: str) -> list[str]:
    """Return the text of the table cell that `source` is alone in; fails when it is not alone."""
    tokens = MarkdownIt("commonmark").enable("table").parse(f"| h | t |\n| --- | --- |\n| {source} | end |\n")
    cells = [token for token in tokens if token.type == "inline"]
    assert [token.content for token in cells[:2]] == ["h", "t"]
    assert len(cells) == 4
    assert cells[3].content == "end"
    return [f"{token.type}:{token.content}" for token in cells[2].children or []]


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_shows_as_it_is(text: str) -> None:
    assert "".join(part.removeprefix("text:") for part in render(escape(text))) == " ".join(text.split())


@given(texts)
def test_escaped_text_is_nothing_but_text(text: str) -> None:
    parts = render(escape(text))
    assert all(part.startswith("text:") for part in parts)
    assert "".join(part.removeprefix("text:") for part in parts) == " ".join(text.split())


@given(texts)
def test_escaped_text_starts_no_block(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(escape(text))
    assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"])


@given(st.text("ab{}%#", max_size=8))
def test_no_text_holds_a_template(text: str) -> None:
    assert not any(mark in escape(text) + code(text) for mark in ("{{", "}}", "{%", "%}", "{#", "#}"))


@pytest.mark.parametrize("text", ["To_Account", "100 % of (a, b); x=1", "An {} is sent.", "a - b + c", "no. 1"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert escape(text) == text


@given(texts)
def test_code_shows_as_it_is_in_a_table_and_outside(text: str) -> None:
    shown = " ".join(text.split())
    outside = MarkdownIt("commonmark").parseInline(code(text))[0].children or []
    inside = MarkdownIt("commonmark").enable("table").parse(f"| h |\n| --- |\n| {code(text)} |\n")
    cell = [token for token in inside if token.type == "inline"][1].children or []
    for tokens in (outside, cell):
        assert [token.content for token in tokens if token.type == "html_inline"] in ([], ["<code>", "</code>"])
        assert {token.type for token in tokens} <= {"code_inline", "html_inline", "text"}
        content = "".join(token.content for token in tokens if token.type != "html_inline")
        assert " ".join(content.split()) == shown


def test_code_is_a_plain_span_where_it_can_be() -> None:
    assert code("MemberList[].Role") == "`MemberList[].Role`"


def test_what_does_not_print_is_shown() -> None:
    assert escape("a\u202eb\x00") == r"a\\u202eb\\x00"
    assert code("a\u202eb\x00") == r"`a\u202eb\x00`"
