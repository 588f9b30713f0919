"""What is said about each role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from handlers.core.texts import N_
from storage.roles import Role


class RoleWords(NamedTuple):
    """What one role is called, and sentences about it; ``{who}`` has or gets it, ``{lead}`` decides."""

    called: str
    welcome: str
    have: str
    has: str
    has_not: str
    granted: str
    granted_by: str
    by_code: str
    revoked: str
    revoked_by: str
    farewell: str
    code: str
    whom: str
    nobody: str


WORDS: Mapping[Role, RoleWords] = {
    "project": RoleWords(
        called=N_("project manager"),
        welcome=N_(
            "You are a **project manager** now: events, notices and who is coming are yours too. Write **help** to"
            " see what is new."
        ),
        have=N_("You are a project manager already."),
        has=N_("{who} is a project manager already."),
        has_not=N_("{who} is no project manager."),
        granted=N_("{who} is a **project manager** now."),
        granted_by=N_("{lead} made {who} a project manager."),
        by_code=N_("{who} became a project manager with a code."),
        revoked=N_("{who} is no project manager any more."),
        revoked_by=N_("{who} is no project manager any more; {lead} decided so."),
        farewell=N_("You are no project manager any more."),
        code=N_("For a **project manager**: whoever writes me this code directly becomes one. `{code}`"),
        whom=N_("Who shall be a project manager no more?"),
        nobody=N_("There is no project manager yet."),
    ),
    "manager": RoleWords(
        called=N_("community manager"),
        welcome=N_("You are a **community manager** now. Write **help** to see what is new."),
        have=N_("You are a community manager already."),
        has=N_("{who} is a community manager already."),
        has_not=N_("{who} is no community manager."),
        granted=N_("{who} is a **community manager** now."),
        granted_by=N_("{lead} made {who} a community manager."),
        by_code=N_("{who} became a community manager with a code."),
        revoked=N_("{who} is no community manager any more."),
        revoked_by=N_("{who} is no community manager any more; {lead} decided so."),
        farewell=N_("You are no community manager any more."),
        code=N_("For a **community manager**: whoever writes me this code directly becomes one. `{code}`"),
        whom=N_("Who shall be a community manager no more?"),
        nobody=N_("There is no community manager yet."),
    ),
    "lead": RoleWords(
        called=N_("lead"),
        welcome=N_(
            "You are a **lead** now. Next: write **here managers** in the group where your team is to answer."
        ),
        have=N_("You are a lead already."),
        has=N_("{who} is a lead already."),
        has_not=N_("{who} is no lead."),
        granted=N_("{who} is a **lead** now."),
        granted_by=N_("{lead} made {who} a lead."),
        by_code=N_("{who} became a lead with a code."),
        revoked=N_("{who} is no lead any more."),
        revoked_by=N_("{who} is no lead any more; {lead} decided so."),
        farewell=N_("You are no lead any more."),
        code=N_("For a **lead**: whoever writes me this code directly becomes one. `{code}`"),
        whom=N_("Who shall be a lead no more?"),
        nobody=N_("There is no lead yet."),
    ),
}
