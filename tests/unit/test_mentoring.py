"""Mentoring: a founder asks, the first manager to decide wins, and both can write each other."""

from __future__ import annotations

import pytest

from handlers.core.ui import Nothing, OpenForm
from storage import chats, mentoring, outbox, people, posts, retention, roles

TEXT = "Wir suchen Pilotkunden in der Lagerlogistik"
FORM = {"text": TEXT, "topic": "logistics-it", "city": "dortmund"}


@pytest.fixture
async def house(bot):
    """A bot with a lead and managers on both platforms, and a team chat on each."""
    await bot.gives("lea", "lead")
    await bot.gives("mona", "manager")
    await bot.gives("mia", "manager")
    await bot.gives("max", "manager", "telegram")
    await bot.gives("leo", "lead", "telegram")
    await bot.commands("here", "managers", who="lea", chat="team")
    await bot.commands("here", "managers", who="leo", chat="leute", platform="telegram")
    for who in ("max", "leo"):
        await bot.says("hallo", who=who, platform="telegram")
    return bot


async def asks(bot, who: str = "ada", **facts):
    await bot.commands("mentor", who=who, **facts)
    seen = await bot.submits(who, **FORM)
    await arrive(bot)
    return seen


async def asks_on_telegram(bot, who: str = "tom", topic: str = "Logistik-IT", city: str = "Dortmund", **facts):
    await bot.commands("mentor", who=who, platform="telegram", **facts)
    await bot.says(TEXT, who=who, platform="telegram", **facts)
    await bot.picks(topic, who=who, platform="telegram", **facts)
    seen = await bot.picks(city, who=who, platform="telegram", **facts)
    await arrive(bot)
    return seen


async def arrive(bot) -> None:
    """Delivery, by hand: the posts that wait stand in their chats now."""

    def send(tx):
        for (post,) in tx.values("SELECT id FROM posts WHERE sent < wanted"):
            if posts.mark_post_sending_if_untrue(tx, post, bot.now):
                posts.mark_post_sent(tx, post, f"ref{post}", "text", bot.now, bot.now)

    await bot.database.write(send)


async def inquiry(bot, number: int = 1):
    return await bot.reads(lambda tx: mentoring.get_inquiry(tx, number))


async def card(bot, chat: str = "team", platform: str = "slack"):
    """The newest card in a chat of the team."""
    return [seen for seen in await bot.screen(chat, platform) if seen.id.startswith("p")][-1]


async def cards(bot):
    return [await card(bot), await card(bot, "leute", "telegram")]


async def newest(bot, who: str, platform: str = "slack"):
    """The newest message in a direct chat, other than what is kept true there."""
    return [seen for seen in await bot.screen(who, platform) if seen.id.startswith("m")][-1]


async def held(bot, who: str, platform: str = "slack"):
    """What whoever accepted a request has of it in their direct chat."""
    return [
        seen for seen in await bot.screen(who, platform) if seen.id.startswith("p") and "Hallo" not in seen.text
    ][-1]


async def person_id(bot, who: str, platform: str = "slack") -> int:
    return await bot.reads(lambda tx: people.get_account(tx, platform, who).person_id)


async def everything_stored(bot) -> str:
    """All texts of posts and messages that anybody but the founder may come to see."""
    rows = await bot.reads(lambda tx: tx.values("SELECT payload FROM outbox"))
    return "\n".join(payload for (payload,) in rows)


# Asking


async def test_the_form_says_who_may_read_it_in_both_languages(house):
    hints = {"de": "Lesen dürfen es nur Community-Manager.", "en": "Only community managers may read it."}
    for language, hint in hints.items():
        await house.commands("mentor", who=f"ada{language}", language=language)
        form = house.answer.outcome.form
        assert [field.name for field in form.fields] == ["text", "topic", "city"]
        assert hint in form.fields[0].hint
        assert len(form.title) <= 24
        topics, cities = form.fields[1].options, form.fields[2].options
        assert len(topics) == 7 + 1
        assert len(cities) == 6 + 1
        assert all(len(option.label) <= 75 for option in (*topics, *cities))
        assert {"Dortmund", "Mülheim an der Ruhr", "Gelsenkirchen"} <= {option.label for option in cities}


async def test_a_request_is_sent_as_in_scene_8_and_its_cards_do_not_hold_the_text(house):
    [sent, *_] = await asks(house)
    assert sent.text == "Ist raus an Dortmund. Meist hörst du in einem Werktag etwas."
    assert sent.buttons == ["Ansehen", "Zurückziehen"]
    for shown in await cards(house):
        assert shown.text == "Neue Anfrage · Logistik-IT · Dortmund · Deutsch\nvon Ada"
        assert shown.buttons == ["Lesen", "Annehmen", "Ablehnen"]
    assert "Lagerlogistik" not in await everything_stored(house)


async def test_on_telegram_it_is_three_questions_one_a_message(house):
    await house.commands("mentor", who="tom", platform="telegram")
    [about] = [seen for seen in await house.screen("tom", "telegram") if "Worum geht" in seen.text]
    assert "Lesen dürfen es nur Community-Manager." in about.text
    [topic] = await house.says(TEXT, who="tom", platform="telegram")
    assert "Welches Thema?" in topic.text
    [city] = await house.picks("Smart Home", who="tom", platform="telegram")
    assert "Welche Stadt?" in city.text
    [sent, *_] = await house.picks("Egal, wo", who="tom", platform="telegram")
    assert sent.text.startswith("Ist raus an die Community-Manager.")
    assert (await card(house)).text == "Neue Anfrage · Smart Home · Deutsch\nvon Tom"


