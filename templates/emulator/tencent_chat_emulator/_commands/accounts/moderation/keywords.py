"""Blocked words: libraries of cloud moderation, and the words of local moderation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.settings import Library, LocalWord, Word

T = TypeVar("T")

_INVALID = 2003
_REGULAR_EXPRESSION = 2
_DEFAULT_LABEL = "Illegal"


@behaviour(
    "im_msg_audit_mgr/get_cloud_audit_keywords_ids",
    reads=True,
    guesses=(
        "An app has one library from the start, whose words lead to Block.",
        "Times are in UTC.",
    ),
)
def get_cloud_audit_keywords_ids(call: Context) -> Answer:
    libraries = list(call.memory.settings.libraries.values())
    return {
        "TotalCount": len(libraries),
        "Infos": [
            {
                "ID": library.id,
                "LibName": library.name,
                "Describe": library.description,
                "CreateTime": _time(library.created),
                "Suggestion": library.suggestion,
            }
            for library in _page(call, libraries)
        ],
    }


@behaviour(
    "im_msg_audit_mgr/add_cloud_audit_keywords",
    guesses=(
        "A library that does not exist gets 2003, here and in the other commands.",
        "A word without Label counts as Illegal; one that is there already takes the new Label.",
    ),
)
def add_cloud_audit_keywords(call: Context) -> Answer:
    library = _library(call)
    for item in call.body["UserKeywords"]:
        content, label = item["Content"], item.get("Label", _DEFAULT_LABEL)
        if content in library.words:
            library.words[content].label = label
        else:
            library.words[content] = Word(str(_next_id(call)), content, label, call.now)
    return {}


@behaviour("im_msg_audit_mgr/get_cloud_audit_keywords", reads=True)
def get_cloud_audit_keywords(call: Context) -> Answer:
    library, text = _library(call), call.body.get("Content", "")
    words = [word for word in library.words.values() if text in word.content]
    return {
        "TotalCount": len(words),
        "Infos": [
            {
                "ID": word.id,
                "Content": word.content,
                "CreateTime": _time(word.added),
                "LibName": library.name,
                "Describe": library.description,
                "Suggestion": library.suggestion,
            }
            for word in _page(call, words)
        ],
    }


@behaviour(
    "im_msg_audit_mgr/delete_cloud_audit_keywords",
    guesses=("Count is the number of words that were deleted.",),
)
def delete_cloud_audit_keywords(call: Context) -> Answer:
    library = _library(call)
    details = [_delete(library, content) for content in call.body["Keywords"]]
    return {"Details": details, "Count": sum(detail["Deleted"] for detail in details)}


@behaviour(
    "im_msg_audit_mgr/add_local_audit_keywords",
    guesses=(
        "Without WordType a word is a plain one, without FilterType it is replaced.",
        "A word without Keyword, and a regular expression that is none, get 2003.",
        "A word that is there already, with the same WordType, is changed.",
    ),
)
def add_local_audit_keywords(call: Context) -> Answer:
    items = call.body["LocalAuditWords"]
    for item in items:
        _check_local(item)
    words = call.memory.settings.local_words
    for item in items:
        kind = item.get("WordType", 1)
        known = [
            word for word in words if (word.keyword, word.word_type) == (item["Keyword"], kind)
        ]
        word = known[0] if known else LocalWord(_next_id(call), item["Keyword"], kind)
        word.filter_type = item.get("FilterType", 1)
        word.replacement = item.get("ReplacedContent", "")
        word.changed = call.now
        if not known:
            words.append(word)
    return {}


@behaviour(
    "im_msg_audit_mgr/delete_local_audit_keywords",
    guesses=(
        "Words go whose Id, Keyword, WordType and FilterType are those of an item, as far as it names them.",
        "An item with neither Id nor Keyword gets 2003.",
    ),
)
def delete_local_audit_keywords(call: Context) -> Answer:
    items = call.body["LocalAuditWords"]
    if not all("Id" in item or "Keyword" in item for item in items):
        raise Refused(_INVALID, "LocalAuditWords: Keyword or Id is missing.")
    settings = call.memory.settings
    settings.local_words = [
        word for word in settings.local_words if not any(_is_meant(word, item) for item in items)
    ]
    return {}


@behaviour(
    "im_msg_audit_mgr/get_local_audit_keywords",
    reads=True,
    guesses=("Without Limit at most 100 words come.",),
)
def get_local_audit_keywords(call: Context) -> Answer:
    words, text = call.memory.settings.local_words, call.body.get("Keyword", "")
    treatment = call.body.get("FilterType")
    found = [
        word for word in words if text in word.keyword and treatment in (None, word.filter_type)
    ]
    return {
        "LocalAuditWords": [
            {
                "Keyword": word.keyword,
                "WordType": word.word_type,
                "FilterType": word.filter_type,
                "Id": word.id,
                "ReplacedContent": word.replacement,
                "UpdateTime": _time(word.changed),
            }
            for word in _page(call, found)
        ],
        "TotalCount": len(words),
        "TotalRegCount": _count_regular_expressions(words),
        "CurCount": len(found),
        "CurRegCount": _count_regular_expressions(found),
    }


def _library(call: Context) -> Library:
    library = call.memory.settings.libraries.get(call.body["LibID"])
    if library is None:
        raise Refused(_INVALID, f"There is no library {call.body['LibID']}.")
    return library


def _page(call: Context, items: Sequence[T]) -> Sequence[T]:
    offset, limit = call.body.get("Offset", 0), call.body.get("Limit", 100)
    if offset < 0 or limit < 1:
        raise Refused(_INVALID, "Offset must be at least 0, Limit at least 1.")
    return items[offset : offset + limit]


def _delete(library: Library, content: str) -> dict[str, Any]:
    word = library.words.pop(content, None)
    return {
        "KeywordID": word.id if word else "",
        "Keyword": content,
        "Deleted": word is not None,
        "ErrorInfo": "" if word else "keyword not found",
    }


def _check_local(item: Mapping[str, Any]) -> None:
    if not item.get("Keyword"):
        raise Refused(_INVALID, "LocalAuditWords: Keyword is missing.")
    if item.get("WordType") == _REGULAR_EXPRESSION:
        try:
            re.compile(item["Keyword"])
        except re.error as error:
            raise Refused(
                _INVALID, f"LocalAuditWords: Keyword is no regular expression: {error}."
            ) from None


def _is_meant(word: LocalWord, item: Mapping[str, Any]) -> bool:
    values = {
        "Id": word.id,
        "Keyword": word.keyword,
        "WordType": word.word_type,
        "FilterType": word.filter_type,
    }
    return all(item[field] == value for field, value in values.items() if field in item)


def _count_regular_expressions(words: Sequence[LocalWord]) -> int:
    return sum(word.word_type == _REGULAR_EXPRESSION for word in words)


def _next_id(call: Context) -> int:
    call.memory.settings.last_word += 1
    return call.memory.settings.last_word


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
