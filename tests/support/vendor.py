"""What the tests of importing share: pages, the spec that they are read beside, and what becomes of them."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import strategies as st

from support.minispec import Mini
from support.paths import ROOT
from timgen.importing import drafts_of, known_in
from timgen.importing.bodies import Known
from timgen.reading.spec import read_spec

PAGES = ROOT / "tests" / "unit" / "importing" / "pages"

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

ERRORS = """\
10004: {name: BAD, message: It is wrong., fix: Correct it., category: server, retry: never}
"""

NOTHING_KNOWN = Known({}, frozenset(), frozenset({"ErrorCode"}), frozenset())

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


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
