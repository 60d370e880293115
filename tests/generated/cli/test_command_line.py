"""`python -m tencent_chat`: its commands, in processes of their own, against the mock service."""

from __future__ import annotations

import base64
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from generated.command_line import CLIENT, app, at_terminal, environment, run
from generated.imports import loaded_by
from generated.leaks import echoes, echoes_a_part, echoes_in_envelope
from generated.loopback import Received, Server, http
from tencent_chat import COMMANDS, ErrorCode, usersig
from tencent_chat_emulator import Emulator
from tencent_chat_emulator._memory.groups.groups import Group

KEY = "distinctive-key-7f3a91c2"
CHECK = '{"CheckItem": [{"UserID": "bob"}]}'


class TestCall:
    def test_the_answer_goes_to_stdout_and_the_rest_to_stderr(self, tencent_chat_emulator: Emulator) -> None:
        result = run("call", "accounts.check", CHECK, env=app(tencent_chat_emulator))
        assert result.returncode == 0
        assert json.loads(result.stdout)["ActionStatus"] == "OK"
        assert "\n  " in result.stdout
        assert re.fullmatch(r"im_open_login_svc/account_check: OK, HTTP 200, [\d.]+ m?s\n", result.stderr)
        (call,) = tencent_chat_emulator.calls
        assert call.body == json.loads(CHECK)

    @pytest.mark.parametrize("form", ["file", "stdin"])
    def test_the_body_comes_from_a_file_or_stdin(
        self, tencent_chat_emulator: Emulator, tmp_path: Path, form: str
    ) -> None:
        (tmp_path / "body.json").write_bytes(b"\xef\xbb\xbf" + CHECK.encode())
        argument, stdin = ("@body.json", "") if form == "file" else ("-", CHECK)
        arguments = ("call", "im_open_login_svc/account_check", argument, "--json")
        result = run(*arguments, env=app(tencent_chat_emulator), stdin=stdin, cwd=tmp_path)
        assert (result.returncode, result.stderr) == (0, "")
        assert json.loads(result.stdout)["ErrorCode"] == 0
        assert result.stdout.count("\n") == 1
        assert tencent_chat_emulator.calls[0].body == json.loads(CHECK)

    def test_plain_http_to_another_machine_is_warned_about(self) -> None:
        with Server(lambda _request, _connection: http({"ErrorCode": 0})) as proxy:
            env = environment(TENCENT_CHAT_SDKAPPID=1, TENCENT_CHAT_SECRET_KEY=KEY, HTTP_PROXY=proxy.url)
            result = run("call", "accounts.check", CHECK, "--json", "--base-url", "http://api.invalid", env=env)
        assert (result.returncode, result.stdout) == (0, '{"ErrorCode": 0}\n')
        assert re.fullmatch(r"warning: calls to http://api\.invalid are not encrypted: .*; use https\n", result.stderr)

    def test_the_versions_folder_is_not_part_of_the_base_url(self) -> None:
        env = environment(TENCENT_CHAT_SDKAPPID=1, TENCENT_CHAT_SECRET_KEY=KEY)
        result = run("call", "accounts.check", CHECK, "--base-url", "https://api.invalid/v4/", env=env)
        assert (result.returncode, result.stdout) == (2, "")
        assert "write https://api.invalid\n" in result.stderr

    def test_a_deprecated_command_is_warned_about(self, tencent_chat_emulator: Emulator) -> None:
        result = run("call", "accounts.get_state", '{"To_Account": ["administrator"]}', env=app(tencent_chat_emulator))
        assert result.returncode == 0
        warning = "warning: openim/querystate is deprecated since 2021-12-31: use query_online_status\n"
        assert result.stderr.startswith(warning)
        assert "DeprecationWarning" not in result.stderr

    def test_a_body_may_have_former_names_of_fields(self, tencent_chat_emulator: Emulator) -> None:
        result = run("call", "accounts.import_account", '{"Identifier": "eve"}', env=app(tencent_chat_emulator))
        assert result.returncode == 0
        assert tencent_chat_emulator.calls[-1].body == {"UserID": "eve"}
        result = run("call", "accounts.kick", '{"Identifier": "eve", "UserID": "eve"}', env=app(tencent_chat_emulator))
        assert result.returncode == 2
        assert "Identifier: is a former name of UserID, which is given too" in result.stderr

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_options_may_stand_anywhere(self, tencent_chat_emulator: Emulator, place: int) -> None:
        arguments = ["accounts.check", CHECK]
        arguments[place:place] = ["--json", "--timeout", "5"]
        result = run("call", *arguments, env=app(tencent_chat_emulator))
        assert (result.returncode, result.stderr) == (0, "")
        assert tencent_chat_emulator.calls[0].body == json.loads(CHECK)
        assert run("call", *arguments, "more", env=app(tencent_chat_emulator)).returncode == 2

    def test_a_refused_call_says_what_to_do(self, tencent_chat_emulator: Emulator) -> None:
        tencent_chat_emulator.fail(code=60008)
        arguments = ("call", "accounts.check", CHECK, "--json", "--no-retry")
        result = run(*arguments, env=app(tencent_chat_emulator))
        assert result.returncode == 1
        assert json.loads(result.stdout)["ErrorCode"] == 60008
        code = ErrorCode(60008)
        for text in ("account_check: 60008 SERVICE_TIMEOUT", code.message, code.fix, "server", COMMANDS_DOCS):
            assert text in result.stderr
        assert len(tencent_chat_emulator.calls) == 1

    def test_what_the_service_says_is_shown_but_not_obeyed(self) -> None:
        answer = {"ActionStatus": "FAIL", "ErrorCode": 70001, "ErrorInfo": "red \x1b[31m\x07", "RequestId": "r\x9b-1"}
        with Server(lambda _request, _connection: http(answer)) as server:
            env = environment(TENCENT_CHAT_SDKAPPID=1, TENCENT_CHAT_SECRET_KEY=KEY, TENCENT_CHAT_BASE_URL=server.url)
            result = run("call", "accounts.check", CHECK, "--json", env=env)
        assert result.returncode == 1
        assert "red \\x1b[31m\\x07" in result.stderr
        assert "r\\x9b-1" in result.stderr
        assert result.stdout.strip().isprintable()
        assert json.loads(result.stdout) == answer

    @pytest.mark.parametrize("answer", [echoes, echoes_in_envelope, echoes_a_part])
    def test_a_usersig_that_comes_back_is_not_shown(self, answer: Callable[..., bytes]) -> None:
        token = usersig.generate(1, KEY, "administrator")
        with Server(answer) as server:
            env = environment(TENCENT_CHAT_SDKAPPID=1, TENCENT_CHAT_USERSIG=token, TENCENT_CHAT_BASE_URL=server.url)
            result = run("call", "accounts.check", CHECK, "--json", "--no-retry", env=env)
        assert result.returncode in (1, 2)
        assert "[usersig]" in result.stdout + result.stderr
        assert token[8:40] not in result.stdout + result.stderr

    def test_items_that_failed_are_named(self) -> None:
        items = [{"UserID": "bob", "ResultCode": 70107, "ResultInfo": "unknown"}]
        answer = {"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": "", "ResultItem": items}
        with Server(lambda _request, _connection: http(answer)) as server:
            env = environment(TENCENT_CHAT_SDKAPPID=1, TENCENT_CHAT_SECRET_KEY=KEY, TENCENT_CHAT_BASE_URL=server.url)
            result = run("call", "accounts.check", CHECK, env=env)
        assert result.returncode == 1
        assert "bob: 70107 unknown" in result.stderr

    def test_every_problem_of_a_body_is_named_and_nothing_is_sent(self, tencent_chat_emulator: Emulator) -> None:
        body = '{"MsgLifeTime": "long"}'
        result = run("call", "messages.send", body, env=app(tencent_chat_emulator))
        assert result.returncode == 2
        for field in ("To_Account (to_account)", "MsgBody (msg_body)", "MsgLifeTime (msg_life_time)"):
            assert f"  {field}: " in result.stderr
        assert not tencent_chat_emulator.calls
        assert run("call", "messages.send", body, "--no-validate", env=app(tencent_chat_emulator)).returncode == 1
        assert len(tencent_chat_emulator.calls) == 1

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            ('{\n  "a": x\n}', "body.json:2:8: "),
            ("[1]", "body.json:1:1: the body must be a JSON object"),
            (b'{"a":\n "\xff"}', "body.json:2:3: no UTF-8"),
            ('{"a": NaN}', "body.json: JSON has no NaN"),
            ("[" * 100_000, "body.json:1:1: nested too deeply"),
            (f'{{"a": {"9" * 5000}}}', "body.json: a number has too many digits"),
        ],
    )
    def test_bad_json_is_located(self, tmp_path: Path, body: str | bytes, place: str) -> None:
        (tmp_path / "body.json").write_bytes(body if isinstance(body, bytes) else body.encode())
        result = run("call", "openim/sendmsg", "@body.json", cwd=tmp_path)
        assert result.returncode == 2
        assert place in result.stderr

    def test_a_file_name_without_its_sign(self, tmp_path: Path) -> None:
        (tmp_path / "body.json").write_text("{}")
        result = run("call", "openim/sendmsg", "body.json", cwd=tmp_path)
        assert result.returncode == 2
        assert "BODY:1:1: " in result.stderr
        assert "write @body.json" in result.stderr
        assert "write @" not in run("call", "openim/sendmsg", "", cwd=tmp_path).stderr
        missing = run("call", "openim/sendmsg", "@nowhere.json", cwd=tmp_path)
        assert missing.returncode == 2
        assert "nowhere.json: No such file or directory" in missing.stderr

    def test_an_unknown_command_has_suggestions(self, tencent_chat_emulator: Emulator) -> None:
        result = run("call", "openim/sendmgs", env=app(tencent_chat_emulator))
        assert result.returncode == 2
        assert "messages.send  (openim/sendmsg)" in result.stderr
        assert not tencent_chat_emulator.calls
        sent = run("call", "new_svc/new_command", "--unknown", "--json", env=app(tencent_chat_emulator))
        assert sent.returncode == 1
        assert [call.command for call in tencent_chat_emulator.calls] == ["new_svc/new_command"]

    def test_no_answer(self, tencent_chat_emulator: Emulator) -> None:
        tencent_chat_emulator.fail(status=502, times=3)
        tencent_chat_emulator.fail(latency=5, times=3)
        page = run("call", "accounts.check", CHECK, "--no-retry", env=app(tencent_chat_emulator))
        assert page.returncode == 2
        assert "HTTP status 502" in page.stderr
        tencent_chat_emulator.reset()
        tencent_chat_emulator.fail(latency=5)
        slow = run("call", "accounts.check", CHECK, "--no-retry", "--timeout", "0.2", env=app(tencent_chat_emulator))
        assert slow.returncode == 2
        assert "no answer within 0.2 s" in slow.stderr
        assert "unknown whether" in slow.stderr

    def test_without_an_app_it_says_what_is_missing(self) -> None:
        variables: dict[str, object] = {}
        for name, value in (("SDKAPPID", 1), ("SECRET_KEY", KEY), ("REGION", "nowhere")):
            result = run("call", "accounts.check", CHECK, env=environment(**variables))
            assert result.returncode == 2
            assert f"TENCENT_CHAT_{name}" in result.stderr
            variables[f"TENCENT_CHAT_{name}"] = value
        result = run("call", "accounts.check", CHECK, env=environment(**variables))
        assert result.returncode == 2
        assert "no region 'nowhere'" in result.stderr


