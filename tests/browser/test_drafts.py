"""Nothing typed is lost: reload, crash, language, lost connection, restart, two windows."""

from __future__ import annotations

import signal

import pytest

pytest.importorskip("playwright.sync_api")

from browser.conftest import ready, run, saved, source, write, written

LEVEL = "/levels/fully-connected"
OFFLINE = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET")


def test_a_draft_is_there_after_a_reload_and_in_another_browser(lab, browsing):
    page = browsing.page(lab.address + LEVEL)
    write(page, "first = 1")
    saved(page)
    page.reload()
    ready(page)
    assert written(page) == "first = 1"
    assert written(browsing.page(lab.address + LEVEL)) == "first = 1"


def test_a_tab_that_dies_before_it_saved_loses_nothing(lab, browsing):
    context = browsing.context()
    page = browsing.page(lab.address + LEVEL, context=context)
    page.route("**/draft", lambda route: route.abort())  # nothing reaches the server any more
    browsing.excused = ("ERR_FAILED",)
    write(page, "typed at the last moment")
    page.unroute("**/draft")
    page.reload()
    ready(page)
    assert written(page) == "typed at the last moment"
    saved(page)
    assert lab.get(f"/api{LEVEL}/draft")["source"] == "typed at the last moment"


def test_the_language_changes_and_nothing_else(lab, browsing):
    page = browsing.page(lab.address + LEVEL)
    write(page, "half a thought")
    hints = page.locator(".hint").count()
    page.locator(".cm-content").focus()
    for heading, run_button in [("反向传播", "运行"), ("Backpropagation", "Run")]:
        page.locator("#language").click()
        assert heading in page.locator("h1:visible").inner_text()
        assert page.get_by_role("button", name=run_button).is_visible()
        assert written(page) == "half a thought"
        assert page.locator(".hint").count() == hints
    page.locator("#language").click()
    saved(page)
    page.reload()
    ready(page)
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert written(page) == "half a thought"


def test_without_a_connection_it_says_so_keeps_and_catches_up(lab, browsing):
    browsing.excused = OFFLINE
    context = browsing.context()
    page = browsing.page(lab.address + LEVEL, context=context)
    context.set_offline(True)
    write(page, source("fully_connected/solution"))
    page.locator(".notices .notice-warning").wait_for()
    page.wait_for_selector('.save-state[data-state="kept-here"]')
    page.keyboard.press("ControlOrMeta+Enter")
    page.locator(".verdicts .refused").wait_for()
    context.set_offline(False)
    saved(page)
    page.locator(".notices .notice-warning").wait_for(state="detached")
    run(page)
    assert page.locator(".verdict.tone-good").count() == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_server_restarts_under_an_open_page(fresh_lab, browsing, number):
    browsing.excused = (*OFFLINE, "403")  # the page's token was the old server's
    page = browsing.page(fresh_lab.address + LEVEL)
    fresh_lab.stop(number)
    write(page, source("fully_connected/solution"))
    page.locator(".notices .notice-warning").wait_for()
    fresh_lab.start()
    page.locator(".notices .notice-warning").wait_for(state="detached", timeout=30_000)
    saved(page)
    run(page)
    assert page.locator(".verdict.tone-good").count() == 1


def disputed(lab, browsing):
    """Two windows that typed differently; the second is asked."""
    context = browsing.context()
    browsing.excused = ("409",)
    first, second = (browsing.page(lab.address + LEVEL, context=context) for _ in range(2))
    first.bring_to_front()
    write(first, "common\nfrom the first")
    saved(first)
    second.bring_to_front()
    write(second, "common\nfrom the second")
    dialog = second.get_by_role("dialog")
    dialog.wait_for()
    assert "from the first" in dialog.locator(".difference .removed").inner_text()
    assert "from the second" in dialog.locator(".difference .added").inner_text()
    assert lab.get(f"/api{LEVEL}/draft")["source"] == "common\nfrom the first"
    return second, dialog


def test_two_windows_are_asked_and_mine_is_kept(lab, browsing):
    page, dialog = disputed(lab, browsing)
    dialog.get_by_role("button", name="Keep this version").click()
    saved(page)
    assert lab.get(f"/api{LEVEL}/draft")["source"] == "common\nfrom the second"


def test_two_windows_are_asked_and_the_others_is_taken(lab, browsing):
    page, dialog = disputed(lab, browsing)
    dialog.get_by_role("button", name="Use the other window's version").click()
    assert written(page) == "common\nfrom the first"
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+z")
    assert written(page) == "common\nfrom the second"


def test_a_dispute_put_off_can_be_settled_later(lab, browsing):
    page, _ = disputed(lab, browsing)
    page.keyboard.press("Escape")
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(", and more")
    page.locator(".save-state button").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep this version").click()
    saved(page)
    assert lab.get(f"/api{LEVEL}/draft")["source"] == "common\nfrom the second, and more"


def duplicated(browsing, page):
    """The same tab once more, as the browser's own Duplicate makes it: with a copy of what it keeps."""
    name = page.evaluate("sessionStorage.getItem('handgrad.tab')")
    copy = page.context.new_page()
    # Only the first document of a tab is given the copy.
    copy.add_init_script(
        f"sessionStorage.getItem('copied') || sessionStorage.setItem('handgrad.tab', '{name}');"
        "sessionStorage.setItem('copied', 'yes')"
    )
    copy.goto(page.url)
    ready(copy)
    return copy


def test_a_duplicated_tab_is_asked_before_it_replaces_the_first_ones_draft(lab, browsing):
    browsing.excused = ("409",)
    first = browsing.page(lab.address + LEVEL)
    write(first, "common")
    saved(first)
    copy = duplicated(browsing, first)
    names = [one.evaluate("sessionStorage.getItem('handgrad.tab')") for one in (first, copy)]
    assert names[0] != names[1]
    assert written(copy) == "common"
    write(first, "from the first")
    saved(first)
    write(copy, "from the copy")
    copy.get_by_role("dialog").wait_for()
    assert lab.get(f"/api{LEVEL}/draft")["source"] == "from the first"
    copy.reload()
    ready(copy)
    assert written(copy) == "from the copy"  # kept under a name of its own
    copy.get_by_role("dialog").wait_for()


def test_what_a_duplicated_tab_saves_takes_nothing_from_the_first_one(lab, browsing):
    browsing.excused = ("ERR_FAILED", "409")
    first = browsing.page(lab.address + LEVEL)
    write(first, "common")
    saved(first)
    first.route("**/draft", lambda route: route.abort())
    write(first, "of the first, not saved yet")
    copy = duplicated(browsing, first)
    assert written(copy) == "of the first, not saved yet"
    saved(copy)
    write(copy, "of the copy")
    saved(copy)
    first.unroute("**/draft")
    first.reload()
    ready(first)
    assert written(first) == "of the first, not saved yet"
    first.get_by_role("dialog").wait_for()
    assert lab.get(f"/api{LEVEL}/draft")["source"] == "of the copy"
