"""Linking a Slack and a Telegram account: who may, what is asked, what two persons who are one keep."""

from __future__ import annotations

import re

import pytest

from handlers.people import codes
from storage import linking, people, roles

CODE = re.compile(r"[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}")


async def person_of(bot, who: str, platform: str) -> int:
    return await bot.reads(lambda tx: people.get_account(tx, platform, who).person_id)


def start_of(seen) -> str:
    [start] = [control.start for control in seen.controls if getattr(control, "start", "")]
    return start


async def opens(bot, start: str, who: str = "tara", **where):
    """Somebody opens a deep link, as Telegram tells it."""
    return await bot.commands("start", start, who=who, **{"platform": "telegram", **where})


async def link(bot, slack: str = "lena", telegram: str = "tara"):
    """Link the two, the Slack account asking; returns the messages of the last step."""
    [offer] = await bot.says("verbinden", slack)
    await opens(bot, start_of(offer), telegram)
    return await bot.presses("Verbinden", telegram, platform="telegram")


# From Slack to Telegram


async def test_a_link_is_handed_out_of_128_bits_in_the_direct_chat(bot):
    [offer] = await bot.says("verbinden", "lena")
    assert offer.text.startswith("Öffne das in deinem Telegram")
    [control] = offer.controls
    assert (control.label, control.platform) == ("Telegram öffnen", "telegram")
    assert re.fullmatch(r"link_[A-Za-z0-9_-]{22}", control.start)  # 16 bytes in base64
    assert len(control.start) <= 64


async def test_only_the_hash_is_kept(bot):
    [offer] = await bot.says("verbinden", "lena")
    [(kept,)] = await bot.reads(lambda tx: tx.values("SELECT secret_hash FROM link_requests"))
    assert re.fullmatch(r"[0-9a-f]{64}", kept)
    assert start_of(offer).removeprefix("link_") not in kept


@pytest.mark.parametrize("said", ["verbinden", "link", "Verbinde mein Telegram mit Slack", "Link my accounts"])
async def test_asked_for_in_a_channel_the_link_comes_directly(bot, said):
    await bot.says(said, "lena", chat="general")
    assert all("link_" not in str(seen.controls) for seen in await bot.screen("general"))
    assert any("link_" in str(seen.controls) for seen in await bot.screen("lena"))


async def test_whoever_opens_it_is_asked_and_nothing_is_linked_before(bot):
    [offer] = await bot.says("verbinden", "lena")
    [asked] = await opens(bot, start_of(offer))
    assert asked.text == (
        "Das verbindet dein Telegram mit Lena (@lena) in Slack: Buchungen, Anfragen und Anmeldungen gehören dann"
        " einer Person. Bist du das nicht, drück Nein."
    )
    assert asked.buttons == ["Verbinden", "Nein"]
    assert await person_of(bot, "lena", "slack") != await person_of(bot, "tara", "telegram")


async def test_confirmed_the_two_are_one_and_both_sides_hear_it(bot):
    linked, told = sorted(await link(bot), key=lambda seen: "Verbunden" not in seen.text)
    assert linked.text.startswith("Verbunden. Telegram und Slack (Lena (@lena)) sind für mich jetzt eine Person.")
    assert linked.buttons == ["Lieber in Telegram", "Einstellungen"]
    assert told.text == "Dein Telegram ist jetzt mit dir hier verbunden: Tara. Warst du das nicht?"
    assert told.buttons == ["Trennen", "Einstellungen"]
    assert await person_of(bot, "lena", "slack") == await person_of(bot, "tara", "telegram")
    assert await bot.reads(lambda tx: tx.value("SELECT count(*) FROM persons")) == 1


async def test_refused_nothing_is_linked_and_the_link_is_void(bot):
    [offer] = await bot.says("verbinden", "lena")
    await opens(bot, start_of(offer))
    [fine] = await bot.presses("Nein", "tara", platform="telegram")
    assert fine.text == "Gut, nichts ist verbunden."
    [over] = await opens(bot, start_of(offer))
    assert over.text.startswith("Das gilt nicht mehr")
    assert await person_of(bot, "lena", "slack") != await person_of(bot, "tara", "telegram")