async def test_an_english_founder_is_spoken_to_in_english_and_the_card_says_so(house):
    await house.commands("mentor", who="eve", language="en")
    [sent, *_] = await house.submits("eve", **{**FORM, "city": "any", "topic": "other"})
    assert sent.text == "Sent to the community managers. You mostly hear back within a working day."
    assert sent.buttons == ["View", "Withdraw"]
    assert (await card(house)).text == "Neue Anfrage · Etwas anderes · Englisch\nvon Eve"


async def test_without_a_team_chat_the_founder_is_told_so(bot):
    [sent, *_] = await asks(bot)
    assert "noch nicht mit mir verbunden" in sent.text
    await bot.gives("lea", "lead")
    placed = await bot.commands("here", "managers", who="lea", chat="team")
    assert any("Eine Anfrage wartet schon." in seen.text for seen in placed)
    assert (await card(bot, "team")).buttons == ["Lesen", "Annehmen", "Ablehnen"]


async def test_from_a_channel_everything_personal_goes_on_in_the_direct_chat(house):
    await house.commands("mentor", chat="founders")
    [sent, *_] = await house.submits(**FORM)
    assert await house.texts("founders") == []
    assert sent.id == (await newest(house, "ada")).id
    await house.says("/hallo", who="tom", platform="telegram")
    await house.says("ich suche einen mentor", who="tom", platform="telegram", chat="gruppe")
    [public] = await house.texts("gruppe", "telegram")
    assert "Worum geht" not in public
    assert "Worum geht’s?" in (await newest(house, "tom", "telegram")).text


async def test_the_menu_leads_to_the_form(house):
    await house.says("menü")
    await house.presses("Mentor finden")
    assert isinstance(house.answer.outcome, OpenForm)


async def test_three_requests_may_wait_and_the_fourth_is_told_what_to_do(house):
    for _ in range(3):
        await asks(house)
    await house.commands("mentor")
    assert isinstance(house.answer.outcome, Nothing)
    told = await newest(house, "ada")
    assert told.text.startswith("Drei Anfragen von dir sind schon offen.")
    assert told.buttons == ["Meine Anfragen"]
    [listed] = await house.presses("Meine Anfragen")
    assert listed.buttons.count("Zurückziehen") == 3
    await house.presses("Zurückziehen", on=listed)
    await house.commands("mentor")
    assert isinstance(house.answer.outcome, OpenForm)


async def test_a_form_opened_before_the_limit_was_reached_does_not_get_past_it(house):
    await house.commands("mentor")
    early = house.answer.outcome.form
    for _ in range(3):
        await asks(house)
    [told] = await house.submits(form=early, **FORM)
    assert told.text.startswith("Drei Anfragen")
    assert await inquiry(house, 4) is None


async def test_a_form_sent_in_twice_asks_once(house):
    await house.commands("mentor")
    form = house.answer.outcome.form
    await house.submits(form=form, **FORM)
    await house.submits(form=form, **FORM)
    await house.submits(form=form, key="again", **FORM)
    await house.submits(form=form, key="again", **FORM)
    assert await inquiry(house, 2) is None


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"text": " \n "}, {"text": "z" * 20_000}, {"topic": "x"}, {"city": "'; DROP TABLE"}]
)
async def test_what_is_missing_or_does_not_fit_is_said_and_nothing_is_sent(house, wrong):
    await house.commands("mentor")
    assert await house.submits(**{**FORM, **wrong}) == []
    assert list(house.answer.outcome.errors) == list(wrong)
    assert await inquiry(house) is None


async def test_hostile_text_is_shown_to_the_letter_and_only_to_who_reads(house):
    hostile = "<!channel> *x* [a](http://b) „“ {who} \u202e " + "🦊" * 200
    await house.commands("mentor")
    await house.submits(**{**FORM, "text": hostile})
    [read, *_] = await house.presses("Lesen", who="mona", chat="team")
    assert hostile.strip() in read.text
    assert "channel" not in (await card(house)).text


# Reading


async def test_a_manager_reads_it_alone_and_the_cards_say_so(house):
    await asks(house)
    changed = await house.presses("Lesen", who="mona", chat="team")
    [read] = [seen for seen in changed if TEXT in seen.text]
    assert read.to == "mona"
    assert read.buttons == ["Annehmen", "Ablehnen"]
    for shown in await cards(house):
        assert shown.text.endswith("Gelesen von Mona")
        assert shown.buttons == ["Lesen", "Annehmen", "Ablehnen"]
        assert TEXT not in shown.text
    assert (await inquiry(house)).state == "open"


async def test_four_readers_are_three_names_and_a_number_and_reading_twice_counts_once(house):
    await asks(house)
    for who in ("mona", "mona", "mia", "lea"):
        await house.presses("Lesen", who=who, chat="team")
        house.passes(minutes=1)
    await house.presses("Lesen", who="max", chat="leute", platform="telegram")
    assert (await card(house)).text.endswith("Gelesen von Mona, Mia, Lea, +1")
    reads = await house.reads(lambda tx: tx.values("SELECT count(*) FROM mentoring_reads"))
    assert reads == [(4,)]


async def test_on_telegram_the_text_goes_to_the_direct_chat(house):
    await asks(house)
    await house.presses("Lesen", who="max", chat="leute", platform="telegram")
    read = await newest(house, "max", "telegram")
    assert TEXT in read.text
    assert not any(TEXT in text for text in await house.texts("leute", "telegram"))
    changed = await house.presses("Annehmen", who="max", platform="telegram", on=read)
    assert (await inquiry(house)).decided_on == "telegram"
    [taken] = [seen for seen in changed if seen.id == read.id]
    assert (TEXT in taken.text, taken.buttons) == (False, [])


