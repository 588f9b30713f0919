"""A local Telegram Bot API server, wire-true, for trying and testing."""

from bot.sandbox.telegram.listening import NotHeardError, PressHandle
from bot.sandbox.telegram.people import TelegramPerson
from bot.sandbox.telegram.sandbox import TelegramSandbox
from bot.sandbox.telegram.state import Change, Chat, Message, Topic

__all__ = [
    "Change",
    "Chat",
    "Message",
    "NotHeardError",
    "PressHandle",
    "TelegramPerson",
    "TelegramSandbox",
    "Topic",
]
