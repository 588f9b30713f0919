"""``kumpel faq …``: how well questions are answered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.complaints import NOT_DONE
from bot.options import ENV, LANGUAGE, EnvOption, LanguageOption, say_wrong, t

faq = typer.Typer(
    help=t("Wie gut Kumpel antwortet.", "How well Kumpel answers."),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@faq.command(
    "bench",
    help=t(
        "Fragensätze beantworten lassen und die Kennzahlen als JSON ausgeben.",
        "Have sets of questions answered, and print the figures as JSON.",
    ),
)
def faq_bench(
    data: Annotated[
        Path,
        typer.Option(
            help=t("Ordner mit den Fragensätzen, NAME.json.", "Folder with the sets, NAME.json."),
            exists=True,
            file_okay=False,
        ),
    ],
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME", help=t("Welche; sonst alle.", "Which; by default all.")),
    ] = None,
    noise: Annotated[
        bool, typer.Option("--noise", help=t("Mit Tippfehlern in den Fragen.", "With typos in the questions."))
    ] = False,
) -> None:
    """Print the figures of one set, or those of several by name."""
    import json

    from bot.faq_bench import figures

    names = list(dict.fromkeys(sets or sorted(file.stem for file in data.glob("*.json"))))
    if not names:
        say_wrong(t(f"In {data} ist keine Datei NAME.json.", f"There is no file NAME.json in {data}."))
        raise typer.Exit(NOT_DONE)
    try:
        found = {name: figures(data, name, noise) for name in names}
    except ValueError as error:
        say_wrong(str(error))
        raise typer.Exit(NOT_DONE) from None
    typer.echo(json.dumps(found if len(names) > 1 else found[names[0]], indent=2, ensure_ascii=False))


@faq.command(
    "stats",
    help=t("Die Zahlen der Woche, auf Wunsch mit einem Bild.", "The week's figures, with a picture if you like."),
)
def faq_stats(
    picture: Annotated[
        Path | None,
        typer.Option(
            "--png", metavar="FILE", help=t("Die letzten Wochen als Bild.", "The last weeks as a picture.")
        ),
    ] = None,
    language: LanguageOption = LANGUAGE,
    env: EnvOption = ENV,
) -> None:
    """Print the figures; draw the chart."""
    from bot.clock import SystemClock
    from bot.faq_stats import chart, read_figures, told
    from bot.settings import load_settings

    figures = read_figures(load_settings(env).kumpel_database, language, SystemClock().now())
    for line in told(figures, language):
        typer.echo(line)
    if picture:
        picture.write_bytes(chart(figures, language))
        typer.echo(t(f"Das Bild: {picture}", f"The picture: {picture}"))
