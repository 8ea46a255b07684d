"""Compares gradients computed in low precision, entry by entry, with those in float64.

The error bound is a few times the effect of rounding on the same computation. That effect is seen in
the reference run in the code's own type, or in the code itself with every input changed in its last
digit.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from handgrad.gradcheck.engine import sentences
from handgrad.gradcheck.engine.code_under_test import Array, Point
from handgrad.gradcheck.engine.gradient_defects import defect_of
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import Runs, perturbed
from handgrad.gradcheck.findings import ArrayReport, GradientVerdict, WrongEntry
from handgrad.languages import Text

GRANTED = 8.0
"""The error of an entry that is accepted, in units of the array's typical rounding."""
LAST_DIGITS = 4.0
"""The further error that is accepted, in units of the entry's own last digit."""
MOST_SHOWN = 64


def perturbed_pass(
    runs: Runs, point: Point, u: Array, rng: np.random.Generator
) -> tuple[Array, Mapping[str, object]]:
    """Outputs and gradients with every number changed in its last digit, so that all rounding differs."""
    jitter = runs.epsilon * rng.choice((-1.0, 1.0), u.shape)
    return runs.forward_and_backward(perturbed(point, runs.epsilon, rng), u * (1 + jitter))


def entry_tolerance(exact: Array, rounding: Array, epsilon: float, samples: int = 1) -> Array:
    """The error of each entry that is accepted.

    Args:
        exact: the gradient in float64.
        rounding: the error of the same computation in the code's own type.
        epsilon: of that type.
        samples: how often that error was sampled, entry by entry.

    >>> entry_tolerance(np.array([1.0, 0.0]), np.array([1e-3, 0.0]), 1e-3).round(4).tolist()
    [0.0457, 0.0377]
    """
    own = LAST_DIGITS * (rounding + epsilon * np.abs(exact))
    few = 1 + 8 / np.sqrt(max(1, exact.size * samples))  # with few entries the sample is small
    return np.asarray(GRANTED * few * root_mean_square(rounding) + own)


def compared_entrywise(
    name: str,
    called: str,
    given: object,
    exact: Array,
    tolerance: Array,
    why: Text,
    saturated: float = 0.0,
) -> ArrayReport:
    """The verdict on one array that was computed in low precision.

    Args:
        name: the primal.
        called: the gradient.
        given: the gradient received.
        exact: the right gradient, in float64.
        tolerance: the error of each entry that is accepted.
        why: the reason to report for a wrong array.
        saturated: the error that rounding of numbers of order one explains (see `Discrepancy`).
    """
    defect = defect_of(given, exact)
    if defect is not None:
        reason = defect.format(name=called)
        return ArrayReport(called, name, exact.shape, "wrong", "reference", reason=reason)
    received = np.asarray(given, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        off = np.abs(received - exact)
        wrong = ~(off <= tolerance + saturated)
        doubtful = not wrong.any() and bool((off > tolerance).any())
    worst = int(np.argmax(np.where(np.isfinite(off), off - tolerance, np.inf))) if off.size else 0
    entries = _entries(received, exact, off, wrong, tolerance)
    size = root_mean_square(exact) * np.sqrt(exact.size)
    word: GradientVerdict = "wrong" if entries else "right"
    typical = float(tolerance.flat[worst]) if off.size else 0.0
    if doubtful:
        word, why = "cannot-tell", sentences.SATURATED
    elif word == "right" and typical > 0.5 * root_mean_square(exact) > 0:
        word, why = (
            "cannot-tell",
            sentences.TOO_COARSE.format(
                bound=f"{typical:.1e}", size=f"{root_mean_square(exact):.1e}"
            ),
        )
    return ArrayReport(
        called,
        name,
        exact.shape,
        word,
        "reference",
        float(off.flat[worst]) if off.size else 0.0,
        typical,
        float(size),
        None if word == "right" else why,
        wrong_entries=entries,
        wrong_count=int(np.count_nonzero(wrong)) if entries else None,
    )


def _entries(
    received: Array, exact: Array, off: Array, wrong: Array, tolerance: Array
) -> tuple[WrongEntry, ...]:
    """The wrong entries, the largest errors first."""
    order = sorted(np.flatnonzero(wrong), key=lambda i: -float(off.flat[i]))[:MOST_SHOWN]
    return tuple(
        WrongEntry(
            tuple(int(k) for k in np.unravel_index(i, exact.shape)),
            float(received.flat[i]),
            float(exact.flat[i]),
            float(tolerance.flat[i]),
        )
        for i in order
    )
