"""Categories of gifts: add, change, delete, look up, what is in them, names in languages."""

from __future__ import annotations

from typing import Any

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.rooms.gifts import GiftCategory
from ..lookup import INVALID
from .texts import category_of, in_all_languages, set_text, text_of

_TOO_MANY = 102007
_MOST_CATEGORIES = 3
_FIELDS = ("ExtensionInfo", "DefaultName", "DefaultDesc")


@behaviour(
    "live_engine_http_srv/add_gift_category",
    guesses=(
        "A fourth category is answered with 102007.",
        "An ID that is taken is answered with 100002.",
    ),
)
def add_gift_category(call: Context) -> Answer:
    category_id, categories = call.body["CategoryId"], call.memory.gifts.categories
    if category_id in categories:
        raise Refused(INVALID, f"There is a category {category_id} already.")
    if len(categories) >= _MOST_CATEGORIES:
        raise Refused(_TOO_MANY)
    profile = {name: call.body.get(name, "") for name in _FIELDS}
    categories[category_id] = GiftCategory(category_id, profile)
    return {}


@behaviour(
    "live_engine_http_srv/edit_gift_category",
    guesses=(
        "A field that is left out stays as it is.",
        "A category that does not exist is answered with 102005, in all commands but del_gift_category.",
    ),
)
def edit_gift_category(call: Context) -> Answer:
    given = {name: call.body[name] for name in _FIELDS if name in call.body}
    category_of(call).profile |= given
    return {}


@behaviour(
    "live_engine_http_srv/del_gift_category",
    guesses=("A category that does not exist is no error. The gifts stay.",),
)
def del_gift_category(call: Context) -> Answer:
    call.memory.gifts.categories.pop(call.body["CategoryId"], None)
    return {}


@behaviour("live_engine_http_srv/get_gift_category", reads=True)
def get_gift_category(call: Context) -> Answer:
    category = category_of(call)
    return {
        "GiftCategoryInfo": {"CategoryId": category.id, **category.profile},
        "Response": {"Category": as_clients_read_it(category)},
    }


@behaviour("live_engine_http_srv/add_gift_category_relations")
def add_gift_category_relations(call: Context) -> Answer:
    category, gifts = category_of(call), call.memory.gifts.gifts
    wanted = dict.fromkeys(call.body["GiftIdList"])
    category.gifts |= {gift_id: None for gift_id in wanted if gift_id in gifts}
    unknown = [gift_id for gift_id in wanted if gift_id not in gifts]
    return {"InvalidGiftIdList": unknown} if unknown else {}


@behaviour(
    "live_engine_http_srv/del_gift_category_relations",
    guesses=("A gift that is not in the category is no error.",),
)
def del_gift_category_relations(call: Context) -> Answer:
    category = category_of(call)
    for gift_id in call.body["GiftIdList"]:
        category.gifts.pop(gift_id, None)
    return {}


@behaviour("live_engine_http_srv/set_gift_category_language")
def set_gift_category_language(call: Context) -> Answer:
    set_text(call, category_of(call).texts, "CategoryName", "CategoryDesc")
    return {}


@behaviour("live_engine_http_srv/get_gift_category_language", reads=True)
def get_gift_category_language(call: Context) -> Answer:
    text = text_of(call, category_of(call).texts)
    return {"CategoryInfo": text, "Response": {"Language": text}}


@behaviour(
    "live_engine_http_srv/del_gift_category_language",
    guesses=("A language without texts is no error.",),
)
def del_gift_category_language(call: Context) -> Answer:
    category_of(call).texts.pop(call.body["Language"], None)
    return {}


def as_clients_read_it(category: GiftCategory) -> dict[str, Any]:
    """Return a category with what is in it, as the vendor's client reads it."""
    return {
        "CategoryId": category.id,
        "CategoryName": category.profile["DefaultName"],
        "CategoryDesc": category.profile["DefaultDesc"],
        "GiftIdList": list(category.gifts),
        "LanguageList": in_all_languages(category.texts),
    }
