"""What the operation feature does, as the router reads it."""

from __future__ import annotations

from handlers.core.features import CommandRoute, Feature, TimerRoute
from handlers.core.texts import N_
from handlers.operation import digest, outgoing

feature = Feature(
    name="operation",
    commands=(
        CommandRoute(("pause", "anhalten"), outgoing.pause, N_("Hold back notices"), role="lead"),
        CommandRoute(("resume", "fortsetzen"), outgoing.resume, N_("End the pause"), role="lead"),
        CommandRoute(("status", "lage"), outgoing.status, N_("How things stand"), role="lead"),
    ),
    timers={digest.KIND: TimerRoute(digest.send)},
    on_start=digest.begin,
)
