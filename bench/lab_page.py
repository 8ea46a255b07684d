"""How fast the lab's pages are in a real browser; the part ``page`` of ``bench/lab.py``.

Everything is timed inside the page by its own clock. *Drawn* is when a frame that shows it has been
handed to the screen: the next frame after the change, and the task after that. The browser is Chromium
without a window, on the same processors as the server.
"""

from __future__ import annotations

import os
import shutil
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from handgrad.course import load_course

Report = Callable[..., Any]
"""Makes a line of the table: name, value, unit, what is allowed."""
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
ROUNDS = 25
WARM_UP = 5
LOADS = 15
REST = 150
"""Milliseconds between two measurements, in which what the last one left to do is done."""
SLOW_NETWORK = {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
"""A phone on a poor connection: 1.6 Mbit/s, 150 ms to the server and back (Chrome's "slow 4G")."""

STOPWATCH = """
window.stopwatch = {};
const drawn = name => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { stopwatch[name] = performance.now(); };
    port2.postMessage(null);
});
const began = name => event => { stopwatch[name] = event.timeStamp; };
const ask = window.fetch;
window.fetch = (address, ...more) => {
    if (String(address).endsWith('/shapes')) stopwatch.asked = performance.now();
    return ask(address, ...more);
};
document.addEventListener('click', began('click'), true);
document.addEventListener('keydown', began('key'), true);
new MutationObserver(changes => {
    for (const { target, attributeName, addedNodes } of changes) {
        if (attributeName === 'data-ready') stopwatch.ready = performance.now();
        for (const node of addedNodes) {
            if (node.nodeType !== Node.ELEMENT_NODE) continue;
            if (node.matches('.verdict')) drawn('verdict');
            if (node.matches('.cm-shape') || node.querySelector?.('.cm-shape')) drawn('shape');
        }
    }
}).observe(document, { subtree: true, childList: true, attributeFilter: ['data-ready'] });
"""


def in_the_page(port: int, line: Report) -> list[Any]:
    """The lines of the table: run to verdict, live shapes, until it can be used, weight."""
    address = f"http://127.0.0.1:{port}"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            lines = [*_weights(browser, address, line), *_loads(browser, address, line)]
            for level in load_course().levels:
                chosen = {"a right answer": level.solution}
                chosen["a wrong answer"] = level.wrong_answers[0].source.decode()
                with _opened(browser, f"{address}/levels/{level.name}") as page:
                    for name, source in chosen.items():
                        waits = _runs(page, source)
                        what = f"in the page: {level.name}, {name}"
                        middle = statistics.median(waits)
                        lines += [line(f"{what}, click to verdict drawn, median", middle, "ms", 60)]
                        lines += [line("  the longest", max(waits), "ms")]
            with _opened(browser, f"{address}/levels/fully-connected") as page:
                lines += _shapes(page, line)
        finally:
            browser.close()
    return lines


def chromium() -> str:
    """Where the browser is."""
    found = os.environ.get("HANDGRAD_CHROMIUM") or next(
        filter(None, map(shutil.which, NAMES)), None
    )
    if found is None:
        raise SystemExit("There is no Chromium here: apt-get install chromium")
    return found


@contextmanager
def _opened(browser: Browser, address: str) -> Iterator[Page]:
    with _context(browser) as context:
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("html[data-ready]", state="attached")
        yield page


@contextmanager
def _context(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody who comes for the first time: nothing is cached."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en")
    context.add_init_script(STOPWATCH)
    try:
        yield context
    finally:
        context.close()


def _until(page: Page, condition: str) -> None:
    """Wait for what the page's policy forbids to be watched from inside."""
    for _ in range(2000):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(5)
    raise SystemExit(f"In the page this did not come: {condition}")


def _runs(page: Page, source: str) -> list[float]:
    """From the click on Run until the verdict is drawn, again and again."""
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(source)
    page.wait_for_timeout(1500)  # saved, and its shapes drawn
    waits = []
    for _ in range(ROUNDS + WARM_UP):
        page.evaluate("() => { delete stopwatch.verdict; }")
        page.locator("button.run").click()
        _until(page, "stopwatch.verdict !== undefined")
        waits.append(page.evaluate("() => stopwatch.verdict - stopwatch.click"))
        page.wait_for_timeout(REST)
    return waits[WARM_UP:]


def _shapes(page: Page, line: Report) -> list[Any]:
    """From a pause in typing until the shapes are drawn: a transpose is typed and taken back in turn."""
    source = load_course().level("fully-connected").solution
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(source[: source.rindex("        return dx")] + "        y = dx")
    page.wait_for_timeout(1500)
    since_pause, since_key = [], []
    for _ in range(ROUNDS + WARM_UP):
        page.evaluate("() => { delete stopwatch.shape; delete stopwatch.asked; }")
        page.keyboard.type(".T")
        _until(page, "stopwatch.shape > stopwatch.asked")
        took = page.evaluate("() => [stopwatch.asked, stopwatch.key].map(t => stopwatch.shape - t)")
        since_pause.append(took[0])
        since_key.append(took[1])
        for _ in ".T":
            page.keyboard.press("Backspace")
        page.wait_for_timeout(600)
    return [
        line(
            "in the page: live shapes, pause to drawn, median",
            statistics.median(since_pause[WARM_UP:]), "ms", 150,
        ),
        line("  the longest", max(since_pause[WARM_UP:]), "ms"),
        line("  from the last key (the pause is part of it), median",
             statistics.median(since_key[WARM_UP:]), "ms"),
    ]  # fmt: skip


def _loads(browser: Browser, address: str, line: Report) -> list[Any]:
    """From the click on a link, with nothing cached, until the editor takes what is typed."""
    plain = [_load(browser, address) for _ in range(LOADS)]
    slow = [_load(browser, address, throttled=4) for _ in range(3)]
    far = [_load(browser, address, network=SLOW_NETWORK) for _ in range(3)]
    return [
        line("in the page: a level can be used, nothing cached, median",
             statistics.median(plain), "ms", 1000),
        line("  the longest", max(plain), "ms"),
        line("  on a processor a quarter as fast, median", statistics.median(slow), "ms"),
        line("  over 1.6 Mbit/s and 150 ms, median", statistics.median(far), "ms"),
    ]  # fmt: skip


def _load(
    browser: Browser, address: str, throttled: int = 1, network: dict[str, int] | None = None
) -> float:
    with _context(browser) as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": throttled})
        if network is not None:
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", {"offline": False} | network)
        page.goto(f"{address}/levels/fully-connected", wait_until="commit")
        page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
        page.locator(".cm-content").focus()
        page.keyboard.insert_text("# typed")
        typed = page.locator(".cm-line", has_text="# typed").first
        typed.wait_for()  # it does take keys
        return float(page.evaluate("() => stopwatch.ready"))


def _weights(browser: Browser, address: str, line: Report) -> list[Any]:
    """What a first visit brings over the wire, headers and all."""
    lines = []
    for path, name in (("/", "the map"), ("/levels/fully-connected", "a level")):
        kinds: dict[str, str] = {}
        sizes: dict[str, int] = {}
        with _context(browser) as context:
            page = context.new_page()
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.on(
                "Network.responseReceived", lambda e, k=kinds: k.update({e["requestId"]: e["type"]})
            )
            session.on(
                "Network.loadingFinished",
                lambda e, s=sizes: s.update({e["requestId"]: e["encodedDataLength"]}),
            )
            page.goto(address + path)
            page.wait_for_selector("html[data-ready]", state="attached")
            page.wait_for_load_state("networkidle")
        whole = {one: sizes.get(one, 0) for one, kind in kinds.items() if kind != "Fetch"}
        fonts = sum(size for one, size in whole.items() if kinds[one] == "Font")
        before = sum(whole.values()) - fonts
        lines += [line(f"in the page: {name}, before fonts", before / 1024, "KB", 150)]
        lines += [line(f"in the page: {name}, with fonts", (before + fonts) / 1024, "KB", 230)]
    return lines