COMMANDS_DOCS = COMMANDS["im_open_login_svc/account_check"].docs


class TestUserSig:
    ENV = environment(TENCENT_CHAT_SDKAPPID=1400000000, TENCENT_CHAT_SECRET_KEY=KEY)

    def test_generated_ones_hold(self) -> None:
        generated = run("usersig", "generate", "bob", "--expire", "3600", env=self.ENV)
        assert generated.returncode == 0
        token = generated.stdout.strip()
        assert usersig.verify(token, 1400000000, KEY, userid="bob").expire == 3600
        verified = run("usersig", "verify", "--userid", "bob", "--json", env=self.ENV, stdin=token)
        assert verified.returncode == 0
        assert json.loads(verified.stdout)["identifier"] == "bob"
        other = run("usersig", "verify", "--userid", "alice", env=self.ENV, stdin=token)
        assert other.returncode == 1
        assert "for account 'bob', not 'alice'" in other.stderr

    def test_decoding_needs_no_key_and_shows_no_signature(self) -> None:
        token = usersig.generate(1400000000, KEY, "b\x1bob", expire=60, now=1_700_000_000)
        result = run("usersig", "decode", stdin=f"{token}\n")
        assert result.returncode == 0
        assert "b\\x1bob" in result.stdout
        assert "2023-11-14 22:14:20 UTC" in result.stdout
        assert "days ago" in result.stdout
        sig = usersig.decode(token).sig
        assert sig not in result.stdout + run("usersig", "decode", "--json", stdin=token).stdout

    @pytest.mark.parametrize(("stdin", "code"), [("nonsense", 1), ("", 2)])
    def test_what_is_no_usersig(self, stdin: str, code: int) -> None:
        assert run("usersig", "decode", stdin=stdin).returncode == code

    def test_claims_beyond_all_time(self) -> None:
        claims = {"TLS.ver": "2.0", "TLS.identifier": "bob", "TLS.sdkappid": 1, "TLS.expire": 1, "TLS.sig": "x"}
        packed = zlib.compress(json.dumps(claims | {"TLS.time": 10**400}).encode())
        token = base64.b64encode(packed).decode().translate(str.maketrans("+/=", "*-_"))
        result = run("usersig", "decode", stdin=token)
        assert result.returncode == 1
        assert "TLS.time must be an integer of 64 bits" in result.stderr

    def test_arguments_that_make_none(self) -> None:
        assert run("usersig", "generate", "", env=self.ENV).returncode == 2
        assert "expire" in run("usersig", "generate", "bob", "--expire", "-1", env=self.ENV).stderr

    @pytest.mark.parametrize(
        "arguments",
        [
            ("usersig", "generate", "bob", "--secret-key", KEY),
            ("usersig", "generate", "bob", f"--secret-key={KEY}"),
            ("usersig", "generate", "bob", f"--key={KEY}"),
            ("usersig", "decode", KEY),
            ("usersig", f"eJ{KEY * 5}"),
            ("explain", f"eJ{KEY * 5}"),
        ],
    )
    def test_secrets_as_arguments_are_refused_and_not_repeated(self, arguments: tuple[str, ...]) -> None:
        result = run(*arguments)
        assert result.returncode == 2
        assert KEY not in result.stdout + result.stderr


