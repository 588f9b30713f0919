"""The Slack side of the demo page, as people use it: mouse, keyboard, wide and narrow."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from playwright.sync_api import Locator, Page, expect

PageAs = Callable[..., Page]
NARROW = (390, 844)


@pytest.fixture
def founder(page_as: PageAs) -> Page:
    """Lena in her direct message with the bot."""
    return page_as("lena", places={"lena": {"slack": "im", "thread": None}})


def field(page: Page) -> Locator:
    return page.locator(".sl-main .sl-composer textarea")


def say(page: Page, text: str) -> None:
    field(page).fill(text)
    field(page).press("Enter")


def log(page: Page) -> Locator:
    return page.locator(".sl-main [role=log]")


def last(page: Page) -> Locator:
    return log(page).get_by_role("article").last


def open_channel(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Slack").get_by_role("button", name=name).click()
    expect(page.locator(".sl-main h2", has_text=name)).to_be_visible()


def today() -> dt.date:
    return dt.datetime.now(ZoneInfo("Europe/Berlin")).date()


def working_day(ahead: int) -> str:
    """The so-manieth day from tomorrow on which desks can be booked, as people write it."""
    closed = holidays.country_holidays("DE", subdiv="NW")
    day = today()
    while ahead:
        day += dt.timedelta(1)
        ahead -= day.weekday() < 5 and day not in closed
    return f"{day.day}.{day.month}.{day.year}"


def dialog(page: Page) -> Locator:
    return page.locator(".sl-pane [role=dialog]")


def event_form(page: Page) -> Locator:
    say(page, "/kumpel termin")
    expect(dialog(page)).to_be_visible()
    return dialog(page)


def fill_event(form: Locator, time: str) -> None:
    form.get_by_label("Titel").fill("Startup-Night")
    form.get_by_label("Tag").fill((today() + dt.timedelta(14)).isoformat())
    form.get_by_label("Von").fill(time)
    form.get_by_label("Wo?").fill("Dortmund")


def put(page: Page, path: list[str], value: Any) -> None:
    """Let the page know something as if the server had told it."""
    page.evaluate("async ([path, value]) => (await import('/js/store.js')).change([[path, value]])", [path, value])


def place(page: Page, name: str) -> str:
    """The id of a channel."""
    found: str = page.evaluate(
        "async (name) => Object.values((await import('/js/store.js')).known().slack.channels)"
        ".find((each) => each.name === name).id",
        name,
    )
    return found


def post(page: Page, channel: str, ts: str, message: dict[str, Any]) -> Locator:
    """Put a message of the bot into a channel; where it is shown."""
    given: dict[str, Any] = {
        "type": "message",
        "ts": ts,
        "channel": channel,
        "bot_id": "B1",
        "ephemeral_for": None,
        "picked": {},
    }
    put(page, ["slack", "messages", channel, ts], given | message)
    return page.locator(f'.sl-main [data-ts="{ts}"]')


# --- the four jobs, as far as they are here --------------------------------------------------------------


def test_a_desk_is_booked_and_given_back(founder: Page) -> None:
    say(founder, f"ist am {working_day(1)} ein platz frei")
    last(founder).get_by_role("button", name="Platz nehmen").click()
    expect(log(founder)).to_contain_text("deiner")
    entry = log(founder).get_by_role("link", name="ICS").last
    expect(entry).to_be_visible()
    with founder.expect_download() as download:
        entry.click()
    assert download.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")
    log(founder).get_by_role("button", name="Stornieren").last.click()
    expect(log(founder)).to_contain_text("wieder frei")


def test_a_desk_is_picked_from_a_list_and_a_day_is_typed(founder: Page) -> None:
    say(founder, f"ist am {working_day(2)} ein platz frei")
    last(founder).get_by_role("button", name="Anderer Tag").click()
    day = last(founder).get_by_label("Tag wählen")
    day.focus()
    founder.keyboard.type("12122027")  # reads alike with the day or the month first
    expect(last(founder)).to_contain_text("Welcher Tag?")
    founder.keyboard.press("Enter")
    expect(last(founder)).not_to_contain_text("Welcher Tag?")
    say(founder, f"ist am {working_day(3)} ein platz frei")
    last(founder).get_by_role("button", name="Bestimmten Platz").click()
    last(founder).get_by_role("combobox").click()
    founder.get_by_role("option", name="7", exact=True).click()
    expect(log(founder)).to_contain_text("Platz 7 ist")


def test_a_form_says_beside_the_field_what_is_wrong_and_keeps_the_rest(page_as: PageAs) -> None:
    page = page_as("aylin")
    form = event_form(page)
    expect(form.get_by_label("Titel")).to_be_focused()
    form.get_by_role("button", name="Vorschau").click()
    title = form.get_by_label("Titel")
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(title).to_have_accessible_description("Das fehlt noch.")
    expect(title).to_be_focused()

    fill_event(form, "25:99")
    expect(title).not_to_have_attribute("aria-invalid", "true")
    form.get_by_role("button", name="Vorschau").click()
    time = form.get_by_label("Von")
    expect(time).to_have_attribute("aria-invalid", "true")
    expect(time).to_be_focused()
    expect(form.locator(".sl-problem")).to_have_count(1)
    problem = form.locator("[data-block=time] .sl-problem")
    assert (problem.get_attribute("id") or "none") in (time.get_attribute("aria-describedby") or "")
    expect(title).to_have_value("Startup-Night")

    time.fill("18:30")
    form.get_by_role("button", name="Vorschau").click()
    expect(form).to_have_count(0)
    expect(last(page)).to_contain_text("Startup-Night")


def test_the_focus_stays_in_a_form_and_goes_back(page_as: PageAs) -> None:
    page = page_as("aylin")
    expect(event_form(page).get_by_label("Titel")).to_be_focused()
    for key in ("Shift+Tab", "Shift+Tab", *["Tab"] * 16):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.closest('[role=dialog]') !== null"), key
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    expect(field(page)).to_be_focused()


def test_what_a_form_was_filled_with_outlives_a_look_through_other_eyes(page_as: PageAs) -> None:
    page = page_as("aylin")
    event_form(page).get_by_label("Titel").fill("Demo Day")
    be = "async (me) => (await import('/js/store.js')).choose({ me })"
    page.evaluate(be, "lena")
    expect(dialog(page)).to_have_count(0)
    page.evaluate(be, "aylin")
    expect(dialog(page).get_by_label("Titel")).to_have_value("Demo Day")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)


WAS_BUSY = """(button) => { window.wasBusy = false; new MutationObserver(() => {
    window.wasBusy ||= button.getAttribute("aria-busy") === "true"; }).observe(button, { attributes: true }); }"""


def test_a_button_is_busy_until_its_deed_is_done_and_says_why_it_could_not_be(founder: Page) -> None:
    say(founder, "hallo")
    button = last(founder).get_by_role("button", name="Termine")
    button.evaluate(WAS_BUSY)
    act = "async (name) => (await import('/js/wire.js')).act('lena', name)"
    founder.evaluate(act, "world.stop")
    try:
        button.click()
        expect(founder.get_by_text("Kumpel antwortet gerade nicht.")).to_be_visible()
        expect(button).not_to_have_attribute("aria-busy", "true")
        assert founder.evaluate("window.wasBusy")
    finally:
        founder.evaluate(act, "world.start")
    expect(founder.locator(".sh-page")).to_have_attribute("data-bot", "running", timeout=20_000)


# --- places ----------------------------------------------------------------------------------------------


def test_a_question_in_a_channel_is_answered_in_its_thread(page_as: PageAs) -> None:
    page = page_as("lena")
    open_channel(page, "allgemein")
    say(page, "@Kumpel was kostet ein schreibtisch")
    summary = last(page).get_by_role("button", name="1 Antwort")
    summary.click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("50 Euro")
    reply = thread.locator(".sl-composer textarea")
    expect(reply).to_be_focused()
    reply.fill("danke dir")
    reply.press("Enter")
    expect(thread.get_by_role("article").last).to_contain_text("danke dir")
    expect(log(page)).not_to_contain_text("danke dir")
    page.keyboard.press("Escape")
    expect(thread).to_have_count(0)
    expect(last(page).locator(".sl-summary")).to_be_focused()


def test_what_only_one_person_sees_is_marked_and_hidden_from_others(page_as: PageAs) -> None:
    page = page_as("lena")
    open_channel(page, "founders")
    say(page, "/kumpel hilfe")
    note = log(page).locator(".sl-ephemeral").last
    expect(note).to_contain_text("Nur für dich sichtbar")
    expect(note).to_contain_text("Schreib mir, was du brauchst")
    other = page_as("sam", places={"sam": {"slack": place(page, "founders")}})
    expect(other.locator(".sl-main h2")).to_contain_text("founders")
    expect(log(other)).not_to_contain_text("Schreib mir, was du brauchst")


def test_the_app_has_a_home_whose_buttons_work(founder: Page) -> None:
    founder.get_by_role("tab", name="Start").click()
    home = founder.get_by_role("tabpanel")
    expect(home).to_contain_text("Hallo @Lena")
    home.get_by_role("button", name="Termine").click()
    news = founder.get_by_role("tab", name="Nachrichten").locator(".sl-badge")
    expect(news).to_have_text("1 neu")
    founder.get_by_role("tab", name="Start").press("ArrowRight")
    expect(founder.get_by_role("tab", name="Nachrichten")).to_have_attribute("aria-selected", "true")
    expect(last(founder)).to_contain_text("Kumpel")


def test_news_are_counted_until_they_are_seen(page_as: PageAs) -> None:
    page = page_as("sam")
    badge = (
        page.get_by_role("navigation", name="Slack").get_by_role("button", name="allgemein").locator(".sl-badge")
    )
    unread = "async () => { const s = await import('/js/store.js'); const p = await import('/js/slack/pane.js');"
    unread += " return p.unreadSlack(s.known(), s.ui(), 'sam'); }"
    before = page.evaluate(unread)
    other = page_as("lena")
    open_channel(other, "allgemein")
    say(other, "wer kommt morgen?")
    expect(badge).to_have_text("1 new" if page.locator("html").get_attribute("lang") == "en" else "1 neu")
    assert page.evaluate(unread) == before + 1
    open_channel(page, "allgemein")
    expect(page.locator(".sl-news")).to_be_visible()
    expect(badge).to_have_count(0)
    assert page.evaluate(unread) == before


def test_drafts_are_kept_by_place_and_an_own_message_is_changed_and_deleted(founder: Page) -> None:
    field(founder).fill("angefangen")
    open_channel(founder, "founders")
    expect(field(founder)).to_have_value("")
    say(founder, "Kaffe um drei")
    expect(last(founder)).to_contain_text("Kaffe um drei")
    field(founder).press("ArrowUp")
    founder.get_by_label("Nachricht bearbeiten").fill("Kaffee um drei")
    founder.get_by_label("Nachricht bearbeiten").press("Enter")
    expect(last(founder)).to_contain_text("Kaffee um drei")
    expect(last(founder)).to_contain_text("(bearbeitet)")
    last(founder).hover()
    last(founder).get_by_role("button", name="Mehr").click()
    founder.get_by_role("menuitem", name="Löschen").click()
    founder.get_by_role("alertdialog").get_by_role("button", name="Löschen").click()
    expect(log(founder)).not_to_contain_text("Kaffee um drei")
    founder.locator(".sl-place", has_text="Kumpel").click()
    expect(field(founder)).to_have_value("angefangen")


def test_names_are_completed_after_an_at(founder: Page) -> None:
    open_channel(founder, "founders")
    field(founder).press_sequentially("hallo @ay")
    expect(founder.get_by_role("option", name="Aylin")).to_be_visible()
    field(founder).press("Enter")
    expect(field(founder)).to_have_value("hallo @Aylin ")
    field(founder).press("Enter")
    expect(last(founder).locator(".sl-mention")).to_have_text("@Aylin")


def test_somebody_without_slack_is_told_so_and_can_be_left(page_as: PageAs) -> None:
    page = page_as("jonas")
    note = page.locator(".sl-elsewhere")
    expect(note).to_contain_text("Jonas nutzt nur Telegram.")
    note.get_by_role("button", name="Lena").click()
    expect(field(page)).to_be_visible()


# --- keyboard, narrow ------------------------------------------------------------------------------------


def test_everything_goes_without_a_mouse(founder: Page) -> None:
    founder.locator(".sl-place").first.focus()
    for key in ("ArrowUp", "Enter"):
        founder.keyboard.press(key)
    expect(founder.get_by_role("tab", name="Nachrichten")).to_be_visible()
    expect(field(founder)).to_be_focused()
    founder.keyboard.type(f"ist am {working_day(4)} ein platz frei")
    founder.keyboard.press("Enter")
    take = last(founder).get_by_role("button", name="Platz nehmen")
    expect(take).to_be_visible()
    for _ in range(12):
        founder.keyboard.press("Shift+Tab")
        if take.evaluate("(button) => button === document.activeElement"):
            break
    expect(take).to_be_focused()
    founder.keyboard.press("Enter")
    expect(log(founder)).to_contain_text("deiner")
    kept = "document.activeElement.closest('.sl-message') !== null"
    assert founder.evaluate(kept), founder.evaluate("document.activeElement.outerHTML")


def test_on_a_phone_the_list_comes_first_and_there_is_a_way_back(page_as: PageAs) -> None:
    page = page_as("lena", size=NARROW)
    channels = page.get_by_role("navigation", name="Slack")
    expect(channels).to_be_visible()
    expect(field(page)).to_be_hidden()
    channels.get_by_role("button", name="founders").click()
    expect(field(page)).to_be_visible()
    expect(channels).to_be_hidden()
    page.get_by_role("button", name="Zurück zur Liste").click()
    expect(channels).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


# --- drawing ---------------------------------------------------------------------------------------------


def test_what_people_type_is_shown_to_the_letter(founder: Page) -> None:
    open_channel(founder, "founders")
    typed = '<img src=x onerror=alert(1)> & <b>"fett"</b> &amp;'
    say(founder, typed)
    expect(last(founder).locator(".sl-p")).to_have_text(typed)


def test_blocks_it_does_not_know_or_that_are_broken_take_nothing_down(founder: Page) -> None:
    open_channel(founder, "founders")
    blocks = [
        {"type": "hologram", "block_id": "1"},
        {"type": "section", "block_id": "2", "fields": 7},
        {"type": "actions", "block_id": "3", "elements": [{"type": "blender", "action_id": "x"}]},
        {"type": "constructor", "block_id": "4"},
        {"type": "section", "block_id": "5", "text": {"type": "mrkdwn", "text": "und *weiter*"}},
    ]
    shown = post(founder, place(founder, "founders"), "4000000000.000100", {"blocks": blocks})
    expect(shown).to_contain_text("Diesen Block kenne ich nicht: hologram")
    expect(shown).to_contain_text("Diesen Block kenne ich nicht: section")
    expect(shown).to_contain_text("Diesen Block kenne ich nicht: blender")
    expect(shown).to_contain_text("Diesen Block kenne ich nicht: constructor")
    expect(shown.locator("strong", has_text="weiter")).to_be_visible()


def test_a_button_that_asks_first_does_nothing_after_no(founder: Page) -> None:
    open_channel(founder, "founders")
    plain = {"type": "plain_text", "emoji": True}
    confirm = {
        "title": plain | {"text": "Sicher?"},
        "text": {"type": "mrkdwn", "text": "Wirklich *alles*?"},
        "confirm": plain | {"text": "Ja"},
        "deny": plain | {"text": "Nein"},
    }
    button = {"type": "button", "action_id": "a", "text": plain | {"text": "Weg damit"}, "confirm": confirm}
    block = {"type": "actions", "block_id": "b", "elements": [button]}
    shown = post(founder, place(founder, "founders"), "4000000000.000200", {"blocks": [block]})
    shown.get_by_role("button", name="Weg damit").click()
    question = founder.get_by_role("alertdialog", name="Sicher?")
    expect(question).to_contain_text("Wirklich alles?")
    question.get_by_role("button", name="Nein").click()
    expect(question).to_have_count(0)
    expect(shown.get_by_role("button", name="Weg damit")).to_be_focused()
    shown.get_by_role("button", name="Weg damit").click()
    question.get_by_role("button", name="Ja").click()
    notice = founder.get_by_text("Diese Nachricht gibt es nicht mehr.")
    expect(notice).to_be_visible()  # it was never there: what cannot be done is said


def test_links_open_outside_and_the_bots_telegram_link_stays(founder: Page) -> None:
    open_channel(founder, "founders")
    bot = founder.evaluate("async () => (await import('/js/store.js')).known().telegram.bot.username")
    text = "<https://example.org/a?b=1&amp;c=2|draußen> <javascript:alert(1)|nie>"
    text += f" <https://t.me/{bot}?start=x|drinnen>"
    shown = post(founder, place(founder, "founders"), "4000000000.000300", {"text": text})
    outside = shown.get_by_role("link", name="draußen")
    expect(outside).to_have_attribute("href", "https://example.org/a?b=1&c=2")
    expect(outside).to_have_attribute("target", "_blank")
    assert "noopener" in (outside.get_attribute("rel") or "")
    expect(shown.get_by_role("link", name="nie")).to_have_count(0)
    shown.get_by_role("link", name="drinnen").click()
    founder.wait_for_function("async () => (await import('/js/store.js')).ui().pane === 'telegram'")


def test_every_kind_of_control_tells_what_was_put_in(founder: Page) -> None:
    open_channel(founder, "founders")
    founder.evaluate(
        "() => { window.sent = []; const send = WebSocket.prototype.send;"
        " WebSocket.prototype.send = function (frame) { sent.push(JSON.parse(frame)); send.call(this, frame); }; }"
    )
    options = [{"text": {"type": "plain_text", "text": f"Wahl {each}"}, "value": each} for each in "abc"]
    sam = founder.evaluate("async () => (await import('/js/store.js')).known().people.sam.slack")
    elements: list[dict[str, Any]] = [
        {
            "type": "multi_static_select",
            "options": options,
            "placeholder": {"type": "plain_text", "text": "Mehrere"},
        },
        {"type": "users_select", "placeholder": {"type": "plain_text", "text": "Wer"}},
        {"type": "checkboxes", "options": options},
        {"type": "radio_buttons", "options": options[:1]},
        {"type": "timepicker", "placeholder": {"type": "plain_text", "text": "Zeit"}},
        {"type": "datetimepicker"},
        {"type": "overflow", "options": options},
    ]
    named = [element | {"action_id": str(number)} for number, element in enumerate(elements)]
    text = {"type": "number_input", "is_decimal_allowed": False, "action_id": "7"}
    label = {"type": "plain_text", "text": "Zahl"}
    blocks = [
        {"type": "actions", "block_id": "b", "elements": named},
        {"type": "input", "block_id": "i", "label": label, "element": text, "dispatch_action": True},
    ]
    shown = post(founder, place(founder, "founders"), "4000000000.000400", {"blocks": blocks})
    shown.get_by_role("combobox", name="Mehrere").click()
    founder.get_by_role("option", name="Wahl a").click()
    founder.get_by_role("option", name="Wahl c").click()
    founder.keyboard.press("Escape")
    shown.get_by_role("combobox", name="Wer").click()
    founder.get_by_role("option", name="Sam").click()
    shown.get_by_role("checkbox", name="Wahl b").click()
    shown.get_by_role("radio", name="Wahl a").click()
    shown.get_by_label("Zeit", exact=True).fill("09:30")
    shown.get_by_label("Tag und Uhrzeit").fill("2027-07-01T12:00")
    shown.locator(".sl-actions").get_by_role("button", name="Mehr").click()
    founder.get_by_role("menuitem", name="Wahl b").click()
    shown.get_by_label("Zahl").fill("42")
    shown.get_by_label("Zahl").press("Enter")
    founder.wait_for_function("() => sent.filter((each) => each.do === 'slack.pick').length === 8")
    picked = {each["action_id"]: each["value"] for each in founder.evaluate("sent") if each["do"] == "slack.pick"}
    noon = dt.datetime(2027, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert picked == {
        "0": ["a", "c"],
        "1": sam,
        "2": ["b"],
        "3": "a",
        "4": "09:30",
        "5": str(int(noon.timestamp())),
        "6": "b",
        "7": "42",
    }


MRKDWN = {
    "*fett*": [{"bold": "fett"}],
    "a*b*c": [{"": "a*b*c"}],
    "2 * 3 * 4": [{"": "2 * 3 * 4"}],
    "snake_case_name": [{"": "snake_case_name"}],
    "_*beides*_": [{"bold italic": "beides"}],
    "~weg~, `*code*`": [{"strike": "weg"}, {"": ", "}, {"code": "*code*"}],
    "&lt;b&gt; &amp;amp;": [{"": "<b> &amp;"}],
    "<https://a.b/?x=1&amp;y=2|Name>": [{"https://a.b/?x=1&y=2": "Name"}],
    "https://hub.ruhr.": [{"https://hub.ruhr": ""}, {"": "."}],
    "<@U1> <!here>": [{"@": "U1"}, {"": " "}, {"!": "here"}],
    "*nicht zu": [{"": "*nicht zu"}],
    "**": [{"": "**"}],
}


@pytest.fixture(scope="module")
def parsed(browser: Any, demo: Any) -> Iterator[Callable[[str], Any]]:
    page = browser.new_page()
    page.goto(demo.url)
    yield lambda text: page.evaluate("async (text) => (await import('/js/slack/mrkdwn.js')).parse(text)", text)
    page.close()


def told(part: dict[str, Any]) -> dict[str, str]:
    match part["type"]:
        case "user":
            return {"@": part["user_id"]}
        case "broadcast":
            return {"!": part["range"]}
        case "link":
            return {part["url"]: part.get("text") or ""}
    return {" ".join(sorted(part.get("style") or {})): part["text"]}


@pytest.mark.parametrize(("text", "parts"), MRKDWN.items(), ids=MRKDWN)
def test_mrkdwn_reads_as_in_slack(parsed: Callable[[str], Any], text: str, parts: list[dict[str, str]]) -> None:
    (section,) = parsed(text)
    assert [told(part) for part in section["elements"]] == parts, json.dumps(section)


def test_mrkdwn_has_quotes_and_preformatted_parts(parsed: Callable[[str], Any]) -> None:
    kinds = [part["type"].removeprefix("rich_text_") for part in parsed("a\n> b\n&gt; c\nd\n```\n*e*\n```\nf")]
    assert kinds == ["section", "quote", "section", "preformatted", "section"]
