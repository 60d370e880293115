"""Categories of gifts: add, change, delete, look up, what is in them, names in languages."""

from __future__ import annotations

import pytest

from support.groups import refused
from support.rooms import last_answer
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


@pytest.fixture(autouse=True)
def flowers(client: ChatClient) -> None:
    """A category, and gifts outside of it."""
    client.gifts.add_category(category_id="flowers", default_name="Flowers", default_desc="Red", extension_info="{}")
    for gift_id in ("rose", "tulip", "lily"):
        client.gifts.add(gift_id=gift_id, coins=10, default_name=gift_id)


def inside(client: ChatClient, emulator: Emulator) -> list[str]:
    client.gifts.get_category(category_id="flowers")
    return list(last_answer(emulator)["Category"]["GiftIdList"])


def test_categories_come_change_and_go(client: ChatClient, emulator: Emulator) -> None:
    client.gifts.update_category(category_id="flowers", default_desc="White")
    client.gifts.get_category(category_id="flowers")
    assert emulator.calls[-1].answer["GiftCategoryInfo"] == {
        "CategoryId": "flowers",
        "ExtensionInfo": "{}",
        "DefaultName": "Flowers",
        "DefaultDesc": "White",
    }
    assert last_answer(emulator)["Category"] == {
        "CategoryId": "flowers",
        "CategoryName": "Flowers",
        "CategoryDesc": "White",
        "GiftIdList": [],
        "LanguageList": [],
    }
    with refused(100002):
        client.gifts.add_category(category_id="flowers", default_name="Flowers")
    for number in (2, 3):
        client.gifts.add_category(category_id=f"more-{number}", default_name="")
    with refused(102007):
        client.gifts.add_category(category_id="more-4", default_name="")
    client.gifts.delete_category(category_id="flowers")
    client.gifts.delete_category(category_id="flowers")
    for call in (
        lambda: client.gifts.get_category(category_id="flowers"),
        lambda: client.gifts.update_category(category_id="flowers", default_name=""),
        lambda: client.gifts.add_to_category(category_id="flowers", gift_id_list=["rose"]),
        lambda: client.gifts.remove_from_category(category_id="flowers", gift_id_list=["rose"]),
        lambda: client.gifts.set_category_language(category_id="flowers", language="en", category_name="x"),
        lambda: client.gifts.get_category_language(category_id="flowers", language="en"),
        lambda: client.gifts.delete_category_language(category_id="flowers", language="en"),
    ):
        with refused(102005):
            call()
    client.gifts.get(gift_id="rose")


def test_what_is_in_a_category(client: ChatClient, emulator: Emulator) -> None:
    client.gifts.add_to_category(category_id="flowers", gift_id_list=["lily", "rose"])
    assert "InvalidGiftIdList" not in emulator.calls[-1].answer
    answer = client.gifts.add_to_category(category_id="flowers", gift_id_list=["rose", "weed", "tulip"])
    assert answer.invalid_gift_id_list == ["weed"]
    assert inside(client, emulator) == ["lily", "rose", "tulip"]
    client.gifts.remove_from_category(category_id="flowers", gift_id_list=["rose", "weed"])
    client.gifts.delete(gift_id="tulip")
    assert inside(client, emulator) == ["lily"]


def test_names_in_languages(client: ChatClient, emulator: Emulator) -> None:
    with refused(100002):
        client.gifts.set_category_language(category_id="flowers", language="en", category_desc="Red")
    client.gifts.set_category_language(category_id="flowers", language="en", category_name="Flowers")
    client.gifts.set_category_language(category_id="flowers", language="en", category_desc="White")
    client.gifts.get_category_language(category_id="flowers", language="en")
    text = {"CategoryName": "Flowers", "CategoryDesc": "White"}
    assert emulator.calls[-1].answer["CategoryInfo"] == text
    assert last_answer(emulator) == {"Language": text}
    client.gifts.list_all()
    assert last_answer(emulator)["CategoryList"][0]["LanguageList"] == [text | {"Language": "en"}]
    client.gifts.delete_category_language(category_id="flowers", language="en")
    client.gifts.delete_category_language(category_id="flowers", language="en")
    with refused(102005):
        client.gifts.get_category_language(category_id="flowers", language="en")
