from __future__ import annotations

import sys

import numpy as np
import pytest

from handgrad import FullyConnected, Vjp
from handgrad.gradcheck.adapters.adapter_selection import (
    axes_that_may_change,
    can_be_shrunk,
    condition_findings,
    subject_of,
)
from handgrad.gradcheck.conditions.axis_lengths import axis_groups
from handgrad.gradcheck.engine.randomness import SeededCode

torch = pytest.importorskip("torch")
jax = pytest.importorskip("jax")


def test_each_library_has_its_adapter(rng):
    x = rng.normal(size=(3, 4))
    square = Vjp(np.square, lambda dout, x: 2 * dout * x)
    assert subject_of(square, [x]).library == "numpy"
    assert subject_of(FullyConnected(rng.normal(size=(4, 2)), np.zeros(2)), [x]).library == "numpy"
    assert subject_of(torch.sin, [torch.from_numpy(x)]).library == "torch"
    assert subject_of(lambda x: x, [{"x": torch.from_numpy(x)}]).library == "torch"
    assert subject_of(jax.numpy.sin, [jax.numpy.asarray(x)]).library == "jax"
    assert subject_of(jax.jit(jax.numpy.sin), [x]).library == "jax"


def test_compiled_code_changes_only_the_batch_axis_unless_asked(rng):
    x = rng.normal(size=(3, 4))
    groups = axis_groups({"x": x.shape})
    compiled = subject_of(torch.sin, [torch.from_numpy(x)], names=["x"])
    plain = subject_of(Vjp(np.sin, np.multiply), [x])
    assert [axes_that_may_change(compiled, every=False)(one) for one in groups] == [True, False]
    assert all(axes_that_may_change(compiled, every=True)(one) for one in groups)
    assert all(axes_that_may_change(plain, every=False)(one) for one in groups)


def test_a_module_keeps_its_sizes(rng):
    module, x = torch.nn.Linear(4, 2), torch.from_numpy(rng.normal(size=(3, 4))).float()
    assert not can_be_shrunk(subject_of(module, [x]))
    assert can_be_shrunk(subject_of(torch.sin, [x]))


def test_code_that_draws_random_numbers_is_not_compared_between_runs(rng):
    def forgets(dout, x):
        dx = np.empty_like(x)
        dx[1:] = dout[1:]
        return dx

    subject = subject_of(Vjp(lambda x: 1.0 * x, forgets), [rng.normal(size=(3, 4))])
    kinds = [one.kind for one in condition_findings(subject, rng, state=True, layouts=False)]
    assert kinds == ["uninitialised-memory"]
    seeded = SeededCode(subject, 1)
    assert list(condition_findings(seeded, rng, state=True, layouts=True)) == []
    assert sys.modules["torch"] is torch
