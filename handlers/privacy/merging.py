"""Two persons become one: the log goes on as one, and an objection of either holds."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core.context import Context
from handlers.core.ui import Text
from storage import merging


def merged(ctx: Context, kept: int, gone: int) -> Sequence[Text]:
    """Hand over the consent log and the objection."""
    merging.hand_over(ctx.tx, "consents", "person_id", kept, gone)
    merging.hand_over_once(ctx.tx, "objections", "person_id", "1", kept, gone)
    return ()