async def test_a_link_is_for_the_first_who_opens_it(bot):
    [offer] = await bot.says("verbinden", "lena")
    await opens(bot, start_of(offer), "tara")
    [over] = await opens(bot, start_of(offer), "eve")
    assert over.text.startswith("Das gilt nicht mehr")
    [again] = await opens(bot, start_of(offer), "tara")
    assert again.buttons == ["Verbinden", "Nein"]


async def test_a_link_works_once(bot):
    [offer] = await bot.says("verbinden", "lena")
    await opens(bot, start_of(offer))
    [asked] = [seen for seen in await bot.screen("tara", "telegram") if "Nein" in seen.buttons]
    await bot.presses("Verbinden", "tara", platform="telegram")
    for _ in range(2):
        await bot.presses("Verbinden", "tara", on=asked, platform="telegram")
        assert bot.toast.startswith("Das gilt nicht mehr")
    [over] = await opens(bot, start_of(offer), "eve")
    assert over.text.startswith("Das gilt nicht mehr")
    assert await bot.reads(lambda tx: tx.value("SELECT count(*) FROM audit WHERE what = 'link'")) == 1


@pytest.mark.parametrize("opened_before", [False, True])
async def test_a_link_ends_after_ten_minutes(bot, opened_before):
    [offer] = await bot.says("verbinden", "lena")
    if opened_before:
        await opens(bot, start_of(offer))
    bot.passes(minutes=10)
    if opened_before:
        await bot.presses("Verbinden", "tara", platform="telegram")
        assert bot.toast.startswith("Das gilt nicht mehr")
    else:
        [over] = await opens(bot, start_of(offer))
        assert over.text.startswith("Das gilt nicht mehr")
    assert await bot.reads(lambda tx: tx.value("SELECT count(*) FROM persons")) == 2


async def test_a_newer_link_replaces_the_older(bot):
    [first] = await bot.says("verbinden", "lena")
    [second] = await bot.says("verbinden", "lena")
    [over] = await opens(bot, start_of(first))
    assert over.text.startswith("Das gilt nicht mehr")
    [asked] = await opens(bot, start_of(second))
    assert asked.buttons == ["Verbinden", "Nein"]


async def test_the_confirmation_is_for_the_account_that_was_asked(bot):
    [offer] = await bot.says("verbinden", "lena")
    [asked] = await opens(bot, start_of(offer))
    [yes, _] = asked.controls
    await bot.says("hallo", "eve", platform="telegram")
    eve = next(seen for seen in await bot.screen("eve", "telegram"))
    token = bot.house.seals.seal(yes.action.packed, eve.chat_id)  # as if she had a seal of her own chat
    await bot.presses_token(token, "eve", platform="telegram")
    assert bot.toast.startswith("Das gilt nicht mehr")
    assert await person_of(bot, "eve", "telegram") != await person_of(bot, "lena", "slack")


@pytest.mark.parametrize("payload", ["link_", "link_x", "link_" + "A" * 59, "link_äöü", "link_%27--", "link"])
async def test_made_up_links_do_nothing(bot, payload):
    await bot.says("verbinden", "lena")
    [answer] = await opens(bot, payload)
    assert answer.text
    assert "Verbinden" not in answer.buttons
    assert await bot.reads(lambda tx: tx.value("SELECT count(*) FROM persons")) == 2


async def test_a_link_opened_in_a_group_is_not_used_up(bot):
    [offer] = await bot.says("verbinden", "lena")
    await opens(bot, start_of(offer), chat="gruppe")
    assert not any("Lena" in text for text in await bot.texts("gruppe", "telegram"))
    [asked] = await opens(bot, start_of(offer))
    assert asked.buttons == ["Verbinden", "Nein"]


async def test_a_hostile_name_is_shown_to_the_letter(bot):
    [offer] = await bot.says("verbinden", "eve", name="<!channel> **Team** [x](http://e)", handle="")
    [asked] = await opens(bot, start_of(offer))
    assert "mit <!channel> **Team** [x](http://e) in Slack" in asked.text


# From Telegram to Slack


async def code_for(bot, who: str = "tara", **where) -> str:
    [offer] = await bot.says("verbinden", who, **{"platform": "telegram", **where})
    assert offer.text.startswith("Schreib mir diesen Code in Slack, direkt: ")
    return CODE.search(offer.text)[0]


