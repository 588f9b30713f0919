"""What the commands share: the language of their help, and options that several have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.wording import Language, Words, system_language

LANGUAGE = system_language()
ENV = Path(".env")


def t(de: str, en: str) -> str:
    """The one of two texts that is in the system's language."""
    return Words(de, en).to(LANGUAGE)


def say_wrong(text: str) -> None:
    """Say what stands in the way, on standard error."""
    typer.echo(text, err=True)


LanguageOption = Annotated[Language, typer.Option("--language", help=t("de oder en.", "de or en."))]
EnvOption = Annotated[Path, typer.Option("--env", help=t("Datei mit den Einstellungen.", "File of settings."))]
