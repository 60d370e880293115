"""A webhook that is added to the spec, as the one file that it takes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from support.paths import ROOT

WEBHOOK = """\
summary: A room is about to be opened
event: BeforeOpenRoom
phase: before
docs: https://example.com/webhook
date: 2026-01-31
request:
  type: object
  properties:
    CallbackCommand: {type: string, description: The webhook.}
    Operator_Account: {type: string, description: Who opens it.}
reply:
  type: object
  properties:
    Name: {type: string, x-max-bytes: 10, description: Another name.}
reply_codes:
  - {code: 0, outcome: allow, meaning: It is opened.}
  - {from: 7, to: 9, outcome: reject, meaning: It stays shut.}
examples:
  - summary: Allowed
    request: {CallbackCommand: Room.CallbackBeforeOpen, Operator_Account: bob}
    reply: {ActionStatus: OK, ErrorInfo: "", ErrorCode: 0, Name: Attic}
"""

PROGRAM = """\
from tencent_chat import RequestError, webhooks
from tencent_chat.webhooks import BeforeOpenRoomEvent, BeforeOpenRoomReply

router = webhooks.Router(token=None)

@router.on(BeforeOpenRoomEvent)
def check(event: BeforeOpenRoomEvent) -> BeforeOpenRoomReply | None:
    if event.operator_account == "mallory":
        return webhooks.reject(event, 8, "not you")
    return webhooks.allow(event, name="Attic")

query = {"CallbackCommand": "Room.CallbackBeforeOpen"}
print(router.handle(query, b'{"Operator_Account": "bob"}').body.decode())
print(router.handle(query, b'{"Operator_Account": "mallory"}').body.decode())
event = webhooks.parse(query, b"{}")
for decide, change in (webhooks.reject, {"code": 10}), (webhooks.drop, {}), (webhooks.allow, {"name": "x" * 11}):
    try:
        decide(event, **change)
    except (webhooks.WebhookError, RequestError) as error:
        print(" ".join(str(error).split()))
"""


def test_one_file_is_enough(tmp_path: Path) -> None:
    for folder in ("spec", "templates", "generated"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "spec" / "webhooks" / "Room.CallbackBeforeOpen.yaml").write_text(WEBHOOK, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "timgen", "--root", str(tmp_path), "generate"], check=True)
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path / "generated" / "client",
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.splitlines() == [
        '{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","Name":"Attic"}',
        '{"ActionStatus":"OK","ErrorCode":8,"ErrorInfo":"not you"}',
        "Room.CallbackBeforeOpen: 10 is no code for reject; documented: 7 to 9",
        "Room.CallbackBeforeOpen documents no reply that means drop",
        "the body of Room.CallbackBeforeOpen was not sent: Name (name): at most 10 bytes of UTF-8, got 11",
    ], result.stderr
