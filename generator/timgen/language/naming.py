"""Names: from the wire to Python."""

from __future__ import annotations

import keyword
import re
import unicodedata
from functools import cache

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_MODEL_ATTRIBUTES = """
construct copy dict from_orm json parse_file parse_obj parse_raw schema schema_json update_forward_refs validate
model_computed_fields model_config model_construct model_copy model_dump model_dump_json model_extra model_fields
model_fields_set model_json_schema model_parametrized_name model_post_init model_rebuild model_validate
model_validate_json model_validate_strings raw http_status http_headers failures raise_for_failures done_before context
"""
_METHOD_ARGUMENTS = "self cls extra identifier timeout retry"
_ANNOTATED_TYPES = "bool bytes float int list object str"

ENVELOPE_CLASS = "Response"
ENVELOPE_MODULE = "envelope"
ENVELOPE_KEY = f"{ENVELOPE_MODULE}.{ENVELOPE_CLASS}"

RESERVED = frozenset(f"{_MODEL_ATTRIBUTES} {_METHOD_ARGUMENTS} {_ANNOTATED_TYPES}".split())
"""Names that a field must not have: the models or the methods need them."""


@cache
def python_name(wire_name: str) -> str:
    """Return the snake_case name of a field: `To_Account` → `to_account`, `UserID` → `user_id`, `class` → `class_`.

    Different wire names can give the same name; the rule `name-collision` finds that.
    """
    text = unicodedata.normalize("NFKC", wire_name)
    text = "".join(char if char == "_" or char.isalnum() else "_" for char in text)
    text = re.sub(r"_+", "_", _WORD_STARTS.sub("_", text)).strip("_").lower()
    if not text.isidentifier():
        text = f"field_{text}".rstrip("_")
    if not text.isidentifier():
        text = "field_" + "_".join(f"{ord(char):x}" for char in wire_name)
    return f"{text}_" if keyword.iskeyword(text) or text in RESERVED else text


def pascal(name: str) -> str:
    """Return `name` as part of a class name: `member_list` → `MemberList`, `To_Account` → `ToAccount`."""
    # Python takes some numerals of older scripts for alphanumeric, but in no name.
    words = "".join(
        char if char.isalnum() and f"a{char}".isidentifier() else "_" for char in unicodedata.normalize("NFKC", name)
    )
    # In upper case some letters become several.
    text = unicodedata.normalize("NFKC", "".join(word[:1].upper() + word[1:] for word in words.split("_")))
    return text if text.isidentifier() else f"Field{text or '_'.join(f'{ord(char):x}' for char in name)}"


def class_prefix(function: str, noun: str) -> str:
    """Return the class name prefix of a method: `create` of a Group → `CreateGroup`, `add_members` → `AddGroupMembers`.

    A function that names the noun itself does not repeat it: `import_account` → `ImportAccount`.
    """
    verb, *rest = function.rstrip("_").split("_")
    if any(word.removesuffix("s") == noun.lower() for word in rest):
        return pascal(function)
    return pascal(verb) + noun + "".join(pascal(word) for word in rest)


def item_name(wire_name: str) -> str:
    """Return the class name part for the items of a list: `MemberList` → `Member`, `UserAttrs` → `UserAttr`."""
    name = pascal(re.sub(r"_?(List|Array)$", "", wire_name) or wire_name)
    if name.endswith("ies") and len(name) > 4:
        return name[:-3] + "y"
    if name.endswith("s") and not name.endswith(("ss", "us", "is")):
        return name[:-1]
    return name


def module_name(name: str) -> str:
    """Return the module name for a method or a webhook command: `Room.BeforeCreate` → `room_before_create`."""
    return python_name(name.replace(".", "_"))


def iterator_name(function: str) -> str:
    """Return the name of the method that reads all pages of `function`: `list_members` → `iter_members`."""
    return f"iter_{function.removeprefix('list_').removeprefix('get_')}"


def batch_name(function: str) -> str:
    """Return the name of the method that takes longer lists than `function`."""
    return f"{function}_many"