async def test_who_never_wrote_to_the_bot_opens_the_direct_chat_and_only_then_it_counts_as_read(house):
    await house.gives("neu", "manager", "telegram")
    await asks(house)
    await house.presses("Lesen", who="neu", chat="leute", platform="telegram")
    start = house.answer.outcome.start
    assert start == "mentoring_1"
    assert await house.reads(lambda tx: mentoring.list_readers(tx, 1)) == []
    await house.commands("start", start, who="neu", platform="telegram")
    assert TEXT in (await newest(house, "neu", "telegram")).text
    assert [each.name for each in await house.reads(lambda tx: mentoring.list_readers(tx, 1))] == ["Neu"]


async def test_who_never_wrote_to_the_bot_can_accept_and_finds_the_text_behind_the_link(house):
    await house.gives("neu", "manager", "telegram")
    await asks(house)
    await house.presses("Annehmen", who="neu", chat="leute", platform="telegram")
    assert (await inquiry(house)).state == "accepted"
    await house.commands("start", house.answer.outcome.start, who="neu", platform="telegram")
    assert TEXT in (await held(house, "neu", "telegram")).text
    assert "Nachricht schreiben" in (await held(house, "neu", "telegram")).buttons


async def test_what_could_not_be_delivered_to_a_manager_stands_behind_the_link(house):
    await house.gives("neu", "manager", "telegram")
    await asks(house)
    await house.presses("Annehmen", who="neu", chat="leute", platform="telegram")
    start = house.answer.outcome.start
    await house.presses("Nachricht schreiben")
    await house.submits(message="Wann passt es dir?")
    await house.commands("start", start, who="neu", platform="telegram")
    assert "Ada: Wann passt es dir?" in (await held(house, "neu", "telegram")).text


async def test_a_link_to_nothing_is_told_so_to_a_manager(house):
    for payload in ("mentoring_", "mentoring_x", "mentoring_999", "mentoring_" + "9" * 40):
        [told] = await house.commands("start", payload, who="max", platform="telegram")
        assert told.text == "Diese Anfrage habe ich nicht mehr."


async def test_a_member_who_follows_such_a_link_reads_nothing(house):
    await asks(house)
    for payload in ("mentoring_1", "mentoring_", "mentoring_x", "mentoring_999", "mentoring_" + "9" * 40):
        await house.commands("start", payload, who="tom", platform="telegram")
    assert not any(TEXT in text for text in await house.texts("tom", "telegram"))


@pytest.mark.parametrize("button", ["Lesen", "Annehmen", "Ablehnen"])
async def test_a_member_can_neither_read_nor_decide(house, button):
    await asks(house)
    [refused] = await house.presses(button, who="curious", chat="team")
    assert refused.text == "Das dürfen nur Community-Manager."
    assert refused.to == "curious"
    await house.presses(button, who="curious", chat="leute", platform="telegram")
    assert house.toast == "Das dürfen nur Community-Manager."
    assert (await inquiry(house)).state == "open"


async def test_a_guest_account_of_a_manager_can_not_read(house):
    await asks(house)
    [refused] = await house.presses("Lesen", who="mona", chat="team", trusted=False)
    assert refused.text == "Das dürfen nur Community-Manager."


async def test_nobody_decides_on_their_own_request(house):
    await asks(house, "mona")
    for button in ("Lesen", "Annehmen", "Ablehnen"):
        [told] = await house.presses(button, who="mona", chat="team")
        assert told.text.startswith("Das ist deine eigene Anfrage")
    assert (await inquiry(house)).state == "open"
    await house.presses("Annehmen", who="mia", chat="team")
    assert (await inquiry(house)).state == "accepted"


# Deciding


async def test_the_first_to_accept_has_it_and_all_cards_say_who_when_and_where(house):
    await asks(house)
    house.passes(minutes=21)
    await house.presses("Annehmen", who="max", chat="leute", platform="telegram")
    assert house.toast == "Die Anfrage ist deine. Alles Weitere steht in unserem Direktchat."
    for shown in await cards(house):
        assert shown.text.endswith("Angenommen von Max, 11:03 (Telegram)")
        assert shown.text.startswith("Anfrage · Logistik-IT · Dortmund")
        assert shown.buttons == []
    told = await newest(house, "ada")
    assert told.text == "Max (Community-Manager) nimmt sich Zeit für dich. (Logistik-IT · Dortmund)"
    private = await held(house, "max", "telegram")
    assert TEXT in private.text
    assert private.buttons == ["Nachricht schreiben", "Abschließen", "Zurückgeben"]


async def test_a_late_press_is_told_who_and_when_and_nothing_changes(house):
    await asks(house)
    slack, telegram = await cards(house)
    house.passes(minutes=21)
    await house.presses("Annehmen", who="mona", on=slack, chat="team")
    before = await inquiry(house)
    house.passes(minutes=5)
    await house.presses("Annehmen", who="max", on=telegram, chat="leute", platform="telegram")
    assert house.toast == "Mona hat die Anfrage um 11:03 angenommen."
    await house.presses("Ablehnen", who="max", on=telegram, chat="leute", platform="telegram")
    assert house.toast == "Mona hat die Anfrage um 11:03 angenommen."
    [again] = await house.presses("Annehmen", who="mona", on=slack, chat="team")
    assert again.text == "Die hast du schon."
    house.passes(days=1)
    await house.presses("Lesen", who="max", on=telegram, chat="leute", platform="telegram")
    assert house.toast == "Mona hat die Anfrage am 23. Nov., 11:03 angenommen."
    assert await inquiry(house) == before
    assert sum("nimmt sich Zeit" in text for text in await house.texts("ada")) == 1


