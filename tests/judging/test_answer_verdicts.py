"""The verdicts of one answer: of each class, whatever the others do, and of files with several classes."""

from __future__ import annotations

import pytest
from support.answers import answer


@pytest.fixture
def activations(course):
    return course.level("activations")


def test_one_class_is_judged_as_it_is_among_all(course, judge):
    activations = course.level("activations")
    source = answer(activations.solution.replace("(1.0 - self.out)", "(1.1 - self.out)"))
    both = judge.judge(activations, source)
    alone = judge.judge(activations, source, ["Sigmoid"])
    assert [v.class_name for v in both] == ["Sigmoid", "Relu"]
    assert [v.verdict for v in both] == ["wrong", "pass"]
    assert alone[0].first_difference == both[0].first_difference


def test_own_classes_serve_in_the_network(course, judge):
    level = course.level("three-layer-network")
    own = course.level("fully-connected").solution
    loud = own.replace(
        "    def forward(self, x):\n", "    def forward(self, x):\n        print('mine')\n", 1
    )
    [verdict] = judge.judge(level, answer(loud + level.solution))
    assert verdict.verdict == "pass"
    assert "mine" in verdict.printed
    wrong = own.replace("axis=0", "axis=1")
    [verdict] = judge.judge(level, answer(wrong + level.solution))
    assert verdict.verdict == "pass", (
        "a class that does not pass its own level gives way to the given one"
    )


def test_a_class_that_ends_its_process_takes_no_other_with_it(judge, activations):
    source = activations.solution.replace("(1.0 - self.out)", "(1.0 - self.out) + exit()", 1)
    verdicts = judge.judge(activations, answer(source))
    assert [(one.class_name, one.verdict, one.kind) for one in verdicts] == [
        ("Sigmoid", "error", "exited"), ("Relu", "pass", None),
    ]  # fmt: skip


def test_a_file_that_does_not_load_decides_every_class(judge, activations):
    verdicts = judge.judge(activations, answer("print('here')\n1 / 0\n" + activations.solution))
    assert [(one.kind, one.line, one.printed) for one in verdicts] == [
        ("exception", 2, "here\n")
    ] * 2


def test_classes_come_in_the_levels_order_whatever_is_asked(judge, activations):
    given = answer(activations.solution)
    names = [one.class_name for one in judge.judge(activations, given, ["Relu", "Sigmoid"])]
    assert names == ["Sigmoid", "Relu"]
    assert [one.class_name for one in judge.judge(activations, given, ["Relu"])] == ["Relu"]


def test_a_note_says_that_the_files_own_layer_was_not_used(judge, course):
    level = course.level("three-layer-network")
    wrong = course.level("fully-connected").solution.replace("axis=0", "axis=1")
    [with_note] = judge.judge(level, answer(wrong + level.solution))
    [without] = judge.judge(level, answer(level.solution))
    assert "the file's own FullyConnected" in with_note.message.en
    assert "the file's own" not in without.message.en


def test_a_guessed_encoding_is_said_with_every_verdict(judge, activations):
    source = activations.solution.replace("import numpy as np", "import numpy as np  # 激活函数")
    for verdict in judge.judge(activations, answer(source.encode("gbk"))):
        assert "GBK" in verdict.message.en
        assert verdict.verdict == "pass"
