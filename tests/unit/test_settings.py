"""Settings: where they come from, and how what is wrong with them is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.remedies import PREFIXES, REMEDIES
from bot.settings import DEFAULTS, SECRETS, SHIPPED_HUB, Settings, SettingsError, load_settings

SECRET = "k" * 40
BOT = "xoxb-1234-canary-bot-token"
APP = "xapp-1-canary-app-token"
TELEGRAM = "123456789:AAcanary-telegram-token-of-35-chars"
SLACK = {"KUMPEL_SECRET": SECRET, "SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.upper().startswith(PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def env(**values: str) -> Path:
    path = Path(".env")
    path.write_text("".join(f"{name}={value}\n" for name, value in values.items()), "utf-8")
    return path


def problems_of(path: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    german, english = caught.value.to("de").splitlines(), caught.value.to("en").splitlines()
    assert len(german) == len(english) == len(caught.value.problems)
    assert str(caught.value) == caught.value.to("en")
    return english


def test_slack_alone_is_enough_and_the_rest_has_defaults():
    loaded = load_settings(env(**SLACK))
    assert loaded.slack_bot_token is not None
    assert loaded.slack_bot_token == BOT
    assert loaded.slack_mode == "socket"
    assert loaded.slack_api_url == "https://slack.com/api/"
    assert loaded.telegram_bot_token is None
    assert loaded.telegram_api_url == "https://api.telegram.org"
    assert loaded.kumpel_database == Path("kumpel.sqlite3")
    assert loaded.kumpel_hub == SHIPPED_HUB
    assert (loaded.kumpel_host, loaded.kumpel_port) == ("127.0.0.1", 8080)
    assert (loaded.log_format, loaded.log_level) == ("console", "info")


def test_telegram_alone_is_enough():
    loaded = load_settings(env(KUMPEL_SECRET=SECRET, TELEGRAM_BOT_TOKEN=TELEGRAM))
    assert loaded.slack_bot_token is None


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KUMPEL_PORT", "9000")
    assert load_settings(env(**SLACK, KUMPEL_PORT="8000")).kumpel_port == 9000


def test_without_a_file_the_environment_is_enough(monkeypatch: pytest.MonkeyPatch):
    for name, value in SLACK.items():
        monkeypatch.setenv(name, value)
    assert load_settings("nowhere.env").secrets == [SECRET]


def test_an_empty_value_counts_as_not_set():
    assert load_settings(env(**SLACK, KUMPEL_PORT="", SLACK_SIGNING_SECRET="")).kumpel_port == 8080


def test_keys_in_rotation_are_separated_by_spaces():
    assert load_settings(env(**SLACK | {"KUMPEL_SECRET": f"'{'n' * 32} {'o' * 32}'"})).secrets == [
        "n" * 32,
        "o" * 32,
    ]


def test_given_settings_ignore_the_surroundings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TELEGRAM_MODE", "webhook")
    env(KUMPEL_PORT="9")
    assert Settings.given(kumpel_secret=SECRET).telegram_mode == "polling"
    assert Settings.given(kumpel_secret=SECRET).kumpel_port == 8080


def test_every_problem_is_told_at_once_with_its_place_and_remedy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KUMPEL_LOG", "loud")
    path = Path(".env")
    path.write_text(
        "# notes\n\nSLACK_BOT_TOKEN=canary-not-a-token\n\n# more\nKUMPEL_PORT=70000\n"
        "KUMPEL_SECRET=canary-too-short\n"
        "TELEGRAM_MODE=carrier-pigeon\nKUMPEL_PUBLIC_URL=http://kumpel.example\nKUMPEL_HUB=/nowhere/at/all\n",
        "utf-8",
    )
    found = "\n".join(problems_of(path))
    assert "SLACK_BOT_TOKEN (.env, line 3) does not fit. The value begins with xoxb-" in found
    assert (
        "KUMPEL_PORT (.env, line 6) does not fit. The value is a number up to 65535; 0 takes a free port." in found
    )
    assert "KUMPEL_SECRET (.env, line 7) does not fit. The value has at least 32" in found
    assert "TELEGRAM_MODE (.env, line 8)" in found
    assert "KUMPEL_PUBLIC_URL (.env, line 9)" in found
    assert "KUMPEL_HUB (.env, line 10)" in found
    assert "KUMPEL_LOG (environment)" in found
    assert "SLACK_APP_TOKEN is missing (SLACK_MODE is socket). The value begins with xapp-" in found


def test_german_problems_name_the_line_in_german():
    with pytest.raises(SettingsError) as caught:
        load_settings(env(**SLACK, KUMPEL_PORT="viele"))
    assert (
        caught.value.to("de")
        == "KUMPEL_PORT (.env, Zeile 4) passt nicht. Der Wert ist eine Zahl bis 65535; 0 nimmt einen freien Port."
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"KUMPEL_SECRET": SECRET}, "SLACK_BOT_TOKEN, TELEGRAM_BOT_TOKEN are both missing"),
        ({"KUMPEL_SECRET": SECRET, "SLACK_APP_TOKEN": APP}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}, "KUMPEL_SECRET is missing. The value has at least"),
        (
            SLACK | {"SLACK_MODE": "http", "SLACK_SIGNING_SECRET": "s" * 32},
            "KUMPEL_PUBLIC_URL is missing (SLACK_MODE",
        ),
        (
            SLACK | {"SLACK_MODE": "http", "KUMPEL_PUBLIC_URL": "https://a.example"},
            "SLACK_SIGNING_SECRET is missing",
        ),
        (
            SLACK
            | {
                "TELEGRAM_BOT_TOKEN": TELEGRAM,
                "TELEGRAM_MODE": "webhook",
                "TELEGRAM_WEBHOOK_SECRET": "s" * 16,
                "KUMPEL_PUBLIC_URL": "http://localhost:8080",
            },
            "KUMPEL_PUBLIC_URL (.env, line 7) has to begin with https:// for TELEGRAM_MODE=webhook.",
        ),
        (
            SLACK
            | {
                "TELEGRAM_BOT_TOKEN": TELEGRAM,
                "TELEGRAM_MODE": "webhook",
                "KUMPEL_PUBLIC_URL": "https://a.example",
            },
            "TELEGRAM_WEBHOOK_SECRET is missing (TELEGRAM_MODE is webhook).",
        ),
        (SLACK | {"KUMPEL_DATABASE": "no/such/folder/k.sqlite3"}, "KUMPEL_DATABASE (.env, line 4) does not fit."),
    ],
)
def test_combinations_that_can_not_work_are_one_problem_each(values: dict[str, str], expected: str):
    found = problems_of(env(**values))
    assert len(found) == 1
    assert found[0].startswith(expected)


def test_an_unknown_name_gets_a_hint():
    assert problems_of(env(**SLACK, KUMPEL_DATABSE="x")) == [
        "KUMPEL_DATABSE (.env, line 4) is not a setting; maybe KUMPEL_DATABASE is meant."
    ]


def test_names_of_other_programs_are_left_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SLACK_WEBHOOK_URL", "https://hooks.slack.example")
    load_settings(env(**SLACK, PATH_TO_SOMETHING="x"))


def test_a_line_that_is_no_setting_is_told():
    path = env(**SLACK)
    path.write_text(path.read_text("utf-8") + "this is not a setting\n", "utf-8")
    assert problems_of(path) == ["? (.env, line 4) can't be read; write NAME=value."]


def test_a_file_that_is_not_text_is_told():
    Path(".env").write_bytes(b"KUMPEL_SECRET=\xff\xfe\n")
    assert any(".env can't be read" in line for line in problems_of(Path(".env")))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(sorted(REMEDIES)), st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1))
def test_no_value_of_a_setting_is_ever_told(name: str, noise: str):
    canary = f"canary{noise}yranac"
    try:
        loaded = load_settings(env(**SLACK | {name: canary}))
    except SettingsError as error:
        seen = f"{error!r}{error}{error.to('de')}{error.__cause__!r}{error.__context__!r}"
    else:
        seen = repr(loaded) if "SECRET" in name or "TOKEN" in name else ""
    assert canary not in seen


def test_showing_settings_shows_no_secret():
    loaded = load_settings(env(**SLACK, TELEGRAM_BOT_TOKEN=TELEGRAM, SLACK_SIGNING_SECRET="canary-signing-secret"))
    shown = f"{loaded!r} {loaded} {loaded!s}"
    assert "canary" not in shown
    assert SECRET not in shown
    assert set(loaded.confidential) == {SECRET, BOT, APP, TELEGRAM, "canary-signing-secret"}


def test_every_setting_has_a_remedy():
    assert set(REMEDIES) == {name.upper() for name in Settings.__struct_fields__}


def test_the_example_file_names_every_setting_and_its_default():
    lines = (Path(__file__).parents[2] / ".env.example").read_text("utf-8").splitlines()
    shown = dict(
        line.removeprefix("# ").split("=", 1) for line in lines if line.removeprefix("# ").startswith(PREFIXES)
    )
    assert set(shown) == set(REMEDIES)
    defaults = DEFAULTS | {"kumpel_hub": "hub"}
    for name in set(DEFAULTS) - set(SECRETS):
        assert shown[name.upper()] == str(defaults[name] if defaults[name] is not None else "")
