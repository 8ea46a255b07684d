"""The smallest counterexample, the lines that write in place, and randomness."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from support.answers import SOLUTION, answer, replaced, with_line
from support.tier import repeats

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
    assert shown.sizes == {
        "B": 2,
        "N": 1,
        "M": 2,
    }  # with M = 1 a sum over the outputs is the same
    assert shown.received["db"] == shown.inputs["dout"]
    assert shown.expected["db"] == [
        sum(column) for column in zip(*shown.inputs["dout"], strict=True)
    ]
    assert shown.by_hand[0].startswith("db[0] = dout[0,0] + dout[1,0] = ")


def test_every_planted_wrong_answer_has_one_of_digits(judge, course):
    for level in course.levels[:2]:
        for planted in repeats(everyday=level.wrong_answers[::5], whole=level.wrong_answers):
            names = None if planted.class_name is None else [planted.class_name]
            for verdict in judge.judge(level, answer(planted.source), names):
                if verdict.verdict != "wrong":
                    continue
                shown = verdict.counterexample
                assert shown is not None, planted.path
                assert len(numbers(shown.inputs["x"])) <= 8, planted.path


def test_nothing_that_is_expected_is_in_a_graded_one(level):
    with Judge(seed=1, graded=True, expected_answers=1) as graded:
        verdict = one(graded, level, replaced("np.sum(dout, axis=0)", "dout"))
    shown = verdict.counterexample
    assert "expected" not in verdict.to_json()["counterexample"]
    assert shown.by_hand == ()
    assert "expected" not in shown.script
    right = [sum(column) for column in zip(*shown.inputs["dout"], strict=True)]
    assert json.dumps(right) not in json.dumps(verdict.to_json())


def test_the_script_shows_it_with_numpy_alone(judge, level, tmp_path):
    given = replaced("np.sum(dout, axis=0)", "dout")
    verdict = one(judge, level, given)
    (tmp_path / "answer.py").write_bytes(given.source)
    (tmp_path / "show.py").write_text(verdict.counterexample.script, encoding="utf-8")
    assert "handgrad" not in verdict.counterexample.script
    shown = run_script(tmp_path)
    assert shown.returncode == 1
    assert "db received:" in shown.stdout
    assert "db expected:" in shown.stdout
    (tmp_path / "answer.py").write_text(SOLUTION, encoding="utf-8")
    assert run_script(tmp_path).returncode == 0


def test_the_script_reads_an_answer_in_any_encoding_that_the_judge_reads(judge, level, tmp_path):
    source = replaced("np.sum(dout, axis=0)", "dout").source.decode()
    verdict = one(judge, level, answer(source))
    (tmp_path / "show.py").write_text(verdict.counterexample.script, encoding="utf-8")
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        (tmp_path / "answer.py").write_bytes(source.encode(encoding))
        assert run_script(tmp_path).returncode == 1


def run_script(folder):
    return subprocess.run(
        [sys.executable, "-I", "show.py", "answer.py"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_script_of_a_network_brings_its_layers(judge, course, tmp_path):
    level = course.level("three-layer-network")
    planted = next(a for a in level.wrong_answers if a.verdict == "wrong")
    verdict = one(judge, level, answer(planted.source))
    (tmp_path / "answer.py").write_bytes(planted.source)
    (tmp_path / "show.py").write_text(verdict.counterexample.script, encoding="utf-8")
    shown = run_script(tmp_path)
    assert (shown.returncode, shown.stderr) == (1, "")


def test_what_a_side_effect_changed_is_shown_before_and_after(judge, level, tmp_path):
    given = with_line("self.W -= 0.5")
    verdict = one(judge, level, given)
    shown = verdict.counterexample
    W, after = shown.inputs["W"], shown.changed["W"]
    assert [[x - 0.5 for x in row] for row in W] == after
    (tmp_path / "answer.py").write_bytes(given.source)
    (tmp_path / "show.py").write_text(shown.script, encoding="utf-8")
    ran = run_script(tmp_path)
    assert ran.returncode == 1
    assert "W afterwards:" in ran.stdout


def test_each_array_has_the_line_that_writes_into_it(judge, level):
    verdict = one(judge, level, with_line("dout += 0; self.b[:] = 0\n        self.x[0] = 9"))
    first = 1 + verdict_line(verdict, "self.b[:] = 0")
    assert f"Line {first} writes into b" in verdict.message.en
    assert f"Line {first + 1} writes into x" in verdict.message.en


def verdict_line(verdict, text):
    source = with_line("dout += 0; self.b[:] = 0\n        self.x[0] = 9").source.decode()
    return next(i for i, line in enumerate(source.splitlines()) if text in line)


def test_an_exception_keeps_its_own_line_beside_one_that_writes(judge, course):
    source = course.level("activations").solution.replace(
        "dx = np.where(self.mask, 0, dout)", "dout[self.mask] = 0"
    )
    verdicts = judge.judge(course.level("activations"), answer(source), ["Relu"])
    [verdict] = verdicts
    assert verdict.kind == "exception"
    assert "return dx" in verdict.source_line


def test_what_is_wrong_only_because_of_a_side_effect_is_not_called_right(judge, level):
    late = "        if self.dW is not None: self.W -= 0.5 * self.dW\n        self.dW = None\n"
    source = SOLUTION.replace(
        "########## Begin ##########\n", "########## Begin ##########\n" + late
    )
    verdict = one(judge, level, answer(source))
    assert verdict.verdict == "wrong"
    if "numbers are right" in verdict.message.en:
        assert not verdict.counterexample.received


def test_a_large_array_is_described_by_its_shape(judge, level):
    # 42 MB: more than one answer may send back
    verdict = one(judge, level, with_line("self.dW = np.zeros((2300, 2300)); return self.dW"))
    assert verdict.verdict == "wrong", verdict.message.en
    assert "(2300, 2300)" in verdict.message.en


def test_a_complex_result_is_shown_as_it_is(judge, level):
    verdict = one(judge, level, replaced("np.dot(self.x.T, dout)", "1j * np.dot(self.x.T, dout)"))
    assert "complex128" in verdict.message.en
    assert verdict.counterexample.dtypes == {"dW": "complex128"}
    assert "j" in json.dumps(verdict.counterexample.received)


def test_the_same_seed_gives_an_answer_that_draws_the_same_numbers(judge, level):
    source = SOLUTION.replace(
        "np.dot(self.x.T, dout)", "np.dot(self.x.T, dout) * (2 if np.random.rand() < 0.1 else 1)"
    )
    told = {json.dumps(one(judge, level, answer(source)).cases.failed) for _ in range(3)}
    assert len(told) == 1


def test_an_own_layer_that_does_not_pass_is_told_of(judge, course):
    own = SOLUTION.replace("np.sum(dout, axis=0)", "np.mean(dout, axis=0)")
    network = course.level("three-layer-network").solution
    [verdict] = judge.judge(course.level("three-layer-network"), answer(own + "\n" + network))
    assert verdict.verdict == "pass"
    assert "FullyConnected does not pass its own level" in verdict.message.en


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


def test_the_line_that_writes_into_dout_is_named_with_the_warning(judge, level):
    given = replaced("        return dx\n", "        dout += 1\n        return dx\n")
    verdict = one(judge, level, given)
    assert (verdict.verdict, verdict.warnings) == ("pass", ("dout-changed",))
    line = 1 + given.source.decode().splitlines().index("        dout += 1")
    assert f"Line {line} writes into dout" in verdict.message.en
    assert f"第 {line} 行原地改写了 dout" in verdict.message.zh
    assert (verdict.line, verdict.source_line.strip()) == (line, "dout += 1")


def test_an_answer_that_depends_on_chance_is_said_to_vary(judge, level):
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
    assert verdict.excludes.known == verdict.excludes.exposed >= 40
    assert verdict.excludes.not_exposed == ()
    assert str(verdict.excludes.known) in verdict.message.en
    assert verdict.counterexample is None


def test_two_mistakes_in_one_array_are_both_named(judge, level):
    verdict = one(judge, level, replaced("np.sum(dout, axis=0)", "-dout.mean(axis=0)"))
    assert sorted(m.mistake for m in verdict.mistakes) == ["db-mean", "sign-flipped"]


def test_what_has_no_name_is_given_as_a_formula(judge, level):
    verdict = one(judge, level, replaced("np.sum(dout, axis=0)", "np.sum(dout, axis=0) + self.b"))
    assert verdict.computed == {"db": "b + dout.sum(axis=0)"}
    assert "b + dout.sum(axis=0)" in verdict.message.en
    assert not verdict.mistakes
