"""What the people feature does, as the router reads it."""

from __future__ import annotations

from handlers.core.features import ActionRoute, CommandRoute, Feature
from handlers.core.texts import N_
from handlers.people import codes, outgoing, purposes, redeeming, roles

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
            ("grant", "ernenne"), roles.grant, N_("Give a role"), role="lead", arguments=roles.ROLE_ARGUMENTS
        ),
        CommandRoute(
            ("revoke", "entziehe"), roles.revoke, N_("Take a role"), role="lead", arguments=roles.ROLE_ARGUMENTS
        ),
        CommandRoute(("pause", "anhalten"), outgoing.pause, N_("Hold back notices"), role="lead"),
        CommandRoute(("resume", "fortsetzen"), outgoing.resume, N_("End the pause"), role="lead"),
        CommandRoute(("status", "lage"), outgoing.status, N_("How things stand"), role="lead"),
    ),
    actions={
        "people:here": ActionRoute(purposes.pressed, role="lead"),
        "people:revoke": ActionRoute(roles.revoke_picked, role="lead"),
    },
    patterns=((codes.PATTERN, redeeming.redeem),),
)
