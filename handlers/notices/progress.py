"""How far a notice has come, told from its posts."""

from __future__ import annotations

from typing import NamedTuple

from handlers.core.context import Context
from storage import chats, posts
from storage.chats import Chat
from storage.notices import Notice
from storage.posts import Post
from storage.rows import Transaction

POST_VIEW, CONTROL_VIEW = "notices.post", "notices.control"


def post_subject(notice_id: int) -> str:
    """What the posts in the chats show."""
    return f"notice:{notice_id}"


def control_subject(notice_id: int) -> str:
    """What the managers' card shows."""
    return f"notice-control:{notice_id}"


class Progress(NamedTuple):
    """Each of a notice's posts, by how it is doing.

    Attributes:
        standing: People see it, in whichever revision.
        coming: It is still to be posted.
        outdated: Of those standing, the ones that do not show the latest revision yet.
        refused: The chat did not take it, or not its latest revision.
        held: It was stopped before it stood, or is not to be shown any more.
    """

    standing: list[Post]
    coming: list[Post]
    outdated: list[Post]
    refused: list[Post]
    held: list[Post]

    @property
    def everywhere(self) -> int:
        """In how many chats it was to stand."""
        unposted = [post for post in self.refused if not post.ref]
        return len(self.standing) + len(self.coming) + len(unposted) + len(self.held)

    @property
    def moving(self) -> bool:
        """Is something still to be posted or brought up to date?"""
        return bool(self.coming or self.outdated)

    @property
    def told(self) -> str:
        """What a card says of it, in short; another one is news."""
        return "/".join(str(len(found)) for found in self)


def progress_of(tx: Transaction, notice: Notice) -> Progress:
    """Return how a notice is doing."""
    shown = posts.list_posts(tx, post_subject(notice.id), POST_VIEW)
    kept = [post for post in shown if post.state != "gone"]
    untrue = [post for post in kept if post.sent < post.wanted]
    return Progress(
        standing=[post for post in kept if post.ref],
        coming=[post for post in untrue if not post.ref],
        outdated=[post for post in untrue if post.ref],
        refused=[post for post in kept if post.state == "failed" and post.sent >= post.wanted],
        held=[post for post in shown if post.state == "gone"],
    )


def chats_of(ctx: Context, found: list[Post]) -> list[Chat]:
    """The chats that posts stand in, each once."""
    known = (chats.get_chat(ctx.tx, chat_id) for chat_id in dict.fromkeys(post.chat_id for post in found))
    return [chat for chat in known if chat]
