"""A real lab, a real Chromium: the pages as learners use them."""

from __future__ import annotations

import contextlib
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
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("fastapi", reason="the lab's extra is not installed")

ROOT = Path(__file__).parent.parent.parent
LEVELS = ROOT / "src" / "handgrad" / "course" / "levels"
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("HANDGRAD_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 10_000
"""Milliseconds to wait for what must come; nothing is measured here."""


def source(name):
    """A planted answer or the solution of a level, without the lines that say what to expect."""
    text = (LEVELS / f"{name}.py").read_text(encoding="utf-8")
    return "".join(line for line in text.splitlines(True) if not line.startswith("# expect"))


class Lab:
    """A lab in a process of its own."""

    def __init__(self, folder, *options):
        self.folder, self.options, self.process = folder, options, None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "lab.log"

    def start(self):
        command = [sys.executable, "-m", "handgrad", "lab", "--no-browser", *self.options]
        command += ["--port", str(self.port), "--data", str(self.folder / "data")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(urllib.error.HTTPError):
                try:
                    self.get("/api/session")
                except (urllib.error.URLError, ConnectionError):
                    assert self.process.poll() is None, self.log.read_text(errors="replace")
                    time.sleep(0.1)
                    continue
            return self
        raise AssertionError(f"The lab did not start: {self.log.read_text(errors='replace')}")

    def get(self, path):
        return self.ask("GET", path)

    def ask(self, method, path, body=None):
        """What a script asks for, without a browser."""
        headers = {"Content-Type": "application/json", "X-Handgrad": "1"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def put_templates_back(self):
        for level in self.get("/api/levels")["levels"]:
            whole = self.get(f"/api/levels/{level['level']}")
            draft = whole["draft"]
            if draft is not None and draft["source"] != whole["template"]:
                body = {"source": whole["template"], "base": draft["revision"]}
                self.ask("PUT", f"/api/levels/{level['level']}/draft", body)

    def stop(self, number=signal.SIGINT):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None


@pytest.fixture
def start_lab(tmp_path):
    """Starts a lab with the options given; all are stopped at the end."""
    started = []

    def start(*options):
        folder = tmp_path / f"lab{len(started)}"
        folder.mkdir()
        started.append(Lab(folder, *options))
        return started[-1].start()

    yield start
    for lab in started:
        lab.stop()


@pytest.fixture
def fresh_lab(start_lab):
    """A lab that nobody has used, of this test alone."""
    return start_lab()


@pytest.fixture(scope="session")
def one_lab(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab")).start()
    yield lab
    lab.stop()


@pytest.fixture
def lab(one_lab):
    """A lab that tests share: the drafts are the templates, the rest is as others left it."""
    one_lab.put_templates_back()
    return one_lab


@pytest.fixture(scope="module")
def browser():
    """Chromium, ended with the file: while Playwright lives, no other test can run an event loop."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here")
    with playwright.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Browsing:
    """Opens pages, and keeps what must not happen on any of them."""

    def __init__(self, browser):
        self.browser, self.contexts, self.complaints, self.foreign = browser, [], [], []
        self.excused = ()

    def context(self, *, dark=False, width=1280, height=860, **options):
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        context.on("page", self._listen)
        self.contexts.append(context)
        return context

    def page(self, address, *, language="en", context=None, **options):
        context = context or self.context(**options)
        context.add_cookies([{"name": "lang", "value": language, "url": address}])
        page = context.new_page()
        page.goto(address)
        ready(page)
        return page

    def _listen(self, page):
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)
        page.on("request", self._request)

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")

    def _request(self, request):
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.foreign.append(request.url)

    def check(self):
        assert self.foreign == []
        kept = [text for text in self.complaints if not any(part in text for part in self.excused)]
        assert kept == []

    def close(self):
        for context in self.contexts:
            context.close()


@pytest.fixture
def browsing(browser):
    """Pages of this test; that nothing was complained of in any is checked at its end."""
    pages = Browsing(browser)
    yield pages
    pages.close()
    pages.check()


def ready(page):
    page.wait_for_selector("html[data-ready]", state="attached")


def write(page, text):
    """Replaces what is in the editor, as a learner would paste it."""
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def written(page):
    """What is in the editor."""
    lines = page.locator(".cm-line").evaluate_all(
        """lines => lines.map(line => {
            const copy = line.cloneNode(true);
            for (const aside of copy.querySelectorAll('.cm-shape, .cm-mark-words, .cm-write-here'))
                aside.remove();
            return copy.textContent;
        })"""
    )
    return "\n".join(lines)


def run(page):
    """Presses Run and waits for the verdict."""
    page.evaluate("document.querySelector('.verdicts').replaceChildren()")
    page.keyboard.press("ControlOrMeta+Enter")
    page.wait_for_selector(".verdicts:not(.pending) .verdict")


def saved(page):
    page.wait_for_selector('.save-state[data-state="saved"]')
