from __future__ import annotations

import numpy as np

from handgrad import Vjp
from handgrad.gradcheck.adapters.adapter_selection import subject_of
from handgrad.gradcheck.conditions.uninitialised_memory import memory_findings, numpy_memory_filled


def found(rng, backward):
    x = rng.normal(size=tuple(map(int, rng.integers(2, 7, size=2))))
    return list(memory_findings(subject_of(Vjp(np.tanh, backward), [x]), rng))


def test_an_entry_that_is_never_written_is_found(rng):
    def first_row_forgotten(dout, x):
        dx = np.empty_like(x)
        dx[1:] = (dout * (1 - np.tanh(x) ** 2))[1:]
        return dx

    def whole(dout, x):
        dx = np.empty_like(x)
        dx[:] = dout * (1 - np.tanh(x) ** 2)
        return dx

    (finding,) = found(rng, first_row_forgotten)
    assert (finding.kind, finding.severity, finding.array) == (
        "uninitialised-memory",
        "wrong",
        "dx",
    )
    assert found(rng, whole) == []


def test_empty_is_restored_after_the_block():
    original = np.empty
    with numpy_memory_filled():
        assert np.isnan(np.empty(3)).all()
        assert (np.empty(2, dtype=np.int8) == 127).all()
    assert np.empty is original
