"""Finding the expression that gives an array: looked up in one trial, proved in all the others."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from handgrad.diagnosis.array_difference import reproduces
from handgrad.diagnosis.case import Array, Received
from handgrad.diagnosis.compared_array import ComparedArray
from handgrad.diagnosis.search.available_arrays import as_matrix, quantities, works_entry_by_entry
from handgrad.diagnosis.search.branching_expressions import by_sign, by_size
from handgrad.diagnosis.search.expression import (
    FILLED,
    MATRIX,
    MINUS,
    OVER,
    PLUS,
    TIMES,
    UNARY,
    ArrayOperation,
    Environment,
    Expression,
    applied,
    constant,
    named,
    scaled,
)
from handgrad.diagnosis.search.expression_table import (
    MOST_ENTRIES,
    ExpressionTable,
    SameShapeExpressions,
)
from handgrad.diagnosis.time_budget import TimeBudget

LONGEST_SECONDS = 0.02
"""The time for all arrays of an answer together, without the time for computing tables."""
CLOSE = 1e-9
MOST_IN_A_PAIR = 500
MOST_IN_A_FIT = 40
FEWEST_FOR_A_FIT = 4
"""Entries that two fitted constants must meet."""
MOST_PAIRS = 200
"""The most pairs with a matching projection that are tried; a single number matches thousands."""
MOST_PROVED = 60
"""Candidates that are tried on the other trials."""

TableProvider = Callable[[ComparedArray], ExpressionTable]
Propose = Callable[
    [Array, ExpressionTable, ComparedArray, Sequence[ComparedArray]], Iterator[Expression]
]
"""Proposes expressions from the array of one trial, that trial's table, the trial and the others."""


@dataclass(frozen=True)
class FoundExpression:
    """What an array was found to be."""

    text: str
    expression: Expression

    def reproduces(self, compared: ComparedArray) -> bool:
        """Whether it gives what was received in this trial."""
        return _gives(self.expression, compared)


def expression_table_of(compared: ComparedArray) -> ExpressionTable:
    """The short expressions over the arrays of the trial."""
    trial = compared.trial
    return ExpressionTable(quantities(trial), entry_by_entry=works_entry_by_entry(trial))


def find_expression(
    evidence: Sequence[ComparedArray],
    table_for: TableProvider = expression_table_of,
    budget: TimeBudget | None = None,
) -> FoundExpression | None:
    """The shortest expression found that reproduces one array in every trial, or None.

    Looked for in one trial: a multiple of an expression of the table; one such for some sizes and
    another for the rest; one for each sign of x; a sum, a difference, a product, a quotient or a fit
    of two. Every candidate is then computed in all other trials and must equal what was received there
    to 1e-9, so that no coincidence is taken for an explanation.

    Args:
        evidence: one array in every trial.
        table_for: gives the table of a trial, computed once and kept.
        budget: the processor time after which the search gives up.
    """
    if not all(_numbers(compared) is not None for compared in evidence):
        return None
    left = TimeBudget(LONGEST_SECONDS) if budget is None else budget
    wrong = [s for s in evidence if s.is_wrong]

    def first_of(propose: Propose, some: Sequence[ComparedArray] = evidence) -> Expression | None:
        probes = wrong if some is evidence else some
        return _proved(propose, some, probes, table_for, left)

    with np.errstate(all="ignore"):
        found = (
            first_of(_multiples_of_one)
            or by_size(evidence, _environment, lambda some: first_of(_multiples_of_one, some))
            or first_of(_branches)
            or first_of(_made_of_two)
        )
    return None if found is None else FoundExpression(str(found), found)


def _proved(
    propose: Propose,
    evidence: Sequence[ComparedArray],
    probes: Sequence[ComparedArray],
    table_for: TableProvider,
    budget: TimeBudget,
) -> Expression | None:
    """The first of the expressions proposed for one of the probes that gives what was received everywhere."""
    in_one_call = [s for s in probes if s.trial.case.situation == "one-call"]
    if not in_one_call or budget.is_spent:
        return None
    probe = max(in_one_call, key=_quality)
    target = _numbers(probe)
    assert target is not None
    others = [s for s in evidence if s is not probe]
    with budget.paused():
        table = table_for(probe)
    own = _own_name(probe)
    for tried, expression in enumerate(propose(target, table, probe, others)):
        if own is not None and own in expression.names:
            continue
        if all(_gives(expression, s) for s in (probe, *others)):
            return expression
        if tried >= MOST_PROVED or budget.is_spent:
            return None
    return None


