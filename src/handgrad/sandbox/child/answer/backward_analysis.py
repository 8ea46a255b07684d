"""Properties of an answer's backward: whether it loops or calls forward, and how long it takes.

They are never evidence against an answer; they can only lead to a warning on one that passes.
"""

from __future__ import annotations

import opcode
import time
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType
from typing import Any

import numpy as np

LOOPS = {
    number for name, number in opcode.opmap.items() if name.startswith(("FOR_ITER", "JUMP_BACK"))
}


def calls_forward(judged: type) -> bool:
    """Whether a method of the class other than forward itself names ``forward`` in its code."""
    methods = [value for name, value in list(vars(judged).items()) if name != "forward"]
    return any("forward" in code.co_names for code in _codes(methods))


def loops(names: dict[str, Any], judged: type) -> bool:
    """Whether a method of the class, or a function beside it, has a loop or a comprehension."""
    functions = [*list(vars(judged).values()), *list(names.values())]
    return any(not LOOPS.isdisjoint(code.co_code[::2]) for code in _codes(functions))


def _codes(values: Iterable[Any]) -> Iterator[CodeType]:
    """The code of those values that are functions, and of all functions inside them."""
    left = [value.__code__ for value in values if isinstance(value, FunctionType)]
    while left:
        code = left.pop()
        yield code
        left += [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def forwards_that_differ(layer: Any, output: Any, *arguments: Any) -> int:
    """Run ``layer.backward(*arguments)`` and count the calls of forward in it with another output.

    Computing the same output again is a way to save memory; computing it for shifted inputs or
    parameters is numerical differentiation.
    """
    kind = type(layer)
    forward = kind.forward
    first = np.array(output, copy=True)
    count = 0

    def counted(self: Any, *given: Any, **named: Any) -> Any:
        nonlocal count
        result = forward(self, *given, **named)
        if self is layer and not np.array_equal(first, result, equal_nan=True):
            count += 1
        return result

    kind.forward = counted
    try:
        layer.backward(*arguments)
    finally:
        kind.forward = forward
    return count


def seconds_of_backward(layer: Any, *arguments: Any) -> float:
    """How long one ``layer.backward(*arguments)`` takes."""
    before = time.perf_counter()
    layer.backward(*arguments)
    return time.perf_counter() - before


HELPERS = {
    "forwards_that_differ": forwards_that_differ,
    "seconds_of_backward": seconds_of_backward,
}
"""Functions that a case's script may use, besides its inputs and the judged classes."""
