"""A fuzz run: files of a small project are broken at random, and timgen is run on what comes of it.

.venv/bin/python tests/property/fuzz.py [cases] [first case]

Ends with 1 when a run broke off with a traceback, took longer than 2 s of the processor, changed the output though it
failed, or refused to render a spec that lint takes. A case depends on its number alone: `fuzz.py 1 4711` repeats
number 4711 and shows what timgen said.
"""

from __future__ import annotations

import copy
import datetime
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, Self

import yaml
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import minispec
from support.minispec import Mini
from timgen.checking import metaschemas
from timgen.cli import main as cli
from timgen.reading import inputs
from timgen.reading.index import Index
from timgen.reading.listing import look
from timgen.rendering import codegen

LIMIT = 2.0
"""Seconds of the processor that a run may take, child processes included."""
HANGS = 60
"""Seconds after which a run is broken off."""

FILES = {**minispec.SPEC, **minispec.TEMPLATES}
DOCUMENTS = {file: yaml.safe_load(text) for file, text in minispec.SPEC.items()}
SPEC_FILES = sorted(minispec.SPEC)
TEMPLATE_FILES = sorted(minispec.TEMPLATES)

YAML_PIECES = (
    b"*", b"*a", b"&a ", b"&a [*a, *a]", b"!!x ", b"!!python/object:x ", b"!!binary aGk=", b"\t", b"\r\n", b"\r",
    b"---\n", b"...\n", b"{", b"}", b"[", b"]", b"- ", b"? ", b": ", b"'", b'"', b"|\n", b">-\n", b"#",
    b"%YAML 9.9\n", b"@", b"`", b"<<: ", b"<<: *a\n", b"~", b"null", b"=", b".inf", b".nan", b"0x1F", b"1_000",
    b"12:30:45", b"2024-02-30", b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xe2\x80\xa8",
    b"\xc2\x85", b"\xf0\x9f\x98\x80", b"\\", b"<<<<<<< HEAD\n", b"\n=======\n", b"\n>>>>>>> other\n", b"9" * 400,
    b"9" * 5_000, b"1e999", b"-0", b"[" * 300, b"{a: " * 300, b"- " * 400, b"[" * 60 + b"]" * 60, b"a" * 20_000,
    b"#/components/schemas/Note", b"TODO",
)  # fmt: skip
TEMPLATE_PIECES = (
    b"{{", b"}}", b"{%", b"%}", b"{#", b"#}", b"{{ 1 // 0 }}", b"{{ api.nothing }}", b"{{ api }}", b"{% raw %}",
    b"{% for x in api.commands %}", b"{% endfor %}", b"{% if %}", b"{% include 'docs/index.md.j2' %}",
    b"{{ none | py }}", b"{% import 'x' as y %}", b"{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    b"{{ api.title() }}", b"{{ 'a' * 9 }}", b"{{ api.commands | map(attribute='x') | list }}", b"{% extends 'x' %}",
    b"{% block a %}", b"{% set x = 1 %}", b"{{ x }}", b"\xff", b"\r\n", b"\x00", b"<<<<<<< HEAD\n", b"\n=======\n",
    b"\n>>>>>>> other\n", b"def (:\n", b"'''", b"\\", b"{{ ''|md }}",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 7, 10002, 2**31, 2**63, 2**70, -(10**300), 10**4_000, 0.5, 10002.0, float("inf"),
    float("nan"), "", " ", "x", "no", "None", "class", "self", "type", "object", "array", "string", "integer", "null",
    "safe", "a.b.c", "a..b", "[a", "(", "(a+)+$", "\\", "^.*$", "{{ api }}", "{% raw %}", '"""', "'''", "*/", "<!--",
    "-->", "\u2028'\"\\", "\x85", "\ufeff", "é", "😀", "../../x", "/etc/passwd", "C:\\x", "a\nb",
    "#/components/schemas/Note", "#/components/schemas/Nothing", "https://example.com", "2024-02-29",
    datetime.date(2024, 2, 29), "a" * 3_000, [], {}, [[]], [None], [1, "x"], {"type": "object"},
    {"$ref": "#/components/schemas/Note"}, {"$ref": 1}, {"anyOf": []}, {"type": ["string", "null"]}, {"const": {}},
    {"enum": [{}, []]}, {"pattern": "("}, {"items": {}}, {"not": {}}, {"properties": {"": {}}}, {"": ""},
    {"x-fill": "random"},
)  # fmt: skip

