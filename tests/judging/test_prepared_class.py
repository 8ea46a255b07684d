"""The cases of a class depend on the seed, the level and the class, and on nothing else."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from handgrad.course import Level
from handgrad.errors import LevelError
from handgrad.judging.prepared_class import prepare_class


@pytest.fixture
def level(course):
    return course.level("activations")


def xs(prepared):
    return [np.asarray(case.inputs["x"]).tobytes() for case in prepared.cases]


def test_the_same_seed_gives_the_same_cases_and_another_seed_others(level, rng):
    seed = int(rng.integers(2**31))
    sigmoid, relu = level.classes
    assert xs(prepare_class(level, sigmoid, seed)) == xs(prepare_class(level, sigmoid, seed))
    assert xs(prepare_class(level, sigmoid, seed)) != xs(prepare_class(level, sigmoid, seed + 1))
    assert xs(prepare_class(level, sigmoid, seed)) != xs(prepare_class(level, relu, seed))


def test_the_reference_answers_every_case(level, rng):
    prepared = prepare_class(level, level.classes[1], int(rng.integers(2**31)))
    assert len(prepared.expected) == len(prepared.cases) > 0
    for case, expected in zip(prepared.cases, prepared.expected, strict=True):
        assert set(case.compared) <= set(expected)
        if case.situation == "one-call":
            x, dout = case.inputs["x"], case.inputs["dout"]
            assert np.array_equal(expected["dx"], np.where(x > 0, dout, 0))


def test_small_cases_are_small_and_the_large_one_large(level):
    prepared = prepare_class(level, level.classes[0], 1)
    assert max(np.size(one.case.inputs["x"]) for one in prepared.small_trials) <= 16
    assert np.size(prepared.large_case.inputs["x"]) >= 1000
    assert prepared.small_trials is prepared.small_trials


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("cases.py", "def cases(class_name, rng):\n    return []\n", "gives no cases"),
        ("reference.py", "class Sigmoid:\n    pass\nclass Relu:\n    pass\n", "raises on"),
    ],
)
def test_an_unsound_level_says_which_file_is_wrong(level, tmp_path, file, text, words):
    folder = shutil.copytree(level.folder, tmp_path / "level")
    (folder / file).write_text(text, encoding="utf-8")
    broken = Level.load(folder)
    with pytest.raises(LevelError, match=words) as error:
        prepare_class(broken, broken.classes[0], 1)
    assert file in str(error.value)
