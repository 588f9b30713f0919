"""What the people feature does, as the router reads it."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import storage.audit
from handlers.core.features import ActionRoute, CommandRoute, Feature, Route
from handlers.core.hub import Hub
from handlers.core.leaving import AGAIN
from handlers.core.texts import N_
from handlers.people import audit, blocking, codes, leaving, purposes, redeeming, roles, roster
from storage import blocks, departures

feature = Feature(
    name="people",
    commands=(
        CommandRoute(
            ("here", "hier"),
            purposes.here,
            N_("What this chat is for"),
            role="lead",
            scope="group",
            arguments=purposes.HERE_ARGUMENTS,
        ),
        CommandRoute(
            ("grant", "ernenne"),
            roles.grant,
            N_("Give a role"),
            role="lead",
            arguments=roles.ROLE_ARGUMENTS,
            mistaken=roles.SLIPS,
        ),
        CommandRoute(
            ("revoke", "entziehe"),
            roles.revoke,
            N_("Take a role"),
            role="lead",
            arguments=roles.ROLE_ARGUMENTS,
            mistaken=roles.SLIPS,
        ),
        CommandRoute(("roles", "rollen"), roster.listed, N_("Who may what"), role="project"),
        CommandRoute(
            ("block", "sperre"),
            blocking.block,
            N_("Turn somebody away"),
            role="lead",
            arguments=blocking.ARGUMENTS,
            mistaken=blocking.SLIPS,
        ),
        CommandRoute(
            ("unblock", "entsperre"),
            blocking.unblock,
            N_("Lift a block"),
            role="lead",
            arguments=f"(?:{blocking.ARGUMENTS})?",
            mistaken=blocking.SLIPS,
        ),
        CommandRoute(("audit", "protokoll"), audit.listed, N_("What was done and refused"), role="lead"),
    ),
    actions={
        "people:here": ActionRoute(purposes.pressed, role="lead"),
        "people:revoke": ActionRoute(roles.revoke_picked, role="lead"),
        AGAIN: ActionRoute(roles.given_back, role="lead"),
        "people:free": ActionRoute(blocking.freed, role="lead"),
        "people:unblock": ActionRoute(blocking.unblock_pressed, role="lead"),
        "people:uphold": ActionRoute(blocking.upheld, role="lead"),
        "people:appeal": ActionRoute(blocking.appeal_wanted, even_blocked=True),
        "people:audit": ActionRoute(audit.older, role="lead"),
    },
    forms={"people:appeal": Route(blocking.appealed, even_blocked=True)},
    views={leaving.VIEW: leaving.shown, blocking.CARD: blocking.shown},
    turned_away=blocking.turned_away,
    patterns=((codes.PATTERN, redeeming.redeem),),
    kept=(
        N_(
            "**That a lead has blocked you**: while it holds, and 90 days after; if you delete your data, only a"
            " fingerprint of your account, for 2 years or until a lead lifts it."
        ),
    ),
)


def build(hub: Hub) -> Feature:
    """Return the feature for a hub, which decides how long it is kept who did what."""
    kept = (*storage.audit.retention(timedelta(days=hub.audit_days)), *blocks.RETENTION, *departures.RETENTION)
    return dataclasses.replace(feature, retention=(*feature.retention, *kept))
