"""Takes the pictures of the lab that the documents show: both languages, light and dark, phone and desktop.

    python tools/lab_pictures.py            # writes docs/lab/*.png

Needs Chromium, playwright and a font with Han characters. Pillow, where it is there, makes the files small.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "lab"
LEVELS = ROOT / "src" / "handgrad" / "course" / "levels"
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("HANDGRAD_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
DESKTOP = {"width": 1360, "height": 850}
PHONE = {"width": 390, "height": 844}
BEGIN = "########## Begin ##########\n"
DRAFT = """        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        dx = dout @ self.W
"""


def source(name: str) -> str:
    """An answer of the course, without the lines that say what is expected of it."""
    text = (LEVELS / f"{name}.py").read_text(encoding="utf-8")
    return re.sub(r"^# (expect|mistakes|kind|warnings|computed).*\n", "", text, flags=re.MULTILINE)


@contextmanager
def lab(*options: str) -> Iterator[tuple[str, Path]]:
    """A lab that nobody has used; its address, and what it printed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        printed = Path(folder) / "printed"
        command = [
            sys.executable,
            "-m",
            "handgrad",
            "lab",
            "--no-browser",
            "--lang",
            "en",
            *options,
        ]
        command += ["--port", str(port), "--data", f"{folder}/data"]
        with printed.open("wb") as stream:
            process = subprocess.Popen(command, stdout=stream, stderr=stream)
        try:
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"{address}/sign-in", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield address, printed
        finally:
            process.terminate()
            process.wait()


def page_of(browser: Browser, address: str, language: str, *, dark: bool, phone: bool) -> Page:
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP,
        device_scale_factor=2 if phone else 1,
        is_mobile=phone,
        has_touch=phone,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "lang", "value": language, "url": address}])
    return context.new_page()


def go(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_load_state("networkidle")


def write(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    page.locator(".cm-shape").first.wait_for()


def run(page: Page, text: str) -> None:
    write(page, text)
    page.keyboard.press("ControlOrMeta+Enter")
    page.wait_for_selector(".verdicts:not(.pending) .verdict")
    page.wait_for_selector('.save-state[data-state="saved"]')
    page.wait_for_timeout(700)


def take(page: Page, name: str) -> None:
    TARGET.mkdir(exist_ok=True)
    path = TARGET / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    try:
        from PIL import Image  # noqa: PLC0415  files a third as large, where it is there
    except ImportError:
        return
    with Image.open(path) as picture:
        colours = picture.convert("RGB").quantize(
            256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
    colours.save(path, optimize=True)


def learner(browser: Browser, language: str, *, dark: bool, phone: bool) -> None:
    """The way of a learner through the first level."""
    kind = f"{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}.{language}"
    with lab() as (address, _):
        page = page_of(browser, address, language, dark=dark, phone=phone)
        go(page, f"{address}/levels/fully-connected")
        page.wait_for_timeout(500)
        take(page, f"level-{kind}")
        template = source("fully_connected/template")
        write(page, template.replace(BEGIN, BEGIN + DRAFT))
        page.locator(".cm-shape-error").wait_for()
        if not phone:
            page.locator(".cm-shape-error").hover()
            page.locator(".cm-tooltip").wait_for()
            page.wait_for_timeout(200)
            take(page, f"shapes-{kind}")
            page.mouse.move(5, 5)
        run(page, source("fully_connected/wrong/db_not_summed"))
        if not phone:
            page.locator(".counterexample").scroll_into_view_if_needed()
        take(page, f"wrong-{kind}")
        run(page, source("fully_connected/solution"))
        take(page, f"pass-{kind}")
        if not phone:
            page.locator(".toolbar .compact").first.click()
            page.locator("dialog .history-item").nth(1).click()
            page.locator("dialog .verdict.tone-bad").wait_for()
            page.locator("dialog .tab").nth(2).click()
            page.locator("dialog .difference").wait_for()
            take(page, f"history-{kind}")
        go(page, f"{address}/")
        page.wait_for_timeout(300)
        take(page, f"map-{kind}")
        page.context.close()


def teacher(browser: Browser) -> None:
    """A class with three learners."""
    with lab("--class") as (address, printed):
        link = re.search(r"http\S+join\?code=\S+", printed.read_text(encoding="utf-8"))
        if link is None:
            raise SystemExit("The lab did not print the teacher's link.")
        page = page_of(browser, address, "en", dark=False, phone=False)
        joined(page, link[0], "Ms Chen")
        go(page, f"{address}/class")
        page.locator("button.primary").click()
        code = page.locator(".code-word").inner_text()
        for name in ("Ada", "小明", "Grace"):
            other = page_of(browser, address, "en", dark=False, phone=False)
            joined(other, f"{address}/join?code={code}", name)
            if name != "Grace":
                go(other, f"{address}/levels/fully-connected")
                run(other, source("fully_connected/solution"))
            other.context.close()
        for language in ("en", "zh"):
            page.context.add_cookies([{"name": "lang", "value": language, "url": address}])
            go(page, f"{address}/class")
            take(page, f"class.{language}")
        page.context.close()


def joined(page: Page, link: str, name: str) -> None:
    go(page, link)
    page.fill("[name=name]", name)
    for field in ("password", "again"):
        page.fill(f"[name={field}]", "a long password")
    page.click("button[type=submit]")
    page.wait_for_selector("html[data-page=map][data-ready]", state="attached")


def main() -> None:
    if CHROMIUM is None:
        raise SystemExit("There is no Chromium here; HANDGRAD_CHROMIUM may say where one is.")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        for language in ("en", "zh"):
            for dark in (False, True):
                for phone in (False, True):
                    learner(browser, language, dark=dark, phone=phone)
        teacher(browser)
        browser.close()


if __name__ == "__main__":
    main()
