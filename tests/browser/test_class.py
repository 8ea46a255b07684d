"""A class: the teacher invites, learners join, each sees their own work, the teacher sees how far."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright.sync_api")

from browser.conftest import ready, run, saved, source, write, written

LEVEL = "/levels/fully-connected"
PASSWORD = "a good long password"


def join(browsing, address, name, **options):
    page = browsing.page(address, **options)
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("html[data-page=map][data-ready]", state="attached")
    return page


@pytest.fixture
def classroom(start_lab, browsing):
    """A lab for a class, and its teacher's page."""
    lab = start_lab("--class", "--lang", "en")
    link = re.search(r"http\S+/join\?code=\S+", lab.log.read_text(encoding="utf-8"))
    teacher = join(browsing, link[0], "Ms Chen")
    teacher.get_by_role("link", name="Class").click()
    ready(teacher)
    return lab, teacher


def invitation(lab, teacher):
    teacher.get_by_role("button", name="New invitation").click()
    code = teacher.locator(".code-word").first.inner_text()
    return f"{lab.address}/join?code={code}"


def test_learners_join_and_see_only_their_own_work(classroom, browsing):
    lab, teacher = classroom
    link = invitation(lab, teacher)
    ada = join(browsing, link, "ada")
    ming = join(browsing, link, "小明", language="zh")
    for page, text in ((ada, source("fully_connected/solution")), (ming, "小明的草稿 = 1")):
        page.goto(lab.address + LEVEL)
        ready(page)
        write(page, text)
        saved(page)
    run(ada)
    assert ada.locator(".verdict.tone-good").count() == 1
    ming.reload()
    ready(ming)
    assert written(ming) == "小明的草稿 = 1"
    ming.get_by_role("button", name="历史").click()
    ming.get_by_text("还没有提交过").wait_for()

    teacher.reload()
    ready(teacher)
    row = teacher.get_by_role("row", name=re.compile("ada"))
    assert row.locator("td .icon-tick").count() == 1
    assert teacher.get_by_role("row", name=re.compile("小明")).locator(".icon-tick").count() == 0


def test_a_password_is_reset_by_the_teacher_and_serves(classroom, browsing):
    browsing.excused = ("401",)
    lab, teacher = classroom
    ada = join(browsing, invitation(lab, teacher), "ada")
    ada.goto(lab.address + LEVEL)
    ready(ada)
    teacher.reload()
    ready(teacher)
    teacher.get_by_role("button", name="Reset password").first.click()
    teacher.get_by_role("dialog").get_by_role("button", name="Reset password").click()
    password = teacher.locator(".new-password code").inner_text()

    # Signed out in the middle of typing: it is said, and nothing is lost.
    write(ada, "typed while signed out")
    ada.get_by_role("button", name="Sign in").click()
    ready(ada)
    for attempt in (PASSWORD, password):
        ada.fill("[name=name]", "ada")
        ada.fill("[name=password]", attempt)
        ada.click("button[type=submit]")
        if attempt == PASSWORD:
            ada.locator("[role=alert]:visible").wait_for()
    ada.wait_for_url(f"**{LEVEL}")
    ready(ada)
    assert written(ada) == "typed while signed out"


def test_a_stranger_gets_no_further_than_the_door(classroom, browsing):
    browsing.excused = ("status of 4",)
    lab, _ = classroom
    page = browsing.page(lab.address + LEVEL)
    assert "/sign-in" in page.url
    page.get_by_role("link", name="Have an invitation").click()
    ready(page)
    page.fill("[name=code]", "no-such-code")
    page.fill("[name=name]", "eve")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD + "x")
    page.click("button[type=submit]")
    assert "differ" in page.locator("[role=alert]").inner_text()
    page.fill("[name=again]", PASSWORD)
    page.click("button[type=submit]")
    page.locator("[role=alert]:visible").wait_for()
    assert "differ" not in page.locator("[role=alert]").inner_text()
    assert "/join" in page.url


def test_a_learner_is_removed(classroom, browsing):
    browsing.excused = ("401",)
    lab, teacher = classroom
    ada = join(browsing, invitation(lab, teacher), "ada")
    teacher.reload()
    ready(teacher)
    teacher.get_by_role("button", name="Remove").click()
    teacher.get_by_role("dialog").get_by_role("button", name="Remove").click()
    teacher.get_by_role("row", name=re.compile("ada")).wait_for(state="detached")
    ada.reload()
    ada.wait_for_url("**/sign-in*")
