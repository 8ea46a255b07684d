"""Expressions over named arrays: how they are computed, and how NumPy code writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from handgrad.diagnosis.case import Array

Environment: TypeAlias = Mapping[str, Array]

SUM, MATRIX, PRODUCT, UNARY, ATOM = range(5)
"""How tightly an operation binds; what binds less tightly than its place asks for gets brackets."""


@dataclass(frozen=True)
class ArrayOperation:
    """An operation on arrays.

    Attributes:
        compute: what it does; it may raise where the shapes do not fit.
        text: how it is written, ``{}`` for each operand.
        binds: how tightly the whole binds.
        asks: how tightly each operand must bind to go without brackets.
        cost: what it adds to the length of an expression.
    """

    compute: Callable[..., Array]
    text: str
    binds: int
    asks: tuple[int, ...]
    cost: int = 1


@dataclass(frozen=True, eq=False)
class Expression:
    """A name, or an operation on expressions."""

    operation: ArrayOperation | None
    operands: tuple[Expression, ...] = ()
    name: str = ""
    cost: int = 1

    @property
    def names(self) -> frozenset[str]:
        """The arrays that it is made of."""
        if not self.operands:
            return frozenset([self.name] if self.operation is None else [])
        return frozenset().union(*(one.names for one in self.operands))

    def value(self, environment: Environment) -> Array:
        """Its value; raises what NumPy raises where the shapes do not fit."""
        if self.operation is None:
            return environment[self.name]
        return self.operation.compute(*(one.value(environment) for one in self.operands))

    def __str__(self) -> str:
        if self.operation is None:
            return self.name
        parts = [
            str(one) if one.binds >= asked else f"({one})"
            for one, asked in zip(self.operands, self.operation.asks, strict=True)
        ]
        return self.operation.text.format(*parts)

    @property
    def binds(self) -> int:
        """How tightly it binds."""
        return ATOM if self.operation is None else self.operation.binds


@dataclass(frozen=True, eq=False)
class BySize(Expression):
    """One expression where a size is 1 or two sizes are equal, another one elsewhere."""

    sizes: tuple[str, str] = ("", "")

    @classmethod
    def of(cls, sizes: tuple[str, str], there: Expression, elsewhere: Expression) -> BySize:
        """`there` where the two sizes (or a size and ``1``) are equal."""
        cost = 2 + there.cost + elsewhere.cost
        return cls(None, (there, elsewhere), cost=cost, sizes=sizes)

    def value(self, environment: Environment) -> Array:
        """That of the branch which the sizes choose."""
        there, elsewhere = self.operands
        return (there if holds(self.sizes, environment) else elsewhere).value(environment)

    def __str__(self) -> str:
        there, elsewhere = self.operands
        return f"{there} if {self.sizes[0]} == {self.sizes[1]} else {elsewhere}"

    @property
    def binds(self) -> int:
        """Less than everything else."""
        return SUM - 1


def holds(sizes: tuple[str, str], environment: Environment) -> bool:
    """Whether two sizes of an environment are equal, or one is 1."""
    one, other = (float(environment[s]) if s in environment else float(s) for s in sizes)
    return one == other


def named(name: str) -> Expression:
    """An array by its name."""
    return Expression(None, name=name)


def constant(number: float) -> Expression:
    """A number."""
    return Expression(ArrayOperation(lambda: np.asarray(number), f"{number:.6g}", ATOM, ()))


def applied(operation: ArrayOperation, *operands: Expression) -> Expression:
    """An operation on expressions."""
    cost = operation.cost + sum(one.cost for one in operands)
    return Expression(operation, operands, cost=cost)


def _transposed(v: Array) -> Array:
    if v.ndim != 2:
        raise ValueError("only a matrix has another transpose")
    return v.T


def _along(axis: int | None, *, keepdims: bool = False, mean: bool = False) -> Callable[..., Array]:
    reduce = np.mean if mean else np.sum
    return lambda v: np.asarray(reduce(v, axis=axis, keepdims=keepdims))


def _comparison(compare: Callable[[Array, float], Array]) -> Callable[[Array], Array]:
    return lambda v: compare(v, 0).astype(np.float64)


def _reshaped(v: Array) -> Array:
    if v.ndim != 2:
        raise ValueError("only a matrix has another transpose")
    return v.reshape(v.shape[::-1])


def _along_last(v: Array) -> Array:
    return np.asarray(v.sum(axis=-1, keepdims=True))


def _sigmoid(v: Array) -> Array:
    return 1 / (1 + np.exp(-v))


def _gate(
    quantify: Callable[..., Array], axis: int | None, *, keepdims: bool = False
) -> Callable[[Array], Array]:
    return lambda v: np.asarray(quantify(v > 0, axis=axis, keepdims=keepdims), dtype=np.float64)


TRANSPOSED = ArrayOperation(_transposed, "{}.T", ATOM, (ATOM,))
RESHAPED = ArrayOperation(_reshaped, "{0}.reshape({0}.T.shape)", ATOM, (ATOM,), 2)
INVERSE = ArrayOperation(np.linalg.pinv, "pinv({})", ATOM, (SUM,), 2)
RECIPROCAL = ArrayOperation(lambda v: 1 / v, "(1 / {})", ATOM, (UNARY,))
OUTER = ArrayOperation(np.outer, "outer({}, {})", ATOM, (SUM, SUM), 2)
REDUCTIONS = (
    ArrayOperation(_along(0), "{}.sum(axis=0)", ATOM, (ATOM,)),
    ArrayOperation(_along(1), "{}.sum(axis=1)", ATOM, (ATOM,)),
    ArrayOperation(_along(None), "{}.sum()", ATOM, (ATOM,)),
    ArrayOperation(_along(0, keepdims=True), "{}.sum(axis=0, keepdims=True)", ATOM, (ATOM,), 2),
    ArrayOperation(_along(1, keepdims=True), "{}.sum(axis=1, keepdims=True)", ATOM, (ATOM,), 2),
    ArrayOperation(_along(0, mean=True), "{}.mean(axis=0)", ATOM, (ATOM,)),
    ArrayOperation(_along(1, mean=True), "{}.mean(axis=1)", ATOM, (ATOM,)),
    ArrayOperation(_along(None, mean=True), "{}.mean()", ATOM, (ATOM,)),
)
ROWS = (
    ArrayOperation(lambda v: v[0], "{}[0]", ATOM, (ATOM,)),
    ArrayOperation(lambda v: v[-1], "{}[-1]", ATOM, (ATOM,)),
    ArrayOperation(lambda v: v[:, -1], "{}[:, -1]", ATOM, (ATOM,)),
    ArrayOperation(lambda v: v[:, 0], "{}[:, 0]", ATOM, (ATOM,)),
    ArrayOperation(lambda v: np.asarray(v.max(axis=0)), "{}.max(axis=0)", ATOM, (ATOM,)),
    ArrayOperation(lambda v: np.asarray(v.min(axis=0)), "{}.min(axis=0)", ATOM, (ATOM,)),
    ArrayOperation(lambda v: np.asarray(v.prod(axis=0)), "{}.prod(axis=0)", ATOM, (ATOM,)),
)
FLIPPED = ArrayOperation(lambda v: v[::-1], "{}[::-1]", ATOM, (ATOM,))
ALONG_LAST = ArrayOperation(_along_last, "{}.sum(axis=-1, keepdims=True)", ATOM, (ATOM,), 2)
GATES = (
    ArrayOperation(_gate(np.all, None), "({} > 0).all()", ATOM, (SUM,)),
    ArrayOperation(_gate(np.any, None), "({} > 0).any()", ATOM, (SUM,)),
    ArrayOperation(_gate(np.all, 0), "({} > 0).all(axis=0)", ATOM, (SUM,)),
    ArrayOperation(_gate(np.any, 0), "({} > 0).any(axis=0)", ATOM, (SUM,)),
    ArrayOperation(
        _gate(np.all, -1, keepdims=True), "({} > 0).all(axis=-1, keepdims=True)", ATOM, (SUM,)
    ),
    ArrayOperation(
        _gate(np.any, -1, keepdims=True), "({} > 0).any(axis=-1, keepdims=True)", ATOM, (SUM,)
    ),
    ArrayOperation(lambda v: (v[0] > 0).astype(np.float64), "({}[0] > 0)", ATOM, (ATOM,)),
)
"""One answer for many entries: gates that open or close for a row, a column or everything."""
WHOLE = (
    ArrayOperation(lambda v: np.clip(v, -1, 1), "np.clip({}, -1, 1)", ATOM, (SUM,)),
    ArrayOperation(np.tanh, "np.tanh({})", ATOM, (SUM,)),
    ArrayOperation(np.sign, "np.sign({})", ATOM, (SUM,)),
    ArrayOperation(np.abs, "abs({})", ATOM, (SUM,)),
    ArrayOperation(lambda v: np.maximum(v, 0), "np.maximum({}, 0)", ATOM, (SUM,)),
    ArrayOperation(
        lambda v: np.cumsum(v).reshape(v.shape),
        "np.cumsum({0}).reshape({0}.shape)",
        ATOM,
        (ATOM,),
        2,
    ),
    ArrayOperation(lambda v: v.T.reshape(v.shape), "{0}.T.reshape({0}.shape)", ATOM, (ATOM,), 2),
    ArrayOperation(
        lambda v: v.reshape(v.shape[::-1]).T, "{0}.reshape({0}.T.shape).T", ATOM, (ATOM,), 2
    ),
    ArrayOperation(
        lambda v: v / np.linalg.norm(v), "{0} / np.linalg.norm({0})", PRODUCT, (ATOM,), 2
    ),
)
"""What is done to a finished gradient: clipped, squashed, put in another order."""
OF_OUTPUT = (
    ArrayOperation(lambda v: _sigmoid(v) * (1 - _sigmoid(v)), "sigmoid'({})", ATOM, (SUM,)),
    ArrayOperation(lambda v: 1 - np.tanh(v) ** 2, "(1 - np.tanh({}) ** 2)", ATOM, (SUM,)),
    ArrayOperation(lambda v: (v > 0).astype(np.float64), "({} > 0)", ATOM, (SUM,)),
    ArrayOperation(lambda v: v * (1 - v), "{0} * (1 - {0})", PRODUCT, (ATOM,), 2),
)
"""Derivatives of activations, at the output of a layer that has none."""
ELEMENTWISE = (
    ArrayOperation(lambda v: 1 - v, "1 - {}", SUM, (PRODUCT,)),
    ArrayOperation(lambda v: 1 + v, "1 + {}", SUM, (PRODUCT,)),
    ArrayOperation(lambda v: v * v, "{} ** 2", UNARY, (ATOM,)),
    ArrayOperation(lambda v: 1 - v * v, "1 - {} ** 2", SUM, (ATOM,)),
    ArrayOperation(np.abs, "abs({})", ATOM, (SUM,)),
    ArrayOperation(lambda v: np.exp(-v), "exp(-{})", ATOM, (UNARY,)),
    ArrayOperation(np.exp, "exp({})", ATOM, (SUM,)),
    ArrayOperation(lambda v: np.sqrt(np.abs(v)), "sqrt(abs({}))", ATOM, (SUM,)),
    ArrayOperation(lambda v: 1 / v, "1 / {}", PRODUCT, (UNARY,)),
    ArrayOperation(lambda v: 1 / (1 + np.exp(-v)), "sigmoid({})", ATOM, (SUM,)),
    ArrayOperation(np.tanh, "tanh({})", ATOM, (SUM,)),
    ArrayOperation(lambda v: np.maximum(v, 0), "maximum({}, 0)", ATOM, (SUM,)),
)
COMPARISONS = (
    ArrayOperation(_comparison(np.greater), "({} > 0)", ATOM, (SUM,)),
    ArrayOperation(_comparison(np.less_equal), "({} <= 0)", ATOM, (SUM,)),
    ArrayOperation(_comparison(np.greater_equal), "({} >= 0)", ATOM, (SUM,)),
    ArrayOperation(_comparison(np.less), "({} < 0)", ATOM, (SUM,)),
    ArrayOperation(np.sign, "sign({})", ATOM, (SUM,)),
)
MATRIX_PRODUCT = ArrayOperation(np.matmul, "{} @ {}", MATRIX, (MATRIX, UNARY))
TIMES = ArrayOperation(np.multiply, "{} * {}", PRODUCT, (PRODUCT, PRODUCT))
PLUS = ArrayOperation(np.add, "{} + {}", SUM, (SUM, SUM))
MINUS = ArrayOperation(np.subtract, "{} - {}", SUM, (SUM, MATRIX))
OVER = ArrayOperation(np.divide, "{} / {}", PRODUCT, (PRODUCT, UNARY))
NEGATIVE = ArrayOperation(np.negative, "-{}", UNARY, (MATRIX,))
WHERE_POSITIVE = ArrayOperation(
    lambda x, a, b: np.asarray(np.where(x > 0, a, b)),
    "np.where({} > 0, {}, {})",
    ATOM,
    (SUM, SUM, SUM),
)
WHERE_NEGATIVE = ArrayOperation(
    lambda x, a, b: np.asarray(np.where(x < 0, a, b)),
    "np.where({} < 0, {}, {})",
    ATOM,
    (SUM, SUM, SUM),
)
FILLED = ArrayOperation(np.full_like, "full_like({}, {})", ATOM, (SUM, SUM))
MAXIMUM = ArrayOperation(np.maximum, "maximum({}, {})", ATOM, (SUM, SUM))
MINIMUM = ArrayOperation(np.minimum, "minimum({}, {})", ATOM, (SUM, SUM))


def scaled(constant: float, expression: Expression) -> Expression:
    """A constant times an expression, the constant as few digits as name it."""
    if constant == 1:
        return expression
    if constant == -1:
        return applied(NEGATIVE, expression)
    words = f"{constant:.6g}"
    if abs(constant) < 1 and abs(1 / constant - round(1 / constant)) < 1e-9:
        text, asks = f"{{}} / {round(1 / constant)}", MATRIX
    else:
        text, asks = f"{words} * {{}}", PRODUCT
    times = ArrayOperation(
        lambda v: constant * v, text, MATRIX if asks == MATRIX else PRODUCT, (asks,)
    )
    return applied(times, expression)