def typed_ways(code: str) -> list[str]:
    bare = code.replace("-", "")
    return [
        code,
        code.lower(),
        bare,
        f" {bare[:4]} {bare[4:]} ",
        f"{code[:4]} – {code[5:]}",
        f"Mein Code: {code}.",
    ]


@pytest.mark.parametrize("way", range(6))
async def test_a_code_is_taken_however_it_is_typed(bot, way):
    code = await code_for(bot)
    [asked] = await bot.says(typed_ways(code)[way], "lena")
    assert asked.text.startswith("Das verbindet dein Slack mit Tara")
    [*_] = await bot.presses("Verbinden", "lena")
    assert await person_of(bot, "lena", "slack") == await person_of(bot, "tara", "telegram")


def test_codes_have_letters_and_digits_in_both_halves():
    for _ in range(300):
        code = codes.new_code()
        assert all(re.search(r"[A-Z]", half) and re.search(r"\d", half) for half in code.split("-"))
        assert re.fullmatch(codes.PATTERN, code.replace("-", ""))


async def test_typed_where_it_came_from_the_code_is_neither_taken_nor_counted(bot):
    code = await code_for(bot)
    for _ in range(7):
        [hint] = await bot.says(code, "tara", platform="telegram")
        assert hint.text == "Stimmt, aber schreib ihn mir in Slack."
    [asked] = await bot.says(code, "lena")
    assert asked.buttons == ["Verbinden", "Nein"]


async def test_somebody_elses_code_on_the_same_platform_is_a_wrong_one(bot):
    code = await code_for(bot)
    [refused] = await bot.says(code, "eve", platform="telegram")
    assert refused.text.startswith("Diesen Code nehme ich nicht")


async def test_a_code_is_for_the_first_account_that_types_it(bot):
    code = await code_for(bot)
    await bot.says(code, "lena")
    [refused] = await bot.says(code, "eve")
    assert refused.text.startswith("Diesen Code nehme ich nicht")


async def test_a_code_ends_after_ten_minutes(bot):
    code = await code_for(bot)
    bot.passes(minutes=10)
    [refused] = await bot.says(code, "lena")
    assert refused.text.startswith("Diesen Code nehme ich nicht")


async def test_after_five_wrong_codes_the_right_one_must_wait(bot):
    code = await code_for(bot)
    for number in range(5):
        [refused] = await bot.says(f"A2CD-E4G{number + 2}", "eve")
        assert refused.text.startswith("Diesen Code nehme ich nicht")
    [wait] = await bot.says(code, "eve")
    assert wait.text == "Das waren zu viele Codes. Bitte warte bis 11:42."
    [asked] = await bot.says(code, "lena")  # whom it was made for
    assert asked.buttons == ["Verbinden", "Nein"]


async def test_wrong_codes_stay_with_the_account_that_leaves_its_person(bot):
    await link(bot, "lena", "tara")
    for number in range(5):
        await bot.says(f"A2CD-E4G{number + 2}", "tara", platform="telegram")
    await bot.commands("trennen", who="lena")
    await bot.presses("Trennen", "lena")
    [wait] = await bot.says("A2CD-E4G9", "tara", platform="telegram")
    assert wait.text.startswith("Das waren zu viele Codes")


async def test_a_code_asked_for_in_a_group_comes_directly(bot):
    await bot.says("hallo", "tara", platform="telegram")
    await bot.says("verbinden", "tara", platform="telegram", chat="gruppe")
    assert not any(CODE.search(text) for text in await bot.texts("gruppe", "telegram"))
    assert CODE.search((await bot.texts("tara", "telegram"))[-1])


async def test_who_never_wrote_directly_is_led_there_first(bot):
    [shown] = await bot.says("verbinden", "tara", platform="telegram", chat="gruppe")
    assert [control.start for control in shown.controls] == ["connect"]
    [offer] = await opens(bot, "connect")
    assert CODE.search(offer.text)


async def test_a_code_in_a_channel_does_nothing(bot):
    code = await code_for(bot)
    await bot.says(code, "lena", chat="general")
    assert await bot.reads(lambda tx: tx.value("SELECT state FROM link_requests")) == "open"


