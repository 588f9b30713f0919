"""House rules: blocking somebody, what they read, what they may still say, and lifting it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.core.ui import Nothing
from storage import blocks, people, retention, roles, tombstones
from storage.account_hash import account_hash

REASON = "Werbung trotz Bitte"


@pytest.fixture
async def house(bot):
    """Two leads, Lea in Slack and Leo in Telegram, a manager, and Eve who is to be blocked."""
    await bot.gives("lea", "lead")
    await bot.gives("leo", "lead", "telegram")
    await bot.says("hallo", "leo", platform="telegram")
    for platform in ("slack", "telegram"):
        await bot.says("hallo", "eve", platform=platform, language="de")
    return bot


async def block(bot, platform="slack", reason=REASON):
    lead = "lea" if platform == "slack" else "leo"
    mentions = (bot.actor("eve", platform),)
    return await bot.commands("sperre", f"@Eve {reason}", lead, mentions=mentions, platform=platform)


async def held(bot):
    return await bot.reads(blocks.list_blocks)


async def audited(bot) -> list[tuple[str, str]]:
    return await bot.reads(lambda tx: tx.values("SELECT what, outcome FROM audit ORDER BY id"))


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_a_blocked_person_reads_why_once_and_then_nothing(house, platform):
    await block(house, platform)
    [told] = await house.says("platz morgen", "eve", platform=platform)
    assert told.text.splitlines()[0] == f"Die Leitung des ruhr:HUB hat dich hier gesperrt: „{REASON}“"
    assert told.buttons == ["Etwas dazu sagen"]
    for said in ("platz morgen", "hilfe", "hallo?", "mentor"):
        assert await house.says(said, "eve", platform=platform) == []
    assert await house.commands("desk", "morgen", "eve", platform=platform) == []
    assert isinstance(house.answer.outcome, Nothing)


async def test_what_hangs_on_the_screen_does_nothing_any_more(house):
    await house.says("platz morgen", "eve")
    await house.commands("mentor", "", "eve")
    form = house.answer.outcome.form
    await block(house)
    await house.says("hallo", "eve")
    await house.presses("Platz nehmen", "eve")
    await house.submits("eve", form=form, text="Bitte", topic="design", city="any")
    for table in ("desk_bookings", "mentoring_requests"):
        assert await house.reads(lambda tx, table=table: tx.value(f"SELECT count(*) FROM {table}")) == 0


async def test_in_a_group_only_they_read_it_and_chatter_does_not_use_it_up(house):
    await block(house)
    assert await house.says("was kostet das", "eve", chat="lobby", addressed=False) == []
    [told] = await house.says("@kumpel hallo", "eve", chat="lobby")
    assert told.to == "eve"


async def test_who_can_t_be_written_to_yet_is_told_when_they_can(house):
    """On Telegram the reason is for their eyes alone, which needs a direct chat."""
    nina = house.actor("nina", "telegram")
    await house.commands("sperre", "@Nina Lärm", "leo", mentions=(nina,), platform="telegram", chat="lobby")
    [asked] = await house.says("@kumpel hallo", "nina", platform="telegram", chat="lobby")
    assert "Lärm" not in asked.text
    [told] = await house.says("/start", "nina", platform="telegram")
    assert "„Lärm“" in told.text


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_they_say_something_once_and_every_lead_gets_a_card(house, platform):
    await block(house, platform)
    await house.says("hallo", "eve", platform=platform)
    await house.presses("Etwas dazu sagen", "eve", platform=platform)
    if platform == "slack":
        sent = await house.submits("eve", appeal="Das war ich nicht.")
    else:
        sent = await house.says("Das war ich nicht.", "eve", platform=platform)
    assert any(seen.text.startswith("Die Leitung hat deine Nachricht.") for seen in sent)
    for lead, where in (("lea", "slack"), ("leo", "telegram")):
        card = (await house.screen(lead, where))[-1]
        assert card.text == f"Eve wurde gesperrt: „{REASON}“ Und sagt dazu:\n„Das war ich nicht.“"
        assert card.buttons == ["Entsperren", "Bleibt so"]
    before = len(await house.screen("lea"))
    await house.presses("Etwas dazu sagen", "eve", platform=platform)
    assert len(await house.screen("lea")) == before
    assert (await held(house))[0].appeal == "Das war ich nicht."


async def appealed(bot):
    await block(bot)
    await bot.says("hallo", "eve")
    await bot.presses("Etwas dazu sagen", "eve")
    await bot.submits("eve", appeal="Das war ich nicht.")


async def test_the_first_lead_to_lift_it_has_lifted_it(house):
    await appealed(house)
    card = (await house.screen("leo", "telegram"))[-1]
    await house.presses("Entsperren", "lea")
    assert await held(house) == []
    assert (await house.texts("eve"))[-1] == "Du kannst mich wieder nutzen: Deine Sperre ist aufgehoben."
    assert (await house.screen("lea"))[-1].text.endswith("Entsperrt von Lea") or any(
        text.endswith("Entsperrt von Lea") for text in await house.texts("lea")
    )
    await house.presses("Bleibt so", "leo", platform="telegram", on=card)
    assert house.toast == "Lea hat schon entsperrt."
    assert "Lea hat die Sperre von Eve aufgehoben." in await house.texts("leo", "telegram")
    await house.says("platz morgen", "eve")
    await house.presses("Platz nehmen", "eve")
    assert await house.reads(lambda tx: tx.value("SELECT count(*) FROM desk_bookings")) == 1


async def test_it_stays_and_they_hear_so(house):
    await appealed(house)
    await house.presses("Bleibt so", "lea")
    assert (await house.texts("eve"))[-1] == "Die Leitung hat gelesen, was du geschrieben hast. Es bleibt dabei."
    assert any("Bleibt so, sagt Lea" in text for text in await house.texts("leo", "telegram"))
    assert [what for what, _ in await audited(house)] == ["block", "uphold"]
    await house.commands("unblock", "@Eve", "lea", mentions=(house.actor("eve"),))
    assert await held(house) == []


async def test_a_lead_can_t_be_blocked_not_even_by_themselves(house):
    await house.gives("lou", "lead")
    for who in ("lou", "lea"):
        [refused] = await house.commands("sperre", f"@{who} weg", "lea", mentions=(house.actor(who),))
        assert refused.text.endswith("gehört zur Leitung; die kann man nicht sperren.")
    assert await held(house) == []
    assert await audited(house) == [("block", "refused")] * 2


async def test_a_manager_who_is_blocked_is_none_any_more(house):
    await house.gives("mona", "manager")
    await house.commands("sperre", "@Mona Weil", "lea", mentions=(house.actor("mona"),))
    mona = await house.reads(lambda tx: people.get_account(tx, "slack", "mona").person_id)
    assert await house.reads(lambda tx: roles.list_roles(tx, mona)) == frozenset()
    await house.commands("entsperre", "@Mona", "lea", mentions=(house.actor("mona"),))
    assert await house.reads(lambda tx: roles.list_roles(tx, mona)) == frozenset()


async def test_nobody_blocked_is_made_manager(house):
    await block(house)
    [refused] = await house.commands("ernenne", "manager @Eve", "lea", mentions=(house.actor("eve"),))
    assert refused.text == "Eve ist gesperrt. Heb das erst auf: entsperre."


async def test_all_leads_hear_of_it_and_it_is_noted(house):
    await block(house)
    assert (await house.texts("leo", "telegram"))[-1] == f"Lea hat Eve gesperrt: „{REASON}“"
    [again] = await block(house)
    assert again.text == "Eve ist schon gesperrt."
    assert await audited(house) == [("block", "done")]


@pytest.mark.parametrize("said", ["", "@Eve", "Eve Werbung", "@Eve @Ada Werbung"])
async def test_without_one_person_and_a_reason_it_is_explained(house, said):
    mentions = tuple(house.actor(who) for who in ("eve", "ada") if f"@{who.title()}" in said)
    [answer] = await house.commands("sperre", said, "lea", mentions=mentions)
    assert answer.text == "Schreib es so: sperre @Name warum. Das Warum liest die Person."
    assert await held(house) == []


async def test_a_reason_longer_than_a_screen_is_sent_back(house):
    [answer] = await block(house, reason="x" * 501)
    assert answer.text.startswith("Das sind 501 Zeichen, 500 passen.")
    assert await held(house) == []


async def test_a_name_typed_in_slack_blocks_somebody_who_uses_telegram_alone(house):
    await house.says("hallo", "77", platform="telegram", name="Tom", handle="TomTom")
    await house.says("sperre @tomtom Lärm", "lea")
    assert [found.reason for found in await held(house)] == ["Lärm"]
    [told] = await house.says("hallo", "77", platform="telegram", name="Tom", handle="TomTom")
    assert "Lärm" in told.text
    await house.says("entsperre @tomtom", "lea")
    assert await held(house) == []


async def test_a_hostile_reason_is_shown_to_the_letter(house):
    await block(house, reason="<!channel> **fett** <@U1>")
    [told] = await house.says("hallo", "eve")
    assert "„<!channel> **fett** <@U1>“" in told.text


async def test_without_a_name_the_blocked_are_offered(house):
    [none] = await house.says("entsperre", "lea")
    assert none.text == "Niemand ist gesperrt."
    await block(house)
    await house.says("entsperre", "lea")
    sent = await house.picks("Eve", "lea")
    assert "Eve kann mich wieder nutzen." in [seen.text for seen in sent]
    [gone] = await house.commands("entsperre", "@Eve", "lea", mentions=(house.actor("eve"),))
    assert gone.text == "Eve ist nicht gesperrt."


async def test_what_they_hold_is_freed_by_a_press(house):
    await house.says("platz morgen", "eve")
    await house.presses("Platz nehmen", "eve")
    await house.commands("frage", "Habt ihr eine Sauna?", "eve")
    await block(house)
    assert await house.reads(lambda tx: tx.value("SELECT count(*) FROM desk_bookings WHERE state = 'held'")) == 1
    [told] = await house.presses("Belegtes freigeben", "lea")
    assert told.text == "Freigegeben: ein Platz."
    [told] = await house.presses("Belegtes freigeben", "lea")
    assert told.text == "Freigegeben: da war nichts."


@pytest.mark.parametrize("who", ["ada", "mona", "pia"])
async def test_only_leads_block(house, who):
    await house.gives("mona", "manager")
    await house.gives("pia", "project")
    [refused] = await house.commands("sperre", "@Eve weg", who, mentions=(house.actor("eve"),))
    assert refused.text == "Das darf nur die Leitung."
    assert await held(house) == []


async def test_their_own_data_stay_theirs(house):
    """The law knows no house rules: what is kept about a person, they may see and delete."""
    await block(house)
    await house.says("hallo", "eve")
    assert await house.commands("privacy", "", "eve") != []


async def test_a_lifted_block_is_forgotten_after_90_days(house):
    await block(house)
    await house.commands("entsperre", "@Eve", "lea", mentions=(house.actor("eve"),))
    house.passes(days=91)
    await house.database.write(lambda tx: retention.remove_expired(tx, house.now, house.house.registry.retention))
    assert await house.reads(lambda tx: tx.value("SELECT count(*) FROM blocks")) == 0


# Deleted while blocked


async def delete(bot, who="eve", platform="slack"):
    await bot.says("lösch mich", who, platform=platform, language="de")
    return await bot.presses("Alles löschen", who, platform=platform)


async def rows(bot, table: str) -> int:
    return await bot.reads(lambda tx: tx.value(f"SELECT count(*) FROM {table}"))


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_deleting_oneself_lifts_no_block(house, platform):
    await block(house, platform)
    [asked] = await house.says("lösch mich", "eve", platform=platform)
    assert "Bleibt, als Fingerabdruck deines Kontos ohne Namen: dass du gesperrt bist, 2 Jahre lang" in asked.text
    await house.presses("Alles löschen", "eve", platform=platform)
    assert await held(house) == []
    house.strangers = True
    [told] = await house.says("platz morgen", "eve", platform=platform, language="de")
    assert told.text.startswith(
        "Die Leitung des ruhr:HUB hat dich hier gesperrt, und dass du deine Daten gelöscht"
    )
    assert REASON not in told.text
    assert await house.says("platz morgen", "eve", platform=platform) == []
    assert [found.reason for found in await held(house)] == [""]
    assert await rows(house, "desk_bookings") == await rows(house, "kept_blocks") == 0
    assert ("block-kept", "done") in await audited(house)
    assert (await audited(house))[-1] == ("block-back", "done")


async def test_the_leads_card_of_what_they_said_goes_too(house):
    await appealed(house)
    await delete(house)
    for lead, where in (("lea", "slack"), ("leo", "telegram")):
        assert not any("Das war ich nicht." in text for text in await house.texts(lead, where))
    assert await house.reads(lambda tx: tx.value("SELECT min(wanted) FROM posts WHERE subject LIKE 'block:%'")) > 1


async def test_what_is_kept_of_them_names_nobody(house):
    await block(house)
    await delete(house)
    [kept] = await house.reads(lambda tx: tx.values("SELECT * FROM kept_blocks"))
    assert not any(word in str(kept).lower() for word in ("eve", "slack", REASON.lower()))
    salt = await house.reads(lambda tx: tx.value("SELECT salt FROM kept_blocks"))
    assert account_hash("slack", "eve", salt) == kept[0] != account_hash("telegram", "eve", salt)


async def test_somebody_else_who_comes_is_not_taken_for_them(house):
    await block(house)
    await delete(house)
    house.strangers = True
    [answer] = await house.says("hallo", "nina")
    assert "gesperrt" not in answer.text
    [other] = await house.says("hallo", "eve", platform="telegram")  # another person's account
    assert "gesperrt" not in other.text


async def test_they_say_something_against_it_once_however_often_they_come_back(house):
    await appealed(house)
    await delete(house)
    house.strangers = True
    [told] = await house.says("hallo", "eve")
    assert "Etwas dazu sagen" not in told.buttons


async def test_who_had_said_nothing_may_say_it_when_back(house):
    await block(house)
    await delete(house)
    house.strangers = True
    await house.says("hallo", "eve")
    await house.presses("Etwas dazu sagen", "eve")
    await house.submits("eve", appeal="Das war ich nicht.")
    card = next(seen for seen in await house.screen("leo", "telegram") if "Bleibt so" in seen.buttons)
    assert card.text.splitlines()[0] == "Eve wurde gesperrt, hat sich gelöscht und ist wieder da. Und sagt dazu:"


async def test_a_lead_lifts_it_while_they_are_gone_and_they_are_let_in(house):
    await block(house)
    await delete(house)
    await house.says("entsperre", "lea")
    await house.picks("jemand Gelöschtes (10:42)", "lea")
    assert await rows(house, "kept_blocks") == 0
    assert any("Lea hat die Sperre von jemand" in text for text in await house.texts("leo", "telegram"))
    house.strangers = True
    [welcome] = await house.says("hallo", "eve")
    assert "gesperrt" not in welcome.text
    assert (await audited(house))[-1] == ("unblock", "done")


async def test_a_lead_lifts_it_by_name_and_it_is_gone_for_all_their_accounts(house):
    def link(tx):
        one, other = (people.get_account(tx, each, "eve") for each in ("slack", "telegram"))
        tx.execute("UPDATE accounts SET person_id = ? WHERE person_id = ?", (one.person_id, other.person_id))

    await house.database.write(link)
    await block(house)
    await delete(house)
    assert await rows(house, "kept_blocks") == 2
    house.strangers = True
    await house.says("hallo", "eve")
    assert await rows(house, "kept_blocks") == 1
    [offered] = await house.says("entsperre", "lea")
    assert [option.label for option in offered.controls[0].options] == ["Eve"], "one entry for one person"
    await house.commands("entsperre", "@Eve", "lea", mentions=(house.actor("eve"),))
    assert await rows(house, "kept_blocks") == 0
    [welcome] = await house.says("hallo", "eve", platform="telegram")
    assert "gesperrt" not in welcome.text


async def test_both_accounts_that_come_back_are_turned_away(house):
    def link(tx):
        one, other = (people.get_account(tx, each, "eve") for each in ("slack", "telegram"))
        tx.execute("UPDATE accounts SET person_id = ? WHERE person_id = ?", (one.person_id, other.person_id))

    await house.database.write(link)
    await block(house)
    await delete(house)
    house.strangers = True
    for platform in ("slack", "telegram"):
        [told] = await house.says("hallo", "eve", platform=platform)
        assert "gesperrt" in told.text
    assert len(await held(house)) == 2


async def test_deleted_again_it_is_kept_again(house):
    await block(house)
    for _ in range(2):
        await delete(house)
        house.strangers = True
        await house.says("hallo", "eve")
        house.strangers = False
    assert len(await held(house)) == 1


async def test_two_years_later_it_is_forgotten(house):
    await block(house)
    await delete(house)
    rules = house.house.registry.retention
    await house.database.write(
        lambda tx: retention.remove_expired(tx, house.now + timedelta(days=729), rules=rules)
    )
    assert await rows(house, "kept_blocks") == 1
    await house.database.write(
        lambda tx: retention.remove_expired(tx, house.now + timedelta(days=731), rules=rules)
    )
    assert await rows(house, "kept_blocks") == 0


async def test_whose_account_is_gone_stays_blocked_too(house):
    await block(house)
    await house.database.write(lambda tx: people.mark_account_left(tx, "slack", "eve", house.now))
    rules = house.house.registry.retention
    later = house.now + timedelta(days=400)
    await house.database.write(lambda tx: retention.remove_expired(tx, later, rules=rules))
    assert len(await held(house)) == 1


async def test_a_restored_backup_forgets_them_and_keeps_the_block(house):
    """A backup from before the deletion knows the block, and the list of tombstones knows the deletion."""
    await block(house)
    before = await house.reads(lambda tx: people.get_account(tx, "slack", "eve"))
    known = await house.database.write(lambda tx: deleted_elsewhere(tx, before, house.now))
    assert await house.database.write(lambda tx: tombstones.apply(tx, known, house.now)) == 1
    house.strangers = True
    [told] = await house.says("hallo", "eve")
    assert "gesperrt" in told.text


def deleted_elsewhere(tx, account, now):
    salt = "00" * 16
    stone = tombstones.Tombstone(account_hash(account.platform, account.external_id, salt), salt, now)
    return frozenset({stone})
