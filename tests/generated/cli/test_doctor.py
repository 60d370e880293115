"""`python -m tencent_chat doctor` against everything that can be wrong, on this machine."""

from __future__ import annotations

import datetime
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.utils import formatdate
from pathlib import Path
from time import sleep, time

import pytest
import trustme

from generated.command_line import CLIENT, app, at_terminal, environment, run
from generated.loopback import OK, Received, Server, http, unused_port
from tencent_chat import Region
from tencent_chat_emulator import Emulator

KEY = "distinctive-key-7f3a91c2"
PASSWORD = "distinctive-password-91c2"
STEPS = ["DNS", "TCP", "TLS", "HTTP", "Keep-alive", "Clock", "Call"]


def doctor(*arguments: str, key: str | None = KEY, **variables: object) -> subprocess.CompletedProcess[str]:
    """Run the doctor; what it writes holds neither the key nor a UserSig nor a proxy's password."""
    if key is not None:
        variables = {"TENCENT_CHAT_SDKAPPID": 1400000000, "TENCENT_CHAT_SECRET_KEY": key, **variables}
    result = run("doctor", "--timeout", "5", *arguments, env=environment(**variables))
    for secret in (KEY, PASSWORD, "eJ"):
        assert secret not in result.stdout + result.stderr
    return result


