"""Two persons become one: every feature hands over its rows, and says what both had."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import Context
from handlers.core.ui import Text
from storage import chats, linking, merging, people, posts, roles, settings
from storage.people import Account
from storage.settings import PersonSettings


def merge(ctx: Context, asker: Account, gone: int) -> list[Text]:
    """Give all that a person has to the person of the account that asked; returns how it settled what both had.

    Raises:
        ValueError: Some feature has rows that it does not hand over; nothing happens then.
    """
    kept = asker.person_id
    lines = [
        line
        for feature in ctx.house.registry.features
        for hand_over in feature.merges
        for line in hand_over(ctx, kept, gone)
    ]
    _prefer(ctx, asker)
    merging.remove_person(ctx.tx, gone)
    ctx.person = people.get_person(ctx.tx, kept) or ctx.person  # who acts is that person from here on
    for chat in chats.list_direct_chats(ctx.tx, kept):
        posts.mark_posts_wanted_in(ctx.tx, chat.id)  # what a person sees there depends on their roles
    return lines


def hand_over(ctx: Context, kept: int, gone: int) -> list[Text]:
    """The house's own rows: accounts, what was learnt of the person, roles, forms, messages, settings."""
    tx = ctx.tx
    lines = _settings(ctx, kept, gone)
    for account in people.list_accounts(tx, gone):
        linking.mark_home_posts(tx, account, gone, kept)
    linking.mark_account_linked(tx, kept, gone, ctx.now)
    for table, column in (
        ("forms", "person_id"),
        ("outbox", "person_id"),
        ("code_attempts", "person_id"),
        ("deliveries", "person_id"),
        ("codes", "created_by"),
        ("codes", "used_by"),
        ("places", "set_by"),
        ("roles", "granted_by"),
        ("audit", "actor_id"),
        ("audit", "person_id"),
        ("blocks", "blocked_by"),
        ("blocks", "decided_by"),
        ("blocks", "person_id"),  # that were lifted: who is blocked links nothing
        ("departures", "person_id"),
    ):
        merging.hand_over(tx, table, column, kept, gone)
    if not linking.has_role(tx, kept, "manager"):  # who is one looks after the same as before
        merging.hand_over(tx, "role_scopes", "person_id", kept, gone)
    roles.mark_scopes(tx, gone, ())
    merging.hand_over_once(tx, "roles", "person_id", "role", kept, gone)
    return lines


def _settings(ctx: Context, kept: int, gone: int) -> list[Text]:
    """What was set with the account that asked holds; where nothing was, what was set with the other."""
    ours, theirs = _chosen(ctx, kept), _chosen(ctx, gone)
    merging.hand_over_once(ctx.tx, "muted_kinds", "person_id", "kind", kept, gone)
    merging.hand_over_once(ctx.tx, "settings", "person_id", "1", kept, gone)
    merging.mark_profile(ctx.tx, kept, gone)
    if not ours or not theirs or ours == theirs:
        return []
    there = people.list_accounts(ctx.tx, kept)[0].platform.title()
    return [ctx.t("Of your settings, those from {there} hold.", there=there)]


def _chosen(ctx: Context, person_id: int) -> tuple[object, ...]:
    """What somebody has set; empty if nothing."""
    person = people.get_person(ctx.tx, person_id)
    language = person.language if person and person.language_chosen else ""
    row = settings.get_settings(ctx.tx, person_id)
    mine = structs.replace(row, person_id=0, preferred="")
    return () if mine == PersonSettings(0) and not language else (language, mine)


def _prefer(ctx: Context, asker: Account) -> None:
    """Notices go where the person asked to be linked, until they say otherwise."""
    row = settings.get_settings(ctx.tx, asker.person_id)
    settings.mark_settings(ctx.tx, structs.replace(row, preferred=asker.platform))
