"""``kumpel …``: what can be done from the command line.

Commands import what they need when they run, so that help and small commands come at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.complaints import NOT_DONE, NOT_SET_UP, in_plain_words
from bot.content_commands import content
from bot.options import ENV as _ENV
from bot.options import LANGUAGE as _LANGUAGE
from bot.options import EnvOption as _EnvOption
from bot.options import LanguageOption as _LanguageOption
from bot.options import say_wrong as _say_wrong
from bot.options import t as _t
from bot.wording import Language

if TYPE_CHECKING:
    from bot.settings import Settings

_HubOption = Annotated[
    Path | None,
    typer.Option("--hub", help=_t("Ordner mit den Inhalten des Hubs.", "Folder with the hub's content.")),
]

app = typer.Typer(
    name="kumpel",
    help=_t(
        "Ein Bot für ein Gründerzentrum, in Slack und Telegram.",
        "One bot for a start-up hub, in Slack and Telegram.",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they would show local variables, tokens among them
    rich_markup_mode=None,
)


@app.command(
    help=_t(
        "Einrichten: fragt nach den Tokens, prüft sie, schreibt .env.",
        "Set up: asks for the tokens, tries them, writes .env.",
    )
)
def setup(
    language: Annotated[Language | None, typer.Option("--language", help=_t("de oder en.", "de or en."))] = None,
    env: _EnvOption = _ENV,
) -> None:
    """Lead through the settings."""
    import asyncio

    from bot.setup import set_up

    if not asyncio.run(set_up(env, _ask, typer.echo, language)):
        raise typer.Exit(NOT_SET_UP)


@app.command(
    "slack-manifest",
    help=_t("Das Manifest, aus dem die Slack-App entsteht.", "The manifest that the Slack app is made from."),
)
def slack_manifest(
    mode: Annotated[
        Literal["socket", "http"], typer.Option(help=_t("Wie Slack Kumpel erreicht.", "How Slack reaches Kumpel."))
    ] = "socket",
    public_url: Annotated[
        str | None,
        typer.Option(help=_t("Für http: Kumpels Adresse, https://…", "For http: Kumpel's address, https://…")),
    ] = None,
    name: Annotated[str, typer.Option(help=_t("Wie die App heißt.", "What the app is called."))] = "Kumpel",
) -> None:
    """Print the Slack app's manifest."""
    import json

    from bot.adapters.slack.manifest import manifest

    try:
        shown = manifest(name, public_url, mode)
    except ValueError:
        _say_wrong(_t("Für http braucht es --public-url https://…", "http needs --public-url https://…"))
        raise typer.Exit(NOT_SET_UP) from None
    typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))


@app.command(
    help=_t(
        "Prüfen, ob alles zusammenpasst; ändert nichts.", "Check that everything fits together; changes nothing."
    )
)
def check(
    language: _LanguageOption = _LANGUAGE,
    env: _EnvOption = _ENV,
    security: Annotated[
        bool,
        typer.Option(
            "--security",
            help=_t("Auch, wer sonst mitlesen könnte.", "Also who else could read along."),
        ),
    ] = False,
) -> None:
    """Tell what is in order and what is not."""
    import asyncio

    if not asyncio.run(_check(env, language, security)):
        raise typer.Exit(NOT_DONE)


async def _check(env: Path, language: Language, security: bool) -> bool:
    from bot.checks import check_everything

    fine = True
    async for section, findings in check_everything(env, security):
        typer.echo(section.to(language))
        for finding in findings:
            fine = fine and finding.ok
            typer.echo(f"  {'✓' if finding.ok else '✗'} {finding.de if language == 'de' else finding.en}")
    return fine


@app.command(help=_t("Eine Frage stellen, ohne Chat.", "Ask a question, without any chat."))
def ask(
    question: Annotated[list[str], typer.Argument(help=_t("In eigenen Worten.", "In your own words."))],
    language: Annotated[Language | None, typer.Option("--language", help=_t("de oder en.", "de or en."))] = None,
    hub: _HubOption = None,
) -> None:
    """Answer a question from the content pack."""
    from bot.asking import answer

    typer.echo(answer(_hub_folder(hub), " ".join(question), language, _LANGUAGE))


@app.command(help=_t("Den Bot starten.", "Start the bot."))
def run(env: _EnvOption = _ENV) -> None:
    """Become the bot: a process that has loaded nothing of the command line."""
    found_at = str(Path(__file__).parents[1])  # -P: whatever lies in the working directory is not ours to import
    paths = os.pathsep.join(filter(None, (found_at, os.environ.get("PYTHONPATH"))))
    environment = {"MALLOC_ARENA_MAX": "1", **os.environ, "PYTHONPATH": paths}  # one arena: threads share memory
    os.execve(sys.executable, [sys.executable, "-P", "-m", "bot.service", str(env)], environment)  # noqa: S606


