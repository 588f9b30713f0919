"""auth.test, apps.connections.open, team.info, users.* and bots.info: who and where."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack import objects
from bot.sandbox.slack.api import ApiError, Args, page
from bot.sandbox.slack.world import World

Json = dict[str, Any]


def auth_test(world: World, args: Args) -> Json:
    """auth.test with a bot token."""
    return {
        "ok": True,
        "url": f"https://{world.workspace.domain}.slack.com/",
        "team": world.workspace.team_name,
        "user": world.bot.name,
        "team_id": world.workspace.team_id,
        "user_id": world.bot.id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(world: World, args: Args) -> Json:
    """apps.connections.open: a WebSocket address that is good for one connection."""
    scheme, _, host = world.base_url.partition("://")
    socket = "wss" if scheme == "https" else "ws"
    ticket = world.sockets.new_ticket()
    return {"ok": True, "url": f"{socket}://{host}/slack/link/?ticket={ticket}&app_id={world.app_id}"}


def team_info(world: World, args: Args) -> Json:
    """team.info."""
    workspace = world.workspace
    if args.text("team") not in ("", workspace.team_id):
        raise ApiError("team_not_found")
    url = f"https://{workspace.domain}.slack.com/"
    team = {
        "id": workspace.team_id,
        "name": workspace.team_name,
        "url": url,
        "domain": workspace.domain,
        "email_domain": "",
        "icon": {"image_default": True},
        "avatar_base_url": "https://ca.slack-edge.com/",
        "is_verified": False,
    }
    return {"ok": True, "team": team}


def users_info(world: World, args: Args) -> Json:
    """users.info."""
    user = world.workspace.users.get(args.need("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"ok": True, "user": objects.user(world, user, locale=args.flag("include_locale"))}


def users_list(world: World, args: Args) -> Json:
    """users.list: everybody of the workspace, strangers from connected ones left out."""
    own = [user for user in world.workspace.users.values() if not user.is_stranger]
    part, cursor = page(own, args, 1000, 1000, "user")
    return {
        "ok": True,
        "members": [objects.user(world, user, locale=args.flag("include_locale")) for user in part],
        "cache_ts": int(world.clock.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


def bots_info(world: World, args: Args) -> Json:
    """bots.info."""
    wanted = args.text("bot")
    for user in world.workspace.users.values():
        if user.is_bot and user.bot_id == wanted:
            profile = objects.bot_profile(world, user)
            del profile["team_id"]
            return {"ok": True, "bot": profile | {"user_id": user.id}}
    raise ApiError("bot_not_found" if wanted else "missing_argument")
