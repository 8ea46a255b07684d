"""From opening the page to passing every level."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright.sync_api")

from browser.conftest import ready, run, saved, source, write, written


@pytest.mark.parametrize(
    ("language", "begin", "next_", "done"),
    [
        ("en", "Start", "Next", "3 of 3 levels passed"),
        ("zh", "开始学习", "下一关", "3 / 3 关已通过"),
    ],
)
def test_from_the_map_through_every_level(fresh_lab, browsing, language, begin, next_, done):
    page = browsing.page(f"{fresh_lab.address}/", language=language)
    assert page.locator(".level").count() == 3
    assert page.locator(".level-open").count() == 1
    assert page.locator(".level-locked .level-needs").count() == 2
    page.get_by_role("link", name=begin).click()
    for i, folder in enumerate(["fully_connected", "activations", "three_layer_network"]):
        ready(page)
        assert written(page).strip() == source(f"{folder}/template").strip()
        write(page, source(f"{folder}/solution"))
        run(page)
        assert page.locator(".verdict:not(.tone-good)").count() == 0
        page.wait_for_selector(".celebration.first")
        if i < 2:
            page.get_by_role("link", name=next_).click()
    page.locator(".celebration a").click()
    page.wait_for_selector("html[data-page=map][data-ready]", state="attached")
    assert page.get_by_text(done).is_visible()
    assert page.locator(".level-passed").count() == 3
    assert page.locator(".edges .edge.done").count() == 2


def test_a_wrong_answer_is_named_drawn_and_marked(lab, browsing):
    page = browsing.page(f"{lab.address}/levels/fully-connected")
    write(page, source("fully_connected/wrong/db_not_summed"))
    run(page)
    verdict = page.locator(".verdict")
    assert "db is dout itself" in verdict.inner_text()
    assert verdict.locator(".outlines .outline").count() == 2
    assert verdict.locator(".map-shape .expected").is_visible()
    # The entry that is worked out is marked, and so is what it is worked out from.
    entry = verdict.locator(".hand-line .target").inner_text()
    assert entry == "db[0]"
    assert verdict.locator("td.target[data-entry='db[0]']").count() == 1
    assert verdict.locator("td.source[data-entry^='dout']").count() >= 2
    assert verdict.locator(".chip.bad").count() > 0

    page.locator("#language").click()
    assert "没有对批里的样本求和" in page.locator(".verdict").inner_text()
    assert "db is dout itself" not in page.locator(".verdict").inner_text()


def test_an_exception_marks_the_line_until_it_is_changed(lab, browsing):
    page = browsing.page(f"{lab.address}/levels/fully-connected")
    text = source("fully_connected/wrong/dw_missing_transpose")
    write(page, text)
    run(page)
    line = next(i for i, row in enumerate(text.splitlines(), 1) if "self.x @ dout" in row)
    assert page.locator(".verdict .source-line .line-number").inner_text() == str(line)
    assert page.locator(".cm-line.cm-mark").inner_text().strip().startswith("self.dW")
    assert page.locator(".cm-mark-gutter").inner_text() == str(line)
    page.locator(".verdict .source-line").click()
    assert page.evaluate("document.activeElement.className").startswith("cm-content")
    page.keyboard.type(" ")
    assert page.locator(".cm-mark").count() == 0


def test_errors_are_drawn_entry_by_entry(lab, browsing):
    page = browsing.page(f"{lab.address}/levels/activations")
    sigmoid = source("activations/solution").partition("class Relu")[0]
    relu = source("activations/wrong/relu_negates").partition("class Relu")[2]
    write(page, f"{sigmoid}class Relu{relu}")
    run(page)
    assert page.locator(".verdict").evaluate_all("all => all.map(one => one.dataset.class)") == [
        "Relu",  # what there is to mend comes first
        "Sigmoid",
    ]
    wrong = page.locator(".verdict[data-class=Relu]")
    assert wrong.locator(".cell.off").count() > 0
    assert wrong.locator(".cell.holds").count() > 0
    assert page.locator(".celebration").count() == 0


def test_what_a_learner_prints_and_writes_is_shown_as_text(lab, browsing):
    page = browsing.page(f"{lab.address}/levels/fully-connected")
    hostile = (
        "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    )
    text = (
        source("fully_connected/solution")
        .replace(
            "########## Begin ##########",
            f"########## Begin ##########\n        print({hostile!r})",
        )
        .replace("return dx", "dout[:] = 0\n        return dx")
    )
    write(page, text)
    run(page)
    assert hostile in page.locator(".printed pre").inner_text()
    assert (
        page.locator(".warnings li", has_text="dout").count() == 1
    )  # a busy machine may add another
    raising = text.replace(f"print({hostile!r})", f"raise ValueError({hostile!r})")
    write(page, raising)
    run(page)
    assert "<img src=x" in page.locator(".verdict").inner_text()
    assert page.title() != "broken"
    assert page.locator(".verdict img").count() == 0


def test_hints_come_one_at_a_time_and_stay(fresh_lab, browsing):
    page = browsing.page(f"{fresh_lab.address}/levels/fully-connected")
    assert page.locator(".hint").count() == 0
    for shown in (1, 2):
        page.locator(".hint-button").click()
        page.wait_for_selector(f".hint:nth-child({shown})")
        assert page.locator(".hint").count() == shown
    page.reload()
    ready(page)
    assert page.locator(".hint").count() == 2


def test_the_template_comes_back_only_when_asked_and_can_be_undone(lab, browsing):
    page = browsing.page(f"{lab.address}/levels/fully-connected")
    write(page, "mine = 1")
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert written(page) == "mine = 1"
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("dialog").get_by_role("button", name="Restore the template").click()
    assert "########## Begin" in written(page)
    page.locator(".toasts").get_by_role("button", name="Undo").click()
    assert written(page) == "mine = 1"
    saved(page)


def test_the_history_shows_verdicts_code_and_differences(fresh_lab, browsing):
    page = browsing.page(f"{fresh_lab.address}/levels/fully-connected")
    for name in ("wrong/db_not_summed", "solution"):
        write(page, source(f"fully_connected/{name}"))
        run(page)
    write(page, "something = 'else'")
    page.get_by_role("button", name="History").click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".verdict.tone-good").wait_for()
    assert dialog.locator(".history-item").count() == 2
    dialog.get_by_role("button", name="Compare with previous answer").click()
    dialog.locator(".difference .added").first.wait_for()
    assert "np.sum(dout, axis=0)" in dialog.locator(".difference").inner_text()
    dialog.locator(".history-item").nth(1).click()
    dialog.locator(".verdict.tone-bad").wait_for()
    dialog.get_by_role("button", name="Copy to the editor").click()
    assert written(page).strip() == source("fully_connected/wrong/db_not_summed").strip()


@pytest.mark.parametrize("level", ["fully-connected", "activations"])
def test_on_a_phone_the_verdict_comes_into_sight(lab, browsing, level):
    page = browsing.page(f"{lab.address}/levels/{level}", width=390, height=844)
    run(page)
    page.wait_for_timeout(500)  # what would scroll it away again comes a frame later
    box = page.locator(".verdict").first.bounding_box()
    assert 0 <= box["y"] < 844 - 100


def test_a_file_that_is_too_large_says_so_in_the_learners_language(lab, browsing):
    browsing.excused = ("413",)
    page = browsing.page(f"{lab.address}/levels/fully-connected", language="zh")
    write(page, "x = '" + 140_000 * "a" + "'")
    page.keyboard.press("ControlOrMeta+Enter")
    refused = page.locator(".verdicts .refused")
    refused.wait_for()
    assert "太大了" in refused.inner_text()
    assert "String" not in refused.inner_text()
    page.wait_for_selector('.save-state[data-state="kept-here"]')
    for _ in range(2):  # at each pause it is tried again, and said once
        with page.expect_response("**/draft"):
            page.keyboard.type("#")
    assert page.locator(".toasts .notice-warning").count() == 1
