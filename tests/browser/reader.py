"""Somebody at the page, who is now this person and now that one, and acts in both chats."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import holidays
from playwright.sync_api import Locator, Page, expect


def working_day(ahead: int) -> str:
    """The so-manieth day from tomorrow on which desks can be booked, as people write it."""
    closed = holidays.country_holidays("DE", subdiv="NW")
    day = dt.datetime.now(ZoneInfo("Europe/Berlin")).date()
    while ahead:
        day += dt.timedelta(1)
        ahead -= day.weekday() < 5 and day not in closed
    return f"{day.day}.{day.month}.{day.year}"


class Reader:
    """Drives a wide page as people do.

    Attributes:
        page: The page; on it both chats are side by side.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    def be(self, person: str) -> Reader:
        """Become somebody, by the key of bot/demo/cast.py."""
        self.page.locator(f".sh-people [data-person={person}]").click()
        return self

    def news_of(self, person: str) -> int:
        """What the badge of somebody says, once all is prepared and delivered."""
        self.page.wait_for_function(
            """async () => {
              const { bot, waiting } = (await import("/js/store.js")).known();
              return !bot.starting && Object.values(waiting).every((number) => number === 0);
            }"""
        )
        return int(self.page.locator(f".sh-people [data-person={person}]").get_attribute("data-news") or 0)

    # --- Slack ---------------------------------------------------------------------------------------------

    def in_slack(self, place: str = "Kumpel") -> Reader:
        """Look at a channel, or at the direct messages with the bot."""
        name = self.page.locator(".sl-place-name").get_by_text(place, exact=True)
        self.page.locator(".sl-sidebar button", has=name).click()
        return self

    def say_in_slack(self, text: str) -> None:
        field = self.page.locator(".sl-main .sl-composer-text")
        field.fill(text)
        field.press("Enter")
        expect(field).to_have_value("")

    def slack(self, text: str | re.Pattern[str]) -> Locator:
        """The last message with this text of the place that is open."""
        return self.page.locator(".sl-main [role=log] article", has_text=text).last

    def press_in_slack(self, label: str) -> None:
        """The last button of that name."""
        self.page.locator(".sl-main [role=log]").get_by_role("button", name=label, exact=True).last.click()

    @property
    def form(self) -> Locator:
        """The form that is open in Slack."""
        return self.page.locator(".sl-pane [role=dialog]")

    # --- Telegram ------------------------------------------------------------------------------------------

    def in_telegram(self, place: str = "Kumpel") -> Reader:
        """Look at a group, or at the direct chat with the bot, which is started if it was not."""
        title = self.page.locator(".tg-row-title").get_by_text(place, exact=True)
        self.page.locator(".tg-row", has=title).click()
        expect(self.page.locator(".tg-room .tg-header-title")).to_have_text(place)
        if self.page.locator(".tg-start").count():
            self.page.locator(".tg-start").click()
            expect(self.page.locator(".tg-message:not(.tg-own)").first).to_be_visible()
        return self

    def say_in_telegram(self, text: str) -> None:
        field = self.page.locator(".tg-field")
        field.fill(text)
        field.press("Enter")
        expect(field).to_have_value("")

    def telegram(self, text: str | re.Pattern[str]) -> Locator:
        """The last message with this text of the chat that is open."""
        return self.page.locator(".tg-room .tg-message", has_text=text).last

    def press_in_telegram(self, label: str) -> None:
        """The last button of that name."""
        self.page.locator(".tg-room .tg-key").get_by_text(label, exact=True).last.click()

    # --- the shell -----------------------------------------------------------------------------------------

    def menu(self, name: str) -> Locator:
        """Open ``clock``, ``bot`` or ``view``; its panel."""
        menu = self.page.locator(f".sh-menu-{name}")
        if not menu.locator(".sh-panel").count():
            menu.locator("> button").click()
        return menu.locator(".sh-panel")

    def deed(self, name: str) -> None:
        """Stop, crash, start or heal by the menu of the bot."""
        self.menu("bot").locator(f"[data-deed='{name}']").click()

    def fault(self, platform: str, kind: str, on: bool = True) -> None:
        switch = self.menu("bot").locator(f"[data-fault={platform}-{kind}]")
        switch.set_checked(on)

    def expect_bot(self, state: str) -> None:
        expect(self.page.locator(".sh-page")).to_have_attribute("data-bot", state, timeout=20_000)
