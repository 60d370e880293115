"""`timgen explain`."""

from support.command_line import run


def test_explain_says_what_to_do() -> None:
    result = run("explain", "60007")
    assert result.exit_code == 0
    title, *lines = result.output.splitlines()
    assert title.startswith("60007 ")
    text = " ".join(" ".join(lines).split())
    assert "Raises RateLimitError" in text
    assert "may pass later" in text
    assert "any command" in text


def test_explain_names_the_commands_and_what_the_code_means_elsewhere() -> None:
    result = run("explain", "93000")
    assert result.exit_code == 0
    assert "openim/sendmsg" in result.output
    assert "client.messages.send" in result.output
    assert "In im_msg_audit:" in result.output


def test_explain_offers_near_codes_for_an_unknown_one() -> None:
    result = run("explain", "-5")
    assert result.exit_code == 1
    assert "-5 is not in spec/errors.yaml" in result.output


def test_explain_refuses_what_is_no_number() -> None:
    assert run("explain", "abc").exit_code == 2


def test_explain_says_what_is_raised_and_whether_to_try_again_in_each_service() -> None:
    page = run("explain", "10008").output
    general, *services = page.split("\nIn ")
    assert "Raises    AuthenticationError\n" in general
    assert "Again?    Sign again, then send the call once more.\n" in general
    assert [part.partition(":")[0] for part in services] == ["openim_msg_ext_http_svc", "openim_robot_http_svc"]
    for part in services:
        assert "  Raises    PermissionDeniedError\n" in part
        assert "  Again?    The same call fails again.\n" in part