def _branches(
    target: Array, table: ExpressionTable, probe: ComparedArray, others: Sequence[ComparedArray]
) -> Iterator[Expression]:
    """Formulas with a branch for each sign of x, for a layer that works entry by entry."""
    same_shape, x = table.by_shape.get(target.shape), table.environment.get("x")
    if same_shape is None or x is None or x.shape != target.shape:
        return
    zeros = None
    for compared in others:
        arrays, received = quantities(compared.trial), _numbers(compared)
        if (
            received is not None
            and received.shape == arrays["x"].shape
            and (arrays["x"] == 0).any()
        ):
            zeros = received, arrays
            break
    yield from by_sign(target, same_shape, x, zeros)


def _own_name(compared: ComparedArray) -> str | None:
    """What forward's output is called in expressions: it is not to be explained by itself."""
    if compared.array not in compared.trial.case.outputs:
        return None
    return "out" if works_entry_by_entry(compared.trial) else compared.array


def _quality(compared: ComparedArray) -> tuple[bool, int]:
    """A trial is good to search in when its sizes differ and it has many entries, yet not too many."""
    differs = compared.trial.case.kind == "different-sizes"
    return differs, -abs(int(np.asarray(compared.received.array).size) - 24)


def _numbers(compared: ComparedArray) -> Array | None:
    """The received array, flattened as the layer does; None where it is no array of finite numbers."""
    got = compared.received.array
    if got is None or got.dtype.kind not in "fiub" or not 0 < got.size <= MOST_ENTRIES:
        return None
    if not np.isfinite(got).all():
        return None
    wide = got.astype(np.float64)
    if got.shape == np.shape(compared.trial.case.inputs.get("x", 0)):
        return as_matrix(wide, compared.trial)
    return wide


def _gives(expression: Expression, compared: ComparedArray) -> bool:
    got = _numbers(compared)
    if got is None:
        return False
    try:
        value = np.asarray(expression.value(_environment(compared)))
    except (ValueError, IndexError):  # the shapes do not fit
        return False
    received = compared.received.array
    single = received is not None and received.dtype.kind == "f" and received.dtype.itemsize < 8
    return reproduces(Received.of(got.astype(np.float32) if single else got), value)


PLAIN_CONSTANTS = (1, -1, 2, -2, 0.5, -0.5)


def _environment(compared: ComparedArray) -> Environment:
    return {**quantities(compared.trial), **_sizes(compared)}


def _sizes(compared: ComparedArray) -> dict[str, Array]:
    """B, N and M as numbers; for a layer that works entry by entry only B."""
    trial = compared.trial
    found: dict[str, Array] = {}
    if trial.case.batch_size:
        found["B"] = np.asarray(float(trial.case.batch_size))
    weights = trial.case.inputs.get("W", 0)
    if np.ndim(weights) == 2:
        found["N"], found["M"] = (np.asarray(float(n)) for n in np.shape(weights))
    return found


def _multiples_of_one(
    target: Array, table: ExpressionTable, probe: ComparedArray, others: Sequence[ComparedArray]
) -> Iterator[Expression]:
    """Expressions of the table, and multiples of them."""
    same_shape = table.by_shape.get(target.shape)
    if same_shape is None:
        return
    t = target.ravel()
    if t.size > 1 and (t == t[0]).all():
        yield from _filled(float(t[0]), table, same_shape.expressions[0])
        return
    exact, multiples = _multiples(t, same_shape)
    yield from exact
    for expression, factor in multiples:
        yield from _scaled_by(expression, factor, probe)