async def test_english_people_are_told_the_same_in_english(bot):
    [offer] = await bot.says("link", "lena", language="en")
    assert offer.text.startswith("Open this in your Telegram and confirm it there.")
    [asked] = await opens(bot, start_of(offer), language="en")
    assert asked.text.startswith("This links your Telegram with Lena (@lena) in Slack")
    sent = await bot.presses("Link", "tara", platform="telegram", language="en")
    assert {seen.text.partition(".")[0] for seen in sent} >= {"Linked"}


# Who can't be linked


async def test_with_oneself_there_is_nothing_to_link(bot):
    await link(bot)
    for who, platform in (("lena", "slack"), ("tara", "telegram")):
        [reply] = await bot.says("verbinden", who, platform=platform)
        assert reply.text.startswith("Du bist schon mit ")
        assert reply.buttons == ["Trennen"]
    assert await bot.reads(lambda tx: tx.value("SELECT count(*) FROM link_requests WHERE state = 'open'")) == 0


async def test_an_account_that_is_linked_stays_with_its_person(bot):
    await link(bot, "lena", "tara")
    [offer] = await bot.says("verbinden", "max")
    [refused] = await opens(bot, start_of(offer), "tara")
    assert refused.text.startswith("Dein Telegram ist schon mit Lena")
    code = await code_for(bot, "tom")
    [refused] = await bot.says(code, "lena")
    assert refused.text.startswith("Dein Slack ist schon mit Tara")
    assert await person_of(bot, "max", "slack") != await person_of(bot, "lena", "slack")


async def test_whoever_was_linked_meanwhile_takes_no_second_account(bot):
    [offer] = await bot.says("verbinden", "lena")
    await opens(bot, start_of(offer), "tara")
    code = await code_for(bot, "tom")
    await bot.says(code, "lena")
    await bot.presses("Verbinden", "lena")
    [refused] = await bot.presses("Verbinden", "tara", platform="telegram")
    assert refused.text == "Lena (@lena) ist schon mit einem anderen Telegram-Konto verbunden."
    assert await person_of(bot, "tara", "telegram") != await person_of(bot, "lena", "slack")


async def test_the_store_itself_allows_one_account_a_platform(bot):
    await bot.says("hallo", "lena")
    await bot.says("hallo", "max")
    lena, max_ = [await person_of(bot, who, "slack") for who in ("lena", "max")]
    with pytest.raises(Exception, match="UNIQUE"):
        await bot.database.write(lambda tx: linking.mark_account_linked(tx, lena, max_, bot.now))


async def test_a_guest_and_somebody_with_a_role_are_not_linked(bot):
    await bot.gives("tara", "manager", "telegram")
    [offer] = await bot.says("verbinden", "gast", trusted=False, guest=True)
    [refused] = await opens(bot, start_of(offer), "tara")
    assert "Gäste können keine haben" in refused.text
    code = await code_for(bot, "tara")
    [refused] = await bot.says(code, "gast", trusted=False, guest=True)
    assert "Gäste können keine haben" in refused.text
    assert await bot.reads(lambda tx: tx.value("SELECT count(*) FROM persons")) == 2


async def test_a_guest_without_roles_can_link(bot):
    [offer] = await bot.says("verbinden", "gast", trusted=False, guest=True)
    await opens(bot, start_of(offer), "tara")
    await bot.presses("Verbinden", "tara", platform="telegram")
    assert await person_of(bot, "gast", "slack") == await person_of(bot, "tara", "telegram")


async def test_a_link_of_somebody_blocked_is_no_longer_good(bot):
    await bot.gives("lea", "lead")
    [offer] = await bot.says("verbinden", "lena")
    lena, lea = await person_of(bot, "lena", "slack"), await person_of(bot, "lea", "slack")
    await bot.database.write(
        lambda tx: tx.execute(
            "INSERT INTO blocks (person_id, reason, blocked_by, blocked_at) VALUES (?, 'x', ?, ?)",
            (lena, lea, bot.now),
        )
    )
    [over] = await opens(bot, start_of(offer), "tara")
    assert over.text.startswith("Das gilt nicht mehr")


# With a role


