"""Settings from the environment and from ``.env``; the environment wins.

What is wrong with them is told all at once, with the place of each and the remedy, and without any value: it may
be a secret.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

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


def _secret(pattern: str) -> AfterValidator:
    def matches(secret: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, secret.get_secret_value()):
            raise ValueError
        return secret

    return AfterValidator(matches)


def _keys(secret: SecretStr) -> SecretStr:
    if any(len(key) < SECRET_LENGTH for key in secret.get_secret_value().split() or [""]):
        raise ValueError
    return secret


def _in_a_folder(path: Path) -> Path:
    path = path.expanduser()
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise ValueError
    return path


def _a_hub(path: Path) -> Path:
    path = path.expanduser()
    if not (path / "hub.toml").is_file():
        raise ValueError
    return path


def _public(url: str) -> str:
    if not url.startswith("https://") and not LOCAL.fullmatch(url):
        raise ValueError
    return url.rstrip("/")


_Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/\S*)?$", strip_whitespace=True)]


class Settings(BaseSettings):
    """All settings, named like their variables. What is not set and has no default is None.

    Read them with :func:`load_settings`, which tells problems in plain words.
    """

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    slack_bot_token: Annotated[SecretStr, _secret(r"xoxb-\S{8,}")] | None = None
    slack_app_token: Annotated[SecretStr, _secret(r"xapp-\S{8,}")] | None = None
    slack_signing_secret: Annotated[SecretStr, _secret(r"\S{16,}")] | None = None
    slack_mode: Literal["socket", "http"] = "socket"
    slack_api_url: Annotated[_Url, AfterValidator(lambda url: url.rstrip("/") + "/")] = "https://slack.com/api/"

    telegram_bot_token: Annotated[SecretStr, _secret(r"\d+:[A-Za-z0-9_-]{30,}")] | None = None
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: Annotated[SecretStr, _secret(r"[A-Za-z0-9_-]{16,256}")] | None = None
    telegram_api_url: Annotated[_Url, AfterValidator(lambda url: url.rstrip("/"))] = "https://api.telegram.org"

    kumpel_secret: Annotated[SecretStr, AfterValidator(_keys)]
    kumpel_database: Annotated[Path, AfterValidator(_in_a_folder)] = Path("kumpel.sqlite3")
    kumpel_hub: Annotated[Path, AfterValidator(_a_hub)] = SHIPPED_HUB
    kumpel_public_url: Annotated[_Url, AfterValidator(_public)] | None = None
    kumpel_host: Annotated[str, StringConstraints(pattern=r"^[\w.:-]+$")] = "127.0.0.1"
    kumpel_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    kumpel_log: Annotated[str, StringConstraints(pattern=r"^(console|json)(:(debug|info|warning|error))?$")] = (
        "console"
    )

    @property
    def secrets(self) -> list[str]:
        """The keys for seals; the first one seals, the others still open."""
        return self.kumpel_secret.get_secret_value().split()

    @property
    def log_format(self) -> Literal["console", "json"]:
        return "json" if self.kumpel_log.startswith("json") else "console"

    @property
    def log_level(self) -> str:
        return self.kumpel_log.partition(":")[2] or "info"

    @property
    def confidential(self) -> list[str]:
        """Every secret, for the log to leave out."""
        found = self.secrets
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr) and name != "kumpel_secret":
                found.append(value.get_secret_value())
        return found

    @classmethod
    def given(cls, **values: Any) -> Settings:
        """Settings from these values and the defaults alone, whatever the surroundings say."""
        return _Given(**values)


class _Given(Settings):
    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def load_settings(env_file: Path | str = ".env") -> Settings:
    """Read the settings; the file may be missing.

    Raises:
        SettingsError: They can't work.
    """
    file = EnvFile.read(Path(env_file))
    present = {name: value for name, value in file.values.items() if value}
    present |= {name.upper(): value for name, value in os.environ.items() if value}
    places = dict(file.places) | {name.upper(): ENVIRONMENT for name, value in os.environ.items() if value}
    problems = [*file.problems, *_unknown_names(file)]
    settings = None
    try:
        settings = Settings(_env_file=env_file, _env_file_encoding="utf-8")  # type: ignore[call-arg]
    except ValidationError as error:
        for name in dict.fromkeys(str(each["loc"][0]).upper() for each in error.errors(include_input=False)):
            if name in present:
                problems.append(_unfit(name, places[name]))
            else:
                problems.append(_missing(name))
    except (OSError, UnicodeDecodeError):
        pass  # told by the file already
    problems += _combinations(present, places)
    if problems or settings is None:
        raise SettingsError(problems) from None
    return settings


def fits(name: str, value: str) -> bool:
    """Tell whether a value can be that of a setting, taken by itself."""
    try:
        Settings.given(**{"kumpel_secret": "x" * SECRET_LENGTH, name.lower(): value})
    except ValidationError:
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
