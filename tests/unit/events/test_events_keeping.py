"""How long events and answers are kept, and what stays of them when somebody is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from events_stage import count, plan, post, publish

from storage import events, people, retention


async def test_answers_go_90_days_after_the_event_events_after_two_years_and_drafts_after_14_days(open_house):
    await publish(open_house)
    await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    await plan(open_house, title="Entwurf")
    start = datetime(2026, 12, 3, 17, 30, tzinfo=UTC)

    async def left(now):
        await open_house.database.write(lambda tx: retention.remove_expired(tx, now, events.RETENTION))
        return await open_house.reads(
            lambda tx: tx.values(
                "SELECT (SELECT count(*) FROM events WHERE state = 'draft'), (SELECT count(*) FROM event_answers),"
                " (SELECT count(*) FROM posts WHERE subject = 'event:1'),"
                " (SELECT count(*) FROM events WHERE state = 'published')"
            )
        )

    assert await left(open_house.now + timedelta(days=13.9)) == [(1, 1, 2, 1)]
    assert await left(open_house.now + timedelta(days=14.1)) == [(0, 1, 2, 1)]
    assert await left(start + timedelta(days=89.9)) == [(0, 1, 2, 1)]
    assert await left(start + timedelta(days=90.1)) == [(0, 0, 0, 1)]
    assert await left(start + timedelta(days=729.9)) == [(0, 0, 0, 1)]
    assert await left(start + timedelta(days=730.1)) == [(0, 0, 0, 0)]


async def test_a_forgotten_person_comes_to_nothing_any_more_and_a_forgotten_manager_leaves_the_event(open_house):
    await publish(open_house)
    await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    for who in ("ada", "mona"):
        person = await open_house.reads(lambda tx, who=who: people.get_account(tx, "slack", who).person_id)
        await open_house.database.write(
            lambda tx, person=person: tx.execute("DELETE FROM persons WHERE id = ?", (person,))
        )
    assert await count(open_house) == 0
    assert "noch niemand dabei" in (await post(open_house)).text
    await open_house.commands("termine", who="cem")
    [shown] = await open_house.presses("Details", who="cem")
    assert "Von " not in shown.text
