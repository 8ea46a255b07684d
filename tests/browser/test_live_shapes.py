"""Shapes beside each line, without anything being pressed."""

from __future__ import annotations

import contextlib

import pytest

Error = pytest.importorskip("playwright.sync_api").Error

from browser.conftest import run, source, write, written

LEVEL = "/levels/fully-connected"
BEGIN = "########## Begin ##########\n"


def drafted(lines):
    body = "".join(f"        {line}\n" for line in lines)
    return source("fully_connected/template").replace(BEGIN, BEGIN + body)


def test_every_line_shows_its_shape_and_the_failing_one_says_why(lab, browsing):
    page = browsing.page(lab.address + LEVEL)
    write(page, drafted(["self.dW = self.x.T @ dout", "dx = dout @ self.W"]))
    failing = page.locator(".cm-shape-error")
    failing.wait_for()
    assert "✗ inner sizes" in failing.inner_text()
    assert "dW" in page.locator(".cm-line:has-text('self.dW = self.x.T') .cm-shape").inner_text()
    page.locator("#language").click()
    assert "内侧大小" in failing.inner_text()

    failing.hover()
    values = page.locator(".cm-tooltip .cm-shape-values")
    values.wait_for()
    assert values.locator("table.entries").count() == 2
    # A learner mends it, and the mark goes by itself.
    write(page, drafted(["dx = dout @ self.W.T"]))
    page.locator(".cm-line:has-text('dx = dout') .cm-shape").wait_for()
    page.locator(".cm-shape-error").wait_for(state="detached")


def test_the_keyboard_reaches_the_values(lab, browsing):
    page = browsing.page(lab.address + LEVEL)
    write(page, drafted(["self.db = dout.sum(axis=0)"]))
    page.locator(".cm-line:has-text('self.db = dout') .cm-shape").wait_for()
    line = page.locator(".cm-line:has-text('self.db = dout')")
    line.click(position={"x": 200, "y": 5})
    page.keyboard.press("ControlOrMeta+i")
    page.locator(".cm-tooltip .cm-shape-values").wait_for()
    page.wait_for_function("document.querySelector('#said').textContent.includes('db')")
    page.keyboard.press("Escape")
    page.locator(".cm-tooltip").wait_for(state="detached")


def test_an_answer_to_an_older_draft_is_dropped(lab, browsing):
    page = browsing.page(lab.address + LEVEL)
    waiting = []
    page.route("**/shapes", lambda route: waiting.append(route) or None)
    write(page, drafted(["earlier = dout.T"]))
    page.wait_for_timeout(600)
    write(page, drafted(["new = dout"]))
    page.wait_for_timeout(600)
    page.unroute("**/shapes")
    assert len(waiting) >= 2
    for route in waiting:
        with contextlib.suppress(Error):  # the page itself has given up the older one
            route.continue_()
    page.locator(".cm-line:has-text('new = dout') .cm-shape").wait_for()
    assert "earlier" not in page.locator(".cm-content").inner_text()


def test_a_draft_with_a_slip_keeps_what_is_known(lab, browsing):
    page = browsing.page(lab.address + LEVEL)
    write(page, drafted(["self.db = dout.sum(axis=0)"]))
    page.locator(".cm-line:has-text('self.db = dout') .cm-shape").wait_for()
    page.locator(".cm-line:has-text('self.db = dout')").click(position={"x": 200, "y": 5})
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    with page.expect_response("**/shapes"):
        page.keyboard.type("dx = (dout")
    page.wait_for_timeout(300)  # whatever was asked for meanwhile is answered
    page.locator(".cm-line:has-text('self.db = dout') .cm-shape").wait_for()


def test_shapes_can_be_turned_off_and_stay_off(lab, browsing):
    page = browsing.page(lab.address + LEVEL)
    page.locator(".cm-shape").first.wait_for()
    page.locator(".menu summary").click()
    page.get_by_label("Live shapes").uncheck()
    page.locator(".cm-shape").first.wait_for(state="detached")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    write(page, drafted(["dx = dout"]))
    page.wait_for_timeout(700)
    assert not [url for url in asked if url.endswith("/shapes")]


def test_vim_keys_are_an_option(lab, browsing):
    page = browsing.page(lab.address + LEVEL)
    page.locator(".menu summary").click()
    page.get_by_label("Vim keys").check()
    page.keyboard.press("Escape")
    page.locator(".cm-vim-panel, .cm-vimMode").first.wait_for()
    page.locator(".cm-content").click()
    page.keyboard.type("ggdGinew = 1")
    page.keyboard.press("Escape")
    assert written(page) == "new = 1"
    run(page)
