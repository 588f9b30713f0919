"""The Telegram side of the demo page, used as people use it: with the real bot behind it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from handlers.core.texts import Catalogues

PageAs = Callable[..., Page]
NARROW = (390, 844)
BOT_ID = 700100200
GERMAN, ENGLISH = Catalogues().texts("de"), Catalogues().texts("en")
CANCEL, SKIP = GERMAN.label("Cancel"), GERMAN.label("Skip")
IN, PUBLISH = GERMAN.label("I'm in"), GERMAN.label("Publish")
HOSTILE = "Nacht 🚀 <img src=x onerror=alert(1)> &amp; </div>"


def composer(page: Page) -> Locator:
    return page.get_by_label("Nachricht schreiben").or_(page.get_by_label("Write a message", exact=True))


def messages(page: Page) -> Locator:
    return page.locator(".tg-message")


def said_by_bot(page: Page) -> Locator:
    return page.locator(".tg-message:not(.tg-own)")


def button(page: Page, label: str) -> Locator:
    """A button of the newest message that has some."""
    return page.locator(".tg-keyboard").last.locator(".tg-key").get_by_text(label, exact=True)


def open_chat(page: Page, title: str) -> None:
    page.locator(".tg-row", has=page.locator(".tg-row-title").get_by_text(title, exact=True)).click()


def say(page: Page, text: str) -> None:
    composer(page).fill(text)
    composer(page).press("Enter")
    expect(page.locator(".tg-own .tg-text", has_text=text.split("\n")[0]).last).to_be_visible()


def ask(page: Page, text: str, answer: str | re.Pattern[str]) -> Locator:
    """Say something; the message that answers, among others that may come meanwhile."""
    answers = said_by_bot(page).filter(has_text=answer)
    before = answers.count()
    say(page, text)
    expect(answers).to_have_count(before + 1)
    return answers.last


def start(page: Page) -> None:
    """Press Start, unless this was done before."""
    expect(page.locator(".tg-start, .tg-composer")).to_have_count(1)
    if page.locator(".tg-start").count():
        page.get_by_role("button", name=re.compile("^Start(en)?$")).click()
        expect(composer(page)).to_be_visible()


def person(page: Page) -> str:
    """The Telegram id of whoever the page is."""
    found: str = page.evaluate(
        "async () => { const s = await import('/js/store.js'); return s.known().people[s.ui().me].telegram }"
    )
    return found


def show(page: Page, *shown: dict[str, Any]) -> None:
    """Put messages of the bot into the direct chat, on this page alone."""
    chat = person(page)
    common = {
        "chat": {"id": int(chat), "type": "private"},
        "from": {"id": BOT_ID, "is_bot": True, "first_name": "Kumpel"},
        "date": 2_000_000_000,
    }
    changes = [[["telegram", "messages", chat, str(each["message_id"])], common | each] for each in shown]
    page.evaluate("async changes => (await import('/js/store.js')).change(changes)", changes)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def plan_event(page: Page, title: str) -> None:
    """Fill in the form of an event, one question a message, until it shows what it will look like."""
    start(page)
    ask(page, "/termin", GERMAN.label("Title"))
    ask(page, title, GERMAN.label("Day"))
    button(page, "›").click()
    expect(button(page, "‹")).to_be_visible()
    button(page, "10").click()
    expect(said_by_bot(page).last).to_contain_text("18:30")
    say(page, "18:30")
    expect(said_by_bot(page).last).to_contain_text(GERMAN.label("Until"))
    button(page, SKIP).click()
    expect(said_by_bot(page).last).to_contain_text(GERMAN.label("Where?"))
    say(page, "Dortmund")
    expect(said_by_bot(page).last).to_contain_text(GERMAN.label("What is it about?"))
    button(page, SKIP).click()
    expect(said_by_bot(page).last).to_contain_text(GERMAN.label("How many can come?"))
    ask(page, "50", title)


# --- the bot's chat ------------------------------------------------------------------------------------------


def test_start_opens_the_chat_and_the_first_question_is_answered(page_as: PageAs) -> None:
    page = page_as("mira", size=NARROW, pane="telegram")
    open_chat(page, "Kumpel")
    expect(composer(page)).to_have_count(0)
    page.get_by_role("button", name="Starten").click()
    expect(said_by_bot(page).last).to_contain_text("Ich bin Kumpel")
    expect(said_by_bot(page).last.locator("b").first).to_have_text("Kumpel")
    ask(page, "was kostet ein schreibtisch im monat", "50 Euro")
    expect(page.locator(".tg-start")).to_have_count(0)


def test_a_blocked_bot_is_unblocked_before_one_writes_again(page_as: PageAs) -> None:
    page = page_as("petra")
    start(page)
    page.locator(".tg-header").get_by_role("button", name="Mehr").click()
    page.get_by_role("button", name="Bot blockieren").click()
    expect(composer(page)).to_have_count(0)
    page.get_by_role("button", name="Entsperren").click()
    expect(composer(page)).to_be_visible()


def test_somebody_without_telegram_can_become_somebody_with_it(page_as: PageAs) -> None:
    page = page_as("aylin")
    pane = page.get_by_role("region", name="Telegram")
    expect(pane).to_contain_text("Aylin nutzt nur Slack.")
    pane.get_by_role("button", name=re.compile("^Jonas")).click()
    expect(pane.get_by_role("heading", name="Chats")).to_be_visible()


def test_a_form_asks_one_question_a_message_and_its_calendar_stays_under_the_thumb(page_as: PageAs) -> None:
    page = page_as("jonas", size=NARROW, pane="telegram")
    open_chat(page, "Kumpel")
    start(page)
    ask(page, "/termin", GERMAN.label("Title"))
    ask(page, HOSTILE, GERMAN.label("Day"))
    days = page.locator(".tg-keyboard").last.locator(".tg-grid").last.locator(".tg-key")
    sizes = days.evaluate_all("keys => keys.map(key => key.getBoundingClientRect()).map(r => [r.width, r.height])")
    assert len(sizes) == 7
    assert all(width >= 40 and height >= 40 for width, height in sizes)

    button(page, "›").focus()
    before = button(page, "›").bounding_box()
    month = page.locator(".tg-keys .tg-key", has_text=re.compile(r"\d{4}$")).last.inner_text()
    button(page, "›").press("Enter")
    expect(page.locator(".tg-keys .tg-key", has_text=re.compile(r"\d{4}$")).last).not_to_have_text(month)
    after = button(page, "›").bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 3
    expect(button(page, "›")).to_be_focused()
    assert page.locator(".tg-log").evaluate("log => log.scrollWidth <= log.clientWidth")

    button(page, "10").focus()
    page.keyboard.press("ArrowRight")
    expect(button(page, "11")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(button(page, "18")).to_be_focused()
    page.keyboard.press("Enter")
    expect(said_by_bot(page).last).to_contain_text("18:30")
    # the calendar is gone, and with it what had the focus: it is in the same message now
    assert page.evaluate("document.activeElement.closest('.tg-message') !== null")
    button(page, CANCEL).click()
    expect(messages(page).filter(has_text="<img")).not_to_have_count(0)
    expect(page.locator(".tg-pane img[src=x]")).to_have_count(0)


def test_an_event_is_joined_in_the_group(page_as: PageAs) -> None:
    manager = page_as("jonas")
    plan_event(manager, HOSTILE)
    button(manager, PUBLISH).click()
    expect(said_by_bot(manager).last).to_contain_text(re.compile("Veröffentlicht"))

    lena = page_as("lena")
    start(lena)
    open_chat(lena, "Founders Ruhr")
    post = said_by_bot(lena).filter(has_text=HOSTILE).last
    expect(post).to_contain_text("50 Plätze frei")
    post.get_by_role("button", name=IN).click()
    expect(lena.locator(".tg-toast")).to_be_visible()
    expect(post).to_contain_text("49 Plätze frei")
    expect(post).to_contain_text("bearbeitet")
    expect(lena.get_by_role("heading", name="Founders Ruhr")).to_be_visible()


# --- groups and topics ---------------------------------------------------------------------------------------


def test_a_topic_is_a_room_of_its_own(page_as: PageAs) -> None:
    page = page_as("sam", language="en", size=NARROW, pane="telegram")
    open_chat(page, "Themen")
    open_chat(page, "Logistik")
    expect(page.locator(".tg-header")).to_contain_text("Themen, 5 members")
    ask(page, "@kumpel_bot what does a desk cost", "50 euros")
    page.get_by_role("button", name="Back").click()
    row = page.locator(".tg-row", has_text="Logistik")
    expect(row).to_contain_text("Kumpel:")
    expect(row).to_be_focused()
    open_chat(page, "Design")
    expect(page.locator(".tg-service")).to_contain_text("opened the topic “Design”")
    expect(page.locator(".tg-text", has_text="desk")).to_have_count(0)


def test_news_is_counted_until_it_is_seen(page_as: PageAs) -> None:
    lena = page_as("lena")
    open_chat(lena, "Themen")
    sam = page_as("sam", language="en")
    open_chat(sam, "Founders Ruhr")
    say(sam, "good morning")
    row = lena.locator(".tg-row", has_text="Founders Ruhr")
    expect(row).to_contain_text("Sam: good morning")
    expect(row.locator(".tg-badge")).to_contain_text(re.compile(r"^[1-9]\d*"))
    row.click()
    expect(row.locator(".tg-badge")).to_have_count(0)
    expect(messages(lena).last).to_contain_text("good morning")
    expect(messages(lena).last.locator(".tg-name")).to_have_text("Sam")


def test_a_reply_quotes_and_leads_back_to_what_it_answers(page_as: PageAs) -> None:
    page = page_as("sam", language="en")
    open_chat(page, "Founders Ruhr")
    say(page, "who knows a printer?")
    asked = messages(page).filter(has_text="who knows a printer?").last
    number = asked.get_attribute("data-message")
    asked.hover()
    asked.get_by_role("button", name="Reply", exact=True).click()
    expect(composer(page)).to_be_focused()
    expect(page.locator(".tg-replying")).to_contain_text("who knows a printer?")
    page.keyboard.press("Escape")
    expect(page.locator(".tg-replying")).to_have_count(0)
    asked.get_by_role("button", name="Reply", exact=True).press("Enter")
    expect(composer(page)).to_be_focused()
    page.keyboard.type("I do")
    page.keyboard.press("Enter")
    reply = messages(page).filter(has_text="I do").last
    reply.get_by_role("button", name="Reply to").click()
    expect(page.locator(f'[data-message="{number}"]')).to_be_focused()


# --- writing -------------------------------------------------------------------------------------------------


def test_commands_are_offered_in_the_persons_language_and_for_the_kind_of_chat(page_as: PageAs) -> None:
    page = page_as("sam", language="en")
    start(page)
    page.get_by_role("button", name="Menu", exact=True).press("Enter")
    expect(page.get_by_role("listbox", name="Commands")).to_be_focused()
    expect(page.get_by_role("option", name="/me Your own page")).to_be_visible()
    page.keyboard.press("Escape")
    expect(composer(page)).to_be_focused()
    page.keyboard.type("/he")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".tg-own").last).to_contain_text("/help")
    expect(said_by_bot(page).last).to_contain_text("help: What I can do")
    assert said_by_bot(page).last.inner_text().count("help: What I can do") == 1

    open_chat(page, "Founders Ruhr")
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("option", name="/me Your own page")).to_have_count(0)
    page.get_by_role("option", name="/help").click()
    expect(page.locator(".tg-own").last).to_contain_text("/help@kumpel_bot")


def test_a_command_that_is_not_offered_is_sent_as_it_was_typed(page_as: PageAs) -> None:
    page = page_as("petra")
    start(page)
    ask(page, "/termin", GERMAN.label("Title"))
    expect(page.locator(".tg-own").last).to_contain_text("/termin")
    button(page, CANCEL).click()


def test_drafts_stay_where_they_were_begun(page_as: PageAs) -> None:
    page = page_as("sam", language="en")
    start(page)
    composer(page).fill("half a sen")
    composer(page).press("Shift+Enter")
    page.keyboard.type("tence")
    open_chat(page, "Founders Ruhr")
    expect(composer(page)).to_have_value("")
    open_chat(page, "Kumpel")
    expect(composer(page)).to_have_value("half a sen\ntence")
    composer(page).fill("")


def test_everything_can_be_done_with_the_keyboard(page_as: PageAs) -> None:
    page = page_as("lena", size=NARROW, pane="telegram")
    page.locator(".tg-row", has=page.locator(".tg-row-title").get_by_text("Kumpel", exact=True)).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tg-header-title")).to_be_focused()
    start(page)
    composer(page).focus()
    page.keyboard.type("ist morgen ein platz frei")
    page.keyboard.press("Enter")
    expect(said_by_bot(page).last).to_contain_text("von 40")
    for _ in range(12):  # backwards from where one writes: the buttons of the newest message
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.className") == "tg-key":
            break
    page.keyboard.press("ArrowUp")
    expect(page.locator(".tg-keyboard").last.locator(".tg-key").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(said_by_bot(page).filter(has_text=re.compile(r"Platz \d+")).last).to_be_visible()
    expect(page.locator(".tg-file").last).to_have_attribute("download", re.compile(r"\.ics$"))


def test_whoever_scrolled_up_is_told_of_news_and_not_moved(page_as: PageAs) -> None:
    page = page_as("petra")
    start(page)
    show(page, *({"message_id": 10**9 + n, "text": f"Nachricht {n}"} for n in range(40)))
    log = page.locator(".tg-log")
    expect(messages(page).last).to_be_in_viewport()
    log.evaluate("log => log.scrollTop = 40")
    show(page, {"message_id": 10**9 + 50, "text": "ganz neu"})
    news = page.get_by_role("button", name="1 neue Nachricht")
    expect(news).to_be_visible()
    assert log.evaluate("log => log.scrollTop") == 40
    news.click()
    expect(messages(page).last).to_be_in_viewport()
    expect(news).to_have_count(0)


# --- formatted text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "entities", "parts"),
    [
        ("👩‍🚀 hoch", [("bold", 6, 4)], ["👩‍🚀 ", ["bold", ["hoch"]]]),
        ("a😀b", [("italic", 1, 2)], ["a", ["italic", ["😀"]], "b"]),
        ("abcdef", [("italic", 2, 2), ("bold", 0, 6)], [["bold", ["ab", ["italic", ["cd"]], "ef"]]]),
        ("abcdef", [("bold", 0, 4), ("italic", 2, 4)], [["bold", ["ab", ["italic", ["cd"]]]], ["italic", ["ef"]]]),
        ("abc", [("bold", 0, 3), ("italic", 0, 3)], [["bold", [["italic", ["abc"]]]]]),
        ("abc", [("bold", 1, 99), ("bold", 7, 1), ("bold", -1, 2), ("bold", 0, 0)], ["a", ["bold", ["bc"]]]),
        ("", [("bold", 0, 1)], []),
    ],
)
def test_entities_cut_text_at_utf16_units(
    functions: Page, text: str, entities: list[tuple[str, int, int]], parts: list[Any]
) -> None:
    told = [{"type": kind, "offset": offset, "length": length} for kind, offset, length in entities]
    found = functions.evaluate(
        """async ([text, entities]) => {
            const { partsOf } = await import('/js/telegram/entities.js');
            const plain = (part) => typeof part === 'string' ? part : [part.entity.type, part.parts.map(plain)];
            return partsOf(text, entities).map(plain);
        }""",
        [text, told],
    )
    assert found == parts


def test_no_letter_is_lost_however_entities_lie(functions: Page) -> None:
    dice = random.Random(12)
    cases = []
    for _ in range(400):
        text = "".join(dice.choice("ab 🚀é\n") for _ in range(dice.randrange(30)))
        spans = [(dice.randrange(-2, 40), dice.randrange(0, 40)) for _ in range(dice.randrange(8))]
        cases.append([text, [{"type": "bold", "offset": offset, "length": length} for offset, length in spans]])
    texts = functions.evaluate(
        """async (cases) => {
            const { partsOf } = await import('/js/telegram/entities.js');
            const plain = (part) => typeof part === 'string' ? part : part.parts.map(plain).join('');
            return cases.map(([text, entities]) => partsOf(text, entities).map(plain).join(''));
        }""",
        cases,
    )
    assert texts == [text for text, _ in cases]


def test_every_entity_is_shown_as_what_it_is(page_as: PageAs) -> None:
    page = page_as("petra")
    start(page)
    text = "🧪 "
    entities: list[dict[str, Any]] = []

    def add(piece: str, *kinds: str, **more: Any) -> None:
        nonlocal text
        entities.extend({"type": kind, "offset": units(text), "length": units(piece), **more} for kind in kinds)
        text += piece + "\n"

    add("fett <b>roh</b> 🎉", "bold", "italic")
    add("unten", "underline")
    add("durch", "strikethrough")
    add("🤫 verdeckt", "spoiler")
    add("x < y && z", "code")
    add("<script>alert(1)</script>", "pre", language="html")
    add("Hub", "text_link", url="https://hub.ruhr/?a=1&b=2")
    add("böse", "text_link", url="javascript:alert(1)")
    add("https://hub.ruhr/seite", "url")
    add("team@hub.ruhr", "email")
    add("+49 201 123", "phone_number")
    add("zitiert", "blockquote")
    add("\n".join(f"Zeile {n}" for n in range(9)), "expandable_blockquote")
    add("Donnerstag", "date_time", unix_time=1_796_400_000, date_time_format="wD")
    add("neu", "von_morgen")
    show(page, {"message_id": 10**9, "text": text, "entities": entities})
    bubble = messages(page).last.locator(".tg-text")

    expect(bubble.locator("b > i")).to_have_text("fett <b>roh</b> 🎉")
    expect(bubble.locator("u")).to_have_text("unten")
    expect(bubble.locator("s")).to_have_text("durch")
    expect(bubble.locator("code")).to_have_text("x < y && z")
    expect(bubble.locator("pre")).to_have_text("<script>alert(1)</script>")
    expect(bubble.get_by_role("link", name="Hub", exact=True)).to_have_attribute(
        "href", "https://hub.ruhr/?a=1&b=2"
    )
    expect(bubble.get_by_role("link", name="https://hub.ruhr/seite")).to_have_attribute(
        "rel", re.compile("noopener")
    )
    expect(bubble.get_by_role("link", name="team@hub.ruhr")).to_have_attribute("href", "mailto:team@hub.ruhr")
    expect(bubble.get_by_role("link", name="+49 201 123")).to_have_attribute("href", "tel:+49201123")
    expect(bubble.get_by_role("link", name="böse")).to_have_count(0)
    expect(bubble).to_contain_text("böse")
    expect(bubble.locator("blockquote").first).to_have_text("zitiert")
    expect(bubble.locator("time.tg-moment")).to_have_text(re.compile("Freitag.*Dezember 2026"))
    expect(bubble).to_contain_text("neu")

    expect(bubble.get_by_text("🤫 verdeckt")).to_be_hidden()
    bubble.get_by_role("button", name="Verdeckt: zeigen").click()
    expect(bubble.get_by_text("🤫 verdeckt")).to_be_visible()
    more = bubble.get_by_role("button", name="Mehr")
    height = bubble.locator("blockquote").last.bounding_box()
    more.click()
    taller = bubble.locator("blockquote").last.bounding_box()
    assert height
    assert taller
    assert taller["height"] > height["height"] + 40


def test_links_on_buttons_lead_into_the_chat_or_out_of_the_page(page_as: PageAs) -> None:
    page = page_as("petra")
    start(page)
    rows = [
        [
            {"text": "Karte", "url": "https://hub.ruhr/karte"},
            {"text": "Chat", "url": "https://t.me/kumpel_bot?start=x"},
        ]
    ]
    show(page, {"message_id": 10**9, "text": "Hier", "reply_markup": {"inline_keyboard": rows}})
    out = page.get_by_role("link", name="Karte")
    expect(out).to_have_attribute("target", "_blank")
    expect(out).to_have_attribute("rel", re.compile("noopener"))
    page.locator(".tg-key", has_text="Chat").click()
    expect(page.locator(".tg-own").filter(has_text="/start x")).not_to_have_count(0)
