"""Facts in the words of a page: types, whether a field is required, limits, call frequencies, dates.

Only what can be meant in one way is taken; everything else is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from timgen.language.schema import JsonValue
from timgen.language.todo import TODO

UINT32_MAX = 4294967295

_TYPE_WORDS = {
    "string": "string str text char varchar bytes byte 字符串 строка string64",
    "integer": (
        "integer int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uint8_t uint16_t uint32_t uint64_t "
        "int32_t int64_t long short unsigned 整型 整数 整形 целое timestamp enum"
    ),
    "number": "number float double decimal 数字 浮点 浮点数 число",
    "boolean": "boolean bool 布尔 布尔值 логический булево",
    "object": "object struct structure map dict json jsonobject 对象 结构体 объект структура",
    "array": "array list repeated slice vector 数组 列表 массив список",
}
_TYPES = {word: name for name, words in _TYPE_WORDS.items() for word in words.split()}
_LIST_OF = re.compile(
    r"(?:array|list|slice|数组|массив|список)\s*(?:<|of\b|\[|\(|:)\s*([^>\])]*)[>\])]*|(.+?)\s*(?:\[\s*\]|数组)"
)
_OBJECT_ARRAY = re.compile(r"(\w+)\s+(?:array|list|массив)")

_REQUIRED = re.compile(r"(yes|y|true|required|mandatory|must|m|是|必填|必选|да|обязательно|обязательный|обязательное)")
_CONDITION = re.compile(
    r"(?:yes|required|mandatory|conditional|是|必填|必选|да|обязательн\w*)[\s,;:(（]+\S.*|条件必填", re.DOTALL
)

_NUMBER = r"([0-9][0-9,]*)"
_AT_MOST = (
    r"(?:up to|at most|no more than|not more than|cannot \w+ more than|(?:can)?not exceed|within"
    r"|max(?:imum)?\.?"
    r"(?: \w+){0,2}?(?: of| is|:)?|最多|最大|最长|不超过|不能超过|不得超过|上限为?|\bдо\b|не более|максимум)"
)
_BYTES = re.compile(rf"{_AT_MOST}[^.;。；0-9]{{0,25}}?{_NUMBER}\s*(?:-?bytes?\b|B\b|个?字节|байт)", re.IGNORECASE)
_CHARACTERS = re.compile(
    rf"{_AT_MOST}[^.;。；0-9]{{0,25}}?{_NUMBER}\s*(?:-?char(?:acter)?s?\b|个?字符|символ)", re.IGNORECASE
)
_COUNT = re.compile(
    rf"{_AT_MOST}[^.;。；0-9]{{0,12}}?{_NUMBER}(?![0-9.%])(?!\s*(?:-?bytes?\b|B\b|KB|MB|char|seconds?\b|s\b|ms\b|minutes?"
    r"|hours?|days?|times|calls|/|per (?:second|minute|hour|day)|个?字节|个?字符|байт|символ|секунд|дней))",
    re.IGNORECASE,
)
_COUNT_RANGE = re.compile(r"(?<![0-9.])1\s*(?:-|–|—|~|to)\s*([0-9]+)(?![0-9.]| ?%)")
_RANGE = re.compile(
    r"(?:range|between|from|取值范围|取值|диапазон|\bот\b|\[)[^0-9.;。；]{0,20}(-?[0-9]+)\s*"
    r"(?:-|–|—|~|～|to|and|,|至|到|до)\s*([0-9]{1,20})",
    re.IGNORECASE,
)
_UINT32_RANGE = re.compile(rf"(?<![0-9])0\s*(?:-|–|—|~|～|to|and|,|至|到)\s*{UINT32_MAX}")
_UINT32 = re.compile(
    r"\buint32|32[- ]?bit(?: \w+){0,2} unsigned|unsigned 32[- ]?bit|32[- ]?bit random|random 32[- ]?bit"
    r"|32\s*位(?:的)?(?:无符号|随机)|无符号\s*32\s*位|32-битное беззнаковое",
    re.IGNORECASE,
)
_RANDOM = re.compile(r"random|随机|случайн", re.IGNORECASE)
_MILLISECONDS = re.compile(r"millisecond|\bms\b|毫秒|миллисекунд", re.IGNORECASE)
_SECONDS = re.compile(
    r"in seconds|in the unit of seconds?|unit: ?seconds?|\(s\)|（秒）|unix seconds|单位：?秒|в секундах"
    r"|timestamp[^.]{0,20}\bseconds?\b",
    re.IGNORECASE,
)

_PERIODS = {
    "second": r"seconds?\b|sec\b|s\b|秒|секунд\w*|сек\b|с\b",
    "minute": r"minutes?\b|min\b|分钟|минут\w*",
    "hour": r"hours?\b|h\b|小时|час\w*",
    "day": r"days?\b|d\b|天|日|сутки|день|дня",
}
_PER = "|".join(f"(?P<{name}>{words})" for name, words in _PERIODS.items())
_CALLS = r"(?:\s*(?:api\s+)?(?:calls?|times?|requests?|invocations?|pushes|次|раза?|вызов\w*|запрос\w*))?"
_RATE = re.compile(
    rf"(?<![0-9.])(?P<calls>[0-9][0-9,]*){_CALLS}\s*(?:/|per|each|every|a|in one|в)\s*(?:1\s*)?(?:{_PER})"
    r"(?!\s*(?:per|for each|/)\b)",
    re.IGNORECASE,
)
_RATE_REVERSED = re.compile(rf"每(?:{_PER})\D{{0,6}}(?P<calls>[0-9]+)\s*次")
_PLAN = re.compile(r"([A-Za-z]+(?: [A-Za-z]+)?) (?:edition|plan|version|package)s?\W*$", re.IGNORECASE)
_DATE = re.compile(r"(?<![0-9])(20[0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?![0-9])")
_STATUS_CODE = re.compile(
    r"`?(?<![0-9.\[])(-?[0-9]{1,6})`?\s*(?:[:：=]|means?\b|indicates?\b|(?:allow|reject|refuse|discard|drop)s?\b|表示|—|–|-\s)"
)
_CODE_RANGE = re.compile(r"[\[(（]\s*([0-9]{3,7})\s*(?:,|-|–|~|to)\s*([0-9]{3,7})\s*[\])）]")
_VALUE = re.compile(
    r"(?:^|(?<=[\s.;,，；。、`(（-]))([0-9]{1,6})`?\s*(?:\(default\)\s*)?(?:[:：](?![0-9/])|means?\b|indicates?\b|表示)"
)
_BITS = re.compile(r"\bbits?\b|位|error code|错误码|бит", re.IGNORECASE)


@dataclass(frozen=True)
class TypeWords:
    """What a table says about a field's type."""

    names: tuple[str, ...]
    """JSON Schema types; empty when the words are not understood."""
    items: tuple[str, ...] = ()
    """Types of a list's items, as far as the words name them."""


