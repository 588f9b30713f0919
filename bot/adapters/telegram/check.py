"""What ``kumpel check`` finds out about the Telegram side."""

from __future__ import annotations

from typing import Literal

from telegram import BotCommandScopeAllPrivateChats, User, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.adapters.port import Finding
from bot.adapters.telegram.client import Client
from bot.adapters.telegram.webhook import PATH


async def check(
    *, token: str, mode: Literal["polling", "webhook"], api_url: str, public_url: str | None
) -> list[Finding]:
    """Ask Telegram about the bot and return what is in order and what is not; changes nothing."""
    client = Client(token, api_url)
    try:
        user = await client.bot.get_me()
        webhook = await client.bot.get_webhook_info()
        german = await client.bot.get_my_commands(BotCommandScopeAllPrivateChats(), language_code="de")
        default = await client.bot.get_my_commands(BotCommandScopeAllPrivateChats())
    except InvalidToken:
        return [
            Finding(
                False,
                "Telegram kennt das Token nicht. Ein neues gibt es bei @BotFather mit /token.",
                "Telegram does not know the token. @BotFather hands out a new one with /token.",
            )
        ]
    except TelegramError as error:
        reason = error.message.replace(token, "…")
        return [Finding(False, f"Telegram antwortet nicht: {reason}", f"Telegram does not answer: {reason}")]
    finally:
        await client.close()
    return [
        Finding(True, f"Token in Ordnung: @{user.username}", f"Token is fine: @{user.username}"),
        *_groups(user),
        *_way_in(webhook, mode, f"{(public_url or '').rstrip('/')}{PATH}"),
        _menu(len(german), len(default)),
    ]


def _groups(user: User) -> list[Finding]:
    findings = []
    if user.can_read_all_group_messages:
        findings.append(
            Finding(
                False,
                "Der Bot liest in Gruppen alles mit, was er nicht braucht: @BotFather, /setprivacy, Enable.",
                "The bot reads everything in groups, which it need not: @BotFather, /setprivacy, Enable.",
            )
        )
    else:
        findings.append(
            Finding(
                True,
                "In Gruppen sieht der Bot nur Befehle, Erwähnungen und Antworten an ihn.",
                "In groups the bot sees only commands, mentions and replies to it.",
            )
        )
    if user.can_join_groups is False:
        findings.append(
            Finding(
                False,
                "Der Bot darf in keine Gruppe: @BotFather, /setjoingroups, Enable.",
                "The bot may not join groups: @BotFather, /setjoingroups, Enable.",
            )
        )
    return findings


def _way_in(webhook: WebhookInfo, mode: Literal["polling", "webhook"], wanted_url: str) -> list[Finding]:
    waiting = webhook.pending_update_count
    if mode == "polling":
        if webhook.url:
            return [
                Finding(
                    True,
                    "Es ist noch ein Webhook gesetzt; beim Start nimmt der Bot ihn weg und fragt selbst ab.",
                    "A webhook is still set; the bot removes it when it starts and asks for updates itself.",
                )
            ]
        return [
            Finding(
                True, f"Abfragen geht, {waiting} Nachrichten warten.", f"Polling works, {waiting} updates wait."
            )
        ]
    if not webhook.url:
        return [
            Finding(
                True,
                "Noch kein Webhook; der Bot setzt ihn beim Start.",
                "No webhook yet; the bot sets it when it starts.",
            )
        ]
    if webhook.url != wanted_url:
        return [
            Finding(
                False,
                f"Der Webhook zeigt auf {webhook.url} statt auf {wanted_url}.",
                f"The webhook points to {webhook.url} instead of {wanted_url}.",
            )
        ]
    if webhook.last_error_message:
        return [
            Finding(
                False,
                f"Telegram kam zuletzt nicht durch: {webhook.last_error_message} ({waiting} Nachrichten warten).",
                f"Telegram did not get through last time: {webhook.last_error_message} ({waiting} updates wait).",
            )
        ]
    return [
        Finding(
            True,
            f"Der Webhook ist gesetzt, {waiting} Nachrichten warten.",
            f"The webhook is set, {waiting} updates wait.",
        )
    ]


def _menu(german: int, default: int) -> Finding:
    if german and default:
        return Finding(
            True,
            f"Befehlsmenü: {german} auf Deutsch, {default} auf Englisch.",
            f"Command menu: {german} in German, {default} in English.",
        )
    return Finding(
        True,
        "Noch kein Befehlsmenü; der Bot legt es beim Start an.",
        "No command menu yet; the bot makes it when it starts.",
    )
