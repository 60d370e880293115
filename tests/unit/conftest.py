"""What the tests of the generator share."""

from pathlib import Path

import pytest

from support import minispec
from support.minispec import Mini


@pytest.fixture
def mini(tmp_path: Path) -> Mini:
    """Return a small valid project to change."""
    return minispec.make(tmp_path)
