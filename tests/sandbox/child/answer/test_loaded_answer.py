"""Loading an answer, and checking that its classes can be called as the level calls them."""

from __future__ import annotations

import pytest

from handgrad.sandbox.child.answer.loaded_answer import LoadedAnswer
from handgrad.sandbox.child.answer.source import AnswerProblem, read_source

RELU = {
    "name": "Relu",
    "constructor": [],
    "methods": {"forward": ["x"], "backward": ["dout"]},
}
GOOD = "class Relu:\n    def forward(self, x): pass\n    def backward(self, dout): pass\n"


def loaded(source):
    answer = LoadedAnswer("a.py", read_source(source.encode()))
    answer.run()
    return answer


def problem_of(source, wanted=RELU):
    try:
        loaded(source).check_class(wanted)
    except AnswerProblem as problem:
        return problem
    return None


def test_a_class_that_can_be_called():
    assert problem_of(GOOD) is None
    assert problem_of(GOOD.replace("x)", "x, copy=True)")) is None
    assert problem_of(GOOD.replace("def forward(self, ", "@staticmethod\n    def forward(")) is None
    assert loaded("import math\n" + GOOD).class_names == ["Relu"]


@pytest.mark.parametrize(
    ("source", "kind", "line"),
    [
        ("x = 1", "missing-class", None),
        ("Relu = 3", "missing-class", None),
        (GOOD.replace("backward", "back"), "missing-method", 1),
        (GOOD.replace("dout)", "dout, x)"), "bad-signature", 3),
        (GOOD + "    def __init__(self, W): pass\n", "bad-signature", 4),
        ("import torch\n" + GOOD, "import-error", 1),
        ("exit()\n" + GOOD, "exited", 1),
        (GOOD + "1 / 0\n", "exception", 4),
        (GOOD + "return\n", "syntax-error", 4),
    ],
)
def test_the_problem_and_its_line(source, kind, line):
    problem = problem_of(source)
    assert (problem.kind, problem.line) == (kind, line)


def test_a_second_run_starts_in_a_new_module():
    answer = loaded("kept = []\nclass A:\n    count = kept\nkept.append(1)\n")
    answer.run()
    assert answer.names["kept"] == [1]
