from __future__ import annotations

import numpy as np

from handgrad import Vjp
from handgrad.gradcheck.adapters.adapter_selection import subject_of
from handgrad.gradcheck.conditions.size_check import MOST_ENTRIES, size_findings
from handgrad.gradcheck.findings import ArrayReport


def values_of(subject):
    """A stand-in for the engine: d(x²) is 2·x·dout."""
    instance = subject.new_instance()
    (y,) = instance.forward(subject.point)
    given = instance.backward((np.ones_like(y),))["x"]
    error = float(np.abs(given - 2 * subject.point["x"]).max(initial=0.0))
    verdict = "wrong" if error > 1e-9 else "right"
    return (ArrayReport("dx", "x", given.shape, verdict, "affine", error=error, bound=0, size=1.0),)


def found(rng, backward, size, **options):
    subject = subject_of(Vjp(np.square, backward), [rng.normal(size=size)])
    return list(size_findings(subject, rng, values_of, **options))


def first_tile_only(dout, x):
    dx = 2 * x * dout
    dx[32:] = 0
    return dx


def test_a_tile_that_is_forgotten_is_found(rng):
    size = int(rng.integers(3, 20))
    (finding,) = found(rng, first_tile_only, size)
    assert (finding.kind, finding.severity, finding.array) == ("size", "wrong", "dx")
    assert "= 33" in finding.message["en"]
    assert found(rng, lambda dout, x: 2 * x * dout, size) == []


def test_axes_that_may_not_change_and_large_inputs_are_left_alone(rng):
    assert found(rng, first_tile_only, 5, may_change=lambda group: False) == []
    assert found(rng, first_tile_only, MOST_ENTRIES + 1) == []


def test_code_that_raises_at_another_size_is_a_note(rng):
    def fixed(dout, x):
        return np.array([2.0] * 5) * x * dout

    (finding,) = found(rng, fixed, 5)
    assert finding.severity == "note"