def steps(result: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    """Return the marks and names of the steps in a report."""
    lines = [line.split() for line in result.stdout.splitlines() if line.startswith("  ") and line[2] != " "]
    return [(words[0], words[1]) for words in lines]


def marks(result: subprocess.CompletedProcess[str]) -> str:
    """Return the marks of the steps, a minus for the dash; all are there, in order, a proxy's left out."""
    found = [step for step in steps(result) if step[1] not in ("Proxy", "Tunnel")]
    assert [name for _, name in found] == STEPS
    return joined(found)


def joined(found: list[tuple[str, str]]) -> str:
    return "".join(mark for mark, _ in found).replace("\N{EN DASH}", "-")


def service(
    *, clock: float = 0, head: bytes | None = None, call: bytes | None = None
) -> Callable[[Received, socket.socket], bytes]:
    """Return what answers like the service, its clock `clock` seconds ahead; `head` and `call` are other answers."""

    def answer(request: Received, _connection: socket.socket) -> bytes:
        if not request.line.startswith("HEAD "):
            return call or http(OK)
        date = formatdate(time() + clock, usegmt=True)
        return head or f"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDate: {date}\r\nServer: loopback\r\n\r\n".encode()

    return answer


class Authority:
    """A certificate authority, and the file that makes it trusted."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA(organization_name="Loopback Trust")
        self.file = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(self.file)

    def context(self, *names: str, ends: datetime.datetime | None = None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(*names, not_after=ends).configure_cert(context)
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def fine() -> Iterator[Server]:
    with Server(service()) as server:
        yield server


def test_all_fine(authority: Authority) -> None:
    ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=50, hours=1)
    with Server(service(), authority.context("127.0.0.1", ends=ends)) as server:
        result = doctor("--base-url", server.url, REQUESTS_CA_BUNDLE=authority.file)
    assert (result.returncode, result.stderr) == (0, "")
    assert marks(result) == "✓✓✓✓✓✓✓"
    for text in ("for 127.0.0.1, issued by Loopback Trust, until ", "(50 days left)", "TLSv1.", "status 200"):
        assert text in result.stdout
    assert f"127.0.0.1:{server.port} from 127.0.0.1" in result.stdout
    assert "im_open_login_svc/account_check as administrator" in result.stdout
    assert result.stdout.endswith("\nAll fine.\n")
    # Both signs of life came over one connection, the call over one of its own.
    assert [request.line.split()[0] for request in server.requests] == ["HEAD", "HEAD", "POST"]
    assert server.connections == 2


def test_the_mock_service_is_fine_and_a_wrong_key_is_not(tencent_chat_emulator: Emulator) -> None:
    good = run("doctor", env=app(tencent_chat_emulator))
    assert (good.returncode, marks(good)) == (0, "✓✓-✓✓✓✓")
    result = doctor(TENCENT_CHAT_BASE_URL=tencent_chat_emulator.url)
    assert (result.returncode, marks(result)) == (1, "✓✓-✓✓✓✗")
    assert "refused: 60004 INVALID_ACCOUNT_OR_USERSIG" in result.stdout
    assert "Used were SDKAppID 1400000000, its key and the account administrator." in result.stdout


def test_no_such_name() -> None:
    result = doctor("--base-url", "https://chat.invalid")
    assert (result.returncode, marks(result)) == (1, "✗------")
    assert "chat.invalid cannot be resolved" in result.stdout
    assert "nslookup chat.invalid" in result.stdout
    assert result.stdout.count("because DNS failed") == 5


def test_a_resolver_that_keeps_silent(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import socket, time\nsocket.getaddrinfo = lambda *args, **kwargs: time.sleep(60)\n"
    )
    path = f"{tmp_path}{os.pathsep}{CLIENT}"
    result = doctor("--base-url", "https://chat.invalid", "--timeout", "0.2", PYTHONPATH=path)
    assert (result.returncode, marks(result)) == (1, "✗------")
    assert "No DNS server answered" in result.stdout


def test_a_name_of_this_machine(fine: Server) -> None:
    if "localhost" not in Path("/etc/hosts").read_text().split():
        pytest.skip("no localhost in /etc/hosts")
    result = doctor("--base-url", f"http://localhost:{fine.port}")
    assert "127.0.0.1; from /etc/hosts" in result.stdout.replace(", ::1", "").replace("::1, ", "")


def test_refused_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    result = doctor("--base-url", f"https://127.0.0.1:{port}")
    assert (result.returncode, marks(result)) == (1, "✓✗-----")
    assert f"127.0.0.1:{port}: Connection refused" in result.stdout
    assert f"nc -vz 127.0.0.1 {port}" in result.stdout


class TestCertificates:
    def test_for_another_name(self, authority: Authority) -> None:
        with Server(service(), authority.context("elsewhere.example")) as server:
            result = doctor("--base-url", server.url, REQUESTS_CA_BUNDLE=authority.file)
        assert (result.returncode, marks(result)) == (1, "✓✓✗----")
        assert "the certificate is for another host than 127.0.0.1" in result.stdout
        assert "for elsewhere.example, issued by Loopback Trust" in result.stdout
        assert not server.requests

    def test_expired(self, authority: Authority) -> None:
        ends = datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC)
        with Server(service(), authority.context("127.0.0.1", ends=ends)) as server:
            result = doctor("--base-url", server.url, REQUESTS_CA_BUNDLE=authority.file)
        assert (result.returncode, marks(result)) == (1, "✓✓✗----")
        assert "the certificate has expired" in result.stdout
        assert "issued by Loopback Trust, until 2024-02-29 (expired)" in result.stdout
        assert "set this machine's clock" in result.stdout

    def test_of_an_unknown_authority(self, authority: Authority) -> None:
        with Server(service(), authority.context("127.0.0.1")) as server:
            result = doctor("--base-url", server.url)
        assert (result.returncode, marks(result)) == (1, "✓✓✗----")
        assert "issued by Loopback Trust" in result.stdout
        assert "REQUESTS_CA_BUNDLE" in result.stdout
        assert not server.requests

    def test_soon_to_end(self, authority: Authority) -> None:
        ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3, hours=1)
        with Server(service(), authority.context("127.0.0.1", ends=ends)) as server:
            result = doctor("--base-url", server.url, REQUESTS_CA_BUNDLE=authority.file)
        assert (result.returncode, marks(result)) == (0, "✓✓!✓✓✓✓")
        assert "(3 days left)" in result.stdout

    def test_none_because_the_port_speaks_something_else(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as plain:

            def greet() -> None:
                connection, _ = plain.accept()
                with connection:
                    connection.sendall(b"HTTP/1.1 400 Bad request\r\n\r\n")
                    connection.recv(1 << 16)

            threading.Thread(target=greet, daemon=True).start()
            result = doctor("--base-url", f"https://127.0.0.1:{plain.getsockname()[1]}")
        assert (result.returncode, marks(result)) == (1, "✓✓✗----")
        assert "TLS failed: WRONG_VERSION_NUMBER" in result.stdout

    def test_a_bundle_that_is_not_there(self, fine: Server) -> None:
        url = fine.url.replace("http:", "https:")
        result = doctor("--base-url", url, REQUESTS_CA_BUNDLE="/nowhere/ca.pem")
        assert (result.returncode, marks(result)) == (1, "✓✓✗----")
        assert "the certificates of /nowhere/ca.pem cannot be read" in result.stdout


class TestAnswers:
    def test_none_in_time(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as mute:
            result = doctor("--base-url", f"http://127.0.0.1:{mute.getsockname()[1]}", "--timeout", "0.2")
        assert (result.returncode, marks(result)) == (1, "✓✓-✗---")
        assert "no answer within 0.2 s" in result.stdout
        assert "longer than that" in result.stdout

    @pytest.mark.parametrize("begins", [b"HTT", b"HTTP/1.1 200 OK\r\nX-Slow: "])
    @pytest.mark.parametrize("tls", [False, True])
    def test_one_that_comes_byte_by_byte(self, begins: bytes, tls: bool, authority: Authority) -> None:
        def trickles(_request: Received, connection: socket.socket) -> bytes | None:
            with suppress(OSError):
                connection.sendall(begins)
                for _ in range(300):
                    sleep(0.05)
                    connection.sendall(b"x")
            return None

        with Server(trickles, authority.context("127.0.0.1") if tls else None) as server:
            bundle = {"REQUESTS_CA_BUNDLE": str(authority.file)} if tls else {}
            result = doctor("--base-url", server.url, "--timeout", "0.5", **bundle)
        assert (result.returncode, marks(result)) == (1, "✓✓✓✗---" if tls else "✓✓-✗---")
        assert "no answer within 0.5 s" in result.stdout

    def test_bad_gateway(self) -> None:
        page = http(b"<html>Bad gateway</html>", 502)
        with Server(service(head=page, call=page)) as server:
            result = doctor("--base-url", server.url)
        assert (result.returncode, marks(result)) == (1, "✓✓-✗---")
        assert "status 502" in result.stdout

    def test_a_page_in_place_of_the_service(self) -> None:
        with Server(service(call=http(b"<html>Please log in</html>"))) as server:
            result = doctor("--base-url", server.url)
        assert (result.returncode, marks(result)) == (1, "✓✓-✓✓✓✗")
        assert "the answer is no JSON (HTTP status 200)" in result.stdout
        assert "Something else than the service answered" in result.stdout

    def test_no_http_at_all(self) -> None:
        with Server(service(head=b"220 mail.example ESMTP\r\n\r\n")) as server:
            result = doctor("--base-url", server.url)
        assert (result.returncode, marks(result)) == (1, "✓✓-✗---")
        assert "no HTTP" in result.stdout
        assert "does not speak HTTP" in result.stdout

    def test_a_server_that_knows_no_head(self) -> None:
        with Server(service(head=http(b"", 501))) as server:
            result = doctor("--base-url", server.url)
        assert (result.returncode, marks(result)) == (0, "✓✓-!✓!✓")

    def test_an_account_that_cannot_call(self, fine: Server) -> None:
        result = doctor("--base-url", fine.url, "--json", TENCENT_CHAT_IDENTIFIER="admin\udcff")
        call = json.loads(result.stdout)["steps"][-1]
        assert (result.returncode, call["state"]) == (1, "failed")
        assert call["detail"] == "identifier holds half of a surrogate pair"

    def test_a_connection_that_does_not_last_is_a_warning(self) -> None:
        date = formatdate(usegmt=True)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\nDate: {date}\r\n\r\n".encode()
        with Server(service(head=head)) as server:
            result = doctor("--base-url", server.url)
        assert (result.returncode, marks(result)) == (0, "✓✓-✓!✓✓")
        assert result.stdout.endswith("\nNothing failed; warnings: 1.\n")

    @pytest.mark.parametrize(("ahead", "where"), [(3600, "behind"), (-3600, "ahead of")])
    def test_a_wrong_clock(self, ahead: float, where: str) -> None:
        with Server(service(clock=ahead)) as server:
            result = doctor("--base-url", server.url)
        assert (result.returncode, marks(result)) == (1, "✓✓-✓✓✗✓")
        assert f"this machine is 1 h 0 min {where} the service" in result.stdout
        assert "NTP" in result.stdout


class TestProxies:
    @pytest.fixture
    def region(self, authority: Authority) -> Iterator[Server]:
        """What answers for Singapore, reached through proxies only: tests know no other way there."""
        names = [Region.SINGAPORE.domain, str(Region.SINGAPORE.backup)]
        with Server(service(), authority.context(*names)) as server:
            yield server

    def test_both_domains_of_a_region_through_a_tunnel(self, authority: Authority, region: Server) -> None:
        with Server(tunnel(region.port)) as proxy:
            url = proxy.url.replace("//", f"//user:{PASSWORD}@")
            result = doctor("--region", "singapore", HTTPS_PROXY=url, REQUESTS_CA_BUNDLE=authority.file)
        assert result.returncode == 0, result.stdout
        names = ["Proxy", "DNS", "TCP", "Tunnel", "TLS", "HTTP", "Keep-alive", "Clock"]
        assert steps(result) == [("✓", name) for name in [*names, *names, "Call"]]
        assert f"calls go through {proxy.url}" in result.stdout
        assert f"https://{Region.SINGAPORE.backup} (backup domain)" in result.stdout
        assert {request.headers["proxy-authorization"][:6] for request in proxy.requests} == {"Basic "}

    def test_the_backup_is_called_when_the_domain_fails(self, authority: Authority, region: Server) -> None:
        with Server(tunnel(region.port, refused=Region.SINGAPORE.domain)) as proxy:
            result = doctor("--region", "singapore", HTTPS_PROXY=proxy.url, REQUESTS_CA_BUNDLE=authority.file)
        assert result.returncode == 1
        assert joined(steps(result)) == "✓✓✓✗----" + "✓✓✓✓✓✓✓✓" + "✓"
        assert "the proxy answers with status 403" in result.stdout
        assert "NO_PROXY" in result.stdout

    @pytest.mark.parametrize(("scheme", "expected"), [("https", "✓✓✓✗-----"), ("http", "✓✓✓!✗---")])
    def test_one_that_wants_a_password(self, scheme: str, expected: str) -> None:
        def strict(_request: Received, _connection: socket.socket) -> bytes:
            return http(b"", 407, headers='Proxy-Authenticate: Basic realm="office"\r\n')

        with Server(strict) as proxy:
            url = proxy.url.replace("//", f"//user:{PASSWORD}@")
            result = doctor("--base-url", f"{scheme}://api.invalid", HTTP_PROXY=url, HTTPS_PROXY=url)
        assert (result.returncode, joined(steps(result))) == (1, expected)
        assert "status 407" in result.stdout
        assert "The proxy wants a user and a password" in result.stdout

    def test_one_that_is_down(self) -> None:
        result = doctor("--base-url", "https://api.invalid", HTTPS_PROXY=f"http://127.0.0.1:{unused_port()}")
        assert (result.returncode, joined(steps(result))) == (1, "✓✓✗------")
        assert "127.0.0.1 is the proxy" in result.stdout

    def test_a_forwarding_one(self, fine: Server) -> None:
        result = doctor("--base-url", "http://api.invalid/prefix", HTTP_PROXY=fine.url)
        assert (result.returncode, marks(result)) == (0, "✓✓!✓✓✓✓")
        assert "HEAD http://api.invalid/prefix/ HTTP/1.1" in [request.line for request in fine.requests]
        assert "use https" in result.stdout
        assert result.stderr == ""

    def test_of_a_kind_that_cannot_be_looked_through(self) -> None:
        result = doctor("--base-url", "http://api.invalid", key=None, HTTP_PROXY=f"socks5://u:{PASSWORD}@127.0.0.1:9")
        assert (result.returncode, marks(result)) == (0, "-------")
        assert "calls go through socks5://127.0.0.1:9" in result.stdout
        assert "All fine" not in result.stdout

    def test_one_at_an_address_of_ipv6(self) -> None:
        result = doctor("--base-url", "http://api.invalid", key=None, HTTP_PROXY="http://[::1]:9")
        assert "calls go through http://[::1]:9:" in result.stdout

    def test_one_that_cannot_be_used(self) -> None:
        result = doctor("--base-url", "http://api.invalid", HTTP_PROXY=f"http://u:{PASSWORD}@proxy.invalid:port")
        assert (result.returncode, marks(result)) == (1, "-------")
        assert "its URL cannot be used" in result.stdout
        assert "must be like http://" in result.stdout


def tunnel(port: int, *, refused: str = "") -> Callable[[Received, socket.socket], bytes | None]:
    """Return a proxy that leads all connections to `port`, but for those to the host `refused`."""

    def answer(request: Received, connection: socket.socket) -> bytes | None:
        if refused and f" {refused}:" in request.line:
            return http(b"no", 403)
        with socket.create_connection(("127.0.0.1", port)) as far:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(far, connection), daemon=True)
            back.start()
            pump(connection, far)
            back.join(2)
        return None

    return answer


def pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class TestProgram:
    def test_without_an_app_no_call_is_made(self, fine: Server) -> None:
        before = len(fine.requests)
        result = doctor("--base-url", fine.url, key=None)
        assert (result.returncode, marks(result)) == (0, "✓✓-✓✓✓-")
        assert "TENCENT_CHAT_SDKAPPID" in result.stdout
        assert len(fine.requests) == before + 2
        without_key = doctor("--base-url", fine.url, key=None, TENCENT_CHAT_SDKAPPID=1400000000)
        assert (without_key.returncode, marks(without_key)) == (0, "✓✓-✓✓✓-")

    def test_json(self, fine: Server) -> None:
        result = doctor("--base-url", fine.url, "--json")
        report = json.loads(result.stdout)
        assert (result.returncode, report["ok"]) == (0, True)
        assert [step["name"] for step in report["steps"]] == STEPS
        assert [(step["role"], step["target"]) for step in report["steps"]] == [
            *[("domain", fine.url)] * 6,
            ("call", "im_open_login_svc/account_check"),
        ]
        assert all(step["seconds"] > 0 for step in report["steps"] if step["name"] in ("TCP", "HTTP", "Call"))

    def test_steps_are_told_as_they_are_taken(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as mute:
            mute.settimeout(20)
            command = [
                sys.executable,
                "-m",
                "tencent_chat",
                "doctor",
                "--base-url",
                f"http://127.0.0.1:{mute.getsockname()[1]}",
            ]
            with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE) as process:
                connection, _ = mute.accept()
                connection.recv(1)
                process.kill()
                told, _ = process.communicate()
            connection.close()
        assert [line.split()[1] for line in told.decode().splitlines()[1:]] == ["DNS", "TCP", "TLS"]

    def test_marks_for_plain_encodings(self, fine: Server) -> None:
        result = doctor("--base-url", fine.url, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
        assert marks(result) == "++-++++"
        assert result.stdout.isascii()

    def test_fits_a_terminal_and_asks_for_the_key(self, fine: Server) -> None:
        env = environment(TERM="xterm", COLUMNS="80", NO_COLOR="1")
        arguments = ["doctor", "--base-url", fine.url, "--sdkappid", "1400000000"]
        code, output = at_terminal(arguments, env, [("Secret key: ", f"{KEY}\n")])
        assert code == 0
        assert KEY not in output
        assert "All fine." in output
        assert max(len(line) for line in output.splitlines()) <= 80

    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            ((), "--region"),
            (("--region", "nowhere"), "nowhere"),
            (("--base-url", "ftp://x"), "base_url"),
            (("--base-url", "https://x/v4"), "write https://x"),
            (("--region", "china", "--base-url", "https://x"), "not allowed with"),
            (("--base-url", "http://127.0.0.1:1", "--sdkappid", "x"), "SDKAppID"),
        ],
    )
    def test_wrong_usage(self, arguments: tuple[str, ...], named: str) -> None:
        result = doctor(*arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert named in result.stderr
