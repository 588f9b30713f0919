"""Every setting's name, with what its value looks like and where to get it."""

from __future__ import annotations

from bot.wording import Words

SECRET_LENGTH = 32
PREFIXES = ("SLACK_", "TELEGRAM_", "KUMPEL_")

REMEDIES: dict[str, Words] = {
    "SLACK_BOT_TOKEN": Words(
        "beginnt mit xoxb- und steht auf api.slack.com/apps bei deiner App unter OAuth & Permissions",
        "begins with xoxb- and stands at api.slack.com/apps, in your app under OAuth & Permissions",
    ),
    "SLACK_APP_TOKEN": Words(
        "beginnt mit xapp- und entsteht bei deiner App unter Basic Information, App-Level Tokens, "
        "mit dem Recht connections:write",
        "begins with xapp- and is made in your app under Basic Information, App-Level Tokens, "
        "with the scope connections:write",
    ),
    "SLACK_SIGNING_SECRET": Words(
        "steht bei deiner App unter Basic Information, App Credentials",
        "stands in your app under Basic Information, App Credentials",
    ),
    "SLACK_MODE": Words("ist socket oder http", "is socket or http"),
    "SLACK_API_URL": Words(
        "ist eine Adresse wie https://slack.com/api/", "is an address like https://slack.com/api/"
    ),
    "TELEGRAM_BOT_TOKEN": Words(
        "sieht aus wie 123456789:AbC… und kommt in Telegram von @BotFather (/newbot, später /token)",
        "looks like 123456789:AbC… and comes from @BotFather in Telegram (/newbot, later /token)",
    ),
    "TELEGRAM_MODE": Words("ist polling oder webhook", "is polling or webhook"),
    "TELEGRAM_WEBHOOK_SECRET": Words(
        "hat 16 bis 256 Zeichen aus A–Z, a–z, 0–9, _ und -; `kumpel setup` erzeugt eins",
        "has 16 to 256 characters of A–Z, a–z, 0–9, _ and -; `kumpel setup` makes one",
    ),
    "TELEGRAM_API_URL": Words(
        "ist eine Adresse wie https://api.telegram.org", "is an address like https://api.telegram.org"
    ),
    "KUMPEL_SECRET": Words(
        f"hat mindestens {SECRET_LENGTH} zufällige Zeichen (mehrere Schlüssel mit Leerzeichen getrennt); "
        "`kumpel setup` erzeugt einen",
        f"has at least {SECRET_LENGTH} random characters (several keys are separated by spaces); "
        "`kumpel setup` makes one",
    ),
    "KUMPEL_DATABASE": Words(
        "ist eine Datei in einem Ordner, den es schon gibt", "is a file in a folder that exists already"
    ),
    "KUMPEL_HUB": Words(
        "ist der Ordner mit den Inhalten des Hubs, mit einer hub.toml darin",
        "is the folder with the hub's content, with a hub.toml in it",
    ),
    "KUMPEL_PUBLIC_URL": Words(
        "ist die Adresse, unter der das Internet diesen Bot erreicht: https://…",
        "is the address at which the internet reaches this bot: https://…",
    ),
    "KUMPEL_HOST": Words(
        "ist die Netzwerkadresse, auf der der Bot lauscht, etwa 127.0.0.1",
        "is the network address that the bot listens on, such as 127.0.0.1",
    ),
    "KUMPEL_PORT": Words(
        "ist eine Zahl bis 65535; 0 nimmt einen freien Port", "is a number up to 65535; 0 takes a free port"
    ),
    "KUMPEL_PER_MINUTE": Words(
        "ist eine Zahl ab 5: so viel beantworte ich einer Person in einer Minute",
        "is a number from 5 on: so much one person is answered in a minute",
    ),
    "KUMPEL_BACKUPS": Words(
        "ist der Ordner für die Sicherungen; er entsteht, wenn es den darüber gibt",
        "is the folder for backups; it is made if the one above it exists",
    ),
    "KUMPEL_BACKUPS_COPY": Words(
        "ist ein zweiter Ordner für die Sicherungen, den es schon gibt, am besten auf einer anderen Platte",
        "is a second folder for backups that exists already, best on another disk",
    ),
    "KUMPEL_BACKUPS_KEPT": Words(
        "ist eine Zahl von 1 bis 1000: so viele Sicherungen bleiben",
        "is a number from 1 to 1000: so many backups are kept",
    ),
    "KUMPEL_BACKUP_KEY": Words(
        "beginnt mit age1 und kommt von `kumpel backup --make-key DATEI`",
        "begins with age1 and comes from `kumpel backup --make-key FILE`",
    ),
    "KUMPEL_LOG": Words(
        "ist console oder json, auf Wunsch mit Stufe: json:debug (debug, info, warning, error)",
        "is console or json, with a level if you like: json:debug (debug, info, warning, error)",
    ),
}
"""Each sentence goes on after "the value"."""