async def test_declining_takes_a_reason_which_the_founder_reads_and_nobody_else(house):
    await asks(house)
    await house.presses("Ablehnen", who="mona", chat="team")
    form = house.answer.outcome.form
    assert form.fields[0].hint == "Ada liest das."
    assert (await inquiry(house)).state == "open", "it counts once the reason is there"
    assert await house.submits("mona", form=form, reason="  ") == []
    await house.submits("mona", form=form, key="k", reason="z" * 501)
    assert (await inquiry(house)).state == "open"
    await house.submits("mona", form=form, key="l", reason="Dafür ist Max besser.")
    told = await newest(house, "ada")
    assert "kann dir hier leider nicht helfen" in told.text
    assert "„Dafür ist Max besser.“" in told.text
    assert told.buttons == ["Neu fragen", "Team fragen"]
    for shown in await cards(house):
        assert shown.text.endswith("Abgelehnt von Mona, 10:42 (Slack)")
        assert "besser" not in shown.text
        assert shown.buttons == []
    await house.presses("Team fragen")
    assert isinstance(house.answer.outcome, OpenForm)
    await house.presses("Neu fragen", on=told)
    assert isinstance(house.answer.outcome, OpenForm)


async def test_who_writes_a_reason_while_somebody_accepts_is_told_and_changes_nothing(house):
    await asks(house)
    await house.presses("Ablehnen", who="mona", chat="team")
    form = house.answer.outcome.form
    house.passes(minutes=21)
    await house.presses("Annehmen", who="max", chat="leute", platform="telegram")
    [told] = await house.submits("mona", form=form, reason="Nein.")
    assert told.text == "Max hat die Anfrage um 11:03 angenommen."
    kept = await inquiry(house)
    assert (kept.state, kept.reason) == ("accepted", "")
    assert not any("Nein." in text for text in await house.texts("ada"))


async def test_on_telegram_declining_asks_for_the_reason_in_private(house):
    await asks(house)
    await house.presses("Ablehnen", who="max", chat="leute", platform="telegram")
    assert "Warum passt es nicht?" in (await newest(house, "max", "telegram")).text
    await house.says("Keine Zeit diese Woche.", who="max", platform="telegram")
    assert (await inquiry(house)).decided_on == "telegram"
    assert "Keine Zeit diese Woche." in (await newest(house, "ada")).text


async def test_an_english_founder_hears_the_decision_in_english(house):
    await house.commands("mentor", who="eve", language="en")
    await house.submits("eve", **FORM)
    await house.presses("Annehmen", who="mona", chat="team")
    told = await newest(house, "eve")
    assert told.text == "Mona (community manager) makes time for you. (Logistics IT · Dortmund)"


async def test_the_founder_hears_in_the_chat_they_used_or_else_in_another(house):
    await asks_on_telegram(house)
    await house.presses("Annehmen", who="mona", chat="team")
    assert "Mona (Community-Manager)" in (await newest(house, "tom", "telegram")).text
    await asks(house)
    ada = await person_id(house, "ada")

    def closes(tx):
        chat = chats.get_chat_by_external_id(tx, "slack", "ada")
        chats.mark_chat_state(tx, chat.id, "gone")
        people.add_account(tx, "telegram", "ada-t", house.now, name="Ada")
        tx.execute("UPDATE accounts SET person_id = ? WHERE external_id = 'ada-t'", (ada,))
        chats.add_chat(tx, "telegram", "ada-t", "direct", "", house.now)

    await house.database.write(closes)
    await house.presses("Annehmen", who="mona", chat="team")
    assert "nimmt sich Zeit" in (await newest(house, "ada-t", "telegram")).text


async def test_a_manager_who_lost_the_role_is_refused_everywhere(house):
    await asks(house)
    await house.presses("Lesen", who="mona", chat="team")
    read = next(seen for seen in await house.screen("team") if seen.to == "mona")
    await house.presses("Ablehnen", who="mona", chat="team")
    form = house.answer.outcome.form
    mona = await person_id(house, "mona")
    await house.database.write(lambda tx: roles.remove_role(tx, mona, "manager"))
    [refused] = await house.presses("Annehmen", who="mona", on=read, chat="team")
    assert refused.text == "Das dürfen nur Community-Manager."
    [refused] = await house.submits("mona", form=form, reason="Nein.")
    assert refused.text == "Das dürfen nur Community-Manager."
    assert (await inquiry(house)).state == "open"


async def test_a_press_for_a_request_that_is_gone_is_told_so(house):
    await asks(house)
    shown = await card(house)
    await house.database.write(lambda tx: tx.execute("DELETE FROM mentoring_requests"))
    for button in shown.buttons:
        [told] = await house.presses(button, who="mona", on=shown, chat="team")
        assert told.text == "Diese Anfrage habe ich nicht mehr."


# Giving back, withdrawing, closing


async def test_handed_back_it_is_open_to_all_and_its_next_decision_is_told_too(house):
    await asks(house)
    await house.presses("Annehmen", who="mona", chat="team")
    mine = await held(house, "mona")
    await house.presses("Zurückgeben", who="mona", on=mine)
    for shown in await cards(house):
        assert shown.buttons == ["Lesen", "Annehmen", "Ablehnen"]
        assert shown.text.startswith("Neue Anfrage")
    now = await held(house, "mona")
    assert (TEXT in now.text, now.buttons) == (False, [])
    assert "wieder für alle Community-Manager offen" in (await newest(house, "ada")).text
    await house.presses("Annehmen", who="max", chat="leute", platform="telegram")
    assert "Max (Community-Manager) nimmt sich Zeit" in (await newest(house, "ada")).text
    [late, *_] = await house.presses("Zurückgeben", who="mona", on=mine)
    assert late.text.startswith("Max hat die Anfrage um")
    assert (await inquiry(house)).state == "accepted"


