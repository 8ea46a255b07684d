"""What cases expose and tell apart: seen to be missed when the cases that show it are taken away."""

from __future__ import annotations

import numpy as np
import pytest
from support.running import arrays

from handgrad.diagnosis.exposed_mistakes import exposed_mistakes, mistake_pairs, unobserved_trials


def trials(course, level_name, class_name, rng, kinds=None):
    level = course.level(level_name)
    cases = [case for case in level.cases(class_name, rng) if kinds is None or case.kind in kinds]
    return unobserved_trials(
        (case, arrays(case, level.reference)) for case in cases
    ), level.mistakes


@pytest.mark.parametrize(
    ("level", "name"),
    [
        ("fully-connected", "FullyConnected"),
        ("activations", "Sigmoid"),
        ("activations", "Relu"),
        ("three-layer-network", "ThreeLayerNetwork"),
    ],
)
def test_all_cases_expose_every_mistake_and_tell_every_two_apart(
    course, level, name, rng: np.random.Generator
):
    seen, mistakes = trials(course, level, name, rng)
    assert exposed_mistakes(seen, mistakes).not_exposed == ()
    apart = mistake_pairs(seen, mistakes)
    assert apart.same == ()
    assert apart.pairs > 100


def test_what_the_missing_cases_would_have_exposed_is_told(course, rng):
    seen, mistakes = trials(course, "fully-connected", "FullyConnected", rng, {"different-sizes"})
    missed = exposed_mistakes(seen, mistakes).not_exposed
    assert {"dx-not-reshaped", "fixed-shape"} <= set(missed)
    seen, mistakes = trials(course, "activations", "Relu", rng, {"different-sizes"})
    assert "passes-at-zero" in exposed_mistakes(seen, mistakes).not_exposed


def test_what_a_batch_of_one_cannot_tell_apart_is_told(course, rng):
    seen, mistakes = trials(course, "fully-connected", "FullyConnected", rng, {"batch-of-one"})
    same = {frozenset(pair) for pair in mistake_pairs(seen, mistakes).same}
    assert frozenset(("first-sample-only", "last-sample-only")) in same
