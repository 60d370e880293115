"""What the parts of a page are about: which table describes which body, which sample shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from timgen.importing.page import Page, Place, Table, Text, plain
from timgen.importing.samples import SampleError, parse_objects
from timgen.language.schema import JsonValue

_REQUEST = re.compile(r"request|请求|запрос|リクエスト", re.IGNORECASE)
_RESPONSE = re.compile(r"respon|reply|return|应答|回复|响应|回包|返回|ответ|レスポンス", re.IGNORECASE)
_FREQUENCY = re.compile(r"frequency|rate limit|频率|частот", re.IGNORECASE)
_NAME = re.compile(
    r"(field|object|parameter|attribute|key|name|字段|参数|对象|属性|поле|параметр|объект)s?( ?names?|名|名称)?",
    re.IGNORECASE,
)
_TYPE = re.compile(r"(data |field )?type|(数据|字段)?类型|тип( данных)?|型", re.IGNORECASE)
_NECESSITY = re.compile(
    r"required|mandatory|attribute|property|necessity|是否必填|是否必选|必填|必选|属性|обязательн\w*( поле)?",
    re.IGNORECASE,
)
_DESCRIPTION = re.compile(r"description|meaning|remarks?|说明|描述|含义|备注|описание", re.IGNORECASE)
_CODE = re.compile(r"(error|return|result) ?codes?|codes?|错误码|返回码|код( ошибки)?", re.IGNORECASE)
_URL_COMMAND = re.compile(r"/v[0-9]+/([A-Za-z][A-Za-z0-9_]*)/([A-Za-z][A-Za-z0-9_]*)")
_HEADING = 60
"""Characters of a heading or caption; what is longer is prose, whose words say nothing about what follows."""
_WEBHOOK = re.compile(r"\b([A-Z][A-Za-z0-9]*(?:\.[A-Z][A-Za-z0-9]*)+)\b")


@dataclass(frozen=True)
class Row:
    """One field in a table."""

    name: str
    """As the table writes it: `MemberList[].Role`, `+ Role`."""
    types: str
    necessity: str | None
    """None where the table has no such column."""
    description: str
    line: int


@dataclass(frozen=True)
class FieldTable:
    rows: tuple[Row, ...]
    caption: str
    """What is written right above: a paragraph, else the heading."""


@dataclass(frozen=True)
class Sample:
    body: dict[str, JsonValue]
    label: str
    """What is written right above it."""


@dataclass(frozen=True)
class Sections:
    """A page, sorted."""

    request_tables: tuple[FieldTable, ...]
    response_tables: tuple[FieldTable, ...]
    requests: tuple[Sample, ...]
    responses: tuple[Sample, ...]
    codes: tuple[int, ...]
    """Error codes in the order of their table."""
    frequency: str
    """What the page says about the call frequency."""
    command: tuple[str, str] | None
    """Service and command in the URL that the page shows first."""
    callback: str | None
    """The webhook that the page is about, as its table of parameters or its sample says."""
    unread: tuple[tuple[int, str], ...]
    """Line and reason of each table and sample that is left out."""


def sort(page: Page) -> Sections:
    """Return the parts of `page` by what they are about."""
    tables: dict[str, list[FieldTable]] = {"request": [], "response": []}
    samples: dict[str, list[Sample]] = {"request": [], "response": []}
    unread: list[tuple[int, str]] = []
    callback = _callback(page)
    codes: list[int] = []
    for table in page.tables:
        codes += _error_codes(table)
        if field_table := _field_table(table):
            side = _side_of_table(table, is_webhook=callback is not None)
            if side:
                tables[side].append(field_table)
            else:
                unread.append((table.place.line, "the table is left out: no heading says which body it describes"))
    for code in page.codes:
        if code.text.lstrip()[:1] not in ("{", "/", "#") or "{" not in code.text:
            continue
        try:
            bodies = parse_objects(code.text)
        except SampleError as error:
            if code.text.lstrip().startswith("{"):
                unread.append((code.place.line, f"the sample is left out: {error}"))
            continue
        for body in bodies:
            side = _side_of_sample(code.place, body)
            if side:
                samples[side].append(Sample(body, code.place.caption))
            else:
                unread.append((code.place.line, "the sample is left out: no heading says which body it shows"))
    return Sections(
        tuple(tables["request"]),
        tuple(tables["response"]),
        tuple(samples["request"]),
        tuple(samples["response"]),
        tuple(dict.fromkeys(codes)),
        " ".join(_frequency(page)),
        _url_command(page),
        callback,
        tuple(unread),
    )


def _side(place: Place) -> str | None:
    """Return which body a place is about, as the innermost words that say so: request or response."""
    # Headings decide before the caption: `Response to a batch request` also stands above requests.
    for words in (*reversed(place.headings), place.caption):
        request, response = bool(_REQUEST.search(words)), bool(_RESPONSE.search(words))
        if request != response and len(words) < _HEADING:
            return "request" if request else "response"
    return None


def _side_of_table(table: Table, *, is_webhook: bool) -> str | None:
    """Return which body a table describes, None when nothing says so."""
    has_necessity = any(_NECESSITY.fullmatch(cell) for cell in table.header)
    return _side(table.place) or ("request" if has_necessity or is_webhook else None)


def _side_of_sample(place: Place, body: dict[str, JsonValue]) -> str | None:
    if body.get("ActionStatus") in ("OK", "FAIL") or {"ErrorCode", "ErrorInfo"} <= body.keys():
        return "response"
    if "CallbackCommand" in body:
        return "request"
    return _side(place)


def _field_table(table: Table) -> FieldTable | None:
    columns = {
        kind: index
        for kind, pattern in (
            ("description", _DESCRIPTION),
            ("necessity", _NECESSITY),
            ("type", _TYPE),
            ("name", _NAME),
        )
        for index, cell in reversed(tuple(enumerate(table.header)))
        if pattern.fullmatch(cell)
    }
    if "name" not in columns or "type" not in columns:
        return None
    if columns.get("necessity") == columns["name"]:
        del columns["necessity"]
    rows = [
        Row(
            row[columns["name"]],
            plain(row[columns["type"]]),
            plain(row[columns["necessity"]]) if "necessity" in columns else None,
            row[columns["description"]] if "description" in columns else row[-1],
            table.place.line + number,
        )
        for number, row in enumerate(table.rows, 2)
        if plain(row[columns["name"]])
    ]
    caption = table.place.caption or next(reversed(table.place.headings), "")
    return FieldTable(tuple(rows), caption) if rows else None


def _error_codes(table: Table) -> Iterator[int]:
    if not table.header or not _CODE.fullmatch(table.header[0]):
        return
    for row in table.rows:
        for text in re.split(r"[\s,/、，]+", plain(row[0])):
            if re.fullmatch(r"-?[1-9][0-9]{1,8}", text):
                yield int(text)


def _frequency(page: Page) -> Iterator[str]:
    for block in page.blocks:
        if isinstance(block, Text) and block.place.headings and _FREQUENCY.search(block.place.headings[-1]):
            yield block.text


def _url_command(page: Page) -> tuple[str, str] | None:
    texts = [code.text for code in page.codes]
    texts += [plain(cell) for table in page.tables for row in table.rows for cell in row[:1]]
    texts += [block.text for block in page.blocks if isinstance(block, Text)]
    for text in texts:
        if match := _URL_COMMAND.search(f"/{text}"):
            return match[1], match[2]
    return None


def _callback(page: Page) -> str | None:
    for table in page.tables:
        for row in table.rows:
            if plain(row[0]) == "CallbackCommand" and (match := _WEBHOOK.search(plain(" ".join(row[1:])))):
                return match[1]
    for code in page.codes:
        if match := re.search(r"\"CallbackCommand\"\s*:\s*\"([A-Za-z0-9.]+)\"", code.text):
            return match[1]
    return None
