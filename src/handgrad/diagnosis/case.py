"""A case: inputs and a short script that runs a class on them; and what was observed when it ran.

The script is plain Python, the lines a person would write to try the class::

    layer = FullyConnected(W, b)
    y = layer.forward(x)
    dx = layer.backward(dout)
    dW = layer.dW

The same script runs the class under test and the reference; the names it
assigns are what is compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from handgrad.languages import Text

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Case:
    """One run of a class: its inputs, its script, and what must hold afterwards.

    Attributes:
        kind: what this case covers, e.g. ``"batch-of-one"``; a kind has one name in every level.
        title: the kind in words, for messages ("a batch of one").
        inputs: the arrays (and plain numbers) that the script may use, by name. The sandbox keeps
            strides, so a case may pass a non-contiguous array.
        script: the lines that run the class; each line is ``name = expression`` or an expression.
        compared: names assigned by the script that must equal the reference's, in the order in
            which they are compared (the forward output first).
        guarded: inputs that the code must not modify → the mistake or warning that a change is.
        kept: names that must be equal though the script reads them at different times, later →
            earlier, e.g. ``{"W_after": "W_before"}`` for a layer that may rebind its own W. The
            part before the underscore is the parameter's name.
        outputs: compared names whose array must not be overwritten later in the script (a change
            is the warning ``output-changed``).
        warning: when set, this case never makes a verdict wrong: any failure in it is reported as
            this warning.
        companions: for a case of several calls or instances, the reference's arrays that a known
            mistake confuses with the compared ones: compared name → names assigned by the script
            (``{"dW": ("dW_earlier",)}``).
        read_only: inputs that are passed as read-only arrays, so that NumPy raises where they are
            written to.
        situation: what the companions are: arrays of an earlier call, or of another instance.
    """

    kind: str
    title: Text
    inputs: Mapping[str, Any]
    script: str
    compared: tuple[str, ...]
    guarded: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()
    warning: str | None = None
    companions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    situation: Literal["one-call", "second-call", "two-instances"] = "one-call"
    read_only: tuple[str, ...] = ()

    @property
    def batch_size(self) -> int | None:
        """The number of samples: the first axis of the upstream gradient, else of the input."""
        for name in ("dout", "x"):
            if name in self.inputs and np.ndim(self.inputs[name]):
                return len(self.inputs[name])
        return None


@dataclass(frozen=True, eq=False)
class Received:
    """What the code under test gave for one name: an array, or the reason why there is none.

    `kind` is ``array``; ``nothing`` (None); ``tuple``; ``missing`` (no such attribute);
    ``object`` (anything that is no array of numbers, `type_name` says what).
    """

    kind: Literal["array", "nothing", "tuple", "missing", "object"]
    type_name: str
    array: Array | None = None
    other_attributes: Mapping[str, Array] = field(default_factory=dict)
    is_local_variable: bool = False

    @classmethod
    def of(cls, array: Array) -> Received:
        """An array as it was received."""
        return cls(kind="array", type_name="ndarray", array=np.asarray(array))


@dataclass(frozen=True, eq=False)
class Raised:
    """An exception that ended a case: where, as the author of the code sees it."""

    type_name: str
    message: str
    line: int | None
    column: int | None
    in_answer: bool
    refused: bool = False  # the sandbox refused an act and the code did not handle it
    out_of_memory: bool = False
    ended_process: bool = False
    is_import_error: bool = False
    import_name: str | None = None  # the module that could not be imported


@dataclass(frozen=True, eq=False)
class NumpyWarning:
    """A warning NumPy gave while a line of the code under test ran."""

    message: str
    line: int
    in_region: bool


@dataclass(frozen=True, eq=False)
class Observation:
    """What was observed when a case ran.

    `seconds`: how long it took, as reported by the process that ran it.
    """

    values: Mapping[str, Received]
    inputs_after: Mapping[str, Array] = field(default_factory=dict)
    overwritten: tuple[str, ...] = ()
    raised: Raised | None = None
    numpy_warnings: tuple[NumpyWarning, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Trial:
    """A case, what the reference computed for it, and what was observed of the code under test."""

    case: Case
    number: int
    expected: Mapping[str, Any]
    observed: Observation