def types_of(words: str) -> TypeWords:
    """Return what `Array<String>`, `uint32/string`, `Object Array`, `字符串` and the like mean."""
    text = words.strip().strip("`").lower()
    if match := _LIST_OF.fullmatch(text) or _OBJECT_ARRAY.fullmatch(text):
        inner = types_of(next((group for group in match.groups() if group), ""))
        return TypeWords(("array",), inner.names)
    found = (_TYPES.get(part.strip()) for part in re.split(r"[/|,、或]| or | или ", text))
    names = tuple(dict.fromkeys(name for name in found if name))
    if "number" in names:
        names = tuple(name for name in names if name != "integer")
    return TypeWords(names)


def is_required(words: str) -> bool:
    """Whether a table's cell makes a field required in every case."""
    return bool(_REQUIRED.fullmatch(words.strip().strip("`.").lower()))


def is_conditional(words: str) -> bool:
    """Whether a table's cell makes a field required in some cases only."""
    return bool(_CONDITION.fullmatch(words.strip().lower()))


def limits_of(text: str, types: tuple[str, ...]) -> dict[str, JsonValue]:
    """Return the keys of a request field's schema for the limits that its description names.

    A key is there only when the text has exactly one number for it.
    """
    limits: dict[str, JsonValue] = {}
    if types == ("string",):
        _put(limits, "x-max-bytes", _numbers(_BYTES, text))
        if not limits:
            _put(limits, "maxLength", _numbers(_CHARACTERS, text))
    elif types == ("array",):
        _put(limits, "maxItems", _numbers(_COUNT, text) | _numbers(_COUNT_RANGE, text))
    elif types == ("integer",):
        ranges = {(int(match[1]), int(match[2])) for match in _RANGE.finditer(text)}
        if _UINT32.search(text) or _UINT32_RANGE.search(text):
            ranges = {(0, UINT32_MAX)}
        if len(ranges) == 1:
            low, high = ranges.pop()
            if low < high:
                limits["minimum"], limits["maximum"] = low, high
    return limits


