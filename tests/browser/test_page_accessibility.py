"""What axe-core says of the page's main states, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from reader import working_day

PageAs = Callable[..., Page]
WIDE, NARROW = (1440, 900), (390, 844)
SERIOUS = {"serious", "critical"}


def violations(page: Page, theme: str) -> list[str]:
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if theme == "dark":  # differs from light in nothing but colours
        options["runOnly"] = ["color-contrast"]
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{each['id']} ({each['help']}): {[node['html'][:200] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in SERIOUS
    ]


def say(page: Page, text: str, answer: str) -> None:
    page.locator(".sl-main .sl-composer-text").fill(text)
    page.locator(".sl-main .sl-composer-text").press("Enter")
    expect(page.locator(".sl-main article", has_text=answer).last).to_be_visible()


def wide_states(page: Page) -> Iterator[str]:
    page.locator(".tg-row", has_text="Founders Ruhr").click()
    say(page, f"ist am {working_day(1)} ein platz frei", "frei")
    yield "both chats, with the tour"
    page.locator(".sh-menu-bot > button").click()
    yield "the bot's menu"
    page.locator(".sh-menu-clock > button").click()
    yield "the clock's menu"
    page.locator(".sh-menu-view > button").click()
    page.locator("[data-toggle=glass]").click()
    expect(page.locator(".gl-line").first).to_be_visible()
    yield "the glass wall"
    page.locator("[data-toggle=glass]").click()
    page.locator(".sh-people [data-person=aylin]").click()
    left = page.locator(".sl-pane [role=dialog]").get_by_role("button", name="Schließen")
    if left.count():  # of an earlier try
        left.click()
    page.get_by_role("tab", name="Start").or_(page.get_by_role("button", name="Start", exact=True)).click()
    yield "a manager's start page, and nobody in Telegram"
    page.get_by_role("tab", name="Nachrichten").or_(page.get_by_role("button", name="Nachrichten")).click()
    page.locator(".sl-main .sl-composer-text").fill("/kumpel termin")
    page.locator(".sl-main .sl-composer-text").press("Enter")
    expect(page.locator(".sl-pane [role=dialog]")).to_be_visible()
    yield "a form"
    page.locator(".sl-pane [role=dialog] button[type=submit]").click()
    expect(page.locator(".sl-input-bad").first).to_be_visible()
    yield "a form with what is wrong"
    page.locator(".sl-pane [role=dialog]").get_by_role("button", name="Schließen").click()
    expect(page.locator(".sl-pane [role=dialog]")).to_have_count(0)


def narrow_states(page: Page) -> Iterator[str]:
    yield "Slack with the tour"
    page.locator(".sh-menu-more > button").click()
    yield "everything in one menu"
    page.keyboard.press("Escape")
    page.locator(".sh-menu-people > button").click()
    yield "who one is"
    page.keyboard.press("Escape")
    page.locator(".sh-tab[data-pane=telegram]").click()
    yield "Telegram"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("size", "states"), [(WIDE, wide_states), (NARROW, narrow_states)], ids=["wide", "narrow"]
)
def test_axe_finds_nothing_serious(
    page_as: PageAs, theme: str, size: tuple[int, int], states: Callable[[Page], Iterator[str]]
) -> None:
    page = page_as(theme=theme, size=size, step=0, places={"lena": {"slack": "im"}, "aylin": {"slack": "im"}})
    expect(page.locator(".sh-tour")).to_be_visible()
    found = {state: serious for state in states(page) if (serious := violations(page, theme))}
    assert not found, found
