"""Names for whatever the API may call a field."""

from __future__ import annotations

import keyword
import unicodedata

from hypothesis import assume, example, given
from hypothesis import strategies as st

from timgen.language.naming import RESERVED, class_prefix, item_name, module_name, pascal, python_name

# As in JSON: any text but halves of surrogate pairs. Letters that change their length in another case come often.
wire_names = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.text(
    "aA1_. İßǆªºﬀⅷΣς\u0345\u0301-", max_size=12
)
words = st.from_regex(r"[a-z][a-z0-9_]*", fullmatch=True)
nouns = st.from_regex(r"[A-Z][A-Za-z0-9]*", fullmatch=True)


def is_name(text: str) -> bool:
    """Whether Python takes `text` as a name, and as this very one."""
    return text.isidentifier() and not keyword.iskeyword(text) and unicodedata.normalize("NFKC", text) == text


@given(wire_names)
@example("İ")
@example("\u0345")
@example("ªA")
@example("ǅ")
def test_a_field_gets_a_name_that_python_keeps(wire: str) -> None:
    name = python_name(wire)
    assert is_name(name)
    assert name not in RESERVED
    assert not name.startswith("_")
    namespace: dict[str, object] = {}
    exec(f"{name} = 1", namespace)
    assert name in namespace


@given(wire_names)
def test_the_name_of_a_name_is_itself(wire: str) -> None:
    name = python_name(wire)
    # In lower case some letters become two, of which the second is a mark.
    assume(all(char == "_" or char.isalnum() for char in name))
    assert python_name(name) == name


@given(st.from_regex(r"[A-Z][a-z]{1,8}(_?[A-Z][a-z]{1,8}){0,4}", fullmatch=True))
def test_words_of_usual_names_stay_apart(wire: str) -> None:
    assert python_name(wire).rstrip("_").split("_") == [
        word.lower() for word in "".join(f" {c}" if c.isupper() else c for c in wire).replace("_", " ").split()
    ]


@given(wire_names)
@example("ª")
@example("ﬀ")
@example("true")
@example("\U000108fb")
@example("a\U000108fb")
@example("\u0390")
def test_parts_of_class_names_make_a_class_name(wire: str) -> None:
    for part in (pascal(wire), item_name(wire)):
        assert is_name(f"Create{part}")


@given(words, nouns)
def test_commands_make_class_names(function: str, noun: str) -> None:
    assert is_name(class_prefix(function, noun))
    assert is_name(module_name(function))
