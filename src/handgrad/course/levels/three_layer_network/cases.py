"""The cases of the three-layer network: every activation and both losses, drawn so that gradients live."""

from __future__ import annotations

from typing import Any

import numpy as np

from handgrad.arrays import Array
from handgrad.checking.case import Case
from handgrad.course.draw import column_major, values
from handgrad.course.scripts import TITLES

COMPARED = ("z3", "l", "dx", "dW3", "db3", "dW2", "db2", "dW1", "db1")
PARAMETERS = ("W1", "b1", "W2", "b2", "W3", "b3")

BUILD = """
f1 = FullyConnected(W1, b1)
f2 = FullyConnected(W2, b2)
f3 = FullyConnected(W3, b3)
network = ThreeLayerNetwork([f1, G1(), f2, G2(), f3, G3()], LOSS())
"""
FORWARD = """
l = network.forward(x, t)
z3 = network.z3
"""
BACKWARD = """
dx = network.backward()
dW1 = f1.dW
db1 = f1.db
dW2 = f2.dW
db2 = f2.db
dW3 = f3.dW
db3 = f3.db
"""


def cases(class_name: str, rng: np.random.Generator) -> list[Case]:
    """Networks of different sizes, activations and losses; one call, two calls, two instances."""
    return [
        _one_call(rng, "different-sizes", ("Sigmoid", "Sigmoid", "Sigmoid"), "MeanSquaredError"),
        _one_call(rng, "different-sizes", ("Relu", "Relu", "Sigmoid"), "MeanSquaredError"),
        _one_call(rng, "different-sizes", ("Sigmoid", "Relu", "Relu"), "SoftmaxCrossEntropy"),
        _one_call(rng, "different-sizes", ("Relu", "Sigmoid", "Sigmoid"), "SoftmaxCrossEntropy"),
        _one_call(rng, "batch-of-one", ("Relu", "Sigmoid", "Relu"), "MeanSquaredError", batch=1),
        _one_call(rng, "all-sizes-equal", ("Sigmoid", "Relu", "Sigmoid"), "MeanSquaredError", size=4),
        _one_call(
            rng, "four-axes", ("Sigmoid", "Sigmoid", "Relu"), "MeanSquaredError", x_shape=(3, 2, 1, 3)
        ),
        _second_call(rng),
        _two_instances(rng),
        _second_backward(rng),
    ]


def _inputs(
    rng: np.random.Generator,
    loss: str,
    batch: int | None = None,
    size: int | None = None,
    x_shape: tuple[int, ...] | None = None,
) -> dict[str, Any]:
    """Small weights keep sigmoids out of their flat tails; large targets keep gradients large."""
    B, N, H1, H2, M = (int(n) for n in rng.permutation(np.arange(2, 7)))
    if size is not None:
        B = N = H1 = H2 = M = size
    if batch is not None:
        B = batch
    if x_shape is not None:
        B, N = x_shape[0], int(np.prod(x_shape[1:]))
    inputs: dict[str, Any] = {
        "x": values(rng, *(x_shape or (B, N))),
        "W1": values(rng, N, H1) * 0.7,
        "b1": np.abs(values(rng, H1)) * 0.3,
        "W2": values(rng, H1, H2),
        "b2": np.abs(values(rng, H2)) * 0.3,
        "W3": values(rng, H2, M),
        "b3": np.abs(values(rng, M)) * 0.3,
    }
    inputs["t"] = _targets(rng, loss, B, M)
    return inputs


def _targets(rng: np.random.Generator, loss: str, B: int, M: int) -> Array:
    if loss == "MeanSquaredError":
        return values(rng, B, M) * 10
    return rng.integers(M, size=B)


def _script(script: str, activations: tuple[str, str, str], loss: str) -> str:
    for placeholder, name in zip(("G1", "G2", "G3"), activations, strict=True):
        script = script.replace(f"{placeholder}()", f"{name}()")
    return script.replace("LOSS()", f"{loss}()")


def _case(kind: str, script: str, inputs: dict[str, Any], **more: Any) -> Case:
    guarded = {name: "parameters-changed" for name in PARAMETERS}
    return Case(
        kind=kind,
        title=TITLES[kind],
        inputs=inputs,
        script=script,
        compared=COMPARED,
        guarded=guarded | {"x": "input-changed", "t": "input-changed"},
        **more,
    )


def _one_call(
    rng: np.random.Generator,
    kind: str,
    activations: tuple[str, str, str],
    loss: str,
    **sizes: Any,
) -> Case:
    script = _script(BUILD + FORWARD + BACKWARD, activations, loss)
    return _case(kind, script, _inputs(rng, loss, **sizes))


def _second_call(rng: np.random.Generator) -> Case:
    """Forward and backward, and both again with another batch of another size."""
    inputs = _inputs(rng, "MeanSquaredError")
    B, N = inputs["x"].shape
    inputs["x_earlier"] = column_major(values(rng, B + 1, N))
    inputs["t_earlier"] = values(rng, B + 1, inputs["b3"].size) * 10
    first = """
l_earlier = network.forward(x_earlier, t_earlier)
z3_earlier = network.z3
dx_earlier = network.backward()
dW1_earlier = f1.dW
db1_earlier = f1.db
dW2_earlier = f2.dW
db2_earlier = f2.db
dW3_earlier = f3.dW
db3_earlier = f3.db
"""
    script = _script(
        BUILD + first + FORWARD + BACKWARD, ("Sigmoid", "Relu", "Sigmoid"), "MeanSquaredError"
    )
    companions = {name: (f"{name}_earlier",) for name in COMPARED}
    return _case("second-call", script, inputs, companions=companions, situation="second-call")


def _two_instances(rng: np.random.Generator) -> Case:
    """Two networks used in turn: what is compared is the first."""
    inputs = _inputs(rng, "MeanSquaredError")
    for name in ("x", "t", *PARAMETERS):
        inputs[f"{name}_other"] = values(rng, *inputs[name].shape)
    other = """
f1_other = FullyConnected(W1_other, b1_other)
f2_other = FullyConnected(W2_other, b2_other)
f3_other = FullyConnected(W3_other, b3_other)
other = ThreeLayerNetwork([f1_other, G1(), f2_other, G2(), f3_other, G3()], LOSS())
"""
    used = """
l_other = other.forward(x_other, t_other)
"""
    script = _script(
        BUILD + other + FORWARD + used + BACKWARD,
        ("Sigmoid", "Sigmoid", "Sigmoid"),
        "MeanSquaredError",
    )
    companions = {"l": ("l_other",)}
    return _case(
        "two-instances", script, inputs, companions=companions, situation="two-instances"
    )


def _second_backward(rng: np.random.Generator) -> Case:
    """A backward repeated without a new forward; can only warn."""
    again = """
dx_earlier = network.backward()
"""
    script = _script(
        BUILD + FORWARD + again + BACKWARD, ("Relu", "Sigmoid", "Sigmoid"), "SoftmaxCrossEntropy"
    )
    return _case(
        "second-backward",
        script,
        _inputs(rng, "SoftmaxCrossEntropy"),
        warning="second-backward-differs",
    )
