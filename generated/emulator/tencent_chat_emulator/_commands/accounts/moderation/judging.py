"""Content that the app's backend has judged, by the blocked words of cloud moderation."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.settings import Library, Word

_ONLY_TEXTS_AND_IMAGES, _SAME_ID = 93005, 93007
_SEVERITY = ("Pass", "Review", "Block")
_SCORES = {"Pass": 0, "Review": 60, "Block": 100}


@behaviour(
    "im_msg_audit/content_moderation",
    guesses=(
        "Texts are judged by the words of all libraries, in any case; images, audio and video pass.",
        "What a library suggests decides, the strictest of several; Block scores 100, Review 60.",
        "Words with several labels give Composite.",
        "For audio and video ContentCallback.ResultNotify is sent at once.",
    ),
)
def content_moderation(call: Context) -> Answer:
    request_id, kind = _request_id(call), call.body["ContentType"]
    if kind in ("Audio", "Video"):
        _notify(call, request_id)
        return {"RequestId": request_id}
    return {"RequestId": request_id, **_judged(call, kind, call.body["Content"])}


@behaviour("im_msg_audit/batch_content_moderation")
def batch_content_moderation(call: Context) -> Answer:
    contents = call.body["Contents"]
    if len({item["ContentId"] for item in contents}) < len(contents):
        raise Refused(_SAME_ID)
    if any(item["ContentType"] not in ("Text", "Image") for item in contents):
        raise Refused(_ONLY_TEXTS_AND_IMAGES)
    return {
        "AuditResults": [
            {
                "ErrorCode": 0,
                "ErrorInfo": "",
                "ContentId": item["ContentId"],
                **_judged(call, item["ContentType"], item["Content"]),
                "SubLabel": "",
                "RequestId": _request_id(call),
            }
            for item in contents
        ]
    }


def _judged(call: Context, kind: str, content: str) -> Answer:
    found = _found(call, content) if kind == "Text" else []
    verdict = max((library.suggestion for library, _ in found), key=_severity, default="Pass")
    labels = {word.label for _, word in found} or {"Normal"}
    return {
        "Result": verdict,
        "Score": _SCORES.get(verdict, 0),
        "Label": labels.pop() if len(labels) == 1 else "Composite",
        "Keywords": list(dict.fromkeys(word.content for _, word in found)),
    }


def _found(call: Context, text: str) -> list[tuple[Library, Word]]:
    folded = text.casefold()
    return [
        (library, word)
        for library in call.memory.settings.libraries.values()
        for word in library.words.values()
        if word.content.casefold() in folded
    ]


def _severity(suggestion: str) -> int:
    return _SEVERITY.index(suggestion) if suggestion in _SEVERITY else 0


def _request_id(call: Context) -> str:
    digits = f"{call.memory.ids.number(64):016x}{call.memory.ids.number(64):016x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _notify(call: Context, request_id: str) -> None:
    call.after(
        "ContentCallback.ResultNotify",
        {
            "Scene": call.body["AuditName"],
            "ContentType": call.body["ContentType"],
            "FileURL": call.body["Content"],
            "CtxcbResult": 0,
            "CtxcbRequestId": request_id,
            "CtxcbKeywords": [],
            "CtxcbSuggestion": "Normal",
            "CtxcbLabel": "Normal",
            "CloudCustomData": "",
        },
    )
