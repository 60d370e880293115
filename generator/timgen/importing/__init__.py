"""Importing: a page of the vendor's documentation becomes the draft of a command's or webhook's file.

Facts are taken over, sentences are not: where the spec needs words, or a decision, the draft has the
mark `TODO`, which the rule `todo` finds.
"""

from __future__ import annotations

from timgen.importing.draft import Draft, drafts_of, known_in
from timgen.importing.files import read_drafts, write_drafts, write_new
from timgen.importing.page import PageError

__all__ = ["Draft", "PageError", "drafts_of", "known_in", "read_drafts", "write_drafts", "write_new"]
