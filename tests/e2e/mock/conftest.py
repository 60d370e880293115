"""What the tests of the mock share."""

import pytest

from timgen.modelling.model import Api
from timgen.pipeline import load_api
from timgen.reading import project


@pytest.fixture(scope="module")
def api() -> Api:
    return load_api(project.packaged().root)
