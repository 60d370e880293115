"""What the emulator remembers outlives it: snapshots, and a file that is complete at any moment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.receiver import receiving
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator


def test_a_snapshot_is_json_and_comes_back(emulator: Emulator, client: ChatClient) -> None:
    client.accounts.import_account(user_id="bob")
    before = json.loads(json.dumps(emulator.snapshot()))
    client.accounts.import_account(user_id="eve")
    emulator.clock.advance(60)
    emulator.restore(before)
    assert exists(client) == {"bob": True, "eve": False}
    assert emulator.snapshot() == before


@pytest.mark.parametrize(
    "snapshot", [{}, {"format": 2, "ahead": 0, "memory": {}}, {"format": 1, "ahead": 0, "memory": {"ids": 5}}]
)
def test_what_is_no_snapshot_is_refused(emulator: Emulator, snapshot: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="snapshot"):
        emulator.restore(snapshot)


def test_a_file_keeps_what_there_is(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with Emulator(state=state) as emulator, connected(emulator) as client:
        client.accounts.import_account(user_id="bob")
        emulator.clock.advance(3600)
        ahead = emulator.snapshot()["ahead"]
    with Emulator(state=state) as emulator, connected(emulator) as client:
        assert exists(client) == {"bob": True, "eve": False}
        assert emulator.snapshot()["ahead"] == ahead
        emulator.reset()
    with Emulator(state=state) as emulator, connected(emulator) as client:
        assert exists(client) == {"bob": False, "eve": False}


def test_a_file_keeps_what_users_do_on_their_devices(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with Emulator(state=state) as emulator, connected(emulator) as client, receiving() as receiver:
        client.accounts.import_accounts(accounts=["bob", "eve", "mallory"])
        emulator.come_online("bob", "Web")
        emulator.webhooks.send_to(receiver.url)
        refusal = [{"To_Account": "eve", "ResultCode": 38001, "ResultInfo": ""}]
        receiver.reply("Sns.CallbackPrevFriendAdd", ResultItem=refusal)
        assert emulator.request_friend("mallory", "eve") == 38001
        receiver.reply("Sns.CallbackPrevFriendAdd", ResultItem=[])
        assert emulator.request_friend("bob", "eve") == 0
        remembered = emulator.snapshot()
    with Emulator(state=state) as emulator:
        assert emulator.snapshot() == remembered
        assert emulator.state.accounts["bob"].is_online
        assert emulator.state.relations.is_friend("eve", "bob")
        assert not emulator.state.relations.is_friend("mallory", "eve")


def test_what_was_answered_is_there_after_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "state"
    command = [sys.executable, "-m", "tencent_chat_emulator", "--state", str(state)]
    names = [f"user{number}" for number in range(50)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    assert process.stdout is not None
    url = process.stdout.readline().split()[0]
    with ChatClient(Emulator().sdkappid, Emulator().secret_key, base_url=url, retry=False) as client:
        for name in names:
            client.accounts.import_account(user_id=name)
        process.send_signal(signal.SIGKILL)
        process.wait()
    process.stdout.close()
    with state.open("ab") as file:
        file.write(b'{"app": 1400000000, "call": "im_open')
    with Emulator(state=state) as emulator:
        assert names == [name for name in emulator.state.accounts if name != emulator.identifier]


def test_the_same_calls_give_the_same_ids_again(tmp_path: Path) -> None:
    """Also what was refused in between counts as if it had not been."""
    state = tmp_path / "state"
    with Emulator(state=state) as emulator:
        kept = state.read_bytes()
        with connected(emulator) as client:
            client.accounts.import_account(user_id="bob")
            with pytest.raises(ChatAPIError):
                client.call(
                    "group_open_http_svc/create_group", {"Type": "Public", "Name": "g", "Owner_Account": "nobody"}
                )
            made = [client.groups.create(type="Public", name="g").group_id for _ in range(2)]
        written = state.read_bytes()
    assert written.startswith(kept)
    state.write_bytes(written)
    with Emulator(state=state) as emulator:
        assert list(emulator.state.groups) == made


def test_two_cannot_have_one_file(tmp_path: Path) -> None:
    with Emulator(state=tmp_path / "state"), pytest.raises(OSError, match="in use"), Emulator(state=tmp_path / "state"):
        pass


def test_another_file_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("call the dentist\n")
    with pytest.raises(ValueError, match=r"notes.txt:1: no entry"), Emulator(state=other):
        pass
    assert other.read_text() == "call the dentist\n"


@contextmanager
def connected(app: Emulator) -> Iterator[ChatClient]:
    with ChatClient(app.sdkappid, app.secret_key, base_url=app.url, retry=False) as client:
        yield client


def exists(client: ChatClient) -> dict[str, bool]:
    answer = client.accounts.check(check_item=[{"UserID": "bob"}, {"UserID": "eve"}])
    return {str(item.user_id): item.account_status == "Imported" for item in answer.result_item or ()}
