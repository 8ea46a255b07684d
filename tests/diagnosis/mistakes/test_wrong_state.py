"""What an earlier call or another instance leaves behind shows in the second call only."""

from __future__ import annotations

import numpy as np
import pytest
from support.made_trials import made_trial

from handgrad.diagnosis.mistakes.wrong_state import WRONG_STATE

NAMED = {mistake.name: mistake for mistake in WRONG_STATE}


def trial(rng, situation="one-call", rows=(2, 2)):
    now, other = (rng.normal(size=(n, 3)) for n in rows)
    suffix = "_other" if situation == "two-instances" else "_earlier"
    return made_trial(1, {"dx": now, f"dx{suffix}": other}, {}, situation=situation)


FORMULAS = [
    ("accumulates-over-calls", "second-call", lambda now, other: now + other),
    ("stale-state", "second-call", lambda now, other: other),
    ("shared-between-instances", "two-instances", lambda now, other: other),
]


def test_every_mistake_has_its_formula_here():
    assert [name for name, _, _ in FORMULAS] == list(NAMED)


@pytest.mark.parametrize(("name", "situation", "formula"), FORMULAS)
def test_what_each_gives(rng, name, situation, formula):
    seen = trial(rng, situation)
    now, other = seen.expected.values()
    np.testing.assert_allclose(NAMED[name].predicted(seen, "dx"), formula(now, other))
    assert NAMED[name].predicted(trial(rng), "dx") is None


def test_gradients_of_different_shapes_do_not_add_up(rng):
    seen = trial(rng, "second-call", rows=(2, 3))
    assert NAMED["accumulates-over-calls"].predicted(seen, "dx") is None
