import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from timgen.pipeline import load_api

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "generated" / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


def name_of(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


@cache
def tokens_of(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


@cache
def anchors_of(page: Path) -> frozenset[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    seen: Counter[str] = Counter()
    anchors: set[str] = set()
    tokens = tokens_of(page)
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            text = "".join(child.content for child in tokens[number + 1].children or [] if child.type != "html_inline")
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            anchors.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return frozenset(anchors)


def links_of(page: Path) -> set[str]:
    return {
        str(child.attrs["href"])
        for token in tokens_of(page)
        for child in token.children or []
        if child.type == "link_open"
    }


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links_of(page):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_relative_to(DOCS), link
        assert target.is_file(), link
        assert not anchor or anchor in anchors_of(target), link


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_html_is_only_what_the_templates_write(page: Path) -> None:
    for token in tokens_of(page):
        assert token.type != "html_block"
        html = {child.content for child in token.children or [] if child.type == "html_inline"}
        assert html <= {"<br>", "<code>", "</code>"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_python_examples_compile(page: Path) -> None:
    for token in tokens_of(page):
        if token.type == "fence" and token.info == "python":
            ast.parse(token.content)


def test_every_command_and_webhook_has_a_page_that_the_index_links() -> None:
    api = load_api(ROOT)
    pages = {f"commands/{command.path}.md" for command in api.commands}
    pages |= {f"webhooks/{webhook.command}.md" for webhook in api.webhooks}
    guides = {name_of(page) for page in PAGES if page.parent == DOCS / "guides"}
    assert {name_of(page) for page in PAGES} == pages | guides | {"index.md", "errors.md", "schemas.md"}
    assert pages | guides <= links_of(DOCS / "index.md")


def test_errors_and_commands_are_linked_in_both_directions() -> None:
    errors = links_of(DOCS / "errors.md")
    for command in load_api(ROOT).commands:
        page = DOCS / "commands" / f"{command.path}.md"
        codes = {f"#{error.code}" for error in command.errors}
        assert {f"../../errors.md{code}" for code in codes} <= links_of(page)
        assert {f"errors.md{code}" for code in codes} <= errors
        assert f"commands/{command.path}.md" in errors


def test_every_field_of_a_request_has_both_names() -> None:
    for command in load_api(ROOT).commands:
        text = (DOCS / "commands" / f"{command.path}.md").read_text(encoding="utf-8")
        for argument in command.arguments:
            own = argument.name == argument.wire_name
            shown = f"`{argument.wire_name}`" if own else f"`{argument.wire_name}`<br>`{argument.name}`"
            assert f"\n| {shown} | " in text, command.path


def test_nested_fields_have_both_names() -> None:
    text = (DOCS / "commands/group_open_http_svc/create_group.md").read_text(encoding="utf-8")
    assert "\n| `MemberList[].Member_Account`<br>`member_list[].member_account` | " in text


def test_what_is_old_is_said() -> None:
    for command in load_api(ROOT).commands:
        page = DOCS / "commands" / f"{command.path}.md"
        text = page.read_text(encoding="utf-8")
        assert ("> [!WARNING]\n> Deprecated" in text) == bool(command.deprecated)
        if command.deprecated and command.deprecated.replacement:
            assert f"../../commands/{command.deprecated.replacement.path}.md" in links_of(page)
        for former in command.former:
            assert f"- `{former.path}` is `{former.name}` since {former.since}\n" in text