class TestTerminal:
    def test_what_is_missing_is_asked_for_and_keys_are_not_shown(self) -> None:
        typed = [("SDKAppID: ", "1400000000\n"), ("Secret key: ", f"{KEY}\n")]
        code, output = at_terminal(["usersig", "generate", "bob"], environment(TERM="xterm"), typed)
        assert code == 0
        assert KEY not in output
        assert usersig.verify(output.split()[-1], 1400000000, KEY).identifier == "bob"

    def test_interrupted_and_ended(self) -> None:
        code, output = at_terminal(["usersig", "generate", "bob"], environment(), [("SDKAppID: ", "\x03")])
        assert code == 130
        assert "Traceback" not in output
        code, output = at_terminal(["usersig", "generate", "bob"], environment(), [("SDKAppID: ", "\x04")])
        assert code == 2
        assert "Traceback" not in output

    def test_what_is_typed_in_another_encoding(self) -> None:
        arguments = ["usersig", "generate", "bob", "--sdkappid", "1"]
        code, output = at_terminal(arguments, environment(), [("Secret key: ", b"distinctive\xff\n")])
        assert code == 2
        assert "no text in the terminal's encoding" in output
        assert "Traceback" not in output
        assert "distinctive" not in output

    def test_colours_take_no_room_and_narrow_terminals_break_no_words(self, tencent_chat_emulator: Emulator) -> None:
        env = app(tencent_chat_emulator, TERM="xterm", COLUMNS="40")
        _, called = at_terminal(["call", "accounts.check", CHECK], env, [])
        assert called.startswith("\x1b[1mim_open_login_svc/account_check\x1b[0m: OK,\r\n")
        _, report = at_terminal(["doctor"], env | {"NO_COLOR": "1"}, [])
        assert f"127.0.0.1:{tencent_chat_emulator.url.rpartition(':')[2]}\r\n" in report
        assert max(len(line) for line in report.splitlines() if "account_check" not in line) <= 40

    def test_colours_and_widths_are_for_terminals(self) -> None:
        env = environment(TERM="xterm", COLUMNS="80")
        _, coloured = at_terminal(["commands", "group", "counter"], env, [])
        assert "\x1b[1m" in coloured
        _, plain = at_terminal(["commands", "group", "counter"], env | {"NO_COLOR": "1"}, [])
        assert "\x1b" not in plain
        assert max(len(line) for line in plain.splitlines()) <= 80
        _, wide = at_terminal(["commands", "profile"], env | {"NO_COLOR": "1"}, [])
        assert max(len(line) for line in wide.splitlines()) <= 80
        assert "\x1b" not in run("commands", "group", "counter").stdout