async def test_a_lead_gives_back_what_somebody_left_lying_and_that_one_is_told(house):
    await asks(house)
    await house.presses("Annehmen", who="max", chat="leute", platform="telegram")
    [listed] = await house.commands("anfragen", who="lea")
    assert listed.buttons == ["Zurückgeben"]
    await house.presses("Zurückgeben", who="lea", on=listed)
    assert (await inquiry(house)).state == "open"
    assert "Lea hat eine Anfrage, die bei dir lag" in (await newest(house, "max", "telegram")).text


async def test_another_manager_can_not_give_it_back(house):
    await asks(house)
    await house.presses("Annehmen", who="mona", chat="team")
    mia = await person_id(house, "mia")
    await house.says("hallo", who="mia")
    chat = await house.reads(lambda tx: chats.list_direct_chats(tx, mia)[0])
    token = house.house.seals.seal("mentoring:return|1|1", chat.id)
    [told] = await house.presses_token(token, "mia")
    assert told.text == "Mona hat die Anfrage um 10:42 angenommen."
    assert (await inquiry(house)).state == "accepted"


async def test_withdrawn_the_text_is_gone_the_cards_say_so_and_a_late_press_is_told(house):
    [sent, *_] = await asks(house)
    shown = await card(house)
    changed = await house.presses("Zurückziehen", on=sent)
    [mine] = [seen for seen in changed if seen.id == sent.id]
    assert mine.text == "Deine Anfrage · Logistik-IT · Dortmund\nZurückgezogen"
    assert mine.buttons == ["Neu fragen"]
    for each in await cards(house):
        assert each.text.endswith("Zurückgezogen")
        assert each.buttons == []
    assert (await inquiry(house)).text == ""
    for button in shown.buttons:
        [told] = await house.presses(button, who="mona", on=shown, chat="team")
        assert told.text == "Diese Anfrage wurde zurückgezogen."
    [again] = await house.presses("Zurückziehen", on=sent)
    assert again.text == "Diese Anfrage ist schon beendet."


async def test_withdrawn_after_the_acceptance_the_manager_is_told_and_loses_the_text(house):
    [sent, *_] = await asks(house)
    await house.presses("Annehmen", who="mona", chat="team")
    assert TEXT in (await held(house, "mona")).text
    await house.presses("Zurückziehen", on=sent)
    assert "Ada hat die Anfrage zurückgezogen." in (await newest(house, "mona")).text
    now = await held(house, "mona")
    assert (TEXT in now.text, now.buttons) == (False, [])


async def test_only_the_founder_looks_at_it_and_takes_it_back(house):
    [sent, *_] = await asks(house, chat="founders")
    token = house.house.seals.seal("mentoring:withdraw|1", sent.chat_id)
    await house.presses_token(token, "ada")
    assert (await inquiry(house)).state == "withdrawn"
    await asks(house)
    ben = await house.says("hallo", who="ben")
    for packed in ("mentoring:withdraw|2", "mentoring:view|2"):
        token = house.house.seals.seal(packed, ben[-1].chat_id)
        [told] = await house.presses_token(token, "ben")
        assert told.text == "Das kann nur, wer gefragt hat."
    assert (await inquiry(house, 2)).state == "open"


async def test_the_founder_sees_how_it_stands(house):
    [sent, *_] = await asks(house)
    [view] = await house.presses("Ansehen", on=sent)
    assert view.text == f"Deine Anfrage · Logistik-IT · Dortmund\n„{TEXT}“\nNoch hat niemand entschieden."
    assert view.buttons == ["Zurückziehen"]
    await house.presses("Annehmen", who="mona", chat="team")
    [view, *_] = await house.presses("Ansehen")
    assert view.text.endswith("Angenommen von Mona, 10:42 (Slack)")
    assert view.buttons == ["Nachricht schreiben", "Danke, erledigt", "Zurückziehen"]


# Writing each other


async def test_both_write_each_other_across_chats_without_exchanging_ids(house):
    await asks_on_telegram(house)
    await house.presses("Annehmen", who="mona", chat="team")
    await house.presses("Nachricht schreiben", who="mona")
    assert house.answer.outcome.form.fields[0].hint == "Tom liest das."
    await house.submits("mona", message="Passt dir Mittwoch?")
    got = await newest(house, "tom", "telegram")
    assert got.text == "Mona: Passt dir Mittwoch?\nLogistik-IT · Dortmund"
    assert got.buttons == ["Antworten", "Danke, erledigt"]
    await house.presses("Antworten", who="tom", platform="telegram", on=got)
    await house.says("Ja, um zehn.", who="tom", platform="telegram")
    answer = await newest(house, "mona")
    assert answer.text == "Tom: Ja, um zehn.\nLogistik-IT · Dortmund"
    assert answer.buttons == ["Antworten", "Abschließen"]
    await house.presses("Antworten", who="mona", on=answer)
    await house.submits("mona", message="Bis dann.")
    assert (await newest(house, "tom", "telegram")).text.startswith("Mona: Bis dann.")


async def test_the_founder_can_write_first_and_ends_it_with_thanks(house):
    await asks(house)
    await house.presses("Annehmen", who="max", chat="leute", platform="telegram")
    await house.presses("Nachricht schreiben")
    await house.submits(message="Wann?")
    got = await newest(house, "max", "telegram")
    assert got.text.startswith("Ada: Wann?")
    await house.presses("Antworten", who="max", platform="telegram", on=got)
    await house.says("Morgen.", who="max", platform="telegram")
    answer = await newest(house, "ada")
    [ended, *_] = [seen for seen in await house.presses("Danke, erledigt", on=answer) if seen.id == answer.id]
    assert ended.text.endswith("Abgeschlossen")
    assert "Morgen." in ended.text
    assert ended.buttons == []
    assert "Ada sagt danke" in (await newest(house, "max", "telegram")).text
    for shown in await cards(house):
        assert shown.text.endswith("Angenommen von Max, 10:42 (Telegram), inzwischen abgeschlossen")
    await house.presses("Antworten", who="max", platform="telegram", on=got)
    assert house.toast == "Diese Anfrage ist schon beendet."
    [late] = await house.presses("Antworten", on=answer)
    assert late.text == "Diese Anfrage ist schon beendet."


