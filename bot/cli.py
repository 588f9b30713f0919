"""``kumpel …``: what can be done from the command line.

Commands import what they need when they run, so that help and small commands come at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.backup_commands import backups
from bot.complaints import NOT_DONE, NOT_SET_UP, in_plain_words
from bot.content_commands import content
from bot.faq_commands import faq
from bot.options import ENV, LANGUAGE, EnvOption, LanguageOption, say_wrong, t
from bot.privacy_commands import privacy
from bot.wording import Language

_HubOption = Annotated[
    Path | None,
    typer.Option("--hub", help=t("Ordner mit den Inhalten des Hubs.", "Folder with the hub's content.")),
]

app = typer.Typer(
    name="kumpel",
    help=t(
        "Ein Bot für ein Gründerzentrum, in Slack und Telegram.",
        "One bot for a start-up hub, in Slack and Telegram.",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they would show local variables, tokens among them
    rich_markup_mode=None,
)


@app.command(
    help=t(
        "Einrichten: fragt nach den Tokens, prüft sie, schreibt .env.",
        "Set up: asks for the tokens, tries them, writes .env.",
    )
)
def setup(
    language: Annotated[Language | None, typer.Option("--language", help=t("de oder en.", "de or en."))] = None,
    env: EnvOption = ENV,
) -> None:
    """Lead through the settings."""
    import asyncio

    from bot.setup import set_up

    if not asyncio.run(set_up(env, _ask, typer.echo, language)):
        raise typer.Exit(NOT_SET_UP)


@app.command(
    "slack-manifest",
    help=t("Das Manifest, aus dem die Slack-App entsteht.", "The manifest that the Slack app is made from."),
)
def slack_manifest(
    mode: Annotated[
        Literal["socket", "http"], typer.Option(help=t("Wie Slack Kumpel erreicht.", "How Slack reaches Kumpel."))
    ] = "socket",
    public_url: Annotated[
        str | None,
        typer.Option(help=t("Für http: Kumpels Adresse, https://…", "For http: Kumpel's address, https://…")),
    ] = None,
    name: Annotated[str, typer.Option(help=t("Wie die App heißt.", "What the app is called."))] = "Kumpel",
) -> None:
    """Print the Slack app's manifest."""
    import json

    from bot.adapters.slack.manifest import manifest

    try:
        shown = manifest(name, public_url, mode)
    except ValueError:
        say_wrong(t("Für http braucht es --public-url https://…", "http needs --public-url https://…"))
        raise typer.Exit(NOT_SET_UP) from None
    typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))


@app.command(
    help=t(
        "Prüfen, ob alles zusammenpasst; ändert nichts.", "Check that everything fits together; changes nothing."
    )
)
def check(
    language: LanguageOption = LANGUAGE,
    env: EnvOption = ENV,
    security: Annotated[
        bool,
        typer.Option(
            "--security",
            help=t("Auch, wer sonst mitlesen könnte.", "Also who else could read along."),
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


@app.command(help=t("Eine Frage stellen, ohne Chat.", "Ask a question, without any chat."))
def ask(
    question: Annotated[list[str], typer.Argument(help=t("In eigenen Worten.", "In your own words."))],
    language: Annotated[Language | None, typer.Option("--language", help=t("de oder en.", "de or en."))] = None,
    hub: _HubOption = None,
) -> None:
    """Answer a question from the content pack."""
    from bot.asking import answer

    typer.echo(answer(_hub_folder(hub), " ".join(question), language, LANGUAGE))


@app.command(help=t("Den Bot starten.", "Start the bot."))
def run(env: EnvOption = ENV) -> None:
    """Become the bot: a process that has loaded nothing of the command line."""
    found_at = str(Path(__file__).parents[1])  # -P: whatever lies in the working directory is not ours to import
    paths = os.pathsep.join(filter(None, (found_at, os.environ.get("PYTHONPATH"))))
    environment = {"MALLOC_ARENA_MAX": "1", **os.environ, "PYTHONPATH": paths}  # one arena: threads share memory
    os.execve(sys.executable, [sys.executable, "-P", "-m", "bot.service", str(env)], environment)  # noqa: S606


@app.command(
    help=t(
        "Ausprobieren, auf einer Seite im Browser, ohne Konto und ohne Netz.",
        "Try it, on a page in the browser, without any account or network.",
    )
)
def demo(
    hub: _HubOption = None,
    database: Annotated[
        Path | None,
        typer.Option(
            help=t("Datei, in der es beim nächsten Mal weitergeht.", "File to go on from the next time.")
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help=t("Port der Seite, 0 für irgendeinen.", "The page's port, 0 for any.")
        ),
    ] = None,
    browser: Annotated[
        bool, typer.Option(help=t("Die Seite im Browser öffnen.", "Open the page in the browser."))
    ] = True,
) -> None:
    """Serve the demo's page."""
    from bot.demo import main as run_demo

    run_demo(_hub_folder(hub), database, port, browser)


@app.command(
    help=t(
        "Ein Einmal-Code, der jemanden zum Lead, Community-Manager oder Projektmanager macht.",
        "A one-time code that makes somebody a lead, community manager or project manager.",
    )
)
def code(role: Annotated[Literal["lead", "manager", "project"], typer.Argument()], env: EnvOption = ENV) -> None:
    """Print a fresh one-time code; how to use it goes to standard error."""
    import asyncio

    from bot.control import request_code
    from bot.settings import load_settings
    from bot.setup import what_to_do_with

    fresh = asyncio.run(request_code(load_settings(env).kumpel_database, role))
    typer.echo(fresh)
    typer.echo(what_to_do_with(fresh, role).to(LANGUAGE), err=True)


app.add_typer(backups)
app.add_typer(privacy, name="privacy")
app.add_typer(content, name="content")
app.add_typer(faq, name="faq")


def main() -> None:
    """Run a command; what stands in its way is told in plain words."""
    try:
        app()
    except KeyboardInterrupt:  # too early or too late for the command to see to it
        sys.exit(0)
    except Exception as error:
        told = in_plain_words(error, LANGUAGE)
        if told is None:
            raise
        say_wrong(told[0])
        sys.exit(told[1])


def _ask(question: str, hidden: bool) -> str:
    typed: str = typer.prompt(question, default="", show_default=False, prompt_suffix=" ", hide_input=hidden)
    return typed


def _hub_folder(given: Path | None) -> Path:
    from bot.settings import hub_folder

    return given or hub_folder()
