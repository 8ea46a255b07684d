"""The standard cases: a layer with parameters, and an elementwise layer without.

A level's ``cases.py`` is short because these hold what every level of its kind must look into.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from handgrad.arrays import Array
from handgrad.checking.case import Case
from handgrad.course.draw import (
    Sizes,
    backwards,
    column_major,
    different_sizes,
    every_second_column,
    values,
)
from handgrad.languages import Text

TITLES: dict[str, Text] = {
    "different-sizes": Text(zh="各个维数都不同", en="all sizes differ"),
    "batch-of-one": Text(zh="批大小为 1", en="a batch of one"),
    "inputs-equal-outputs": Text(zh="N = M", en="N = M"),
    "batch-equals-outputs": Text(zh="B = M", en="B = M"),
    "batch-equals-inputs": Text(zh="B = N", en="B = N"),
    "all-sizes-equal": Text(zh="B = N = M", en="B = N = M"),
    "one-output": Text(zh="M = 1", en="M = 1"),
    "one-axis": Text(zh="一维输入", en="an input with one axis"),
    "three-axes": Text(zh="三维输入", en="an input with three axes"),
    "four-axes": Text(zh="四维输入", en="an input with four axes"),
    "strided-dout": Text(zh="dout 在内存中不连续", en="dout not contiguous in memory"),
    "column-major-dout": Text(zh="dout 按列存储", en="dout in column-major order"),
    "reversed-x": Text(zh="x 是反向的视图", en="x a reversed view"),
    "zeros": Text(zh="x 中有 0", en="zeros in x"),
    "second-call": Text(zh="换一批数据再调用一次", en="a second call with another batch"),
    "second-call-same-size": Text(
        zh="换一批同样大小的数据再调用一次", en="a second call with a batch of the same size"
    ),
    "two-instances": Text(zh="同时有两个实例", en="two instances alive"),
    "extremes": Text(zh="|x| 达到 1000", en="|x| up to 1000"),
    "second-backward": Text(zh="连续两次 backward", en="backward twice"),
}

GUARDED = {
    "x": "input-changed",
    "W": "parameters-changed",
    "b": "parameters-changed",
    "dout": "dout-changed",
}


def layer_with_parameters(class_name: str, rng: np.random.Generator) -> list[Case]:
    """The cases of a layer ``L(W, b)`` with ``W (N, M)``, ``b (M,)`` that keeps ``dW`` and ``db``.

    Inputs x ``(B, N)`` or ``(B, d1, …, dk)``, upstream gradient dout ``(B, M)``.
    """
    draw = _ParametersDrawing(class_name, rng)
    s = different_sizes(rng)
    n = int(rng.integers(2, 6))
    cases = [draw.one_call("different-sizes", different_sizes(rng)) for _ in range(3)]
    cases += [
        draw.one_call("batch-of-one", Sizes(1, s.N, s.M)),
        draw.one_call("inputs-equal-outputs", Sizes(n + 1, n, n)),
        draw.one_call("batch-equals-outputs", Sizes(n, n + 1, n)),
        draw.one_call("batch-equals-inputs", Sizes(n, n, n + 1)),
        draw.one_call("all-sizes-equal", Sizes(n, n, n)),
        draw.one_call("one-output", Sizes(s.B, s.N, 1)),
        draw.one_call("three-axes", Sizes(3, 4, 5), x_shape=(3, 2, 2)),
        draw.one_call("four-axes", Sizes(2, 6, 3), x_shape=(2, 1, 2, 3)),
        draw.one_call("four-axes", Sizes(4, 4, 3), x_shape=(4, 2, 2, 1)),
        draw.one_call("strided-dout", s, layout_of_dout=every_second_column),
        draw.one_call("column-major-dout", s, layout_of_dout=column_major),
        draw.one_call("reversed-x", s, layout_of_x=backwards),
        draw.second_call("second-call", s, s.B + 1),
        draw.second_call("second-call-same-size", s, s.B),
        draw.two_instances(s),
        draw.second_backward(s),
    ]
    return cases


class _ParametersDrawing:
    """Draws the cases of one class with parameters."""

    def __init__(self, class_name: str, rng: np.random.Generator) -> None:
        self.name = class_name
        self.rng = rng

    def _case(self, kind: str, script: str, inputs: dict[str, Array], **more: object) -> Case:
        guarded = {name: finding for name, finding in GUARDED.items() if name in inputs}
        return Case(
            kind=kind,
            title=TITLES[kind],
            inputs=inputs,
            script=script.replace("LAYER", self.name),
            compared=("y", "dx", "dW", "db"),
            guarded=guarded,
            kept={"W_after": "W_before", "b_after": "b_before"},
            outputs=("y",),
            **more,  # type: ignore[arg-type]
        )

    def _arrays(self, sizes: Sizes, x_shape: tuple[int, ...] | None = None) -> dict[str, Array]:
        return {
            "W": values(self.rng, sizes.N, sizes.M),
            "b": values(self.rng, sizes.M),
            "x": values(self.rng, *(x_shape or (sizes.B, sizes.N))),
            "dout": values(self.rng, sizes.B, sizes.M),
        }

    def one_call(
        self,
        kind: str,
        sizes: Sizes,
        x_shape: tuple[int, ...] | None = None,
        layout_of_dout: Callable[[Array], Array] = np.asarray,
        layout_of_x: Callable[[Array], Array] = np.asarray,
    ) -> Case:
        """One forward, one backward."""
        inputs = self._arrays(sizes, x_shape)
        inputs["dout"] = layout_of_dout(inputs["dout"])
        inputs["x"] = layout_of_x(inputs["x"])
        script = """
