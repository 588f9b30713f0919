"""Everything the store holds about people: each storage module's PERSONAL, in the order in which it is erased."""

from __future__ import annotations

from storage import (
    attempts,
    audit,
    blocks,
    chats,
    companies,
    company_joins,
    consents,
    deliveries,
    departures,
    desks,
    enterprises,
    events,
    faq,
    faq_drafts,
    faq_figures,
    figures,
    forms,
    linking,
    mentoring,
    notices,
    outbox,
    people,
    places,
    posts,
    questions,
    retention,
    roles,
    settings,
    switches,
    timers,
    troubles,
)
from storage.personal import N_, Holding

HOLDINGS: tuple[Holding, ...] = (
    *companies.PERSONAL,  # first: what they used is noted from the rows below
    *company_joins.PERSONAL,
    *enterprises.PERSONAL,
    *desks.PERSONAL,
    *events.PERSONAL,
    *mentoring.PERSONAL,
    *faq.PERSONAL,
    *faq_drafts.PERSONAL,  # before the questions whose words they are
    *questions.PERSONAL,
    *faq_figures.PERSONAL,
    *notices.PERSONAL,
    *consents.PERSONAL,
    *forms.PERSONAL,
    *settings.PERSONAL,
    *linking.PERSONAL,
    *places.PERSONAL,
    *attempts.PERSONAL,
    *audit.PERSONAL,
    *blocks.PERSONAL,
    *departures.PERSONAL,
    *roles.PERSONAL,
    *deliveries.PERSONAL,
    *outbox.PERSONAL,
    *posts.PERSONAL,
    *chats.PERSONAL,
    *timers.PERSONAL,
    *switches.PERSONAL,
    *figures.PERSONAL,
    *retention.PERSONAL,
    *troubles.PERSONAL,
    Holding(
        "tombstones",
        N_("That somebody was deleted, as a hash without a name"),
        purpose=N_("so that a restored backup forgets them again"),
        kept=N_("2 years"),
    ),
    *people.PERSONAL_LAST,  # by accounts and direct chats the rows of all others are found
)
"""A new table's entry is added before the last line."""
