"""The templates of the client with the same envelope, but other query parameters and another version."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from generated.loopback import OK, Received, Server, http
from golden.support import ROOT
from support import minispec

OTHER_NAMES = {"sdkappid": "appid", "identifier": "user", "usersig": "sig", "random": "nonce"}
PROGRAM = """\
import sys
from tencent_chat import ChatClient, ChatAPIError

with ChatClient(1400000000, "dummy", identifier="bob", base_url=sys.argv[1]) as client:
    print(len(client.rooms.list_members(room_id="r").member_list))
    try:
        client.rooms.list_members(room_id="r", retry=False)
    except ChatAPIError as error:
        print(type(error).__name__, error.code, error.name)
"""


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> minispec.Mini:
    mini = minispec.make(tmp_path_factory.mktemp("other"))
    shutil.rmtree(mini.path("templates"))
    shutil.copytree(ROOT / "templates/client", mini.path("templates/client"))
    mini.path("spec/v4").rename(mini.path("spec/v2"))
    mini.patch("spec/api.yaml", "version: v4", "version: v2")
    for old, new in OTHER_NAMES.items():
        mini.patch("spec/api.yaml", f"name: {old}", f"name: {new}")
    result = mini.timgen("generate")
    assert result.returncode == 0, result.stdout + result.stderr
    return mini


def test_calls_have_the_parameters_of_the_spec(mini: minispec.Mini) -> None:
    received: list[Received] = []
    answers = iter([{**OK, "MemberList": [{"Name": "bob"}]}, {"ActionStatus": "FAIL", "ErrorCode": 10002}])

    def answer(request: Received, _connection: object) -> bytes:
        received.append(request)
        return http(next(answers))

    with Server(answer) as server:
        result = subprocess.run(
            [sys.executable, "-c", PROGRAM, server.url],
            cwd=mini.path("generated/client"),
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.stderr == ""
    assert result.stdout.splitlines() == ["1", "ServerError 10002 INTERNAL"]
    for request in received:
        parts = urlsplit(request.line.split(" ")[1])
        query = dict(parse_qsl(parts.query))
        assert parts.path == "/v2/room_svc/list_members"
        assert list(query) == list(OTHER_NAMES.values())
        assert (query["appid"], query["user"]) == ("1400000000", "bob")
        assert query["sig"].startswith("eJ")


def test_a_role_that_the_client_needs_is_missed(mini: minispec.Mini, tmp_path: Path) -> None:
    root = tmp_path / "other"
    shutil.copytree(mini.root, root)
    other = minispec.Mini(root)
    other.patch("spec/api.yaml", "role: signature", "role: signs")
    result = other.timgen("generate")
    assert result.returncode == 1
    assert "templates/client/tencent_chat/_tables/protocol.py.j2:" in result.stdout + result.stderr
    assert "'signature'" in result.stdout + result.stderr