@app.command(
    help=_t(
        "Ausprobieren, auf einer Seite im Browser, ohne Konto und ohne Netz.",
        "Try it, on a page in the browser, without any account or network.",
    )
)
def demo(
    hub: _HubOption = None,
    database: Annotated[
        Path | None,
        typer.Option(
            help=_t("Datei, in der es beim nächsten Mal weitergeht.", "File to go on from the next time.")
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help=_t("Port der Seite, 0 für irgendeinen.", "The page's port, 0 for any.")
        ),
    ] = None,
    browser: Annotated[
        bool, typer.Option(help=_t("Die Seite im Browser öffnen.", "Open the page in the browser."))
    ] = True,
) -> None:
    """Serve the demo's page."""
    from bot.demo import main as run_demo

    run_demo(_hub_folder(hub), database, port, browser)


@app.command(
    help=_t(
        "Ein Einmal-Code, der jemanden zum Lead, Community-Manager oder Projektmanager macht.",
        "A one-time code that makes somebody a lead, community manager or project manager.",
    )
)
def code(role: Annotated[Literal["lead", "manager", "project"], typer.Argument()], env: _EnvOption = _ENV) -> None:
    """Print a fresh one-time code; how to use it goes to standard error."""
    import asyncio

    from bot.control import request_code
    from bot.setup import what_to_do_with

    fresh = asyncio.run(request_code(_settings(env).kumpel_database, role))
    typer.echo(fresh)
    typer.echo(what_to_do_with(fresh, role).to(_LANGUAGE), err=True)


