"""The frame of the demo page: who one is, menus, languages, small screens, a lost connection, strangers."""

from __future__ import annotations

import http.client
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from reader import Reader

PageAs = Callable[..., Page]
NARROW = (390, 844)


def test_a_badge_shows_who_has_news_until_they_look(browser_page: Page) -> None:
    reader = Reader(browser_page)
    jonas = browser_page.locator(".sh-people [data-person=jonas]")
    reader.in_slack().say_in_slack("habt ihr eine sauna")
    before = reader.news_of("jonas")
    reader.press_in_slack("Ja, fragen")
    expect(jonas).to_have_attribute("data-news", str(before + 1))
    expect(jonas).to_have_accessible_name(f"Jonas, Community-Manager, Deutsch, {before + 1} neu")
    expect(jonas.locator(".sh-badge")).to_have_text(str(before + 1))
    reader.be("jonas").in_telegram("Community-Manager")
    expect(reader.telegram("sauna")).to_be_visible()
    reader.in_telegram()
    expect(jonas).to_have_attribute("data-news", "0")
    expect(jonas.locator(".sh-badge")).to_have_count(0)
    expect(browser_page).to_have_title("Kumpel · Jonas")


def test_menus_open_and_close_by_keyboard_and_give_the_focus_back(browser_page: Page) -> None:
    for name in ("clock", "bot", "view"):
        button = browser_page.locator(f".sh-menu-{name} > button")
        button.focus()
        browser_page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-expanded", "true")
        browser_page.keyboard.press("Tab")
        expect(browser_page.locator(f".sh-menu-{name} .sh-panel :focus")).to_have_count(1)
        browser_page.keyboard.press("Escape")
        expect(button).to_be_focused()
        expect(button).to_have_attribute("aria-expanded", "false")


def test_the_page_speaks_english_and_turns_dark_and_remembers_both(browser_page: Page) -> None:
    page, root = browser_page, browser_page.locator("html")
    panel = Reader(page).menu("view")
    panel.get_by_label("English").check()
    panel.get_by_label("Dark").check()
    for _ in range(2):
        expect(root).to_have_attribute("lang", "en")
        expect(root).to_have_attribute("data-theme", "dark")
        expect(page.locator(".sh-people [data-person=lena]")).to_contain_text("founder")
        expect(page.locator(".sh-menu-bot > button")).to_contain_text("Kumpel runs")
        page.reload()
    panel = Reader(page).menu("view")
    panel.get_by_label("As the system").check()
    page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(root).to_have_attribute("data-theme", "light")


def test_on_a_phone_everything_is_in_one_menu_and_nothing_sticks_out(page_as: PageAs) -> None:
    page = page_as(size=NARROW)
    width = "document.documentElement.scrollWidth"
    assert page.locator(".sh-bar").evaluate("bar => bar.offsetHeight") <= 48
    tabs = page.get_by_role("group", name="Was du siehst")
    tabs.get_by_role("button", name="Telegram").click()
    expect(page.locator(".tg-pane")).to_be_visible()
    expect(page.locator(".sl-pane")).to_be_hidden()
    assert page.evaluate(width) <= NARROW[0]
    people = page.locator(".sh-menu-people")
    people.locator("> button").click()
    people.get_by_role("button", name="Aylin, Community-Manager, Deutsch").click()
    expect(page.locator(".sl-pane")).to_be_visible()
    more = page.locator(".sh-menu-more > button")
    more.click()
    panel = page.locator(".sh-menu-more .sh-panel")
    for name in (
        "Tour zeigen",
        "Glaswand",
        "Eine Stunde weiter",
        "Anhalten",
        "Abstürzen lassen",
        "Alles wieder gut",
    ):
        expect(panel.get_by_role("button", name=name)).to_be_visible()
    assert panel.get_by_role("switch").count() == 8
    assert panel.get_by_role("radio").count() == 5
    assert page.evaluate(width) <= NARROW[0]
    panel.get_by_role("switch").first.check()
    expect(page.locator(".sh-strip")).to_contain_text("Störung: Slack")
    panel.get_by_role("button", name="Alles wieder gut").click()
    expect(page.locator(".sh-strip")).to_have_count(0)


def test_a_lost_connection_is_said_and_comes_back_by_itself(browser_page: Page, complaints: list[str]) -> None:
    page, sockets, is_down = browser_page, list[WebSocketRoute](), False

    def connect(socket: WebSocketRoute) -> None:
        if is_down:
            socket.close(code=1001)
            return
        socket.connect_to_server()
        sockets.append(socket)

    page.route_web_socket("**/ws", connect)
    page.reload()
    reader = Reader(page).in_slack()
    is_down = True
    sockets[-1].close(code=1001)
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("Die Verbindung zur Demo ist weg")
    is_down = False
    expect(banner).to_have_count(0)
    reader.say_in_slack("wo ist der hub")
    expect(reader.slack("Lindenallee")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("headers", [{"Host": "kumpel.example"}, {"Origin": "https://kumpel.example"}], ids=str)
@pytest.mark.parametrize("path", ["/", "/ws", "/js/main.js"])
def test_strangers_are_refused(demo: object, headers: dict[str, str], path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=10)  # type: ignore[attr-defined]
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    try:
        connection.request("GET", path, headers=headers | (upgrade if path == "/ws" else {}))
        assert connection.getresponse().status in (403, 421)
    finally:
        connection.close()
