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
SPEC = ROOT / "spec"


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


def heading_of(page: Path) -> str:
    tokens = tokens_of(page)
    return next(tokens[number + 1].content for number, token in enumerate(tokens) if token.tag == "h1")


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
        assert target.is_file(), link
        if target.is_relative_to(SPEC):
            assert int(anchor.removeprefix("L")) <= len(target.read_text(encoding="utf-8").splitlines()), link
            continue
        assert target.is_relative_to(DOCS), link
        assert not anchor or anchor in anchors_of(target), link


def test_every_page_has_a_heading_of_its_own() -> None:
    headings = Counter(heading_of(page) for page in PAGES)
    assert [heading for heading, count in headings.items() if count > 1] == []


def test_a_page_leads_to_the_lines_of_the_spec_that_it_comes_from() -> None:
    api = load_api(ROOT)
    places = {f"commands/{command.path}.md": command.location for command in api.commands}
    places |= {f"webhooks/{webhook.command}.md": webhook.location for webhook in api.webhooks}
    places |= {f"errors/{error.code}.md": error.location for error in api.errors}
    places |= {f"schemas/{schema.name}.md": schema.location for schema in api.schemas}
    for name, place in places.items():
        way = "../" * (name.count("/") + 2)
        assert f"{way}{place.file}#L{place.line}" in links_of(DOCS / name)
    lines = (ROOT / "spec/errors.yaml").read_text(encoding="utf-8").splitlines()
    assert all(lines[error.location.line - 1] == f"{error.code}:" for error in api.errors)


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


def test_the_index_leads_to_every_page() -> None:
    index = DOCS / "index.md"
    assert index.stat().st_size < 4_000
    found, queue = {index}, [index]
    while queue:
        page = queue.pop()
        for link in links_of(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            # Guides lead to commands as well; who looks for one takes the lists.
            if target.suffix == ".md" and target not in found and page.parent != DOCS / "guides":
                found.add(target)
                queue.append(target)
    assert found == set(PAGES)


def test_each_thing_has_a_page() -> None:
    api = load_api(ROOT)
    pages = {f"commands/{command.path}.md" for command in api.commands}
    pages |= {f"namespaces/{namespace.name}.md" for namespace in api.namespaces}
    pages |= {f"services/{service.name}.md" for service in api.services}
    pages |= {f"webhooks/{webhook.command}.md" for webhook in api.webhooks}
    pages |= {f"errors/{error.code}.md" for error in api.errors}
    pages |= {f"errors/{area.name}.md" for area in api.error_areas}
    pages |= {f"schemas/{schema.name}.md" for schema in api.schemas}
    overviews = ("index", "guides", "commands", "services", "webhooks", "errors", "schemas", "protocol")
    others = {f"{name}.md" for name in overviews}
    guides = {name_of(page) for page in PAGES if page.parent == DOCS / "guides"}
    assert {name_of(page) for page in PAGES} == pages | guides | others


def test_methods_and_wire_names_lead_to_their_command() -> None:
    for command in load_api(ROOT).commands:
        page = DOCS / "commands" / f"{command.path}.md"
        assert heading_of(page) == f"`{command.method}` `{command.path}`"
        for listing in (f"namespaces/{command.namespace}.md", f"services/{command.service}.md"):
            assert f"../commands/{command.path}.md" in links_of(DOCS / listing)
        assert command.docs in links_of(page)


def test_errors_and_commands_are_linked_in_both_directions() -> None:
    for command in load_api(ROOT).commands:
        page = DOCS / "commands" / f"{command.path}.md"
        for error in command.errors:
            assert f"../../errors/{error.code}.md" in links_of(page)
            assert f"../commands/{command.path}.md" in links_of(DOCS / "errors" / f"{error.code}.md")


def test_each_code_is_in_its_area_and_the_common_ones_in_the_overview() -> None:
    for error in load_api(ROOT).errors:
        assert f"{error.code}.md" in links_of(DOCS / "errors" / f"{error.area}.md")
        assert not error.editions or f"errors/{error.code}.md" in links_of(DOCS / "errors.md")


def rows_of(page: Path) -> dict[str, str]:
    """Return the types in the first table of fields of a page, by the names of the fields as they are shown."""
    lines = page.read_text(encoding="utf-8").partition("## Request ")[2].partition("## Answer ")[0].splitlines()
    rows = [line.split(" | ") for line in lines if line.startswith("| `")]
    return {row[0].removeprefix("| "): row[1] for row in reversed(rows)}


def test_every_argument_has_both_names_and_says_whether_it_must_be_given() -> None:
    for command in load_api(ROOT).commands:
        rows = rows_of(DOCS / "commands" / f"{command.path}.md")
        for argument in command.arguments:
            own = argument.name == argument.wire_name
            shown = f"`{argument.name}`" if own else f"`{argument.name}`<br>`{argument.wire_name}`"
            assert rows[shown].endswith("<br>**required**") == argument.required, command.path


def test_what_the_client_fills_in_need_not_be_given() -> None:
    page = DOCS / "commands/openim/sendmsg.md"
    assert rows_of(page)["`msg_random`<br>`MsgRandom`"] == "integer"
    assert "`MsgRandom`: the service wants it, and you need not give it." in page.read_text(encoding="utf-8")


def test_objects_inside_a_body_have_tables_of_their_own() -> None:
    page = DOCS / "commands/group_open_http_svc/create_group.md"
    text = page.read_text(encoding="utf-8")
    assert rows_of(page)["`member_list`<br>`MemberList`"] == "array of [CreateGroupMember](#creategroupmember)"
    table = text.partition("### `CreateGroupMember`\n\nIn `member_list[]`, `MemberList[]` in JSON.\n\n")[2]
    assert "| `member_account`<br>`Member_Account` | string<br>**required** | " in table.partition("\n#")[0]


def test_no_field_of_a_body_is_left_out() -> None:
    for command in load_api(ROOT).commands:
        text = (DOCS / "commands" / f"{command.path}.md").read_text(encoding="utf-8")
        for body in (command.request, command.response):
            part = text.partition(f" `{body.class_name}`\n")[2].partition("\n## ")[0]
            assert part.count("\n| `") == len(body.fields), body.class_name


def test_what_is_old_is_said() -> None:
    for command in load_api(ROOT).commands:
        page = DOCS / "commands" / f"{command.path}.md"
        text = page.read_text(encoding="utf-8")
        assert ("> [!WARNING]\n> Deprecated" in text) == bool(command.deprecated)
        if command.deprecated and command.deprecated.replacement:
            assert f"../../commands/{command.deprecated.replacement.path}.md" in links_of(page)
        for former in command.former:
            assert f"- `{former.path}` is `{former.name}` since {former.since}\n" in text
