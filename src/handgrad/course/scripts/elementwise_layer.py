"""The cases of a layer that works entry by entry: ``L()``, on arrays of any shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from handgrad.arrays import Array
from handgrad.course.random_arrays import (
    Draw,
    LayoutChange,
    backwards,
    column_major,
    different_sizes,
    digits,
    every_second_column,
    values,
)
from handgrad.course.scripts.kinds import GUARDED, TITLES
from handgrad.diagnosis.case import Case

COMPARED = ("y", "dx")
LARGEST_ORDINARY = 9.0
LARGEST_EXTREME = 1000.0

ONE_CALL = """
layer = LAYER()
y = layer.forward(x)
dx = layer.backward(dout)
"""
SECOND_CALL = """
layer = LAYER()
y_earlier = layer.forward(x_earlier)
dx_earlier = layer.backward(dout_earlier)
y = layer.forward(x)
dx = layer.backward(dout)
"""
TWO_INSTANCES = """
layer = LAYER()
other = LAYER()
y = layer.forward(x)
y_other = other.forward(x_other)
dx = layer.backward(dout)
dx_other = other.backward(dout_other)
"""
SECOND_BACKWARD = """
layer = LAYER()
y = layer.forward(x)
dx_earlier = layer.backward(dout)
dx = layer.backward(dout_again)
"""


def elementwise_layer(
    class_name: str, rng: np.random.Generator, draw_x: Draw = values, draw_dout: Draw = values
) -> list[Case]:
    """The cases of a layer whose output and gradient have the shape of its input.

    `draw_x` and `draw_dout` draw an ordinary input and an upstream gradient of a given shape; they
    are to make entries of dx of order one. The last two cases can only warn.
    """
    draw = _ElementwiseLayerCases(class_name, rng, draw_x, draw_dout)
    s = different_sizes(rng)
    n = int(rng.integers(2, 6))
    shape = (s.B, s.N)
    return [
        draw.one_call("different-sizes", shape),
        draw.one_call("different-sizes", (s.N, s.M)),
        draw.one_call("different-sizes", (s.M, s.B)),
        draw.one_call("batch-of-one", (1, s.N)),
        draw.one_call("batch-equals-inputs", (n, n)),
        draw.one_call("one-axis", (s.N + 3,)),
        draw.one_call("one-axis", (s.M + 1,)),
        draw.one_call("three-axes", (s.B, s.N, s.M)),
        draw.one_call("four-axes", (s.B, s.N, 1, s.M)),
        draw.one_call("strided-dout", shape, layout_of_dout=every_second_column),
        draw.one_call("column-major-dout", shape, layout_of_dout=column_major),
        draw.one_call("strided-x", shape, layout_of_x=every_second_column),
        draw.one_call("reversed-x", shape, layout_of_x=backwards),
        draw.zeros((s.B + 2, s.N + 2)),
        draw.all_positive(shape),
        draw.near_zero((s.B + 4, s.N + 4)),
        draw.far_from_zero((s.B + 4, s.N + 4)),
        draw.second_call("second-call", shape, earlier_batch=s.B + 1),
        draw.second_call("second-call-same-size", shape, earlier_batch=s.B),
        draw.two_instances(shape),
        draw.extremes((s.B, s.N + 5)),
        draw.second_backward(shape),
    ]


SMALL = ([[3.0]], [[-2.0]], [[0.0]], [[2.0, -3.0]], [[0.5], [-1.0]], [[2.0, 0.0, -3.0]],
         [[1.0, -2.0], [-3.0, 2.0]], [[0.25, -0.125]],
         [[[2.0], [-3.0]]], [2.0, -3.0], [[0.3, 0.05], [0.01, 0.002]],
         [[1.0, 0.0, -2.0], [3.0, -1.0, 2.0]])  # fmt: skip


LAYOUTS = ((column_major, np.asarray), (every_second_column, np.asarray),
           (np.asarray, column_major), (np.asarray, every_second_column), (np.asarray, backwards))  # fmt: skip
"""Of dout and of x, for what goes wrong with some arrangement in memory only."""


def small_elementwise_layer(class_name: str, rng: np.random.Generator) -> list[Case]:
    """Cases for pencil and paper: a number or a few, digits only; every situation of the large ones."""
    draw = _ElementwiseLayerCases(class_name, rng, digits, digits)
    one = [draw.given_x("by-hand", np.array(x)) for x in SMALL]
    several = [
        draw.second_call("by-hand", (1, 1), earlier_batch=1),
        draw.second_call("by-hand", (1, 2), earlier_batch=2),
        draw.second_call("by-hand", (1, 2), earlier_batch=1),
        draw.second_call("by-hand", (2, 2), earlier_batch=2),
        draw.second_call("by-hand", (2, 3), earlier_batch=2),
        draw.two_instances((1, 1)),
        draw.two_instances((1, 2)),
    ]
    return [
        *one,
        *(replace(case, inputs=_near_zero(case.inputs)) for case in several),
        *(draw.laid_out(*layouts) for layouts in LAYOUTS),
    ]


DRAFT = (4, 3)


def draft_elementwise_layer(class_name: str, rng: np.random.Generator) -> Case:
    """The case that a draft is run on while it is typed: small, of both signs, short numbers."""
    case = _ElementwiseLayerCases(class_name, rng, digits, digits).one_call(
        "different-sizes", DRAFT
    )
    return replace(case, inputs=_near_zero(case.inputs))


LARGE = (100, 200)


def large_elementwise_layer(
    class_name: str, rng: np.random.Generator, draw_x: Draw, draw_dout: Draw
) -> Case:
    """A case of some thousand numbers."""
    return _ElementwiseLayerCases(class_name, rng, draw_x, draw_dout).one_call(
        "different-sizes", LARGE
    )


def _near_zero(inputs: Mapping[str, Array]) -> dict[str, Array]:
    """A digit is far out for a sigmoid, which is flat there: x a fifth of it."""
    return {n: np.asarray(v / 5 if n.startswith("x") else v) for n, v in inputs.items()}


@dataclass(frozen=True)
class _ElementwiseLayerCases:
    """Draws the cases of one class."""

    class_name: str
    rng: np.random.Generator
    draw_x: Draw
    draw_dout: Draw

    def _arrays(self, shape: tuple[int, ...]) -> dict[str, Array]:
        return {"x": self.draw_x(self.rng, *shape), "dout": self.draw_dout(self.rng, *shape)}

    def _case(self, kind: str, script: str, inputs: dict[str, Array]) -> Case:
        return Case(
            kind=kind,
            title=TITLES[kind],
            inputs=inputs,
            script=script.replace("LAYER", self.class_name),
            compared=COMPARED,
            guarded={name: GUARDED[name] for name in ("x", "dout")},
            outputs=("y",),
        )

    def one_call(
        self,
        kind: str,
        shape: tuple[int, ...],
        layout_of_dout: LayoutChange = np.asarray,
        layout_of_x: LayoutChange = np.asarray,
    ) -> Case:
        """One forward, one backward."""
        inputs = self._arrays(shape)
        inputs["dout"] = layout_of_dout(inputs["dout"])
        inputs["x"] = layout_of_x(inputs["x"])
        return self._case(kind, ONE_CALL, inputs)

    def given_x(self, kind: str, x: Array) -> Case:
        """One forward, one backward, on this x."""
        return self._case(kind, ONE_CALL, {"x": x, "dout": self.draw_dout(self.rng, *x.shape)})

    def laid_out(self, layout_of_dout: LayoutChange, layout_of_x: LayoutChange) -> Case:
        """One call on two rows and two columns of both signs, arranged in memory like this."""
        case = self.given_x("by-hand", layout_of_x(np.array([[2.0, -3.0], [1.0, -1.0]])))
        return replace(case, inputs={**case.inputs, "dout": layout_of_dout(case.inputs["dout"])})

    def zeros(self, shape: tuple[int, ...]) -> Case:
        """An input in which a third of the entries are zero, every second of them -0.0."""
        inputs = self._arrays(shape)
        places = self.rng.permutation(inputs["x"].size)[: inputs["x"].size // 3]
        inputs["x"].flat[places[::2]] = 0.0
        inputs["x"].flat[places[1::2]] = -0.0
        return self._case("zeros", ONE_CALL, inputs)

    def all_positive(self, shape: tuple[int, ...]) -> Case:
        """No entry closes a gate: one that closes for all because of a single entry shows."""
        inputs = self._arrays(shape)
        return self._case("all-positive", ONE_CALL, inputs | {"x": np.abs(inputs["x"])})

    def near_zero(self, shape: tuple[int, ...]) -> Case:
        """Magnitudes from 1 down to 1e-4, evenly on a logarithmic scale: a threshold moved off zero
        shows.
        """
        inputs = self._arrays(shape)
        inputs["x"] = np.copysign(10.0 ** self.rng.uniform(-4, 0, shape), inputs["x"])
        return self._case("near-zero", ONE_CALL, inputs)

    def far_from_zero(self, shape: tuple[int, ...]) -> Case:
        """Magnitudes from 1 to 9, both ends among them: what is clipped, or linear only near 0, shows."""
        inputs = self._arrays(shape)
        magnitudes = LARGEST_ORDINARY ** self.rng.uniform(0, 1, shape)
        magnitudes.flat[:2] = LARGEST_ORDINARY
        inputs["x"] = np.copysign(magnitudes, inputs["x"])
        inputs["x"].flat[:2] *= (1, -1) * np.sign(inputs["x"].flat[:2])
        return self._case("far-from-zero", ONE_CALL, inputs)

    def second_call(self, kind: str, shape: tuple[int, ...], earlier_batch: int) -> Case:
        """Forward, backward, and both again with another batch: what is compared is the second."""
        inputs = self._arrays(shape)
        earlier = self._arrays((earlier_batch, *shape[1:]))
        inputs |= {f"{name}_earlier": array for name, array in earlier.items()}
        return replace(
            self._case(kind, SECOND_CALL, inputs),
            companions={name: (f"{name}_earlier",) for name in COMPARED},
            situation="second-call",
        )

    def two_instances(self, shape: tuple[int, ...]) -> Case:
        """Two layers used in turn: what is compared is the first."""
        inputs = self._arrays(shape)
        inputs |= {f"{name}_other": array for name, array in self._arrays(shape).items()}
        return replace(
            self._case("two-instances", TWO_INSTANCES, inputs),
            companions={name: (f"{name}_other",) for name in COMPARED},
            situation="two-instances",
        )

    def extremes(self, shape: tuple[int, ...]) -> Case:
        """Inputs of magnitude 1 to 1000, both ends among them; can only warn."""
        inputs = self._arrays(shape)
        magnitudes = LARGEST_EXTREME ** self.rng.uniform(0, 1, shape)
        inputs["x"] = np.sign(inputs["x"]) * magnitudes
        inputs["x"].flat[:2] = (LARGEST_EXTREME, -LARGEST_EXTREME)
        case = self._case("extremes", ONE_CALL, inputs)
        return replace(case, warning="not-finite-at-extremes")

    def second_backward(self, shape: tuple[int, ...]) -> Case:
        """A backward repeated without a new forward; can only warn."""
        inputs = self._arrays(shape)
        inputs["dout_again"] = inputs["dout"].copy()
        case = self._case("second-backward", SECOND_BACKWARD, inputs)
        return replace(case, warning="second-backward-differs")
