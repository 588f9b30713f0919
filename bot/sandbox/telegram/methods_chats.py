"""Methods about the bot itself, chats, members, files and the list of commands."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.telegram.access import check_editable, check_readable, check_writable, find_chat
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.state import Chat, Member
from bot.sandbox.telegram.wire import file_json, full_chat_json, member_json, user_json
from bot.sandbox.telegram.world import World

MAX_DOWNLOAD = 20 * 1024 * 1024  # "bots can download files of up to 20MB in size" (Bot API, getFile)
COMMAND = re.compile(r"[a-z0-9_]{1,32}")  # Bot API, BotCommand.command
CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators", *CHAT_SCOPES)


def get_me(world: World, params: Params) -> Any:
    """Bot API getMe; it alone tells what the bot may do."""
    return user_json(world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(world: World, params: Params) -> Any:
    """Bot API getChat."""
    return full_chat_json(_readable(world, params))


def get_chat_member(world: World, params: Params) -> Any:
    """Bot API getChatMember; of somebody who never came it says "left"."""
    chat = _with_members(world, params)
    user = world.users.get(params.number("user_id"))
    if user is None:
        raise bad_request("user not found" if params.number("user_id") > 0 else "invalid user_id specified")
    if chat.person is not None and user.id not in (chat.id, world.bot.id):
        raise bad_request("user not found")
    return member_json(chat.members.get(user.id) or Member(user, "member" if chat.person else "left"))


def get_chat_administrators(world: World, params: Params) -> Any:
    """Bot API getChatAdministrators: "administrators in a chat, which aren't bots"."""
    chat = _with_members(world, params)
    if chat.person is not None:
        raise bad_request("there are no administrators in the private chat")
    return [member_json(m) for m in chat.members.values() if m.is_admin and not m.user.is_bot]


def get_chat_member_count(world: World, params: Params) -> Any:
    """Bot API getChatMemberCount."""
    chat = _with_members(world, params)
    return 2 if chat.person is not None else sum(m.is_present for m in chat.members.values())


def leave_chat(world: World, params: Params) -> Any:
    """Bot API leaveChat."""
    chat = _readable(world, params)
    if chat.person is not None:
        raise bad_request("chat member status can't be changed in private chats")
    check_editable(world, chat)
    world.set_status(chat, world.bot, "left", world.bot)
    world.announce(chat, world.bot, left_chat_member=user_json(world.bot))
    return True


def get_file(world: World, params: Params) -> Any:
    """Bot API getFile."""
    if not params.text("file_id"):
        raise bad_request("file_id not specified")
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.data) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return file_json(file) | {"file_path": file.path}


def set_my_commands(world: World, params: Params) -> Any:
    """Bot API setMyCommands."""
    commands = params.json("commands", "commands")
    if not isinstance(commands, list) or not all(isinstance(command, dict) for command in commands):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > 100:  # "At most 100 commands can be specified" (Bot API, setMyCommands)
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    kept = []
    for command in commands:
        name = str(command.get("command", "")).removeprefix("/").lower()
        description = str(command.get("description", "")).strip()
        if COMMAND.fullmatch(name) is None:
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:  # Bot API, BotCommand.description
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        kept.append({"command": name, "description": description})
    world.commands[_scope(world, params)] = kept
    world.changed("commands")
    return True


def get_my_commands(world: World, params: Params) -> Any:
    """Bot API getMyCommands: exactly this scope and language."""
    return world.commands.get(_scope(world, params), [])


def delete_my_commands(world: World, params: Params) -> Any:
    """Bot API deleteMyCommands."""
    world.commands.pop(_scope(world, params), None)
    world.changed("commands")
    return True


def set_my_profile(world: World, params: Params, field: str, longest: int) -> Any:
    """Bot API setMyName, setMyDescription, setMyShortDescription; an empty text removes it."""
    text = params.text(field)
    if len(text) > longest:
        raise bad_request("BOT_INFO_INVALID" if field != "name" else "BOT_TITLE_INVALID")
    world.profile[(field, _language(params))] = text
    return True


def get_my_profile(world: World, params: Params, field: str) -> Any:
    """Bot API getMyName, getMyDescription, getMyShortDescription; without one of its own, the general one."""
    general = world.profile.get((field, ""), world.bot.first_name if field == "name" else "")
    return {field: world.profile.get((field, _language(params))) or general}


def _language(params: Params) -> str:
    language = params.text("language_code")
    if language and re.fullmatch("[a-z]{2}", language) is None:  # "A two-letter ISO 639-1 language code"
        raise bad_request("invalid language code specified")
    return language


def _scope(world: World, params: Params) -> tuple[str, str]:
    """Scope and language as a key (Client.cpp, get_bot_command_scope)."""
    scope = params.json("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    key = str(scope["type"])
    if key in CHAT_SCOPES:
        chat = find_chat(world, str(scope.get("chat_id", "")))
        key += f":{chat.id}"
        if scope["type"] == "chat_member":
            if not scope.get("user_id"):
                raise bad_request("can't parse BotCommandScope: Can't find field \"user_id\"")
            key += f":{scope['user_id']}"
    return key, _language(params)


def _readable(world: World, params: Params) -> Chat:
    chat = find_chat(world, params.text("chat_id"))
    check_readable(world, chat)
    return chat


def _with_members(world: World, params: Params) -> Chat:
    """A chat whose members may be seen: in a basic group only while it lives and the bot is in it."""
    chat = _readable(world, params)
    if chat.type == "group":
        check_writable(world, chat, "service") if chat.migrated_to else check_editable(world, chat)
    return chat
