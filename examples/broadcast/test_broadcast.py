"""Its tests, on the emulator."""

from __future__ import annotations

import csv
import fcntl
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import broadcast
import pytest
from click.testing import CliRunner, Result

from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

TEXT = "We move on Sunday."
REPORT = Path("report.csv")


@pytest.fixture(autouse=True)
def client(tencent_chat_emulator: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ChatClient]:
    """Let the environment name the emulator, which knows all but user3; do not pause."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENCENT_CHAT_SDKAPPID", str(tencent_chat_emulator.sdkappid))
    monkeypatch.setenv("TENCENT_CHAT_SECRET_KEY", tencent_chat_emulator.secret_key)
    monkeypatch.setenv("TENCENT_CHAT_BASE_URL", tencent_chat_emulator.url)
    monkeypatch.setattr(broadcast, "PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(broadcast, "RECIPIENTS", 2)
    Path("users.txt").write_text("user0\nuser1\n\nuser2\n user3 \nuser4\nuser5\nuser0\n")
    with ChatClient.from_env() as client:
        client.accounts.import_accounts(accounts=[f"user{number}" for number in (0, 1, 2, 4, 5)])
        yield client


def run(text: str = TEXT) -> Result:
    return CliRunner().invoke(broadcast.main, ["users.txt", text, "--report", str(REPORT)])


def outcomes() -> dict[str, str]:
    with REPORT.open(newline="") as file:
        return {row["account"]: row["outcome"] for row in csv.DictReader(file)}


def messages(client: ChatClient) -> list[int]:
    """Return how many messages each account has, user3 left out."""
    users = [f"user{number}" for number in (0, 1, 2, 4, 5)]
    return [client.messages.get_unread_counts(to_account=user).all_c2c_unread_msg_num or 0 for user in users]


def sent(emulator: Emulator) -> list[str]:
    """Return to whom the service was asked to send something, in that order."""
    bodies = [call.body for call in emulator.calls if call.command == broadcast.COMMAND]
    return [account for body in bodies for account in body["To_Account"]]


def test_the_commands_at_the_top(client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    top, _, example = str(broadcast.__doc__).partition("on the emulator")
    commands = re.findall(r"^    \$ (.*)", example, re.MULTILINE)
    # Those for a real app are the same, but for its credentials.
    assert set(re.findall(r"^    \$ (python .*)", top, re.MULTILINE)) <= set(commands)
    script = "\n".join(commands)
    script = script.replace("http://127.0.0.1:8099", tencent_chat_emulator.url).replace("python ", f"{sys.executable} ")
    script = script.replace("broadcast.py", broadcast.__file__)
    result = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "2 done, 1 failed" in result.stdout
    assert "eve,failed,70107," in result.stdout
    assert result.stdout.endswith("3 done\n")
    counts = [client.messages.get_unread_counts(to_account=user) for user in ("ann", "bob", "eve")]
    assert [count.all_c2c_unread_msg_num for count in counts] == [1, 1, 1]


def test_who_was_refused_gets_it_in_the_next_run(client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (1, "5 done, 1 failed\n")
    assert outcomes() == {f"user{number}": "failed" if number == 3 else "done" for number in range(6)}
    assert "user3,failed,70107,The account does not exist" in REPORT.read_text()
    client.accounts.import_account(user_id="user3")
    assert run().exit_code == 0
    assert sent(tencent_chat_emulator).count("user3") == 2
    assert messages(client) == [1] * 5
    assert client.messages.get_unread_counts(to_account="user3").all_c2c_unread_msg_num == 1
    assert run().exit_code == 0
    assert len(sent(tencent_chat_emulator)) == 7


def test_who_is_refused_for_the_moment_is_tried_again_at_once(tencent_chat_emulator: Emulator) -> None:
    Path("users.txt").write_text("user0\nuser1\n")
    missed = [{"To_Account": "user1", "ErrorCode": 90057}]
    busy = {"ActionStatus": "SomeError", "ErrorCode": 0, "ErrorInfo": "", "ErrorList": missed}
    tencent_chat_emulator.answer(broadcast.COMMAND, busy, times=1)
    assert run().exit_code == 0
    assert sent(tencent_chat_emulator) == ["user0", "user1", "user1"]


@pytest.mark.parametrize("after", [True, False], ids=["after it was carried out", "before"])
def test_what_is_unknown_stays_unknown(after: bool, client: ChatClient, tencent_chat_emulator: Emulator) -> None:
    client.accounts.import_account(user_id="user3")
    tencent_chat_emulator.fail(broadcast.COMMAND, reset=True, after=after)
    assert run().exit_code == 1
    assert run().exit_code == 1
    assert sorted(sent(tencent_chat_emulator)) == [f"user{number}" for number in range(6)]
    assert Counter(outcomes().values()) == {"unknown": 2, "done": 4}


def test_a_killed_run_leaves_nobody_who_gets_it_twice(tencent_chat_emulator: Emulator) -> None:
    tencent_chat_emulator.fail(broadcast.COMMAND, latency=0.2)
    command = [sys.executable, broadcast.__file__, "users.txt", TEXT, "--report", str(REPORT)]
    with subprocess.Popen(command) as program:
        while not sent(tencent_chat_emulator):
            time.sleep(0.01)
        program.kill()
    # The crash of the machine may cut the last line short.
    with REPORT.open("a") as file:
        file.write("user5,done,,,5b")
    assert run().exit_code == 1
    assert outcomes() == {f"user{number}": "unknown" for number in range(6)}
    assert len(sent(tencent_chat_emulator)) == 6


def test_wrong_credentials_are_no_failure_of_the_recipients(
    tencent_chat_emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENCENT_CHAT_SECRET_KEY", "the key of another app")
    result = run()
    assert (result.exit_code, "60004" in result.stderr) == (1, True)
    assert (sent(tencent_chat_emulator), outcomes()) == ([], {})


def test_what_cannot_work_is_said_before_anything_is_sent(
    tencent_chat_emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run("x" * 13_000)
    assert (result.exit_code, "at most 12288 bytes" in result.stderr, REPORT.exists()) == (1, True, False)
    with REPORT.with_name("report.csv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = run()
    assert (result.exit_code, "another run" in result.stderr) == (1, True)
    result = CliRunner().invoke(broadcast.main, ["users.txt", TEXT, "--report", "users.txt"])
    assert (result.exit_code, "no report" in result.stderr) == (2, True)
    Path("latin.txt").write_bytes("jörg".encode("latin-1"))
    result = CliRunner().invoke(broadcast.main, ["latin.txt", TEXT, "--report", str(REPORT)])
    assert (result.exit_code, "utf-8" in result.stderr) == (1, True)
    assert sent(tencent_chat_emulator) == []
    run()
    result = run("We do not move after all.")
    assert (result.exit_code, "another message" in result.stderr) == (2, True)
    monkeypatch.delenv("TENCENT_CHAT_BASE_URL")
    result = run()
    assert (result.exit_code, "TENCENT_CHAT_REGION" in result.stderr) == (1, True)
