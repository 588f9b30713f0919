"""The demo as its first user meets it: the tour without a terminal, then lines typed into one."""

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(150)

ROOT = Path(__file__).parents[2]
PROMPT = "\n> "
PATIENCE = 90.0


def _environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KUMPEL_", "SLACK_", "TELEGRAM_"))
    }
    return kept | {"LC_ALL": "de_DE.UTF-8", "NO_COLOR": "1", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}


class Demo:
    """A demo on a terminal of its own."""

    def __init__(self, *options: str) -> None:
        self._end, theirs = pty.openpty()
        command = [sys.executable, "-m", "bot", "demo", *options]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._unread = ""

    def until_prompt(self) -> str:
        """What is printed before the demo asks for a line."""
        deadline = time.monotonic() + PATIENCE
        while PROMPT not in self._unread:
            assert time.monotonic() < deadline, f"no prompt, but:\n{self._unread}"
            if select.select([self._end], [], [], 0.5)[0]:
                self._unread += os.read(self._end, 65536).decode().replace("\r", "")
        printed, _, self._unread = self._unread.partition(PROMPT)
        return printed

    def type(self, line: str) -> str:
        os.write(self._end, f"{line}\n".encode())
        return self.until_prompt()

    def leave(self, line: str) -> int:
        os.write(self._end, f"{line}\n".encode())
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        os.close(self._end)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "kept.sqlite3"


@pytest.fixture(scope="module")
def tour(database: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "demo", "--database", str(database)]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@pytest.fixture(scope="module")
def demo(tour: subprocess.CompletedProcess[str], database: Path) -> Iterator[Demo]:
    demo = Demo("--database", str(database))
    yield demo
    demo.close()


@pytest.fixture(scope="module")
def second_tour(demo: Demo) -> str:
    return demo.until_prompt()


def test_without_a_terminal_the_tour_plays_and_ends_well(tour: subprocess.CompletedProcess[str]) -> None:
    assert tour.returncode == 0
    assert tour.stderr == ""
    assert "kumpel demo" in tour.stdout.splitlines()[-1]
    assert "\x1b" not in tour.stdout


@pytest.mark.parametrize(
    "lines",
    [
        ["  Lena     hallo", "  Kumpel   Ich bin **Kumpel**, der Bot des ruhr:HUB."],
        ["  Lena     was kosstet ein schreibtisch", "**50 Euro im Monat**", "drückt [Hilft mir]"],
        ["  Lena     was bringt mir das", "[Was bietet ihr Start-ups?]", "[Nichts davon, Mensch fragen]"],
        ["⟶ Telegram · Gruppe „Community-Manager“", "„habt ihr einen 3d drucker“", "[Übernehmen] [Nicht für uns]"],
        ["⟶ Slack · #community-managers", "„habt ihr einen 3d drucker“", "[Übernehmen] [Nicht für uns]"],
        ["  Jonas    drückt [Übernehmen]", "⟶ Slack · #community-managers", "_Übernommen von **Jonas**, "],
        [
            "⟶ Slack · Lena und Kumpel, direkt",
            "**Jonas** vom Team: Ja, im zweiten Stock",
            "[Danke, erledigt] [Nachfragen]",
        ],
        ["/kumpel@kumpel_bot where is the hub?", "In the **Deutschlandhaus, Lindenallee 10, Essen**."],
        ["and what does a desk cost?", "**50 euros a month**"],
        [
            "  Lena     ich brauche einen platz im hub",
            "[Platz nehmen]",
            "**Platz 1** ist ",
            "📎 Platz 1 im ruhr:HUB",
        ],
        ["  Petra    drückt [Termine abonnieren]", "**Abonniert**", "/kumpel here events"],
        [
            "_So werden es alle sehen:_",
            "drückt [Veröffentlichen]",
            "[Dabei] [Kann nicht]",
            "2 dabei, 48 Plätze frei",
        ],
        ["  Jonas    /mitteilung", "drückt [Senden]", "_Vom Team des ruhr:HUB_", "**Steht in 2 Chats.**"],
        [
            "  Lena     ich suche einen mentor",
            "Ist raus an **Dortmund**",
            "(nur Aylin sieht das)",
            "_Angenommen von",
        ],
    ],
)
def test_the_tour_shows(tour: subprocess.CompletedProcess[str], lines: list[str]) -> None:
    at = 0
    for line in lines:
        at = tour.stdout.find(line, at)
        assert at >= 0, f"{line!r} is missing or comes too early in:\n{tour.stdout}"


