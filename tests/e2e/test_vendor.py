"""An app with a copy of the client deep inside of its own package, kept up to date by the command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.app import App, make_app
from support.calling import call
from support.paths import ROOT
from tencent_chat_emulator import Emulator
from timgen.pipeline import load_api
from timgen.reading import project

WHOLE = ROOT / "generated" / "client" / "tencent_chat"
ONLY = ("--only", "messages.send,groups", "--no-async", "--no-cli")
CREATE = "v4/group_open_http_svc/create_group.yaml"

GROUP = {"Type": "Public", "Name": "g", "GroupId": "g", "Owner_Account": "bob"}

# Strict type checkers read hundreds of modules, beside whatever else the machine does.
pytestmark = pytest.mark.timeout(400)

MAIN = """\
import json
import sys

from app.vendor.deep.chat import COMMANDS, ChatAPIError, ChatClient, ErrorCode, Retry, models


def make(url: str, sdkappid: int, key: str) -> ChatClient:
    return ChatClient(sdkappid, key, base_url=url, retry=Retry(attempts=1))


def group(client: ChatClient) -> str | None:
    return client.groups.create(type="Public", name="Sailors", face_url="https://example.com/a.png").group_id


def greet(client: ChatClient) -> str | None:
    return client.messages.send(to_account="bob", msg_body=[models.TextElem("hi")]).action_status


if __name__ == "__main__":
    with make(sys.argv[1], int(sys.argv[2]), sys.argv[3]) as client:
        pages = [member.member_account for member in client.groups.iter_members(group_id="g", max_items=1)]
        answer = client.call("im_open_login_svc/account_import", {"UserID": "bob"})
        client.preload()
        try:
            client.call("profile/portrait_get", {})
            refused = ""
        except ChatAPIError as error:
            refused = f"{type(error).__name__} {error.code} {error.message}"
        found = {
            "group": group(client),
            "greeting": greet(client),
            "pages": len(pages),
            "pruned": type(answer).__name__,
            "expired": ErrorCode.USERSIG_EXPIRED.retry,
            "refused": refused,
            "commands": len(COMMANDS),
            "foreign": sorted(name for name in sys.modules if name.split(".")[0] in ("tencent_chat", "timgen")),
        }
        print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    """Return an app with the copy that this release makes, outside of any project; nobody changes it."""
    made = make_app(tmp_path_factory.mktemp("somebody"), MAIN)
    made.vendor(*ONLY)
    return made


@pytest.fixture(scope="module")
def service() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


def sizes(folder: Path) -> tuple[int, int]:
    """Return the number of files and of bytes."""
    files = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return len(files), sum(path.stat().st_size for path in files)


def called(app: App, service: Emulator) -> dict[str, object]:
    service.reset()
    call(service, "im_open_login_svc/account_import", {"UserID": "bob"})
    call(service, "group_open_http_svc/create_group", GROUP)
    result = app.run("app.main", service.url, str(service.sdkappid), service.secret_key)
    assert result.returncode == 0, result.stderr
    found = dict(json.loads(result.stdout))
    # The rest of the ID is of this one group.
    return {**found, "group": found["group"][:5]}


def test_the_copy_says_what_it_is(app: App) -> None:
    record = app.record
    assert record["client"] == "tencent-chat"
    assert record["version"] == load_api(project.packaged().root).version
    assert record["options"] == {"only": ["groups", "messages.send"], "async": False, "cli": False}
    result = app.run("timgen", "vendor", "app/vendor/deep/chat", "--check")
    assert result.returncode == 0, result.stdout + result.stderr


def test_it_calls_the_service(app: App, service: Emulator) -> None:
    assert called(app, service) == {
        "group": "@TGS#",
        "greeting": "OK",
        "pages": 1,
        "pruned": "Response",
        "expired": "resign",
        # The code is one of the commands that are not there.
        "refused": "ChatAPIError 40002 Version 0.1.0 of this client does not know the code.",
        "commands": 1 + sum(command.namespace == "groups" for command in load_api(ROOT).commands),
        "foreign": [],
    }
    assert "openim/sendmsg" in [received.command for received in service.calls]


def test_type_checkers_accept_it_and_its_use(app: App) -> None:
    assert app.mypy().startswith("Success"), app.mypy()
    found = app.pyright()
    assert "0 errors" in found, found


def test_it_is_less_than_half_of_the_whole(app: App) -> None:
    files, size = sizes(app.copy)
    whole_files, whole_size = sizes(WHOLE)
    assert files < whole_files / 2
    assert size < whole_size / 2


def test_what_it_kept_is_as_in_the_whole(app: App) -> None:
    for folder in ("models/groups", "_bodies", "_network", "_support"):
        for path in (app.copy / folder).rglob("*.py"):
            assert path.read_bytes() == (WHOLE / path.relative_to(app.copy)).read_bytes(), path
    assert (app.copy / "namespaces/groups.py").read_bytes() == (WHOLE / "namespaces/groups.py").read_bytes()


