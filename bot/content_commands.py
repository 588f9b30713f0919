"""``kumpel content …``: the answers in files and in the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.complaints import NOT_DONE
from bot.options import ENV, LANGUAGE, EnvOption, LanguageOption, say_wrong, t
from bot.wording import Words

content = typer.Typer(
    help=t("Die Antworten: Dateien und Speicher.", "The answers: files and store."),
    no_args_is_help=True,
    rich_markup_mode=None,
)
_DirArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[DIR]",
        help=t(
            "Ordner mit den Inhalten; ohne Angabe der des Hubs.", "Folder with the content; by default the hub's."
        ),
    ),
]


@content.command(
    "check",
    help=t("Die Dateien mit den Antworten prüfen.", "Check the files with the answers."),
)
def check(folder: _DirArgument = None, language: LanguageOption = LANGUAGE, env: EnvOption = ENV) -> None:
    """Say what is in the files, or what is to be changed."""
    from bot.content import checked, load, pack_of
    from bot.settings import hub_folder

    hub = hub_folder(env)
    for line in checked(load(pack_of(folder or hub), hub), language):
        typer.echo(line)


@content.command(
    "import",
    help=t(
        "Die Antworten aus den Dateien übernehmen, auch während der Bot läuft.",
        "Take the answers over from the files, also while the bot runs.",
    ),
)
def import_(
    folder: _DirArgument = None,
    retire: Annotated[
        bool,
        typer.Option(
            "--retire",
            help=t("Herausnehmen, was nicht mehr in den Dateien steht.", "Take out what is in no file any more."),
        ),
    ] = False,
    theirs: Annotated[
        bool,
        typer.Option(
            "--theirs",
            help=t("Bei Konflikten zählen die Dateien.", "Where both were changed, the files count."),
        ),
    ] = False,
    ours: Annotated[
        bool,
        typer.Option(
            "--ours",
            help=t("Bei Konflikten zählt der Chat.", "Where both were changed, the chat counts."),
        ),
    ] = False,
    language: LanguageOption = LANGUAGE,
    env: EnvOption = ENV,
) -> None:
    """Import, and say what that changed."""
    import asyncio

    from bot.clock import SystemClock
    from bot.content import bring_in, load, pack_of, told
    from bot.settings import load_settings
    from handlers.faq.importing import ChangedMeanwhileError

    if theirs and ours:
        say_wrong(Words("Entweder --theirs oder --ours.", "Either --theirs or --ours.").to(language))
        raise typer.Exit(NOT_DONE)
    settings = load_settings(env)
    files = load(pack_of(folder or settings.kumpel_hub), settings.kumpel_hub)
    winner: Literal["files", "store"] | None = "files" if theirs else "store" if ours else None
    try:
        outlook = asyncio.run(bring_in(settings.kumpel_database, files, retire, winner, SystemClock()))
    except ChangedMeanwhileError as error:
        changed = Words(
            f"„{error}“ hat gerade jemand geändert; nichts importiert. Bitte noch einmal.",
            f"Somebody has just changed “{error}”; nothing imported. Please try again.",
        )
        say_wrong(changed.to(language))
        raise typer.Exit(NOT_DONE) from None
    refused = bool(outlook.conflicts or outlook.doubled)
    for line in told(outlook, language):
        typer.echo(line, err=refused)
    if refused:
        raise typer.Exit(NOT_DONE)


@content.command(
    "export",
    help=t(
        "Die Antworten in die Dateien zurückschreiben; was gleich blieb, bleibt Zeichen für Zeichen.",
        "Write the answers back into the files; what is the same stays letter by letter.",
    ),
)
def export(
    folder: _DirArgument = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite",
            help=t(
                "Auch Antworten überschreiben, die nie importiert wurden.",
                "Overwrite answers too that were never imported.",
            ),
        ),
    ] = False,
    language: LanguageOption = LANGUAGE,
    env: EnvOption = ENV,
) -> None:
    """Export, and say which files that changed."""
    import asyncio

    from bot.clock import SystemClock
    from bot.content import NotWrittenError, do, pack_of, refusal, write_out
    from bot.settings import load_settings

    settings = load_settings(env)
    database, hub = settings.kumpel_database, settings.kumpel_hub
    try:
        done = write_out(database, pack_of(folder or hub), hub, overwrite)
    except NotWrittenError as error:
        say_wrong(refusal(error).to(language))
        raise typer.Exit(NOT_DONE) from None
    asyncio.run(do(database, done.noted, SystemClock()))
    for file in done.changed:
        typer.echo(file)
    same = done.total - len(done.changed)
    typer.echo(Words(f"{same} Dateien unverändert.", f"{same} files unchanged.").to(language), err=True)


@content.command(
    "diff",
    help=t(
        "Zeigen, worin sich Dateien und Kumpel unterscheiden; Status 1, wenn sie es tun.",
        "Show how files and Kumpel differ; status 1 if they do.",
    ),
)
def diff(folder: _DirArgument = None, language: LanguageOption = LANGUAGE, env: EnvOption = ENV) -> None:
    """Print what differs."""
    from bot.content import differing, load, pack_of
    from bot.settings import load_settings
    from handlers.faq.comparing import read_stored
    from storage.inspection import read_from

    settings = load_settings(env)
    files = load(pack_of(folder or settings.kumpel_hub), settings.kumpel_hub)
    lines = list(differing(files, read_from(settings.kumpel_database, read_stored), language))
    for line in lines:
        typer.echo(line)
    if lines:
        raise typer.Exit(NOT_DONE)


@content.command(
    "schema",
    help=t("Das JSON-Schema der Dateien, für Editoren.", "The files' JSON schema, for editors."),
)
def schema() -> None:
    """Print the schema."""
    from handlers.faq.writing import schema

    typer.echo(schema(), nl=False)
