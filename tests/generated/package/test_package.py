"""The generated client as a package: a wheel, and a folder under any name."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement

CLIENT = Path(__file__).parents[3] / "generated" / "client"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(CLIENT, source, ignore=shutil.ignore_patterns("__pycache__", "dist", "build"))
    # Without --wheel: first the source distribution, then the wheel from that.
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), str(source)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    (built,) = (folder / "dist").glob("*.whl")
    return built


def test_the_wheel_holds_the_package_and_its_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    sources = {path.relative_to(CLIENT).as_posix() for path in CLIENT.glob("tencent_chat/**/*.py")}
    assert sources <= names
    assert "tencent_chat/py.typed" in names


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (place,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Metadata.from_email(archive.read(place), validate=True)
        names = archive.namelist()
    assert (metadata.name, metadata.license_expression) == ("tencent-chat", "MIT")
    assert metadata.license_files == ["tencent_chat/LICENSE"]
    assert metadata.author_email
    assert metadata.project_urls
    assert set(metadata.provides_extra or ()) == {"async", "redis"}
    assert "Typed Python client" in (metadata.description or "")
    assert {"tencent_chat/LICENSE", "tencent_chat/CHANGELOG.md"} <= set(names)


def test_the_changelog_knows_the_version() -> None:
    project = tomllib.loads((CLIENT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (CLIENT / "tencent_chat" / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {project['version']} " in changelog


def test_what_messages_recommend_are_the_libraries_of_the_extras() -> None:
    """The distribution itself is on no index, so that its extras cannot be named."""
    extras = tomllib.loads((CLIENT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    libraries = {Requirement(entry).name for entries in extras.values() for entry in entries}
    texts = "\n".join(path.read_text(encoding="utf-8") for path in (CLIENT / "tencent_chat").rglob("*.py"))
    recommended = {name for line in re.findall(r"pip install ([a-z ]+)[\"']", texts) for name in line.split()}
    assert "pip install 'tencent" not in texts
    assert recommended <= libraries


def test_the_wheel_works_on_its_own(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = "import tencent_chat; tencent_chat.models.TextElem; print(tencent_chat.__file__)"
    result = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(result.stdout.strip()).is_relative_to(tmp_path)


def test_the_folder_works_under_any_name(tmp_path: Path) -> None:
    target = tmp_path / "app" / "vendor" / "im"
    shutil.copytree(CLIENT / "tencent_chat", target)
    for package in (tmp_path / "app", tmp_path / "app" / "vendor"):
        (package / "__init__.py").touch()
    program = """
import sys
from app.vendor.im import ChatClient, COMMANDS, ErrorCode, models
client = ChatClient(1400000000, "dummy", region="singapore")
client.preload()
assert COMMANDS["openim/sendmsg"].request_model.__module__.startswith("app.vendor.im.")
assert ErrorCode.INVALID_SDKAPPID.fix
assert models.CreateGroupMember(member_account="bob")
assert not any(name.split(".")[0] == "tencent_chat" for name in sys.modules)
print("fine")
"""
    result = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.stdout == "fine\n", result.stderr
