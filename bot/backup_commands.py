"""``kumpel backup`` and ``kumpel restore``: what is kept, and how it comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.complaints import NOT_DONE
from bot.options import ENV, EnvOption, say_wrong, t

backups = typer.Typer()
"""Both, for the commands that stand in no group."""


@backups.command(
    help=t(
        "Jetzt eine Sicherung machen, auch während der Bot läuft.", "Make a backup now, also while the bot runs."
    )
)
def backup(
    env: EnvOption = ENV,
    make_key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=t(
                "Nur einen Schlüssel machen: den geheimen in diese Datei, den öffentlichen auf den Schirm.",
                "Make a key only: the secret one into this file, the public one onto the screen.",
            ),
        ),
    ] = None,
) -> None:
    """Print the backup's file; or a new key, with what to do with it on standard error."""
    import asyncio

    from bot.backups import BackupError

    if make_key is not None:
        _make_key(make_key)
        return
    from bot.control import request_backup
    from bot.settings import load_settings

    try:
        typer.echo(asyncio.run(request_backup(load_settings(env))))
    except BackupError as error:
        say_wrong(t(f"Keine Sicherung: {error}", f"There is no backup: {error}"))
        raise typer.Exit(NOT_DONE) from None


def _make_key(file: Path) -> None:
    from bot.backups import make_key

    try:
        typer.echo(make_key(file))
    except FileExistsError:
        say_wrong(t(f"{file} gibt es schon; Schlüssel werden nicht überschrieben.", f"{file} exists already."))
        raise typer.Exit(NOT_DONE) from None
    typer.echo(
        t(
            f"Das ist der öffentliche Schlüssel: KUMPEL_BACKUP_KEY. {file} öffnet die Sicherungen: verwahre sie "
            "woanders, am besten zweimal. Ohne sie ist keine Sicherung zu lesen.",
            f"This is the public key: KUMPEL_BACKUP_KEY. {file} opens the backups: keep it elsewhere, best twice. "
            "Without it no backup can be read.",
        ),
        err=True,
    )


@backups.command(
    help=t(
        "Eine Sicherung zurückspielen. Der Bot muss dafür angehalten sein.",
        "Put a backup back. The bot has to be stopped for it.",
    )
)
def restore(
    file: Annotated[Path, typer.Argument(help=t("Die Sicherung.", "The backup."), exists=True, dir_okay=False)],
    key: Annotated[
        Path | None,
        typer.Option(help=t("Der geheime Schlüssel, für .age.", "The secret key, for .age."), exists=True),
    ] = None,
    env: EnvOption = ENV,
) -> None:
    """Restore, and say what that means."""
    import asyncio

    from bot.clock import SystemClock
    from bot.restoring import NoKeyError, restore
    from bot.settings import load_settings

    database = load_settings(env).kumpel_database
    try:
        done = asyncio.run(restore(file, database, key, SystemClock()))
    except NoKeyError:
        say_wrong(
            t(
                "Die Sicherung ist verschlüsselt, und dieser Schlüssel öffnet sie nicht: --key DATEI.",
                "The backup is encrypted, and this key does not open it: --key FILE.",
            )
        )
        raise typer.Exit(NOT_DONE) from None
    typer.echo(t(f"{file.name} ist jetzt {database}.", f"{file.name} is {database} now."))
    if done.aside:
        typer.echo(t(f"Was vorher da war: {done.aside}", f"What was there before: {done.aside}"))
    if done.forgotten:
        typer.echo(
            t(
                f"{done.forgotten} Personen, die seither gelöscht wurden, sind wieder gelöscht.",
                f"{done.forgotten} people who were deleted since are deleted again.",
            )
        )
    if done.held:
        typer.echo(
            t(
                f"{done.held} wartende Nachrichten an Telegram bleiben liegen: sie könnten schon angekommen sein.",
                f"{done.held} messages that waited for Telegram stay unsent: they may have arrived already.",
            )
        )
