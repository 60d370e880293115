"""Gifts: add, change, delete, look up, list, names in languages, and the vendor's default gifts."""

from __future__ import annotations

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context, Refused
from ...._memory.rooms.gifts import Gift, GiftCategory
from ..lookup import INVALID
from .categories import as_clients_read_it
from .texts import gift_of, in_all_languages, set_text, text_of

_EXISTS = 102010
_FIELDS = (
    "IconUrl",
    "ResourceUrl",
    "Coins",
    "Level",
    "ExtensionInfo",
    "DefaultName",
    "DefaultDesc",
)
_DEFAULTS = dict.fromkeys(_FIELDS, "") | {"Coins": 0, "Level": 0}
_DEFAULT_CATEGORIES = {
    "popular": ("Rose", "Heart", "Coffee", "Applause", "Star"),
    "festive": ("Cake", "Balloon", "Lantern", "Fireworks", "Crown"),
    "luxury": ("Sports car", "Yacht", "Castle", "Airplane", "Rocket"),
}


@behaviour(
    "live_engine_http_srv/add_gift",
    guesses=(
        "An ID that is taken is answered with 100002.",
        "The app's package includes gifts, any number of them (102001, 102006).",
    ),
)
def add_gift(call: Context) -> Answer:
    gift_id, gifts = call.body["GiftId"], call.memory.gifts.gifts
    if gift_id in gifts:
        raise Refused(INVALID, f"There is a gift {gift_id} already.")
    gifts[gift_id] = Gift(gift_id, call.now, {**_DEFAULTS, **_given(call)})
    return {}


@behaviour(
    "live_engine_http_srv/edit_gift",
    guesses=(
        "A field that is left out stays as it is.",
        "A gift that does not exist is answered with 102002, in all commands of gifts.",
    ),
)
def edit_gift(call: Context) -> Answer:
    gift_of(call).profile |= _given(call)
    return {}


@behaviour("live_engine_http_srv/del_gift")
def del_gift(call: Context) -> Answer:
    gift_id = gift_of(call).id
    del call.memory.gifts.gifts[gift_id]
    for category in call.memory.gifts.categories.values():
        category.gifts.pop(gift_id, None)
    return {}


@behaviour("live_engine_http_srv/get_gift", reads=True)
def get_gift(call: Context) -> Answer:
    gift = gift_of(call)
    return {"GiftInfo": {"GiftId": gift.id, **gift.profile}}


@behaviour("live_engine_http_srv/get_gift_info_list", reads=True)
def get_gift_info_list(call: Context) -> Answer:
    gifts = call.memory.gifts
    listed = [
        {
            "GiftId": gift.id,
            "Name": gift.profile["DefaultName"],
            "Desc": gift.profile["DefaultDesc"],
            **{name: gift.profile[name] for name in ("IconUrl", "ResourceUrl", "Coins", "Level")},
            "CreateTime": gift.created,
            "LanguageList": in_all_languages(gift.texts),
        }
        for gift in gifts.gifts.values()
    ]
    categories = [as_clients_read_it(category) for category in gifts.categories.values()]
    return {"Response": {"GiftList": listed, "CategoryList": categories, "TotalCount": len(listed)}}


@behaviour("live_engine_http_srv/set_gift_language")
def set_gift_language(call: Context) -> Answer:
    set_text(call, gift_of(call).texts, "Name", "Desc")
    return {}


@behaviour(
    "live_engine_http_srv/get_gift_language",
    reads=True,
    guesses=(
        "A language without texts is answered with 102005.",
        "The answer has what the page names and what the vendor's client reads, here and for categories.",
    ),
)
def get_gift_language(call: Context) -> Answer:
    text = text_of(call, gift_of(call).texts)
    return {"GiftInfo": text, "Response": {"Language": text}}


@behaviour(
    "live_engine_http_srv/del_gift_language",
    guesses=("A language without texts is no error.",),
)
def del_gift_language(call: Context) -> Answer:
    gift_of(call).texts.pop(call.body["Language"], None)
    return {}


@behaviour(
    "live_engine_http_srv/copy_default_gift_config",
    guesses=("What the default gifts are called and cost is made up.",),
)
def copy_default_gift_config(call: Context) -> Answer:
    gifts = call.memory.gifts
    if gifts.gifts or gifts.categories:
        raise Refused(_EXISTS)
    for category_id, names in _DEFAULT_CATEGORIES.items():
        ids = [f"{category_id}-{number}" for number in range(1, len(names) + 1)]
        for price, (gift_id, name) in enumerate(zip(ids, names, strict=True), 1):
            fields = {"Coins": 10 * price, "DefaultName": name}
            gifts.gifts[gift_id] = Gift(gift_id, call.now, {**_DEFAULTS, **fields})
        profile = {"ExtensionInfo": "", "DefaultName": category_id.title(), "DefaultDesc": ""}
        gifts.categories[category_id] = GiftCategory(category_id, profile, dict.fromkeys(ids))
    return {}


def _given(call: Context) -> dict[str, object]:
    return {name: call.body[name] for name in _FIELDS if name in call.body}
