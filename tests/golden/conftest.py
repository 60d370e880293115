"""One generated client that holds all cases, made once a run."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from golden.support import PACKAGE, all_cases, make_project
from timgen.modelling.model import Api
from timgen.pipeline import load_api


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="Write what is generated to tests/golden/cases.")


@dataclass(frozen=True)
class Generated:
    """The client of all cases."""

    api: Api
    folder: Path
    """Holds the package, under a name that no other package has."""
    package: ModuleType

    def module(self, name: str) -> ModuleType:
        return import_module(f"{PACKAGE}.{name}")


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    mini = make_project(tmp_path_factory.mktemp("cases"), all_cases(), "client")
    result = mini.timgen("generate")
    assert result.returncode == 0, result.stdout + result.stderr
    folder = tmp_path_factory.mktemp("client")
    shutil.copytree(mini.root / "generated/client/tencent_chat", folder / PACKAGE)
    sys.path.insert(0, str(folder))
    try:
        yield Generated(load_api(mini.root), folder, import_module(PACKAGE))
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
            del sys.modules[name]
