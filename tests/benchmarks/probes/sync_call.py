"""One call after the other over a kept connection: sync_call.py URL."""

from __future__ import annotations

import http.client
import json
import sys
from urllib.parse import urlsplit

import requests
from calling import BODY, TARGET, in_turn

from tencent_chat import ChatClient


def main(url: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    with ChatClient(1400000000, "dummy", base_url=url) as client, requests.Session() as session:

        def ours() -> object:
            return client.groups.create(type="Public", name="TestGroup", member_list=[{"Member_Account": "bob"}])

        def theirs() -> object:
            return json.loads(session.post(url + TARGET, json=BODY).content)

        def bare() -> object:
            connection.request("POST", TARGET, json.dumps(BODY), {"Content-Type": "application/json"})
            return json.loads(connection.getresponse().read())

        in_turn({"ours": ours, "theirs": theirs, "bare": bare}, 200)


main(sys.argv[1])
