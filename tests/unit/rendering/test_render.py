"""No text of a spec changes the shape of a page."""

import shutil
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from support import minispec
from support.paths import ROOT
from timgen.pipeline import load_api
from timgen.rendering.render import render

TEXTS = {"summary", "description", "message", "fix", "meaning", "partial", "console", "note", "plan", "title", "use"}
LISTS_OF_TEXTS = {"limits", "editions"}
HOSTILE = (
    "# a | b || `c` ``` <script>alert(1)</script> <!-- {{ 7 * 7 }} {% raw %} [l](javascript:x) ![i](x) *b* _i_ ~~s~~ \\"
    "\n\n# heading\n\n```\n\n| t |\n| --- |\n\n- item\n1. item\n<br>&lt;\\"
)


def with_texts(value: Any, text: str) -> Any:
    """Return the model `value` with `text` in place of every text for people."""
    if isinstance(value, tuple):
        return tuple(with_texts(item, text) for item in value)  # pyright: ignore[reportUnknownVariableType]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes: dict[str, Any] = {}
    for field in fields(value):
        old = getattr(value, field.name)
        if field.name in TEXTS and old:
            changes[field.name] = text
        elif field.name in LISTS_OF_TEXTS:
            changes[field.name] = tuple(text for _ in old)
        elif field.name == "services" and isinstance(old, dict):
            changes[field.name] = {name: with_texts(item, text) for name, item in old.items()}
        else:
            changes[field.name] = with_texts(old, text)
    return replace(value, **changes)


def shape(page: str) -> list[object]:
    """Return what a page is made of, without its texts."""
    parts: list[object] = []
    for token in MarkdownIt("commonmark").enable("table").parse(page):
        parts.append(token.type)
        parts += [
            (child.type, child.attrs.get("href"), child.content if child.type == "html_inline" else "")
            for child in token.children or []
        ]
    return parts


def stamp(_files: Sequence[str]) -> str:
    return "the same"


def never_current(_path: str, _source: str) -> bool:
    return False


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    """Path, harmless content and hostile content of some pages."""
    api = load_api(ROOT)
    templates = tmp_path_factory.mktemp("templates")
    shutil.copytree(ROOT / "templates" / "docs", templates / "docs")
    some = replace(api, services=api.services[:3], webhooks=api.webhooks[:3])
    harmless, findings = render(templates, with_texts(some, "text"), stamp, never_current)
    hostile, more_findings = render(templates, with_texts(some, HOSTILE), stamp, never_current)
    assert not findings
    assert not more_findings
    return [(one.path, one.content or "", other.content or "") for one, other in zip(harmless, hostile, strict=True)]


def test_text_adds_no_markup(pages: list[tuple[str, str, str]]) -> None:
    assert pages
    for path, harmless, hostile in pages:
        assert shape(hostile) == shape(harmless), path


def test_text_adds_no_template(pages: list[tuple[str, str, str]]) -> None:
    for path, _, hostile in pages:
        assert not any(mark in hostile for mark in ("{{", "{%", "{#")), path


@pytest.mark.parametrize(
    ("template", "place", "message"),
    [
        ("a\n\n{{ 1 // 0 }}\n", "3:4", "ZeroDivisionError: integer division or modulo by zero"),
        ("{{ api.title() }}", "1:4", "TypeError: 'str' object is not callable"),
        ("{{ none | docstring }}", "1:4", "the filter docstring cannot take null here: "),
        ("{{ api.title | md }} {{ api.tittle | md }}", "1:25", "'Api object' has no attribute 'tittle'"),
        ("{{ api.tittle | json }}", "1:4", "'Api object' has no attribute 'tittle'"),
        ("{{ {'a': [api.tittle]} | json(2) }}", "1:4", "'Api object' has no attribute 'tittle'"),
        ("{{ api.tittle | py }}", "1:4", "'Api object' has no attribute 'tittle'"),
        ("{{ api | json }}", "1:4", "the filter json cannot take a value of type Api here: Api is no JSON value"),
        ("{{ 5 | openapi }}", "1:4", "the filter openapi cannot take a value of type int here: "),
        ("{% macro f() %}\n  {{- f() }}\n{% endmacro %}\n{{ f() }}", "2:7", "this calls itself without end"),
        ("{% include 'docs/index.md.j2' %}", "1:4", "this calls itself without end"),
        (f"{{{{ {'(' * 3000}1{')' * 3000} }}}}", "1:4", "this calls itself without end, or is nested too deeply"),
        ("{% include 'none.j2' %}", "1:4", "there is no template none.j2"),
        ("\n{% from '_macros/broken.j2' import x %}", "1:4", "Expected an expression"),
        ("\n{% for %}", "2:4", "Expected an expression"),
        ("{{ 1 | nope }}", "1:4", "No filter named 'nope'"),
        ("{{ '%d' % 'x' }}", "1:4", "TypeError: "),
        ("a\u2028b\n{{ nope }}", "2:4", "'nope' is undefined"),
        ("a\n{{\n  nope }}", "3:3", "'nope' is undefined"),
    ],
)
def test_whatever_a_template_does_wrong_is_a_finding_with_its_line(
    tmp_path: Path, template: str, place: str, message: str
) -> None:
    mini = minispec.make(tmp_path)
    mini.write("templates/docs/index.md.j2", template)
    mini.write("templates/_macros/broken.j2", "{% if %}")
    before = mini.output()
    result = mini.timgen("generate")
    assert (result.returncode, result.stderr) == (1, "")
    file = "_macros/broken.j2" if "broken" in template else "docs/index.md.j2"
    headline = result.stdout.splitlines()[0]
    assert headline.startswith(f"templates/{file}:{place}: error[template]: {message}")
    assert mini.output() == before


def test_a_template_that_is_not_text_is_the_finding_wherever_it_is_read(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path)
    mini.write("templates/docs/index.md.j2", "{% include '_macros/x' %}")
    mini.write("templates/_macros/x", b"caf\xe9")
    mini.write("templates/copied.txt", b"\xff")
    result = mini.timgen("generate")
    assert (result.returncode, result.stderr) == (1, "")
    heads = [line for line in result.stdout.splitlines() if "error[template]" in line]
    assert heads == [
        f"templates/{file}:1:1: error[template]: the file is not UTF-8 text" for file in ("_macros/x", "copied.txt")
    ]


def test_codes_areas_and_shared_schemas_have_files_of_their_own(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path)
    mini.patch(
        "spec/api.yaml", "categories:\n", "error_areas: {main: {title: Main, codes: [[-9, 20000]]}}\ncategories:\n"
    )
    mini.write(
        "templates/x/%error.md.j2", "{{ error.area }}:{% for command in commands %} {{ command.path }}{% endfor %}.\n"
    )
    mini.write(
        "templates/x/%area.md.j2", "{{ area.title }}:{% for error in area.errors %} {{ error.code }}{% endfor %}.\n"
    )
    mini.write("templates/x/%schema.md.j2", "{{ schema.description | md }} {{ api.services | length }}\n")
    assert mini.timgen("generate").returncode == 0
    assert mini.read("generated/x/-7.md") == "main: room_svc/add_members.\n"
    assert mini.read("generated/x/main.md") == "Main: -7 10002.\n"
    assert mini.read("generated/x/TextNote.md").endswith(" 2\n")
    mini.patch("spec/v4/room_svc/add_members.yaml", "errors: [10002, -7]", "errors: [10002]")
    assert mini.timgen("generate").returncode == 0
    assert mini.read("generated/x/-7.md") == "main:.\n"
