"""What importing loads. Counts of modules, because they are the same on every machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import tencent_chat
from generated.imports import ROOT, loaded_by
from tencent_chat import models, webhooks

HEAVY = {
    "pydantic",
    "pydantic_core",
    "requests",
    "urllib3",
    "ssl",
    "dataclasses",
    "inspect",
    "asyncio",
    "logging",
    "json",
}


def test_import_is_light() -> None:
    loaded = loaded_by("from tencent_chat import ChatClient, ErrorCode, COMMANDS, Region, ChatAPIError")
    assert not HEAVY & loaded
    assert len(loaded) <= 60


def test_making_a_client_is_light() -> None:
    loaded = loaded_by("import tencent_chat; tencent_chat.ChatClient(1, 'dummy', region='china').groups")
    # A fork that comes later is prepared for.
    assert HEAVY & loaded == {"logging"}


def test_registry_and_error_texts_are_light() -> None:
    loaded = loaded_by(
        "import tencent_chat as t\n[(c.errors, c.rate_limit) for c in t.COMMANDS.values()]\n"
        "str(t.ChatAPIError(10002, 'x', command='openim/sendmsg'))"
    )
    assert not HEAVY & loaded


def test_a_call_loads_the_models_of_its_command_only() -> None:
    loaded = loaded_by("import tencent_chat\ntencent_chat.COMMANDS['im_open_login_svc/kick'].request_model")
    assert "tencent_chat.models.accounts.kick" in loaded
    assert "tencent_chat.models.accounts.check" not in loaded
    assert not {"requests", "urllib3"} & loaded


FIRST_CALL = """
import requests, pydantic.main, sys
before = set(sys.modules)  # what an app has loaded anyway is not counted
from tencent_chat import ChatClient, TransportError
client = ChatClient(1400000000, "dummy", base_url="http://127.0.0.1:9", retry=False)
try:
    client.groups.list_all()
except TransportError:
    pass
"""


def test_a_first_call_loads_what_it_needs() -> None:
    loaded = loaded_by(FIRST_CALL)
    own = {name for name in loaded if name.split(".")[0] == "tencent_chat"}
    assert len(own) <= 56
    files = [ROOT.joinpath(*name.split(".")).with_suffix(".py") for name in own]
    assert sum(path.stat().st_size for path in files if path.exists()) < 660_000
    # What only a refusal, a mistake, a deviation, an object with keys of the app's own or a SOCKS proxy needs.
    assert not {"tencent_chat.error_codes", "tencent_chat._tables.errors"} & loaded
    assert not {"difflib", "pydantic.type_adapter", "concurrent.futures"} & loaded
    assert not {f"tencent_chat._bodies.{name}" for name in ("lenient", "problems", "reading", "construction")} & loaded


def test_a_first_call_makes_few_classes_of_pydantic() -> None:
    names = (
        "def below(cls): return [cls, *(one for part in cls.__subclasses__() for one in below(part))]\n"
        "ours = [cls for cls in below(pydantic.BaseModel) if cls.__module__.startswith('tencent_chat.')]\n"
        "print(*sorted(cls.__name__ for cls in ours))"
    )
    output = subprocess.check_output([sys.executable, "-c", FIRST_CALL + names], cwd=ROOT, text=True)
    of_the_command = ["ListAllGroupsRequest", "ListAllGroupsResponse", "ListAllGroupsResultGroup"]
    assert output.split() == sorted([*of_the_command, "Model", "RequestModel", "Response", "ResponseModel"])


def test_webhooks_are_light() -> None:
    code = (
        "from tencent_chat import webhooks\n[(w.phase, w.reply_codes, w.summary) for w in webhooks.WEBHOOKS.values()]"
    )
    assert not HEAVY & loaded_by(code)


def test_parsing_loads_the_models_of_its_webhook_only() -> None:
    loaded = loaded_by(
        'from tencent_chat import webhooks\nwebhooks.parse({}, b\'{"CallbackCommand": "Push.OfflinePush"}\')'
    )
    events = {name for name in loaded if name.startswith("tencent_chat.models.webhooks.")}
    assert events == {"tencent_chat.models.webhooks.push_offline_push"}
    assert not {"requests", "urllib3", "ssl"} & loaded


def test_a_router_loads_no_http_library() -> None:
    loaded = loaded_by(
        "from tencent_chat import webhooks\nrouter = webhooks.Router(token=None)\n"
        "router.on(webhooks.StateChangeEvent)(print)\n"
        "assert router.handle({'CallbackCommand': 'State.StateChange'}, b'{}').status == 200"
    )
    assert not {"requests", "urllib3", "ssl", "asyncio"} & loaded
    events = {name for name in loaded if name.startswith("tencent_chat.models.webhooks.")}
    assert events == {"tencent_chat.models.webhooks.state_state_change"}


@pytest.mark.parametrize("module", [tencent_chat, models, webhooks])
def test_everything_that_is_promised_is_there(module: object) -> None:
    for name in module.__all__:
        assert getattr(module, name) is not None
        assert name in dir(module)
    with pytest.raises(AttributeError, match="nothing_like_this"):
        _ = module.nothing_like_this


def test_works_under_another_name(tmp_path: Path) -> None:
    (tmp_path / "vendored").mkdir()
    (tmp_path / "vendored" / "chat").symlink_to(ROOT / "tencent_chat")
    code = (
        "from vendored.chat import ChatClient, models, usersig, webhooks\n"
        "webhooks.parse({'CallbackCommand': 'State.StateChange'}, b'{}'); webhooks.Router(token=None)\n"
        "client = ChatClient(1, 'dummy', region='china'); client.preload()\n"
        "import sys; assert 'tencent_chat' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
