"""``kumpel check`` for Slack: does everything fit together? Nothing is changed, nothing is sent."""

from __future__ import annotations

from typing import Literal, NamedTuple

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.errors import error_code, reason_of
from bot.adapters.slack.manifest import SCOPES
from bot.adapters.slack.web import open_session, web_client


class Finding(NamedTuple):
    """One line of the report.

    Attributes:
        state: ``ok``, or ``problem``: the bot does not work like this.
        key: Names what was looked at.
        de: The sentence in German.
        en: The sentence in English.
    """

    state: Literal["ok", "problem"]
    key: str
    de: str
    en: str


_WRONG_TOKEN = ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired")


async def findings(
    token: str, app_token: str | None, mode: Literal["socket", "http"], api_url: str
) -> list[Finding]:
    """Ask Slack about the tokens.

    Args:
        token: The bot token.
        app_token: The app-level token, for Socket Mode.
        mode: How deliveries shall come.
        api_url: Where the Web API is.
    """
    async with open_session() as session:
        client = web_client(token, api_url, session)
        found = await _bot_token(client)
        if mode == "socket":
            found.append(await _app_token(client, app_token or ""))
        return found


async def _bot_token(client: AsyncWebClient) -> list[Finding]:
    try:
        answer = await client.auth_test()
    except Exception as problem:
        if error_code(problem) in _WRONG_TOKEN:
            return [
                Finding(
                    "problem",
                    "slack_token",
                    "Slack kennt den Bot-Token nicht (SLACK_BOT_TOKEN). Er steht unter „OAuth & Permissions“ und "
                    "beginnt mit xoxb-.",
                    "Slack does not know the bot token (SLACK_BOT_TOKEN). It stands under “OAuth & Permissions” "
                    "and begins with xoxb-.",
                )
            ]
        return [_unreachable("slack_token", reason_of(problem))]
    team, name = str(answer.get("team") or answer["team_id"]), str(answer.get("user") or answer["user_id"])
    found = [
        Finding(
            "ok",
            "slack_token",
            f"Slack: verbunden mit „{team}“ als @{name}.",
            f"Slack: connected to “{team}” as @{name}.",
        )
    ]
    header = answer.headers.get("x-oauth-scopes")
    if header is not None:
        found.append(_scopes({scope.strip() for scope in header.split(",")}))
    return found


async def surplus_scopes(token: str, api_url: str) -> set[str] | None:
    """Return what the bot token may do beyond the manifest; None if Slack does not tell."""
    async with open_session() as session:
        try:
            answer = await web_client(token, api_url, session).auth_test()
        except Exception:
            return None
    header = answer.headers.get("x-oauth-scopes")
    return None if header is None else {scope.strip() for scope in header.split(",")} - set(SCOPES)


def _scopes(granted: set[str]) -> Finding:
    missing = [scope for scope in SCOPES if scope not in granted]
    if not missing:
        return Finding("ok", "slack_scopes", "Alle Rechte sind erteilt.", "All scopes are granted.")
    listed = ", ".join(missing)
    return Finding(
        "problem",
        "slack_scopes",
        f"Es fehlen Rechte: {listed}. Das Manifest neu einspielen und die App neu installieren.",
        f"Scopes are missing: {listed}. Apply the manifest again and reinstall the app.",
    )


async def _app_token(client: AsyncWebClient, app_token: str) -> Finding:
    if not app_token:
        return Finding(
            "problem",
            "slack_app_token",
            "Der App-Token fehlt (SLACK_APP_TOKEN). Er steht unter „Basic Information“ und beginnt mit xapp-.",
            "The app-level token is missing (SLACK_APP_TOKEN). It stands under “Basic Information” and begins "
            "with xapp-.",
        )
    try:
        await client.apps_connections_open(app_token=app_token)
    except Exception as problem:
        code = error_code(problem)
        if not code:
            return _unreachable("slack_app_token", reason_of(problem))
        return Finding(
            "problem",
            "slack_app_token",
            f"Mit dem App-Token geht keine Verbindung auf ({code}). Er braucht das Recht connections:write, und "
            "Socket Mode muss eingeschaltet sein.",
            f"The app-level token opens no connection ({code}). It needs the scope connections:write, and Socket "
            "Mode must be on.",
        )
    return Finding(
        "ok", "slack_app_token", "Der App-Token öffnet eine Verbindung.", "The app-level token opens a connection."
    )


def _unreachable(key: str, reason: str) -> Finding:
    return Finding(
        "problem", key, f"Slack ist nicht zu erreichen ({reason}).", f"Slack can't be reached ({reason})."
    )
