"""Its tests, on the emulator."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import migration
import pytest
from click.testing import CliRunner, Result

from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

FOLDER = Path("old-chat")
USERS = "user_id,nick,motto\n" + "".join(f"user{number},User {number},\n" for number in range(150)) + "eve,,Ever on\n"
GROUPS = (
    "group_id,type,name,owner_account,create_time\nclub,Public,Club,eve,2021-03-04T09:30:00+01:00\nduo,Work,Duo,,\n"
)
MEMBERS = (
    "group_id,member_account,role,join_time\n"
    "club,user1,Admin,2022-01-01T00:00:00Z\nclub,user2,,\nclub,eve,,\nduo,eve,,\n"
)


@pytest.fixture(autouse=True)
def environment(tencent_chat_emulator: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENCENT_CHAT_SDKAPPID", str(tencent_chat_emulator.sdkappid))
    monkeypatch.setenv("TENCENT_CHAT_SECRET_KEY", tencent_chat_emulator.secret_key)
    monkeypatch.setenv("TENCENT_CHAT_BASE_URL", tencent_chat_emulator.url)
    FOLDER.mkdir()
    write(users=USERS, groups=GROUPS, members=MEMBERS)


def write(**files: str) -> None:
    for name, text in files.items():
        (FOLDER / f"{name}.csv").write_text(text, "utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(migration.main, [str(FOLDER), *arguments])


def failures() -> list[str]:
    return (FOLDER / "failures.csv").read_text("utf-8").splitlines()[1:]


def calls(emulator: Emulator) -> Mapping[str, int]:
    """Return how often each command was called, but for the one that changes nothing."""
    names = Counter(call.command.rpartition("/")[2] for call in emulator.calls)
    del names["account_check"]
    return names


def test_the_commands_at_the_top(tencent_chat_emulator: Emulator) -> None:
    top, _, example = str(migration.__doc__).partition("on the emulator")
    commands = re.findall(r"^    \$ (.*)", example, re.MULTILINE)
    # Those for a real app need files, too.
    commands += set(re.findall(r"^    \$ (python .*)", top, re.MULTILINE)) - {*commands}
    script = "\n".join(commands)
    script = script.replace("http://127.0.0.1:8099", tencent_chat_emulator.url).replace("python ", f"{sys.executable} ")
    script = script.replace("migration.py", migration.__file__)
    result = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("users 2, groups 1, members 1; failures 0\n")
    assert '"bob"' in result.stdout
    assert result.stdout.endswith("users 2, groups 1, members 1; nothing was sent\n")
    assert "members" in result.stderr
    roles = {name: member.role for name, member in tencent_chat_emulator.state.groups["readers"].members.items()}
    assert roles == {"ann": "Owner", "bob": "Admin"}


def test_everything_is_moved_once(tencent_chat_emulator: Emulator) -> None:
    assert run("--dry-run").stdout == "users 151, groups 2, members 4; nothing was sent\n"
    assert calls(tencent_chat_emulator) == {}
    result = run()
    assert (result.exit_code, result.stdout) == (0, "users 151, groups 2, members 4; failures 0\n"), result.output
    first = calls(tencent_chat_emulator)
    assert first["multiaccount_import"] == 2
    assert first["portrait_set"] == 151
    with ChatClient.from_env() as client:
        profiles = client.profiles.get(
            to_account=["user7", "eve"], tag_list=["Tag_Profile_IM_Nick", "Tag_Profile_IM_SelfSignature"]
        )
        values = [[item.value for item in user.profile_item or ()] for user in profiles.user_profile_item or ()]
        assert values == [["User 7"], ["Ever on"]]
        groups = client.groups.get(group_id_list=["club", "duo"]).group_info or ()
        facts = [(group.owner_account or None, group.create_time_utc, group.member_num) for group in groups]
        assert facts[0] == ("eve", datetime(2021, 3, 4, 8, 30, tzinfo=UTC), 3)
        assert facts[1][::2] == (None, 1)
        # Seen and changed since: a second run would undo it.
        client.profiles.update(from_account="user7", profile_item=[{"Tag": "Tag_Profile_IM_Nick", "Value": "Sevi"}])
    before = calls(tencent_chat_emulator)
    assert run().exit_code == 0
    assert calls(tencent_chat_emulator) == before


def test_a_crash_while_a_line_was_written_loses_nobody(tencent_chat_emulator: Emulator) -> None:
    # Of `account user12`.
    (FOLDER / "migration.done").write_text("account user0\nprofile user0\naccount user1")
    write(groups="group_id\n", members="group_id,member_account\n")
    assert run().exit_code == 0
    assert {"user1", "user12"} <= tencent_chat_emulator.state.accounts.keys()
    assert "user0" not in tencent_chat_emulator.state.accounts
    assert "account user1\n" in (FOLDER / "migration.done").read_text()


def test_all_that_is_wrong_is_said_and_nothing_is_sent(tencent_chat_emulator: Emulator) -> None:
    write(
        users=f"user_id,nick\nann,Ann\n{'x' * 33},X\n,Nobody\nann,Ann again\nbob,{'ü' * 251}\n",
        groups=(
            "group_id,type,name,owner_account,create_time\n"
            "one,Pubic,One,ann,2021-03-04\n"
            "two,Public,A name that is longer than thirty,eve,yesterday\n"
        ),
        members="group_id,member_account,role\none,ann,Owner\nthree,bob,,more\n",
    )
    result = run()
    assert result.exit_code == 1
    assert result.stderr.removeprefix("Error: ").splitlines() == [
        "users.csv:3: user_id: at most 32 bytes of UTF-8, got 33",
        "users.csv:4: user_id: is required",
        "users.csv:5: ann is in users.csv:2 already",
        "users.csv:6: nick: at most 500 bytes of UTF-8, got 502",
        "groups.csv:2: create_time: '2021-03-04' is no time such as 2021-03-04T09:30:00+01:00",
        'groups.csv:2: type: must be "Public", "Private", "Work", "ChatRoom", "Meeting" or "Community"; '
        'did you mean "Public"?',
        "groups.csv:3: create_time: 'yesterday' is no time such as 2021-03-04T09:30:00+01:00",
        "groups.csv:3: name: at most 30 bytes of UTF-8, got 33",
        'members.csv:2: role: must be "Admin" or "Member"',
        "members.csv:3: more cells than columns",
        "groups.csv:3: owner_account: there is no row for eve",
        "members.csv:3: group_id: there is no row for three",
        "12 problems: nothing was sent",
    ]
    assert calls(tencent_chat_emulator) == {}
    write(users="id,nick\n7,Ann\n")
    (FOLDER / "members.csv").unlink()
    result = run("--dry-run")
    assert "users.csv:1: nothing is done with the column id" in result.stderr
    assert "members.csv'" in result.stderr
    (FOLDER / "groups.csv").write_bytes(b"group_id,type,name\none,Public,\xff\n")
    assert "groups.csv: " in run().stderr
    assert calls(tencent_chat_emulator) == {}


def test_what_fails_is_reported_and_moved_in_the_next_run(
    tencent_chat_emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "CALLS_AT_A_TIME", 1)
    with ChatClient.from_env() as client:
        client.groups.import_group(type="Public", name="Another duo", group_id="duo")
    tencent_chat_emulator.fail("im_open_login_svc/multiaccount_import", code=70402)
    write(members=MEMBERS.replace("2022-01-01", "2020-01-01"))
    result = run()
    assert result.exit_code == 1
    told = failures()
    reason = "account: failed 70402 A field of the request is missing or is not what the account service takes."
    assert told[:100] == [f"users.csv:{number + 2},user{number},{reason}" for number in range(100)]
    group = (
        "groups.csv:3,duo,group: group_open_http_svc/import_group: 10021 GROUP_ID_IN_USE: There is a group duo already."
    )
    early, unknown = "members.csv:2,club user1,member: failed", "members.csv:3,club user2,member: failed"
    assert told[100:] == [group, early, unknown]
    assert run().exit_code == 1
    assert failures() == [group, early]
    write(members=MEMBERS)
    with ChatClient.from_env() as client:
        client.groups.delete(group_id="duo")
    assert run().exit_code == 0
    assert failures() == []
    assert [*tencent_chat_emulator.state.groups["duo"].members] == ["eve"]


@pytest.mark.parametrize("after", [True, False])
def test_an_answer_that_is_lost_makes_no_second_group(after: bool, tencent_chat_emulator: Emulator) -> None:
    write(
        groups="group_id,type,name,owner_account\nclub,Public,Club,eve\n", members="group_id,member_account\nclub,eve\n"
    )
    tencent_chat_emulator.fail("group_open_http_svc/import_group", reset=True, after=after)
    assert run().exit_code == (0 if after else 1)
    assert (failures() == []) is after
    assert run().exit_code == 0
    assert calls(tencent_chat_emulator)["import_group"] == (1 if after else 2)
    assert list(tencent_chat_emulator.state.groups) == ["club"]


def test_wrong_credentials_fail_before_anything_is_sent(
    tencent_chat_emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENCENT_CHAT_SECRET_KEY", "the key of another app")
    result = run()
    assert (result.exit_code, "60004" in result.stderr) == (1, True)
    assert calls(tencent_chat_emulator) == {}
    monkeypatch.delenv("TENCENT_CHAT_SECRET_KEY")
    assert run("--dry-run").exit_code == 0
    assert "TENCENT_CHAT_SECRET_KEY" in run().stderr