class TestExplain:
    def test_what_a_code_means(self) -> None:
        result = run("explain", "10002")
        assert result.returncode == 0
        assert result.stdout.startswith("10002 GROUP_INTERNAL_ERROR\n")
        naming = [command for command in COMMANDS.values() if 10002 in command.errors]
        for command in naming:
            assert re.search(rf"  {command.method} +{command.path}\n", result.stdout)
        assert run("explain", "group_internal_error").stdout == result.stdout

    def test_meanings_differ_by_service(self) -> None:
        facts = json.loads(run("explain", "60020", "--json").stdout)
        assert facts["services"]
        text = run("explain", "60020").stdout
        for service, meaning in facts["services"].items():
            assert f"In {service}:\n  {meaning['message']}\n  To do: {meaning['fix']}\n" in text

    def test_a_service_may_have_another_category_exception_and_retry(self) -> None:
        facts = json.loads(run("explain", "10008", "--json").stdout)
        assert (facts["exception"], facts["retry"]) == ("AuthenticationError", "resign")
        for meaning in facts["services"].values():
            assert (meaning["exception"], meaning["retry"]) == ("PermissionDeniedError", "never")
        page = run("explain", "10008").stdout
        part = page.partition("In openim_robot_http_svc:\n")[2].partition("\n\n")[0]
        assert re.search(r"^  Raises +PermissionDeniedError$", part, re.MULTILINE)
        assert re.search(r"^  Again\? +The same call fails again\.$", part, re.MULTILINE)
        assert re.search(r"^Raises +AuthenticationError$", page, re.MULTILINE)

    @pytest.mark.parametrize(
        ("code", "near"), [("60999", "60028 "), ("INVALID_SDKAPID", "60006 INVALID_SDKAPPID"), ("-10010", "-10009 ")]
    )
    def test_an_unknown_code_has_neighbours(self, code: str, near: str) -> None:
        result = run("explain", code)
        assert (result.returncode, result.stdout) == (1, "")
        assert near in result.stderr


