from __future__ import annotations

import pytest

from handgrad.sandbox.child.answer.source import (
    AnswerProblem,
    is_unanswered,
    parse,
    read_source,
    regions,
    source_lines,
)

TWO_CLASSES = """
class A:
    def backward(self, dout):
        ########## Begin ##########
        {a}
        ########## End ##########
        return dx


class B:
    def backward(self, dout):
        #********* begin *********#
        {b}
        # ----- END -----
        return dx
"""


def test_regions_of_every_style_of_marker():
    found = regions(TWO_CLASSES.format(a="x = 1", b="y = 2"))
    assert [(r.first, r.last) for r in found] == [(5, 5), (13, 13)]
    assert regions("# Begin here\n# the end\n") == []
    assert regions("# Begin\nx\n") == []


@pytest.mark.parametrize(
    ("inside", "unanswered"),
    [("pass", True), ("# dx = 0", True), ("dx = 0", False), ("'''dx = 0'''", True), ("...", True),
     ("return dout", False), ("if True: pass", False)],
)  # fmt: skip
def test_unanswered(inside, unanswered):
    source = read_source(TWO_CLASSES.format(a=inside, b="dx = 1").encode())
    assert is_unanswered(source, "A", []) is unanswered
    assert is_unanswered(source, "B", []) is False
    assert is_unanswered(source, "C", []) is False


def test_the_template_s_own_region_is_unanswered():
    source = read_source(TWO_CLASSES.format(a="dx = None  # yours", b="dx = 1").encode())
    assert is_unanswered(source, "A", ["    dx = None  # yours", ""])
    assert not is_unanswered(source, "A", ["    dx = 0"])


def test_lines_are_counted_as_python_counts_them():
    text = "a = 1\x0c\nb = '\x85\u2028'\r\nc = 3\rd = 4"
    assert len(source_lines(text)) == 4


@pytest.mark.parametrize(
    ("text", "line", "column", "character"),
    [
        ("x = （1)", 1, 5, "（"),
        ("a = 1\nb = a，", 2, 6, "，"),
        ("f（）", 1, 2, "（"),
        ("x = “1”", 1, 5, "“"),
    ],
)
def test_syntax_errors_say_where_and_which_character(text, line, column, character):
    with pytest.raises(AnswerProblem) as caught:
        parse(text)
    problem = caught.value
    assert (problem.kind, problem.line, problem.column) == ("syntax-error", line, column)
    assert problem.facts["character"] == character


def test_the_one_candidate_that_is_python():
    text = "# 求和\nx = '梯度'\n"
    assert read_source(text.encode("gbk")).guessed_encoding == "gb18030"
    assert read_source(text.encode("utf-16-le")).guessed_encoding == "utf-16-le"
    assert read_source(text.encode()).guessed_encoding is None
