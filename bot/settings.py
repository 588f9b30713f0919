"""Settings from the environment and from ``.env``; the environment wins.

What is wrong with them is told all at once, with the place of each and the remedy, and without any value: it may
be a secret.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta, Struct

from bot.env_file import NOWHERE, EnvFile, Problem
from bot.remedies import PREFIXES, REMEDIES, SECRET_LENGTH
from bot.wording import Language, Words

SHIPPED_HUB = Path(__file__).parents[1] / "hub"


class SettingsError(Exception):
    """The settings can't work; ``problems`` says why, all of it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.to("en"))

    def to(self, language: Language) -> str:
        """All problems, one a line."""
        return "\n".join(problem.to(language) for problem in self.problems)


ENVIRONMENT = Words("Umgebung", "environment")
LOCAL = re.compile(r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:/.*)?")

_Url = Annotated[str, Meta(pattern=r"\Ahttps?://[^\s/]+(/\S*)?\Z")]


class Settings(Struct, frozen=True, kw_only=True):
    """All settings, named like their variables. What is not set and has no default is None.

    Read them with :func:`load_settings`, which tells problems in plain words. Printed, they show no secret.
    """

    slack_bot_token: Annotated[str, Meta(pattern=r"\Axoxb-\S{8,}\Z")] | None = None
    slack_app_token: Annotated[str, Meta(pattern=r"\Axapp-\S{8,}\Z")] | None = None
    slack_signing_secret: Annotated[str, Meta(pattern=r"\A\S{16,}\Z")] | None = None
    slack_mode: Literal["socket", "http"] = "socket"
    slack_api_url: _Url = "https://slack.com/api/"

    telegram_bot_token: Annotated[str, Meta(pattern=r"\A\d+:[A-Za-z0-9_-]{30,}\Z")] | None = None
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{16,256}\Z")] | None = None
    telegram_api_url: _Url = "https://api.telegram.org"

    kumpel_secret: str
    kumpel_database: Path = Path("kumpel.sqlite3")
    kumpel_hub: Path = SHIPPED_HUB
    kumpel_public_url: _Url | None = None
    kumpel_host: Annotated[str, Meta(pattern=r"\A[\w.:-]+\Z")] = "127.0.0.1"
    kumpel_port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    kumpel_per_minute: Annotated[int, Meta(ge=5)] = 40
    kumpel_backups: Path | None = None
    kumpel_backups_copy: Path | None = None
    kumpel_backups_kept: Annotated[int, Meta(ge=1, le=1000)] = 14
    kumpel_backup_key: Annotated[str, Meta(pattern=r"\Aage1[02-9ac-hj-np-z]{58}\Z")] | None = None
    kumpel_log: Annotated[str, Meta(pattern=r"\A(console|json)(:(debug|info|warning|error))?\Z")] = "console"

    @property
    def secrets(self) -> list[str]:
        """The keys for seals; the first one seals, the others still open."""
        return self.kumpel_secret.split()

    @property
    def log_format(self) -> Literal["console", "json"]:
        return "json" if self.kumpel_log.startswith("json") else "console"

    @property
    def log_level(self) -> str:
        return self.kumpel_log.partition(":")[2] or "info"

    @property
    def confidential(self) -> list[str]:
        """Every secret, for the log to leave out."""
        return [*self.secrets, *(value for name in SECRETS[1:] if (value := getattr(self, name)))]

    def __repr__(self) -> str:
        shown = (f"{name}={'…' if name in SECRETS else getattr(self, name)}" for name in self.__struct_fields__)
        return f"Settings({', '.join(shown)})"

    @classmethod
    def given(cls, **values: Any) -> Settings:
        """Settings from these values and the defaults alone, whatever the surroundings say.

        Raises:
            ValueError: One can't be that of its setting.
        """
        return cls(**{name: _read(name, value) for name, value in values.items()})


SECRETS = (
    "kumpel_secret",
    "slack_bot_token",
    "slack_app_token",
    "slack_signing_secret",
    "telegram_bot_token",
    "telegram_webhook_secret",
)
"""What no print and no log shows."""

DEFAULTS: dict[str, Any] = {field.name: field.default for field in msgspec.structs.fields(Settings)}
"""What holds where nothing is set."""

_TYPES = get_type_hints(Settings, include_extras=True)


def _read(name: str, value: Any) -> Any:
    """Return a setting's value from what was written for it; one that is no text is taken as it is."""
    if isinstance(value, str):
        value = msgspec.convert(value.strip(), _TYPES[name], strict=False, dec_hook=lambda kind, text: kind(text))
    return _FINISHED[name](value) if name in _FINISHED else value


def _keys(secret: str) -> str:
    if any(len(key) < SECRET_LENGTH for key in secret.split() or [""]):
        raise ValueError("a key is too short")
    return secret


def _in_a_folder(path: Path) -> Path:
    path = path.expanduser()
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise ValueError("this is no file in a folder that exists")
    return path


def _a_place_for_a_folder(path: Path | None) -> Path | None:
    """A folder that is there, or can be made where it is to be."""
    path = path and path.expanduser()
    if path and not (path.is_dir() or (not path.exists() and path.absolute().parent.is_dir())):
        raise ValueError("there can be no such folder")
    return path


def _a_hub(path: Path) -> Path:
    path = path.expanduser()
    if not (path / "hub.toml").is_file():
        raise ValueError("this is no content pack")
    return path


def _public(url: str | None) -> str | None:
    if url and not url.startswith("https://") and not LOCAL.fullmatch(url):
        raise ValueError("the internet can't reach this")
    return url and url.rstrip("/")


