"""The mark of a place in the spec where a person must still decide."""

from __future__ import annotations

import re

TODO = "TODO"

_MARK = re.compile(rf"\b{TODO}\b")


def is_marked(value: object) -> bool:
    """Whether `value` is text with the mark: `TODO`, or `TODO: and a question`."""
    return isinstance(value, str) and TODO in value and bool(_MARK.search(value))
