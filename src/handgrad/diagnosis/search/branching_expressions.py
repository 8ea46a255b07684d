"""Formulas with two branches: one for some sizes and another for the others, or one for each sign of x."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from handgrad.diagnosis.case import Array
from handgrad.diagnosis.compared_array import ComparedArray
from handgrad.diagnosis.search.expression import (
    WHERE_NEGATIVE,
    WHERE_POSITIVE,
    BySize,
    Environment,
    Expression,
    applied,
    constant,
    holds,
    named,
    scaled,
)
from handgrad.diagnosis.search.expression_table import SameShapeExpressions

CLOSE = 1e-9
MOST_OF_A_BRANCH = 4
FEWEST_IN_A_BRANCH = 2
CONDITIONS = (("N", "M"), ("B", "N"), ("B", "M"), ("B", "1"), ("N", "1"), ("M", "1"))


def by_size(
    evidence: Sequence[ComparedArray],
    environment_of: Callable[[ComparedArray], Environment],
    plain: Callable[[Sequence[ComparedArray]], Expression | None],
) -> Expression | None:
    """An expression for the trials that are wrong and one for those that are right, told apart by size.

    Code that tries one order of a product and takes the other when the shapes do not fit is wrong
    where they fit by chance.

    Args:
        evidence: one array in every trial, wrong and right ones.
        environment_of: the arrays and sizes of a trial.
        plain: finds an expression without branches.
    """
    wrong = [s for s in evidence if s.is_wrong]
    right = [s for s in evidence if not s.is_wrong]
    for sizes in CONDITIONS:
        if not right or not wrong or not _tells_apart(sizes, wrong, right, environment_of):
            continue
        there, elsewhere = plain(wrong), plain(right)
        if there is not None and elsewhere is not None:
            return BySize.of(sizes, there, elsewhere)
    return None


def _tells_apart(
    sizes: tuple[str, str],
    wrong: Sequence[ComparedArray],
    right: Sequence[ComparedArray],
    environment_of: Callable[[ComparedArray], Environment],
) -> bool:
    known = environment_of(wrong[0])
    if not all(size in known or size == "1" for size in sizes):
        return False
    return all(holds(sizes, environment_of(s)) for s in wrong) and not any(
        holds(sizes, environment_of(s)) for s in right
    )


def by_sign(
    target: Array,
    same_shape: SameShapeExpressions,
    x: Array,
    zeros: tuple[Array, Mapping[str, Array]] | None,
) -> Iterator[Expression]:
    """Expressions for where x is positive and where it is not, put together; zero may have its own.

    Args:
        target: what was received, as an array of x's shape.
        same_shape: the expressions of that shape.
        x: the input; both signs must be there.
        zeros: what was received in a trial whose x has zeros, and the arrays of that trial.
    """
    t, positive = target.ravel(), x.ravel() > 0
    if positive.all() or not positive.any():
        return
    where_positive = list(_of_a_branch(t, same_shape, positive))
    elsewhere = list(_of_a_branch(t, same_shape, ~positive))
    condition = named("x")
    for one, other in itertools.product(where_positive, elsewhere):
        yield applied(WHERE_POSITIVE, condition, one, other)
        yield applied(WHERE_NEGATIVE, condition, other, one)
    for at_zero in _at_zero(zeros):
        for one, other in itertools.product(where_positive[:2], elsewhere[:2]):
            inner = applied(WHERE_NEGATIVE, condition, other, at_zero)
            yield applied(WHERE_POSITIVE, condition, one, inner)


def _of_a_branch(t: Array, same_shape: SameShapeExpressions, place: Array) -> Iterator[Expression]:
    """What the target is in some places: a number, or a multiple of a short expression."""
    part = t[place]
    if part.size >= FEWEST_IN_A_BRANCH and (part == part[0]).all():
        yield constant(float(part[0]))
        return
    values = same_shape.values[:, place]
    squares = np.einsum("ij,ij->i", values, values)
    factors = values @ part / squares
    errors = np.abs(values * factors[:, None] - part).max(axis=1)
    fits = (errors <= CLOSE * max(1.0, float(np.abs(part).max()))) & (np.abs(factors) > CLOSE)
    found = sorted(np.flatnonzero(fits), key=lambda i: (same_shape.expressions[i].cost, i))
    for i in found[:MOST_OF_A_BRANCH]:
        factor = float(f"{factors[i]:.9g}")
        yield scaled(factor, same_shape.expressions[i])


def _at_zero(zeros: tuple[Array, Mapping[str, Array]] | None) -> Iterator[Expression]:
    """What was received where x is zero: a number, or a multiple of dout."""
    if zeros is None:
        return
    target, arrays = zeros
    place = arrays["x"] == 0
    part = target[place]
    if part.size and (part == part[0]).all():
        yield constant(float(part[0]))
    elif part.size and "dout" in arrays:
        dout = arrays["dout"][place]
        factor = float(f"{float(dout @ part) / float(dout @ dout):.9g}")
        if np.abs(factor * dout - part).max() <= CLOSE and abs(factor) > CLOSE:
            yield scaled(factor, named("dout"))
