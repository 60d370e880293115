"""Making clients: settings, environment, accounts, UserSig renewal."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

import tencent_chat
from tencent_chat import (
    COMMANDS,
    AsyncChatClient,
    AsyncHTTPTransport,
    AsyncRateLimiter,
    ChatClient,
    ChatError,
    ConfigurationError,
    HTTPTransport,
    RateLimiter,
    Received,
    Region,
    Request,
    UserSig,
    usersig,
)
from tencent_chat._calls.credentials import LIFETIME, MARGIN, SigningCredentials
from tencent_chat._support.secret import Secret

GOOD: dict[str, object] = {"sdkappid": 1400000000, "secret_key": "dummy", "region": "singapore"}


class Recorder:
    def __init__(self) -> None:
        self.requests: list[Request] = []

    def send(self, request: Request) -> Received:
        self.requests.append(request)
        return Received(200, {}, b'{"ErrorCode":0}')


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"sdkappid": 0}, "sdkappid"),
        ({"sdkappid": True}, "sdkappid"),
        ({"sdkappid": "1400000000"}, "sdkappid must be a positive integer, not str"),
        ({"sdkappid": 10**5000}, "sdkappid"),
        ({"secret_key": ""}, "secret_key"),
        ({"secret_key": None}, "exactly one"),
        ({"usersig": "x"}, "exactly one"),
        ({"identifier": ""}, "identifier"),
        ({"identifier": "\udc00"}, "identifier"),
        ({"region": None}, "region or base_url"),
        ({"region": "mars"}, "china, singapore"),
        ({"base_url": ""}, "base_url"),
        ({"base_url": "ftp://host"}, "base_url"),
        ({"base_url": "host"}, "base_url"),
        ({"base_url": "http://host:99999"}, "base_url"),
        ({"base_url": "http://ho st"}, "base_url"),
        ({"base_url": "http://host/?a=b"}, "base_url"),
        ({"base_url": "https://host/v4"}, "base_url must not end in /v4, which every call adds: write https://host$"),
        ({"base_url": "https://host/a/v4//"}, "write https://host/a$"),
        ({"base_url": "https://host", "backup_url": "https://v4/v4"}, "backup_url .* write https://v4$"),
        ({"base_url": "https://host/V4/"}, "must not end in /V4, .* write https://host$"),
        ({"base_url": "https://host/a/v4/openim"}, "must not end in /v4/openim, .* write https://host/a$"),
        ({"base_url": "https://host/v4/openim/sendmsg"}, "write https://host$"),
        ({"secret_key": "\ufeffdummy"}, "secret_key has blanks or line ends around it"),
        ({"secret_key": None, "usersig": "dummy\n"}, "usersig has blanks or line ends around it"),
        ({"validate": "no"}, "validate must be True or False"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": (1.0,)}, "timeout"),
        ({"timeout": (1.0, -1.0)}, "timeout"),
        ({"timeout": (1.0, float("inf"))}, "timeout"),
        ({"timeout": None}, "timeout"),
        ({"timeout": 10**5000}, "timeout"),
        ({"timeout": True}, "timeout"),
        ({"hooks": print}, "hooks must be a list of functions"),
        ({"hooks": [None]}, "hooks must be a list of functions"),
        ({"hooks": "print"}, "hooks must be a list of functions"),
        ({"transport": "x"}, r"transport must be like HTTPTransport\(\)"),
        ({"transport": HTTPTransport}, "got the class HTTPTransport"),
        ({"transport": AsyncHTTPTransport()}, "got AsyncHTTPTransport"),
        ({"transport": requests.Session()}, r"a session goes into HTTPTransport\(session=...\)"),
        ({"rate_limiter": True}, r"rate_limiter must be like RateLimiter\(\)"),
        ({"rate_limiter": RateLimiter}, "got the class RateLimiter"),
        ({"rate_limiter": AsyncRateLimiter()}, "got AsyncRateLimiter"),
    ],
)
def test_settings_that_cannot_work(changes: dict[str, object], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        ChatClient(**{**GOOD, **changes})


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"transport": HTTPTransport()}, r"transport must be like AsyncHTTPTransport\(\), .* got HTTPTransport"),
        ({"transport": requests.Session()}, r"a session goes into AsyncHTTPTransport\(session=...\)"),
        ({"rate_limiter": RateLimiter()}, r"rate_limiter must be like AsyncRateLimiter\(\), .* got RateLimiter"),
    ],
)
def test_parts_of_the_other_kind_of_client(changes: dict[str, object], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        AsyncChatClient(**{**GOOD, **changes})


@pytest.mark.parametrize("region", ["silicon_valley", "Silicon-Valley", "SILICON VALLEY", Region.SILICON_VALLEY])
def test_region_by_any_name(region: str | Region) -> None:
    assert ChatClient(1, "dummy", region=region).base_url == f"https://{Region.SILICON_VALLEY.domain}"


def test_base_url_overrides_the_region() -> None:
    assert ChatClient(1, "dummy", region="china", base_url="http://127.0.0.1:80/").base_url == "http://127.0.0.1:80"


@pytest.mark.parametrize("url", ["https://v4", "https://host/v4/proxy", "https://host/my-v4", "https://host/v4b/"])
def test_paths_that_are_not_the_versions_folder(url: str) -> None:
    assert ChatClient(1, "dummy", base_url=url).base_url == url.rstrip("/")


def warnings_of(make: Callable[[], object]) -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        make()
    return found


@pytest.mark.parametrize("client_class", [ChatClient, AsyncChatClient])
@pytest.mark.parametrize(
    "urls",
    [
        {"base_url": "http://api.example/prefix"},
        {"base_url": "HTTP://127.0.0.1.example"},
        {"base_url": "http://localhost.example:8080"},
        {"base_url": "http://10.0.0.1"},
        {"base_url": "http://[::2]"},
        {"base_url": "https://api.example", "backup_url": "http://api.example"},
    ],
)
def test_urls_that_show_secrets_are_warned_about(client_class: type[ChatClient], urls: dict[str, str]) -> None:
    [warning] = warnings_of(lambda: client_class(1, "dummy-key", **urls))
    assert (warning.category, warning.filename) == (UserWarning, __file__)
    assert str(warning.message).startswith(f"calls to {list(urls.values())[-1]} are not encrypted: ")
    assert "dummy-key" not in str(warning.message)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8080", "localhost.", "app.localhost", "127.0.0.1", "127.8.9.1:80", "[::1]:8080"]
)
def test_this_machine_is_not_warned_about(host: str) -> None:
    assert warnings_of(lambda: ChatClient(1, "dummy", base_url=f"http://{host}")) == []


def test_every_client_is_warned_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Mine(ChatClient):
        pass

    for name, value in (("SDKAPPID", "14"), ("SECRET_KEY", "dummy"), ("BASE_URL", "http://api.example")):
        monkeypatch.setenv(f"TENCENT_CHAT_{name}", value)
    [warning] = warnings_of(lambda: Mine.from_env().with_options(retry=False).as_identifier("b"))
    assert warning.filename == __file__


def test_from_env(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SDKAPPID", "SECRET_KEY", "USERSIG", "IDENTIFIER", "REGION", "BASE_URL"):
        monkeypatch.delenv(f"TENCENT_CHAT_{name}", raising=False)
    for name, value in (("SDKAPPID", "14"), ("SECRET_KEY", "dummy"), ("REGION", "Tokyo")):
        with pytest.raises(ConfigurationError, match=f"TENCENT_CHAT_{name}"):
            ChatClient.from_env()
        monkeypatch.setenv(f"TENCENT_CHAT_{name}", value)
    monkeypatch.setenv("TENCENT_CHAT_IDENTIFIER", "admin2")
    client = ChatClient.from_env()
    assert repr(client) == f"<ChatClient sdkappid=14 identifier='admin2' base_url='https://{Region.TOKYO.domain}'>"
    for number in ("14x", "1" * 5000):
        monkeypatch.setenv("TENCENT_CHAT_SDKAPPID", number)
        with pytest.raises(ConfigurationError, match="TENCENT_CHAT_SDKAPPID"):
            ChatClient.from_env()
    monkeypatch.setenv("TENCENT_CHAT_SDKAPPID", "14")
    monkeypatch.setenv("TENCENT_CHAT_USERSIG", "dummy-usersig")
    with pytest.raises(ConfigurationError, match="TENCENT_CHAT_SECRET_KEY and TENCENT_CHAT_USERSIG"):
        ChatClient.from_env()


def signer(request: Request) -> UserSig:
    return usersig.verify(request.usersig.reveal(), 14, "dummy")


def test_accounts() -> None:
    transport = Recorder()
    client = ChatClient(14, "dummy", region="china", transport=transport)
    client.call("x/y")
    client.call("x/y", identifier="second")
    client.as_identifier("third").call("x/y")
    client.accounts.kick(user_id="bob", identifier="fourth", timeout=(1, 8))
    found = [signer(request).identifier for request in transport.requests]
    assert found == ["administrator", "second", "third", "fourth"]
    assert transport.requests[-1].timeout == (1.0, 8.0)


def test_subclass_stays_one_as_another_account() -> None:
    class Tagged(ChatClient):
        def __init__(self, tag: str, transport: Recorder) -> None:
            super().__init__(14, "dummy", region="china", transport=transport)
            self.tag = tag

    transport = Recorder()
    client = Tagged("blue", transport)
    client.accounts.kick(user_id="bob")
    other = client.as_identifier("other")
    other.accounts.kick(user_id="bob")
    assert (type(other), other.tag) == (Tagged, "blue")
    assert [signer(request).identifier for request in transport.requests] == ["administrator", "other"]


def test_given_usersig_serves_one_account() -> None:
    client = ChatClient(14, usersig="given", identifier="admin", region="china", transport=Recorder())
    client.call("x/y")
    client.call("x/y", identifier="admin")
    with pytest.raises(ConfigurationError, match="secret_key"):
        client.call("x/y", identifier="other")
    with pytest.raises(ConfigurationError, match="secret_key"):
        client.as_identifier("other")


def test_usersig_is_renewed_before_its_end() -> None:
    now = [1_700_000_000.7]
    credentials = SigningCredentials(14, Secret("dummy"), clock=lambda: now[0])

    def signed_at() -> int:
        return usersig.verify(credentials.signature("a").encoded.reveal(), 14, "dummy", now=now[0]).time

    first = signed_at()
    now[0] += LIFETIME - MARGIN - 1
    assert signed_at() == first
    now[0] += 2
    assert signed_at() > first
    now[0] -= 30 * 86400
    assert signed_at() < first, "a clock that was set back makes tokens of the future useless"


def test_one_usersig_for_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    sign: Callable[..., Secret] = usersig.sign

    def slow(*args: object, **options: object) -> Secret:
        made.append("")
        time.sleep(0.02)
        return sign(*args, **options)

    monkeypatch.setattr(usersig, "sign", slow)
    credentials = SigningCredentials(14, Secret("dummy"))
    start = threading.Barrier(32)

    def call(_: int) -> str:
        start.wait()
        return credentials.signature("a").encoded.reveal()

    with ThreadPoolExecutor(32) as pool:
        assert len(set(pool.map(call, range(32)))) == 1
    assert len(made) == 1


def test_every_command_is_a_method() -> None:
    client = ChatClient(14, "dummy", region="china")
    for command in COMMANDS.values():
        namespace, function = command.method.split(".")
        method = getattr(getattr(client, namespace), function)
        assert command.path in method.__doc__
        assert command.docs in method.__doc__


def test_preload() -> None:
    client = ChatClient(14, "dummy", region="china", transport=Recorder())
    client.preload()
    for command in COMMANDS.values():
        assert command.request_model.__pydantic_complete__
        assert command.response_model.__pydantic_complete__


@pytest.mark.parametrize("missing", ["aiohttp", "certifi"])
def test_a_library_that_is_missing_is_told_at_once(missing: str) -> None:
    program = f"""
