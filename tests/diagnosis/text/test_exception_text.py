"""What happened, where, in which case; one sentence for each kind of exception."""

from __future__ import annotations

import pytest
from support.made_trials import an_error, made_trial

from handgrad.diagnosis.text.exception_text import LONGEST_MESSAGE, exception_text


@pytest.mark.parametrize(
    ("facts", "zh", "en"),
    [
        ({}, "运行时出错", "raised an exception"),
        ({"refused": True}, "不允许", "not allowed here"),
        ({"out_of_memory": True}, "内存", "more memory"),
        ({"ended_process": True}, "结束了程序", "ended the program"),
        ({"refused": True, "ended_process": True}, "不允许", "not allowed here"),
    ],
)
def test_what_happened(facts, zh, en):
    text = exception_text(an_error(message="bad.", **facts), "Relu")
    assert zh in text.zh
    assert f"{en}" in text.en
    assert "(line 1): ValueError: bad." in text.en
    assert "（第 1 行）：ValueError: bad。" in text.zh


def test_the_place_is_as_exact_as_it_is_known():
    trial = made_trial(4, {}, {})
    assert "(line 1, case 4: some)" in exception_text(an_error(), "Relu", trial).en
    assert "(case 4: some)" in exception_text(an_error(line=None), "Relu", trial).en
    nowhere = exception_text(an_error(line=None), "Relu")
    assert nowhere.en == "Relu raised an exception: ValueError."


def test_a_long_message_is_cut_and_made_printable():
    text = exception_text(an_error(message="a\x1b\n" + "b" * 2 * LONGEST_MESSAGE), "Relu")
    assert "a\\x1b b" in text.en
    assert len(text.en) < LONGEST_MESSAGE + 100
    assert "…" in text.en


def test_the_hint_follows():
    text = exception_text(
        an_error(type_name="NameError", message="name 'np' is not defined"), "Relu"
    )
    assert text.en.endswith("The line `import numpy as np` is missing at the top of the file.")