@app.command(
    help=_t(
        "Jetzt eine Sicherung machen, auch während der Bot läuft.", "Make a backup now, also while the bot runs."
    )
)
def backup(
    env: _EnvOption = _ENV,
    make_key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=_t(
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

    try:
        typer.echo(asyncio.run(request_backup(_settings(env))))
    except BackupError as error:
        _say_wrong(_t(f"Keine Sicherung: {error}", f"There is no backup: {error}"))
        raise typer.Exit(NOT_DONE) from None


def _make_key(file: Path) -> None:
    from bot.backups import make_key

    try:
        typer.echo(make_key(file))
    except FileExistsError:
        _say_wrong(_t(f"{file} gibt es schon; Schlüssel werden nicht überschrieben.", f"{file} exists already."))
        raise typer.Exit(NOT_DONE) from None
    typer.echo(
        _t(
            f"Das ist der öffentliche Schlüssel: KUMPEL_BACKUP_KEY. {file} öffnet die Sicherungen: verwahre sie "
            "woanders, am besten zweimal. Ohne sie ist keine Sicherung zu lesen.",
            f"This is the public key: KUMPEL_BACKUP_KEY. {file} opens the backups: keep it elsewhere, best twice. "
            "Without it no backup can be read.",
        ),
        err=True,
    )


@app.command(
    help=_t(
        "Eine Sicherung zurückspielen. Der Bot muss dafür angehalten sein.",
        "Put a backup back. The bot has to be stopped for it.",
    )
)
def restore(
    file: Annotated[Path, typer.Argument(help=_t("Die Sicherung.", "The backup."), exists=True, dir_okay=False)],
    key: Annotated[
        Path | None,
        typer.Option(help=_t("Der geheime Schlüssel, für .age.", "The secret key, for .age."), exists=True),
    ] = None,
    env: _EnvOption = _ENV,
) -> None:
    """Restore, and say what that means."""
    import asyncio

    from bot.clock import SystemClock
    from bot.restoring import NoKeyError, restore

    database = _settings(env).kumpel_database
    try:
        done = asyncio.run(restore(file, database, key, SystemClock()))
    except NoKeyError:
        _say_wrong(
            _t(
                "Die Sicherung ist verschlüsselt, und dieser Schlüssel öffnet sie nicht: --key DATEI.",
                "The backup is encrypted, and this key does not open it: --key FILE.",
            )
        )
        raise typer.Exit(NOT_DONE) from None
    typer.echo(_t(f"{file.name} ist jetzt {database}.", f"{file.name} is {database} now."))
    if done.aside:
        typer.echo(_t(f"Was vorher da war: {done.aside}", f"What was there before: {done.aside}"))
    if done.forgotten:
        typer.echo(
            _t(
                f"{done.forgotten} Personen, die seither gelöscht wurden, sind wieder gelöscht.",
                f"{done.forgotten} people who were deleted since are deleted again.",
            )
        )
    if done.held:
        typer.echo(
            _t(
                f"{done.held} wartende Nachrichten an Telegram bleiben liegen: sie könnten schon angekommen sein.",
                f"{done.held} messages that waited for Telegram stay unsent: they may have arrived already.",
            )
        )


privacy = typer.Typer(
    help=_t("Was über Menschen gespeichert ist.", "What is kept about people."),
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(privacy, name="privacy")


@privacy.command(
    "report",
    help=_t(
        "Je Tabelle: was, wie lange, was jetzt ginge, was zuletzt ging. Ändert nichts.",
        "For each table: what, how long, what would go now, what went lately. Changes nothing.",
    ),
)
def privacy_report(language: _LanguageOption = _LANGUAGE, env: _EnvOption = _ENV) -> None:
    """Print the report."""
    from bot.clock import SystemClock
    from bot.privacy_report import report

    settings = _settings(env)
    for line in report(settings.kumpel_database, settings.kumpel_hub, language, SystemClock().now()):
        typer.echo(line)


@privacy.command(
    "evidence",
    help=_t(
        "Was von gelöschten Menschen für die Prüfer einer Förderung bleibt.",
        "What stays of deleted people for a grant's auditors.",
    ),
)
def privacy_evidence(language: _LanguageOption = _LANGUAGE, env: _EnvOption = _ENV) -> None:
    """Print what is locked away."""
    from bot.privacy_report import evidence

    for line in evidence(_settings(env).kumpel_database, language):
        typer.echo(line)


app.add_typer(content, name="content")

faq = typer.Typer(
    help=_t("Wie gut Kumpel antwortet.", "How well Kumpel answers."),
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(faq, name="faq")


@faq.command(
    "bench",
    help=_t(
        "Fragensätze beantworten lassen und die Kennzahlen als JSON ausgeben.",
        "Have sets of questions answered, and print the figures as JSON.",
    ),
)
def faq_bench(
    data: Annotated[
        Path,
        typer.Option(
            help=_t("Ordner mit den Fragensätzen, NAME.json.", "Folder with the sets, NAME.json."),
            exists=True,
            file_okay=False,
        ),
    ],
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME", help=_t("Welche; sonst alle.", "Which; by default all.")),
    ] = None,
    noise: Annotated[
        bool, typer.Option("--noise", help=_t("Mit Tippfehlern in den Fragen.", "With typos in the questions."))
    ] = False,
) -> None:
    """Print the figures of one set, or those of several by name."""
    import json

    from bot.faq_bench import figures

    names = list(dict.fromkeys(sets or sorted(file.stem for file in data.glob("*.json"))))
    if not names:
        _say_wrong(_t(f"In {data} ist keine Datei NAME.json.", f"There is no file NAME.json in {data}."))
        raise typer.Exit(NOT_DONE)
    try:
        found = {name: figures(data, name, noise) for name in names}
    except ValueError as error:
        _say_wrong(str(error))
        raise typer.Exit(NOT_DONE) from None
    typer.echo(json.dumps(found if len(names) > 1 else found[names[0]], indent=2, ensure_ascii=False))


@faq.command(
    "stats",
    help=_t("Die Zahlen der Woche, auf Wunsch mit einem Bild.", "The week's figures, with a picture if you like."),
)
def faq_stats(
    picture: Annotated[
        Path | None,
        typer.Option(
            "--png", metavar="FILE", help=_t("Die letzten Wochen als Bild.", "The last weeks as a picture.")
        ),
    ] = None,
    language: _LanguageOption = _LANGUAGE,
    env: _EnvOption = _ENV,
) -> None:
    """Print the figures; draw the chart."""
    from bot.clock import SystemClock
    from bot.faq_stats import chart, read_figures, told

    figures = read_figures(_settings(env).kumpel_database, language, SystemClock().now())
    for line in told(figures, language):
        typer.echo(line)
    if picture:
        picture.write_bytes(chart(figures, language))
        typer.echo(_t(f"Das Bild: {picture}", f"The picture: {picture}"))


def main() -> None:
    """Run a command; what stands in its way is told in plain words."""
    try:
        app()
    except KeyboardInterrupt:  # too early or too late for the command to see to it
        sys.exit(0)
    except Exception as error:
        told = in_plain_words(error, _LANGUAGE)
        if told is None:
            raise
        _say_wrong(told[0])
        sys.exit(told[1])


def _ask(question: str, hidden: bool) -> str:
    typed: str = typer.prompt(question, default="", show_default=False, prompt_suffix=" ", hide_input=hidden)
    return typed


def _settings(env: Path) -> Settings:
    from bot.settings import load_settings

    return load_settings(env)


def _hub_folder(given: Path | None) -> Path:
    from bot.settings import hub_folder

    return given or hub_folder()
