"""A local Slack that speaks the real wire: Web API, Socket Mode, signed HTTP events and response URLs.

The real clients run against it unchanged, with only their base URL turned. It refuses what Slack refuses, with
Slack's own error codes; each rule names where it is from.
"""

from bot.sandbox.slack.delivery import BadAnswerError, Delivery, NotAcknowledgedError
from bot.sandbox.slack.people import SlackPerson
from bot.sandbox.slack.server import SlackSandbox
from bot.sandbox.slack.state import Channel, Message, User, View
from bot.sandbox.slack.values import RefusedError
from bot.sandbox.slack.world import Change

__all__ = [
    "BadAnswerError",
    "Change",
    "Channel",
    "Delivery",
    "Message",
    "NotAcknowledgedError",
    "RefusedError",
    "SlackPerson",
    "SlackSandbox",
    "User",
    "View",
]
