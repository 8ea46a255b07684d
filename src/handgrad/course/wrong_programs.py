"""Mistakes written as programs: the wrong class itself, run on a case's own script.

Where a formula would be long (a network, an optimizer), it is shorter to write the wrong class and
to run it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from handgrad.arrays import Array
from handgrad.diagnosis.case import Case, Trial
from handgrad.sandbox.protocol.script import ScriptOutcome, compile_script, run_script


def predicted_by(classes: Mapping[str, Any]) -> Callable[[Trial, str], Array]:
    """A prediction for a `Mistake`: what an array is when these classes run the case's script.

    It raises what the program raises before it has come to the array, and LookupError where the
    program leaves none.

    Args:
        classes: the wrong class and the classes given to it, by the names of the script.

    >>> class Doubling:
    ...     def forward(self, x):
    ...         return 2 * x
    >>> from handgrad.diagnosis.case import Observation
    >>> from handgrad.languages import Text
    >>> case = Case("", Text("", ""), {"x": np.ones(2)}, "y = Layer().forward(x)", ("y",))
    >>> predicted_by({"Layer": Doubling})(Trial(case, 1, {}, Observation({})), "y")
    array([2., 2.])
    """
    outcomes: WeakKeyDictionary[Case, ScriptOutcome] = WeakKeyDictionary()

    def predict(trial: Trial, array: str) -> Array:
        outcome = outcomes.get(trial.case)
        if outcome is None:
            outcome = outcomes[trial.case] = _run(trial.case, classes)
        value = outcome.values.get(array)
        if value is not None and value.array is not None:
            return value.array
        if value is None and outcome.error is not None:
            raise outcome.error
        raise LookupError(f"the program leaves no array {array}")

    return predict


def _run(case: Case, classes: Mapping[str, Any]) -> ScriptOutcome:
    # A wrong program may write into its inputs.
    inputs = {name: _copy(value) for name, value in case.inputs.items()}
    with np.errstate(all="ignore"):
        return run_script(compile_script(case.script), {**classes, **inputs}, case.compared)


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value
