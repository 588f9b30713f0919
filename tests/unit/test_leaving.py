"""Accounts that are gone: what they held is free, what they looked after is open again, and the team knows."""

from __future__ import annotations

import pytest

from handlers.core import leaving
from handlers.core.context import system_context
from handlers.core.requests import AccountChanged, Actor, BotRemoved, Place
from storage import chats, people, roles

NIGHT = {"title": "Nacht", "day": "2026-12-03", "time": "18:30", "until": "20:00", "place": "Essen", "text": "Da"}


async def changes(bot, who: str, platform: str = "slack", *, left: bool = False, **facts) -> None:
    """The platform tells of an account."""
    actor = Actor(platform, who, who.title(), who, **facts)
    key = f"changed:{who}:{left}:{facts}"
    place = Place(platform, who, "direct")
    bot.strangers = True  # nobody writes
    await bot.does(AccountChanged(delivery_key=key, actor=actor, place=place, received_at=bot.now, left=left))
    bot.strangers = False


@pytest.fixture
async def house(bot):
    """A lead, two managers, chats for the team on both platforms, and one for events."""
    await bot.gives("lea", "lead")
    await bot.gives("mona", "manager")
    await bot.gives("max", "manager", "telegram")
    await bot.gives("leo", "lead", "telegram")
    await bot.commands("hier", "manager", "lea", chat="team")
    await bot.commands("hier", "manager", "leo", chat="team", platform="telegram")
    await bot.commands("hier", "termine", "lea", chat="lobby")
    return bot


async def value(bot, query: str):
    return await bot.reads(lambda tx: tx.value(query))


async def cards(bot, platform="slack") -> list[str]:
    return [text for text in await bot.texts("team", platform) if "ist nicht mehr in" in text]


async def with_everything(bot, who="mona"):
    """Somebody with two desks, a seat, a request of their own, a request and a question they look after."""
    for day in ("morgen", "am 25.11."):
        await bot.says(f"platz {day}", who)
        await bot.presses("Platz nehmen", who)
    await bot.commands("event", "", "mona")
    await bot.submits("mona", **NIGHT)
    await bot.presses("Veröffentlichen", "mona")
    for each in (who, "ben"):
        await bot.presses("Dabei", each, chat="lobby")
    await bot.commands("mentor", "", who)
    await bot.submits(who, text="Für mich.", topic="design", city="any")
    await bot.commands("mentor", "", "ada")
    await bot.submits("ada", text="Wir suchen Pilotkunden.", topic="logistics-it", city="dortmund")
    await bot.presses("Annehmen", who, chat="team")
    await bot.commands("frage", "Habt ihr eine Sauna?", "ada")
    await bot.presses("Übernehmen", who, chat="team")


async def test_everything_they_held_is_free_and_the_team_gets_one_card_a_chat(house):
    await with_everything(house)
    await changes(house, "mona", left=True)
    assert await value(house, "SELECT count(*) FROM desk_bookings WHERE state = 'held'") == 0
    assert "1 dabei" in (await house.screen("lobby"))[-1].text
    assert await value(house, "SELECT group_concat(state) FROM mentoring_requests") == "withdrawn,open"
    assert await value(house, "SELECT state FROM questions") == "open"
    assert (
        await value(
            house, "SELECT count(*) FROM roles r JOIN persons p ON p.id = r.person_id WHERE p.name = 'Mona'"
        )
        == 0
    )
    for platform in ("slack", "telegram"):
        [card] = await cards(house, platform)
        assert card.splitlines() == [
            "Mona ist nicht mehr in Slack (10:42).",
            "Nicht mehr: Community-Manager.",
            "Wieder frei oder zurückgezogen: 2 Plätze, ein Platz bei einem Termin, eine eigene Anfrage.",
            "Wieder offen fürs Team: eine Anfrage, eine Frage.",
        ]
    assert any("wieder für alle Community-Manager offen" in text for text in await house.texts("ada"))
    audited = await house.reads(
        lambda tx: tx.values("SELECT what, detail, actor_id FROM audit ORDER BY id DESC LIMIT 2")
    )
    assert audited == [("revoke", "manager", None), ("left", "slack", None)]


async def test_told_twice_it_happens_once(house):
    await with_everything(house)
    for _ in range(2):
        await changes(house, "mona", left=True)
    assert len(await cards(house)) == 1
    assert await value(house, "SELECT count(*) FROM departures") == 1


