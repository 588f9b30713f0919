"""Notices: written, previewed, sent once, stopped midway, corrected, withdrawn, found again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec import structs

from handlers.core.context import system_context
from handlers.core.ui import Action, Button, Controls, plain
from handlers.notices import sending
from handlers.notices.post import linked
from handlers.notices.writing import TEXT_LENGTH
from storage import chats, notices, outbox, people, places, posts, retention, roles, timers

TEXT = "Am Freitag bleibt der Hub zu.\n\nMontag geht es weiter."
CHANNELS = ("allgemein", "gruender", "technik")
GROUPS = tuple(f"Gruppe {number}" for number in range(1, 5))


@pytest.fixture
async def house(bot):
    """A manager on each platform, a chat for the team, three channels and four groups for events."""
    await bot.gives("lea", "lead")
    await bot.gives("leo", "lead", "telegram")
    await bot.gives("mona", "manager")
    await bot.gives("max", "manager", "telegram")
    await bot.commands("here", "managers", who="lea", chat="team")
    for channel in CHANNELS:
        await bot.commands("here", "events", who="lea", chat=channel)
    for group in GROUPS:
        await bot.commands("here", "events", who="leo", chat=group, platform="telegram")
    return bot


async def chat_id(bot, chat: str, platform: str = "slack") -> int:
    return (await bot.reads(lambda tx: chats.get_chat_by_external_id(tx, platform, chat))).id


async def arrive(bot, *where: str) -> None:
    """Delivery, by hand: what waits for these chats (without any: for all) stands there now."""
    bot.passes(seconds=1)

    def send(tx):
        for post in tx.values("SELECT p.id, c.title FROM posts p JOIN chats c ON c.id = p.chat_id"):
            if not where or post[1] in where:
                claimed = posts.mark_post_sending_if_untrue(tx, post[0], bot.now)
                if claimed:
                    posts.mark_post_sent(tx, claimed.id, f"ref{claimed.id}", "text", bot.now, bot.now)

    await bot.database.write(send)


async def refuse(bot, chat: str) -> None:
    """A chat does not take what waits for it."""

    def fail(tx):
        for (post,) in tx.values(
            "SELECT p.id FROM posts p JOIN chats c ON c.id = p.chat_id WHERE c.title = ?", (chat,)
        ):
            posts.mark_post_sending_if_untrue(tx, post, bot.now)
            posts.mark_post_failed(tx, post, "no rights")

    await bot.database.write(fail)


async def look(bot) -> None:
    """The timers that are due run."""

    def run(tx):
        for timer in timers.list_due_timers(tx, bot.now):
            timers.remove_timer_if_due(tx, timer, bot.now)
            sending.progress(system_context(bot.house, tx, bot.now), timer.subject)

    await bot.database.write(run)


async def waits(bot) -> int:
    """How many timers are set."""
    return await bot.reads(lambda tx: tx.value("SELECT count(*) FROM timers WHERE kind = 'notices.progress'"))


async def card_wanted(bot) -> int:
    """The revision of the card that is wanted."""
    return await bot.reads(lambda tx: tx.value("SELECT wanted FROM posts WHERE subject LIKE 'notice-control%'"))


async def notice(bot, number: int = 1):
    return await bot.reads(lambda tx: notices.get_notice(tx, number))


async def card(bot, chat: str = "mona", platform: str = "slack"):
    return [seen for seen in await bot.screen(chat, platform) if seen.id.startswith("p")][-1]


async def shown(bot) -> list[tuple[str, str]]:
    """Chats for events and what stands there of notices, or will."""
    found = []
    for platform, names in (("slack", CHANNELS), ("telegram", GROUPS)):
        for name in names:
            found += [(name, seen.text) for seen in await bot.screen(name, platform) if seen.id.startswith("p")]
    return found


async def told(house, label: str, who: str = "mona", **where) -> str:
    """What somebody is told for pressing a button of their card."""
    seen = await house.presses(label, who=who, **where)
    return [each.text for each in seen if each.id.startswith("m")][-1]


async def sent(house, text: str = TEXT):
    """Mona sent a notice to everybody."""
    await house.commands("mitteilung", text, who="mona")
    await house.presses("Senden", who="mona")
    return house


# Writing, and the preview


async def test_a_notice_is_written_previewed_and_sent(house):
    await house.commands("mitteilung", who="mona")
    form = house.answer.outcome.form
    assert [field.name for field in form.fields] == ["text", "audience"]
    assert [option.label for option in form.fields[1].options][:3] == [
        "Alle Chats für Termine (7)",
        "Nur Slack-Kanäle (3)",
        "Nur Telegram-Gruppen (4)",
    ]
    [preview] = await house.submits(who="mona", text=TEXT, audience="all")
    assert preview.text == (
        f"{TEXT}\nVom Team des ruhr:HUB\nErreicht 3 Slack-Kanäle und 4 Telegram-Gruppen. Noch nicht gesendet."
    )
    assert preview.buttons == ["Senden", "Ändern", "Verwerfen"]
    assert await shown(house) == []
    assert await told(house, "Senden") == "Geht raus an 7 Chats."
    assert [name for name, _ in await shown(house)] == [*CHANNELS, *GROUPS]
    assert {text for _, text in await shown(house)} == {f"{TEXT}\nVom Team des ruhr:HUB"}


async def test_the_text_is_taken_at_once(house):
    [preview] = await house.says(f"mitteilung {TEXT}", who="mona")
    assert preview.text.startswith(TEXT)
    assert (await notice(house)).audience == "all"


async def test_in_telegram_it_is_asked_question_by_question(house):
    [asked] = await house.commands("mitteilung", who="max", platform="telegram")
    assert asked.text.startswith("Was sollen alle wissen?")
    await house.says(TEXT, who="max", platform="telegram")
    [preview] = await house.picks("Nur Slack-Kanäle (3)", who="max", platform="telegram")
    assert preview.text.startswith(TEXT)
    assert preview.text.endswith("Erreicht 3 Slack-Kanäle. Noch nicht gesendet.")
    await house.presses("Senden", who="max", platform="telegram")
    assert house.toast == "Geht raus an 3 Chats."
    assert [name for name, _ in await shown(house)] == list(CHANNELS)


async def test_an_english_manager_sees_the_post_as_the_groups_will_read_it(house):
    [preview] = await house.commands("notice", TEXT, who="mona", language="en")
    assert preview.text.endswith(
        "Vom Team des ruhr:HUB\nReaches 3 Slack channels and 4 Telegram groups. Not sent yet."
    )
    assert preview.buttons == ["Send it", "Change", "Discard"]
    assert await told(house, "Send it", language="en") == "It goes to 7 chats."


async def test_what_is_typed_is_shown_to_the_letter(house):
    hostile = "**fett** _nicht_ <b>x</b> <!channel> {name} `a` [x](https://evil.example) @here"
    await sent(house, hostile)
    texts = {text for _, text in await shown(house)}
    assert texts == {f"{hostile}\nVom Team des ruhr:HUB"}
    [first, *_] = (await card(house, "allgemein")).reply.blocks
    assert all(not (span.bold or span.italic or span.code) for span in first.text)


def test_addresses_are_clickable_and_nothing_else_changes():
    text = "Mehr (https://hub.example/a_b?c=1&d=**), bald auch http://x.example/y."
    found = linked(text)
    assert plain(found) == text
    assert [span.link for span in found if span.link] == ["https://hub.example/a_b?c=1&d=**", "http://x.example/y"]
    assert linked("ohne") == "ohne"
    many = " ".join(f"https://x.example/{number}" for number in range(11))
    assert linked(many) == many


async def test_one_chat_of_several_can_be_chosen(house):
    await house.commands("mitteilung", who="mona")
    label, value = next(
        (option.label, option.value)
        for option in house.answer.outcome.form.fields[1].options
        if option.label.startswith("Gruppe 2")
    )
    assert label == "Gruppe 2 (Telegram)"
    [preview] = await house.submits(who="mona", text=TEXT, audience=value)
    assert "Erreicht Gruppe 2. Noch nicht gesendet." in preview.text
    await house.presses("Senden", who="mona")
    assert [name for name, _ in await shown(house)] == ["Gruppe 2"]


async def test_at_most_twenty_chats_are_listed_by_name(house):
    for number in range(30):
        await house.commands("here", "events", who="lea", chat=f"noch-{number}")
    await house.commands("mitteilung", who="mona")
    assert len(house.answer.outcome.form.fields[1].options) == 3 + 20


async def test_reaching_nobody_says_how_to_get_chats_and_can_not_be_sent(bot):
    await bot.gives("lea", "lead")
    await bot.gives("mona", "manager")
    [preview] = await bot.commands("mitteilung", TEXT, who="mona")
    assert "hier termine" in preview.text
    assert preview.buttons == ["Nochmal schauen", "Ändern", "Verwerfen"]
    await bot.commands("here", "events", who="lea", chat="allgemein")
    await arrive(bot)
    await bot.presses("Nochmal schauen", who="mona", on=preview)
    assert (await card(bot)).buttons == ["Senden", "Ändern", "Verwerfen"]
    [again] = await bot.reads(lambda tx: posts.list_posts(tx, "notice-control:1", "notices.control"))
    assert again.sent < again.wanted


async def test_a_draft_is_changed_and_its_preview_with_it(house):
    [first] = await house.commands("mitteilung", "Erste Fassung", who="mona")
    await house.presses("Ändern", who="mona")
    form = house.answer.outcome.form
    assert form.fields[0].initial == "Erste Fassung"
    assert form.fields[1].initial == "all"
    await house.submits(who="mona", text="Zweite Fassung", audience="telegram")
    changed = await card(house)
    assert changed.id == first.id
    assert changed.text.startswith("Zweite Fassung")
    assert "Erreicht 4 Telegram-Gruppen" in changed.text


async def test_a_discarded_draft_loses_its_text_and_can_not_be_sent(house):
    [preview] = await house.commands("mitteilung", TEXT, who="mona")
    await house.presses("Verwerfen", who="mona")
    assert (await card(house)).text == "Verworfen, nichts wurde gesendet."
    assert (await card(house)).buttons == []
    assert (await notice(house)).text == ""
    for label in ("Senden", "Ändern", "Verwerfen"):
        [toast] = await house.presses(label, who="mona", on=preview)
        assert toast.text == "Mona hat diese Mitteilung verworfen (10:42)."
    assert await shown(house) == []


async def test_among_the_team_the_preview_is_for_all_and_elsewhere_in_private(house):
    await house.says("mitteilung Hier lesen alle mit", who="mona", chat="team")
    assert (await card(house, "team")).text.startswith("Hier lesen alle mit")
    told = await house.commands("mitteilung", "Das nicht", who="mona", chat="allgemein")
    assert [(seen.to, seen.text) for seen in told if seen.id.startswith("m")] == [
        ("mona", "Ich habe dir direkt geschrieben.")
    ]
    assert not any("Das nicht" in text for _, text in await shown(house))
    assert (await card(house)).text.startswith("Das nicht")


async def test_who_never_wrote_to_the_bot_in_telegram_is_asked_to(house):
    [told] = await house.commands("mitteilung", TEXT, who="max", chat="Gruppe 1", platform="telegram")
    assert "Schreib mir einmal direkt" in told.text
    assert await notice(house) is None


@pytest.mark.parametrize("text", ["x" * 2001, "😀" * 1001])
async def test_too_long_a_text_is_not_taken(house, text):
    [told] = await house.commands("mitteilung", text, who="mona")
    assert f"{TEXT_LENGTH} passen" in told.text
    await house.commands("mitteilung", who="mona")
    await house.submits(who="mona", text=text, audience="all")
    assert "passen" in house.answer.outcome.errors["text"]
    assert await notice(house) is None


async def test_20000_characters_and_an_empty_text_change_nothing(house):
    await house.commands("mitteilung", "x" * 20_000, who="mona")
    await house.commands("mitteilung", who="mona")
    await house.submits(who="mona", audience="all")
    assert set(house.answer.outcome.errors) == {"text"}
    assert await notice(house) is None


async def test_only_managers_write_notices(house):
    for said in (f"mitteilung {TEXT}", "mitteilungen", "notice", "notices"):
        [refused] = await house.says(said, who="ada")
        assert refused.text in (
            "Das darf nur das Team des Hubs.",
            "Only the hub's team may do that.",
        )
    assert await notice(house) is None


async def test_only_managers_press_what_is_on_the_card(house):
    await house.commands("mitteilung", TEXT, who="mona", chat="team")
    [refused] = await house.presses("Senden", who="ada", chat="team")
    assert refused.text == "Das darf nur das Team des Hubs."
    assert (await notice(house)).state == "draft"


async def test_whoever_lost_the_role_meanwhile_can_not_hand_in_a_form(house):
    await sent(house)
    for open_form, values in (
        (lambda: house.commands("mitteilung", who="mona"), {"text": "x", "audience": "all"}),
        (lambda: house.presses("Korrigieren", who="mona"), {"text": "x"}),
    ):
        await house.gives("mona", "manager")
        await open_form()
        form = house.answer.outcome.form
        await house.database.write(lambda tx: tx.execute("DELETE FROM roles WHERE role = 'manager'"))
        [refused] = await house.submits(who="mona", form=form, **values)
        assert refused.text == "Das darf nur das Team des Hubs."
    assert (await notice(house)).text == TEXT
    assert await notice(house, 2) is None


# Sending


async def test_pressed_twice_it_goes_out_once(house):
    [preview] = await house.commands("mitteilung", TEXT, who="mona", chat="team")
    await house.presses("Senden", who="mona", chat="team", on=preview)
    [late] = await house.presses("Senden", who="lea", chat="team", on=preview)
    assert late.text == "Mona hat diese Mitteilung gesendet (10:42)."
    rows = await house.reads(lambda tx: tx.values("SELECT wanted FROM posts WHERE subject = 'notice:1'"))
    assert rows == [(1,)] * 7


async def test_the_same_delivery_of_a_press_counts_once(house):
    await house.commands("mitteilung", TEXT, who="mona")
    for _ in range(3):
        seen = [each for each in await house.screen("mona") if "Senden" in each.buttons]
        if seen:
            await house.presses("Senden", who="mona", on=seen[-1], key="slack:once")
    assert len(await shown(house)) == 7


async def test_whoever_is_in_the_audience_when_it_is_sent_gets_it_and_the_difference_is_told(house):
    [preview] = await house.commands("mitteilung", TEXT, who="mona")
    await house.commands("here", "not events", who="lea", chat="technik")
    await house.commands("here", "not events", who="lea", chat="gruender")
    assert await told(house, "Senden", on=preview) == "Geht raus an 5 Chats; in der Vorschau waren es 7."
    assert "technik" not in dict(await shown(house))


async def test_a_preview_from_before_a_change_sends_nothing(house):
    [before] = await house.commands("mitteilung", "Erste Fassung", who="mona", chat="team")
    await house.presses("Ändern", who="lea", chat="team")
    await house.submits(who="lea", text="Zweite Fassung", audience="all")
    [told] = await house.presses("Senden", who="mona", chat="team", on=before)
    assert told.text.startswith("Diese Mitteilung wurde inzwischen geändert.")
    assert (await notice(house)).state == "draft"


async def test_an_audience_that_is_gone_by_now_sends_nothing(house):
    [preview] = await house.commands("mitteilung", TEXT, who="mona")
    for channel in CHANNELS:
        await house.commands("here", "not events", who="lea", chat=channel)
    for group in GROUPS:
        await house.commands("here", "not events", who="leo", chat=group, platform="telegram")
    assert (await told(house, "Senden", on=preview)).startswith("Erreicht noch niemanden.")
    assert (await notice(house)).state == "draft"


async def test_a_press_on_what_is_not_kept_any_more(house):
    await house.commands("mitteilung", TEXT, who="mona")
    preview = await card(house)
    await house.database.write(lambda tx: tx.execute("DELETE FROM notices"))
    for label in preview.buttons:
        [told] = await house.presses(label, who="mona", on=preview)
        assert told.text == "Diese Mitteilung bewahre ich nicht mehr auf."


async def test_the_posts_go_out_as_a_broadcast_and_the_card_before_it(house):
    await sent(house)
    lanes = await house.reads(
        lambda tx: tx.values("SELECT subject, min(lane), max(lane) FROM posts GROUP BY subject ORDER BY subject")
    )
    assert lanes == [
        ("notice-control:1", outbox.REPLY, outbox.REPLY),
        ("notice:1", outbox.BROADCAST, outbox.BROADCAST),
    ]


# The card


async def test_the_card_tells_how_far_it_has_come_and_nothing_is_watched_once_it_stands(house):
    await sent(house)
    running = await card(house)
    assert "Geht raus: 0 von 7." in running.text
    assert running.buttons == ["Anhalten", "Korrigieren"]
    assert running.text.endswith("Gesendet von Mona, 10:42")
    await arrive(house, *CHANNELS)
    house.passes(seconds=5)
    await look(house)
    assert "Geht raus: 3 von 7." in (await card(house)).text
    assert await waits(house) == 1
    await arrive(house)
    house.passes(seconds=25)
    await look(house)
    done = await card(house)
    assert "Steht in 7 Chats." in done.text
    assert done.buttons == ["Korrigieren", "Zurückziehen"]
    assert await waits(house) == 0


async def test_the_card_is_touched_only_when_there_is_news(house):
    await sent(house)
    house.passes(seconds=5)
    await look(house)
    first = await card_wanted(house)
    for _ in range(5):
        house.passes(seconds=25)
        await look(house)
    assert await card_wanted(house) == first
    assert await waits(house) == 1


async def test_chats_that_took_it_not_are_named(house):
    await sent(house)
    await refuse(house, "Gruppe 3")
    await refuse(house, "technik")
    await arrive(house)
    assert "Steht in 5 Chats." in (await card(house)).text
    assert "In 2 Chats durfte ich nicht schreiben: technik, Gruppe 3" in (await card(house)).text


async def test_a_chat_that_takes_no_correction_is_named(house):
    await sent(house)
    await arrive(house)
    await correct(house, "Neu")
    await refuse(house, "Gruppe 3")
    await arrive(house)
    assert "Hier konnte ich nicht ändern, was dort steht: Gruppe 3" in (await card(house)).text


async def test_a_pause_is_told_on_the_card(house):
    await house.commands("pause", who="lea")
    await sent(house)
    assert "es geht weiter, wenn die Leitung fortsetzen schreibt" in (await card(house)).text
    await house.commands("resume", who="lea")
    assert "fortsetzen" not in (await card(house)).text


async def test_the_end_of_a_pause_is_news_for_the_card(house):
    await house.commands("pause", who="lea")
    await sent(house)
    house.passes(seconds=5)
    await look(house)
    before = await card_wanted(house)
    await house.commands("resume", who="lea")
    house.passes(seconds=25)
    await look(house)
    assert await card_wanted(house) == before + 1


# Stopping and going on


async def test_stopped_midway_the_rest_is_not_sent_and_the_card_says_where_it_stands(house):
    await house.commands("mitteilung", TEXT, who="mona", chat="team")
    await house.presses("Senden", who="mona", chat="team")
    await arrive(house, "allgemein", "Gruppe 1")
    assert await told(house, "Anhalten", "lea", chat="team") == "Angehalten: 5 Chats bekommen sie nicht."
    assert [name for name, _ in await shown(house)] == ["allgemein", "Gruppe 1"]
    await arrive(house)
    stopped = await card(house, "team")
    assert "Angehalten: steht in 2 von 7 Chats." in stopped.text
    assert "Steht schon in: allgemein, Gruppe 1" in stopped.text
    assert stopped.text.endswith("Angehalten von Lea, 10:42")
    assert stopped.buttons == ["Weiter senden", "Korrigieren", "Zurückziehen"]


async def test_going_on_sends_the_rest_and_leaves_the_others_alone(house):
    await sent(house)
    await arrive(house, "allgemein", "Gruppe 1")
    await house.presses("Anhalten", who="mona")
    assert await told(house, "Weiter senden") == "Geht noch an 5 Chats."
    wanted = dict(
        await house.reads(
            lambda tx: tx.values(
                "SELECT c.title, p.wanted - p.sent FROM posts p JOIN chats c ON c.id = p.chat_id"
                " WHERE subject = 'notice:1'"
            )
        )
    )
    assert wanted.pop("allgemein") == wanted.pop("Gruppe 1") == 0
    assert set(wanted.values()) == {1}
    await arrive(house)
    assert "Steht in 7 Chats." in (await card(house)).text


async def test_a_chat_that_left_meanwhile_is_not_in_the_rest(house):
    await sent(house)
    await arrive(house, "allgemein")
    await house.presses("Anhalten", who="mona")
    await house.commands("here", "not events", who="lea", chat="technik")
    assert await told(house, "Weiter senden") == "Geht noch an 5 Chats."
    assert "technik" not in dict(await shown(house))


async def test_a_chat_that_leaves_while_it_waits_is_not_written_to(house):
    await sent(house)
    await arrive(house, "allgemein")
    await house.commands("here", "not events", who="lea", chat="technik")
    await house.commands("here", "not events", who="lea", chat="allgemein")
    assert "technik" not in dict(await shown(house))
    assert "allgemein" in dict(await shown(house))  # there it stands already


async def test_what_is_under_way_at_the_stop_arrives_and_what_the_platform_put_off_does_not(house):
    await sent(house)
    by_title = dict(
        await house.reads(
            lambda tx: tx.values(
                "SELECT c.title, p.id FROM posts p JOIN chats c ON c.id = p.chat_id WHERE subject = 'notice:1'"
            )
        )
    )
    arrives, put_off, lost = (by_title[name] for name in ("allgemein", "gruender", "Gruppe 1"))
    for post in (arrives, put_off, lost):
        await house.database.write(lambda tx, post=post: posts.mark_post_sending_if_untrue(tx, post, house.now))
    assert await told(house, "Anhalten") == "Angehalten: 4 Chats bekommen sie nicht."
    assert "3 waren schon unterwegs" in (await card(house)).text

    def settle(tx):
        posts.mark_post_sent(tx, arrives, "r1", "text", house.now, house.now)
        posts.mark_post_pending_again(tx, put_off, house.now, "slowed down", counts=False)
        posts.mark_post_pending_again(tx, lost, house.now, "its answer was lost")
        return [posts.mark_post_sending_if_untrue(tx, post, house.now) for post in (put_off, lost)]

    assert all(await house.database.write(settle))
    shown_now = dict(await shown(house))
    assert "allgemein" in shown_now
    assert "gruender" not in shown_now  # surely not there, so it stays away
    assert "Gruppe 1" in shown_now  # it may be there: sent again, so that it is known to be


async def test_too_late_to_stop(house):
    await sent(house)
    running = await card(house)
    await arrive(house)
    [told] = await house.presses("Anhalten", who="mona", on=running)
    assert told.text.startswith("Zum Anhalten ist es zu spät")
    assert (await notice(house)).state == "out"


async def test_late_presses_say_what_is_so(house):
    await sent(house)
    running = await card(house)
    await house.presses("Anhalten", who="mona", on=running)
    stopped = await card(house)
    [late] = await house.presses("Anhalten", who="mona", on=running)
    assert late.text == "Mona hat diese Mitteilung angehalten (10:42)."
    await house.presses("Weiter senden", who="mona", on=stopped)
    [late] = await house.presses("Weiter senden", who="mona", on=stopped)
    assert late.text == "Mona hat diese Mitteilung gesendet (10:42)."


async def test_stopping_works_while_everything_is_paused_and_after_a_restart(house):
    await house.commands("pause", who="lea")
    await sent(house)
    await house.restart()
    await house.presses("Anhalten", who="mona")
    assert (await notice(house)).state == "stopped"
    assert await shown(house) == []
    queued = await house.reads(posts.list_queued_posts)
    assert {each.chat_id for each in queued} <= {await chat_id(house, "mona")} | await homes(house)


async def homes(house) -> set[int]:
    rows = await house.reads(lambda tx: tx.values("SELECT chat_id FROM posts WHERE surface = 'home'"))
    return {chat for (chat,) in rows}


# Correcting and withdrawing


async def correct(house, text: str, who: str = "mona"):
    await house.presses("Korrigieren", who=who, on=await card(house))
    return await house.submits(who=who, text=text)


async def test_a_correction_changes_every_post_and_says_so(house):
    await sent(house)
    await arrive(house, *CHANNELS)
    house.passes(minutes=3)
    told = await correct(house, "Am Samstag bleibt der Hub zu.")
    assert told[-1].text.startswith("Korrigiert;")
    expected = "Am Samstag bleibt der Hub zu.\nVom Team des ruhr:HUB\nKorrigiert um 10:45"
    assert {text for _, text in await shown(house)} == {expected}
    assert "Die Korrektur ist zu 3 Chats noch unterwegs." in (await card(house)).text
    house.passes(seconds=10)
    await arrive(house)
    house.passes(seconds=30)
    await look(house)
    assert "Korrektur" not in (await card(house)).text


async def test_a_correction_on_another_day_says_which(house):
    await sent(house)
    house.passes(days=2)
    await correct(house, "Neu")
    assert {text.splitlines()[-1] for _, text in await shown(house)} == {"Korrigiert am 25. Nov., 10:42"}


async def test_the_form_of_a_correction_holds_the_text(house):
    await sent(house)
    await house.presses("Korrigieren", who="mona")
    assert house.answer.outcome.form.fields[0].initial == TEXT
    [told] = await house.submits(who="mona", text=TEXT)
    assert told.text == "Das steht schon so da, also ändert sich nichts."
    assert (await notice(house)).corrected_at is None


async def test_of_two_corrections_at_once_the_first_counts_and_the_other_is_not_lost(house):
    await sent(house)
    await house.presses("Korrigieren", who="mona", on=await card(house))
    monas = house.answer.outcome.form
    await house.commands("mitteilungen", who="lea")
    await house.presses("Karte", who="lea")
    await house.presses("Korrigieren", who="lea")
    leas = house.answer.outcome.form
    await house.submits(who="lea", form=leas, text="Leas Fassung")
    told = await house.submits(who="mona", form=monas, text="Monas Fassung")
    assert "Monas Fassung" in told[-1].text
    assert (await notice(house)).text == "Leas Fassung"


async def test_a_stopped_notice_can_be_corrected_where_it_stands(house):
    await sent(house)
    await arrive(house, "allgemein")
    await house.presses("Anhalten", who="mona")
    await correct(house, "Neu")
    assert [name for name, _ in await shown(house)] == ["allgemein"]
    await house.presses("Weiter senden", who="mona")
    assert len(await shown(house)) == 7
    assert all(text.startswith("Neu") for _, text in await shown(house))


async def test_withdrawn_it_says_so_everywhere_and_goes_nowhere_else(house):
    await sent(house)
    await arrive(house, "allgemein", "Gruppe 1")
    await house.presses("Anhalten", who="mona")
    await house.presses("Zurückziehen", who="mona")
    told = "Diese Mitteilung wurde zurückgezogen.\nVom Team des ruhr:HUB"
    assert await shown(house) == [("allgemein", told), ("Gruppe 1", told)]
    withdrawn = await card(house)
    assert withdrawn.text.endswith("Zurückgezogen von Mona, 10:42")
    assert withdrawn.buttons == []
    [late] = await house.presses("Korrigieren", who="mona", on=await before(house, "Korrigieren"))
    assert late.text == "Mona hat diese Mitteilung zurückgezogen (10:42)."


async def before(house, label: str):
    """A card as it stood before, with a button."""
    now = await card(house)
    old = Button(label, Action.of("notices:correct", 1))
    return structs.replace(now, reply=structs.replace(now.reply, blocks=(Controls((old,)),)))


async def test_an_old_notice_is_not_posted_again_in_a_group_that_moved(house):
    await sent(house)
    await arrive(house)
    moved = await chat_id(house, "Gruppe 1", "telegram")
    await house.database.write(lambda tx: posts.mark_posts_anew(tx, moved, house.now))
    assert len(await shown(house)) == 7  # it is news still
    house.passes(days=8)
    assert len(await shown(house)) == 6


# Finding them again


async def test_the_last_five_with_their_cards(house):
    for number in range(6):
        await house.commands("mitteilung", f"Nummer {number}", who="mona")
    await house.presses("Senden", who="mona")
    [listed] = await house.commands("mitteilungen", who="lea")
    assert listed.reply.audience == "person"
    quotes = [block for block in listed.text.splitlines() if block.startswith("„")]
    assert quotes == [f"„Nummer {number}“" for number in (5, 4, 3, 2, 1)]
    assert "Geht raus: 0 von 7. Gesendet 10:42" in listed.text
    assert "Entwurf, nicht gesendet." in listed.text
    assert listed.buttons == ["Karte", "Anhalten", "Karte", "Karte", "Karte", "Karte"]


async def test_another_manager_gets_the_card_and_stops_it(house):
    await house.says("hallo", who="max", platform="telegram")
    await sent(house)
    await house.commands("mitteilungen", who="max", platform="telegram")
    await house.presses("Karte", who="max", platform="telegram")
    assert "Geht raus: 0 von 7." in (await card(house, "max", "telegram")).text
    await house.presses("Anhalten", who="max", platform="telegram")
    assert house.toast == "Angehalten: 7 Chats bekommen sie nicht."
    for chat, platform in (("mona", "slack"), ("max", "telegram")):
        assert "Angehalten von Max, 10:42" in (await card(house, chat, platform)).text


async def test_a_card_asked_for_again_stands_further_down_and_the_old_one_says_so(house):
    await sent(house)
    await arrive(house)
    old = (await card(house)).id
    await house.commands("mitteilungen", who="mona")
    changed = await house.presses("Karte", who="mona")
    [moved] = [seen for seen in changed if seen.text == "Die Karte steht jetzt weiter unten."]
    assert moved.id == f"ref{old[1:]}"
    again = await house.reads(lambda tx: posts.list_posts(tx, "notice-control:1", "notices.control"))
    assert [(post.ref, post.generation, post.sent < post.wanted) for post in again] == [("", 2, True)]


async def test_without_notices_the_list_says_how_to_write_one(house):
    [told] = await house.commands("notices", who="mona", language="en")
    assert told.text == "There is no notice yet. notice writes one."


async def test_managers_see_the_running_notice_on_their_home_page(house):
    await sent(house)
    await house.opens_home("lea")
    assert any("Geht raus: 0 von 7." in seen.text for seen in await house.screen("lea"))
    await house.opens_home("ada")
    assert not any("Geht raus" in seen.text for seen in await house.screen("ada"))
    house.passes(days=15)
    assert not any("Geht raus" in seen.text for seen in await house.screen("lea"))


# What is kept


async def test_drafts_go_after_14_days_and_notices_a_year_after_they_were_sent(house):
    await house.commands("mitteilung", "Entwurf", who="mona")
    await sent(house)
    await arrive(house)

    async def left(days: float) -> tuple[int, int]:
        def clean(tx):
            retention.remove_expired(tx, house.now + timedelta(days=days), house.house.registry.retention)
            where = "subject LIKE 'notice%'"
            return tx.value("SELECT count(*) FROM notices"), tx.value(f"SELECT count(*) FROM posts WHERE {where}")

        return await house.database.write(clean)

    assert await left(13.9) == (2, 9)
    assert await left(14.1) == (1, 9)
    assert await left(364) == (1, 9)
    assert await left(366) == (0, 0)


async def test_nobodys_name_is_left_in_a_notice_when_they_are_forgotten(house):
    await sent(house)
    person = await house.reads(lambda tx: people.get_account(tx, "slack", "mona").person_id)
    await house.database.write(lambda tx: tx.execute("DELETE FROM persons WHERE id = ?", (person,)))
    left = await notice(house)
    assert (left.author_id, left.decided_by, left.text) == (None, None, TEXT)
    assert len(await shown(house)) == 7


async def test_the_chat_for_events_says_that_notices_appear_there(house):
    [told] = await house.commands("here", "events", who="lea", chat="neu")
    assert told.text == "Dieser Chat ist jetzt für Termine. Hier erscheinen Termine und Mitteilungen des Teams."
    assert await house.reads(lambda tx: len(places.list_places(tx, "events"))) == 8


# Who sees a card, and where


async def test_a_manager_who_lost_the_role_sees_a_draft_no_more(house):
    await house.commands("mitteilung", "Erste Fassung", who="mona")
    mona = await house.reads(lambda tx: people.get_account(tx, "slack", "mona").person_id)
    await house.database.write(lambda tx: roles.remove_role(tx, mona, "manager"))
    shown = await card(house)
    assert (shown.text, shown.buttons) == ("Diese Mitteilung sehen nur Community-Manager.", [])


async def test_a_group_that_moves_gets_no_cards_of_what_is_long_over_and_who_wants_one_gets_it_in_private(house):
    team = await chat_id(house, "team")
    for text in (TEXT, "Ein Entwurf"):
        await house.commands("mitteilung", text, who="mona", chat="team")
        if text == TEXT:
            await house.presses("Senden", who="mona", chat="team")
    await arrive(house)

    async def moves() -> list[str]:
        await house.database.write(lambda tx: posts.mark_posts_anew(tx, team, house.now))
        return [seen.text for seen in await house.screen("team") if seen.id.startswith("p")]

    assert len(await moves()) == 2
    await arrive(house)
    house.passes(days=8)
    assert len([seen for seen in await house.screen("team") if seen.id.startswith("p")]) == 2, "it stands there"
    [draft] = await moves()
    assert "Ein Entwurf" in draft
    await house.says("hallo", who="mona")
    await house.commands("mitteilungen", who="mona", chat="team")
    listed = next(seen for seen in await house.screen("team") if "Karte" in seen.buttons)
    button = [control for control in listed.controls if control.label == "Karte"][-1]
    token = house.house.seals.seal(button.action.packed, listed.chat_id)
    await house.presses_token(token, "mona", chat="team")
    assert TEXT in (await card(house)).text


async def test_a_discarded_draft_is_not_posted_again_where_the_group_moved(house):
    await house.commands("mitteilung", TEXT, who="mona", chat="team")
    await arrive(house)
    await house.presses("Verwerfen", who="mona", chat="team")
    team = await chat_id(house, "team")
    assert (await card(house, "team")).text == "Verworfen, nichts wurde gesendet."
    await house.database.write(lambda tx: posts.mark_posts_anew(tx, team, house.now))
    assert not [seen for seen in await house.screen("team") if seen.id.startswith("p")]
