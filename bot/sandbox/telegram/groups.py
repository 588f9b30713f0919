"""What people do with groups."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.sandbox.telegram.state import ANONYMOUS, Chat, ChatType, Member, Status, Topic, User
from bot.sandbox.telegram.wire import user_json

if TYPE_CHECKING:
    from bot.sandbox.telegram.people import TelegramPerson
    from bot.sandbox.telegram.sandbox import TelegramSandbox

TOPIC_COLOR = 7322096  # 0x6FB9F0, the first of the six colours (Bot API, createForumTopic.icon_color)


class GroupActs:
    """The group part of a person; see :class:`~bot.sandbox.telegram.people.TelegramPerson`."""

    sandbox: TelegramSandbox
    user: User

    async def create_group(self, title: str, *, supergroup: bool = False) -> Chat:
        """Open a group, a basic one unless asked otherwise, and own it."""
        return await self._create("supergroup" if supergroup else "group", title)

    async def create_forum(self, title: str) -> Chat:
        """Open a supergroup with topics."""
        return await self._create("supergroup", title, is_forum=True)

    async def _create(self, chat_type: ChatType, title: str, *, is_forum: bool = False) -> Chat:
        world = self.sandbox.world
        chat = world.add_chat(chat_type, title, is_forum=is_forum)
        chat.members[self.user.id] = Member(self.user, "creator")
        created = "group_chat_created" if chat_type == "group" else "supergroup_chat_created"
        world.announce(chat, self.user, **{created: True})
        await asyncio.sleep(0)
        return chat

    async def add_bot(self, chat: Chat, *, as_admin: bool = False) -> None:
        """Bring the bot into a group, or make it an admin there."""
        self._check_member(chat)
        world = self.sandbox.world
        was_present = chat.member(world.bot).is_present
        if was_present and chat.member(world.bot).is_admin == as_admin:
            return
        world.set_status(chat, world.bot, "administrator" if as_admin else "member", self.user)
        if not was_present:
            world.announce(chat, self.user, new_chat_members=[user_json(world.bot)])
        await asyncio.sleep(0)

    async def kick_bot(self, chat: Chat) -> None:
        """Remove the bot from a group; nobody but an admin can bring it back."""
        self._check_member(chat)
        world = self.sandbox.world
        world.set_status(chat, world.bot, "kicked", self.user)
        world.announce(chat, self.user, left_chat_member=user_json(world.bot))
        await asyncio.sleep(0)

    async def mute_bot(self, chat: Chat, *, muted: bool = True) -> None:
        """Take the right to send away from the bot, or give it back."""
        world = self.sandbox.world
        if muted:
            world.set_status(chat, world.bot, "restricted", self.user, can_send=False)
        else:
            world.set_status(chat, world.bot, "member", self.user)
        await asyncio.sleep(0)

    async def join(self, chat: Chat) -> None:
        """Come into a group through its link."""
        self.sandbox.world.set_status(chat, self.user, "member", self.user)
        self.sandbox.world.announce(chat, self.user, new_chat_members=[user_json(self.user, language=False)])
        await asyncio.sleep(0)

    async def leave(self, chat: Chat) -> None:
        """Go out of a group."""
        self._check_member(chat)
        self.sandbox.world.set_status(chat, self.user, "left", self.user)
        self.sandbox.world.announce(chat, self.user, left_chat_member=user_json(self.user, language=False))
        await asyncio.sleep(0)

    async def promote(self, person: TelegramPerson, chat: Chat, *, is_anonymous: bool = False) -> None:
        """Make somebody an admin."""
        await self._set_rank(person, chat, "administrator", is_anonymous=is_anonymous)

    async def demote(self, person: TelegramPerson, chat: Chat) -> None:
        """Make an admin a plain member again."""
        await self._set_rank(person, chat, "member")

    async def _set_rank(
        self, person: TelegramPerson, chat: Chat, status: Status, *, is_anonymous: bool = False
    ) -> None:
        if not chat.member(self.user).is_admin or not chat.member(person.user).is_present:
            raise ValueError("an admin promotes and demotes members only")
        self.sandbox.world.set_status(chat, person.user, status, self.user, is_anonymous=is_anonymous)
        await asyncio.sleep(0)

    async def upgrade(self, chat: Chat) -> Chat:
        """Turn a basic group into a supergroup, which has another id and numbers messages anew.

        Both tell of it by a service message (Bot API, Message.migrate_to_chat_id, migrate_from_chat_id).
        """
        if chat.type != "group" or chat.migrated_to is not None:
            raise ValueError("only a living basic group can be upgraded")
        world = self.sandbox.world
        new = world.add_chat("supergroup", chat.title)
        new.members = {user_id: Member(m.user, m.status) for user_id, m in chat.members.items()}
        new.last_bot_id = chat.last_bot_id
        world.announce(chat, self.user, migrate_to_chat_id=new.id)
        chat.migrated_to = new.id
        # The new chat speaks for itself: its first message comes from the anonymous admin.
        message = world.post(new, ANONYMOUS, "service", sender_chat=new, service={"migrate_from_chat_id": chat.id})
        world.tell_bot(message)
        world.changed("chat", new)
        await asyncio.sleep(0)
        return new

    async def create_topic(self, chat: Chat, name: str) -> Topic:
        """Open a topic in a forum."""
        if not chat.is_forum:
            raise ValueError("only a forum has topics")
        world = self.sandbox.world
        topic_created = {"forum_topic_created": {"name": name, "icon_color": TOPIC_COLOR}}
        message = world.post(chat, self.user, "service", service=topic_created)
        message.thread_id, message.is_topic_message = message.message_id, True
        topic = chat.topics[message.message_id] = Topic(message.message_id, name)
        world.tell_bot(message)
        await asyncio.sleep(0)
        return topic

    async def delete_topic(self, chat: Chat, topic: Topic) -> None:
        """Delete a topic with everything in it; bots are not told."""
        del chat.topics[topic.thread_id]
        for message in [m for m in chat.messages.values() if m.thread_id == topic.thread_id]:
            self.sandbox.world.delete(message)
        await asyncio.sleep(0)

    def _check_member(self, chat: Chat) -> None:
        if not chat.member(self.user).is_present:
            raise ValueError(f"{self.user.first_name} is not in {chat.title!r}")
        if chat.migrated_to is not None:
            raise ValueError(f"{chat.title!r} has become a supergroup")
