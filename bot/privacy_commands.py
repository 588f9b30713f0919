"""``kumpel privacy …``: what is kept about people."""

from __future__ import annotations

import typer

from bot.options import ENV, LANGUAGE, EnvOption, LanguageOption, t

privacy = typer.Typer(
    help=t("Was über Menschen gespeichert ist.", "What is kept about people."),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@privacy.command(
    "report",
    help=t(
        "Je Tabelle: was, wie lange, was jetzt ginge, was zuletzt ging. Ändert nichts.",
        "For each table: what, how long, what would go now, what went lately. Changes nothing.",
    ),
)
def privacy_report(language: LanguageOption = LANGUAGE, env: EnvOption = ENV) -> None:
    """Print the report."""
    from bot.clock import SystemClock
    from bot.privacy_report import report
    from bot.settings import load_settings

    settings = load_settings(env)
    for line in report(settings.kumpel_database, settings.kumpel_hub, language, SystemClock().now()):
        typer.echo(line)


@privacy.command(
    "evidence",
    help=t(
        "Was von gelöschten Menschen für die Prüfer einer Förderung bleibt.",
        "What stays of deleted people for a grant's auditors.",
    ),
)
def privacy_evidence(language: LanguageOption = LANGUAGE, env: EnvOption = ENV) -> None:
    """Print what is locked away."""
    from bot.privacy_report import evidence
    from bot.settings import load_settings

    for line in evidence(load_settings(env).kumpel_database, language):
        typer.echo(line)
