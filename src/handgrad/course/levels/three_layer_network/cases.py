"""The cases of the three-layer network: several activations, both losses, no gradient that vanishes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from handgrad.arrays import Array, Labels
from handgrad.course.random_arrays import (
    Draw,
    LayoutChange,
    are_of_order_one,
    backwards,
    drawn_until,
    values,
)
from handgrad.course.scripts import TITLES
from handgrad.diagnosis.case import Case
from handgrad.layers import FullyConnected, Relu, Sigmoid
from handgrad.losses import MeanSquaredError, SoftmaxCrossEntropy

# The forward pass first; then from the loss to the input, as the gradient flows.
COMPARED = ("z3", "l", "dx", "dW3", "db3", "dW2", "db2", "dW1", "db1")
PARAMETERS = ("W1", "b1", "W2", "b2", "W3", "b3")
# Correct float32 code must not fall on the other side of a ReLU's kink, and must give z3 to 1e-5.
NEAREST_KINK = 1e-3
LARGEST_OUTPUT = 10.0
SMALLEST_SHOWN = 1e-3

# {a} ends the names of arrays, {n} those of the network and its layers: an earlier call is made on
# the same network, another instance has one of its own.
BUILD = """
f1{n} = FullyConnected(W1{n}, b1{n})
f2{n} = FullyConnected(W2{n}, b2{n})
f3{n} = FullyConnected(W3{n}, b3{n})
network{n} = ThreeLayerNetwork([f1{n}, {g1}(), f2{n}, {g2}(), f3{n}, {g3}()], {loss}())
"""
FORWARD = """
l{a} = network{n}.forward(x{a}, t{a})
z3{a} = network{n}.z3
"""
BACKWARD = """
dx{a} = network{n}.backward()
dW3{a} = f3{n}.dW
db3{a} = f3{n}.db
dW2{a} = f2{n}.dW
db2{a} = f2{n}.db
dW1{a} = f1{n}.dW
db1{a} = f1{n}.db
"""
READ_PARAMETERS = """
W1_{moment} = f1.W
b1_{moment} = f1.b
W2_{moment} = f2.W
b2_{moment} = f2.b
W3_{moment} = f3.W
b3_{moment} = f3.b
"""
BEFORE = READ_PARAMETERS.format(moment="before")
AFTER = READ_PARAMETERS.format(moment="after")


@dataclass(frozen=True)
class Architecture:
    """The activations and the loss of a network, and how large its parameters and targets are.

    A sigmoid leaves a quarter of a gradient at most, so the scales differ: they make gradients of
    order one likely in all seven places.
    """

    g1: type[Sigmoid | Relu]
    g2: type[Sigmoid | Relu]
    g3: type[Sigmoid | Relu]
    loss: type[MeanSquaredError | SoftmaxCrossEntropy]
    weights: float
    biases: float
    targets: float = 1.0

    def script(self, lines: str, n: str = "", a: str = "") -> str:
        """Lines of a script with the names filled in."""
        classes = {name: getattr(self, name).__name__ for name in ("g1", "g2", "g3", "loss")}
        return lines.format(n=n, a=a, **classes)


SMOOTH = Architecture(Sigmoid, Sigmoid, Sigmoid, MeanSquaredError, 1.5, 0.5, targets=30.0)
KINKED = Architecture(Relu, Relu, Sigmoid, MeanSquaredError, 0.7, 0.3, targets=15.0)
MIXED = Architecture(Relu, Sigmoid, Relu, MeanSquaredError, 1.0, 1.0, targets=4.0)
CLASSIFIER = Architecture(Sigmoid, Relu, Relu, SoftmaxCrossEntropy, 1.7, 1.0)


@dataclass(frozen=True)
class NetworkSizes:
    """Batch size, inputs, two hidden layers, outputs."""

    B: int
    N: int
    H1: int
    H2: int
    M: int


def cases(class_name: str, rng: np.random.Generator) -> list[Case]:
    """Networks of several sizes and kinds; one call, two calls, two instances."""
    draw = _NetworkCases(rng)
    s = draw.different_sizes()
    return [
        draw.one_call("different-sizes", SMOOTH, draw.different_sizes()),
        draw.one_call("different-sizes", KINKED, draw.different_sizes()),
        draw.one_call("different-sizes", MIXED, draw.different_sizes()),
        draw.one_call("different-sizes", CLASSIFIER, draw.different_sizes()),
        draw.one_call("different-sizes", CLASSIFIER, s, one_hot=True),
        draw.one_call("batch-of-one", MIXED, replace(s, B=1)),
        draw.one_call("all-sizes-equal", SMOOTH, NetworkSizes(3, 3, 3, 3, 3)),
        draw.one_call("all-sizes-equal", KINKED, NetworkSizes(3, 3, 3, 3, 3)),
        draw.one_call("four-axes", KINKED, replace(s, N=4), x_shape=(s.B, 2, 1, 2)),
        draw.one_call("reversed-x", SMOOTH, s, layout_of_x=backwards),
        draw.second_call("second-call", SMOOTH, s, earlier_batch=s.B + 1),
        draw.second_call("second-call-same-size", CLASSIFIER, s, earlier_batch=s.B),
        draw.two_instances(SMOOTH, s),
        draw.second_backward(MIXED, s),
    ]


SMALL = ((1, 1, 1, 1, 1), (2, 1, 1, 1, 1), (1, 2, 1, 1, 1), (1, 1, 2, 1, 1), (2, 2, 2, 2, 2))


def small_cases(class_name: str, rng: np.random.Generator) -> list[Case]:
    """Networks for pencil and paper: a number or two everywhere, whole ones, ReLUs but for the last."""
    draw = _NetworkCases(rng, draw=small_numbers)
    by_hand = replace(KINKED, targets=1.0, weights=1.0, biases=1.0)
    one = NetworkSizes(1, 1, 1, 1, 1)
    return [
        *(draw.one_call("by-hand", by_hand, NetworkSizes(*sizes)) for sizes in SMALL),
        draw.one_call("by-hand", by_hand, NetworkSizes(1, 2, 1, 1, 1), x_shape=(1, 1, 2)),
        draw.one_call("by-hand", replace(SMOOTH, targets=1.0), one),
        draw.one_call("by-hand", replace(CLASSIFIER, weights=1.0), NetworkSizes(1, 1, 1, 1, 2)),
        draw.second_call("by-hand", by_hand, one, earlier_batch=1),
        draw.second_call("by-hand", by_hand, one, earlier_batch=2),
        draw.two_instances(by_hand, one),
    ]


def draft_case(class_name: str, rng: np.random.Generator) -> Case:
    """The network that a draft is run on while it is typed: all sizes different, small numbers."""
    small = replace(KINKED, targets=1.0, weights=1.0, biases=1.0)
    return _NetworkCases(rng, draw=small_numbers).one_call(
        "different-sizes", small, NetworkSizes(B=4, N=3, H1=6, H2=2, M=5)
    )


@dataclass(frozen=True)
class _NetworkCases:
    """Draws the cases, each until no gradient of its network vanishes."""

    rng: np.random.Generator
    draw: Draw = values

    def different_sizes(self) -> NetworkSizes:
        """Batch and outputs 2 and 3, in any order, for a mean over few; the others 4 to 6."""
        B, M = self.rng.permutation([2, 3])
        N, H1, H2 = self.rng.permutation([4, 5, 6])
        return NetworkSizes(int(B), int(N), int(H1), int(H2), int(M))

    def _inputs(
        self,
        architecture: Architecture,
        sizes: NetworkSizes,
        x_shape: tuple[int, ...] | None = None,
        one_hot: bool = False,
    ) -> dict[str, Any]:
        """All arrays that a network is made of and is given; drawn until no gradient vanishes."""

        def draw() -> dict[str, Any]:
            arrays = self._batch(architecture, sizes, x_shape, one_hot)
            lengths = (sizes.N, sizes.H1, sizes.H2, sizes.M)
            for i, (inputs, outputs) in enumerate(pairwise(lengths), start=1):
                arrays[f"W{i}"] = self.draw(self.rng, inputs, outputs, scale=architecture.weights)
                arrays[f"b{i}"] = self.draw(self.rng, outputs, scale=architecture.biases)
            return arrays

        return drawn_until(draw, self._holds(architecture))

    def _holds(self, architecture: Architecture) -> Callable[[dict[str, Any]], bool]:
        is_by_hand = self.draw is small_numbers
        return partial(
            _has_no_zero_gradient if is_by_hand else _has_gradients_of_order_one, architecture
        )

    def _batch(
        self,
        architecture: Architecture,
        sizes: NetworkSizes,
        x_shape: tuple[int, ...] | None = None,
        one_hot: bool = False,
    ) -> dict[str, Any]:
        x = self.draw(self.rng, *(x_shape or (sizes.B, sizes.N)))
        return {"x": x, "t": self._targets(architecture, sizes, one_hot)}

    def _two_batches(
        self, architecture: Architecture, sizes: NetworkSizes, earlier_batch: int
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """A network's inputs, and those of an earlier call of the same network."""

        def draw() -> tuple[dict[str, Any], dict[str, Any]]:
            inputs = self._inputs(architecture, sizes)
            return inputs, inputs | self._batch(architecture, replace(sizes, B=earlier_batch))

        return drawn_until(draw, lambda both: self._holds(architecture)(both[1]))

    def _targets(self, architecture: Architecture, sizes: NetworkSizes, one_hot: bool) -> Labels:
        if architecture.loss is MeanSquaredError:
            return self.draw(self.rng, sizes.B, sizes.M, scale=architecture.targets)
        classes = self.rng.integers(sizes.M, size=sizes.B)
        return np.eye(sizes.M)[classes] if one_hot else classes

    def _case(self, kind: str, script: str, inputs: dict[str, Any]) -> Case:
        return Case(
            kind=kind,
            title=TITLES[kind],
            inputs=inputs,
            script=script,
            compared=COMPARED,
            guarded={"x": "input-changed", "t": "input-changed"}
            | dict.fromkeys(PARAMETERS, "parameters-changed"),
            kept={f"{name}_after": f"{name}_before" for name in PARAMETERS},
            outputs=("z3",),
        )

    def one_call(
        self,
        kind: str,
        architecture: Architecture,
        sizes: NetworkSizes,
        x_shape: tuple[int, ...] | None = None,
        one_hot: bool = False,
        layout_of_x: LayoutChange = np.asarray,
    ) -> Case:
        """One forward, one backward."""
        inputs = self._inputs(architecture, sizes, x_shape, one_hot)
        inputs["x"] = layout_of_x(inputs["x"])
        script = architecture.script(BUILD + BEFORE + FORWARD + BACKWARD + AFTER)
        return self._case(kind, script, inputs)

    def second_call(
        self, kind: str, architecture: Architecture, sizes: NetworkSizes, earlier_batch: int
    ) -> Case:
        """Forward, backward, and both again with another batch: what is compared is the second."""
        inputs, earlier = self._two_batches(architecture, sizes, earlier_batch)
        inputs |= {"x_earlier": earlier["x"], "t_earlier": earlier["t"]}
        script = (
            architecture.script(BUILD + BEFORE)
            + architecture.script(FORWARD + BACKWARD, a="_earlier")
            + architecture.script(FORWARD + BACKWARD + AFTER)
        )
        return replace(
            self._case(kind, script, inputs),
            companions={name: (f"{name}_earlier",) for name in COMPARED},
            situation="second-call",
        )

    def two_instances(self, architecture: Architecture, sizes: NetworkSizes) -> Case:
        """Two networks of one size used in turn: what is compared is the first."""
        inputs = self._inputs(architecture, sizes)
        other = self._inputs(architecture, sizes)
        inputs |= {f"{name}_other": array for name, array in other.items()}
        script = (
            architecture.script(BUILD + BEFORE)
            + architecture.script(BUILD, n="_other")
            + architecture.script(FORWARD)
            + architecture.script(FORWARD, n="_other", a="_other")
            + architecture.script(BACKWARD)
            + architecture.script(BACKWARD, n="_other", a="_other")
            + AFTER
        )
        return replace(
            self._case("two-instances", script, inputs),
            companions={name: (f"{name}_other",) for name in COMPARED},
            situation="two-instances",
        )

    def second_backward(self, architecture: Architecture, sizes: NetworkSizes) -> Case:
        """A backward repeated without a new forward; can only warn."""
        script = (
            architecture.script(BUILD + BEFORE + FORWARD)
            + architecture.script(BACKWARD, a="_earlier")
            + architecture.script(BACKWARD + AFTER)
        )
        case = self._case("second-backward", script, self._inputs(architecture, sizes))
        return replace(case, warning="second-backward-differs")


