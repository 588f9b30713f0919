"""Project managers and what managers look after, the audit, refusals that help, words that are no order."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec import structs

from handlers.core.requests import Actor, TextMessage
from handlers.core.router import understand
from handlers.core.ui import Toast
from storage import audit, people, roles


@pytest.fixture
async def house(bot):
    """A bot with a lead, Lea."""
    await bot.gives("lea", "lead")
    return bot


async def person_id(bot, who: str, platform: str = "slack") -> int:
    return await bot.reads(lambda tx: people.get_account(tx, platform, who).person_id)


async def roles_of(bot, who: str, platform: str = "slack") -> frozenset[str]:
    def read(tx):
        account = people.get_account(tx, platform, who)
        return roles.list_roles(tx, account.person_id) if account else frozenset()

    return await bot.reads(read)


async def scopes_of(bot, who: str) -> set[str]:
    person = await person_id(bot, who)
    return {scope.key for scope in await bot.reads(lambda tx: roles.list_scopes(tx, person))}


async def entries(bot) -> list[tuple[str, str, str, int]]:
    """The audit, oldest first."""
    found = await bot.reads(lambda tx: audit.list_entries(tx, None, 1000))
    return [(entry.what, entry.detail, entry.outcome, entry.times) for entry in reversed(found)]


async def ask_for_mentor(bot, topic="logistics-it", city="dortmund", who="ada"):
    await bot.commands("mentor", "", who)
    return await bot.submits(who, text="Wir suchen Pilotkunden.", topic=topic, city=city)


# What a manager looks after


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("manager @Tom Dortmund Logistik-IT", {"dortmund", "logistics-it"}),
        (
            "manager @Tom Mülheim an der Ruhr, E-Commerce und Design",
            {"mulheim-an-der-ruhr", "e-commerce", "design"},
        ),
        ("community manager @Tom for IT security", {"it-security"}),
        ("Manager @Tom Bochum", {"bochum"}),
    ],
)
async def test_a_manager_gets_camps_and_sectors_with_the_role(house, said, expected):
    await house.gives("lou", "lead")
    sent = await house.says(f"ernenne {said}", "lea", mentions=(house.actor("tom"),))
    assert await roles_of(house, "tom") == {"manager"}
    assert await scopes_of(house, "tom") == expected
    told = (
        "Tom ist jetzt Community-Manager. Tom kümmert sich um ",
        "Tom is a community manager now. Tom looks after ",
    )
    assert any(seen.text.startswith(told) for seen in sent)
    assert (await house.texts("lou"))[-1].startswith("Tom kümmert sich um ")
    assert (await house.texts("tom"))[-1].startswith("Du kümmerst dich jetzt um ")


async def test_named_anew_they_are_replaced_and_everything_takes_them_away(house):
    for said in ("Dortmund", "Essen", "alles"):
        [answer, *_] = await house.commands("grant", f"manager @Tom {said}", "lea", mentions=(house.actor("tom"),))
    assert await scopes_of(house, "tom") == set()
    assert "Tom kümmert sich um alle Camps und Branchen." in [answer.text, *(await house.texts("lea"))]
    [same] = await house.commands("grant", "manager @Tom", "lea", mentions=(house.actor("tom"),))
    assert same.text == "Tom ist schon Community-Manager."


async def test_a_camp_that_nobody_knows_is_asked_back_and_gives_nothing(house):
    [answer] = await house.commands("ernenne", "manager @Tom Dortmnd", "lea", mentions=(house.actor("tom"),))
    assert answer.text.startswith("Ein Camp oder eine Branche „Dortmnd“ kenne ich nicht. Es gibt Bochum, ")
    assert await roles_of(house, "tom") == frozenset()


async def test_for_somebody_unknown_they_are_to_be_said_again(house):
    stranger = Actor("telegram", "", handle="nobody_known")
    [answer] = await house.says("ernenne manager @nobody_known Dortmund", "lea", mentions=(stranger,))
    assert answer.text.endswith("Worum es geht, sag noch einmal, wenn die Person da ist.")


async def test_a_name_that_is_a_city_is_no_camp(house):
    tom = house.actor("tom", name="Tom aus Essen")
    await house.commands("ernenne", "manager @Tom aus Essen Dortmund", "lea", mentions=(tom,))
    assert await scopes_of(house, "tom") == {"dortmund"}


async def test_the_role_taken_away_takes_them_along(house):
    await house.commands("ernenne", "manager @Tom Essen", "lea", mentions=(house.actor("tom"),))
    await house.commands("entziehe", "manager @Tom", "lea", mentions=(house.actor("tom"),))
    await house.commands("ernenne", "manager @Tom", "lea", mentions=(house.actor("tom"),))
    assert await scopes_of(house, "tom") == set()


async def test_a_request_names_the_managers_who_look_after_it(house):
    for who, what in (("tom", "Logistik-IT"), ("tim", "Dortmund"), ("mona", "Essen")):
        await house.commands("ernenne", f"manager @{who} {what}", "lea", mentions=(house.actor(who),))
    await house.commands("hier", "manager", "lea", chat="team")
    await ask_for_mentor(house)
    card = (await house.screen("team"))[-1]
    assert "An Tom, Tim" in card.text
    assert "Mona" not in card.text


async def test_whoever_looks_after_it_sees_it_first(house):
    await house.commands("ernenne", "manager @Tom Design", "lea", mentions=(house.actor("tom"),))
    for topic in ("it-security", "design"):
        await ask_for_mentor(house, topic, "any")
    [listed] = await house.commands("anfragen", "", "tom")
    assert listed.text.index("Design") < listed.text.index("IT-Sicherheit")


# Project managers


@pytest.mark.parametrize("said", ["projektmanager", "project manager", "Projekt-Managerin", "project-manager"])
async def test_a_project_manager_plans_events_and_reads_no_requests(house, said):
    await house.says(f"ernenne {said} @Pia", "lea", mentions=(house.actor("pia"),))
    assert await roles_of(house, "pia") == {"project"}
    await house.commands("event", "", "pia")
    assert house.answer.outcome.form.id == "events:form"
    await ask_for_mentor(house)
    [listed] = await house.commands("anfragen", "", "pia")
    assert "Pilotkunden" not in listed.text
    [refused] = await house.commands("fragen", "", "pia")
    assert refused.text == "Das dürfen nur Community-Manager."
    await house.commands("entziehe", f"{said} @Pia", "lea", mentions=(house.actor("pia"),))
    assert await roles_of(house, "pia") == frozenset()


async def test_the_team_reads_who_may_what(house):
    await house.commands("ernenne", "manager @Tom Essen", "lea", mentions=(house.actor("tom"),))
    await house.gives("pia", "project")
    [listed] = await house.says("rollen", "pia")
    assert listed.text.splitlines() == [
        "Wer was darf",
        "Lea: Leitung",
        "Tom: Community-Manager, Essen",
        "Pia: Projektmanager",
    ]
    [refused] = await house.says("rollen", "ada")
    assert refused.text == "Das darf nur das Team des Hubs."


# How it is written


@pytest.mark.parametrize(
    "said", ["ernenne", "ernenne könig", "grant king", "ernenne @Tom", "grant @Tom king please"]
)
async def test_a_role_that_there_is_not_is_explained_to_a_lead(house, said):
    mentions = (house.actor("tom"),) if "@" in said else ()
    [answer] = await house.says(said, "lea", mentions=mentions)
    assert "manager @" in answer.text
    assert await roles_of(house, "tom") == frozenset()


@pytest.mark.parametrize("said", ["entziehe", "revoke king"])
async def test_so_is_one_that_is_to_be_taken(house, said):
    [answer] = await house.says(said, "lea")
    assert "entziehe projektmanager @Name" in answer.text or "revoke project manager @name" in answer.text


@pytest.mark.parametrize("said", ["grant application", "grant money for founders, where is it"])
async def test_who_is_no_lead_may_ask_about_grants(house, said):
    [answer] = await house.says(said, "ada")
    assert "manager @" not in answer.text
    assert "nur die Leitung" not in answer.text
    assert await entries(house) == []


# Roles count only while their person is trusted


async def test_a_lead_who_became_a_guest_elsewhere_is_no_lead(house):
    """The guest's account is another one of the same person."""
    person = await person_id(house, "lea")

    def link(tx):
        guest = people.add_account(
            tx, "telegram", "lea-the-guest", house.now, name="Lea", trusted=False, guest=True
        )
        tx.execute("UPDATE accounts SET person_id = ? WHERE person_id = ?", (person, guest.person_id))

    await house.database.write(link)
    [refused] = await house.commands("audit", "", "lea")
    assert refused.text == "Das darf nur die Leitung."
    assert await roles_of(house, "lea") == frozenset()


