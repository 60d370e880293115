"""What the tests of vendored copies share."""

import pytest

from support.minispec import Mini
from timgen.modelling.build import Built
from timgen.pipeline import load
from timgen.reading import project
from timgen.tools.vendor.making import Made
from timgen.tools.vendor.record import Options, Record


@pytest.fixture
def built(mini: Mini) -> Built:
    """Return the model of the mini project."""
    found, findings = load(mini.root)
    assert found is not None, findings
    return found


@pytest.fixture(scope="session")
def whole() -> Built:
    """Return the model of this release."""
    found, findings = load(project.packaged().root)
    assert found is not None, findings
    return found


def made(files: dict[str, bytes], version: str = "1.0.0") -> Made:
    """Return a copy that should hold `files`."""
    from timgen.reading.inputs import sha256

    hashes = {path: sha256(data) for path, data in files.items()}
    return Made(files, Record("chat", version, "0.1.0", Options(), hashes))
