"""The search finds first what was typed: with the site's own engine for all names, by typing for some."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from support.paths import ROOT
from timgen.modelling.model import Api
from timgen.pipeline import load_api

from .questions import QUESTIONS

ENGINE = """async () => {
  const {search} = JSON.parse(document.getElementById("__config").textContent);
  const index = await (await fetch("search.json")).json();
  const engine = new Worker(search);
  const ask = (type, data) => new Promise(resolve => {
    engine.onmessage = event => resolve(event.data);
    engine.postMessage({type, data});
  });
  await ask(0, index);
  window.hits = async input => (await ask(2, {input})).data.items.map(({id}) => index.items[id].location);
  window.first = async words => {
    const found = [];
    for (const input of words) found.push((await hits(input))[0] || "nothing");
    return found;
  };
}"""


@pytest.fixture(scope="module")
def api() -> Api:
    return load_api(ROOT)


@pytest.fixture(scope="module")
def engine(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"{address}/index.html")
    page.evaluate(ENGINE)
    yield page
    page.close()


def missed(engine: Page, wanted: dict[str, str]) -> list[str]:
    """Return what is not found first; `wanted` has the pages by what is typed."""
    found = engine.evaluate("words => first(words)", list(wanted))
    return [
        f"{typed}: {first}"
        for (typed, page), first in zip(wanted.items(), found, strict=True)
        if first.partition("#")[0] != page
    ]


def test_wire_names(engine: Page, api: Api) -> None:
    assert missed(engine, {c.path: f"commands/{c.path}.html" for c in api.commands}) == []


def test_methods(engine: Page, api: Api) -> None:
    assert missed(engine, {c.method: f"commands/{c.path}.html" for c in api.commands}) == []


def test_codes_and_their_names(engine: Page, api: Api) -> None:
    assert missed(engine, {str(e.code): f"errors/{e.code}.html" for e in api.errors if e.code > 0}) == []
    assert missed(engine, {e.name: f"errors/{e.code}.html" for e in api.errors}) == []


def test_webhooks(engine: Page, api: Api) -> None:
    wanted = {w.command: f"webhooks/{w.command}.html" for w in api.webhooks}
    wanted |= {w.request.class_name: f"webhooks/{w.command}.html" for w in api.webhooks}
    assert missed(engine, wanted) == []


def test_classes_of_bodies(engine: Page, api: Api) -> None:
    wanted = {c.request.class_name: f"commands/{c.path}.html" for c in api.commands}
    wanted |= {c.response.class_name: f"commands/{c.path}.html" for c in api.commands}
    assert missed(engine, wanted) == []


def test_data_types(engine: Page, api: Api) -> None:
    # Who types the beginning of a namespace is led there.
    types = [schema.name for schema in api.schemas if not is_beginning(schema.name, api)]
    assert len(types) > 140
    assert missed(engine, {name: f"schemas/{name}.html" for name in types}) == []


def is_beginning(name: str, api: Api) -> bool:
    return any(namespace.name.startswith(name.lower()) for namespace in api.namespaces)


def test_services_and_namespaces(engine: Page, api: Api) -> None:
    assert missed(engine, {s.name: f"services/{s.name}.html" for s in api.services}) == []
    assert missed(engine, {f"client.{n.name}": f"namespaces/{n.name}.html" for n in api.namespaces}) == []


def test_fields(engine: Page, api: Api) -> None:
    """A field is found in a body that has it, unless its name is a word that begins the names of other things."""
    bodies = [(f"commands/{command.path}.html", command.request) for command in api.commands]
    having: dict[str, set[str]] = {}
    for page, body in bodies:
        for field in body.fields:
            having.setdefault(field.wire_name.lower(), set()).add(page)
    for webhook in api.webhooks:
        for field in webhook.request.fields:
            if field.wire_name.lower() in having:
                having[field.wire_name.lower()].add(f"webhooks/{webhook.command}.html")
    for schema in api.schemas:
        if schema.name.lower() in having:
            having[schema.name.lower()].add(f"schemas/{schema.name}.html")
    # Of several words.
    names = sorted({f.wire_name for _, body in bodies for f in body.fields if re.search("[a-z_][A-Z]", f.wire_name)})
    assert len(names) > 200
    found = [location.partition("#")[0] for location in engine.evaluate("words => first(words)", names)]
    wrong = [f"{name}: {page}" for name, page in zip(names, found, strict=True) if page not in having[name.lower()]]
    assert len(wrong) < len(names) / 20, wrong


@pytest.mark.parametrize("words", QUESTIONS)
def test_who_knows_the_console_finds_the_page(engine: Page, site: Path, words: str) -> None:
    most, wanted = QUESTIONS[words]
    assert [page for page in wanted if not (site / f"{page}.html").is_file()] == []
    hits = [location.partition(".html")[0] for location in engine.evaluate("words => hits(words)", words)]
    # Parts of a page count with it.
    pages = list(dict.fromkeys(hits))
    assert set(pages[:most]) & set(wanted), pages


def test_the_vocabulary_is_about_pages(site: Path) -> None:
    vocabulary = tomllib.loads((ROOT / "generated/site/vocabulary.toml").read_text("utf-8"))
    assert [page for page in vocabulary["pages"] if not (site / f"{page}.html").is_file()] == []


TYPED = {
    "openim/sendmsg": "commands/openim/sendmsg.html",
    "sendmsg": "commands/openim/sendmsg.html",
    "messages.send": "commands/openim/sendmsg.html",
    "SendMessageResponse": "commands/openim/sendmsg.html",
    "ChatClient": "python/tencent_chat.ChatClient.html",
    "usersig.generate": "python/tencent_chat.usersig.generate.html",
    "10007": "errors/10007.html",
    "GROUP_PERMISSION_DENIED": "errors/10007.html",
    "MsgLifeTime": "commands/openim/sendmsg.html",
    "msg_life_time": "commands/openim/sendmsg.html",
    "C2C.CallbackBeforeSendMsg": "webhooks/C2C.CallbackBeforeSendMsg.html",
    "recall": "commands/openim/admin_msgwithdraw.html",
    "disband a group": "commands/group_open_http_svc/destroy_group.html",
    "send one-to-one message": "commands/openim/sendmsg.html",
    "import account": "commands/im_open_login_svc/account_import.html",
    "blocklist": "namespaces/blocklist.html",
    "rate limits": "guides/rate-limits.html",
    "openim": "services/openim.html",
    "messages": "namespaces/messages.html",
}
"""By what a reader types, the page that the first hit opens."""


@pytest.mark.parametrize("words", TYPED)
def test_who_types_opens_the_page_with_the_first_hit(browser: Browser, address: str, words: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/guides/async.html")
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Search").fill(words)
    hits = page.get_by_role("option")
    hits.first.wait_for(timeout=30_000)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/{TYPED[words]}**", timeout=30_000)
    page.close()


def test_a_hit_shows_names_and_none_of_the_words_beside_them(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/index.html")
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Search").fill("recall message")
    hit = page.get_by_role("option").first
    hit.wait_for(timeout=30_000)
    shown = hit.locator("h2").inner_text().replace("\u200b", "")
    assert shown.split() == ["messages.recall", "openim/admin_msgwithdraw"]
    page.close()


def test_a_page_that_is_opened_as_a_file_finds_as_well(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(f"file://{site}/index.html")
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Search").fill("openim/sendmsg")
    page.get_by_role("option").first.click(timeout=30_000)
    page.wait_for_url(f"file://{site}/commands/openim/sendmsg.html**", timeout=30_000)
    page.close()