async def test_a_guest_by_another_account_is_not_made_manager(house):
    await test_a_lead_who_became_a_guest_elsewhere_is_no_lead(house)
    await house.gives("lou", "lead")
    [answer] = await house.commands("grant", "manager @Lea", "lou", mentions=(house.actor("lea"),))
    assert "Gast" in answer.text
    assert ("grant", "manager", "refused", 1) in await entries(house)


async def test_leads_who_do_not_count_keep_nobody_from_being_the_last(house):
    await house.gives("lou", "lead")
    await house.says("hallo", "lou", trusted=False, guest=True)
    [refused] = await house.commands("revoke", "lead @Lea", "lea", mentions=(house.actor("lea"),))
    assert refused.text == "Lea ist allein in der Leitung; hol erst jemanden dazu."
    [taken] = [
        seen
        for seen in await house.commands("revoke", "lead @Lou", "lea", mentions=(house.actor("lou"),))
        if "Lou" in seen.text and "Lea" not in seen.text
    ]
    assert taken.text == "Lou gehört nicht mehr zur Leitung."


async def test_somebody_whom_the_platform_does_not_know_in_time_loses_nothing(house):
    [refused] = await house.commands("audit", "", "lea", trusted=False, unknown=True)
    assert refused.text == "Das darf nur die Leitung."
    assert await roles_of(house, "lea") == {"lead"}