async def test_with_another_account_only_the_account_goes(house):
    await with_everything(house)
    await house.says("hallo", "mona77", platform="telegram")

    def link(tx):
        mona, other = (people.get_account(tx, *account) for account in (("slack", "mona"), ("telegram", "mona77")))
        tx.execute("UPDATE accounts SET person_id = ? WHERE person_id = ?", (mona.person_id, other.person_id))

    await house.database.write(link)
    await changes(house, "mona77", "telegram", left=True)
    assert await value(house, "SELECT count(*) FROM desk_bookings WHERE state = 'held'") == 2
    assert await value(house, "SELECT state FROM questions") == "taken"
    assert await cards(house) == []
    await house.commands("fragen", "", "mona")  # still a manager
    await changes(house, "mona", left=True)
    assert await value(house, "SELECT count(*) FROM desk_bookings WHERE state = 'held'") == 0
    assert len(await cards(house)) == 1


async def linked(bot, slack: str, telegram: str) -> None:
    """Two accounts are one person's."""
    await bot.says("hallo", slack)
    await bot.says("hallo", telegram, platform="telegram")

    def link(tx):
        one, other = (people.get_account(tx, *each) for each in (("slack", slack), ("telegram", telegram)))
        tx.execute("UPDATE accounts SET person_id = ? WHERE person_id = ?", (one.person_id, other.person_id))

    await bot.database.write(link)


async def roles_of(bot, who: str) -> frozenset[str]:
    person = await bot.reads(lambda tx: people.get_account(tx, "slack", who).person_id)
    return await bot.reads(lambda tx: roles.list_roles(tx, person))


async def test_whom_the_workspace_puts_out_decides_nothing_in_the_other_chat_either(house):
    await house.says("hallo", "leo", platform="telegram")
    await with_everything(house)
    await linked(house, "mona", "mona77")
    await changes(house, "mona", left=True)
    assert await roles_of(house, "mona") == frozenset()
    [refused] = await house.commands("fragen", "", "mona77", platform="telegram")
    assert refused.text == "Das dürfen nur Community-Manager."
    assert await value(house, "SELECT count(*) FROM desk_bookings WHERE state = 'held'") == 2
    assert await value(house, "SELECT state FROM questions") == "open"
    assert await value(house, "SELECT group_concat(state) FROM mentoring_requests") == "open,open"
    for platform in ("slack", "telegram"):
        [card] = await cards(house, platform)
        assert card.splitlines()[1:] == [
            "Nicht mehr: Community-Manager.",
            "Wieder offen fürs Team: eine Anfrage, eine Frage.",
        ]
    assert any("Damit enden deine Rollen im Team." in text for text in await house.texts("mona77", "telegram"))
    for lead, where in (("lea", "slack"), ("leo", "telegram")):
        told = next(seen for seen in await house.screen(lead, where) if "Zurückgeben" in seen.buttons)
        assert told.text.startswith("Das Konto von Mona in Slack wurde geschlossen.")


async def test_one_lead_gives_the_roles_back_by_one_press(house):
    await house.says("hallo", "leo", platform="telegram")
    await house.gives("mona", "project")
    await linked(house, "mona", "mona77")
    await changes(house, "mona", left=True)
    await house.presses("Zurückgeben", "leo", platform="telegram")
    assert await roles_of(house, "mona") == {"manager", "project"}
    assert any("Leo hat Mona" in text for text in await house.texts("lea"))
    await house.presses("Zurückgeben", "lea")
    assert any("Mona ist schon Community-Manager." in text for text in await house.texts("lea"))
    audited = await house.reads(
        lambda tx: tx.values("SELECT what, detail, actor_id IS NULL FROM audit ORDER BY id")
    )
    assert [entry for entry in audited if entry[0] in ("revoke", "grant")] == [
        ("revoke", "project", 1),
        ("revoke", "manager", 1),
        ("grant", "project", 0),
        ("grant", "manager", 0),
    ]


async def test_nobody_but_a_lead_gives_them_back(house):
    await linked(house, "mona", "mona77")
    await changes(house, "mona", left=True)
    button = next(seen for seen in await house.screen("lea") if "Zurückgeben" in seen.buttons)
    await house.presses("Zurückgeben", "max", platform="telegram", on=button)
    await house.presses("Zurückgeben", "mona77", platform="telegram", on=button)
    assert await roles_of(house, "mona") == frozenset()


async def test_whoever_is_gone_altogether_meanwhile_gets_nothing_back(house):
    await linked(house, "mona", "mona77")
    await changes(house, "mona", left=True)
    await changes(house, "mona77", "telegram", left=True)
    await house.presses("Zurückgeben", "lea")
    assert await roles_of(house, "mona") == frozenset()


async def test_a_member_with_two_accounts_loses_nothing_and_nobody_is_told(house):
    await linked(house, "ada", "ada77")
    await changes(house, "ada", left=True)
    assert await cards(house) == []
    assert not any("geschlossen" in text for text in await house.texts("lea"))


