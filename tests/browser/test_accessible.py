"""Every page for everybody: axe, both languages, both themes, keyboard only, narrow and wide."""

from __future__ import annotations

import itertools
import re

import pytest
from support.tier import repeats

pytest.importorskip("playwright.sync_api")

from browser.conftest import ROOT, ready, run, source, write

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "a good long password"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page):
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """rules => axe.run(document.querySelector('dialog[open]') ?? document,
                            {runOnly: {type: 'tag', values: rules}})""",
        RULES,
    )["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.fixture
def axe():
    if not AXE.is_file():
        pytest.skip("axe-core is not there: npm --prefix web ci")
    return violations


LOOKS = list(itertools.product(["zh", "en"], [False, True]))
EACH_LOOK = pytest.mark.parametrize(
    ("language", "dark"),
    repeats(everyday=[LOOKS[1], LOOKS[2]], whole=LOOKS),  # in both, each language and each theme
    ids=lambda value: value if isinstance(value, str) else "dark" if value else "light",
)


@EACH_LOOK
def test_axe_finds_nothing_wherever_a_learner_goes(lab, browsing, axe, language, dark):
    page = browsing.page(f"{lab.address}/", language=language, dark=dark)
    found = axe(page)
    page.goto(f"{lab.address}/levels/fully-connected")
    ready(page)
    if page.locator(".hint-button").count():
        page.locator(".hint-button").click()
    page.locator(".hint").first.wait_for()
    for name in ("wrong/dw_missing_transpose", "solution"):
        write(page, source(f"fully_connected/{name}"))
        run(page)
        page.locator(".cm-shape").first.wait_for()
        for details in page.locator("details").all():
            details.evaluate("one => { one.open = true; }")
        found += axe(page)
    page.locator(".menu-items button").click()
    page.get_by_role("dialog").wait_for()
    found += axe(page)
    page.keyboard.press("Escape")
    page.locator(".toolbar .compact").first.click()
    page.locator("dialog .verdict").wait_for()
    page.locator("dialog .tab").nth(3).click()
    page.locator("dialog .difference").wait_for()
    found += axe(page)
    assert found == []


def sent(page, name, password, again=None):
    """A form filled in and sent; what comes next, the next page or what is wrong."""
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    if again is not None:
        page.fill("[name=again]", again)
    page.click("button[type=submit]")
    if again == password:
        page.wait_for_selector("html[data-page=map][data-ready]", state="attached")
    else:
        page.locator("[role=alert]:visible").wait_for()


def went(page, address):
    page.goto(address)
    ready(page)
    return page


@EACH_LOOK
def test_axe_finds_nothing_on_the_pages_of_a_class(start_lab, browsing, axe, language, dark):
    browsing.excused = ("status of 4",)
    lab = start_lab("--class", "--lang", "en")
    link = re.search(r"http\S+/join\?code=\S+", lab.log.read_text(encoding="utf-8"))[0]
    found = {}

    stranger = browsing.page(f"{lab.address}/sign-in", language=language, dark=dark)
    found["sign in"] = axe(stranger)
    sent(stranger, "nobody", "no such password")
    found["sign in, refused"] = axe(stranger)
    found["join"] = axe(went(stranger, f"{lab.address}/join"))

    teacher = browsing.page(link, language=language, dark=dark)
    found["join, invited"] = axe(teacher)
    sent(teacher, "Ms Chen", PASSWORD, again="another")
    found["join, refused"] = axe(teacher)
    sent(teacher, "Ms Chen", PASSWORD, again=PASSWORD)
    found["map"] = axe(teacher)
    found["class, empty"] = axe(went(teacher, f"{lab.address}/class"))
    teacher.locator("main .primary").first.click()
    code = teacher.locator(".code-word").first.inner_text()

    join = f"{lab.address}/join?code={code}"
    learner = browsing.page(join, language=language, dark=dark)
    sent(learner, "ada", PASSWORD, again=PASSWORD)
    found["not for learners"] = axe(went(learner, f"{lab.address}/class"))
    found["no such page"] = axe(went(learner, f"{lab.address}/no-such-page"))

    found["class"] = axe(went(teacher, f"{lab.address}/class"))
    teacher.locator("tbody tr", has_text="ada").locator("button").first.click()
    dialog = teacher.get_by_role("dialog")
    dialog.wait_for()
    found["class, asked"] = axe(teacher)
    dialog.locator("button.primary").click()
    teacher.locator(".new-password code").wait_for()
    found["class, new password"] = axe(teacher)
    assert {page: told for page, told in found.items() if told} == {}


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 2200])
def test_no_page_scrolls_sideways(lab, browsing, width):
    page = browsing.page(f"{lab.address}/", width=width, height=800)
    wide = [page.evaluate("document.documentElement.scrollWidth")]
    page.goto(f"{lab.address}/levels/three-layer-network")
    ready(page)
    wide.append(page.evaluate("document.documentElement.scrollWidth"))
    write(page, source("three_layer_network/wrong/loss_forgotten"))
    run(page)
    wide.append(page.evaluate("document.documentElement.scrollWidth"))
    assert wide == [width] * 3


def test_the_keyboard_alone_is_enough(fresh_lab, browsing):
    page = browsing.page(f"{fresh_lab.address}/")

    def tab_to(selector):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("chosen => document.activeElement.matches(chosen)", selector):
                return
        raise AssertionError(f"Tab does not reach {selector}.")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_to(".hero-actions a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/levels/fully-connected")
    ready(page)
    tab_to(".cm-content")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")  # over a selection Chromium itself would insert a styled span
    page.keyboard.insert_text(source("fully_connected/solution"))
    page.keyboard.press("ControlOrMeta+Enter")
    page.locator(".celebration").wait_for()
    # A locator, not a function as text: the page's policy forbids to evaluate one again and again.
    page.locator("#said", has_text="passed").wait_for(state="attached")
    page.keyboard.press("Escape")
    tab_to(".celebration a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/levels/activations")


def test_the_divider_moves_by_keyboard_and_stays(lab, browsing):
    page = browsing.page(f"{lab.address}/levels/fully-connected")
    divider = page.get_by_role("separator")
    before = float(divider.get_attribute("aria-valuenow"))
    divider.focus()
    page.keyboard.press("ArrowRight")
    after = float(divider.get_attribute("aria-valuenow"))
    assert after > before
    page.reload()
    ready(page)
    assert float(page.get_by_role("separator").get_attribute("aria-valuenow")) == after


def test_the_theme_is_the_systems_until_one_is_chosen(lab, browsing):
    page = browsing.page(f"{lab.address}/", dark=True)
    background = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(background)
    page.locator("#theme").click()
    page.locator("html[data-theme=light]").wait_for()
    page.wait_for_timeout(
        100
    )  # the colour changes in a transition, of 1 ms where motion is reduced
    light = page.evaluate(background)
    assert light != dark
    page.reload()
    ready(page)
    assert page.evaluate(background) == light


def test_a_page_that_is_not_there_says_so(lab, browsing):
    browsing.excused = ("404",)
    page = browsing.page(f"{lab.address}/levels/no-such-level")
    assert page.locator("h1").inner_text() == "There is no such page"
    page.get_by_role("link", name="Back to the map").click()
    page.wait_for_selector(".levels")