async def test_a_role_counts_in_both_chats_and_the_other_leads_hear_of_it(bot):
    await bot.gives("lea", "lead")
    await bot.gives("mona", "manager")
    await link(bot, "mona", "tara")
    assert any("Tara in Telegram verbunden" in text for text in await bot.texts("lea"))
    [answer] = await bot.commands("wer", "heute", who="tara", platform="telegram")
    assert "Das darf" not in answer.text


# Unlinking


async def test_unlinking_says_what_stays_and_asks(bot):
    await link(bot)
    [asked] = await bot.commands("trennen", who="tara", platform="telegram")
    assert "bleibt bei Lena in Slack. Tara in Telegram wird eine eigene Person" in asked.text
    assert asked.buttons == ["Trennen", "Nein"]
    [fine] = await bot.presses("Nein", "tara", platform="telegram")
    assert fine.text == "Gut, alles bleibt verbunden."
    assert await person_of(bot, "lena", "slack") == await person_of(bot, "tara", "telegram")


@pytest.mark.parametrize(("who", "platform"), [("lena", "slack"), ("tara", "telegram")])
async def test_whoever_presses_what_there_was_stays_with_the_account_that_asked(bot, who, platform):
    await bot.gives("lena", "manager")
    await link(bot)
    await bot.commands("trennen", who=who, platform=platform)
    sent = await bot.presses("Trennen", who, platform=platform)
    assert {seen.text for seen in sent} == {"Getrennt. Alles bleibt in Slack; Telegram fängt neu an."}
    lena, tara = await person_of(bot, "lena", "slack"), await person_of(bot, "tara", "telegram")
    assert lena != tara
    assert await bot.reads(lambda tx: roles.list_roles(tx, lena)) == {"manager"}
    assert await bot.reads(lambda tx: roles.list_roles(tx, tara)) == frozenset()


async def test_unlinking_twice_says_so(bot):
    await link(bot)
    [asked] = await bot.commands("trennen", who="lena")
    await bot.presses("Trennen", "lena", on=asked)
    [said] = await bot.presses("Trennen", "lena", on=asked)
    assert said.text == "Das ist schon getrennt."
    [nothing] = await bot.commands("trennen", who="lena")
    assert nothing.text == "Hier ist nichts verbunden."
    assert nothing.buttons == ["Telegram verbinden"]


async def test_unlinked_accounts_can_be_linked_again(bot):
    await link(bot)
    await bot.commands("trennen", who="lena")
    await bot.presses("Trennen", "lena")
    await link(bot)
    assert await person_of(bot, "lena", "slack") == await person_of(bot, "tara", "telegram")


# Hints


async def test_the_own_page_offers_linking_and_later_says_what_is_linked(bot):
    [page] = await bot.commands("ich", who="lena")
    assert "Du bist auch in Telegram? Verbinde beide, dann kenne ich dich dort." in page.text
    assert {"Telegram verbinden", "Einstellungen"} <= set(page.buttons)
    await link(bot)
    [page] = await bot.commands("ich", who="tara", platform="telegram")
    assert "Verbunden mit Slack: Lena (@lena)" in page.text
    assert "Slack verbinden" not in page.buttons


async def test_a_home_page_of_a_linked_account_stays_that_persons(bot):
    await bot.opens_home("lena")
    await bot.commands("verbinden", who="tara", platform="telegram")
    [offer] = await bot.says("verbinden", "tara", platform="telegram")
    await bot.says(CODE.search(offer.text)[0], "lena")
    await bot.presses("Verbinden", "lena")
    pages = [seen for seen in await bot.screen("lena") if seen.id.startswith("p")]
    assert ["Verbunden mit Telegram: Tara" in page.text for page in pages] == [True]
    await bot.commands("trennen", who="lena")
    await bot.presses("Trennen", "lena")
    pages = [seen for seen in await bot.screen("lena") if seen.id.startswith("p")]
    assert ["Du bist auch in Telegram?" in page.text for page in pages] == [True]


async def test_a_bot_on_one_platform_offers_no_linking(bot):
    import dataclasses

    bot.house = dataclasses.replace(bot.house, platforms={"slack": bot.house.platforms["slack"]})
    [reply] = await bot.says("verbinden", "lena")
    assert reply.text == "Ich bin nur hier unterwegs; da gibt es nichts zu verbinden."
    [page] = await bot.commands("ich", who="lena")
    assert "Telegram" not in page.text