async def test_a_lead_s_codes_end_with_the_role(house):
    await house.gives("lou", "lead")
    await house.commands("grant", "lead", "lou")
    await house.commands("revoke", "lead @Lou", "lea", mentions=(house.actor("lou"),))
    assert await house.reads(lambda tx: tx.value("SELECT count(*) FROM codes")) == 0


async def test_guests_do_what_members_may_if_the_hub_says_so(house):
    await house.says("platz morgen", "gast", trusted=False, guest=True)
    [refused] = await house.presses("Platz nehmen", "gast", trusted=False, guest=True)
    assert refused.text == "Das ist für Mitglieder des Hubs; du bist hier Gast."
    assert refused.buttons == ["Ans Team schreiben"]
    hub = structs.replace(house.house.hub, guests_are_members=True)
    house.house = dataclasses.replace(house.house, hub=hub)
    await house.presses("Platz nehmen", "gast", trusted=False, guest=True)
    assert await house.reads(lambda tx: tx.value("SELECT count(*) FROM desk_bookings")) == 1
    [refused] = await house.commands("roles", "", "gast", trusted=False, guest=True)
    assert refused.text == "Das darf nur das Team des Hubs."


# Words of others


@pytest.mark.parametrize("said", ["pause", "ernenne lead @Tom", "protokoll", "hier manager"])
async def test_a_forwarded_message_gives_no_order(house, said):
    facts = house._facts("lea", "telegram")
    await house.gives("lea", "lead", "telegram")
    forwarded = TextMessage(**facts, text=said, mentions=(house.actor("tom"),), forwarded=True)
    await house.does(forwarded, understand(house.house.registry, house.index, said))
    assert await house.reads(lambda tx: tx.value("SELECT count(*) FROM switches")) == 0
    assert await roles_of(house, "tom") == frozenset()
    assert await entries(house) == []


async def test_a_forwarded_message_answers_no_question_of_the_team_s(house):
    await house.gives("mona", "manager", "telegram")
    await house.commands("event", "", "mona", platform="telegram")
    forwarded = TextMessage(**house._facts("mona", "telegram"), text="Startup-Night", forwarded=True)
    [told] = await house.does(forwarded)
    assert told.text == "Schreib das bitte selbst: Weitergeleitete Worte nehme ich dafür nicht."
    [second] = await house.says("Startup-Night", "mona", platform="telegram")
    assert "Tag" in second.text


# Refusals


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_a_refusal_offers_to_write_to_the_team(house, platform):
    [refused] = await house.commands("event", "", "ada", platform=platform, chat="")
    assert refused.text == "Das darf nur das Team des Hubs."
    assert refused.buttons == ["Ans Team schreiben"]
    await house.presses("Ans Team schreiben", "ada", platform=platform)
    if platform == "slack":
        assert house.answer.outcome.form.id == "faq:ask"


async def test_what_only_leads_may_is_nothing_to_write_to_the_team_about(house):
    [refused] = await house.commands("pause", "", "ada")
    assert (refused.text, refused.buttons) == ("Das darf nur die Leitung.", [])


