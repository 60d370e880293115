"""CONTRIBUTING: what it says of the code is so, and what it says to write works."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import timgen
from support.paths import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PACKAGE = Path(timgen.__file__).parent


def section(title: str) -> str:
    """Return what stands below a heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^##+ |\Z)", TEXT, flags=re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def test_the_plan_has_every_room() -> None:
    rows = re.findall(r"^\| ((?:`[a-z/]+`(?:, )?)+) \|", section("The plan"), flags=re.MULTILINE)
    named = {name.rstrip("/") for row in rows for name in re.findall("`([a-z/]+)`", row)}
    rooms = {path.stem for path in PACKAGE.iterdir() if not path.name.startswith("_") and path.suffix in ("", ".py")}
    assert named == rooms


def test_the_way_of_a_value_leads_through_places_that_exist() -> None:
    named = re.findall("`([a-z_]+/[a-z_]+(?:/[a-z_]+)*)`", section("The way of one value"))
    assert len(named) >= 6
    for name in named:
        assert (PACKAGE / f"{name}.py").is_file(), name
    for name in re.findall(r"`((?:spec|models|docs)/[\w/.]+)`", section("The way of one value")):
        homes = (
            ROOT,
            ROOT / "templates",
            *(ROOT / folder / "client/tencent_chat" for folder in ("templates", "generated")),
        )
        assert any((home / name).is_file() for home in homes), name
    model = (ROOT / "generated/client/tencent_chat/models/groups/create.py").read_text(encoding="utf-8")
    assert 'name: Annotated[Utf8Max30, Field(alias="Name")]' in model


def test_classes_have_the_names_that_it_says() -> None:
    classes = {
        name
        for path in (ROOT / "generated/client/tencent_chat/models").rglob("*.py")
        for name in re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    }
    rows = [line.split("|")[2] for line in section("Names of classes").splitlines() if line.startswith("| ")]
    named = {name for cell in rows for name in re.findall("`([A-Z][A-Za-z]+)`", cell)}
    assert len(named) >= 8
    assert named <= classes


def test_what_is_added_to_the_catalogue_is_generated(tmp_path: Path) -> None:
    for folder in ("spec", "templates", "generated"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    blocks = re.findall(r"```yaml\n# (spec/\S+)\n(.*?)```", section("Adding to the catalogue"), flags=re.DOTALL)
    assert len(blocks) == 3
    for path, text in blocks:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        old = file.read_text(encoding="utf-8") if file.is_file() else ""
        file.write_text(old + text, encoding="utf-8")
    command = [sys.executable, "-m", "timgen", "--root", str(tmp_path), "generate"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    client = tmp_path / "generated/client/tencent_chat"
    assert "class StormOverEvent(" in (client / "models/webhooks/weather_callback_after_storm.py").read_text("utf-8")
    assert "STORM = 79999" in (client / "error_codes.py").read_text("utf-8")
    assert "weather_svc" in (tmp_path / "generated/docs/services.md").read_text("utf-8")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z-]+)", TEXT))))
def test_its_targets_exist(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)
