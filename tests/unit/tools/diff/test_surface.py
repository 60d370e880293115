from __future__ import annotations

from collections.abc import Callable

import pytest

from support.spec_changes import SURFACE, Change


@pytest.mark.parametrize("change", SURFACE, ids=str)
def test_a_change_is_told_and_so_is_its_reverse(tell: Callable[[Change], None], change: Change) -> None:
    tell(change)
