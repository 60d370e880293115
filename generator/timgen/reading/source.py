"""Reading: YAML files with the position of every key and value.

PyYAML's C parser composes the nodes. What YAML 1.1 would quietly turn into something else than
the author wrote (`no`, `010`, `2021-01-05`) is refused here, with its position.
"""

from __future__ import annotations

import codecs
import json
import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from timgen.reading.diagnostics import Diagnostic
from timgen.reading.files import read_file

_resolver: Any = yaml.resolver.Resolver()  # untyped


@lru_cache(maxsize=10_000)
def _resolve(text: str) -> str:
    """Return the tag that YAML 1.1 gives a plain scalar."""
    return str(_resolver.resolve(ScalarNode, text, (True, False)))


class _Loader(yaml.CSafeLoader):
    """Finds the tag of each text once; a third of the time of composing goes there otherwise."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is ScalarNode and implicit[0]:
            return _resolve(value)
        return super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]


KeyPath = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
_BOOL, _FLOAT, _INT, _MERGE, _NULL, _STR, _TIMESTAMP, _VALUE = (
    _TAG + name for name in ("bool", "float", "int", "merge", "null", "str", "timestamp", "value")
)
_CANONICAL = {
    _INT: re.compile(r"-?(0|[1-9][0-9]*)"),
    _FLOAT: re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?"),
    _BOOL: re.compile(r"true|false"),
    _NULL: re.compile(r"null|~|"),
}
_READ_AS = {
    _INT: "a number",
    _FLOAT: "a number",
    _BOOL: "true or false",
    _NULL: "nothing",
    _TIMESTAMP: "a date",
    _MERGE: "a merge key",
    _VALUE: "a default value",
}
# Where a tag may begin, inside texts too.
_TAG_START = re.compile(r"(?:^|[\s\[{,:])!", re.MULTILINE)
# Where git begins, parts and ends what two sides changed; indented it is text.
_CONFLICT_MARKER = re.compile(r"^(?:<{7} .*|\|{7}(?: .*)?|={7}|>{7} .*)\r?$", re.MULTILINE)
_MAX_EXPANDED_NODES = 200_000
_MAX_DEPTH = 100
_MAX_DIGITS = 1_000
# Composing so many levels is safe; some ten thousand overflow the C stack.
_MAX_COMPOSED_DEPTH = 1_000


def _nothing() -> str:
    return ""


@dataclass(frozen=True)
class Document:
    """A file of the spec: its plain value. Where a part of it stands is looked up in its text, which few findings need.

    The nodes that tell it take ten times the room of the value, so that none are kept of a file without findings.
    """

    file: str
    value: object
    text: Callable[[], str] = field(default=_nothing, repr=False, compare=False)
    start: tuple[int, int] = field(default=(1, 1), compare=False)
    """Line and column, from 1, of the value."""
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]], repr=False, compare=False)
    """Line and column, from 1, of keys at the top, as far as they are known."""

    @property
    def mapping(self) -> Mapping[str, object]:
        """The value when it is a mapping, else an empty one."""
        value = self.value
        return cast(Mapping[str, object], value) if isinstance(value, dict) else {}

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text().splitlines())

    @cached_property
    def _root(self) -> Node | None:
        if self.value is None:
            return None
        try:
            return _composed(self.text())
        except (yaml.YAMLError, _TooDeepError):
            # Of a file that somebody changed since.
            return None

    def at(
        self, path: KeyPath, rule: str, message: str, hint: str = "", *, key: bool = False, inside: str | None = None
    ) -> Diagnostic:
        """Return a finding about the value at `path`, its `key`, or the part `inside` its text."""
        line, column = self.position(path, key=key)
        source = self.lines[line - 1] if line <= len(self.lines) else ""
        if inside:
            found = source.find(inside, column - 1)
            column = found + 1 if found >= 0 else column
        return Diagnostic(self.file, line, column, rule, message, hint, source)

    def position(self, path: KeyPath, *, key: bool = False) -> tuple[int, int]:
        """Return line and column, from 1, of the value at `path` or of its key.

        Where the path leads beyond what is there, the position is that of its last part that is.
        """
        if key and len(path) == 1 and (place := self.places.get(str(path[0]))):
            return place
        node = self._root if path else None
        if node is None:
            return self.start
        mark = node.start_mark
        for index, step in enumerate(path):
            entry = _child(node, step)
            if entry is None:
                break
            key_node, node = entry
            last = index == len(path) - 1
            mark = key_node.start_mark if key and last and key_node is not None else node.start_mark
        return mark.line + 1, mark.column + 1

    def is_plain_scalar(self, path: KeyPath) -> str | None:
        """Return the text of the unquoted scalar at `path`, None for everything else."""
        node = self._root
        for step in path:
            entry = _child(node, step) if node is not None else None
            if entry is None:
                return None
            node = entry[1]
        return node.value if isinstance(node, ScalarNode) and not node.style else None


def remembered(document: Document, *, with_places: bool) -> str:
    """Return what a later run needs of a file without findings; `with_places` those of its keys, too."""
    places = document.places if with_places else None
    return json.dumps({"value": document.value, "start": document.start, "places": places})


def recalled(file: str, kept: str, path: Path) -> Document:
    """Return the file at `path` from what `remembered` made of it.

    Raises ValueError, KeyError or TypeError when it did not.
    """
    known = json.loads(kept)
    line, column = known["start"]
    found: dict[str, list[int]] = dict(known["places"] or {})
    places = {key: (line, column) for key, (line, column) in found.items()}
    return Document(file, known["value"], partial(_text_at, path), (line, column), places)


def _text_at(path: Path) -> str:
    try:
        return read_file(path).removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def read(root: Path, path: Path, *, integer_keys: bool = False) -> tuple[Document, list[Diagnostic]]:
    """Read one YAML file below `root`.

    With `integer_keys` the keys of the top mapping are integers, as text in the value. The document
    has the value None when nothing could be read.
    """
    file = path.relative_to(root).as_posix()
    try:
        data = read_file(path)
    except OSError as error:
        return Document(file, None), [Diagnostic(file, 1, 1, "unreadable", f"cannot be read: {error.strerror}")]
    return parse(file, data, integer_keys=integer_keys)


def parse(file: str, data: bytes, *, integer_keys: bool = False) -> tuple[Document, list[Diagnostic]]:
    """Parse the bytes of one YAML file; see `read`."""
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _line_and_column(error.object[: error.start].decode("utf-8"))
        message = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        return Document(file, None), [Diagnostic(file, line, column, "encoding", message, "save the file as UTF-8")]
    unread = Document(file, None, lambda: text)
    if left := conflicts(file, text):
        return unread, left
    try:
        root = _composed(text)
    except _TooDeepError as error:
        message = f"nested more than {_MAX_DEPTH} levels deep"
        return unread, [Diagnostic(file, error.line, error.column, "yaml-syntax", message)]
    except yaml.YAMLError as error:
        return unread, [_syntax_error(file, text, error)]
    if root is None or (isinstance(root, ScalarNode) and (not root.value or root.tag == _NULL)):
        return unread, [Diagnostic(file, 1, 1, "empty-file", "the file is empty", "fill it or delete it")]
    reader = _Reader(unread, integer_keys)
    value = reader.value(root, ())
    document = replace(unread, value=None if reader.stopped else value, start=_place(root), places=_places(root))
    return document, [*reader.findings, *_tags(unread, text)]


def conflicts(file: str, text: str) -> list[Diagnostic]:
    """Find what a merge left: each conflict by its first line, and markers that were overlooked by their own."""
    findings: list[Diagnostic] = []
    inside = False
    for match in _CONFLICT_MARKER.finditer(text):
        marker = match[0].rstrip("\r")
        opens, closes = marker.startswith("<"), marker.startswith(">")
        if opens or not inside:
            line = text.count("\n", 0, match.start()) + 1
            message = "a merge left a conflict here" if opens else "a merge left this line"
            hint = "keep what holds of both sides, and delete the lines with the markers"
            findings.append(Diagnostic(file, line, 1, "merge-conflict", message, hint, marker))
        inside = opens or (inside and not closes)
    return findings


def plain_as(text: str) -> str:
    """Return what YAML reads the plain scalar `text` as: `a number`, `true or false`, ..."""
    tag = _resolve(text)
    return _READ_AS.get(tag, "text")


class _Reader:
    """Turns nodes into plain values and collects what must not be in a spec."""

    def __init__(self, document: Document, integer_keys: bool) -> None:
        self.document = document
        self.integer_keys = integer_keys
        self.findings: list[Diagnostic] = []
        self._nodes = 0
        self._open: list[Node] = []
        self.stopped = False
        """Whether the value could not be read to its end."""

    def value(self, node: Node, path: KeyPath) -> object:
        self._nodes += 1
        if self.stopped:
            return None
        if self._nodes > _MAX_EXPANDED_NODES:
            outermost = self._open[min(1, len(self._open) - 1)]
            self._stop(outermost, "alias", "aliases expand to too many values", "write the values out")
            return None
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        if node in self._open:
            self._stop(node, "alias", "an alias inside its own anchor", "write the value out")
            return None
        if len(self._open) > _MAX_DEPTH:
            self._stop(node, "yaml-syntax", f"nested more than {_MAX_DEPTH} levels deep", "")
            return None
        self._open.append(node)
        try:
            if isinstance(node, SequenceNode):
                return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
            return dict(self._items(cast(MappingNode, node), path))
        finally:
            self._open.pop()

    def _items(self, node: MappingNode, path: KeyPath) -> Iterator[tuple[str, object]]:
        seen: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            if key is None:
                continue
            if key in seen:
                first = seen[key].start_mark.line + 1
                self._find(key_node, "duplicate-key", f"`{key}` stands twice in this mapping", f"first in line {first}")
                continue
            seen[key] = key_node
            yield key, self.value(value_node, (*path, key))

    def _key(self, node: Node, path: KeyPath) -> str | None:
        if not isinstance(node, ScalarNode):
            self._find(node, "key-type", "a key must be text")
            return None
        # Few different ones, which stand there once for all files.
        text = sys.intern(str(node.value))
        if node.tag == _STR:
            return text
        if self.integer_keys and not path and node.tag == _INT and _CANONICAL[node.tag].fullmatch(text):
            return text
        read_as = _READ_AS.get(node.tag)
        if read_as is None:
            # An explicit tag, which is told elsewhere.
            return text
        if node.tag == _MERGE:
            self._find(node, "key-type", "merge keys are not used in a spec", "write the fields out, or use $ref")
        elif self.integer_keys and not path and node.tag == _INT:
            self._find(node, "scalar", _accident(text, node.tag), "write the code in plain decimal")
            return text
        else:
            self._find(node, "key-type", f"the key `{text}` is read as {read_as}, not as text", f'quote it: "{text}"')
        return text

    def _scalar(self, node: ScalarNode, path: KeyPath) -> object:
        text = str(node.value)
        plain = not node.style
        implied = _resolve(text) if plain else _STR
        # A tag that was not implied stands there, which is told elsewhere.
        if implied == _STR or node.tag != implied:
            return text
        if implied == _TIMESTAMP:
            if path == ("date",):
                return text
            self._find(node, "scalar", f"`{text}` is read as a date", f'quote it: "{text}"')
            return text
        canonical = _CANONICAL.get(implied)
        if canonical is None or not canonical.fullmatch(text):
            hint = f'quote it if text is meant: "{_excerpt(text)}"'
            self._find(node, "scalar", _accident(text, implied), hint)
            return text
        value = _plain_value(implied, text) if len(text) <= _MAX_DIGITS else math.inf
        if value == math.inf or value == -math.inf:
            self._find(node, "scalar", "the number is too large", "quote it if text is meant")
            return text
        return value

    def _stop(self, node: Node, rule: str, message: str, hint: str) -> None:
        self.stopped = True
        self._find(node, rule, message, hint)

    def _find(self, node: Node, rule: str, message: str, hint: str = "") -> None:
        mark = node.start_mark
        lines = self.document.lines
        source = lines[mark.line] if mark.line < len(lines) else ""
        self.findings.append(
            Diagnostic(self.document.file, mark.line + 1, mark.column + 1, rule, message, hint, source)
        )


def _plain_value(tag: str, text: str) -> int | float | bool | None:
    """Return the value of a scalar in canonical form."""
    if tag == _INT:
        return int(text)
    if tag == _FLOAT:
        return float(text)
    return text == "true" if tag == _BOOL else None


def _accident(text: str, tag: str) -> str:
    if tag in (_INT, _BOOL) and len(text) <= _MAX_DIGITS:
        read = yaml.safe_load(text)
        return f"`{_excerpt(text)}` is read as {_excerpt(str(read).lower() if isinstance(read, bool) else str(read))}"
    return f"`{_excerpt(text)}` is read as {_READ_AS.get(tag, 'something else than text')}"


def _excerpt(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _places(root: Node) -> dict[str, tuple[int, int]]:
    """Return where the keys of a mapping stand, of two that are the same the first."""
    pairs = cast(list[tuple[Node, Node]], root.value) if isinstance(root, MappingNode) else []
    return {str(key.value): _place(key) for key, _ in reversed(pairs) if isinstance(key, ScalarNode)}


def _tags(document: Document, text: str) -> list[Diagnostic]:
    """Find every tag, those too that say what is so anyway: the nodes do not tell the latter."""
    if not _TAG_START.search(text):
        return []
    findings: list[Diagnostic] = []
    for event in yaml.parse(text, Loader=_Loader):
        tag, mark = getattr(event, "tag", None), event.start_mark
        if tag is not None and mark is not None:
            lines = document.lines
            source = lines[mark.line] if mark.line < len(lines) else ""
            message = f"the tag {tag.replace(_TAG, '!!')} is not used in a spec"
            findings.append(
                Diagnostic(document.file, mark.line + 1, mark.column + 1, "tag", message, "remove it", source)
            )
    return findings


def _child(node: Node, step: str | int) -> tuple[Node | None, Node] | None:
    if isinstance(node, MappingNode):
        for key_node, value_node in node.value:
            if isinstance(key_node, ScalarNode) and key_node.value == step:
                return key_node, value_node
    elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None


def _line_and_column(before: str) -> tuple[int, int]:
    """Return line and column of the character that follows the text `before`."""
    lines = f"{before}.".splitlines()
    return len(lines), len(lines[-1])


class _TooDeepError(Exception):
    """A text is nested too deeply to be composed, as this line and column show."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__()
        self.line = line
        self.column = column


