"""The end of a process is explained in both languages."""

from __future__ import annotations

import pytest

from handgrad.diagnosis.text import aborted_runs


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (aborted_runs.exited_text("Relu"), "中途结束了。", "was running. "),
        (
            aborted_runs.exited_text("Relu", "3", 7),
            "（第 7 行）（退出码 3）",
            "(line 7) (exit status 3).",
        ),
    ],
)
def test_each_says_what_happened(text, zh, en):
    assert zh in text.zh
    assert en in text.en
    for words in (text.zh, text.en):
        assert "Relu" in words
        assert "{" not in words


def test_our_own_fault_shows_the_last_line_of_its_detail_and_blames_nobody():
    text = aborted_runs.judge_error_text("Traceback\n  line\nOSError: no\x1b room\n")
    assert "The judge itself failed (OSError: no\\x1b room)." in text.en
    assert "与你的答案无关" in text.zh
    assert "failed. " in aborted_runs.judge_error_text().en