def test_every_module_of_it_loads(app: App) -> None:
    modules = [
        ".".join(path.relative_to(app.root).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(app.copy.rglob("*.py"))
    ]
    # Needs libraries that are an extra.
    code = "\n".join(f"import {module}" for module in modules if not module.endswith("redis_limits"))
    (app.root / "everything.py").write_text(f"{code}\nfrom app.vendor.deep.chat import *\n", encoding="utf-8")
    result = app.run("everything")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "program",
    [
        "from {0} import ChatClient, ErrorCode, COMMANDS, Region, ChatAPIError",
        "import {0} as t; t.ChatClient(1, 'dummy', region='china').groups",
        "import {0} as t; [(c.errors, c.rate_limit) for c in t.COMMANDS.values()]",
        "import {0} as t; t.COMMANDS['openim/sendmsg'].request_model",
    ],
)
def test_it_is_as_lazy_as_the_whole(app: App, program: str) -> None:
    def loaded(package: str, folder: Path) -> list[str]:
        code = f"import sys\nbefore = set(sys.modules)\n{program.format(package)}\nprint(*set(sys.modules) - before)"
        result = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
        return result.stdout.split()

    # The packages around it are no part of it.
    around = ("app", "app.vendor", "app.vendor.deep")
    own = [name for name in loaded("app.vendor.deep.chat", app.root) if name not in around]
    assert len(own) <= len(loaded("tencent_chat", WHOLE.parent))


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with this release's spec after a change that breaks apps, and with its templates."""
    root = tmp_path_factory.mktemp("later") / "project"
    shutil.copytree(ROOT / "spec", root / "spec")
    create = root / "spec" / CREATE
    text = create.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if "FaceUrl:" not in line]
    assert 1 <= text.count("FaceUrl:") == len(text.splitlines()) - len(lines)
    create.write_text("".join(lines), encoding="utf-8")
    api = root / "spec/api.yaml"
    text = api.read_text(encoding="utf-8")
    assert text.count("\nversion: 0.1.0\n") == 1
    api.write_text(text.replace("\nversion: 0.1.0\n", "\nversion: 0.2.0\n"), encoding="utf-8")
    return root


def test_an_update_over_a_change_that_breaks_shows_where(
    app: App, later: Path, service: Emulator, tmp_path: Path
) -> None:
    shutil.copytree(app.root, tmp_path / "somebody")
    mine = App(tmp_path / "somebody")
    result = mine.run("timgen", "--root", str(later), "vendor", "app/vendor/deep/chat", "--check")
    assert result.returncode == 1
    outdated = {line.removeprefix("app/vendor/deep/chat/") for line in result.stdout.splitlines()}
    assert outdated == {
        "_tables/protocol.py: outdated",
        "models/groups/create.py: outdated",
        "namespaces/groups.py: outdated",
        "timgen.json: outdated",
    }
    assert "tencent-chat 0.1.0 -> 0.2.0: 4 files written, 0 removed" in mine.vendor(spec=later)
    assert mine.record["version"] == "0.2.0"
    assert mine.record["options"] == app.record["options"]
    found = mine.mypy()
    assert 'app/main.py:12: error: Unexpected keyword argument "face_url" for "create" of "Groups"' in found
    main = mine.root / "app/main.py"
    main.write_text(main.read_text().replace(', face_url="https://example.com/a.png"', ""), encoding="utf-8")
    assert mine.mypy().startswith("Success")
    assert called(mine, service)["group"] == "@TGS#"


@pytest.mark.parametrize("only", ["webhooks", "accounts"])
def test_other_parts_work_on_their_own(only: str, tmp_path: Path) -> None:
    mine = make_app(tmp_path, MAIN)
    mine.vendor("--only", only)
    (mine.root / "app/main.py").write_text(
        "from .vendor.deep.chat import webhooks\n\n"
        "router = webhooks.Router(token=None)\n\n\n"
        "@router.on(webhooks.BeforeSendMessageEvent)\n"
        "def check(event: webhooks.BeforeSendMessageEvent) -> webhooks.BeforeSendMessageReply | None:\n"
        "    return webhooks.reject(event, 120001)\n\n\n"
        "print(router.handle({'CallbackCommand': 'C2C.CallbackBeforeSendMsg'}, b'{}').body)\n"
        if only == "webhooks"
        else "from .vendor.deep.chat import AsyncChatClient, ChatClient\n\n\n"
        "def check(client: ChatClient) -> object:\n"
        "    return client.accounts.import_account(user_id='bob')\n\n\n"
        "async def acheck(client: AsyncChatClient) -> object:\n"
        "    return await client.accounts.import_account(user_id='bob')\n",
        encoding="utf-8",
    )
    assert sizes(mine.copy)[1] < sizes(WHOLE)[1] / 2
    assert mine.mypy().startswith("Success"), mine.mypy()
    result = mine.run("app.main")
    assert (result.returncode, "120001" in result.stdout) == (0, only == "webhooks"), result.stderr
    result = mine.run("app.vendor.deep.chat", "explain", "70001")
    assert (result.returncode, "USERSIG_EXPIRED" in result.stdout) == (0, True), result.stderr


def test_it_works_from_what_a_wheel_installs(app: App, tmp_path: Path) -> None:
    """A wheel has spec and templates inside of the package, and no repository around it."""
    installed = tmp_path / "site"
    shutil.copytree(ROOT / "generator/timgen", installed / "timgen", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("spec", "templates"):
        shutil.copytree(ROOT / name, installed / "timgen/_data" / name)
    mine = make_app(tmp_path / "somebody", MAIN)
    result = subprocess.run(
        [sys.executable, "-m", "timgen", "vendor", "app/vendor/deep/chat", *ONLY],
        cwd=mine.root, env={**os.environ, "PYTHONPATH": str(installed)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    files = {path.relative_to(mine.copy): path for path in mine.copy.rglob("*") if path.is_file()}
    assert {name: (app.copy / name).read_bytes() for name in files} == {
        name: path.read_bytes() for name, path in files.items()
    }