async def test_the_manager_closes_it_and_the_founder_hears(house):
    await asks(house)
    await house.presses("Annehmen", who="mona", chat="team")
    mine = await held(house, "mona")
    await house.presses("Abschließen", who="mona", on=mine)
    assert "Mona hat deine Anfrage abgeschlossen." in (await newest(house, "ada")).text
    now = await held(house, "mona")
    assert (TEXT in now.text, now.buttons) == (False, [])
    [twice] = await house.presses("Abschließen", who="mona", on=mine)
    assert twice.text == "Diese Anfrage ist schon beendet."


async def test_a_message_that_was_begun_before_the_end_does_not_go(house):
    await asks(house)
    await house.presses("Annehmen", who="mona", chat="team")
    mine = await held(house, "mona")
    await house.presses("Nachricht schreiben", who="mona", on=mine)
    form = house.answer.outcome.form
    await house.presses("Abschließen", who="mona", on=mine)
    [told] = await house.submits("mona", form=form, message="Noch was.")
    assert told.text == "Diese Anfrage ist schon beendet.\nNicht gesendet; hier zum Kopieren:\n„Noch was.“"
    assert not any("Noch was." in text for text in await house.texts("ada"))


async def test_who_lost_the_role_writes_no_more_and_the_request_is_open_again_once_the_founder_writes(house):
    await asks(house)
    await house.presses("Annehmen", who="mona", chat="team")
    mine = await held(house, "mona")
    mona = await person_id(house, "mona")
    await house.database.write(lambda tx: roles.remove_role(tx, mona, "manager"))
    for button in mine.buttons:
        [refused] = await house.presses(button, who="mona", on=mine)
        assert refused.text == "Das dürfen nur Community-Manager."
    [told, *_] = [seen for seen in await house.presses("Nachricht schreiben") if seen.to or "Team" in seen.text]
    assert told.text.startswith("Mona ist nicht mehr im Team.")
    assert (await inquiry(house)).state == "open"
    assert (await card(house)).buttons == ["Lesen", "Annehmen", "Ablehnen"]


async def test_a_forgotten_manager_leaves_the_request_and_a_forgotten_founder_takes_it_along(house):
    await asks(house)
    await house.presses("Lesen", who="mona", chat="team")
    await house.presses("Annehmen", who="mona", chat="team")
    mona, ada = await person_id(house, "mona"), await person_id(house, "ada")
    await house.database.write(lambda tx: tx.execute("DELETE FROM persons WHERE id = ?", (mona,)))
    assert (await card(house)).text.endswith("Angenommen von jemand, 10:42 (Slack)")
    await house.presses("Nachricht schreiben")
    assert (await inquiry(house)).state == "open"
    await house.database.write(lambda tx: tx.execute("DELETE FROM persons WHERE id = ?", (ada,)))
    assert await inquiry(house) is None
    assert not [seen for seen in await house.screen("team") if seen.id.startswith("p")]


# Lists


async def test_the_home_page_says_how_many_wait_since_when_and_leads_to_them(house):
    await asks(house)
    house.passes(minutes=10)
    await asks(house, "ben")
    house.passes(days=1)
    [home] = await house.opens_home("mona")
    assert "2 Anfragen warten, die älteste seit 23. Nov., 10:42." in home.text
    [listed] = await house.presses("Anfragen", who="mona")
    assert listed.text.index("von Ada") < listed.text.index("von Ben")
    assert listed.buttons == ["Lesen", "Annehmen", "Ablehnen"] * 2
    await house.presses("Annehmen", who="mona", on=listed)
    assert (await inquiry(house)).decided_by == await person_id(house, "mona")
    [home] = [seen for seen in await house.screen("mona") if "Hallo" in seen.text]
    assert "Um eine kümmerst du dich." in home.text


async def test_the_home_page_shows_a_founder_their_requests_with_buttons(house):
    await asks(house)
    [home] = [seen for seen in await house.opens_home("ada") if "Hallo" in seen.text]
    assert f"Deine Anfrage · Logistik-IT · Dortmund\n„{TEXT}“" in home.text
    assert "Zurückziehen" in home.buttons
    assert "Annehmen" not in home.buttons
    await house.presses("Zurückziehen", on=home)
    [home] = [seen for seen in await house.screen("ada") if seen.id == home.id]
    assert "Deine Anfrage" not in home.text


async def test_the_command_shows_members_only_their_own(house):
    await asks(house)
    [nothing] = await house.commands("anfragen", who="ben")
    assert nothing.text == "Gerade läuft keine Anfrage."
    [own] = await house.commands("requests", who="ada", language="en")
    assert own.buttons == ["Withdraw"]
    [own] = await house.says("was ist mit meiner mentoring-anfrage?", who="ada")
    assert "Noch hat niemand entschieden." in own.text


async def test_at_most_five_are_listed_the_oldest_first(house):
    for who in ("ada", "ben", "cem", "dora", "eva", "finn"):
        await asks(house, who)
    [listed] = await house.commands("anfragen", who="mona")
    assert listed.text.startswith("6 Anfragen warten, die älteste seit 10:42.")
    assert listed.buttons.count("Annehmen") == 5
    assert "Finn" not in listed.text


