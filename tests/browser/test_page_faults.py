"""What goes wrong on purpose, and time that passes: nothing is lost, nothing comes twice, and the page says so."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from reader import Reader, working_day

PageAs = Callable[..., Page]
SIGN = ".sh-menu-bot > button"


@pytest.fixture
def reader(browser_page: Page) -> Reader:
    return Reader(browser_page).in_slack()


def answers(reader: Reader, text: str) -> Locator:
    """What the bot said with this text, in Slack."""
    return reader.page.locator(".sl-main [role=log] article[aria-label^=Kumpel]", has_text=text)


def answers_in_telegram(reader: Reader, text: str) -> Locator:
    """What the bot said with this text, in Telegram."""
    return reader.page.locator(".tg-room .tg-message:not(.tg-own)", has_text=text)


def test_what_slack_refuses_waits_and_arrives_once(reader: Reader) -> None:
    sign = reader.page.locator(SIGN)
    reader.fault("slack", "429")
    reader.page.keyboard.press("Escape")
    reader.say_in_slack("was kostet ein schreibtisch")
    expect(sign).to_contain_text(re.compile("[1-9] warte"))
    expect(answers(reader, "50 Euro")).to_have_count(0)
    reader.deed("world.heal")
    expect(answers(reader, "50 Euro")).to_have_count(1, timeout=20_000)
    expect(sign).to_contain_text("alles zugestellt")
    expect(sign).to_contain_text("Kumpel läuft")
    expect(answers(reader, "50 Euro")).to_have_count(1)


def test_telegram_that_is_silent_and_drops_connections_loses_nothing(reader: Reader) -> None:
    reader.in_telegram()
    reader.fault("telegram", "silence")
    reader.page.keyboard.press("Escape")
    reader.say_in_telegram("wo ist der hub")
    expect(reader.page.locator(SIGN)).to_contain_text(re.compile("[1-9] warte"))
    reader.deed("world.heal")
    reader.fault("telegram", "drop")
    reader.deed("world.heal")
    expect(answers_in_telegram(reader, "Lindenallee")).to_have_count(1, timeout=30_000)
    expect(reader.page.locator(SIGN)).to_contain_text("Kumpel läuft", timeout=20_000)
    expect(answers_in_telegram(reader, "Lindenallee")).to_have_count(1)


def test_what_is_said_to_a_stopped_bot_is_answered_when_it_starts(reader: Reader) -> None:
    reader.in_telegram()
    before = answers(reader, "Deutschlandhaus").count()
    in_telegram = answers_in_telegram(reader, "50 Euro").count()
    reader.deed("world.stop")
    reader.expect_bot("stopped")
    expect(reader.page.locator(".sh-strip")).to_contain_text("Kumpel steht")
    reader.say_in_slack("wo ist der hub")
    reader.say_in_telegram("was kostet ein schreibtisch")
    expect(reader.page.locator(SIGN)).to_contain_text(re.compile("[1-9] warte"))
    reader.page.locator(".sh-strip").get_by_role("button", name="Starten").click()
    reader.expect_bot("running")
    expect(answers_in_telegram(reader, "50 Euro")).to_have_count(in_telegram + 1, timeout=20_000)
    expect(answers(reader, "Deutschlandhaus")).to_have_count(before + 1, timeout=20_000)
    expect(reader.page.locator(SIGN)).to_contain_text("Kumpel läuft", timeout=20_000)
    expect(answers_in_telegram(reader, "50 Euro")).to_have_count(in_telegram + 1)
    expect(answers(reader, "Deutschlandhaus")).to_have_count(before + 1)


def test_a_crash_in_the_middle_books_one_desk_and_answers_once(reader: Reader) -> None:
    before, take = answers(reader, "50 Euro").count(), "Platz nehmen"
    reader.say_in_slack(f"ist am {working_day(1)} ein platz frei")
    offer = reader.slack("Plätzen frei")
    number = offer.get_attribute("data-ts")
    reader.press_in_slack(take)
    reader.say_in_slack("was kostet ein schreibtisch")
    reader.deed("world.crash")
    reader.expect_bot("stopped")
    reader.deed("world.start")
    reader.expect_bot("running")
    expect(answers(reader, "50 Euro")).to_have_count(before + 1, timeout=20_000)
    offer = reader.page.locator(f".sl-main [data-ts='{number}']")
    expect(offer.locator("button[aria-busy]")).to_have_count(0)
    if offer.get_by_role("button", name=take).count():  # killed before it was kept: the button still stands
        offer.get_by_role("button", name=take).click()
    expect(reader.slack(re.compile(r"Platz \d+.*deiner"))).to_be_visible(timeout=20_000)
    reader.say_in_slack("meine buchungen")
    mine = reader.slack("Deine Plätze")
    expect(mine).to_be_visible()
    assert len(re.findall(r"Platz \d+", mine.inner_text())) == 1
    expect(answers(reader, "50 Euro")).to_have_count(before + 1)


def test_time_moves_on_to_an_event_and_the_next_morning(reader: Reader) -> None:
    page = reader.page
    reader.be("aylin").in_slack().say_in_slack("/kumpel termin")
    form = reader.form
    day = page.evaluate("new Date(Date.now() + 3 * 86400000).toISOString().slice(0, 10)")
    for block, answer in {"title": "Frühstück", "day": day, "time": "9:00", "place": "Essen"}.items():
        form.locator(f"[data-block={block}] input").fill(answer)
    form.locator("button[type=submit]").click()
    reader.press_in_slack("Veröffentlichen")
    reader.be("mira").in_telegram("Founders Ruhr")
    post = reader.telegram("Frühstück")
    expect(post.get_by_role("button", name="Dabei")).to_be_visible()

    panel = reader.menu("clock")
    before = page.locator(".sh-time").get_attribute("datetime") or ""
    panel.locator("[data-move=hour]").click()
    expect(panel).to_have_count(0)
    assert (page.locator(".sh-time").get_attribute("datetime") or "") > before
    reader.menu("clock").get_by_role("button", name="Bis Frühstück").click()
    expect(page.locator(".sh-notice").last).to_contain_text(re.compile(r"09:00.*fällig"))
    expect(page.locator(".sh-time")).to_contain_text("09:00")
    expect(post.get_by_role("button", name="Dabei")).to_have_count(0)
    reader.menu("clock").locator("[data-move=morning]").click()
    expect(page.locator(".sh-time")).to_contain_text("08:00")