def _made_of_two(
    target: Array, table: ExpressionTable, probe: ComparedArray, others: Sequence[ComparedArray]
) -> Iterator[Expression]:
    """Sums, differences, products, quotients and fits of two expressions of the table."""
    same_shape = table.by_shape.get(target.shape)
    t = target.ravel()
    if same_shape is None or (t.size > 1 and (t == t[0]).all()):
        return
    yield from _sums(t, same_shape)
    for expression, factor in _products(t, same_shape):
        yield from _scaled_by(expression, factor, probe)
    yield from _fits(t, same_shape)


def _filled(number: float, table: ExpressionTable, like: Expression) -> Iterator[Expression]:
    """One number in every entry: a constant, or a sum over a whole array."""
    yield applied(FILLED, like, constant(number))
    scalars = table.by_shape.get(())
    if scalars is not None:
        for expression in _multiples(np.array([number]), scalars)[0]:
            yield applied(FILLED, like, expression)


def _multiples(
    t: Array, same_shape: SameShapeExpressions
) -> tuple[list[Expression], list[tuple[Expression, float]]]:
    """Expressions of which the target is a multiple, the shortest first; and which multiple."""
    values = same_shape.values
    squares = np.einsum("ij,ij->i", values, values)
    factors = values @ t / squares
    errors = np.abs(values * factors[:, None] - t).max(axis=1)
    is_met = errors <= CLOSE * max(1.0, float(np.abs(t).max()))
    found = np.flatnonzero(
        is_met & (np.abs(factors) > CLOSE)
    )  # nothing is a multiple of all things
    written = [
        (expression, float(factors[i]))
        for i in found.tolist()
        for expression in same_shape.written(i)
    ]
    written.sort(key=lambda pair: pair[0].cost)
    exact = [expression for expression, factor in written if abs(factor - 1) < CLOSE]
    return exact, [pair for pair in written if abs(pair[1] - 1) >= CLOSE]


def _scaled_by(expression: Expression, factor: float, probe: ComparedArray) -> Iterator[Expression]:
    """A multiple as the code may have written it: a sign, the sizes, a constant."""
    if abs(factor - 1) < CLOSE:
        yield expression
    if abs(factor + 1) < CLOSE:
        yield scaled(-1, expression)
    sizes = {name: float(value) for name, value in _sizes(probe).items()}
    for text, names, size_factor in _size_factors(sizes):
        rest = factor / size_factor
        nearest = float(f"{rest:.6g}")
        if abs(rest - nearest) < CLOSE * max(1, abs(rest)) and nearest in PLAIN_CONSTANTS:
            asks = (MATRIX, *(UNARY for _ in names))
            by = ArrayOperation(_multiplied if "/" not in text else _divided, text, MATRIX, asks)
            yield scaled(nearest, applied(by, expression, *map(named, names)))
    yield scaled(float(f"{factor:.12g}"), expression)


def _size_factors(sizes: dict[str, float]) -> list[tuple[str, tuple[str, ...], float]]:
    """What a code that counts something multiplies or divides by, as written and as a number."""
    return [
        *(("{} / {}", (n,), 1 / v) for n, v in sizes.items()),
        *(("{} * {}", (n,), v) for n, v in sizes.items()),
        *(
            ("{} / ({} * {})", (n, m), 1 / (sizes[n] * sizes[m]))
            for n, m in itertools.combinations(sizes, 2)
        ),
    ]


def _multiplied(v: Array, *sizes: Array) -> Array:
    return np.asarray(v * math.prod(float(size) for size in sizes))


def _divided(v: Array, *sizes: Array) -> Array:
    return np.asarray(v / math.prod(float(size) for size in sizes))


def _simplest(same_shape: SameShapeExpressions, count: int) -> list[int]:
    order = sorted(range(len(same_shape.expressions)), key=lambda i: same_shape.expressions[i].cost)
    return order[:count]


