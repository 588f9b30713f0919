"""The demo page in a real browser: `kumpel demo` as a process of its own, Debian's Chromium driven by Playwright.

A test asks for ``page_as`` (or ``browser_page``, which is ``page_as()``) and works with Playwright's synchronous
API; no test here is ``async``. All tests of a module share one demo and one browser, so what other tests did is
still there: look at the last message, and ask for ``fresh_demo`` where that is not enough. Whatever the browser
complains about (console, exceptions, requests that fail) fails the test, unless it takes it out of ``complaints``.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WIDE, NARROW = (1440, 900), (390, 844)
START_SECONDS = 60.0
"""Until the page is served; what is promised is less, but other tests run beside."""

CHROMIUM_OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # Each window would load the address bar's own pages, which takes longer than ours.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,PreloadTopChromeWebUI,Translate",
)
expect.set_options(timeout=15_000)  # other tests run beside


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: drives the demo page in Chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(180))


class Demo:
    """A running ``kumpel demo``.

    Attributes:
        url: Of its page, ending in a slash.
        port: The port in it.
        process: To signal it.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._printed = folder / "printed.txt"
        command = [sys.executable, "-m", "bot", "demo", "--port", str(self.port), "--no-browser"]
        command += ["--database", str(folder / "demo.sqlite3"), *options]
        with self._printed.open("wb") as printed:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=_environment(), stdin=subprocess.DEVNULL, stdout=printed, stderr=printed
            )

    def printed(self) -> str:
        """What it wrote to the terminal so far."""
        return self._printed.read_text("utf-8", "replace")

    def wait_until_served(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.process.poll() is None, f"the demo ended:\n{self.printed()}"
            assert time.monotonic() < deadline, f"the demo does not answer:\n{self.printed()}"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> int:
        """End it as Ctrl-C does; its exit code."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


def _environment() -> dict[str, str]:
    ours = ("KUMPEL_", "SLACK_", "TELEGRAM_")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)} | {
        "LC_ALL": "de_DE.UTF-8"
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running_demo(folder: Path) -> Iterator[Demo]:
    demo = Demo(folder)
    try:
        demo.wait_until_served()
        yield demo
    finally:
        ended = demo.process.poll()
        code = demo.stop() if ended is None else ended
    assert code == 0, demo.printed()
    assert "Traceback" not in demo.printed(), demo.printed()


@pytest.fixture(scope="module")
def chromium() -> str:
    """The path of Chromium; without it the test is skipped, but fails in CI."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    reason = "Chromium is missing. On Debian and Ubuntu: sudo apt install chromium"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for a module: while Playwright's loop runs, no other module's asyncio could."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_OPTIONS))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def demo(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo that all tests of a module share; ``demo.url`` is the page."""
    with _running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture
def fresh_demo(chromium: str, tmp_path: Path) -> Iterator[Demo]:
    """A demo for one test alone, in which nothing has happened; takes seconds, so ask for it rarely."""
    with _running_demo(tmp_path) as running:
        yield running


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about; what is left in it at the end fails the test."""
    return []


@pytest.fixture
def open_page(browser: Browser, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """``open_page(demo, "lena", …)``: as page_as, but with a demo of one's choice, such as ``fresh_demo``."""
    contexts: list[BrowserContext] = []

    def open_(
        demo: Demo,
        person: str = "lena",
        *,
        language: Literal["de", "en"] = "de",
        theme: Literal["light", "dark"] = "light",
        size: tuple[int, int] = WIDE,
        pane: Literal["slack", "telegram"] = "slack",
        step: int | None = None,
        **chosen: Any,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=language, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        chosen |= {"me": person, "language": language, "theme": theme, "pane": pane, "step": step}
        context.add_init_script(
            f"sessionStorage['kumpel.demo'] ??= {json.dumps(json.dumps(chosen))};"  # kept over a reload
        )
        page = context.new_page()
        _listen(page, complaints)
        page.goto(demo.url)
        expect(page.locator(".sh-page")).to_have_attribute("data-bot", "running", timeout=START_SECONDS * 1000)
        return page

    yield open_
    seen = list(complaints)  # closing a page ends requests; that is no complaint
    for context in contexts:
        context.close()
    assert not seen, "the browser complained:\n" + "\n".join(seen)


@pytest.fixture
def page_as(demo: Demo, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """``page_as("aylin")`` opens the page as somebody: keys of bot/demo/cast.py; Lena by default.

    Further arguments, all by name: ``language`` ("de"), ``theme`` ("light"), ``size`` (``WIDE`` or ``NARROW``),
    ``pane`` (the one shown when narrow), ``step`` of the tour (None: put away), and anything else of js/store.js's
    ``ui``, such as ``places={"lena": {"slack": "C1"}}``. It returns when the bot runs. Each call opens a browser
    window of its own, with its own storage, on the module's demo.
    """

    def open_(person: str = "lena", **options: Any) -> Page:
        return open_page(demo, person, **options)

    return open_


@pytest.fixture
def browser_page(page_as: Callable[..., Page]) -> Page:
    """The page as Lena sees it, wide, light, German, without the tour."""
    return page_as()


@pytest.fixture(scope="module")
def functions(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A page on which nobody does anything, for calling what the page's modules export; one for a module."""
    page = browser.new_page()
    page.goto(demo.url)
    yield page
    page.close()


@pytest.fixture
def pictures() -> Callable[[Page, str], None]:
    """``pictures(page, "name")`` keeps a screenshot in the folder that KUMPEL_PICTURES names, if it is set."""
    folder = os.environ.get("KUMPEL_PICTURES")

    def keep(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=str(Path(folder) / f"{name}.png"))

    return keep


def _listen(page: Page, complaints: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def on_response(response: Response) -> None:
        if response.status >= 400:
            complaints.append(f"{response.status} {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
    page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url} {request.failure}"))
    page.on("response", on_response)
