"""A counterexample for pencil and paper, and its fields in the verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from handgrad.diagnosis.case import Array, Case, Trial
from handgrad.diagnosis.compared_array import ComparedArray
from handgrad.diagnosis.side_effects import side_effects
from handgrad.diagnosis.verdict import CounterexampleFields
from handgrad.diagnosis.verdict_names import WARNINGS

DIGITS = 6
"""Significant digits of a number that is shown."""


@dataclass(frozen=True)
class Counterexample:
    """The smallest trial that fails as the large ones do.

    Attributes:
        trial: the case, what is expected and what was received.
        wrong: its wrong arrays; empty where it raised or only a side effect shows.
    """

    trial: Trial
    wrong: tuple[ComparedArray, ...]

    @property
    def sizes(self) -> dict[str, int]:
        """B, N and M where there are weights; else the batch and the entries of a sample."""
        inputs = self.trial.case.inputs
        weights = inputs.get("W", inputs.get("W1", 0))
        sizes = {"B": self.trial.case.batch_size or len(inputs["x"])}
        if np.ndim(weights) == 2:
            last = max((n for n in inputs if n.startswith("W") and n[1:].isdigit()), default="W")
            return sizes | {"N": len(weights), "M": int(np.shape(inputs[last])[1])}
        return sizes | {"N": int(np.size(inputs["x"]) // max(1, sizes["B"]))}

    @property
    def layouts(self) -> dict[str, str]:
        """The memory layout of inputs that are not stored row by row."""
        layouts = {name: layout_of(value) for name, value in self.trial.case.inputs.items()}
        return {name: layout for name, layout in layouts.items() if layout is not None}

    @property
    def changed(self) -> dict[str, Array]:
        """Inputs and parameters that were modified, as they are afterwards."""
        case, observed = self.trial.case, self.trial.observed
        changed = {}
        for effect, array in side_effects(self.trial):
            if effect in WARNINGS:
                continue
            later = next((n for n in case.kept if n.partition("_")[0] == array), None)
            kept = observed.values.get(later) if later else None
            value = observed.inputs_after.get(array)
            if kept is not None and kept.array is not None:
                value = kept.array
            if value is not None:
                changed[array] = value
        return changed

    def fields(
        self, *, by_hand: Sequence[str] = (), script: str = "", graded: bool = False
    ) -> CounterexampleFields:
        """The field ``counterexample`` of a verdict; no expected value when graded."""
        raised = self.trial.observed.raised
        return CounterexampleFields(
            sizes=self.sizes,
            inputs={name: as_plain(v) for name, v in self.trial.case.inputs.items()},
            layouts=self.layouts,
            received={s.array: _received(s) for s in self.wrong},
            expected=None if graded else {s.array: _expected(s) for s in self.wrong},
            dtypes=dict(filter(None, map(_odd_dtype, self.wrong))),
            changed={name: as_plain(value) for name, value in self.changed.items()},
            steps=tuple(steps_of(self.trial.case)),
            raised=None if raised is None else f"{raised.type_name}: {raised.message}"[:300],
            by_hand=tuple(by_hand),
            script=script,
        )


def layout_of(value: Any) -> str | None:
    """How an array lies in memory: ``column-major``, ``reversed``, ``strided``; None row after row.

    >>> layout_of(np.ones((2, 2))), layout_of(np.ones((2, 2)).T), layout_of(np.ones((2, 4))[:, ::2])
    (None, 'column-major', 'strided')
    """
    if not isinstance(value, np.ndarray) or value.flags.c_contiguous:
        return None
    if value.flags.f_contiguous:
        return "column-major"
    return "reversed" if value.strides[0] < 0 else "strided"


def as_plain(value: Any, digits: int = DIGITS) -> Any:
    """An array as nested lists: whole numbers as such, others with six digits or as many as asked for.

    >>> as_plain(np.array([[1.0, 0.12345678], [np.nan, 2.5]]))
    [[1, 0.123457], ['nan', 2.5]]
    """
    if isinstance(value, np.ndarray):
        return as_plain(value.tolist(), digits)
    if isinstance(value, (list, tuple)):
        return [as_plain(one, digits) for one in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, float, np.number)):
        number = float(value)
        if not math.isfinite(number):
            return str(number)
        return int(number) if number.is_integer() else float(f"{number:.{digits}g}")
    return str(value)


MOST_SHOWN = 64
MANY_DIGITS = 12


def _received(compared: ComparedArray) -> Any:
    """What was received: numbers, or the type of what it is instead; None where there was nothing."""
    received = compared.received
    if received.array is not None:
        if received.array.size > MOST_SHOWN:
            return f"array of shape {received.array.shape}"
        return as_plain(received.array, _digits(compared))
    return {"missing": None, "nothing": "None"}.get(received.kind, received.type_name)


def _expected(compared: ComparedArray) -> Any:
    return as_plain(np.asarray(compared.trial.expected[compared.array]), _digits(compared))


def _digits(compared: ComparedArray) -> int:
    """As many digits as are needed to see the difference."""
    received, expected = compared.received.array, compared.trial.expected[compared.array]
    return MANY_DIGITS if as_plain(received) == as_plain(np.asarray(expected)) else DIGITS


def _odd_dtype(compared: ComparedArray) -> tuple[str, str] | None:
    """An array whose type is part of what is wrong with it, and that type."""
    array = compared.received.array
    if array is None or (array.dtype.kind == "f" and array.dtype.itemsize >= 4):
        return None
    return compared.array, str(array.dtype)


def steps_of(case: Case) -> list[str]:
    """The lines of the script, without those that read a parameter for the judge alone."""
    watching = ("_before", "_after")
    lines = case.script.splitlines()
    return [line for line in lines if line and not line.split(" = ")[0].endswith(watching)]
