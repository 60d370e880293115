"""No text of a spec becomes code, markup, a template or a file name, whatever it holds."""

from __future__ import annotations

import ast
import copy
import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from openapi_spec_validator import validate

from golden.support import ROOT
from support import minispec
from support.minispec import Mini
from timgen.checking.metaschemas import validators
from timgen.pipeline import make_tree
from timgen.publishing.memory import Memory
from timgen.reading.inputs import read_inputs
from timgen.reading.project import Project

KeyPath = tuple[str | int, ...]

ONE_LINE = (
    "' \" ''' \"\"\" \\ \\N{DASH} \\x \\u12 \\' \\\" \\n {} {{ 7 * 7 }} {% raw %} {% endraw %} {# no #} ${x} %s %(x)s "
    "# no\t\u2028\u0085\x0b\x00\x1b[31m\u202e\u2066\ufeff <script>alert(1)</script> <!-- --> ]]> &lt; `a` ``` *b* "
    "_i_ ~~s~~ | a | [l](javascript:x) ![i](x) https://example.com/x @x :x: $x$ ../../x "
) + "w" * 300
SHORT = ("harmless", '\'"""{{x}}{%#|`<b>\\')
LIMITED = ("Name", "Text")
"""Fields of examples that take short texts only."""
NAMES = frozenset(
    {"$ref", "CallbackCommand", "batch", "category", "client", "command", "const", "dedupe", "discriminator"}
    | {"failures", "method", "not", "paging", "product", "products", "required", "role", "verdict"}
)
"""Parts of the spec that hold names of other parts."""
AROUND = ('"""', '"""'), ("'''", "\\"), ("{{", "}}"), ("# ", '"'), ("- ", "'''"), ("1. ", '\\"""')
LINES = (
    "\n\n# heading\n\n```\n\n~~~\n\n| t |\n| --- |\n\n- item\n1. item\n\n    code\n\r\n> quote\r---\n\n***\n<br>\n\n"
)