def unit_of(text: str) -> str | None:
    """Return the unit of a number that its description names: seconds or milliseconds."""
    if _MILLISECONDS.search(text):
        return None if _SECONDS.search(text) else "milliseconds"
    return "seconds" if _SECONDS.search(text) else None


def names_random(text: str) -> bool:
    return bool(_RANDOM.search(text))


def values_of(text: str) -> list[int]:
    """Return the whole numbers that a description explains one by one, when there are several."""
    if _BITS.search(text):
        return []
    values = list(dict.fromkeys(int(match[1]) for match in _VALUE.finditer(text)))
    return sorted(values) if len(values) > 1 else []


def rate_limit_of(text: str) -> JsonValue:
    """Return the spec's `rate_limit` for a section about the call frequency.

    None when it names no frequency; the mark when it names several that nothing tells apart.
    """
    found: list[tuple[int, str, str]] = []
    for pattern in (_RATE, _RATE_REVERSED):
        for match in pattern.finditer(text):
            calls = int(match["calls"].replace(",", ""))
            per = next(name for name in _PERIODS if match[name])
            plan = _PLAN.search(text, max(0, match.start() - 40), match.start())
            if calls:
                found.append((calls, per, plan[1].lower() if plan else ""))
    pairs = {(calls, per) for calls, per, _ in found}
    if not pairs:
        return None
    if len(pairs) == 1:
        calls, per = pairs.pop()
        return calls if per == "second" else {"calls": calls, "per": per}
    if all(plan for _, _, plan in found):
        return [{"calls": calls, "per": per, "plan": plan} for calls, per, plan in dict.fromkeys(found)]
    return f"{TODO}: which of the page's frequencies"


def date_of(text: str) -> str | None:
    """Return the first full date in `text`."""
    match = _DATE.search(text)
    return match[0] if match else None


def reply_codes_of(text: str) -> Iterator[dict[str, JsonValue]]:
    """Yield code or range of the codes that a webhook's reply may carry, as its description names them."""
    for code in dict.fromkeys(int(match[1]) for match in _STATUS_CODE.finditer(text)):
        yield {"code": code}
    for low, high in dict.fromkeys((int(match[1]), int(match[2])) for match in _CODE_RANGE.finditer(text)):
        if low < high:
            yield {"from": low, "to": high}


def _put(limits: dict[str, JsonValue], key: str, numbers: set[int]) -> None:
    if len(numbers) == 1 and (number := numbers.pop()) > 0:
        limits[key] = number


def _numbers(pattern: re.Pattern[str], text: str) -> set[int]:
    return {int(match[1].replace(",", "")) for match in pattern.finditer(text)}
