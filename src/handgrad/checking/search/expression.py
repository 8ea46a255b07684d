"""Expressions over named arrays: how they are computed, and how NumPy code writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from handgrad.checking.case import Array

Environment: TypeAlias = Mapping[str, Array]

SUM, MATRIX, PRODUCT, UNARY, ATOM = range(5)
"""How tightly an operation binds; what binds less tightly than its place asks for gets brackets."""


@dataclass(frozen=True)
class Operation:
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

    operation: Operation | None
    operands: tuple[Expression, ...] = ()
    name: str = ""
    cost: int = 1

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


def named(name: str) -> Expression:
    """An array by its name."""
    return Expression(None, name=name)


def constant(number: float) -> Expression:
    """A number."""
    return Expression(Operation(lambda: np.asarray(number), f"{number:.6g}", ATOM, ()))


def applied(operation: Operation, *operands: Expression) -> Expression:
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
    if v.ndim != 2 or 1 in v.shape:
        raise ValueError("the same as the transpose")
    return v.reshape(v.shape[::-1])


TRANSPOSED = Operation(_transposed, "{}.T", ATOM, (ATOM,))
RESHAPED = Operation(_reshaped, "{0}.reshape({0}.T.shape)", ATOM, (ATOM,), 2)
INVERSE = Operation(np.linalg.pinv, "pinv({})", ATOM, (SUM,), 2)
RECIPROCAL = Operation(lambda v: 1 / v, "(1 / {})", ATOM, (UNARY,))
OUTER = Operation(np.outer, "outer({}, {})", ATOM, (SUM, SUM), 2)
REDUCTIONS = (
    Operation(_along(0), "{}.sum(axis=0)", ATOM, (ATOM,)),
    Operation(_along(1), "{}.sum(axis=1)", ATOM, (ATOM,)),
    Operation(_along(None), "{}.sum()", ATOM, (ATOM,)),
    Operation(_along(0, keepdims=True), "{}.sum(axis=0, keepdims=True)", ATOM, (ATOM,), 2),
    Operation(_along(1, keepdims=True), "{}.sum(axis=1, keepdims=True)", ATOM, (ATOM,), 2),
    Operation(_along(0, mean=True), "{}.mean(axis=0)", ATOM, (ATOM,)),
    Operation(_along(1, mean=True), "{}.mean(axis=1)", ATOM, (ATOM,)),
    Operation(_along(None, mean=True), "{}.mean()", ATOM, (ATOM,)),
)
ROWS = (
    Operation(lambda v: v[0], "{}[0]", ATOM, (ATOM,)),
    Operation(lambda v: v[-1], "{}[-1]", ATOM, (ATOM,)),
    Operation(lambda v: v[:, -1], "{}[:, -1]", ATOM, (ATOM,)),
    Operation(lambda v: v[:, 0], "{}[:, 0]", ATOM, (ATOM,)),
    Operation(lambda v: np.asarray(v.max(axis=0)), "{}.max(axis=0)", ATOM, (ATOM,)),
    Operation(lambda v: np.asarray(v.min(axis=0)), "{}.min(axis=0)", ATOM, (ATOM,)),
    Operation(lambda v: np.asarray(v.prod(axis=0)), "{}.prod(axis=0)", ATOM, (ATOM,)),
)
ELEMENTWISE = (
    Operation(lambda v: 1 - v, "1 - {}", SUM, (PRODUCT,)),
    Operation(lambda v: 1 + v, "1 + {}", SUM, (PRODUCT,)),
    Operation(lambda v: v * v, "{} ** 2", UNARY, (ATOM,)),
    Operation(lambda v: 1 - v * v, "1 - {} ** 2", SUM, (ATOM,)),
    Operation(np.abs, "abs({})", ATOM, (SUM,)),
    Operation(lambda v: np.exp(-v), "exp(-{})", ATOM, (UNARY,)),
    Operation(np.exp, "exp({})", ATOM, (SUM,)),
    Operation(lambda v: np.sqrt(np.abs(v)), "sqrt(abs({}))", ATOM, (SUM,)),
    Operation(lambda v: 1 / v, "1 / {}", PRODUCT, (UNARY,)),
    Operation(lambda v: 1 / (1 + np.exp(-v)), "sigmoid({})", ATOM, (SUM,)),
    Operation(np.tanh, "tanh({})", ATOM, (SUM,)),
    Operation(lambda v: np.maximum(v, 0), "maximum({}, 0)", ATOM, (SUM,)),
)
COMPARISONS = (
    Operation(_comparison(np.greater), "({} > 0)", ATOM, (SUM,)),
    Operation(_comparison(np.less_equal), "({} <= 0)", ATOM, (SUM,)),
    Operation(_comparison(np.greater_equal), "({} >= 0)", ATOM, (SUM,)),
    Operation(_comparison(np.less), "({} < 0)", ATOM, (SUM,)),
    Operation(np.sign, "sign({})", ATOM, (SUM,)),
)
MATRIX_PRODUCT = Operation(np.matmul, "{} @ {}", MATRIX, (MATRIX, UNARY))
TIMES = Operation(np.multiply, "{} * {}", PRODUCT, (PRODUCT, PRODUCT))
PLUS = Operation(np.add, "{} + {}", SUM, (SUM, SUM))
MINUS = Operation(np.subtract, "{} - {}", SUM, (SUM, MATRIX))
OVER = Operation(np.divide, "{} / {}", PRODUCT, (PRODUCT, UNARY))
NEGATIVE = Operation(np.negative, "-{}", UNARY, (MATRIX,))
FILLED = Operation(np.full_like, "full_like({}, {})", ATOM, (SUM, SUM))
MAXIMUM = Operation(np.maximum, "maximum({}, {})", ATOM, (SUM, SUM))
MINIMUM = Operation(np.minimum, "minimum({}, {})", ATOM, (SUM, SUM))


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
    times = Operation(lambda v: constant * v, text, MATRIX if asks == MATRIX else PRODUCT, (asks,))
    return applied(times, expression)
