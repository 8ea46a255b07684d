"""What every level's cases must be, whichever level it is."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from support.running import arrays, classes_of, classes_with_cases, run
from support.tier import repeats

from handgrad.course import Level, load_course
from handgrad.course.scripts import TITLES
from handgrad.diagnosis.case import Case
from handgrad.diagnosis.mistakes import SIDE_EFFECTS
from handgrad.diagnosis.verdict_names import WARNINGS

CLASSES = list(classes_with_cases(load_course().levels))
EACH_CLASS = pytest.mark.parametrize(
    ("level", "name"), CLASSES, ids=[f"{level.name}-{name}" for level, name in CLASSES]
)
SEEDS = repeats(everyday=20, whole=200)
ORDINARY = (0.5, 30.0)

EVERY_LEVEL = {"different-sizes", "batch-of-one", "four-axes", "reversed-x"} | {
    "second-call",
    "second-call-same-size",
    "two-instances",
    "second-backward",
}
ELEMENTWISE = {"strided-dout", "column-major-dout", "strided-x", "zeros", "near-zero", "extremes"}
KINDS = {
    "FullyConnected": EVERY_LEVEL
    | {"inputs-equal-outputs", "batch-equals-outputs", "batch-equals-inputs", "all-sizes-equal"}
    | {"strided-dout", "column-major-dout", "strided-x", "three-axes"},
    "Sigmoid": EVERY_LEVEL | ELEMENTWISE,
    "Relu": EVERY_LEVEL | ELEMENTWISE,
    "ThreeLayerNetwork": EVERY_LEVEL | {"all-sizes-equal"},
}


def drawn(level: Level, name: str, seed: int) -> list[Case]:
    return level.cases(name, np.random.default_rng(seed))


def assigned(case: Case) -> set[str]:
    targets = [node.targets[0] for node in ast.parse(case.script).body if hasattr(node, "targets")]
    return {target.id for target in targets}


@EACH_CLASS
def test_every_kind_that_the_design_asks_for_is_there(level: Level, name: str) -> None:
    kinds = {case.kind for case in drawn(level, name, 0)}
    assert KINDS[name] <= kinds <= set(TITLES)


@EACH_CLASS
def test_the_plain_case_comes_with_several_numbers(level: Level, name: str) -> None:
    plain = [case for case in drawn(level, name, 0) if case.kind == "different-sizes"]
    assert len(plain) >= 3
    assert len({case.inputs["x"].tobytes() for case in plain}) == len(plain)


@EACH_CLASS
def test_the_same_seed_draws_the_same_cases_and_another_seed_others(
    level: Level, name: str, rng: np.random.Generator
) -> None:
    seed = int(rng.integers(2**31))
    first, again, other = (drawn(level, name, s) for s in (seed, seed, seed + 1))
    assert [case.script for case in first] == [case.script for case in again]
    for a, b, c in zip(first, again, other, strict=True):
        assert set(a.inputs) == set(b.inputs)
        for key, array in a.inputs.items():
            assert array.strides == b.inputs[key].strides
            np.testing.assert_array_equal(array, b.inputs[key])
        assert not np.array_equal(a.inputs["x"], c.inputs["x"])


@EACH_CLASS
def test_inputs_are_double_precision_but_for_class_numbers(level: Level, name: str) -> None:
    for case in drawn(level, name, 1):
        for key, array in case.inputs.items():
            assert array.dtype == np.float64 or (key.startswith("t") and array.dtype == np.int64)


@EACH_CLASS
def test_scripts_name_only_what_there_is(level: Level, name: str) -> None:
    judged = level.judged_class(name)
    assert judged is not None
    for case in drawn(level, name, 2):
        names = assigned(case)
        assert not names & set(case.inputs)
        assert tuple(case.compared) == tuple(judged.arrays)
        assert set(case.compared) <= names
        assert set(case.outputs) <= set(case.compared)
        assert set(case.guarded) <= set(case.inputs)
        assert {*case.kept, *case.kept.values()} <= names
        assert set(case.companions) <= set(case.compared)
        assert {one for many in case.companions.values() for one in many} <= names
        assert (case.situation == "one-call") == (not case.companions)


@EACH_CLASS
def test_what_a_case_finds_is_a_warning_or_a_mistake_that_is_known(level: Level, name: str) -> None:
    side_effects = {entry.name for entry in SIDE_EFFECTS}
    for case in drawn(level, name, 3):
        assert case.warning is None or case.warning in WARNINGS
        assert set(case.guarded.values()) <= side_effects | set(WARNINGS)
        assert case.guarded["x"] == "input-changed"


@EACH_CLASS
def test_few_scripts_serve_all_cases(level: Level, name: str) -> None:
    """The child compiles each text once."""
    cases = drawn(level, name, 4)
    assert len({case.script for case in cases}) <= 9
    if name != "ThreeLayerNetwork":  # whose scripts name the activations and the loss
        for kind in {case.kind for case in cases}:
            assert len({case.script for case in cases if case.kind == kind}) == 1


@EACH_CLASS
def test_every_gradient_is_of_order_one_over_many_seeds(level: Level, name: str) -> None:
    smallest, largest = ORDINARY
    for seed in range(SEEDS):
        for case in drawn(level, name, seed):
            if case.warning == "not-finite-at-extremes":
                continue
            got = arrays(case, level.reference)
            for array in case.compared:
                if array.startswith("d"):
                    peak = np.abs(got[array]).max()
                    assert smallest <= peak <= largest, (seed, case.kind, array, peak)


@EACH_CLASS
def test_outputs_are_small_enough_for_single_precision(level: Level, name: str) -> None:
    for seed in range(max(3, SEEDS // 10)):
        for case in drawn(level, name, seed):
            if case.warning != "not-finite-at-extremes":
                got = arrays(case, level.reference)
                output = got["z3" if name == "ThreeLayerNetwork" else "y"]
                assert np.abs(output).max() <= ORDINARY[1]


@EACH_CLASS
def test_the_solution_gives_what_the_reference_gives(level: Level, name: str) -> None:
    solution = classes_of(level.solution.encode(), level)
    for case in drawn(level, name, 5):
        received, expected = arrays(case, solution), arrays(case, level.reference)
        assert set(received) == set(expected)
        for array in case.compared:
            if case.warning != "not-finite-at-extremes":
                np.testing.assert_allclose(received[array], expected[array], rtol=0, atol=1e-10)


@EACH_CLASS
def test_the_template_answers_no_case(level: Level, name: str) -> None:
    template = classes_of(level.template.encode(), level)
    for case in drawn(level, name, 6):
        assert isinstance(run(case, template).error, NameError)


def test_no_relu_of_a_network_is_near_its_corner() -> None:
    """There a float32 answer might take the other side, and be right."""
    [(level, name)] = [one for one in CLASSES if one[1] == "ThreeLayerNetwork"]

    class Watched(level.reference["Relu"]):
        def forward(self, x):
            nearest.append(np.abs(x).min())
            return super().forward(x)

    nearest: list[float] = []
    for seed in range(max(3, SEEDS // 10)):
        for case in drawn(level, name, seed):
            arrays(case, level.reference | {"Relu": Watched})
    assert len(nearest) > SEEDS
    assert min(nearest) >= 1e-3
