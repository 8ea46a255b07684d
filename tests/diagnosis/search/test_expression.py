"""What an expression writes is what it computes: NumPy code that gives the same."""

from __future__ import annotations

import numpy as np
import pytest

from handgrad.diagnosis.search import expression as e
from handgrad.diagnosis.search.expression import BySize, applied, constant, named, scaled

NAMES = {"np": np, "pinv": np.linalg.pinv, "outer": np.outer, "full_like": np.full_like}
NAMES |= {name: getattr(np, name) for name in ("exp", "sqrt", "tanh", "maximum", "minimum", "sign")}
NAMES["sigmoid"] = lambda v: 1 / (1 + np.exp(-v))
ONE_OPERAND = [
    *e.REDUCTIONS, *e.ROWS, *e.WHOLE, *e.ELEMENTWISE, *e.COMPARISONS, *e.GATES, *e.OF_OUTPUT[1:],
    e.TRANSPOSED, e.RESHAPED, e.INVERSE, e.RECIPROCAL, e.FLIPPED, e.ALONG_LAST, e.NEGATIVE,
]  # fmt: skip
TWO_OPERANDS = [e.MATRIX_PRODUCT, e.TIMES, e.PLUS, e.MINUS, e.OVER, e.MAXIMUM, e.MINIMUM]


def as_written(expression, arrays):
    return eval(str(expression), {**NAMES, **arrays})


@pytest.fixture
def arrays(rng):
    return {name: rng.normal(size=(3, 3)) for name in "abc"}


@pytest.mark.parametrize("inner", ["a", "a + b", "a @ b"])
@pytest.mark.parametrize("operation", ONE_OPERAND, ids=lambda one: one.text)
def test_one_operand(arrays, operation, inner):
    operand = {
        "a": named("a"),
        "a + b": applied(e.PLUS, named("a"), named("b")),
        "a @ b": applied(e.MATRIX_PRODUCT, named("a"), named("b")),
    }[inner]
    expression = applied(operation, operand)
    np.testing.assert_allclose(expression.value(arrays), as_written(expression, arrays))


@pytest.mark.parametrize("outer", TWO_OPERANDS, ids=lambda one: one.text)
@pytest.mark.parametrize("inner", TWO_OPERANDS, ids=lambda one: one.text)
def test_brackets_stand_where_they_are_needed(arrays, outer, inner):
    a, b, c = map(named, "abc")
    for expression in (
        applied(outer, applied(inner, a, b), c),
        applied(outer, a, applied(inner, b, c)),
    ):
        np.testing.assert_allclose(expression.value(arrays), as_written(expression, arrays))
        assert expression.names == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("factor", "text"),
    [(1, "a"), (-1, "-a"), (2, "2 * a"), (0.5, "a / 2"), (0.3, "0.3 * a"), (-0.25, "a / -4")],
)
def test_a_constant_is_written_with_few_digits(arrays, factor, text):
    expression = scaled(factor, named("a"))
    assert str(expression) == text
    np.testing.assert_allclose(expression.value(arrays), factor * arrays["a"])


def test_a_size_chooses_between_two_expressions(arrays):
    chosen = BySize.of(("N", "M"), named("a"), named("b"))
    assert str(chosen) == "a if N == M else b"
    for N, which in ((2.0, "a"), (3.0, "b")):
        environment = arrays | {"N": np.asarray(N), "M": np.asarray(2.0)}
        assert chosen.value(environment) is arrays[which]
    one = BySize.of(("B", "1"), named("a"), named("b"))
    assert one.value(arrays | {"B": np.asarray(1.0)}) is arrays["a"]


def test_a_longer_expression_costs_more():
    short = applied(e.PLUS, named("a"), named("b"))
    assert named("a").cost < short.cost < applied(e.TIMES, short, constant(2)).cost
