"""Every page of the site: its title, its links, what it loads, and the Markdown beside it."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest

from support.paths import ROOT
from timgen.pipeline import load_api

from .building import Page, build, read

Pages = dict[str, Page]


@pytest.fixture(scope="module")
def pages(site: Path) -> Pages:
    return {file.relative_to(site).as_posix(): read(file) for file in sorted(site.rglob("*.html"))}


def test_each_page_has_a_title_of_its_own(pages: Pages) -> None:
    titles = Counter(page.title for page in pages.values())
    assert [title for title, count in titles.items() if count > 1 or not title] == []


def test_a_command_is_named_by_both_its_names(pages: Pages) -> None:
    for command in load_api(ROOT).commands:
        page = pages[f"commands/{command.path}.html"]
        assert page.title == f"{command.method} {command.path} - Tencent Cloud Chat server API"
        assert page.heading.startswith(f"{command.method} {command.path}")


def test_every_link_leads_somewhere(site: Path, pages: Pages) -> None:
    files = {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}
    dead: set[str] = set()
    for name, page in pages.items():
        for link in page.links - {""}:
            address, _, anchor = unquote(link).partition("#")
            if re.match(r"https?:|mailto:", address) or name == "404.html":
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), address)) if address else name
            target = "index.html" if target == "." else target
            if target not in files or (anchor and target in pages and anchor not in pages[target].anchors):
                dead.add(f"{name}: {link}")
    assert sorted(dead)[:10] == []


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: Pages) -> None:
    loaded = {address for page in pages.values() for address in page.loaded}
    assert {address for address in loaded if re.match(r"(https?:)?//", address)} == set()
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"""(url\(|@import)\s*["']?(https?:)?//""", text), style


def test_the_markdown_of_each_page_stands_beside_it(site: Path, pages: Pages) -> None:
    for name in pages:
        # The spec's files are themselves what a machine reads.
        if name != "404.html" and not name.startswith("spec/"):
            markdown = (site / name).with_suffix(".md").read_text(encoding="utf-8")
            assert re.search(r"^# \S", markdown, re.MULTILINE), name
    own = ROOT / "generated/docs/commands/openim/sendmsg.md"
    assert (site / "commands/openim/sendmsg.md").read_bytes() == own.read_bytes()


def test_what_machines_read_first_leads_to_everything(site: Path) -> None:
    text = (site / "llms.txt").read_text(encoding="utf-8")
    assert text.startswith("# Tencent Cloud Chat server API\n\n> ")
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert [link for link in links if not (site / link).is_file()] == []
    for command in load_api(ROOT).commands:
        assert f"[{command.method}](commands/{command.path}.md): {command.path}: " in text


def test_a_page_leads_to_the_line_of_the_spec(site: Path, pages: Pages) -> None:
    api = load_api(ROOT)
    error = next(error for error in api.errors if error.code == 10007)
    link = f"../spec/errors.html#__codelineno-0-{error.location.line}"
    assert link in pages["errors/10007.html"].links
    line = re.search(
        rf'id="__span-0-{error.location.line}">.*?</span>\n', (site / "spec/errors.html").read_text("utf-8"), re.DOTALL
    )
    assert line is not None
    assert "10007" in re.sub("<[^>]*>", "", line[0])


def test_each_line_of_the_spec_leads_back_to_its_page(pages: Pages) -> None:
    sources = {
        link.partition("#")[0]
        for name, page in pages.items()
        for link in page.links
        if "spec/" in link and "__codelineno" in link and not name.startswith("spec/")
    }
    assert len(sources) > 270
    made = {
        posixpath.normpath(posixpath.join(posixpath.dirname(name), link))
        for name, page in pages.items()
        if name.startswith("spec/")
        for link in page.links
    }
    api = load_api(ROOT)
    wanted = {f"commands/{command.path}.html" for command in api.commands}
    wanted |= {f"errors/{error.code}.html" for error in api.errors}
    wanted |= {f"webhooks/{webhook.command}.html" for webhook in api.webhooks}
    wanted |= {f"schemas/{schema.name}.html" for schema in api.schemas}
    assert wanted - made == set()


def test_every_guide_is_named_in_the_overview_and_for_machines(site: Path) -> None:
    names = {f"guides/{file.name}" for file in (ROOT / "generated/docs/guides").glob("*.md")}
    for listing in ("guides.md", "llms.txt"):
        text = (site / listing).read_text(encoding="utf-8")
        assert [name for name in names if f"]({name})" not in text] == [], listing


def test_a_guide_that_the_overview_lacks_ends_the_navigation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "generated/site"))
    from build import guides  # type: ignore[import-not-found]

    (tmp_path / "guides").mkdir()
    (tmp_path / "guides.md").write_text("# Guides\n\n- [Second](guides/b.md): what it says\n- [How](how.md)\n")
    for name in ("a", "b"):
        (tmp_path / f"guides/{name}.md").write_text(f"[Overview](../index.md)\n\n# All of {name}\n")
    assert list(guides(tmp_path)) == [
        '    - "Second": guides/b.md\n',
        '    - "How": how.md\n',
        '    - "All of a": guides/a.md\n',
    ]


def test_every_public_name_of_the_package_has_a_page(pages: Pages) -> None:
    import tencent_chat
    from tencent_chat import usersig, webhooks

    modules = ("models", "usersig", "webhooks", "__version__")
    names = {f"tencent_chat.{name}" for name in tencent_chat.__all__ if name not in modules}
    names |= {f"tencent_chat.usersig.{name}" for name in ("generate", "decode", "verify", "private_map_key")}
    names |= {f"tencent_chat.webhooks.{name}" for name in ("Router", "parse", "verify", "allow", "reject", "drop")}
    assert {name for name in names if f"python/{name}.html" not in pages} == set()
    assert usersig.generate.__doc__
    assert webhooks.parse.__doc__


def test_notes_are_shown_as_such(site: Path) -> None:
    noted = [file for file in (ROOT / "generated/docs").rglob("*.md") if "> [!" in file.read_text("utf-8")]
    assert noted
    for file in noted:
        page = site / file.relative_to(ROOT / "generated/docs").with_suffix(".html")
        assert 'class="admonition ' in page.read_text(encoding="utf-8")
        assert "[!NOTE]" not in page.read_text(encoding="utf-8")


def test_the_site_is_the_same_whenever_it_is_built(site: Path, tmp_path: Path) -> None:
    again = build(tmp_path / "site", {"PYTHONHASHSEED": "7"})
    files = {file.relative_to(site): file.read_bytes() for file in site.rglob("*") if file.is_file()}
    others = {file.relative_to(again): file.read_bytes() for file in again.rglob("*") if file.is_file()}
    assert files.keys() == others.keys()
    assert [name for name, content in files.items() if others[name] != content] == []
