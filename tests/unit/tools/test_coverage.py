"""`timgen coverage`."""

import json

from support.command_line import PACKAGED, run


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