layer = LAYER(W, b)
y = layer.forward(x)
W_before = layer.W
b_before = layer.b
dx = layer.backward(dout)
dW = layer.dW
db = layer.db
W_after = layer.W
b_after = layer.b
"""
        return self._case(kind, script, inputs)

    def second_call(self, kind: str, sizes: Sizes, second_batch: int) -> Case:
        """Forward, backward, and both again with another batch: what is compared is the second."""
        inputs = self._arrays(Sizes(second_batch, sizes.N, sizes.M))
        inputs["x_earlier"] = values(self.rng, sizes.B, sizes.N)
        inputs["dout_earlier"] = values(self.rng, sizes.B, sizes.M)
        script = """
layer = LAYER(W, b)
y_earlier = layer.forward(x_earlier)
dx_earlier = layer.backward(dout_earlier)
dW_earlier = layer.dW
db_earlier = layer.db
y = layer.forward(x)
W_before = layer.W
b_before = layer.b
dx = layer.backward(dout)
dW = layer.dW
db = layer.db
W_after = layer.W
b_after = layer.b
"""
        companions = {name: (f"{name}_earlier",) for name in ("y", "dx", "dW", "db")}
        return self._case(kind, script, inputs, companions=companions, situation="second-call")

    def two_instances(self, sizes: Sizes) -> Case:
        """Two layers used in turn: what is compared is the first."""
        inputs = self._arrays(sizes)
        for name, array in self._arrays(sizes).items():
            inputs[f"{name}_other"] = array
        script = """
layer = LAYER(W, b)
other = LAYER(W_other, b_other)
y = layer.forward(x)
y_other = other.forward(x_other)
W_before = layer.W
b_before = layer.b
dx = layer.backward(dout)
dx_other = other.backward(dout_other)
dW = layer.dW
db = layer.db
dW_other = other.dW
db_other = other.db
W_after = layer.W
b_after = layer.b
"""
        companions = {name: (f"{name}_other",) for name in ("y", "dx", "dW", "db")}
        return self._case(
            "two-instances", script, inputs, companions=companions, situation="two-instances"
        )

    def second_backward(self, sizes: Sizes) -> Case:
        """A backward repeated without a new forward; can only warn."""
        inputs = self._arrays(sizes)
        inputs["dout_again"] = inputs["dout"].copy()
        script = """
layer = LAYER(W, b)
y = layer.forward(x)
W_before = layer.W
b_before = layer.b
dx_earlier = layer.backward(dout)
dx = layer.backward(dout_again)
dW = layer.dW
db = layer.db
W_after = layer.W
b_after = layer.b
"""
        return self._case("second-backward", script, inputs, warning="second-backward-differs")


def elementwise_layer(
    class_name: str, rng: np.random.Generator, draw_x: Callable[..., Array] = values
) -> list[Case]:
    """The cases of a layer ``L()`` that works entry by entry, on arrays of any shape.

    `draw_x` draws an ordinary input of a given shape; dout has entries of magnitude 0.5 to 1.5.
    """
    draw = _ElementwiseDrawing(class_name, rng, draw_x)
    s = different_sizes(rng)
    n = int(rng.integers(2, 6))
    shape = (s.B, s.N)
    return [
        *(
            draw.one_call("different-sizes", (t.B, t.N))
            for t in (different_sizes(rng), s, different_sizes(rng))
        ),
        draw.one_call("batch-of-one", (1, s.N)),
        draw.one_call("batch-equals-inputs", (n, n)),
        draw.one_call("one-axis", (s.N + 3,)),
        draw.one_call("three-axes", (2, 3, 4)),
        draw.one_call("four-axes", (2, 3, 1, 4)),
        draw.one_call("strided-dout", shape, layout_of_dout=every_second_column),
        draw.one_call("column-major-dout", shape, layout_of_dout=column_major),
        draw.one_call("reversed-x", shape, layout_of_x=backwards),
        draw.zeros((4, 6)),
        draw.second_call("second-call", shape, s.B + 1),
        draw.second_call("second-call-same-size", shape, s.B),
        draw.two_instances(shape),
        draw.extremes((3, 8)),
        draw.second_backward(shape),
    ]


class _ElementwiseDrawing:
    """Draws the cases of one elementwise class."""

    ONE_CALL = """