Steps = tuple[Any, ...]


def paths(value: object, path: Steps = ()) -> Iterator[Steps]:
    """Yield the path of every node inside `value`, its own first."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in inside:
        yield from paths(inner, (*path, step))


def at(value: Any, path: Steps) -> Any:
    for step in path:
        value = value[step]
    return value


PATHS = {file: list(paths(document)) for file, document in DOCUMENTS.items()}
KEYS = sorted({str(path[-1]) for found in PATHS.values() for path in found if path})


def broken_bytes(random: Random, data: bytes, pieces: tuple[bytes, ...]) -> bytes:
    """Return a text with bytes cut out, put in, doubled or swapped."""
    start = random.randrange(len(data) + 1)
    end = min(len(data), start + random.choice((0, 0, 1, 3, 40, 400)))
    lines = data.splitlines(keepends=True) or [b""]
    line = random.randrange(len(lines))
    match random.randrange(9):
        case 0:
            return data[:start] + data[end:]
        case 1 | 2 | 3:
            return data[:start] + random.choice(pieces) + data[end:]
        case 4:
            return data[:start] + random.randbytes(random.randrange(1, 5)) + data[end:]
        case 5:
            return data[:end] + data[start:end] + data[end:]
        case 6:
            other = random.randrange(len(lines))
            lines[line], lines[other] = lines[other], lines[line]
        case 7:
            lines[line] = random.choice((b"", lines[line] * 2, b" " + lines[line], lines[line].lstrip(b" ")))
        case _:
            other = [part.replace(b"e", b"a") for part in lines[line : line + 3]]
            lines[line : line + 3] = [
                b"<<<<<<< HEAD\n", *lines[line : line + 3], b"=======\n", *other, b">>>>>>> theirs\n"
            ]  # fmt: skip
    return b"".join(lines)


def broken_document(random: Random, file: str, times: int) -> bytes:
    """Return a file of the spec with nodes replaced, removed, renamed, added, wrapped or taken from elsewhere."""
    root: dict[str, Any] = {"": copy.deepcopy(DOCUMENTS[file])}
    for left in reversed(range(times)):
        path = random.choice([path for path in paths(root) if path])
        parent, last = at(root, path[:-1]), path[-1]
        node = parent[last]
        match random.randrange(10):
            case 0 if path != ("",):
                del parent[last]
            case 1 if isinstance(parent, dict) and path != ("",):
                parent[random.choice((random.choice(KEYS), random.choice(VALUES[:60])))] = parent.pop(last)
            case 2 if isinstance(node, dict):
                node[random.choice(KEYS)] = copy.deepcopy(random.choice(VALUES))
            case 3 if isinstance(node, list):
                node.append(copy.deepcopy(random.choice((*node, random.choice(VALUES)))))
            case 4:
                parent[last] = random.choice(([node], {random.choice(KEYS): node}, {"type": "array", "items": node}))
            case 5:
                other = random.choice([path for path in paths(root) if path])
                if other[: len(path)] != path and path[: len(other)] != other:
                    # The same object in two places is written as an anchor and an alias; further steps could
                    # put it into itself.
                    parent[last] = copy.deepcopy(at(root, other)) if left else at(root, other)
            case 6:
                other_file = random.choice(SPEC_FILES)
                parent[last] = copy.deepcopy(at(DOCUMENTS[other_file], random.choice(PATHS[other_file])))
            case 7:
                parent[last] = _of_other_type(random, node)
            case 8:
                depth = random.choice((5, 40, 150))
                for _ in range(depth):
                    node = random.choice(([node], {"anyOf": [node]}, {"type": "object", "properties": {"A": node}}))
                parent[last] = node
            case _:
                parent[last] = copy.deepcopy(random.choice(VALUES))
    return yaml.dump(root[""], Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True).encode()


def _of_other_type(random: Random, node: Any) -> Any:
    if isinstance(node, bool | int | float):
        return random.choice((str(node), -node, node * 10**30, [node], float(node) if abs(node) < 10**300 else 0))
    if isinstance(node, str):
        return random.choice((len(node), node + random.choice(KEYS), node.upper(), node * 50, node + '"\\{{', [node]))
    return random.choice(
        (str(node), json.dumps(node, default=str, skipkeys=True), list(node) if isinstance(node, dict) else {}, None)
    )


def break_folder(random: Random, mini: Mini, file: str) -> None:
    """Do to a file what happens to files."""
    path, other = mini.path(file), mini.path(random.choice(sorted(FILES)))
    match random.randrange(8):
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(b"")
        case 2:
            path.write_bytes(other.read_bytes())
        case 3:
            name = random.choice(
                ("Other.yaml", "class.yaml", "a b.yaml", "é.yaml", "_service.yaml", "%command.md.j2", "x.yml")
            )
            path.with_name(name).write_bytes(path.read_bytes())
        case 4:
            path.rename(path.with_suffix(random.choice((".yml", ".txt", "", ".yaml.yaml", ".j2"))))
        case 5:
            path.unlink()
            path.mkdir()
        case 6:
            path.unlink()
            path.symlink_to(random.choice((path, path.parent, other, Path("/dev/null"))))
        case _:
            path.unlink()
            os.mkfifo(path)


def break_project(random: Random, mini: Mini) -> str:
    """Break something, and return what."""
    kind = random.choices(("structure", "bytes", "template", "folder"), (50, 40, 7, 3))[0]
    for number in range(random.choice((1, 1, 1, 2, 3))):
        file = random.choice(TEMPLATE_FILES if kind == "template" else SPEC_FILES)
        if kind == "structure":
            mini.write(file, broken_document(random, file, random.choice((1, 1, 1, 2, 4))))
        elif kind == "folder" and number == 0:
            break_folder(random, mini, random.choice((file, random.choice(TEMPLATE_FILES))))
        elif kind != "folder":
            pieces = TEMPLATE_PIECES if kind == "template" else YAML_PIECES
            mini.write(file, broken_bytes(random, mini.path(file).read_bytes(), pieces))
    return kind


def mend(mini: Mini) -> None:
    """Put the project's own files back; what was generated stays as it is."""
    for folder in ("spec", "templates"):
        for path in sorted((mini.root / folder).rglob("*"), reverse=True):
            file = path.relative_to(mini.root).as_posix()
            if path.is_dir() and not path.is_symlink():
                if file in FILES:
                    path.rmdir()
            elif file not in FILES or path.is_symlink() or not path.is_file():
                path.unlink()
    for file, text in FILES.items():
        if not mini.path(file).is_file() or mini.path(file).read_bytes() != text.encode():
            mini.write(file, text)


