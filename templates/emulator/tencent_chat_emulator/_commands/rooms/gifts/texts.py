"""What gifts and their categories are called in a language; and both, if they exist."""

from __future__ import annotations

from ...._core.context import Context, Refused
from ...._memory.rooms.gifts import Gift, GiftCategory
from ..lookup import INVALID

GIFT_NOT_FOUND, CONFIG_NOT_FOUND = 102002, 102005

Texts = dict[str, dict[str, str]]
"""Texts by name of the field, by language."""


def gift_of(call: Context) -> Gift:
    """Return the gift that GiftId names. Refused with 102002."""
    gift = call.memory.gifts.gifts.get(call.body["GiftId"])
    if gift is None:
        raise Refused(GIFT_NOT_FOUND)
    return gift


def category_of(call: Context) -> GiftCategory:
    """Return the category that CategoryId names. Refused with 102005."""
    category = call.memory.gifts.categories.get(call.body["CategoryId"])
    if category is None:
        raise Refused(CONFIG_NOT_FOUND)
    return category


def set_text(call: Context, texts: Texts, name: str, description: str) -> None:
    """Set the fields called `name` and `description` that the call has. Refused with 100002 without a first name."""
    body = call.body
    text = texts.get(body["Language"], {description: ""})
    text = text | {field: body[field] for field in (name, description) if field in body}
    if name not in text:
        raise Refused(INVALID, f"{name} is needed the first time.")
    texts[body["Language"]] = text


def text_of(call: Context, texts: Texts) -> dict[str, str]:
    """Return the texts in the language that the call names. Refused with 102005 where there are none."""
    text = texts.get(call.body["Language"])
    if text is None:
        raise Refused(CONFIG_NOT_FOUND)
    return dict(text)


def in_all_languages(texts: Texts) -> list[dict[str, str]]:
    """Return the texts as lists show them."""
    return [{**text, "Language": language} for language, text in texts.items()]
