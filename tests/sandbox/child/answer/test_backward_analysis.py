"""What the child can tell of how an answer goes about its backward."""

from __future__ import annotations

import numpy as np
import pytest

from handgrad.sandbox.child.answer.backward_analysis import (
    calls_forward,
    forwards_that_differ,
    loops,
    seconds_of_backward,
)


class Layer:
    def __init__(self, backward):
        self.how = backward

    def forward(self, x):
        self.x = x
        return np.sin(x)

    def backward(self, dout):
        return self.how(self, dout)


def by_difference(layer, dout, h=1e-5):
    x = layer.x
    return dout * (layer.forward(x + h) - layer.forward(x - h)) / (2 * h)


def by_recomputing(layer, dout):
    return dout * np.sqrt(1 - layer.forward(layer.x) ** 2)


@pytest.mark.parametrize(
    ("how", "count"),
    [(by_difference, 2), (by_recomputing, 0), (lambda layer, dout: dout * np.cos(layer.x), 0)],
)
def test_only_forwards_that_give_something_else_count(how, count, rng):
    layer, x = Layer(how), rng.uniform(0.1, 1, (3, 2))
    forward = Layer.forward
    y = layer.forward(x)
    assert forwards_that_differ(layer, y, np.ones_like(x)) == count
    assert Layer.forward is forward


def test_forward_is_itself_again_after_an_exception(rng):
    layer = Layer(lambda layer, dout: 1 / 0)
    forward = Layer.forward
    with pytest.raises(ZeroDivisionError):
        forwards_that_differ(layer, layer.forward(rng.normal(size=3)), np.ones(3))
    assert Layer.forward is forward


def test_another_instance_does_not_count(rng):
    other = Layer(by_difference)

    def through_another(layer, dout):
        other.forward(layer.x + 1)
        other.forward(layer.x + 2)
        return dout

    layer = Layer(through_another)
    assert forwards_that_differ(layer, layer.forward(rng.normal(size=3)), np.ones(3)) == 0


def test_seconds_are_those_of_backward(rng):
    layer = Layer(lambda layer, dout: sum(dout[i] for i in range(len(dout))))
    layer.forward(rng.normal(size=3))
    assert 0 < seconds_of_backward(layer, np.ones(3)) < 1


def in_a_class(body):
    names = {}
    exec(
        "import numpy as np\nclass A:\n    def forward(self, x):\n        for i in x: pass\n"
        f"    def backward(self, dout):\n        {body}\n",
        names,
    )
    return names


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return self.helper(lambda x: self.forward(x))", True),
        ("return [self.forward(x) for x in dout]", True),
        ("return dout", False),
    ],
)
def test_forward_is_found_in_inner_functions_too(body, expected):
    assert calls_forward(in_a_class(body)["A"]) is expected


def test_loops_are_found_wherever_they_are():
    plain = {"A": type("A", (), {"backward": lambda self, dout: dout})}
    assert not loops(plain, plain["A"])
    for body in ("for i in dout: pass", "while dout: pass", "return [i for i in dout]"):
        names = in_a_class(body)
        assert loops(names, names["A"])
    helper = {"A": plain["A"], "helper": lambda x: [i + 1 for i in x]}
    assert loops(helper, helper["A"])