import sys; sys.modules[{missing!r}] = None
import tencent_chat
for make in (
    lambda: tencent_chat.AsyncChatClient(1, "dummy", region="china"),
    lambda: tencent_chat.AsyncHTTPTransport,
):
    try: make()
    except tencent_chat.MissingLibraryError as error: print(isinstance(error, ImportError), error)
"""
    folder = Path(tencent_chat.__file__).parents[1]
    command = [sys.executable, "-c", program]
    lines = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()
    name = f"needs {missing}: pip install {missing}"
    assert lines == [f"True AsyncChatClient {name}", f"True AsyncHTTPTransport {name}"]


def test_nothing_is_printed_without_logging_set_up() -> None:
    program = """
import tencent_chat
from tencent_chat.webhooks import Router, UnknownEvent
tencent_chat.Response.model_validate({"ErrorCode": "x", "ActionStatus": 5})
router = Router(token=None)
router.fallback(lambda event: 1 / 0)
assert router.handle({}, b"{}").status == 500
try: tencent_chat.ChatClient(1, "dummy", base_url="http://127.0.0.1:9", retry=False).call("x/y")
except tencent_chat.TransportError: pass
"""
    folder = Path(tencent_chat.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


PEM = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("key", "about"), [("dummy\n", "line ends"), (" dummy", "blanks"), ("\tdummy", "blanks"), (PEM, "older scheme")]
)
def test_keys_that_cannot_be_right_are_refused_where_they_are_given(
    key: str, about: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENCENT_CHAT_SDKAPPID", "14")
    monkeypatch.setenv("TENCENT_CHAT_SECRET_KEY", key)
    monkeypatch.setenv("TENCENT_CHAT_REGION", "china")
    uses: list[Callable[[], object]] = [
        lambda: ChatClient(14, key, region="china"),
        ChatClient.from_env,
        lambda: usersig.generate(14, key, "bob"),
        lambda: usersig.verify("x", 14, key),
        lambda: usersig.private_map_key(14, key, "bob", room_id=1),
    ]
    for use in uses:
        with pytest.raises(ChatError, match=about) as caught:
            use()
        assert "dummy" not in str(caught.value)
        assert "MIGH" not in str(caught.value)
    folder = Path(tencent_chat.__file__).parents[1]
    command = [sys.executable, "-m", "tencent_chat", "usersig", "generate", "bob"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 2
    assert about in " ".join(done.stderr.split())


def test_given_usersigs_of_another_app_or_account_or_time_are_refused() -> None:
    def client(token: str) -> ChatClient:
        return ChatClient(14, usersig=token, identifier="admin", region="china")

    client(usersig.generate(14, "dummy", "admin"))
    client("cannot be decoded")
    for token, about in (
        (usersig.generate(15, "dummy", "admin"), "for SDKAppID 15, not 14"),
        (usersig.generate(14, "dummy", "bob"), "for 'bob', not 'admin'"),
        (usersig.generate(14, "dummy", "admin", expire=60, now=1_700_000_000), "expired at 1700000060"),
    ):
        with pytest.raises(ConfigurationError, match=about) as caught:
            client(token)
        assert token not in str(caught.value)