layer = LAYER()
y = layer.forward(x)
dx = layer.backward(dout)
"""

    def __init__(
        self, class_name: str, rng: np.random.Generator, draw_x: Callable[..., Array]
    ) -> None:
        self.name = class_name
        self.rng = rng
        self.draw_x = draw_x

    def _case(self, kind: str, script: str, inputs: dict[str, Array], **more: object) -> Case:
        guarded = {name: finding for name, finding in GUARDED.items() if name in inputs}
        return Case(
            kind=kind,
            title=TITLES[kind],
            inputs=inputs,
            script=script.replace("LAYER", self.name),
            compared=("y", "dx"),
            guarded=guarded,
            outputs=("y",),
            **more,  # type: ignore[arg-type]
        )

    def _arrays(self, shape: tuple[int, ...]) -> dict[str, Array]:
        return {"x": self.draw_x(self.rng, *shape), "dout": values(self.rng, *shape)}

    def one_call(
        self,
        kind: str,
        shape: tuple[int, ...],
        layout_of_dout: Callable[[Array], Array] = np.asarray,
        layout_of_x: Callable[[Array], Array] = np.asarray,
    ) -> Case:
        """One forward, one backward."""
        inputs = self._arrays(shape)
        inputs["dout"] = layout_of_dout(inputs["dout"])
        inputs["x"] = layout_of_x(inputs["x"])
        return self._case(kind, self.ONE_CALL, inputs)

    def zeros(self, shape: tuple[int, ...]) -> Case:
        """An input in which a quarter of the entries are zero, some of them -0.0."""
        inputs = self._arrays(shape)
        places = self.rng.permutation(inputs["x"].size)[: inputs["x"].size // 4]
        inputs["x"].reshape(-1)[places] = np.where(places % 2, 0.0, -0.0)
        return self._case("zeros", self.ONE_CALL, inputs)

    def second_call(self, kind: str, shape: tuple[int, ...], second_batch: int) -> Case:
        """Forward, backward, and both again with another batch: what is compared is the second."""
        inputs = self._arrays((second_batch, *shape[1:]))
        earlier = self._arrays(shape)
        inputs["x_earlier"], inputs["dout_earlier"] = earlier["x"], earlier["dout"]
        script = """
layer = LAYER()
y_earlier = layer.forward(x_earlier)
dx_earlier = layer.backward(dout_earlier)
y = layer.forward(x)
dx = layer.backward(dout)
"""
        companions = {name: (f"{name}_earlier",) for name in ("y", "dx")}
        return self._case(kind, script, inputs, companions=companions, situation="second-call")

    def two_instances(self, shape: tuple[int, ...]) -> Case:
        """Two layers used in turn: what is compared is the first."""
        inputs = self._arrays(shape)
        other = self._arrays(shape)
        inputs["x_other"], inputs["dout_other"] = other["x"], other["dout"]
        script = """
layer = LAYER()
other = LAYER()
y = layer.forward(x)
y_other = other.forward(x_other)
dx = layer.backward(dout)
dx_other = other.backward(dout_other)
"""
        companions = {name: (f"{name}_other",) for name in ("y", "dx")}
        return self._case(
            "two-instances", script, inputs, companions=companions, situation="two-instances"
        )

    def extremes(self, shape: tuple[int, ...]) -> Case:
        """Inputs up to 1000 in size; can only warn."""
        inputs = self._arrays(shape)
        inputs["x"] = inputs["x"] * self.rng.choice([1.0, 100.0, 600.0], shape)
        inputs["x"].reshape(-1)[:2] = (1000.0, -1000.0)
        return self._case("extremes", self.ONE_CALL, inputs, warning="not-finite-at-extremes")

    def second_backward(self, shape: tuple[int, ...]) -> Case:
        """A backward repeated without a new forward; can only warn."""
        inputs = self._arrays(shape)
        inputs["dout_again"] = inputs["dout"].copy()
        script = """
layer = LAYER()
y = layer.forward(x)
dx_earlier = layer.backward(dout)
dx = layer.backward(dout_again)
"""
        return self._case("second-backward", script, inputs, warning="second-backward-differs")