class TestCommands:
    def test_all_words_must_occur(self) -> None:
        result = run("commands", "Group", "COUNTER")
        assert result.returncode == 0
        lines = result.stdout.splitlines()
        assert {line.split()[0] for line in lines} == {
            "groups.delete_counter",
            "groups.get_counters",
            "groups.update_counter",
        }
        assert len({line.index("group_open_http_svc/") for line in lines}) == 1
        assert len(run("commands").stdout.splitlines()) == len(COMMANDS)

    def test_one_that_is_named_in_full_is_shown_in_detail(self) -> None:
        for name in ("messages.send", "openim/SENDMSG"):
            result = run("commands", name)
            assert result.returncode == 0
            for text in ("client.messages.send()", "openim/sendmsg", "200 per second", "deduplicated", "20006"):
                assert text in result.stdout

    def test_what_is_old_is_said(self) -> None:
        assert "Deprecated  since 2021-12-31: use query_online_status" in run("commands", "openim/querystate").stdout
        assert "Taken too   Identifier for UserID" in run("commands", "accounts.kick").stdout
        (found,) = json.loads(run("commands", "openim/querystate", "--json").stdout)
        assert found["deprecated"] == {"since": "2021-12-31", "use": "use query_online_status"}
        assert (found["aliases"], found["former"]) == ([], {})

    def test_json(self) -> None:
        found = json.loads(run("commands", "--json").stdout)
        assert [command["path"] for command in found] == list(COMMANDS)
        assert all(command["docs"].startswith("https://") for command in found)

    def test_none(self) -> None:
        result = run("commands", "mesages.send")
        assert (result.returncode, result.stdout) == (1, "")
        assert "messages.send  (openim/sendmsg)" in result.stderr