def _composed(text: str) -> Node | None:
    """Return the nodes of a text. Raises YAMLError or _TooDeepError."""
    deep = _too_deep(text)
    if deep is not None:
        raise _TooDeepError(*deep)
    return yaml.compose(text, Loader=_Loader)


def _too_deep(text: str) -> tuple[int, int] | None:
    """Return line and column where `text` is nested too deeply to be composed, None when it nowhere is."""
    # Reading the events takes as long as composing, so texts that cannot be that deep are spared it.
    if sum(text.count(char) for char in "[{-?") <= _MAX_COMPOSED_DEPTH and len(text) < _MAX_COMPOSED_DEPTH**2 // 2:
        return None
    try:
        return _level_beyond(text)
    except yaml.MarkedYAMLError as error:
        # Some releases of libyaml stop at a depth of their own, ahead of the events that lead there.
        if "nesting depth" not in str(error.problem) or error.problem_mark is None:
            raise
        return _level_beyond(text[: error.problem_mark.index // 2])


def _level_beyond(text: str) -> tuple[int, int] | None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MAX_DEPTH and (mark := event.start_mark):
                return mark.line + 1, mark.column + 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


NO_COMMENT = "what begins with # is read as a comment"


def quoted(text: str) -> str:
    """Return what to do about a text that was read as a comment, which goes to the end of the line."""
    reference = re.match(r"#[^\s,}\]'\"]*", text)
    return f'quote it: "{reference[0] if reference else text}"'


# In brackets: elsewhere the rest of the line may be missing without a mistake of YAML's.
_REFERENCE = re.compile(r"[{\[].*\$ref:[ \t]+(?P<text>#/.*)")


def _unquoted_reference(file: str, lines: list[str], error: yaml.YAMLError) -> Diagnostic | None:
    """Find the reference whose missing quotes took the bracket behind it, which YAML tells of a later line."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    for number, source in enumerate(lines[: mark.line + 1 if mark else 0], 1):
        if found := _REFERENCE.search(source):
            column = found.start("text") + 1
            return Diagnostic(file, number, column, "yaml-syntax", NO_COMMENT, quoted(found["text"]), source)
    return None


# Characters that libyaml refuses; where it met one it tells in bytes, where PyYAML did in characters.
_FORBIDDEN = yaml.reader.Reader.NON_PRINTABLE


def _syntax_error(file: str, text: str, error: yaml.YAMLError) -> Diagnostic:
    lines = text.splitlines()
    if finding := _unquoted_reference(file, lines, error):
        return finding
    if isinstance(error, yaml.reader.ReaderError):
        found = _FORBIDDEN.search(text)
        line, column = _line_and_column(text[: found.start()]) if found else (1, 1)
        char = ord(found[0]) if found else error.character
        message = f"the character U+{char:04X} is not allowed"
        return Diagnostic(file, line, column, "yaml-syntax", message, "remove it, or write it as an escape", "")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    if line > len(lines) > 0:
        line, column = len(lines), len(lines[-1]) + 1
    source = lines[line - 1] if line <= len(lines) else ""
    problem = str(getattr(error, "problem", None) or error)
    hint = ""
    indent = source[: len(source) - len(source.lstrip())]
    if "\t" in indent:
        column = source.index("\t") + 1
        problem, hint = "a tab in the indentation", "indent with spaces"
    elif "\t" in source[column - 1 : column]:
        problem, hint = "a tab where YAML takes none", "use spaces"
    elif "mapping values are not allowed" in problem:
        hint = "quote the text when it contains a colon followed by a space"
    context = getattr(error, "context", None)
    message = problem if not context or hint else f"{context}, {problem}"
    return Diagnostic(file, line, column, "yaml-syntax", message, hint, source)