class Hanging(BaseException):
    """A run did not end."""


class InProcess:
    """Stands for the process of datamodel-code-generator, which would take most of the time."""

    def start(self) -> None:
        """Do nothing: it is there."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __init__(self) -> None:
        self._orders: list[codegen.Order] = []

    def send(self, order: codegen.Order, _folder: Path) -> None:
        self._orders.append(codegen.Order(**json.loads(json.dumps(vars(order)))))

    def receive(self) -> Iterator[dict[str, str]]:
        for order in self._orders:
            try:
                sources = codegen.make(order)
            except Exception as error:
                raise codegen.CodegenError(traceback.format_exc()) from error
            yield {module: sources[module] for module in order.modules}


def quicken() -> None:
    """Make once what is the same in every run, and would take a third of the time."""
    codegen.Codegen = InProcess  # type: ignore[misc,assignment]
    metaschemas._texts = cache(metaschemas._texts)
    hash_files, own = inputs._hash_files, Path(inputs.__file__).parents[1]
    of_generator = cache(lambda: hash_files(own, look(own), Index()))
    inputs._hash_files = lambda folder, found, index: (
        of_generator() if folder == own else hash_files(folder, found, index)
    )


@dataclass(frozen=True)
class Ran:
    """A run of timgen."""

    code: int
    output: str
    broke: str
    """The traceback, empty without one."""
    seconds: float


def timgen(mini: Mini, command: str) -> Ran:
    started = os.times()
    signal.alarm(HANGS)
    try:
        result = CliRunner().invoke(cli.main, ["--root", str(mini.root), command])
    except Hanging:
        return Ran(-1, "", traceback.format_exc(), HANGS)
    finally:
        signal.alarm(0)
    ended = os.times()
    broke = ""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        broke = "".join(traceback.format_exception(result.exception))
    elif "Traceback (most recent call last)" in result.output:
        broke = result.output
    return Ran(result.exit_code, result.output, broke, sum(ended[:4]) - sum(started[:4]))


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.lstat().st_mtime_ns, path.lstat().st_size) for path in folder.rglob("*")}


def try_case(number: int, mini: Mini) -> tuple[dict[str, str], str, Ran]:
    """Break the project as the number says and run timgen on it; return what is wrong with that, and what was done."""
    usual = sys.getrecursionlimit()
    # What is made here may be deeper than what timgen can take.
    sys.setrecursionlimit(10_000)
    kind = break_project(Random(number), mini)
    sys.setrecursionlimit(usual)
    before = state_of(mini.root / "generated")
    made = timgen(mini, "generate")
    wrong = {}
    runs = [made]
    if made.code and state_of(mini.root / "generated") != before:
        wrong["writes on failure"] = made.output
    # Both check alike, so that lint is run where generate found nothing by that, and for a part of the others.
    if kind != "template" and (not made.code or "error[template]" in made.output or number % 5 == 0):
        runs.append(linted := timgen(mini, "lint"))
        is_ours = kind != "folder" and made.code != linted.code
        if is_ours and not any(run.broke for run in runs):
            wrong["specs that lint takes and generate does not"] = linted.output + made.output
    for run in runs:
        if run.broke:
            wrong["hangs" if run.code < 0 else "tracebacks"] = run.broke
        if run.seconds > LIMIT:
            wrong["runs over 2 s"] = f"{run.seconds:.1f} s\n{run.output}"
    return wrong, kind, made


def main(cases: int, first: int) -> int:
    def hang(_signal: int, _frame: FrameType | None) -> None:
        raise Hanging

    signal.signal(signal.SIGALRM, hang)
    quicken()
    counts = Counter[str]({"tracebacks": 0, "hangs": 0, "runs over 2 s": 0, "writes on failure": 0})
    kinds: Counter[tuple[str, int]] = Counter()
    started = time.monotonic()
    root = Path(tempfile.mkdtemp(prefix="timgen-fuzz-"))
    mini = minispec.make(root)
    assert timgen(mini, "generate").code == 0
    for number in range(first, first + cases):
        wrong, kind, made = try_case(number, mini)
        kinds[kind, made.code] += 1
        for what, text in wrong.items():
            counts[what] += 1
            print(f"--- case {number}: {what}\n{text[-3_000:]}", flush=True)
        if cases == 1:
            print(f"{made.output}It is left in {root}.")
            break
        mend(mini)
        if number % 1_000 == 999:
            print(f"{number + 1 - first} cases, {time.monotonic() - started:.0f} s", flush=True)
    else:
        shutil.rmtree(root)
    for (kind, code), count in sorted(kinds.items()):
        print(f"{kind}: {count} ended with {code}")
    print(f"{cases} cases: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if counts.total() else 0


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*numbers, *(300, 0)[len(numbers) :]))
