"""Which adapter serves what was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handgrad.checking.adapters.functions import FunctionSubject, Vjp
from handgrad.checking.adapters.numpy_layer import LayerSubject
from handgrad.checking.numeric.subject import Subject


def subject_of(
    f: object,
    inputs: Sequence[Any],
    *,
    parameters: Mapping[str, str] | None = None,
    names: Sequence[str] | None = None,
) -> Subject:
    """What was given to `check`, as a subject.

    Raises:
        CheckError: it has no forward and backward.
    """
    if isinstance(f, Vjp):
        return FunctionSubject.of(f, inputs, names)
    return LayerSubject.of(f, inputs, parameters=parameters, names=names)
