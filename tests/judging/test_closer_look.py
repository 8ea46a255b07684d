"""The counterexample, the line that writes, and what varies; none of it can spoil a verdict."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from support.answers import answer, replaced, with_line

from handgrad.judging import Judge


@pytest.fixture
def level(course):
    return course.level("fully-connected")


def one(judge, level, given, **options):
    [verdict] = judge.judge(level, given, **options)
    return verdict


def numbers(nested):
    return [x for one in nested for x in numbers(one)] if isinstance(nested, list) else [nested]


def test_the_smallest_case_that_tells_the_mistake_from_all_others(judge, level):
    verdict = one(judge, level, replaced("np.sum(dout, axis=0)", "dout"))
    shown = verdict.counterexample
    assert shown["sizes"] == {
        "B": 2,
        "N": 1,
        "M": 2,
    }  # with M = 1 a sum over the outputs is the same
    assert shown["received"]["db"] == shown["inputs"]["dout"]
    assert shown["expected"]["db"] == [
        sum(column) for column in zip(*shown["inputs"]["dout"], strict=True)
    ]
    assert shown["by_hand"][0].startswith("db[0] = dout[0,0] + dout[1,0] = ")


def test_every_planted_wrong_answer_has_one_of_digits(judge, course):
    for level in course.levels[:2]:
        for planted in level.wrong_answers:
            names = None if planted.class_name is None else [planted.class_name]
            for verdict in judge.judge(level, answer(planted.source), names):
                if verdict.verdict != "wrong":
                    continue
                shown = verdict.counterexample
                assert shown is not None, planted.path
                assert len(numbers(shown["inputs"]["x"])) <= 8, planted.path


def test_nothing_that_is_expected_is_in_a_graded_one(level):
    with Judge(seed=1, graded=True, expected_answers=1) as graded:
        verdict = one(graded, level, replaced("np.sum(dout, axis=0)", "dout"))
    shown = verdict.counterexample
    assert "expected" not in shown
    assert shown["by_hand"] == []
    assert "expected" not in shown["script"]
    right = [sum(column) for column in zip(*shown["inputs"]["dout"], strict=True)]
    assert json.dumps(right) not in json.dumps(verdict.to_json())


def test_the_script_shows_it_with_numpy_alone(judge, level, tmp_path):
    given = replaced("np.sum(dout, axis=0)", "dout")
    verdict = one(judge, level, given)
    (tmp_path / "answer.py").write_bytes(given.source)
    (tmp_path / "show.py").write_text(verdict.counterexample["script"], encoding="utf-8")
    assert "handgrad" not in verdict.counterexample["script"]
    shown = subprocess.run(
        [sys.executable, "-I", "show.py", "answer.py"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "db received:" in shown.stdout
    assert "db expected:" in shown.stdout


def test_the_script_of_a_network_brings_its_layers(judge, course, tmp_path):
    level = course.level("three-layer-network")
    planted = next(a for a in level.wrong_answers if a.verdict == "wrong")
    verdict = one(judge, level, answer(planted.source))
    (tmp_path / "answer.py").write_bytes(planted.source)
    (tmp_path / "show.py").write_text(verdict.counterexample["script"], encoding="utf-8")
    subprocess.run(
        [sys.executable, "-I", "show.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )


@pytest.mark.parametrize(
    ("line", "name"),
    [("self.W -= 0.1", "parameters-changed"), ("self.x *= 2", "input-changed")],
)
def test_the_line_that_writes_is_quoted(judge, level, line, name):
    given = with_line(line)
    verdict = one(judge, level, given)
    assert name in [mistake.mistake for mistake in verdict.mistakes]
    assert verdict.line == 1 + given.source.decode().splitlines().index("        " + line)
    assert verdict.source_line.strip() == line


def test_the_line_that_writes_into_dout_is_told_with_the_warning(judge, level):
    verdict = one(judge, level, with_line("dout *= 1.5; dout /= 1.5"))
    if verdict.verdict == "pass":  # rounding may bring every byte back
        assert "Line " in verdict.message.en or not verdict.warnings


def test_an_answer_that_depends_on_chance_is_told_so(judge, level):
    verdict = one(judge, level, replaced("np.sum(dout, axis=0)", "np.random.rand(len(self.b))"))
    assert verdict.verdict == "wrong"
    assert not verdict.mistakes
    assert "random" in verdict.message.en
    assert "随机数" in verdict.message.zh


def test_a_slow_answer_is_no_slower_to_judge_than_its_limits(judge, level):
    given = replaced("np.sum(dout, axis=0)", "dout * 1.0 if sum(range(10**6)) else dout")
    verdict = one(judge, level, given)
    assert verdict.verdict == "wrong"


def test_a_pass_says_what_it_is_worth(judge, level):
    verdict = one(judge, level, answer(level.solution))
    assert verdict.excludes["known"] == verdict.excludes["exposed"] >= 40
    assert verdict.excludes["not_exposed"] == []
    assert str(verdict.excludes["known"]) in verdict.message.en
    assert verdict.counterexample is None


def test_two_mistakes_in_one_array_are_both_named(judge, level):
    verdict = one(judge, level, replaced("np.sum(dout, axis=0)", "-dout.mean(axis=0)"))
    assert sorted(m.mistake for m in verdict.mistakes) == ["db-mean", "sign-flipped"]


def test_what_has_no_name_is_told_as_a_formula(judge, level):
    verdict = one(judge, level, replaced("np.sum(dout, axis=0)", "np.sum(dout, axis=0) + self.b"))
    assert verdict.computed == {"db": "b + dout.sum(axis=0)"}
    assert "b + dout.sum(axis=0)" in verdict.message.en
    assert not verdict.mistakes
