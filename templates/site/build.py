"""Builds the site: `python build.py DOCS PACKAGE SPEC SITE`.

From the pages in the folder DOCS, which are Markdown as GitHub shows it; the Python package in the folder PACKAGE,
whose public names get pages of their own; and the files of the spec in SPEC, to whose lines pages lead. SITE is
replaced. It needs nothing from the network.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from python_names import Name, pages, public_names
from search_index import improve
from spec_pages import lead_back, spec_pages

HERE = Path(__file__).parent

_BREADCRUMBS = re.compile(r"\A\[Overview\]\(.*\n\n")
_SPEC = re.compile(r"\]\((?:\.\./)+spec/([^)#]+)\.yaml#L([0-9]+)\)")
_GUIDE = re.compile(r"^- \[([^\]]+)\]\(([\w/-]+\.md)\)", re.MULTILINE)
# A label in bold and a block of code, twice or more in a row.
_PART = r"\*\*([^*\n]+)\*\*\n\n(```[^\n]*\n.*?\n```)\n\n"
_PARTS = re.compile(_PART, re.DOTALL)
_TABS = re.compile(rf"^(?:{_PART}){{2,}}", re.DOTALL | re.MULTILINE)


def build(docs: Path, package: Path, spec: Path, site: Path) -> None:
    """Build the site in a folder of its own, and put it into its place."""
    with TemporaryDirectory() as folder:
        project = Path(folder)
        staged = project / "docs"
        shutil.copytree(docs, staged)
        shutil.copytree(HERE / "assets", staged / "assets")
        shutil.copytree(HERE / "theme", project / "theme")
        names = public_names(package)
        for path, text in pages(names):
            write(staged / path, text)
        with (staged / "llms.txt").open("a", encoding="utf-8", newline="\n") as listing:
            listing.write(f"\n## Python\n\n- [Python names](python.md): what the package {package.name} exports\n")
        plain = {file.relative_to(staged): file.read_text("utf-8") for file in sorted(staged.rglob("*.md"))}
        for path, text in plain.items():
            write(staged / path, for_site(text, path))
        for path, text in spec_pages(spec):
            write(staged / path, text)
        before, place, behind = (HERE / "mkdocs.yml").read_text("utf-8").partition("    - Overview: guides.md\n")
        write(project / "mkdocs.yml", "".join([before, place, *guides(docs), behind, navigation(names)]))
        command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", "mkdocs.yml"]
        if subprocess.run(command, cwd=project, check=False).returncode:  # noqa: S603 - no text from elsewhere
            sys.exit("zensical could not build the site")
        markdown = {path.as_posix(): text for path, text in plain.items()}
        improve(project / "site", markdown)
        lead_back(project / "site", markdown)
        for path, text in plain.items():
            write(project / "site" / path, text)
        shutil.rmtree(site, ignore_errors=True)
        shutil.move(project / "site", site)


def write(path: Path, text: str) -> None:
    """Write a file, and the folders that it stands in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def for_site(text: str, path: Path) -> str:
    """Return a page as the site shows it: with the site's breadcrumbs, with tabs, and with links to its pages.

    Its heading is its title too; what it is called in the navigation is shorter.
    """
    text = _BREADCRUMBS.sub("", text)
    heading = text.partition("\n")[0].removeprefix("# ").replace("`", "")
    text = _SPEC.sub(rf"]({'../' * (len(path.parts) - 1)}spec/\1.md#__codelineno-0-\2)", text)
    # The start is to fit a screen.
    hide = "hide: [navigation, toc]\n" if path == Path("index.md") else ""
    return f"---\ntitle: {json.dumps(heading)}\n{hide}---\n\n{_TABS.sub(_tabs, text)}"


def _tabs(match: re.Match[str]) -> str:
    tabs: list[str] = []
    for label, block in _PARTS.findall(match[0]):
        indented = "\n".join(f"    {line}" if line else "" for line in block.splitlines())
        tabs.append(f'=== "{label}"\n\n{indented}\n\n')
    return "".join(tabs)


def guides(docs: Path) -> Iterator[str]:
    """Yield an entry of the navigation for each guide, in the order of their overview, which may lack some."""
    named = {path: name for name, path in _GUIDE.findall((docs / "guides.md").read_text("utf-8"))}
    for file in sorted((docs / "guides").glob("*.md")):
        heading = re.search(r"^# (.+)", file.read_text("utf-8"), re.MULTILINE)
        named.setdefault(f"guides/{file.name}", heading[1] if heading else file.stem)
    for path, name in named.items():
        yield f"    - {json.dumps(name)}: {path}\n"


def navigation(names: list[Name]) -> str:
    """Return the entries of the Python names, which end the navigation."""
    lines = ["  - Python:", "    - Overview: python.md"]
    for module in dict.fromkeys(name.module for name in names):
        lines.append(f"    - {json.dumps(module)}:")
        lines += [
            f"      - {json.dumps(name.title)}: {json.dumps(name.page)}" for name in names if name.module == module
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    build(*(Path(argument) for argument in sys.argv[1:5]))
