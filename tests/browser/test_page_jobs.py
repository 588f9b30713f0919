"""The four jobs and the questions, lived on the page: by founders and managers, from one chat into the other."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from reader import Reader, working_day

PageAs = Callable[..., Page]


def test_desks_are_booked_in_both_chats_and_managers_see_who_comes(browser_page: Page) -> None:
    reader, day = Reader(browser_page), working_day(2)
    reader.in_slack().say_in_slack(f"ist am {day} ein platz frei")
    expect(reader.slack("von 40 Plätzen frei")).to_be_visible()
    reader.press_in_slack("Platz nehmen")
    expect(reader.slack(re.compile(r"Platz \d+ ist .* deiner"))).to_be_visible()
    expect(browser_page.locator(".sl-main [role=log] article", has_text="ICS").last).to_be_visible()

    reader.be("sam").in_telegram().say_in_telegram(f"is a desk free on {day}")
    expect(reader.telegram("39 of 40")).to_be_visible()
    reader.press_in_telegram("Take a desk")
    expect(reader.telegram(re.compile(r"Desk \d+ .*yours"))).to_be_visible()

    reader.be("jonas").in_telegram().say_in_telegram(f"wer kommt am {day}")
    expect(reader.telegram(re.compile("Lena.*Sam|Sam.*Lena", re.DOTALL))).to_be_visible()
    reader.be("aylin").in_slack().say_in_slack(f"wer kommt am {day}")
    expect(reader.slack(re.compile("Lena.*Sam|Sam.*Lena", re.DOTALL))).to_be_visible()


def test_an_event_planned_in_telegram_is_joined_everywhere_and_changed_from_slack(browser_page: Page) -> None:
    reader = Reader(browser_page)
    reader.be("jonas").in_telegram()
    questions = ("Titel", "Tag", "Von", "Bis", "Wo?", "Worum", "Wie viele")
    answers = ("Pitch-Abend", "in zwei Wochen", "18:30", None, "Dortmund", "Fünf Pitches, danach Essen.", "50")
    reader.say_in_telegram("/termin")
    for question, answer in zip(questions, answers, strict=True):
        expect(browser_page.locator(".tg-room .tg-message").last).to_contain_text(question)
        if answer:
            reader.say_in_telegram(answer)
        else:
            reader.press_in_telegram("Überspringen")
    reader.press_in_telegram("Veröffentlichen")
    expect(reader.telegram("Veröffentlicht")).to_be_visible()

    reader.be("mira").in_telegram("Founders Ruhr").press_in_telegram("Dabei")
    expect(reader.telegram("Pitch-Abend")).to_contain_text("1 dabei, 49 Plätze frei")
    reader.be("sam").in_slack("allgemein")
    reader.slack("Pitch-Abend").get_by_role("button", name="Dabei").click()
    expect(reader.slack("Pitch-Abend")).to_contain_text("2 dabei, 48 Plätze frei")

    reader.be("aylin").in_slack().say_in_slack("/kumpel termine")
    reader.press_in_slack("Details")
    reader.press_in_slack("Ändern")
    reader.form.get_by_label("Wo?").fill("Essen, Deutschlandhaus")
    reader.form.locator("button[type=submit]").click()
    expect(reader.form).to_have_count(0)
    reader.be("mira").in_telegram("Founders Ruhr")
    expect(reader.telegram("Pitch-Abend")).to_contain_text("Essen, Deutschlandhaus")


def test_a_notice_reaches_both_chats(browser_page: Page) -> None:
    reader = Reader(browser_page)
    reader.be("jonas").in_telegram().say_in_telegram("/mitteilung Am Freitag ist der Hub ab 14 Uhr zu.")
    reader.press_in_telegram("Senden")
    notice = "Am Freitag ist der Hub ab 14 Uhr zu."
    reader.be("lena").in_slack("allgemein")
    expect(reader.slack(notice)).to_be_visible()
    reader.in_telegram("Founders Ruhr")
    expect(reader.telegram(notice)).to_be_visible()


def test_a_request_made_in_slack_is_accepted_in_telegram(browser_page: Page) -> None:
    reader = Reader(browser_page)
    reader.in_slack().say_in_slack("/kumpel mentor")
    reader.form.get_by_label("Worum geht’s?").fill("Wir suchen Pilotkunden für unsere Lagerroboter.")
    for field, choice in (("Thema", "Logistik-IT"), ("Stadt", "Dortmund")):
        reader.form.get_by_label(field).click()
        browser_page.get_by_role("option", name=choice).click()
    reader.form.locator("button[type=submit]").click()
    expect(reader.slack("Ist raus an Dortmund")).to_be_visible()

    reader.be("jonas").in_telegram("Community-Manager")
    expect(reader.telegram("Logistik-IT")).to_be_visible()
    reader.press_in_telegram("Annehmen")
    expect(reader.telegram("Angenommen von Jonas")).to_be_visible()
    reader.be("aylin").in_slack("community-managers")
    expect(reader.slack("Angenommen von Jonas")).to_be_visible()
    reader.be("lena").in_slack()
    expect(reader.slack("Jonas")).to_contain_text("nimmt sich Zeit")


def test_a_question_goes_to_a_human_and_comes_back(browser_page: Page) -> None:
    reader = Reader(browser_page)
    reader.in_slack().say_in_slack("was kost n schreibtisch im monat")
    expect(reader.slack("50 Euro im Monat")).to_be_visible()
    reader.say_in_slack("habt ihr einen 3d drucker")
    before = reader.news_of("aylin")
    reader.press_in_slack("Ja, fragen")
    expect(reader.slack("bei den Community-Managern")).to_be_visible()

    aylin = browser_page.locator(".sh-people [data-person=aylin]")
    expect(aylin).not_to_have_attribute("data-news", str(before))
    reader.be("jonas").in_telegram("Community-Manager").press_in_telegram("Übernehmen")
    expect(reader.telegram("Übernommen von Jonas")).to_be_visible()
    reader.press_in_telegram("Antworten")
    reader.in_telegram()
    expect(reader.telegram("Deine Antwort")).to_be_visible()
    reader.say_in_telegram("Ja, im zweiten Stock, Einweisung donnerstags.")
    reader.be("lena").in_slack()
    expect(reader.slack("im zweiten Stock")).to_be_visible()
    reader.press_in_slack("Danke, erledigt")
    reader.be("aylin").in_slack("community-managers")
    expect(reader.slack("3d drucker")).to_contain_text("ist zufrieden")