async def test_a_press_refused_on_telegram_is_a_passing_line(house):
    await house.gives("leo", "lead", "telegram")
    await house.commands("hier", "manager", "leo", chat="team", platform="telegram")
    await house.commands("frage", "Habt ihr eine Sauna?", "ada", platform="telegram")
    assert await house.presses("Übernehmen", "eve", chat="team", platform="telegram") == []
    assert isinstance(house.answer.outcome, Toast)
    assert house.toast == "Das dürfen nur Community-Manager."


async def test_a_thousand_presses_are_one_entry_an_hour(house):
    await house.commands("pause", "", "eve")
    eve = await person_id(house, "eve")

    def press(tx):
        for _ in range(999):
            audit.add_refusal(tx, eve, "command pause", house.now)

    await house.database.write(press)
    assert await entries(house) == [("command", "pause", "refused", 1000)]
    house.passes(minutes=61)
    await house.commands("pause", "", "eve")
    assert await entries(house) == [("command", "pause", "refused", 1000), ("command", "pause", "refused", 1)]


async def test_a_thousand_different_things_are_some_twenty_entries(house):
    def press(tx):
        for number in range(1000):
            audit.add_refusal(tx, 1, f"action some:{number}", house.now)

    await house.database.write(press)
    found = await entries(house)
    assert len(found) == audit.MOST_KINDS + 1
    assert sum(times for *_, times in found) == 1000
    assert found[-1] == ("more", "", "refused", 1000 - audit.MOST_KINDS)


# The audit in chat


async def test_leads_read_what_was_done_and_refused(house):
    await house.commands("ernenne", "manager @Tom Essen", "lea", mentions=(house.actor("tom"),))
    for _ in range(3):
        await house.commands("pause", "", "eve")
    await house.commands("hier", "termine", "lea", chat="lobby")
    await house.commands("entziehe", "lead @Lea", "lea", mentions=(house.actor("lea"),))
    [shown] = await house.says("protokoll", "lea", chat="lobby")
    assert shown.to == "lea"
    assert shown.text.splitlines() == [
        "Was getan und abgelehnt wurde",
        "10:42 · Lea konnte Lea nicht abberufen: Leitung",
        "10:42 · Lea hat einen Chat bestimmt: Für Termine",
        "10:42 · Eve durfte nicht: command pause (3×)",
        "10:42 · Lea hat Tom zugeteilt: Essen",
        "10:42 · Lea hat Tom ernannt: Community-Manager",
    ]


async def test_older_entries_are_a_press_away(house):
    def fill(tx):
        for number in range(25):
            audit.add_entry(tx, 1, "grant", house.now, person_id=1, detail=f"role-{number}")

    await house.database.write(fill)
    [first] = await house.commands("audit", "", "lea", language="en")
    assert len(first.text.splitlines()) == 11
    [second] = await house.presses("Ältere" if "Ältere" in first.buttons else "Older", "lea")
    [third] = await house.presses("Ältere" if "Ältere" in second.buttons else "Older", "lea", on=second)
    assert (second.buttons != [], third.buttons) == (True, [])
    assert len(third.text.splitlines()) == 6


async def test_an_empty_audit_says_so(house):
    [shown] = await house.says("protokoll", "lea")
    assert shown.text == "Was getan und abgelehnt wurde\nNoch nichts."


async def test_the_names_of_forgotten_people_are_gone_from_the_audit(house):
    await house.commands("ernenne", "manager @Tom", "lea", mentions=(house.actor("tom"),))
    tom = await person_id(house, "tom")
    await house.database.write(lambda tx: tx.execute("DELETE FROM persons WHERE id = ?", (tom,)))
    [shown] = await house.says("protokoll", "lea")
    assert shown.text.splitlines()[1] == "10:42 · Lea hat jemand ernannt: Community-Manager"


async def test_a_role_by_code_is_noted(house):
    [given] = await house.says("ernenne manager", "lea")
    code = next(word for word in given.text.split() if "-" in word and word.isupper())
    await house.says(code, "tom")
    assert await entries(house) == [("code", "manager", "done", 1), ("redeem", "manager", "done", 1)]


async def test_a_handle_that_the_bot_never_met_is_no_entry(house):
    await house.commands("grant", "manager @nobody", "lea", mentions=(Actor("slack", "", handle="nobody"),))
    assert [what for what, *_ in await entries(house)] == ["code"]
