"""Python's own messages in plain words, with the place; Chinese punctuation by its meaning."""

from __future__ import annotations

import pytest

from handgrad.diagnosis.text.syntax_and_encoding import (
    ascii_counterpart,
    encoding_error_text,
    guessed_encoding_notice,
    listed,
    place_in_file,
    syntax_error_text,
)


def reason_of(code):
    with pytest.raises(SyntaxError) as raised:
        compile(code, "answer.py", "exec")
    return raised.value.msg


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("f(1", "括号 ( 没有闭合", "bracket ( is never closed"),
        ("f(1))", "多了一个括号 )", "one bracket ) too many"),
        ("f(1]", "( 和 ]", "( and ]"),
        ("if True\n    pass", "冒号", "colon"),
        ("if True:\npass", "必须缩进", "must be indented"),
        ("x = 1\n  y = 2", "缩进多了", "indented too far"),
        ("if 1:\n    x = 1\n  y = 2", "都不一致", "none of the lines above"),
        ("x = 'a", "右引号", "closing quote"),
        ("f(1 2)", "逗号", "comma"),
        ("f() = 1", "==", "=="),
        ("x + 1 = 2", "==", "=="),
        ("print 1", "print(…)", "print(…)"),
        ("return 1", "return 不在任何函数", "return is outside of any function"),
        ("1 +", "读不懂", "does not understand"),
    ],
)
def test_what_python_says_in_plain_words(code, zh, en):
    text = syntax_error_text(reason_of(code), 3, column=5)
    assert zh in text.zh
    assert en in text.en
    assert "Python says" not in text.en
    assert "(line 3, character 5)" in text.en
    assert text.zh.endswith("。")
    assert text.en.endswith(".")


def test_what_is_not_known_is_quoted():
    assert "Python says: odd\\x1b." in syntax_error_text("odd\x1b").en


@pytest.mark.parametrize(
    ("character", "said"),
    [
        ("，", "type , "),
        ("“", 'type " '),
        ("梯", "is not allowed"),
        ("\u3000", "U+3000"),
        ("\u200b", "U+200B"),
    ],
)
def test_a_character_that_python_does_not_know(character, said):
    assert said in syntax_error_text("invalid character", 1, character=character).en


def test_tabs_come_first():
    text = syntax_error_text("expected ':'", tabs=True, character="，")
    assert "tabs and spaces" in text.en


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("（", "("),
        ("：", ":"),
        ("＝", "="),
        ("×", "*"),
        ("≤", "<="),
        ("—", "-"),
        ("梯", None),
        ("a", None),
    ],
)
def test_the_character_that_was_meant(typed, meant):
    assert ascii_counterpart(typed) == meant


def test_the_place_is_as_exact_as_it_is_known():
    assert [place_in_file(*place).en for place in ((None, 4), (3, None), (3, 4))] == [
        "", " (line 3)", " (line 3, character 4)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"declared": "gb\x1bk"}, "declares the encoding gb\\x1bk"),
        ({"candidates": ["GBK", "Big5"]}, "any of GBK, Big5"),
        ({"candidates": ["GBK"]}, "not UTF-8 text"),
        ({}, "not UTF-8 text"),
    ],
)
def test_bytes_that_are_no_text(facts, said):
    text = encoding_error_text(2, **facts)
    assert said in text.en
    assert "(line 2)" in text.en
    assert "UTF-8" in text.zh


def test_a_guessed_encoding_is_named_as_people_call_it():
    assert "read as GBK" in guessed_encoding_notice("gb18030").en
    assert "read as UTF-16" in guessed_encoding_notice("utf-16-le").en
    assert "read as latin\\x1b" in guessed_encoding_notice("latin\x1b").en


def test_a_list_of_names_is_printable():
    assert listed(["a", "b\x1b"]).zh == "a、b\\x1b"
