"""Every method that this Slack knows, with what its reference page says of it.

Tiers, scopes and whether JSON is read: the pages docs.slack.dev/reference/methods/<name>, held to a scrape of
them by a contract test.
"""

from __future__ import annotations

from bot.sandbox.slack import (
    methods_chat,
    methods_conversations,
    methods_files,
    methods_people,
    methods_views,
)
from bot.sandbox.slack.api import Method

_HISTORY = ("groups:history", "im:history", "mpim:history", "channels:history")
_READ = ("groups:read", "im:read", "mpim:read", "channels:read")
_OPEN = ("channels:manage", "groups:write", "im:write", "mpim:write")

METHODS: dict[str, Method] = {
    "apps.connections.open": Method(methods_people.open_connection, "t3", token="app"),
    "auth.test": Method(methods_people.auth_test, "t5"),
    "bots.info": Method(methods_people.bots_info, "t3", ("users:read",), reads_json=False),
    "chat.delete": Method(methods_chat.delete, "t3", ("chat:write",)),
    "chat.getPermalink": Method(methods_chat.get_permalink, "t5", reads_json=False),
    "chat.postEphemeral": Method(methods_chat.post_ephemeral, "t4", ("chat:write",)),
    "chat.postMessage": Method(methods_chat.post_message, "t5", ("chat:write",), posts=True),
    "chat.update": Method(methods_chat.update, "t3", ("chat:write",)),
    "conversations.history": Method(methods_conversations.history, "t3", _HISTORY),
    "conversations.info": Method(methods_conversations.info, "t3", _READ, reads_json=False),
    "conversations.join": Method(methods_conversations.join, "t3", ("channels:join",)),
    "conversations.list": Method(methods_conversations.list_conversations, "t2", _READ, reads_json=False),
    "conversations.members": Method(methods_conversations.members, "t4", _READ, reads_json=False),
    "conversations.open": Method(methods_conversations.open_conversation, "t3", _OPEN),
    "conversations.replies": Method(methods_conversations.replies, "t3", _HISTORY, reads_json=False),
    "files.completeUploadExternal": Method(methods_files.complete_upload, "t4", ("files:write",)),
    "files.getUploadURLExternal": Method(methods_files.get_upload_url, "t4", ("files:write",), reads_json=False),
    "files.info": Method(methods_files.info, "t4", ("files:read",), reads_json=False),
    "team.info": Method(methods_people.team_info, "t3", ("team:read",)),
    "users.info": Method(methods_people.users_info, "t4", ("users:read",), reads_json=False),
    "users.list": Method(methods_people.users_list, "t2", ("users:read",), reads_json=False),
    "views.open": Method(methods_views.open_view, "t4"),
    "views.publish": Method(methods_views.publish, "t4"),
    "views.push": Method(methods_views.push, "t4"),
    "views.update": Method(methods_views.update, "t4"),
}
