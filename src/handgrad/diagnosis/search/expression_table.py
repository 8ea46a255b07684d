"""All short expressions over the arrays of one trial, computed once, whatever answer arrives."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from handgrad.diagnosis.case import Array
from handgrad.diagnosis.search.expression import (
    ALONG_LAST,
    COMPARISONS,
    ELEMENTWISE,
    FLIPPED,
    GATES,
    INVERSE,
    MATRIX_PRODUCT,
    MAXIMUM,
    MINIMUM,
    MINUS,
    OF_OUTPUT,
    OUTER,
    PLUS,
    RECIPROCAL,
    REDUCTIONS,
    RESHAPED,
    ROWS,
    TIMES,
    TRANSPOSED,
    WHOLE,
    ArrayOperation,
    Environment,
    Expression,
    applied,
    named,
)

MOST_EXPRESSIONS = 6_000
MOST_ENTRIES = 4_096
"""Of a value that is kept."""
MOST_NAMES = 8
LONGEST_TWIN = 2
"""The cost of an expression that is kept though a shorter one has its value: one operation."""


@dataclass
class SameShapeExpressions:
    """The expressions whose value has one shape, the shortest first, and their values as rows.

    A value may be another's by chance, in this trial only: the largest of two rows is the first of
    them now and then. What is short is therefore kept as a twin of the expression that came first.
    """

    expressions: list[Expression] = field(default_factory=list)
    rows: list[Array] = field(default_factory=list)
    twins: dict[int, list[Expression]] = field(default_factory=dict)
    _values: Array | None = None

    @property
    def values(self) -> Array:
        """``(expressions, entries)``."""
        if self._values is None or len(self._values) != len(self.rows):
            self._values = np.array(self.rows)
        return self._values

    def written(self, row: int) -> list[Expression]:
        """The ways of writing a row's value, the one that came first before its twins."""
        return [self.expressions[row], *self.twins.get(row, ())]


