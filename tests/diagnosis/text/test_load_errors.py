from __future__ import annotations

import pytest

from handgrad.diagnosis.text.load_errors import printable, problem_text


@pytest.mark.parametrize(
    ("kind", "facts", "zh", "en"),
    [
        ("syntax-error", {"character": "，", "reason": "invalid character"}, "，", "U+FF0C"),
        ("syntax-error", {"reason": "inconsistent use of tabs", "tabs": True}, "制表符", "tab"),
        ("syntax-error", {"reason": "expected ':'"}, "冒号", "colon"),
        ("syntax-error", {"reason": "'(' was never closed"}, "没有闭合", "never closed"),
        ("encoding-error", {}, "UTF-8", "UTF-8"),
        ("encoding-error", {"declared": "gbk"}, "gbk", "gbk"),
        ("missing-class", {"found": ["ReLU"]}, "ReLU", "ReLU"),
        ("missing-class", {"found": []}, "没有", "no class"),
        ("missing-class", {"is_a": "function"}, "应当是一个类", "must be a class, but in this file it is a function"),
        ("missing-method", {"method": "forward", "found": ["fwd"]}, "fwd", "fwd"),
        ("bad-signature", {"method": "backward", "takes": ["dout"], "wanted": ["self", "dout"]}, "self", "self"),
        ("unanswered", {}, "Begin", "Begin"),
    ],
)  # fmt: skip
def test_every_problem_has_its_words(kind, facts, zh, en):
    text = problem_text(kind, "Relu", line=3, column=4, facts=facts)
    assert zh in text.zh
    assert en in text.en
    assert "{" not in text.zh + text.en


@pytest.mark.parametrize(
    "facts", [{}, {"found": 3}, {"method": None}, {"character": ["x"]}, {"takes": [1, None]}]
)
@pytest.mark.parametrize(
    "kind",
    [
        "syntax-error",
        "encoding-error",
        "missing-class",
        "missing-method",
        "bad-signature",
        "unanswered",
    ],
)
def test_facts_of_a_stranger_s_process_never_break_it(kind, facts):
    assert problem_text(kind, "Relu", facts=facts).zh


def test_words_of_a_stranger_are_made_safe():
    assert printable("a\x1b[2J\u202eb\r\n甲") == "a\\x1b[2J\\u202eb\\r\n甲"
