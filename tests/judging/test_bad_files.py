"""Answers that are hardly files: encodings, full-width punctuation, tabs, nothing at all."""

from __future__ import annotations

import pytest
from support.answers import SOLUTION, answer

COMMENTED = SOLUTION.replace("import numpy as np", "import numpy as np  # 全连接层：求梯度")


@pytest.fixture
def judged(course, judge):
    def run(source):
        [verdict] = judge.judge(course.level("fully-connected"), answer(source))
        return verdict

    return run


@pytest.mark.parametrize(
    "data",
    [
        COMMENTED.encode("utf-8-sig"),
        COMMENTED.encode("utf-16"),
        b"# -*- coding: gbk -*-\n" + COMMENTED.encode("gbk"),
        b"#!/usr/bin/env python\n# vim: set fileencoding=gb2312 :\n" + SOLUTION.encode("gb2312"),
        COMMENTED.replace("\n", "\r\n").encode(),
        COMMENTED.replace("\n", "\r").encode(),
    ],
    ids=[
        "utf-8 mark",
        "utf-16 mark",
        "declared gbk",
        "declared gb2312",
        "windows lines",
        "old mac lines",
    ],
)
def test_what_is_declared_is_honoured(judged, data):
    verdict = judged(data)
    assert verdict.verdict == "pass", verdict.message.en
    assert "UTF-8" not in verdict.message.en


@pytest.mark.parametrize(
    ("encoding", "name"), [("gbk", "GBK"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")]
)
def test_undeclared_is_read_with_a_notice(judged, encoding, name):
    verdict = judged(COMMENTED.encode(encoding))
    assert verdict.verdict == "pass", verdict.message.en
    assert name in verdict.message.en
    assert name in verdict.message.zh


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"import numpy\n# \xff\xff\xff\n", 2),
        (b"# coding: gbk\nx = '\xff\xff'\n", 2),
        (b"# coding: no-such-coding\n", 1),
        (bytes(range(256)), 1),
        (b"import numpy\n\x00\n", 2),
    ],
)
def test_undecodable_says_the_line(judged, data, line):
    verdict = judged(data)
    assert (verdict.verdict, verdict.kind, verdict.line) == ("error", "encoding-error", line)


@pytest.mark.parametrize(
    "character", ["，", "（", "）", "：", "；", "＝", "“", "’", "　", "\u00a0", "−"]
)
def test_a_full_width_character_is_named(judged, character):
    verdict = judged(f"import numpy as np\nx = 1 {character} 2\n")
    assert (verdict.verdict, verdict.kind, verdict.line) == ("error", "syntax-error", 2)
    assert verdict.column == 7
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    assert shown in verdict.message.zh + verdict.message.en, verdict.message


def test_mixed_tabs(judged):
    verdict = judged("class FullyConnected:\n    def f(self):\n\tpass\n        return\n")
    assert verdict.kind == "syntax-error"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# nothing\n", b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_class(judged, data):
    verdict = judged(data)
    assert (verdict.verdict, verdict.kind) == ("error", "missing-class")


def test_nesting_beyond_the_parser_is_a_syntax_error(judged):
    assert judged("x = " + "(" * 5000 + ")" * 5000).kind == "syntax-error"
    assert judged("x = " + "-" * 200_000 + "1").verdict == "error"


def test_the_names_found_are_said(judged):
    verdict = judged(SOLUTION.replace("class FullyConnected", "class Fullyconnected"))
    assert verdict.kind == "missing-class"
    assert "Fullyconnected" in verdict.message.zh
    assert judged("FullyConnected = 3").kind == "missing-class"


def test_methods_and_their_arguments(judged):
    verdict = judged(SOLUTION.replace("def forward", "def forwards"))
    assert verdict.kind == "missing-method"
    assert "forward" in verdict.message.zh
    verdict = judged(SOLUTION.replace("def backward(self, dout)", "def backward(self, dout, rate)"))
    assert verdict.kind == "bad-signature"
    assert "rate" in verdict.message.en
    verdict = judged(SOLUTION.replace("def __init__(self, W, b)", "def __init__(self)"))
    assert verdict.kind == "bad-signature"
    ok = SOLUTION.replace(
        "def backward(self, dout)", "def backward(self, dout, rate=1, *rest, **more)"
    )
    assert judged(ok).verdict == "pass"


@pytest.mark.parametrize(
    "inside", ["", "        pass\n", "        # todo\n        pass\n", "        ...\n"]
)
def test_a_region_that_holds_nothing_is_unanswered(course, judged, inside):
    template = course.level("fully-connected").template
    begin = "########## Begin ##########\n"
    assert judged(template.replace(begin, begin + inside)).kind == "unanswered"


def test_markers_are_optional(judged):
    assert (
        judged("\n".join(line for line in SOLUTION.split("\n") if "###" not in line)).verdict
        == "pass"
    )


def test_a_static_method_is_called_without_self(judged):
    source = SOLUTION.replace("def forward(self, x)", "@staticmethod\n    def forward(x)")
    assert source != SOLUTION
    assert judged(source).kind == "exception"  # self is no name there; what is called fits
