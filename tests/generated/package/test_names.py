"""The package has the names that the spec gives it."""

from __future__ import annotations

import tomllib

import pytest

import tencent_chat
from generated.imports import ROOT
from support import minispec
from tencent_chat._tables import protocol

NAMES = minispec.CLIENT


def test_the_package_and_its_distribution() -> None:
    assert tencent_chat.__name__ == NAMES["package"]
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert metadata["project"]["name"] == NAMES["distribution"]


def test_the_classes_of_the_client() -> None:
    for name in (NAMES["class"], f"Async{NAMES['class']}"):
        assert getattr(tencent_chat, name).__name__ == name


def test_the_root_of_the_exceptions() -> None:
    root = getattr(tencent_chat, NAMES["error"])
    names = [name for name in tencent_chat.__all__ if name.endswith("Error") and name != "UserSigError"]
    assert all(issubclass(getattr(tencent_chat, name), root) for name in names)


def test_variables_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert NAMES["environment"] == protocol.ENVIRONMENT
    for name, value in (("SDKAPPID", "1400000000"), ("SECRET_KEY", "dummy"), ("REGION", "seoul")):
        monkeypatch.setenv(f"{NAMES['environment']}{name}", value)
    client = getattr(tencent_chat, NAMES["class"]).from_env()
    assert client.sdkappid == 1400000000
    client.close()
