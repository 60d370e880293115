"""What the tests of importing share."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.minispec import Mini, make
from support.vendor import ERRORS, SHARED


@pytest.fixture
def mini(tmp_path: Path) -> Mini:
    project = make(tmp_path)
    project.write("spec/schemas/message.yaml", SHARED)
    project.write("spec/errors.yaml", project.read("spec/errors.yaml") + ERRORS)
    return project