class TestProgram:
    @pytest.mark.parametrize("arguments", [(), ("call",), ("usersig",), ("usersig", "verify"), ("doctor",)])
    def test_help_has_examples_and_fits(self, arguments: tuple[str, ...]) -> None:
        result = run(*arguments, "--help", env=environment(COLUMNS="80"))
        assert result.returncode == 0
        assert "Example" in result.stdout
        assert "python -m tencent_chat " in result.stdout
        assert max(len(line) for line in result.stdout.splitlines()) <= 80

    def test_version(self) -> None:
        assert re.fullmatch(r"tencent_chat \d+\.\d+\.\d+\n", run("--version").stdout)

    @pytest.mark.parametrize("arguments", [(), ("nonsense",), ("explain",), ("call", "x/y", "--timeout", "0")])
    def test_wrong_usage(self, arguments: tuple[str, ...]) -> None:
        result = run(*arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert "--help" in result.stderr

    def test_a_reader_that_goes_away_is_no_trouble(self) -> None:
        command = f"{sys.executable} -m tencent_chat commands --json | head -c 1"
        result = subprocess.run(["bash", "-c", command], env=environment(), capture_output=True, text=True, check=False)
        assert (result.stdout, result.stderr) == ("[", "")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
    def test_output_that_cannot_be_written(self) -> None:
        with open("/dev/full", "w") as full:
            command = [sys.executable, "-m", "tencent_chat", "explain", "60008"]
            result = subprocess.run(command, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False)
        assert result.returncode == 2
        assert b"No space left" in result.stderr
        assert b"Traceback" not in result.stderr

    def test_interrupted_while_waiting(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as mute:
            url = f"http://127.0.0.1:{mute.getsockname()[1]}"
            env = environment(TENCENT_CHAT_SDKAPPID=1, TENCENT_CHAT_SECRET_KEY=KEY)
            command = [sys.executable, "-m", "tencent_chat", "call", "accounts.check", CHECK, "--base-url", url]
            with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                mute.settimeout(20)
                connection, _ = mute.accept()
                connection.recv(1)
                process.send_signal(signal.SIGINT)
                _, errors = process.communicate(timeout=20)
            connection.close()
        assert process.returncode == 130
        assert b"Traceback" not in errors

    @pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
    def test_streams_that_are_closed(self, closed: str) -> None:
        command = f"{sys.executable} -m tencent_chat usersig decode {closed}"
        done = subprocess.run(
            ["bash", "-c", command], env=environment(), input="", capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "Traceback" not in done.stdout + done.stderr

    def test_an_encoding_without_the_letters(self) -> None:
        answer = {"ActionStatus": "FAIL", "ErrorCode": 70001, "ErrorInfo": "\u4e2d"}

        def answers(_request: Received, _connection: socket.socket) -> bytes:
            return http(answer)

        with Server(answers) as server:
            env = environment(TENCENT_CHAT_SDKAPPID=1, TENCENT_CHAT_SECRET_KEY=KEY, TENCENT_CHAT_BASE_URL=server.url)
            env |= {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
            result = run("call", "accounts.check", CHECK, "--json", env=env)
        assert json.loads(result.stdout) == answer
        assert "\\u4e2d" in result.stderr

    def test_looking_things_up_loads_neither_pydantic_nor_an_http_library(self) -> None:
        heavy = {"pydantic", "pydantic_core", "requests", "urllib3", "ssl", "http.client"}
        program = (
            "from tencent_chat._cli.main import main\nimport io, sys\nout, sys.stdout = sys.stdout, io.StringIO()\n"
        )
        assert not heavy & loaded_by(f"{program}main(['explain', '60008']); main(['commands'])\nsys.stdout = out")
        assert not any("_cli" in name for name in loaded_by("import tencent_chat; tencent_chat.ChatClient"))

    def test_without_the_libraries_it_says_which(self) -> None:
        def bare(*arguments: str) -> subprocess.CompletedProcess[str]:
            # Without site-packages.
            command = [sys.executable, "-S", "-m", "tencent_chat", *arguments]
            return subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)

        assert bare("explain", "60008").stdout == run("explain", "60008").stdout
        doctor = bare("doctor", "--base-url", "http://127.0.0.1:9")
        assert doctor.returncode == 2
        assert "requests is not installed" in doctor.stderr
        assert "Traceback" not in doctor.stderr

    def test_works_under_another_name(self, tmp_path: Path) -> None:
        shutil.copytree(CLIENT / "tencent_chat", tmp_path / "myapp" / "chat")
        (tmp_path / "myapp" / "__init__.py").touch()
        command = [sys.executable, "-m", "myapp.chat"]
        env = environment() | {"PYTHONPATH": str(tmp_path)}
        shown = subprocess.run([*command, "--help"], env=env, capture_output=True, text=True, check=True).stdout
        assert "python -m myapp.chat explain" in shown
        # Its log is kept quiet under its own name.
        env |= {"TENCENT_CHAT_SDKAPPID": "1", "TENCENT_CHAT_SECRET_KEY": KEY}
        call = [*command, "call", "accounts.check", CHECK, "--no-retry", "--base-url", "http://127.0.0.1:9"]
        failed = subprocess.run(call, env=env, capture_output=True, text=True, check=False)
        assert failed.returncode == 2
        assert "not_sent" not in failed.stderr
        assert failed.stderr.startswith("python -m myapp.chat: im_open_login_svc/account_check: ")


class TestGuide:
    PAGE = (CLIENT.parent / "docs" / "guides" / "command-line.md").read_text(encoding="utf-8")

    def test_what_it_shows_is_what_one_sees(self, tencent_chat_emulator: Emulator, tmp_path: Path) -> None:
        python = tmp_path / "bin" / "python"
        python.parent.mkdir()
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)
        tencent_chat_emulator.state.groups["@TGS#1NVTZEAE4"] = Group("@TGS#1NVTZEAE4", "Public")
        env = app(tencent_chat_emulator)
        env["PATH"] = f"{python.parent}:{env['PATH']}"
        blocks = re.findall(r"```console\n(.*?)```", self.PAGE, flags=re.DOTALL)
        examples = [example for block in blocks for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
        assert len(examples) == 9
        address = tencent_chat_emulator.url.removeprefix("http://")
        for example in examples:
            line, _, expected = example.replace("127.0.0.1:8099", address).partition("\n")
            result = subprocess.run(
                ["bash", "-c", f"{line} 2>&1" if ">" not in line else line],
                env=env,
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            assert result.returncode == 0, result.stderr
            assert without_durations(result.stdout + result.stderr) == without_durations(expected)
        for file in ("answer.json", "token.txt", "claims.txt", "claims.json", "details.txt"):
            assert (tmp_path / file).read_text()


def without_durations(text: str) -> str:
    return re.sub(r" +[\d.]+ m?s\b", " N ms", text)