async def test_a_new_team_chat_gets_what_is_open_and_nothing_else(house):
    await asks(house)
    await asks(house, "ben")
    await house.presses("Annehmen", who="mona", chat="team")
    await house.commands("here", "managers", who="lea", chat="new")
    shown = [seen for seen in await house.screen("new") if seen.id.startswith("p")]
    assert len(shown) == 1


# Keeping


async def test_what_ended_is_kept_a_year_messages_90_days_and_open_ones_stay(house):
    await asks(house)
    await asks(house, "ben")
    await house.presses("Annehmen", who="mona", chat="team")
    waiting = 1 if (await inquiry(house)).state == "open" else 2
    await house.presses("Nachricht schreiben", who="mona")
    await house.submits("mona", message="Hallo.")

    async def kept():
        await house.database.write(lambda tx: retention.remove_expired(tx, house.now, mentoring.RETENTION))
        counts = "SELECT (SELECT count(*) FROM mentoring_requests), (SELECT count(*) FROM mentoring_messages)"
        return (await house.reads(lambda tx: tx.values(counts)))[0]

    house.passes(days=89)
    assert await kept() == (2, 1)
    house.passes(days=2)
    assert await kept() == (2, 0)
    house.passes(days=273)
    assert await kept() == (2, 0)
    house.passes(days=2)
    assert await kept() == (1, 0)
    assert (await inquiry(house, waiting)).state == "open"


def test_every_decision_fits_a_button_and_every_form_a_modal(bot):
    t = bot.house.catalogues.texts
    for title in ("Find a mentor", "Decline the request", "Write a message"):
        assert all(len(t(language).label(title)) <= 24 for language in ("de", "en"))
    assert bot.house.registry.actions["faq:new"], "a declined founder is offered to ask the team"


# What stays private, and what stale messages do


async def exchange(bot, who: str, message: str, **where) -> None:
    await bot.presses("Nachricht schreiben", who=who, **where)
    await bot.submits(who, message=message)


async def test_withdrawn_what_both_wrote_does_not_leave_any_more_and_the_manager_still_hears(house):
    await asks(house)
    await house.presses("Annehmen", who="mona", chat="team")
    await exchange(house, "ada", "Streng geheim.")
    assert "Streng geheim." in await everything_stored(house)
    await house.commands("anfragen")
    await house.presses("Zurückziehen")
    rows = await house.reads(
        lambda tx: dict(tx.values("SELECT key, state || payload FROM outbox WHERE key LIKE 'mentoring:%'"))
    )
    assert rows["mentoring:1:message:1"] == rows["mentoring:1:decided:1"] == "cancelled"
    assert rows["mentoring:1:withdrawn"].startswith("pending")
    assert "Streng geheim." not in await everything_stored(house)
    answer = [seen.text for seen in await house.screen() if seen.id.startswith("m")][-1]
    assert answer.startswith("Zurückgezogen. Ich zeige sie niemandem mehr")


async def test_only_messages_of_that_key_that_wait_are_cancelled(house):
    await house.says("hallo")

    def cancel(tx):
        chat = chats.get_chat_by_external_id(tx, "slack", "ada")
        ids = {
            key: outbox.add_message(tx, chat, key=key, payload="x", lane=0, now=house.now)
            for key in ("m:1:a", "m:1:b", "m:10:a", "m:1", "m:1;")
        }
        assert outbox.mark_sending_if_pending(tx, ids["m:1:b"], house.now)
        assert outbox.mark_cancelled_by_key(tx, "m:1:") == 1
        assert outbox.mark_sending_if_pending(tx, ids["m:1:a"], house.now) is None
        states = dict(tx.values("SELECT key, state FROM outbox WHERE key LIKE 'm:%'"))
        tx.execute("DELETE FROM outbox WHERE key LIKE 'm:%'")
        return states

    states = await house.database.write(cancel)
    assert states == {
        "m:1:a": "cancelled",
        "m:1:b": "sending",
        "m:10:a": "pending",
        "m:1": "pending",
        "m:1;": "pending",
    }


async def test_a_form_that_is_over_keeps_no_answers(house):
    await asks_on_telegram(house)
    await house.commands("mentor", who="tom", platform="telegram")
    await house.says("Erste Fassung", who="tom", platform="telegram")
    await house.commands("mentor", who="tom", platform="telegram")
    await house.says("Zweite Fassung", who="tom", platform="telegram")
    await house.presses("Abbrechen", who="tom", platform="telegram")
    kept = await house.reads(lambda tx: tx.values("SELECT state, answers FROM forms ORDER BY rowid"))
    assert kept == [("done", "{}"), ("cancelled", "{}"), ("cancelled", "{}")]


@pytest.mark.parametrize("button", ["Zurückgeben", "Abschließen"])
async def test_a_stale_button_does_nothing_to_whoever_has_the_request_now(house, button):
    await asks(house)
    await house.presses("Annehmen", who="lea", chat="team")
    mine = await held(house, "lea")
    await house.presses("Zurückgeben", who="lea", on=mine)
    await house.presses("Annehmen", who="mia", chat="team")
    [told] = await house.presses(button, who="lea", on=mine)
    assert told.text == "Mia hat die Anfrage um 10:42 angenommen."
    now = await inquiry(house)
    assert (now.state, now.round) == ("accepted", 2)


async def test_a_stale_close_does_not_end_a_later_round_of_ones_own(house):
    await asks(house)
    await house.presses("Annehmen", who="mona", chat="team")
    await exchange(house, "mona", "Passt Mittwoch?")
    first, got = await held(house, "mona"), await newest(house, "ada")
    await house.presses("Zurückgeben", who="mona", on=first)
    await house.presses("Annehmen", who="mona", chat="team")
    await house.presses("Abschließen", who="mona", on=first)
    await house.presses("Danke, erledigt", on=got)
    assert (await inquiry(house)).state == "accepted"
    await house.presses("Abschließen", who="mona", on=await held(house, "mona"))
    assert (await inquiry(house)).state == "closed"