class ExpressionTable:
    """Every expression up to a length, by the shape of its value; of equal values only the shortest.

    The environment's arrays come first, then what one operation makes of them, then products and
    sums of two of those, and products of three matrices.
    """

    def __init__(self, environment: Environment, *, entry_by_entry: bool) -> None:
        self.environment = environment
        self.by_shape: dict[tuple[int, ...], SameShapeExpressions] = {}
        self._known: dict[tuple[tuple[int, ...], bytes, str], int] = {}
        self._count = 0
        self._entry_by_entry = entry_by_entry
        names = list(environment)[:MOST_NAMES]
        with np.errstate(all="ignore"):
            self._fill([(named(name), np.asarray(environment[name])) for name in names])

    def _fill(self, atoms: list[tuple[Expression, Array]]) -> None:
        if self._entry_by_entry:
            self._fill_entry_by_entry(atoms)
        else:
            self._fill_with_matrices(atoms)

    def _fill_entry_by_entry(self, atoms: list[tuple[Expression, Array]]) -> None:
        first = self._kept(atoms)
        core = first + self._kept(self._unary(ELEMENTWISE[:1], first))
        simple = core + self._kept(self._unary((*ELEMENTWISE[1:], *COMPARISONS), first))
        products = self._kept(self._pairs((TIMES,), core))
        self._kept(self._pairs((TIMES, PLUS, MINUS), simple))
        self._kept(self._pairs((MAXIMUM, MINIMUM), first))
        self._kept(self._unary(ELEMENTWISE[:1], products))
        triples = self._kept(self._pairs((TIMES,), core, products))
        self._kept(self._unary(REDUCTIONS[:3], [*first, *triples]))
        spread = self._kept(self._unary((ALONG_LAST, REDUCTIONS[2]), [*core, *products]))
        self._kept(self._pairs((TIMES,), first, self._kept(self._pairs((MINUS,), first, spread))))
        gates = self._kept(self._unary(GATES, first))
        self._kept(self._pairs((TIMES,), first, [*gates, *spread]))

    def _fill_with_matrices(self, atoms: list[tuple[Expression, Array]]) -> None:
        first = self._kept(atoms)
        matrices = [one for one in first if one[1].ndim == 2]
        flipped = first + self._kept(self._unary((TRANSPOSED,), first))
        odd = self._kept(self._unary((RESHAPED, INVERSE, RECIPROCAL, FLIPPED), matrices))
        odd += self._kept(self._unary((TRANSPOSED,), odd))
        products = self._kept(self._pairs((MATRIX_PRODUCT,), flipped))
        reduced = self._kept(self._unary(REDUCTIONS, first))
        rows = self._kept(self._unary(ROWS, first))
        combined = self._kept(self._pairs((TIMES, PLUS, MINUS), first))
        slopes = self._kept(self._unary(OF_OUTPUT, first[-1:]))
        combined += self._kept(self._pairs((TIMES,), first, slopes))
        combined += self._kept(self._unary(WHOLE[:5], first))
        wanted = {value.shape for _, value in atoms}
        turned = self._kept(self._unary((TRANSPOSED,), products))
        inner = combined + self._kept(self._unary((TRANSPOSED,), combined))
        for outer in (inner, odd, products + turned):
            self._kept(self._pairs((MATRIX_PRODUCT,), flipped, outer, wanted))
            self._kept(self._pairs((MATRIX_PRODUCT,), outer, flipped, wanted))
        self._kept(self._unary((*REDUCTIONS, *ROWS[:2]), products))
        self._kept(self._unary(REDUCTIONS, combined))
        self._kept(self._pairs((TIMES,), [*first, *products]))
        finished = [one for one in (*products, *reduced) if one[1].shape in wanted]
        self._kept(self._unary(WHOLE, finished))
        flat = [one for one in (*reduced, *rows) if one[1].ndim == 1]
        self._kept(self._pairs((OUTER,), flat, flat, wanted))
        self._kept(self._unary(ELEMENTWISE[2:6], first))
        self._kept(self._pairs((TIMES, PLUS, MINUS), first, reduced))

    def _unary(
        self, operations: Iterable[ArrayOperation], operands: Sequence[tuple[Expression, Array]]
    ) -> Iterator[tuple[Expression, Array]]:
        for operation in operations:
            for expression, value in operands:
                try:
                    result = operation.compute(value)
                except (ValueError, IndexError):  # no such axis
                    continue
                yield applied(operation, expression), np.asarray(result)

    def _pairs(
        self,
        operations: Iterable[ArrayOperation],
        left: Sequence[tuple[Expression, Array]],
        right: Sequence[tuple[Expression, Array]] | None = None,
        wanted: Collection[tuple[int, ...]] | None = None,
    ) -> Iterator[tuple[Expression, Array]]:
        for operation in operations:
            for i, (one, a) in enumerate(left):
                for j, (other, b) in enumerate(left if right is None else right):
                    if operation is OUTER:
                        if wanted is not None and (a.size, b.size) not in wanted:
                            continue
                    elif operation is MATRIX_PRODUCT:
                        if a.ndim == 0 or b.ndim == 0 or a.shape[-1] != b.shape[max(0, b.ndim - 2)]:
                            continue
                        if wanted is not None and (*a.shape[:-1], *b.shape[1:]) not in wanted:
                            continue
                    elif a.shape != b.shape and not _is_row_of(b, a):
                        continue
                    elif (
                        right is None
                        and operation in (TIMES, PLUS)
                        and i > j
                        and a.shape == b.shape
                    ):
                        continue  # the other order is the same
                    yield applied(operation, one, other), np.asarray(operation.compute(a, b))

    def _kept(
        self, candidates: Iterable[tuple[Expression, Array]]
    ) -> list[tuple[Expression, Array]]:
        """Those whose value is new, small, finite and not nothing but zeros; short ones as twins."""
        kept = []
        for expression, value in candidates:
            if self._count >= MOST_EXPRESSIONS:
                break
            if not 0 < value.size <= MOST_ENTRIES:
                continue
            largest = float(np.abs(value).max())
            if not 0 < largest < np.inf:
                continue
            key = (value.shape, (value / largest).round(9).tobytes(), f"{largest:.9g}")
            same_shape = self.by_shape.setdefault(value.shape, SameShapeExpressions())
            first = self._known.setdefault(key, len(same_shape.rows))
            if first < len(same_shape.rows):
                if expression.cost <= LONGEST_TWIN:
                    same_shape.twins.setdefault(first, []).append(expression)
                continue
            self._count += 1
            same_shape.expressions.append(expression)
            same_shape.rows.append(np.asarray(value, dtype=np.float64).ravel())
            kept.append((expression, value))
        return kept


def _is_row_of(b: Array, a: Array) -> bool:
    """Whether NumPy would stretch b over a."""
    if b.ndim > a.ndim or a.ndim < 2:
        return False
    fits = zip(b.shape[::-1], a.shape[::-1], strict=False)
    return b.ndim == 0 or all(one in (1, other) for one, other in fits)
