"""Gifts: add, change, delete, look up, list, names in languages, and the vendor's default gifts."""

from __future__ import annotations

from typing import Any

from support.groups import refused
from support.rooms import last_answer
from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator


def rose(client: ChatClient) -> None:
    client.gifts.add(
        gift_id="rose",
        coins=10,
        default_name="Rose",
        default_desc="Red",
        icon_url="https://example.com/1.png",
        resource_url="https://example.com/2.png",
        level=1,
        extension_info="{}",
    )


def gift(client: ChatClient, emulator: Emulator, gift_id: str) -> dict[str, Any]:
    client.gifts.get(gift_id=gift_id)
    return dict(emulator.calls[-1].answer["GiftInfo"])


def test_gifts_come_change_and_go(client: ChatClient, emulator: Emulator) -> None:
    rose(client)
    with refused(100002):
        client.gifts.add(gift_id="rose", coins=1, default_name="")
    shown = gift(client, emulator, "rose")
    assert shown == {
        "GiftId": "rose",
        "IconUrl": "https://example.com/1.png",
        "ResourceUrl": "https://example.com/2.png",
        "Coins": 10,
        "Level": 1,
        "ExtensionInfo": "{}",
        "DefaultName": "Rose",
        "DefaultDesc": "Red",
    }
    client.gifts.update(gift_id="rose", coins=12, default_desc="")
    assert gift(client, emulator, "rose") == shown | {"Coins": 12, "DefaultDesc": ""}
    client.gifts.delete(gift_id="rose")
    for call in (
        lambda: client.gifts.get(gift_id="rose"),
        lambda: client.gifts.update(gift_id="rose", coins=1),
        lambda: client.gifts.delete(gift_id="rose"),
        lambda: client.gifts.set_language(gift_id="rose", language="en", name="Rose"),
        lambda: client.gifts.get_language(gift_id="rose", language="en"),
        lambda: client.gifts.delete_language(gift_id="rose", language="en"),
    ):
        with refused(102002):
            call()


def test_names_in_languages(client: ChatClient, emulator: Emulator) -> None:
    rose(client)
    with refused(100002):
        client.gifts.set_language(gift_id="rose", language="en", desc="Red")
    client.gifts.set_language(gift_id="rose", language="en", name="Rose", desc="Red")
    client.gifts.set_language(gift_id="rose", language="en", desc="White")
    client.gifts.set_language(gift_id="rose", language="zh-Hans", name="玫瑰")
    answer = client.gifts.get_language(gift_id="rose", language="en")
    assert answer.gift_info is not None
    assert (answer.gift_info.name, answer.gift_info.desc) == ("Rose", "White")
    assert last_answer(emulator) == {"Language": {"Name": "Rose", "Desc": "White"}}
    client.gifts.delete_language(gift_id="rose", language="en")
    client.gifts.delete_language(gift_id="rose", language="en")
    with refused(102005):
        client.gifts.get_language(gift_id="rose", language="en")
    client.gifts.list_all()
    assert last_answer(emulator) == {
        "GiftList": [
            {
                "GiftId": "rose",
                "Name": "Rose",
                "Desc": "Red",
                "IconUrl": "https://example.com/1.png",
                "ResourceUrl": "https://example.com/2.png",
                "Coins": 10,
                "Level": 1,
                "CreateTime": int(emulator.clock.now()),
                "LanguageList": [{"Name": "玫瑰", "Desc": "", "Language": "zh-Hans"}],
            }
        ],
        "CategoryList": [],
        "TotalCount": 1,
    }


def test_the_default_gifts(client: ChatClient, emulator: Emulator) -> None:
    client.gifts.copy_defaults()
    client.gifts.list_all()
    lists = last_answer(emulator)
    assert (len(lists["GiftList"]), lists["TotalCount"], len(lists["CategoryList"])) == (15, 15, 3)
    grouped = [gift_id for category in lists["CategoryList"] for gift_id in category["GiftIdList"]]
    assert grouped == [item["GiftId"] for item in lists["GiftList"]]
    with refused(102010):
        client.gifts.copy_defaults()
    for gift_id in grouped:
        client.gifts.delete(gift_id=gift_id)
    with refused(102010):
        client.gifts.copy_defaults()
    for category in lists["CategoryList"]:
        client.gifts.delete_category(category_id=category["CategoryId"])
    client.gifts.copy_defaults()
