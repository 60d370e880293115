from __future__ import annotations

from collections.abc import Callable

import pytest

from support.spec_changes import KEYWORDS, Change


@pytest.mark.parametrize("change", KEYWORDS, ids=str)
def test_a_change_is_told_and_so_is_its_reverse(tell: Callable[[Change], None], change: Change) -> None:
    tell(change)