# What several features need that the small project uses none of.
PATCHES = (
    (
        "spec/v4/room_svc/add_members.yaml",
        "batch:",
        "description: Free.\nplans: {editions: [Pro, Max], console: Console}\nevidence: {partial: A part}\nbatch:",
    ),
    ("spec/v4/room_svc/add_members.yaml", "per: minute}", "per: minute, plan: Pro, note: A note}"),
    (
        "spec/v4/room_svc/list_members.yaml",
        "    Offset:",
        "    Order:\n      {enum: [up, down], x-enum-descriptions: [Up, Down], x-open: Why, type: string,\n"
        "       description: A.}\n"
        "    Way: {type: string, default: up, description: A way.}\n"
        "    Code: {type: string, pattern: '^[a-z]+$', description: A code.}\n"
        "    Free: {type: object, default: {a: b}, description: Anything.}\n"
        "    Any: {enum: [a, 1], description: Anything.}\n"
        "    Offset:",
    ),
    # Whatever stands in the sets here and in the examples.
    ("spec/api.yaml", "enum: [OK, FAIL], ", "enum: [OK, FAIL], x-open: Why, "),
    ("spec/api.yaml", "enum: [OK, FAIL]}", "enum: [OK, FAIL], x-open: Why}"),
    ("spec/schemas/person.yaml", "enum: [Owner, Guest]", "enum: [Owner, Guest]\n      x-open: Why"),
    ("spec/v4/room_svc/list_members.yaml", "Limit: 10}", "Limit: 10, Order: up, Free: {a: [b, {c: d}]}}"),
    ("spec/v4/room_svc/_service.yaml", "product:", "description: About rooms.\ndocs: https://example.com/rooms\nproduct:"),
    (
        "spec/webhooks/Note.BeforeSend.yaml",
        "request:\n  type",
        "description: Free.\nplans: {editions: [Pro], console: Console}\nevidence: {partial: A part}\nrequest:\n  type",
    ),
    (
        "spec/errors.yaml",
        "  retry: backoff\n",
        "  retry: backoff\n  editions: ['2023']\n  services: {room_svc: {message: In rooms., fix: Wait in rooms.}}\n",
    ),
    (
        "spec/schemas/person.yaml",
        "    Name:",
        "    Tag: {type: object, description: A tag., properties: {A: {type: string, description: A.}}}\n    Name:",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Text:
    """A place of the spec that takes any text, and what stands there in the two specs."""

    file: str
    path: KeyPath
    harmless: str
    hostile: str

    def __str__(self) -> str:
        return f"{self.file}:{'.'.join(map(str, self.path))}"


@dataclass(frozen=True)
class Pair:
    """The same spec twice, and what is generated from it."""

    texts: list[Text]
    harmless: Mapping[str, bytes]
    hostile: Mapping[str, bytes]
    spec: Mapping[str, Any]
    """The hostile one, by file."""


def leaves(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the paths of all texts below `value`."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))


def replaced(document: Any, path: KeyPath, text: str) -> Any:
    """Return a copy of `document` with `text` at `path`."""
    result = copy.deepcopy(document)
    inner = result
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = text
    return result


def candidates(number: int) -> Iterator[tuple[str, str]]:
    """Yield hostile texts with the harmless ones of the same kind, the worst first."""
    harmless, mark = f"word{number}", f"mark{number}"
    before, after = AROUND[number % len(AROUND)]
    yield harmless, f"{before} {mark} {ONE_LINE}{LINES}{before} {ONE_LINE} {after}"
    yield harmless, f"{before} {mark} {ONE_LINE} {after}"
    yield f"https://example.com/{harmless}", f"https://example.com/{mark}?a=b&c=)|`\\*_[x]$!%#e"


def pattern(number: int) -> tuple[str, str]:
    """Return a pattern that takes a hostile text; re.escape would escape more than every engine takes."""
    return f"word{number}", re.sub(r"[\^$\\.*+?()\[\]{}|]", r"\\\g<0>", f"mark{number} {ONE_LINE}")


def dumped(document: object) -> str:
    return yaml.safe_dump(document, sort_keys=False)


def kind_of(file: str) -> str:
    """Return the name of a file's meta-schema."""
    name = file.removeprefix("spec/").removesuffix(".yaml")
    if name.startswith("v4/"):
        return "service" if name.endswith("/_service") else "command"
    return {"schemas": "schemas", "webhooks": "webhook"}.get(name.split("/")[0], name)


def free_texts(root: Path, documents: Mapping[str, Any]) -> Iterator[Text]:
    """Yield every text that is no name of something, with the worst that its meta-schema takes there."""
    forms = validators(root)
    number = 0
    for file, document in documents.items():
        for path in leaves(document):
            number += 1
            if NAMES & {str(step) for step in path}:
                continue
            options = [SHORT] if path[-1] in LIMITED else candidates(number)
            for harmless, hostile in [pattern(number)] if path[-1] == "pattern" else options:
                if forms[kind_of(file)].is_valid(replaced(document, path, hostile)):
                    yield Text(file, path, harmless, hostile)
                    break


def without_dates(document: Any) -> Any:
    return json.loads(json.dumps(document, default=str))


def generate(mini: Mini, documents: Mapping[str, Any]) -> Mapping[str, bytes]:
    for file, document in documents.items():
        mini.write(file, dumped(document))
    project = Project(mini.root)
    with tempfile.TemporaryDirectory() as folder:
        tree, findings = make_tree(project, read_inputs(project), Memory(), {}, Path(folder))
        assert tree is not None, [finding.headline for finding in findings]
        return {path: file.read_bytes() for path, file in tree.files.items()}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    mini = minispec.make(tmp_path_factory.mktemp("hostile"))
    for file, old, new in PATCHES:
        mini.patch(file, old, new)
    documents = {file: without_dates(yaml.safe_load(mini.read(file))) for file in minispec.SPEC}
    shutil.rmtree(mini.root / "templates")
    shutil.copytree(ROOT / "templates", mini.root / "templates")
    texts = list(free_texts(mini.root, documents))
    harmless, hostile = dict(documents), dict(documents)
    for text in texts:
        harmless[text.file] = replaced(harmless[text.file], text.path, text.harmless)
        hostile[text.file] = replaced(hostile[text.file], text.path, text.hostile)
    return Pair(texts, generate(mini, harmless), generate(mini, hostile), hostile)


def test_the_texts_are_many_and_of_every_kind(pair: Pair) -> None:
    assert len(pair.texts) > 110
    last = {str(text.path[-1]) for text in pair.texts}
    assert last >= {
        "title", "summary", "description", "docs", "name", "evidence", "message", "fix", "meaning", "partial",
        "console", "note", "plan", "pattern", "default", "ErrorInfo", "SdkAppid",
    }  # fmt: skip
    parents = {str(text.path[-2]) for text in pair.texts if len(text.path) > 1}
    assert parents >= {"enum", "x-enum-descriptions", "editions", "Names", "query"}


def test_no_file_is_named_after_a_text(pair: Pair) -> None:
    assert pair.hostile.keys() == pair.harmless.keys()


def blanked(source: bytes) -> str:
    """Return the syntax tree of `source` without what its texts say."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def python_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if path.endswith(".py")}


def test_no_text_becomes_code(pair: Pair) -> None:
    assert len(python_files(pair.hostile)) > 30
    for path, source in python_files(pair.hostile).items():
        assert blanked(source) == blanked(pair.harmless[path]), path
        compile(source, path, "exec")


def test_no_comment_is_left_early(pair: Pair) -> None:
    for path, source in python_files(pair.hostile).items():
        assert source.count(b"#") >= pair.harmless[path].count(b"#"), path
        assert b"\r" not in source
        assert b"\x00" not in source


def shape(page: str) -> list[object]:
    """Return what a page is made of, without its texts and where its links lead."""
    parts: list[object] = []
    for token in MarkdownIt("commonmark").enable("table").parse(page):
        if token.type == "html_block":
            parts.append(token.content)
        parts.append((token.type, token.tag, token.info))
        # A code span is written as <code> where it holds what a span cannot.
        children = [child for child in token.children or [] if child.content != "</code>"]
        names = ["code_inline" if child.content == "<code>" else child.type for child in children]
        contents = [child.content for child in children if child.type == "html_inline" and child.content != "<code>"]
        parts.append([name for name in names if name != "text"] + contents)
    return parts


def markdown_files(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: data.decode() for path, data in files.items() if path.endswith(".md")}


def test_no_text_adds_markup_to_a_page(pair: Pair) -> None:
    harmless = markdown_files(pair.harmless)
    assert len(harmless) > 6
    for path, page in markdown_files(pair.hostile).items():
        assert shape(page) == shape(harmless[path]), path


def test_no_page_holds_a_template_outside_of_code(pair: Pair) -> None:
    for path, page in markdown_files(pair.hostile).items():
        prose = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
        assert not re.findall(r"\{[{%#]", prose), path


def test_every_text_shows_where_the_harmless_one_does(pair: Pair) -> None:
    shown = 0
    for text in pair.texts:
        mark = re.search(r"mark\d+", text.hostile)
        if mark is None:
            continue
        word = re.compile(rf"word{mark[0].removeprefix('mark')}\b".encode(), re.IGNORECASE)
        found = re.compile(rf"{mark[0]}\b".encode(), re.IGNORECASE)
        harmless = {path for path, data in pair.harmless.items() if word.search(data)}
        assert {path for path, data in pair.hostile.items() if found.search(data)} == harmless, str(text)
        shown += bool(harmless)
    assert shown > 100


def fences(page: str, language: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(page)
    return [token.content for token in tokens if token.type == "fence" and token.info == language]


def test_examples_of_the_pages_are_the_spec_s(pair: Pair) -> None:
    for service, command in (("room_svc", "list_members"), ("room_svc", "add_members"), ("note_svc", "send")):
        page = pair.hostile[f"docs/commands/{service}/{command}.md"].decode()
        examples = pair.spec[f"spec/v4/{service}/{command}.yaml"]["examples"]
        assert [json.loads(body) for body in fences(page, "json")] == [example["response"] for example in examples]
        sent = [json.loads(body.partition("\n\n")[2]) for body in fences(page, "http")]
        assert sent == [example["request"] for example in examples]
        for program in fences(page, "python"):
            ast.parse(program)


def test_the_client_has_the_texts_as_they_are(pair: Pair) -> None:
    errors = pair.spec["spec/errors.yaml"]
    table = constants(pair.hostile["client/tencent_chat/_tables/errors.py"])
    for entry in errors.values():
        assert {entry["message"], entry["fix"]} <= table
    assert set(errors["10002"]["services"]["room_svc"].values()) <= table
    registry = constants(pair.hostile["client/tencent_chat/_tables/commands.py"])
    add = pair.spec["spec/v4/room_svc/add_members.yaml"]
    assert {add["summary"], add["docs"], add["rate_limit"]["plan"], add["rate_limit"]["note"]} <= registry
    order = pair.spec["spec/v4/room_svc/list_members.yaml"]["request"]["properties"]["Order"]
    for path in ("models/rooms/list_members.py", "namespaces/rooms.py"):
        assert set(order["enum"]) <= constants(pair.hostile[f"client/tencent_chat/{path}"])
    pattern = pair.spec["spec/v4/room_svc/list_members.yaml"]["request"]["properties"]["Code"]["pattern"]
    assert pattern in constants(pair.hostile["client/tencent_chat/models/rooms/list_members.py"])


def constants(source: bytes) -> set[object]:
    return {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}


def test_the_openapi_document_is_valid_and_has_the_examples(pair: Pair) -> None:
    document = json.loads(pair.hostile["openapi/tencent-chat.json"])
    validate(document)
    harmless = json.loads(pair.harmless["openapi/tencent-chat.json"])
    assert keys(document) == keys(harmless)
    text = json.dumps(document)
    for body in pair.spec["spec/v4/room_svc/list_members.yaml"]["examples"]:
        assert json.dumps(body["request"]) in text
        assert json.dumps(body["response"]) in text


def keys(value: object) -> object:
    """Return the structure of a JSON value; the keys of the spec's own examples are names too."""
    if isinstance(value, dict):
        return {key: keys(inner) for key, inner in value.items()}
    return [keys(inner) for inner in value] if isinstance(value, list) else type(value)


def test_the_package_has_its_version(pair: Pair) -> None:
    assert tomllib.loads(pair.hostile["client/pyproject.toml"].decode())["project"]["version"] == "0.1.0"


def test_nothing_is_written_outside_of_the_output_folder(pair: Pair, tmp_path: Path) -> None:
    mini = Mini(tmp_path / "a" / "b" / "project")
    for file, document in pair.spec.items():
        mini.write(file, dumped(document))
    for file, text in minispec.TEMPLATES.items():
        mini.write(file, text)

    def others() -> set[Path]:
        own = {mini.path("generated"), mini.path(".timgen")}
        return {path for path in tmp_path.rglob("*") if not own & {path, *path.parents}}

    before = others()
    assert mini.timgen("generate").returncode == 0
    assert others() == before
    assert set(mini.output()) == {
        "client/regions.py", "copied.txt", "docs/index.md", "manifest.json",
        *(f"docs/{path}.md" for path in ("note_svc/send", "room_svc/add_members", "room_svc/list_members")),
        *(path for path in mini.output() if path.startswith("client/tencent_chat/models/")),
    }  # fmt: skip
