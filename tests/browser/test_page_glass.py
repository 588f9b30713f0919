"""The glass wall of the demo page: from a message to what happened behind it, by mouse and by keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

PageAs = Callable[..., Page]
NARROW = (390, 844)
BEHIND = re.compile("dahinter")


def at_bot(page_as: PageAs, person: str = "lena", **options: Any) -> Page:
    return page_as(person, places={person: {"slack": "im", "thread": None}}, **options)


def act(page: Page, name: str, **args: Any) -> Any:
    """A deed, as the page itself would ask for it."""
    ask = "async ([name, args]) => (await import('/js/wire.js')).act('lena', name, args)"
    return page.evaluate(ask, [name, args])


def say(page: Page, text: str) -> None:
    """Say something to the bot and wait for its answer."""
    articles = page.locator(".sh-pane-slack article")
    before = articles.count()
    field = page.locator(".sl-composer textarea").first
    field.fill(text)
    field.press("Enter")
    expect(articles).to_have_count(before + 2)


def last(page: Page) -> Locator:
    return page.locator(".sh-pane-slack article").last


def look_behind(page: Page, message: Locator) -> Locator:
    message.hover()
    message.get_by_role("button", name=BEHIND).click()
    return drawer(page)


def drawer(page: Page) -> Locator:
    return page.locator(".gl-drawer")


def open_latest(page: Page) -> Locator:
    page.locator("[data-toggle=glass]").click()
    return drawer(page)


def step(box: Locator, key: str) -> Locator:
    return box.locator(f"[data-step={key}]").first


def serious(page: Page) -> list[str]:
    found = Axe().run(page, context=".gl-drawer", options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in ("serious", "critical")
    ]


def test_the_bots_answer_tells_its_story_in_plain_words(page_as: PageAs) -> None:
    page = at_bot(page_as)
    say(page, "Was kostet ein Schreibtisch?")
    box = look_behind(page, last(page))
    expect(box.get_by_role("heading", name="Was steckt dahinter?")).to_be_focused()
    expect(step(box, "begun")).to_contain_text("Lena schreibt in Slack")
    expect(step(box, "begun")).to_contain_text("„Was kostet ein Schreibtisch?“")
    expect(step(box, "understood")).to_contain_text(
        re.compile(r"Kumpel versteht: Was kostet ein Schreibtisch\? \([01],\d\d\)")
    )
    expect(step(box, "handled")).to_contain_text("handlers.faq.answering.asked")
    expect(step(box, "written")).to_contain_text(re.compile(r"\d+ Zeilen geschrieben"))
    expect(step(box, "outbox-row")).to_contain_text("1 Nachricht in den Ausgang")
    expect(step(box, "outbox-row")).to_contain_text("angekommen")
    call = box.locator("[data-step^=call-]", has_text="chat.postMessage")
    expect(call).to_contain_text(re.compile(r"200.*ms", re.DOTALL))


def test_a_question_leads_to_the_same_story_as_its_answer(page_as: PageAs) -> None:
    page = at_bot(page_as)
    say(page, "Gibt es bei euch WLAN?")
    story = look_behind(page, last(page)).locator(".gl-story")
    expect(story).to_have_count(1)
    number = story.get_attribute("data-story")
    own = page.locator(".sh-pane-slack article", has_text="Gibt es bei euch WLAN?").last
    look_behind(page, own)
    expect(story).to_have_attribute("data-story", str(number))


def test_each_step_opens_to_what_it_really_was(page_as: PageAs) -> None:
    page = at_bot(page_as)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    say(page, "Wann habt ihr offen?")
    box = look_behind(page, last(page))
    step(box, "begun").get_by_role("button").first.click()
    raw = box.get_by_role("region", name="Was Slack zugestellt hat")
    assert json.loads(raw.inner_text())["event"]["text"] == "Wann habt ihr offen?"
    assert json.loads(box.get_by_role("region", name="Was daraus wird").inner_text())["type"] == "TextMessage"
    step(box, "written").get_by_role("button").first.click()
    sql = box.get_by_role("region", name="insert outbox")
    expect(sql).to_contain_text("INSERT INTO outbox")
    expect(sql.locator(".gl-word").first).to_have_text("INSERT")
    assert json.loads(box.get_by_role("region", name="Werte für outbox").inner_text())["lane"] == 0
    call = box.locator("[data-step^=call-]", has_text="chat.postMessage")
    call.get_by_role("button").first.click()
    answer = call.get_by_role("region", name="Antwort auf chat.postMessage")
    assert json.loads(answer.inner_text())["ok"] is True
    call.get_by_role("button", name="Kopieren: Antwort auf chat.postMessage").click()
    expect(call.get_by_role("status").last).to_have_text("Kopiert")
    assert json.loads(page.evaluate("navigator.clipboard.readText()"))["ok"] is True


def test_what_happened_last_is_listed_live_and_by_person(page_as: PageAs) -> None:
    page = at_bot(page_as)
    box = open_latest(page)
    expect(box.get_by_role("heading", name="Glaswand")).to_be_focused()
    lines = box.locator(".gl-line")
    expect(lines.filter(has_text="Petra").first).to_be_visible()
    say(page, "Habt ihr einen Drucker?")
    expect(lines.first).to_contain_text("Lena schreibt in Slack")
    expect(lines.first).to_contain_text("Habt ihr einen Drucker?")
    box.get_by_label("Wer").select_option("petra")
    expect(lines.filter(has_text="Lena")).to_have_count(0)
    expect(lines.filter(has_text="Petra").first).to_be_visible()
    box.get_by_label("Wer").select_option("lena")
    expect(lines.first).to_contain_text("Habt ihr einen Drucker?")
    lines.first.click()
    expect(step(box, "begun")).to_contain_text("Habt ihr einen Drucker?")
    box.get_by_role("button", name="Zu den letzten Geschichten").click()
    expect(box.get_by_role("heading", name="Glaswand")).to_be_focused()


def test_a_refused_call_and_its_second_try_stand_out(page_as: PageAs) -> None:
    page = at_bot(page_as)
    say(page, "Hallo")
    act(page, "world.fault", platform="slack", kind="429", on=True)
    try:
        field = page.locator(".sl-composer textarea").first
        field.fill("Wie komme ich zu euch?")
        field.press("Enter")
        box = open_latest(page)
        line = box.locator(".gl-line").first
        expect(line).to_contain_text("Wie komme ich zu euch?")
        expect(line.locator(".gl-trouble")).to_be_visible()
        line.click()
        refused = box.locator("[data-tone=warn]", has_text="429").first
        expect(refused).to_contain_text("zu schnell: gleich noch einmal")
        expect(step(box, "outbox-row")).to_contain_text("wartet")
    finally:
        act(page, "world.fault", platform="slack", kind="429", on=False)
    expect(step(box, "outbox-row")).to_contain_text("angekommen", timeout=15_000)
    expect(box.locator("[data-step^=call-]", has_text="200").last).to_contain_text("Versuch")


def test_a_press_joins_the_story_of_its_message(page_as: PageAs) -> None:
    page = at_bot(page_as)
    say(page, "Gibt es Kaffee?")
    card = last(page)
    card.locator("button.sl-button, .sl-actions button, button").first.click()
    box = look_behind(page, last(page))
    stories = box.locator(".gl-story")
    expect(stories.first.get_by_role("button", expanded=True).first).to_contain_text("Lena schreibt in Slack")
    press = stories.filter(has_text="Lena drückt in Slack einen Knopf").first
    expect(press).to_be_visible()
    press.get_by_role("button").first.click()
    expect(step(press, "understood")).to_contain_text("Am Knopf steht, versiegelt:")


def test_a_story_leads_to_its_message_wherever_it_stands(page_as: PageAs) -> None:
    page = at_bot(page_as)
    box = open_latest(page)
    line = box.locator(".gl-line").filter(has_text="Petra drückt in Telegram einen Knopf").last
    line.click()
    box.get_by_role("group", name="Nachrichten dieser Geschichte").get_by_role("button").first.click()
    expect(page.locator(".sh-person[aria-pressed=true]")).to_have_attribute("data-person", "lena")
    expect(page.locator(".sh-pane-telegram .gl-found")).to_be_visible()
    expect(page.locator(".sh-pane-telegram")).to_contain_text("Founders Ruhr")
    # Where Lena is not, somebody who is looks.
    box.get_by_role("button", name="Zu den letzten Geschichten").click()
    box.locator(".gl-line").filter(has_text="here managers").filter(has_text="Slack").last.click()
    box.get_by_role("group", name="Nachrichten dieser Geschichte").get_by_role("button").first.click()
    expect(page.locator(".sh-pane-slack .gl-found")).to_contain_text("here managers")
    expect(page.locator(".sh-person[aria-pressed=true]")).to_have_attribute("data-person", "petra")


def test_all_of_it_works_by_keyboard(page_as: PageAs) -> None:
    page = at_bot(page_as)
    say(page, "Darf mein Hund mit?")
    opener = page.locator("[data-toggle=glass]")
    opener.focus()
    page.keyboard.press("Enter")
    box = drawer(page)
    expect(box.get_by_role("heading", name="Glaswand")).to_be_focused()
    expect(box.locator(".gl-line").first).to_be_visible()
    for _ in range(3):  # close, who, the first line
        page.keyboard.press("Tab")
    expect(box.locator(".gl-line").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(box.get_by_role("heading", name="Was steckt dahinter?")).to_be_focused()
    for _ in range(2):  # close, the first step; back stands before the heading
        page.keyboard.press("Tab")
    first = step(box, "begun").get_by_role("button").first
    expect(first).to_be_focused()
    expect(first).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(opener).to_be_focused()


def test_on_a_phone_it_is_a_sheet_that_keeps_the_focus(page_as: PageAs) -> None:
    page = at_bot(page_as, size=NARROW)
    say(page, "Kann ich hier Pakete annehmen?")
    page.locator(".sh-menu-more > button").click()
    page.locator("[data-toggle=glass]").click()
    box = page.get_by_role("dialog", name="Glaswand")
    frame = box.bounding_box()
    assert frame is not None
    assert (frame["x"], frame["y"], frame["width"], frame["height"]) == (0, 0, *NARROW)
    page.keyboard.press("Shift+Tab")
    expect(box.locator(".gl-line").last).to_be_focused()
    page.keyboard.press("Tab")
    expect(box.get_by_role("button", name="Glaswand schließen")).to_be_focused()
    box.locator(".gl-line").first.click()
    sheet = page.get_by_role("dialog", name="Was steckt dahinter?")
    step(sheet, "written").get_by_role("button").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW[0]
    sheet.get_by_role("button", name="Gesagt:").click()
    expect(sheet).to_have_count(0)
    expect(page.locator(".sh-pane-slack .gl-found")).to_contain_text("Pakete")


def test_a_message_that_the_bot_never_heard_of_has_no_story(page_as: PageAs) -> None:
    page = at_bot(page_as)
    place = page.evaluate("async () => Object.values((await import('/js/store.js')).known().slack.channels)[0].id")
    glass = {"glass": {"platform": "slack", "place": place, "message": "1.000000"}}
    page.evaluate("async (glass) => (await import('/js/store.js')).choose(glass)", glass)
    expect(drawer(page).get_by_role("status")).to_contain_text("Davon weiß die Glaswand nichts")


def test_it_speaks_english(page_as: PageAs) -> None:
    page = at_bot(page_as, "sam", language="en")
    say(page, "What does a desk cost?")
    last(page).hover()
    last(page).get_by_role("button", name=re.compile("behind")).click()
    box = drawer(page)
    expect(box.get_by_role("heading", name="What is behind this?")).to_be_visible()
    expect(step(box, "begun")).to_contain_text("Sam writes in Slack")
    expect(step(box, "understood")).to_contain_text("Kumpel understands: What does a desk cost?")
    expect(step(box, "outbox-row")).to_contain_text("1 message into the outbox")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), NARROW])
def test_axe_finds_nothing_serious(
    page_as: PageAs, pictures: Callable[[Page, str], None], theme: str, size: tuple[int, int]
) -> None:
    page = at_bot(page_as, theme=theme, size=size)
    say(page, "Xylophon Quark")
    if size == NARROW:
        page.locator(".sh-menu-more > button").click()
    box = open_latest(page)
    expect(box.locator(".gl-line").first).to_be_visible()
    assert serious(page) == []
    pictures(page, f"glass-latest-{theme}-{size[0]}")
    box.locator(".gl-line").first.click()
    for key in ("begun", "understood", "written", "outbox-row", "call-0"):
        step(box, key).get_by_role("button").first.click()
    assert serious(page) == []
    pictures(page, f"glass-story-{theme}-{size[0]}")
