"""What the tests of publishing share."""

from pathlib import Path

import pytest

from support.outputs import OLD, put


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return an output folder that holds OLD."""
    folder = tmp_path / "generated"
    put(folder, OLD)
    return folder