async def test_the_next_manager_does_not_read_what_was_written_to_the_one_before(house):
    await asks(house)
    await house.presses("Annehmen", who="mona", chat="team")
    await exchange(house, "ada", "Nur für Mona.")
    assert "Nur für Mona." in (await held(house, "mona")).text
    await house.presses("Nachricht schreiben")
    form = house.answer.outcome.form
    assert form.fields[0].hint == "Mona liest das."
    await house.presses("Zurückgeben", who="mona", on=await held(house, "mona"))
    await house.presses("Annehmen", who="mia", chat="team")
    assert "Nur für Mona." not in (await held(house, "mia")).text
    [told] = await house.submits(form=form, message="Auch nur für Mona.")
    assert told.text.startswith("Mia hat die Anfrage um 10:42 angenommen.")
    assert "„Auch nur für Mona.“" in told.text
    assert not any("für Mona" in text for text in await house.texts("mia"))
    await exchange(house, "ada", "Für Mia.")
    assert "Für Mia." in (await held(house, "mia")).text


async def test_what_the_founder_typed_comes_back_when_the_manager_left_the_team(house):
    await asks(house)
    await house.presses("Annehmen", who="mona", chat="team")
    await house.presses("Nachricht schreiben")
    form = house.answer.outcome.form
    mona = await person_id(house, "mona")
    await house.database.write(lambda tx: roles.remove_role(tx, mona, "manager"))
    told = [seen.text for seen in await house.submits(form=form, message="Ein langer Text.") if seen.id[0] == "m"]
    assert any(text.startswith("Mona ist nicht mehr im Team.") and "„Ein langer Text.“" in text for text in told)


async def test_handed_back_its_card_stands_at_the_end_of_each_team_chat_and_once(house):
    await asks(house)
    await house.presses("Annehmen", who="mona", chat="team")
    await arrive(house)
    await house.presses("Zurückgeben", who="mona", on=await held(house, "mona"))
    rows = "SELECT ref, generation, sent < wanted FROM posts WHERE view = 'mentoring.card'"
    assert await house.reads(lambda tx: tx.values(rows)) == [("", 2, 1)] * 2
    moved = "SELECT edits FROM outbox WHERE key LIKE 'mentoring-moved:%' ORDER BY edits"
    cards_before = await house.reads(
        lambda tx: [f"ref{post.id}" for post in posts.list_posts(tx, "mentoring:1", "mentoring.card")]
    )
    assert [edits for (edits,) in await house.reads(lambda tx: tx.values(moved))] == cards_before
    for chat, platform in (("team", "slack"), ("leute", "telegram")):
        assert "Diese Anfrage steht jetzt weiter unten." in await house.texts(chat, platform)
    await arrive(house)
    await house.presses("Annehmen", who="mona", chat="team")
    assert "Diese Anfrage steht jetzt weiter unten." in await house.texts("mona")
    assert TEXT in (await held(house, "mona")).text


async def test_a_group_that_moves_gets_only_what_is_open_again(house):
    await asks(house)
    await asks(house, "ben")
    await house.presses("Annehmen", who="mona", chat="team")
    await arrive(house)
    taken = 1 if (await inquiry(house)).state == "accepted" else 2
    team = await house.reads(lambda tx: chats.get_chat_by_external_id(tx, "slack", "team").id)
    await house.database.write(lambda tx: posts.mark_posts_anew(tx, team, house.now))
    shown = [seen for seen in await house.screen("team") if seen.id.startswith("p")]
    assert len(shown) == 1
    assert "Annehmen" in shown[0].buttons

    def lost(tx):
        post = posts.get_post(tx, f"mentoring:{taken}", "mentoring.card", team, "")
        for _ in range(2):
            posts.mark_post_sending_if_untrue(tx, post.id, house.now)
            posts.mark_post_pending_again(tx, post.id, house.now, "no connection")

    await house.database.write(lost)
    shown = [seen for seen in await house.screen("team") if seen.id.startswith("p")]
    assert len(shown) == 2, "what was tried may have arrived, and is brought up to date"


async def test_a_chat_that_is_the_teams_no_more_shows_no_names(house):
    await asks(house)
    await house.commands("here", "not managers", who="lea", chat="team")
    await house.presses("Zurückziehen")
    shown = await card(house)
    assert (shown.text, shown.buttons) == (
        "Hier stand eine Mentoring-Anfrage; das Team entscheidet jetzt anderswo.",
        [],
    )
    assert "Ada" in (await card(house, "leute", "telegram")).text


async def test_posts_of_requests_that_are_gone_go_and_others_stay(house):
    await asks(house)
    await asks(house, "ben")
    house.passes(days=100)
    ada = await person_id(house, "ada")
    await house.database.write(lambda tx: tx.execute("DELETE FROM persons WHERE id = ?", (ada,)))
    await house.database.write(lambda tx: retention.remove_expired(tx, house.now, mentoring.RETENTION))
    kept = await house.reads(lambda tx: tx.values("SELECT DISTINCT subject FROM posts WHERE subject LIKE 'ment%'"))
    assert kept == [("mentoring:2",)]


async def test_a_lead_finds_their_own_before_those_of_others(house):
    for number in range(6):
        await asks(house, f"f{number}")
        await house.presses("Annehmen", who="mia", chat="team")
    await asks(house, "zoe")
    await house.presses("Annehmen", who="lea", chat="team")
    [listed] = await house.commands("anfragen", who="lea")
    assert listed.text.index("Zoe") < listed.text.index("F0")
    assert listed.buttons[:3] == ["Nachricht schreiben", "Abschließen", "Zurückgeben"]
