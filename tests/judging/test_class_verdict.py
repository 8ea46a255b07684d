"""The verdict of one class: where it differs, by how much, which mistake it is, and what it leaves out."""

from __future__ import annotations

import json

import pytest
from support.answers import SOLUTION, answer, replaced, with_line

from handgrad.judging import Judge


@pytest.fixture
def level(course):
    return course.level("fully-connected")


def one(judge, level, submitted):
    [verdict] = judge.judge(level, submitted)
    return verdict


def test_a_wrong_answer_says_where_and_names_the_mistake(judge, level):
    verdict = one(judge, level, replaced("np.sum(dout, axis=0)", "dout"))
    told = verdict.to_json()
    assert told["verdict"] == "wrong"
    assert told["mistakes"] == [
        {"mistake": "db-not-summed", "array": "db", "certainty": "proved", "or": [], "factor": None}
    ]
    first = told["first_difference"]
    assert first["array"] == "db"
    assert first["case"] == 1
    assert len(first["expected_shape"]) == 1
    assert len(first["received_shape"]) == 2
    assert told["cases"]["failed"] == told["cases"]["run"]


def test_a_wrong_value_has_its_position_and_size(judge, level):
    verdict = one(judge, level, replaced("np.sum(dout, axis=0)", "np.sum(dout, axis=0) + 1e-3"))
    assert verdict.verdict == "wrong"
    assert len(verdict.first_difference.index) == 1
    assert verdict.first_difference.error == pytest.approx(1e-3, rel=1e-6)
    assert verdict.mistakes == ()


def test_graded_tells_no_expected_value(course, level):
    with Judge(seed=9, graded=True, expected_answers=1) as judge:
        verdict = one(judge, level, replaced("np.sum(dout, axis=0)", "np.sum(dout, axis=0) + 1"))
        prepared = judge.prepare(level).classes[0]
    told = json.dumps(verdict.to_json())
    for expected in prepared.expected:
        for entry in expected["db"]:
            assert f"{entry:.6g}" not in told


def test_the_counts_of_cases_and_the_certificate_belong_to_a_pass(judge, level):
    right, wrong = (
        one(judge, level, given) for given in (answer(SOLUTION), with_line("dout = 0 * dout"))
    )
    assert right.cases.failed == 0 < wrong.cases.failed <= wrong.cases.run == right.cases.run
    assert right.excludes is not None
    assert wrong.excludes is None


def test_an_exception_is_marked_before_a_line_that_writes(judge, level):
    source = with_line("self.b[:] = 0; undefined").source.decode()
    verdict = one(judge, level, answer(source))
    assert (verdict.verdict, verdict.kind) == ("error", "exception")
    assert verdict.source_line == "        self.b[:] = 0; undefined"
    assert verdict.column == len("        self.b[:] = 0; ") + 1


def test_of_two_lines_that_write_the_accused_one_is_marked(judge, level):
    verdict = one(judge, level, with_line("dout += 0 * dout.sum() + 1e-9\n        self.W -= 0.5"))
    assert verdict.source_line.strip() == "self.W -= 0.5"
