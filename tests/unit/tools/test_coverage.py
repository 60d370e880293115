"""`timgen coverage`."""

import json
import re
from pathlib import Path

import pytest
import yaml

from support.command_line import PACKAGED, run
from support.paths import ROOT


def test_coverage_counts_what_is_in_the_spec() -> None:
    measured = json.loads(run("coverage", "--format", "json").output)
    assert measured["commands"] == len(
        [p for p in (PACKAGED / "spec/v4").glob("*/*.yaml") if p.name != "_service.yaml"]
    )
    assert measured["webhooks"] == len(list((PACKAGED / "spec/webhooks").glob("*.yaml")))
    assert sum(measured["commands_by_product"].values()) == measured["commands"]
    assert measured["without_example"] == []
    assert measured["without_repeat_evidence"] == []
    assert sum(map(len, measured["repeat"].values())) == measured["commands"]
    text = run("coverage").output
    assert f"{len(measured['repeat']['safe']):5} repeat: safe" in text
    assert "openim/admin_getroammsg" in measured["reads"]
    assert not {"openim/sendmsg", "im_cos_msg/get_cos_sig", "im_msg_audit/content_moderation"} & set(measured["reads"])
    assert f"{len(measured['reads']):5} that only read" in text.splitlines()
    assert f"{measured['commands']:5} commands" in text


def test_coverage_tells_what_the_spec_says_of_values() -> None:
    measured = json.loads(run("coverage", "--format", "json").output)
    assert measured["undecided"] == {}
    assert "ApplyJoinOption" in measured["closed_sets"]
    assert measured["open_sets"]["GroupInfoField"] == "The set lists names of fields"
    assert not set(measured["open_sets"]) & set(measured["closed_sets"])
    assert "openim/sendmsg.request.SupportMessageExtension" in measured["flags"]
    assert measured["instants"]["GroupMember.JoinTime"] == "unix"
    assert measured["spans"]["openim/sendmsg.request.MsgLifeTime"] == "seconds"
    assert measured["former"]["im_open_login_svc/kick.request.UserID"] == {"Identifier": "2022-01-14"}
    assert measured["deprecated"]["group_open_http_svc/create_group.request.Type: Private"] == "Deprecated: use Work."
    assert measured["deprecated"]["openim/querystate"] == "Deprecated since 2021-12-31: use query_online_status."
    # Nobody writes the head of a reply into the spec.
    assert not [place for place in measured["closed_sets"] if place.endswith("reply.ActionStatus")]
    lines = run("coverage").output.splitlines()
    assert f"{len(measured['closed_sets']):5} sets closed in requests" in lines
    assert f"{len(measured['flags']):5} flags" in lines
    assert f"{measured['limited']:5} limits in requests" in lines
    assert "    0 undecided" in lines
    assert "        GroupMember.JoinTime: unix" in lines


def test_coverage_tells_which_codes_nothing_names() -> None:
    measured = json.loads(run("coverage", "--format", "json").output)
    named = {code for file in (PACKAGED / "spec/v4").glob("*/*.yaml") for code in codes_of(file)}
    assert measured["unnamed_codes"]
    assert not named & set(measured["unnamed_codes"])
    assert 60008 not in measured["unnamed_codes"]  # a common one
    line = f"{len(measured['unnamed_codes']):5} error codes that no command names, beside the common ones"
    assert line in run("coverage").output.splitlines()


def codes_of(file: Path) -> list[int]:
    return list(yaml.safe_load(file.read_text(encoding="utf-8")).get("errors", ()))


@pytest.mark.parametrize(
    "file", ["README.md", "CONTRIBUTING.md", "generated/client/README.md", "generated/docs/index.md"]
)
def test_numbers_in_the_documents_are_those_of_the_spec(file: str) -> None:
    measured = json.loads(run("coverage", "--format", "json").output)
    text = (ROOT / file).read_text(encoding="utf-8")
    counts = {
        "commands": measured["commands"],
        "webhooks": measured["webhooks"],
        "error codes": measured["error_codes"],
    }
    for number, noun in re.findall(r"\b([0-9]{2,}) (commands|webhooks|error codes)\b", text):
        assert int(number) == counts[noun], f"{number} {noun}"