_FINISHED: dict[str, Callable[[Any], Any]] = {
    "slack_api_url": lambda url: f"{url.rstrip('/')}/",
    "telegram_api_url": lambda url: url.rstrip("/"),
    "kumpel_secret": _keys,
    "kumpel_database": _in_a_folder,
    "kumpel_hub": _a_hub,
    "kumpel_public_url": _public,
    "kumpel_backups": _a_place_for_a_folder,
    "kumpel_backups_copy": lambda path: path and path.expanduser(),  # a disk may come later
}
"""What a type alone does not say."""


def load_settings(env_file: Path | str = ".env") -> Settings:
    """Read the settings; the file may be missing.

    Raises:
        SettingsError: They can't work.
    """
    file = EnvFile.read(Path(env_file))
    surroundings = {name.upper(): value for name, value in os.environ.items() if value}
    present = {name: value for name, value in file.values.items() if value} | surroundings
    places = dict(file.places) | dict.fromkeys(surroundings, ENVIRONMENT)
    problems = [*file.problems, *_unknown_names(file)]
    values: dict[str, Any] = {}
    for name in Settings.__struct_fields__:
        if text := present.get(name.upper()):
            try:
                values[name] = _read(name, text)
            except ValueError:
                problems.append(_unfit(name.upper(), places[name.upper()]))
    if "KUMPEL_SECRET" not in present:
        problems.append(_missing("KUMPEL_SECRET"))
    problems += _combinations(present, places)
    if problems:
        raise SettingsError(problems)
    return Settings(**values)


def fits(name: str, value: str) -> bool:
    """Tell whether a value can be that of a setting, taken by itself."""
    try:
        _read(name.lower(), value)
    except ValueError:
        return False
    return True


def hub_folder(env_file: Path | str = ".env") -> Path:
    """Return the folder of the hub's content, for commands that need no other setting."""
    configured = os.environ.get("KUMPEL_HUB") or EnvFile.read(Path(env_file)).values.get("KUMPEL_HUB")
    return Path(configured).expanduser() if configured else SHIPPED_HUB


def _unknown_names(file: EnvFile) -> list[Problem]:
    """Names with our prefixes that mean nothing; in the environment only KUMPEL_ is ours alone."""
    found = [(name, where) for name, where in file.places.items() if name.startswith(PREFIXES)]
    found += [(name, ENVIRONMENT) for name in sorted(os.environ) if name.startswith("KUMPEL_")]
    problems = []
    for name, where in found:
        if name in REMEDIES:
            continue
        close = difflib.get_close_matches(name, REMEDIES, n=1, cutoff=0.7)
        de = f"; gemeint ist vielleicht {close[0]}" if close else ""
        en = f"; maybe {close[0]} is meant" if close else ""
        problems.append(Problem(name, where, Words(f"ist keine Einstellung{de}", f"is not a setting{en}")))
    return problems


def _missing(name: str, why: Words = NOWHERE) -> Problem:
    remedy = REMEDIES[name]
    return Problem(
        name,
        NOWHERE,
        Words(f"fehlt{why.de}. Der Wert {remedy.de}", f"is missing{why.en}. The value {remedy.en}"),
    )


def _unfit(name: str, where: Words) -> Problem:
    remedy = REMEDIES[name]
    return Problem(
        name, where, Words(f"passt nicht. Der Wert {remedy.de}", f"does not fit. The value {remedy.en}")
    )


def _combinations(values: Mapping[str, str], places: Mapping[str, Words]) -> list[Problem]:
    """What is missing because of what is there."""
    problems = []
    slack, telegram = "SLACK_BOT_TOKEN" in values, "TELEGRAM_BOT_TOKEN" in values
    if not slack and any(name in values for name in ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")):
        problems.append(_missing("SLACK_BOT_TOKEN"))
    elif not slack and not telegram:
        none = Words(
            "fehlen beide; Kumpel braucht mindestens einen Chat, `kumpel setup` fragt danach",
            "are both missing; Kumpel needs at least one chat, `kumpel setup` asks for it",
        )
        problems.append(Problem("SLACK_BOT_TOKEN, TELEGRAM_BOT_TOKEN", NOWHERE, none))
    needed = []
    if slack and values.get("SLACK_MODE", "socket") == "socket":
        needed.append(("SLACK_APP_TOKEN", Words(" (SLACK_MODE ist socket)", " (SLACK_MODE is socket)")))
    if slack and values.get("SLACK_MODE") == "http":
        why = Words(" (SLACK_MODE ist http)", " (SLACK_MODE is http)")
        needed += [("SLACK_SIGNING_SECRET", why), ("KUMPEL_PUBLIC_URL", why)]
    if telegram and values.get("TELEGRAM_MODE") == "webhook":
        why = Words(" (TELEGRAM_MODE ist webhook)", " (TELEGRAM_MODE is webhook)")
        needed += [("TELEGRAM_WEBHOOK_SECRET", why), ("KUMPEL_PUBLIC_URL", why)]
        if LOCAL.fullmatch(values.get("KUMPEL_PUBLIC_URL", "")):
            https = Words(
                "muss für TELEGRAM_MODE=webhook mit https:// beginnen",
                "has to begin with https:// for TELEGRAM_MODE=webhook",
            )
            problems.append(Problem("KUMPEL_PUBLIC_URL", places["KUMPEL_PUBLIC_URL"], https))
    problems += [_missing(name, why) for name, why in dict(needed).items() if name not in values]
    return problems