def _sums(t: Array, same_shape: SameShapeExpressions) -> Iterator[Expression]:
    """Sums and differences of two expressions: their projections on one random vector add up."""
    order = _simplest(same_shape, MOST_IN_A_PAIR)
    values = same_shape.values[order]
    direction = np.random.default_rng(len(t)).standard_normal(len(t))
    projections, aim = values @ direction, float(t @ direction)
    scale = CLOSE * max(1.0, float(np.abs(projections).max()))
    found = []
    for operation, sign in ((PLUS, 1.0), (MINUS, -1.0)):
        pairs = np.argwhere(np.abs(projections[:, None] + sign * projections - aim) <= scale)
        for i, j in pairs[:MOST_PAIRS]:
            if operation is PLUS and i > j:
                continue
            if np.abs(values[i] + sign * values[j] - t).max() <= CLOSE * max(1, np.abs(t).max()):
                one, other = (same_shape.expressions[order[k]] for k in (i, j))
                found.append(applied(operation, one, other))
    negative = np.argwhere(np.abs(projections[:, None] + projections + aim) <= scale)
    for i, j in negative[:MOST_PAIRS]:
        if i <= j and np.abs(values[i] + values[j] + t).max() <= CLOSE * max(1, np.abs(t).max()):
            one, other = (same_shape.expressions[order[k]] for k in (i, j))
            found.append(scaled(-1, applied(PLUS, one, other)))
    yield from sorted(found, key=lambda expression: expression.cost)


def _products(t: Array, same_shape: SameShapeExpressions) -> Iterator[tuple[Expression, float]]:
    """A constant times the product of two expressions: logarithms of magnitudes add up.

    They are projected on a random vector whose entries sum to zero, so that the constant is lost.
    Only entries that are not zero in the target count; there no factor may be zero.
    """
    alive = t != 0
    if np.count_nonzero(alive) < 3:
        return
    order = _simplest(same_shape, MOST_IN_A_PAIR)
    logs = np.log(np.abs(same_shape.values[order][:, alive]))
    usable = np.flatnonzero(np.isfinite(logs).all(axis=1))
    logs = logs[usable]
    direction = np.random.default_rng(len(t) + 1).standard_normal((logs.shape[1],))
    direction -= direction.mean()
    projections, aim = logs @ direction, float(np.log(np.abs(t[alive])) @ direction)
    found = []
    for operation, sign in ((TIMES, 1), (OVER, -1)):
        pairs = np.argwhere(np.abs(projections[:, None] + sign * projections - aim) <= 1e-8)
        for i, j in pairs[:MOST_PAIRS]:
            if sign > 0 and i > j:
                continue
            a, b = (order[usable[k]] for k in (i, j))
            product = operation.compute(same_shape.values[a], same_shape.values[b])
            factor = float(product @ t / (product @ product))
            if np.abs(factor * product - t).max() <= CLOSE * max(1, np.abs(t).max()):
                pair = applied(operation, same_shape.expressions[a], same_shape.expressions[b])
                found.append((pair, factor))
    yield from sorted(found, key=lambda pair: pair[0].cost)


def _fits(t: Array, same_shape: SameShapeExpressions) -> Iterator[Expression]:
    """Two expressions with a constant each, by least squares over all pairs of the simplest."""
    if len(t) < FEWEST_FOR_A_FIT:
        return
    order = _simplest(same_shape, MOST_IN_A_FIT)
    v = same_shape.values[order]
    gram, aim = v @ v.T, v @ t
    square = np.diag(gram)
    determinant = square[:, None] * square - gram**2
    a = (aim[:, None] * square - gram * aim) / determinant
    explained = a * aim[:, None] + a.T * aim
    residual = np.abs(float(t @ t) - explained) / float(t @ t)
    found = []
    for i, j in np.argwhere(np.triu(residual <= 1e-8, 1))[:MOST_PAIRS]:
        first, second = float(f"{a[i, j]:.9g}"), float(f"{a[j, i]:.9g}")
        if np.abs(first * v[i] + second * v[j] - t).max() > CLOSE * max(1, np.abs(t).max()):
            continue
        one, other = (same_shape.expressions[order[k]] for k in (i, j))
        if abs(first) < 1e-7 or abs(second) < 1e-7:
            continue
        if second < 0:
            found.append(applied(MINUS, scaled(first, one), scaled(-second, other)))
        else:
            found.append(applied(PLUS, scaled(first, one), scaled(second, other)))
    yield from sorted(found, key=lambda expression: expression.cost)