def small_numbers(rng: np.random.Generator, *shape: int, scale: float = 1.0) -> Array:
    """Whole numbers from -3 to 3, without 0."""
    return np.asarray(rng.choice([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0], shape))


def _has_no_zero_gradient(architecture: Architecture, inputs: dict[str, Any]) -> bool:
    """Whether no gradient is zero everywhere."""
    gradients = _gradients(architecture, inputs)
    return gradients is not None and all(np.abs(g).max() > SMALLEST_SHOWN for g in gradients)


def _has_gradients_of_order_one(architecture: Architecture, inputs: dict[str, Any]) -> bool:
    """Whether every gradient has entries of order one, and no ReLU is near its kink."""
    gradients = _gradients(architecture, inputs)
    return gradients is not None and are_of_order_one(*gradients)


def _gradients(architecture: Architecture, inputs: dict[str, Any]) -> list[Array] | None:
    """Every gradient; None where a ReLU is near its kink or the output is large."""
    f1, f2, f3 = (FullyConnected(inputs[f"W{i}"], inputs[f"b{i}"]) for i in (1, 2, 3))
    g1, g2, g3 = architecture.g1(), architecture.g2(), architecture.g3()
    loss = architecture.loss()
    z: Array = inputs["x"]
    for f, g in ((f1, g1), (f2, g2), (f3, g3)):
        y = f.forward(z)
        if isinstance(g, Relu) and np.abs(y).min() < NEAREST_KINK:
            return None
        z = g.forward(y)
    if np.abs(z).max() > LARGEST_OUTPUT:
        return None
    loss.forward(z, inputs["t"])
    dout = loss.backward()
    for layer in (g3, f3, g2, f2, g1, f1):
        dout = layer.backward(dout)
    gradients = (dout, f1.dW, f1.db, f2.dW, f2.db, f3.dW, f3.db)
    return [gradient for gradient in gradients if gradient is not None]
