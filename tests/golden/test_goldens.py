"""What is generated for each case, byte for byte. `pytest tests/golden --update-goldens` writes it anew."""

from __future__ import annotations

import shutil

import pytest

from golden.conftest import Generated
from golden.support import PACKAGE, Case, all_cases


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_the_generated_modules_are_the_golden_ones(
    case: Case, generated: Generated, request: pytest.FixtureRequest
) -> None:
    folder = case.folder / "expected"
    files = {f"{path}.golden": text for path, text in case.generated(generated.folder / PACKAGE).items()}
    if request.config.getoption("--update-goldens", default=False):
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())
    expected = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.golden")}
    assert sorted(files) == sorted(expected)
    for path, text in files.items():
        assert text == expected[path].read_bytes().decode(), path
