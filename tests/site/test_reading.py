"""A sample of pages as a reader has them: on a phone and a desktop, light and dark, by keyboard, and on paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

SAMPLE = (
    "index", "404", "guides", "commands", "namespaces/groups", "commands/openim/sendmsg",
    "commands/group_open_http_svc/create_group", "commands/official_account_open_http_svc/get_official_account_info",
    "services/openim", "errors", "errors/groups", "errors/10007", "webhooks", "webhooks/C2C.CallbackBeforeSendMsg",
    "schemas", "schemas/OfflinePushInfo", "guides/production", "guides/testing", "guides/errors-and-retries",
    "protocol", "python", "python/tencent_chat.ChatClient", "python/tencent_chat.namespaces.groups.Groups",
    "spec/errors",
)  # fmt: skip
EXAMPLE = "commands/openim/sendmsg"

PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}


@pytest.mark.parametrize("name", SAMPLE)
@pytest.mark.parametrize("size", [NARROW, PHONE, DESKTOP], ids=["narrow", "phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_and_complains_of_nothing(
    browser: Browser, address: str, name: str, size: dict[str, int], scheme: str
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith((address, "data:")) else complaints.append(r.url))
    page.on("response", lambda r: complaints.append(r.url) if r.status >= 400 else None)
    page.goto(f"{address}/{name}.html", wait_until="networkidle")
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    # What does not scroll in itself ends inside of the page.
    assert (
        page.evaluate(
            """() => [...document.querySelectorAll("article h1, article p, article li, article table")].filter(
          part => part.getBoundingClientRect().right > window.innerWidth && !part.closest("[class*=scrollwrap], pre")
        ).map(part => part.outerHTML.slice(0, 80))"""
        )
        == []
    )
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    lightness = sum(int(part) for part in colour.strip("rgba()").split(",")[:3])
    assert lightness > 600 if scheme == "light" else lightness < 200
    context.close()


@pytest.fixture
def example(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    page.goto(f"{address}/{EXAMPLE}.html")
    yield page
    page.close()


def test_a_keyboard_is_enough(example: Page) -> None:
    example.keyboard.press("Tab")
    assert example.evaluate("document.activeElement.className").startswith("md-skip")
    example.keyboard.press("Enter")
    assert example.url.endswith("#__skip")
    example.keyboard.press("/")
    box = example.get_by_role("combobox", name="Search")
    expect(box).to_be_focused()
    box.press_sequentially("60007")
    example.get_by_role("option").first.wait_for(timeout=30_000)
    example.keyboard.press("Escape")
    expect(box).not_to_be_visible()


def test_what_has_the_focus_is_marked(example: Page) -> None:
    for _ in range(12):
        example.keyboard.press("Tab")
        # The switch of colours is not shown, but its label behind it.
        marked = """() => [document.activeElement, document.activeElement.nextElementSibling].some(
          part => part && getComputedStyle(part).outlineStyle != "none" && part.checkVisibility()
        )"""
        assert example.evaluate(marked), example.evaluate("document.activeElement.outerHTML")


def test_the_start_fits_a_screen(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    page.goto(f"{address}/index.html")
    expect(page.get_by_role("link", name="Services and wire names")).to_be_in_viewport()
    expect(page.get_by_role("article").get_by_role("link", name="operations")).to_be_in_viewport()
    page.close()


def test_call_answer_and_request_are_tabs(example: Page) -> None:
    tabs = example.locator(".tabbed-set").first
    assert tabs.locator("label").all_inner_texts() == ["Call", "Request", "Answer"]
    expect(tabs.get_by_text("client.messages.send(")).to_be_visible()
    tabs.get_by_text("Answer", exact=True).click()
    expect(tabs.get_by_text('"ActionStatus"')).to_be_visible()
    expect(tabs.get_by_text("client.messages.send(")).not_to_be_visible()
    # The choice is that of all examples.
    expect(example.locator(".tabbed-set").nth(1).get_by_text('"ActionStatus"')).to_be_visible()


def test_paper_has_all_of_an_example_and_no_navigation(example: Page) -> None:
    example.emulate_media(media="print")
    tabs = example.locator(".tabbed-set").first
    for text in ("client.messages.send(", "POST /v4/openim/sendmsg", '"ActionStatus"'):
        expect(tabs.get_by_text(text).first).to_be_visible()
    expect(example.locator(".md-sidebar--primary")).not_to_be_visible()
    expect(example.locator(".md-header")).not_to_be_visible()


def test_an_object_inside_a_body_is_one_click_away(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/commands/group_open_http_svc/create_group.html")
    page.get_by_role("link", name="CreateGroupMember", exact=True).first.click()
    expect(page.locator("h3#creategroupmember")).to_be_in_viewport()
    page.close()


def test_the_line_of_the_spec_is_shown(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/errors/10007.html")
    page.get_by_role("link", name="spec/errors.yaml").click()
    page.wait_for_url("**/spec/errors.html#__codelineno-0-*")
    back = page.get_by_role("link", name="10007 GROUP_PERMISSION_DENIED")
    expect(back).to_be_in_viewport()
    # Below the key its fields are indented.
    assert page.evaluate("document.querySelector('code .w').getBoundingClientRect().width") > 10
    back.click()
    page.wait_for_url("**/errors/10007.html")
    page.close()
