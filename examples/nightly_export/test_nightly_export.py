"""Its tests, on the emulator."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import md5
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import nightly_export
import pytest
from click.testing import CliRunner, Result

from tencent_chat import ChatClient
from tencent_chat.models import TextElem
from tencent_chat_emulator import Emulator

COMMAND = "open_msg_svc/get_history"
NOW = datetime.now(nightly_export.CHINA)
NINE = (NOW - timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
DAY = f"{NINE:%Y-%m-%d}"


@pytest.fixture(autouse=True)
def client(tencent_chat_emulator: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ChatClient]:
    """Let the environment name the emulator, where ann wrote to bob and to a group at nine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENCENT_CHAT_SDKAPPID", str(tencent_chat_emulator.sdkappid))
    monkeypatch.setenv("TENCENT_CHAT_SECRET_KEY", tencent_chat_emulator.secret_key)
    monkeypatch.setenv("TENCENT_CHAT_BASE_URL", tencent_chat_emulator.url)
    with ChatClient.from_env() as client:
        client.accounts.import_accounts(accounts=["ann", "bob"])
        for minute in (1, 2):
            client.messages.import_message(
                sync_from_old_system=2,
                from_account="ann",
                to_account="bob",
                msg_time_stamp=NINE + timedelta(minutes=minute),
                msg_body=[TextElem(f"早 {minute}")],
            )
        client.groups.import_group(type="Public", name="Readers", group_id="readers", create_time=NINE)
        client.groups.import_messages(
            group_id="readers",
            msg_list=[
                {
                    "From_Account": "ann",
                    "SendTime": int(NINE.timestamp()) + 5,
                    "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "Hello"}}],
                }
            ],
        )
        yield client


def archive_without(hour: int) -> Path:
    """Return the folder of yesterday, which lacks one hour only."""
    folder = Path("archive", DAY)
    folder.mkdir(parents=True)
    for kind in nightly_export.KINDS:
        for other in set(range(24)) - {hour}:
            (folder / f"{kind}-{other:02}.jsonl").touch()
    return folder


class Files(BaseHTTPRequestHandler):
    """Has the files whose paths are the keys of `content`."""

    content: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        content = self.content.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, format: str, *_: object) -> None:
        pass


@pytest.fixture
def files() -> Iterator[str]:
    """Serve files of an export; return the address."""
    with HTTPServer(("127.0.0.1", 0), Files) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(nightly_export.main, ["archive", *arguments])


def asked(emulator: Emulator) -> list[tuple[str, str]]:
    """Return for which files the service was asked."""
    return [(call.body["ChatType"], call.body["MsgTime"]) for call in emulator.calls if call.command == COMMAND]


def texts(file: Path) -> list[str]:
    messages = [json.loads(line) for line in file.read_text("ascii").splitlines()]
    return [message["MsgBody"][0]["MsgContent"]["Text"] for message in messages]


def test_the_commands_at_the_top(tencent_chat_emulator: Emulator) -> None:
    archive_without(NOW.hour)
    top, _, example = str(nightly_export.__doc__).partition("on the emulator")
    commands = re.findall(r"^    \$ (.*(?:\n      .*)*)", example, re.MULTILINE)
    # Those for a real app name a day.
    commands += set(re.findall(r"^    \$ (python .*)", top, re.MULTILINE)) - {*commands}
    script = "\n".join(commands).replace("2026-11-25", DAY)
    script = script.replace("http://127.0.0.1:8099", tencent_chat_emulator.url).replace("python ", f"{sys.executable} ")
    script = script.replace("nightly_export.py", nightly_export.__file__)
    result = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "Good morning" in result.stdout
    assert result.stdout.endswith(f"{DAY}: complete\n")


