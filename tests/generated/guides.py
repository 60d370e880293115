"""The code in the guides."""

from __future__ import annotations

import re
from pathlib import Path

GUIDES = Path(__file__).parents[2] / "generated" / "docs" / "guides"


def block(page: str, language: str, start: str) -> str:
    """Return the one block of a page in a language that begins with `start`."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (GUIDES / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    (found,) = [text for text in blocks if text.startswith(start)]
    return str(found)
