"""Each bug is one, and its right twin has none: seen without any checker, by brute force.

The right twin's gradient is the derivative at every input and stays it in every trial below; the
wrong one's fails in at least one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from bugs.catalogue import bugs
from bugs.functions import functions

BUGS = bugs()
H = 1e-5


def derivative(forward, inputs, dout):
    """d⟨dout, f⟩ by central differences, in float64, one entry at a time."""
    gradients = []
    inputs = [np.array(x, np.float64) for x in inputs]
    for x in inputs:
        gradient = np.empty_like(x)
        for index in np.ndindex(x.shape):
            kept = x[index]
            x[index] = kept + H
            above = (forward(*inputs) * dout).sum()
            x[index] = kept - H
            gradient[index] = (above - (forward(*inputs) * dout).sum()) / (2 * H)
            x[index] = kept
        gradients.append(gradient)
    return gradients


def close(got, expected):
    if got is None or np.shape(got) != expected.shape:
        return False
    if got.dtype == np.float16:
        return bool((np.abs(got - expected) <= 1e-3 * np.abs(expected) + 1e-5).all())
    scale = np.maximum(np.abs(expected), 1e-30 if np.abs(expected).max() < 1e-12 else 1e-2)
    return bool((np.abs(got - expected) <= 1e-4 * scale).all())


def trials(bug, make, draw, rng) -> Iterator[tuple[str, bool]]:
    """What is tried, and whether it went well."""
    plain = functions(bug, make(), draw(rng))
    inputs, forward = plain.inputs, functions(bug, bug.right(), draw(rng)).forward
    y = plain.forward(*inputs)
    dout = rng.normal(size=y.shape).astype(y.dtype)
    # So far out that the derivative vanishes in a difference's rounding: only the formula tells.
    if min(np.abs(x).min() for x in inputs) > 39:
        expected = functions(bug, bug.right(), inputs).backward(dout.copy(), *inputs)
    else:
        expected = derivative(forward, inputs, dout)

    def holds(gradients):
        return all(close(g, e) for g, e in zip(gradients, expected, strict=True))

    yield "as it comes", holds(plain.backward(dout.copy(), *copies(inputs)))
    if y.ndim > 1:
        turned = np.ascontiguousarray(dout.T).T
        yield "dout in another order of memory", holds(plain.backward(turned, *copies(inputs)))
    given, kept = dout.copy(), copies(inputs)
    plain.backward(given, *kept)
    yield "dout kept", np.array_equal(given, dout)
    yield "inputs kept", all(map(np.array_equal, kept, inputs))
    for _ in range(5):
        yield "the same again", holds(plain.backward(dout.copy(), *copies(inputs)))
    if plain.backward_alone is not None:
        plain.forward(*copies(inputs))
        plain.backward_alone(dout.copy())
        yield "a second backward", holds(plain.backward_alone(dout.copy()))
    if bug.place == "torch":
        yield from torch_trials(make(), inputs, dout, holds)


def torch_trials(function, inputs, dout, holds):
    import torch  # noqa: PLC0415 - only where it is installed

    wanted = []
    for i in range(len(inputs)):
        tensors = [torch.tensor(x, requires_grad=j == i) for j, x in enumerate(inputs)]
        y = function(*tensors)
        (g,) = torch.autograd.grad(y, [tensors[i]], torch.tensor(dout), allow_unused=True)
        wanted.append(None if g is None else g.numpy())
    yield "one input at a time needs a gradient", holds(wanted)
    torch.use_deterministic_algorithms(True)  # fills memory that was never set with NaN
    try:
        tensors = [torch.tensor(x, requires_grad=True) for x in inputs]
        got = torch.autograd.grad(function(*tensors), tensors, torch.tensor(dout))
        yield "memory never set", holds([g.numpy() for g in got])
    finally:
        torch.use_deterministic_algorithms(False)


def copies(inputs):
    """With their own order of memory, which `np.copy` would keep only in part."""
    return [np.copy(x, order="K") for x in inputs]


def failures(bug, make, rng):
    failed = []
    for draw in filter(None, (bug.ordinary, bug.at)):
        with np.errstate(all="ignore"):
            failed += [name for name, well in trials(bug, make, draw, rng) if not well]
    return failed


@pytest.mark.parametrize("name", BUGS)
def test_the_right_twin_is_right(name, rng):
    assert failures(BUGS[name], BUGS[name].right, rng) == []


@pytest.mark.parametrize("name", BUGS)
def test_the_wrong_one_is_wrong(name, rng):
    assert failures(BUGS[name], BUGS[name].wrong, rng)


def test_every_bug_cites_its_thread_once():
    threads = [bug.thread for bug in BUGS.values()]
    assert len(set(threads)) == len(threads)
    assert all(t.startswith("https://github.com/") for t in threads)
