"""No text of a spec changes the shape of a page."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from support import minispec
from support.paths import ROOT
from timgen.pipeline import load_api
from timgen.rendering.filters import FILTERS
from timgen.rendering.render import Workshop, environment_of, render

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
    made = Workshop(tmp_path_factory.mktemp("harmless")), Workshop(tmp_path_factory.mktemp("hostile"))
    harmless, findings = render(templates, with_texts(some, "text"), stamp, never_current, made[0])
    hostile, more_findings = render(templates, with_texts(some, HOSTILE), stamp, never_current, made[1])
    assert not findings
    assert not more_findings
    assert [one.path for one in harmless] == [one.path for one in hostile]
    return [(one.path, *(shop.files[one.path].read_text(encoding="utf-8") for shop in made)) for one in harmless]


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
        (
            "{% include './.part' %}",
            "1:4",
            "there is no template ./.part; files that are hidden or backups are none",
        ),
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
    mini.write("templates/.part", "A part.")
    before = mini.output()
    result = mini.timgen("generate")
    assert (result.returncode, result.stderr) == (1, "")
    file = "_macros/broken.j2" if "broken" in template else "docs/index.md.j2"
    headline = result.stdout.splitlines()[0]
    assert headline.startswith(f"templates/{file}:{place}: error[template]: {message}")
    assert mini.output() == before


def test_a_damaged_cache_of_compiled_templates_counts_for_nothing(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path / "project")
    (tmp_path / "temp").mkdir()
    env = {"TMPDIR": str(tmp_path / "temp")}
    assert mini.timgen("generate", env=env).returncode == 0
    before = mini.output()
    compiled = list((tmp_path / "temp").rglob("*.cache"))
    assert compiled
    for number, path in enumerate(compiled):
        path.write_bytes(path.read_bytes()[: (20, 0, 60)[number % 3]])
    for folder in (".timgen", "generated"):
        shutil.rmtree(mini.root / folder)
    result = mini.timgen("generate", env=env)
    assert (result.returncode, result.stderr) == (0, "")
    assert mini.output() == before


def test_what_a_filter_makes_of_a_constant_is_not_compiled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.j2").write_text("{{ 'a' | py }}", encoding="utf-8")
    assert environment_of(tmp_path / "templates").get_template("page.j2").render() == '"a"'
    monkeypatch.setitem(FILTERS, "py", lambda text: f"<{text}>")
    assert environment_of(tmp_path / "templates").get_template("page.j2").render() == "<a>"
    assert len(list(tmp_path.rglob("*.cache"))) == 1


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


def found(mini: minispec.Mini) -> list[str]:
    """Generate in vain, and return what was told, a line each."""
    before = mini.output()
    result = mini.timgen("generate")
    assert (result.returncode, result.stderr) == (1, "")
    assert mini.output() == before
    return [line.strip() for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("docs/index.md.j2", "One\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n", "2:1"),
        ("copied.txt", "<<<<<<< HEAD\r\na\r\n=======\r\nb\r\n>>>>>>> other\r\n", "1:1"),
        ("_macros/one.j2", "a\n>>>>>>> other\n", "2:1"),
    ],
)
def test_what_a_merge_left_in_a_template_is_named_so(tmp_path: Path, name: str, text: str, place: str) -> None:
    mini = minispec.make(tmp_path)
    mini.write(f"templates/{name}", text)
    line = found(mini)[0]
    assert line.startswith(f"templates/{name}:{place}: error[merge-conflict]: a merge left ")


def test_an_underlined_heading_is_no_conflict(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path)
    mini.write("templates/docs/index.md.j2", "Heading\n=======\n")
    assert mini.timgen("generate").returncode == 0


def test_two_templates_of_one_output_are_named_both(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path)
    mini.write("templates/copied.txt.j2", "Rendered\n")
    mini.write("templates/docs/%service.md", "Text\n")
    mini.write("templates/docs/one/%command.md.j2", "x\n")
    mini.write("templates/docs/one/send.md.j2", "x\n")
    mini.write("templates/docs/%namespace/all.md.j2", "x\n")
    mini.write("templates/docs/%namespace/all.md", "x\n")
    heads = [line for line in found(mini) if "error[" in line]
    assert heads == [
        "templates/copied.txt.j2:1:1: error[template]: "
        "makes copied.txt, as templates/copied.txt does; rename one of them",
        "templates/docs/one/send.md.j2:1:1: error[template]: "
        "makes docs/one/send.md, as templates/docs/one/%command.md.j2 does; rename one of them",
    ]


def test_an_output_that_one_template_makes_twice(tmp_path: Path) -> None:
    mini = minispec.make(tmp_path)
    mini.write("spec/v4/note_svc/add_members.yaml", minispec.ADD_MEMBERS.replace("rooms.add_members", "notes.add_all"))
    mini.write("templates/docs/%command.md.j2", "# {{ command.path | md }}\n")
    assert (
        "templates/docs/%command.md.j2:1:6: error[template]: makes docs/add_members.md more than once; "
        "its path needs one more of %service, %namespace, %command"
    ) in found(mini)


MACROS = """\
{% macro item(n) %}

  {{ n }} 2
{% endmacro %}
"""


@pytest.mark.parametrize(
    ("name", "template", "place", "hint"),
    [
        (
            "client/a.py.j2",
            "# One\n\nx = = {{ api.title | py }}\n",
            "client/a.py.j2:3:10",
            'client/a.py:3:5 reads: x = = "Mini chat"',
        ),
        (
            "client/a.py.j2",
            "x = (\n{% for one in api.commands %}\n  {{ one.name }} 1,\n{% endfor %}\n)\n",
            "client/a.py.j2:3:6",
            "client/a.py:2:8 reads: send 1,",
        ),
        (
            "client/a.py.j2",
            "a = 1\r\n\r\n{{ api.title }}\r\n",
            "client/a.py.j2:3:4",
            "client/a.py:3:6 reads: Mini chat",
        ),
        (
            "client/a.py.j2",
            "{% import '_macros/one.j2' as one %}\na = [\n{{ one.item(1) }}\n]\n",
            "_macros/one.j2:3:6",
            "client/a.py:3:5 reads: 1 2",
        ),
        ("client/a.py.j2", "a = 1\n{% include '_macros/two.j2' %}\n", "_macros/two.j2:2:1", "client/a.py:3:1 reads: )"),
        # What looks at the text sees the marks too, so that the line cannot be told.
        (
            "client/a.py.j2",
            "{% from '_macros/one.j2' import item %}\na = 1\nb {{ item(1) | length }}\n",
            "client/a.py.j2:1:4",
            "client/a.py:2:3 reads: b 7",
        ),
        (
            "client/a.py.j2",
            "{% from '_macros/one.j2' import item %}\na = 1\nb {{ {'1 2': 3}[item(1) | trim] }}\n",
            "client/a.py.j2:1:4",
            "client/a.py:2:3 reads: b 3",
        ),
        ("client/a.py.j2", "# {{ '\\r' }}b = 1\nx y\n", "client/a.py.j2:2:1", "client/a.py:3:3 reads: x y"),
        ("client/a.py", "a = 1\nb c\n", "client/a.py:2:1", "client/a.py:2:3 reads: b c"),
        (
            "more/%service/%command.py.j2",
            "\n{{ command.summary }}\n",
            "more/%service/%command.py.j2:2:4",
            "more/note_svc/send.py:2:6 reads: Send a note",
        ),
    ],
)
def test_rendered_code_that_is_not_python_is_told_at_the_line_of_its_template(
    tmp_path: Path, name: str, template: str, place: str, hint: str
) -> None:
    mini = minispec.make(tmp_path)
    mini.write(f"templates/{name}", template)
    mini.write("templates/_macros/one.j2", MACROS)
    mini.write("templates/_macros/two.j2", "# Two\n)\n")
    lines = found(mini)
    heads = [line for line in lines if "error[" in line]
    assert len(heads) == 1, lines
    assert heads[0].startswith(f"templates/{place}: error[template]: the rendered code is not Python: ")
    assert f"= {hint}" in lines


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
