"""What every level's files must be, whichever level it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from support.running import classes_of

from handgrad.course import Course, Level, load_course
from handgrad.diagnosis.verdict_names import PRECEDENCE

LEVELS = load_course().levels
NAMES = [level.name for level in LEVELS]
BEGIN, END = "########## Begin ##########", "########## End ##########"
EACH_LEVEL = pytest.mark.parametrize("level", LEVELS, ids=NAMES)


def regions(source: str) -> list[str]:
    return re.findall(f"{BEGIN}\n(.*?)^ *{END}$", source, re.DOTALL | re.MULTILINE)


@EACH_LEVEL
def test_the_solution_is_the_template_with_its_regions_filled_in(level: Level) -> None:
    template, solution = regions(level.template), regions(level.solution)
    assert len(template) == len(solution) == len(level.classes)
    assert not "".join(template).strip()
    assert all(region.strip() for region in solution)
    emptied = level.solution
    for region in solution:
        emptied = emptied.replace(region, "\n")
    assert emptied == level.template


@EACH_LEVEL
def test_a_template_leaves_the_result_to_be_returned_after_the_region(level: Level) -> None:
    assert "import numpy as np\n" in level.template
    assert len(re.findall(f"{END}\n        return dx$", level.template, re.MULTILINE)) == len(
        level.classes
    )


@EACH_LEVEL
def test_a_template_explains_every_method_in_both_languages(level: Level) -> None:
    docstrings = re.findall(r'"""(.*?)"""', level.template, re.DOTALL)
    assert len(docstrings) >= 2 * len(level.classes)
    for text in docstrings:
        assert re.search(r"[\u4e00-\u9fff]", text), text
        assert re.search(r"/ [A-Za-z]", text), text


@EACH_LEVEL
def test_what_a_learner_saves_can_be_saved_in_the_encoding_of_chinese_windows(level: Level) -> None:
    for text in (level.template, level.solution, level.given_source):
        assert text.encode("gbk").decode("gbk") == text


@EACH_LEVEL
def test_the_template_is_no_answer(level: Level) -> None:
    compile(level.template, "template.py", "exec")
    for judged in level.classes:
        layer = classes_of(level.template.encode(), level)[judged.name]
        assert set(judged.methods) <= set(dir(layer))


@EACH_LEVEL
def test_planted_answers_declare_what_there_is(level: Level) -> None:
    planted = [*level.wrong_answers, *level.right_answers]
    for answer in planted:
        assert answer.verdict in PRECEDENCE, answer.path
        assert (answer.kind is not None) == (answer.verdict == "error"), answer.path
        assert answer.class_name is None or level.judged_class(answer.class_name), answer.path
        assert (answer.verdict == "pass") == (answer.path.parent.name == "right"), answer.path
    assert len({answer.source for answer in planted}) == len(planted)


@EACH_LEVEL
def test_every_mistake_of_the_level_is_planted(level: Level) -> None:
    planted = {name for answer in level.wrong_answers for _, name in answer.mistakes}
    assert {mistake.name for mistake in level.mistakes} <= planted


@EACH_LEVEL
def test_every_class_has_wrong_answers_and_right_ones(level: Level) -> None:
    for judged in level.classes:
        for answers in (level.wrong_answers, level.right_answers):
            assert any(answer.class_name in (None, judged.name) for answer in answers)


@EACH_LEVEL
def test_every_array_has_a_wrong_answer(level: Level) -> None:
    named = {array for answer in level.wrong_answers for array, _ in answer.mistakes}
    for judged in level.classes:
        assert set(judged.arrays) - {"y"} <= named


def test_given_classes_do_what_the_references_do(course: Course, rng: np.random.Generator) -> None:
    level = course.level("three-layer-network")
    x, W, b = rng.normal(size=(4, 3, 2)), rng.normal(size=(6, 5)), rng.normal(size=5)
    z, classes, rows = rng.normal(size=(4, 5)), rng.integers(5, size=4), rng.normal(size=(4, 5))

    def results(of: Mapping[str, Any]) -> list[Any]:
        layer = of["FullyConnected"](W, b)
        found = [layer.forward(x), layer.backward(rows), layer.dW, layer.db]
        for name in ("Sigmoid", "Relu"):
            activation = of[name]()
            found += [activation.forward(x), activation.backward(np.cos(x))]
        for name, t in (
            ("SoftmaxCrossEntropy", classes),
            ("SoftmaxCrossEntropy", np.eye(5)[classes]),
            ("MeanSquaredError", rows),
        ):
            loss = of[name]()
            found += [loss.forward(z, t), loss.backward()]
        return found

    given = classes_of(level.template.encode(), level)
    for received, expected in zip(results(given), results(level.reference), strict=True):
        np.testing.assert_allclose(received, expected, rtol=1e-12, atol=1e-12)
