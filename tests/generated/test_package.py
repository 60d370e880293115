"""The generated client as a package: a wheel, and a folder under any name."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CLIENT = Path(__file__).parents[2] / "generated" / "client"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(CLIENT, source, ignore=shutil.ignore_patterns("__pycache__", "dist", "build"))
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder / "dist"), str(source)]
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