def test_a_double_press_sends_one_question(tour: subprocess.CompletedProcess[str]) -> None:
    assert tour.stdout.count("Lena     drückt [Ja, fragen]") == 2
    assert "  Kumpel   Die Frage ist schon beim Team." in tour.stdout
    assert len(re.findall(r"  Kumpel   Frage von \*\*@?Lena\*\*", tour.stdout)) == 2  # one card in each place


def test_a_role_that_is_missing_is_refused(tour: subprocess.CompletedProcess[str]) -> None:
    asked, _, answer = tour.stdout.partition("/grant manager @mira_essen\n")
    assert asked
    assert answer.startswith("  Kumpel   Das darf nur")


def test_the_bot_remembers_people_of_a_kept_database(
    tour: subprocess.CompletedProcess[str], second_tour: str
) -> None:
    assert "Ich bin **Kumpel**" in tour.stdout
    assert "Ich bin **Kumpel**" not in second_tour
    assert "Jetzt du" in second_tour


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("founder@slack: Was kostet ein Schreibtisch?", "**50 Euro im Monat**"),
        ("press [Hilft mir]", "Lena     drückt [Hilft mir]"),
        (": danke", "Gern"),
        ("sam@#founders: @Kumpel what is a challenge pitch?", "⟶ Slack · #founders, Thread"),
        ("sam@logistik: /kumpel@kumpel_bot where is the hub?", "Telegram · Gruppe „Themen › Logistik“"),
        ("lena@#allgemein: /kumpel wo ist der hub", "(nur Lena sieht das)"),
        ("mira@telegram: /help", "**hilfe**: "),
        ("petra@slack home", "Slack · Startseite von Petra"),
        ("help", "jonas@telegram press Übernehmen"),
        ("people", "mira@…   telegram, founders-ruhr"),
        ("mira@telegram press Zaubern", "Einen Knopf „Zaubern“ sieht Mira nicht"),
        ("blah", "Zum Beispiel: lena@slack: Wann ist offen?"),
        ("zoe@slack: hi", "people zeigt, wer da ist"),
        ("mira@slack: hi", "Mira ist nicht in Slack."),
        ("mira@community-manager: hi", "Mira ist nicht in Community-Manager."),
        ("lena@slack:", "fehlt noch der Text"),
    ],
)
def test_a_typed_line_is_answered(demo: Demo, second_tour: str, line: str, shown: str) -> None:
    assert shown in demo.type(line)


def test_a_question_goes_to_the_team_through_a_form(demo: Demo, second_tour: str) -> None:
    demo.type("sam@slack: do you have a sauna")
    assert "⟶ Slack · #community-managers" in demo.type("press Yes, ask")
    assert "Formular: " in demo.type("aylin@#community-managers press Übernehmen")
    assert "**@Aylin** from the team: No, but a kitchen." in demo.type("aylin@slack: No, but a kitchen.")


def test_quit_ends_it(demo: Demo, second_tour: str) -> None:
    assert demo.leave("quit") == 0


@pytest.fixture
def printing() -> Iterator[subprocess.Popen[str]]:
    """A demo without a terminal that prints into a pipe."""
    command = [sys.executable, "-m", "bot", "demo"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env=_environment(), stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("at", ["Kumpel", "hallo"])
def test_an_interrupt_ends_it_cleanly_in_a_second(printing: subprocess.Popen[str], at: str) -> None:
    assert printing.stdout
    assert printing.stderr
    while at not in printing.stdout.readline():
        pass
    started = time.monotonic()
    printing.send_signal(signal.SIGINT)
    assert printing.wait(10) == 0
    assert time.monotonic() - started < 1.5  # with some room for a busy machine
    assert printing.stderr.read() == ""


def test_it_ends_when_nobody_reads_on(printing: subprocess.Popen[str]) -> None:
    assert printing.stdout
    assert printing.stderr
    while "hallo" not in printing.stdout.readline():
        pass
    printing.stdout.close()
    assert printing.wait(20) == 0
    assert printing.stderr.read() == ""


def test_a_pack_that_is_none_is_told_in_plain_words(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "demo", "--hub", str(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "hub.toml" in done.stderr
    assert "Traceback" not in done.stderr