async def test_the_last_lead_hears_how_there_is_a_new_one(house):
    await changes(house, "leo", "telegram", left=True)
    await linked(house, "lea", "lea77")
    await changes(house, "lea", left=True)
    assert await house.reads(lambda tx: roles.list_people_with(tx, "lead")) == []
    [told] = [text for text in await house.texts("lea77", "telegram") if "geschlossen" in text]
    assert told.endswith("bekommt mit kumpel setup oder kumpel code lead einen Code dafür.")
    for platform in ("slack", "telegram"):
        assert "Es gibt keine Leitung mehr." in (await cards(house, platform))[-1]


async def test_somebody_the_bot_never_met_leaves_no_trace(house):
    before = await house.reads(lambda tx: tx.values("SELECT count(*) FROM persons"))
    await changes(house, "unknown", left=True)
    await changes(house, "unknown")
    assert await house.reads(lambda tx: tx.values("SELECT count(*) FROM persons")) == before
    assert await cards(house) == []


async def test_yesterday_s_desk_and_past_events_stay_as_they_were(house):
    await house.says("platz heute", "ada")
    await house.presses("Platz nehmen", "ada")
    house.passes(days=1)
    await changes(house, "ada", left=True)
    assert await value(house, "SELECT state FROM desk_bookings") == "held"
    assert await cards(house) == ["Ada ist nicht mehr in Slack (10:42)."]


async def test_an_account_that_is_back_is_back_without_its_roles(house):
    await changes(house, "mona", left=True)
    await changes(house, "mona")
    [refused] = await house.commands("fragen", "", "mona")
    assert refused.text == "Das dürfen nur Community-Manager."
    await house.says("platz morgen", "mona")
    await house.presses("Platz nehmen", "mona")
    assert await value(house, "SELECT count(*) FROM desk_bookings WHERE state = 'held'") == 1


async def test_a_last_message_that_comes_after_the_end_changes_nothing(house):
    await changes(house, "mona", left=True)
    await house.says("hallo", "mona", trusted=False)
    await changes(house, "mona", left=True)
    assert len(await cards(house)) == 1


async def test_the_last_lead_who_leaves_is_missed(house):
    await changes(house, "leo", "telegram", left=True)
    assert "keine Leitung" not in (await cards(house))[-1]
    await changes(house, "lea", left=True)
    last = (await cards(house, "telegram"))[-1]
    assert last.endswith("Es gibt keine Leitung mehr. Wer mich betreibt, bestimmt eine: kumpel code lead")


async def test_codes_they_made_and_questions_they_are_asked_go_too(house):
    await house.gives("lou", "lead")
    await house.commands("ernenne", "manager", "lou")
    await house.commands("mentor", "", "lou")
    form = house.answer.outcome.form
    await changes(house, "lou", left=True)
    assert await value(house, "SELECT count(*) FROM codes") == 0
    assert await value(house, f"SELECT state FROM forms WHERE instance = '{form.instance}'") == "cancelled"


async def test_who_becomes_a_guest_loses_nothing_but_what_guests_may_not(house):
    await with_everything(house)
    await changes(house, "mona", trusted=False, guest=True)
    assert await value(house, "SELECT count(*) FROM desk_bookings WHERE state = 'held'") == 2
    assert await cards(house) == []
    person = await house.reads(lambda tx: people.get_account(tx, "slack", "mona").person_id)
    assert await house.reads(lambda tx: roles.list_roles(tx, person)) == frozenset()
    await changes(house, "mona")
    assert await house.reads(lambda tx: roles.list_roles(tx, person)) == {"manager"}


async def test_a_platform_that_refuses_to_write_to_somebody_gone_tells_as_much(house):
    await house.says("platz morgen", "tom", platform="telegram")
    await house.presses("Platz nehmen", "tom", platform="telegram")

    def refused(tx):
        chat = chats.get_chat_by_external_id(tx, "telegram", "tom")
        leaving.direct_chat_left(system_context(house.house, tx, house.now), chat)

    await house.database.write(refused)
    assert await value(house, "SELECT count(*) FROM desk_bookings WHERE state = 'held'") == 0
    assert (await cards(house))[0].startswith("Tom ist nicht mehr in Telegram")


async def test_whoever_blocks_the_bot_has_not_left(house):
    await house.says("platz morgen", "tom", platform="telegram")
    await house.presses("Platz nehmen", "tom", platform="telegram")
    await house.does(BotRemoved(**house._facts("tom", "telegram")))
    assert await value(house, "SELECT count(*) FROM desk_bookings WHERE state = 'held'") == 1
    assert await cards(house) == []


async def test_of_a_forgotten_person_the_card_keeps_no_name(house):
    await changes(house, "mona", left=True)
    await house.database.write(lambda tx: tx.execute("DELETE FROM persons WHERE name = 'Mona'"))
    [card] = await cards(house)
    assert card.startswith("jemand ist nicht mehr in Slack")
