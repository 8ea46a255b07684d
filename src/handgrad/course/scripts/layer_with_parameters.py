"""The cases of a layer with parameters: ``L(W, b)`` that keeps ``dW`` and ``db``."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from handgrad.arrays import Array
from handgrad.course.random_arrays import (
    Draw,
    LayerSizes,
    LayoutChange,
    are_of_order_one,
    backwards,
    column_major,
    different_numbers,
    different_sizes,
    digits,
    drawn_until,
    every_second_column,
    values,
)
from handgrad.course.scripts.kinds import GUARDED, TITLES
from handgrad.diagnosis.case import Case

COMPARED = ("y", "dx", "dW", "db")

ONE_CALL = """
layer = LAYER(W, b)
W_before = layer.W
b_before = layer.b
y = layer.forward(x)
dx = layer.backward(dout)
dW = layer.dW
db = layer.db
W_after = layer.W
b_after = layer.b
"""
SECOND_CALL = """
layer = LAYER(W, b)
W_before = layer.W
b_before = layer.b
y_earlier = layer.forward(x_earlier)
dx_earlier = layer.backward(dout_earlier)
dW_earlier = layer.dW
db_earlier = layer.db
y = layer.forward(x)
dx = layer.backward(dout)
dW = layer.dW
db = layer.db
W_after = layer.W
b_after = layer.b
"""
TWO_INSTANCES = """
layer = LAYER(W, b)
other = LAYER(W_other, b_other)
W_before = layer.W
b_before = layer.b
y = layer.forward(x)
y_other = other.forward(x_other)
dx = layer.backward(dout)
dx_other = other.backward(dout_other)
dW = layer.dW
db = layer.db
dW_other = other.dW
db_other = other.db
W_after = layer.W
b_after = layer.b
"""
SECOND_BACKWARD = """
layer = LAYER(W, b)
W_before = layer.W
b_before = layer.b
y = layer.forward(x)
dx_earlier = layer.backward(dout)
dx = layer.backward(dout_again)
dW = layer.dW
db = layer.db
W_after = layer.W
b_after = layer.b
"""


def layer_with_parameters(class_name: str, rng: np.random.Generator) -> list[Case]:
    """The cases of a layer with ``W (N, M)`` and ``b (M,)``.

    Input x ``(B, N)`` or ``(B, d1, …, dk)``, upstream gradient dout ``(B, M)``; all entries of
    magnitude 0.5 to 1.5. The last case can only warn.
    """
    draw = _ParameterLayerCases(class_name, rng)
    s = different_sizes(rng)
    n = int(rng.integers(2, 6))
    return [
        *(draw.one_call("different-sizes", different_sizes(rng)) for _ in range(3)),
        draw.one_call("batch-of-one", LayerSizes(1, s.N, s.M)),
        draw.one_call("inputs-equal-outputs", LayerSizes(n + 1, n, n)),
        draw.one_call("batch-equals-outputs", LayerSizes(n, n + 1, n)),
        draw.one_call("batch-equals-inputs", LayerSizes(n, n, n + 1)),
        draw.one_call("all-sizes-equal", LayerSizes(n, n, n)),
        draw.one_call("one-output", LayerSizes(s.B, s.N, 1)),
        draw.more_axes("three-axes", (2, 2)),
        draw.more_axes("four-axes", (2, 1, 3)),
        draw.more_axes("four-axes", (2, 2, 2)),
        draw.one_call("strided-dout", s, layout_of_dout=every_second_column),
        draw.one_call("column-major-dout", s, layout_of_dout=column_major),
        draw.one_call("strided-x", s, layout_of_x=every_second_column),
        draw.one_call("reversed-x", s, layout_of_x=backwards),
        draw.second_call("second-call", s, earlier_batch=s.B + 1),
        draw.second_call("second-call-same-size", s, earlier_batch=s.B),
        draw.two_instances(s),
        draw.second_backward(s),
    ]


SMALL = ((1, 1, 1), (1, 2, 1), (1, 1, 2), (2, 1, 1), (2, 1, 2), (1, 2, 2), (2, 2, 1), (2, 2, 2),
         (3, 1, 2), (2, 3, 1), (2, 3, 2), (3, 2, 1), (3, 2, 4))  # fmt: skip
LAYOUTS = ((every_second_column, np.asarray), (column_major, np.asarray),
           (np.asarray, every_second_column), (np.asarray, backwards))  # fmt: skip
"""Of dout and of x, for what goes wrong with some arrangement in memory only."""
SMALL_SAMPLES = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 1, 2), (1, 2, 3), (2, 3, 1))


def small_layer_with_parameters(class_name: str, rng: np.random.Generator) -> list[Case]:
    """Cases for pencil and paper: a number or a few, digits only; every situation of the large ones."""
    draw = _ParameterLayerCases(class_name, rng, digits, are_compared_as_drawn=True)
    two = LayerSizes(2, 1, 1)
    return [
        *(draw.one_call("by-hand", LayerSizes(*sizes)) for sizes in SMALL),
        *(draw.samples("by-hand", 2, shape, 1) for shape in SMALL_SAMPLES),
        draw.second_call("by-hand", LayerSizes(1, 1, 1), earlier_batch=1),
        draw.second_call("by-hand", two, earlier_batch=1),
        draw.second_call("by-hand", two, earlier_batch=2),
        draw.two_instances(LayerSizes(1, 1, 1)),
        draw.two_instances(LayerSizes(2, 2, 1)),
        *(draw.one_call("by-hand", LayerSizes(2, 2, 2), *layouts) for layouts in LAYOUTS),
        replace(draw, draw=values).one_call(
            "by-hand", LayerSizes(1, 1, 1)
        ),  # for what digits are lost
        replace(draw, draw=values).one_call("by-hand", LayerSizes(2, 2, 2)),
    ]


DRAFT = LayerSizes(B=4, N=3, M=5)


def draft_layer_with_parameters(class_name: str, rng: np.random.Generator) -> Case:
    """The case that a draft is run on while it is typed: small, all sizes different, digits."""
    draw = _ParameterLayerCases(class_name, rng, digits, are_compared_as_drawn=True)
    return draw.one_call("different-sizes", DRAFT)


LARGE = LayerSizes(24, 40, 24)


def large_layer_with_parameters(class_name: str, rng: np.random.Generator) -> Case:
    """A case of some thousand numbers."""
    return _ParameterLayerCases(class_name, rng, are_compared_as_drawn=True).one_call(
        "different-sizes", LARGE
    )


@dataclass(frozen=True)
class _ParameterLayerCases:
    """Draws the cases of one class."""

    class_name: str
    rng: np.random.Generator
    draw: Draw = values
    are_compared_as_drawn: bool = False  # a gradient may be as it comes

    def _arrays(
        self, sizes: LayerSizes, x_shape: tuple[int, ...] | None = None
    ) -> dict[str, Array]:
        if self.are_compared_as_drawn:
            return self._any_arrays(sizes, x_shape)
        return drawn_until(lambda: self._any_arrays(sizes, x_shape), _have_gradients_of_order_one)

    def _any_arrays(self, sizes: LayerSizes, x_shape: tuple[int, ...] | None) -> dict[str, Array]:
        return {
            "W": self.draw(self.rng, sizes.N, sizes.M),
            "b": self.draw(self.rng, sizes.M),
            "x": self.draw(self.rng, *(x_shape or (sizes.B, sizes.N))),
            "dout": self.draw(self.rng, sizes.B, sizes.M),
        }

    def _case(self, kind: str, script: str, inputs: dict[str, Array]) -> Case:
        return Case(
            kind=kind,
            title=TITLES[kind],
            inputs=inputs,
            script=script.replace("LAYER", self.class_name),
            compared=COMPARED,
            guarded=GUARDED,
            kept={"W_after": "W_before", "b_after": "b_before"},
            outputs=("y",),
        )

    def one_call(
        self,
        kind: str,
        sizes: LayerSizes,
        layout_of_dout: LayoutChange = np.asarray,
        layout_of_x: LayoutChange = np.asarray,
    ) -> Case:
        """One forward, one backward."""
        inputs = self._arrays(sizes)
        inputs["dout"] = layout_of_dout(inputs["dout"])
        inputs["x"] = layout_of_x(inputs["x"])
        return self._case(kind, ONE_CALL, inputs)

    def more_axes(self, kind: str, sample_shape: tuple[int, ...]) -> Case:
        """An input whose samples have several axes, in any order."""
        axes = tuple(int(length) for length in self.rng.permutation(sample_shape))
        B, M = different_numbers(self.rng, 2)
        sizes = LayerSizes(B, int(np.prod(axes)), M)
        return self._case(kind, ONE_CALL, self._arrays(sizes, x_shape=(B, *axes)))

    def samples(self, kind: str, batch: int, sample_shape: tuple[int, ...], outputs: int) -> Case:
        """An input whose samples have several axes, in this order."""
        sizes = LayerSizes(batch, int(np.prod(sample_shape)), outputs)
        return self._case(kind, ONE_CALL, self._arrays(sizes, x_shape=(batch, *sample_shape)))

    def second_call(self, kind: str, sizes: LayerSizes, earlier_batch: int) -> Case:
        """Forward, backward, and both again with another batch: what is compared is the second."""
        inputs = self._arrays(sizes)
        inputs["x_earlier"] = self.draw(self.rng, earlier_batch, sizes.N)
        inputs["dout_earlier"] = self.draw(self.rng, earlier_batch, sizes.M)
        return replace(
            self._case(kind, SECOND_CALL, inputs),
            companions={name: (f"{name}_earlier",) for name in COMPARED},
            situation="second-call",
        )

    def two_instances(self, sizes: LayerSizes) -> Case:
        """Two layers of one size used in turn: what is compared is the first."""
        inputs = self._arrays(sizes)
        inputs |= {f"{name}_other": array for name, array in self._arrays(sizes).items()}
        return replace(
            self._case("two-instances", TWO_INSTANCES, inputs),
            companions={name: (f"{name}_other",) for name in COMPARED},
            situation="two-instances",
        )

    def second_backward(self, sizes: LayerSizes) -> Case:
        """A backward repeated without a new forward; can only warn."""
        inputs = self._arrays(sizes)
        inputs["dout_again"] = inputs["dout"].copy()
        case = self._case("second-backward", SECOND_BACKWARD, inputs)
        return replace(case, warning="second-backward-differs")


def _have_gradients_of_order_one(inputs: dict[str, Array]) -> bool:
    x, W, dout = inputs["x"].reshape(len(inputs["x"]), -1), inputs["W"], inputs["dout"]
    return are_of_order_one(dout @ W.T, x.T @ dout, dout.sum(axis=0))