def test_a_day_is_fetched_once(client: ChatClient, tencent_chat_emulator: Emulator, tmp_path: Path) -> None:
    midnight = NINE.replace(hour=0)
    assert nightly_export.export(client, tmp_path, midnight, NOW + timedelta(days=1)) == 0
    assert texts(tmp_path / "C2C-09.jsonl") == ["早 1", "早 2"]
    assert texts(tmp_path / "Group-09.jsonl") == ["Hello"]
    written = sorted(file.name for file in tmp_path.iterdir())
    assert written == sorted(f"{kind}-{hour:02}.jsonl" for kind in ("C2C", "Group") for hour in range(24))
    assert sum(bool(file.stat().st_size) for file in tmp_path.iterdir()) == 2
    assert len(set(asked(tencent_chat_emulator))) == len(asked(tencent_chat_emulator)) == 48
    assert nightly_export.export(client, tmp_path, midnight, NOW) == 0
    assert len(asked(tencent_chat_emulator)) == 48


def test_what_is_not_made_yet_is_fetched_later(
    client: ChatClient, tencent_chat_emulator: Emulator, tmp_path: Path
) -> None:
    midnight = NINE.replace(hour=0)
    assert nightly_export.export(client, tmp_path, midnight, NINE + timedelta(hours=2)) == 75
    # Five hours are over for so long that nobody wrote, and nine o'clock is there.
    assert len(list(tmp_path.iterdir())) == 12
    assert nightly_export.export(client, tmp_path, midnight, NOW + timedelta(days=1)) == 0
    assert len(asked(tencent_chat_emulator)) == 48 + 36


def cut(content: bytes) -> bytes:
    return content[:-9]


def changed(content: bytes) -> bytes:
    return content[:-9] + b"another !"


@pytest.mark.parametrize(("damage", "complaint"), [(cut, "damaged"), (changed, "damaged"), (None, "404")])
def test_a_download_that_fails_leaves_nothing_behind(
    damage: Callable[[bytes], bytes] | None,
    complaint: str,
    tencent_chat_emulator: Emulator,
    files: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = archive_without(NINE.hour)
    parts = [b'{"MsgList":[\n{"n":1}\n]}\n', b'{"MsgList":[\n{"n":2},\n{"n":3}\n]}\n']
    packed = {f"/{number}.gz": gzip.compress(part) for number, part in enumerate(parts)}
    monkeypatch.setattr(Files, "content", packed)
    described = [
        {"URL": files + path, "FileMD5": md5(part).hexdigest(), "GzipMD5": md5(packed[path]).hexdigest()}
        for path, part in zip(packed, parts, strict=True)
    ]
    tencent_chat_emulator.answer(COMMAND, {"File": described})
    monkeypatch.setattr(Files, "content", {path: damage(content) for path, content in packed.items()} if damage else {})
    result = run()
    assert (result.exit_code, complaint in result.stderr) == (75, True), result.output
    assert len(list(folder.iterdir())) == 46
    monkeypatch.setattr(Files, "content", packed)
    assert run().exit_code == 0
    assert (folder / "C2C-09.jsonl").read_text() == '{"n": 1}\n{"n": 2}\n{"n": 3}\n'


@pytest.mark.parametrize(
    ("fault", "code", "complaint"),
    [
        ({"code": 1005}, 1, "does not keep"),
        ({"code": 60010}, 1, "administrator"),
        ({"code": 1003}, 75, "1003"),
        ({"reset": True}, 75, "reset by peer"),
    ],
)
def test_the_exit_code_tells_what_helps(
    fault: dict[str, Any], code: int, complaint: str, tencent_chat_emulator: Emulator
) -> None:
    folder = archive_without(NINE.hour)
    tencent_chat_emulator.fail(COMMAND, times=9, **fault)
    result = run()
    assert (result.exit_code, type(result.exception)) == (code, SystemExit), result.output
    assert complaint in result.stderr
    assert len(list(folder.iterdir())) == 46


def test_what_cannot_work_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run("--day", f"{NOW:%Y-%m-%d}")
    assert (result.exit_code, "not over yet" in result.stderr) == (2, True)
    assert run("--day", "yesterday").exit_code == 2
    monkeypatch.delenv("TENCENT_CHAT_SECRET_KEY")
    result = run()
    assert (result.exit_code, "TENCENT_CHAT_SECRET_KEY" in result.stderr) == (1, True)
