"""Runs a case's script line by line and keeps a copy of every value that it assigns.

The child runs scripts with the answer's classes; the judge runs the same scripts with
the reference classes in its own process.
"""

from __future__ import annotations

import ast
import threading
import traceback
from collections.abc import Collection
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .frames import ValueKind

MAX_OTHER_ATTRIBUTES = 8
MAX_OTHER_ENTRIES = 4096
LARGEST_COPIED = 8 << 20
NUMBERS = (bool, int, float, complex, np.generic)


@dataclass(frozen=True)
class Step:
    """One line of a script: the name that it assigns, and the code that it runs.

    A line that reads an attribute (``dW = layer.dW``) has the owner's code in `code` and the
    attribute's name in `attribute`, so that a missing attribute is a result and not an exception.
    """

    target: str | None
    code: CodeType
    attribute: str | None = None


Script: TypeAlias = tuple[Step, ...]
"""A compiled script."""


@dataclass(frozen=True)
class ScriptValue:
    """The value that one line assigned: a copy of the array at that moment, or what it is instead."""

    kind: ValueKind
    type_name: str
    array: NDArray[Any] | None = None
    live: NDArray[Any] | None = None
    other_attributes: dict[str, NDArray[Any]] | None = None
    is_local_variable: bool = False


@dataclass(frozen=True)
class ScriptOutcome:
    """The values of the requested names, and the exception that ended the script."""

    values: dict[str, ScriptValue]
    overwritten: list[str]
    error: BaseException | None


PARSING = threading.Lock()
"""Hold this to turn source into a syntax tree or back in a process with several threads: Python 3.11
counts the recursion depth of all threads together and raises SystemError when two do it at once."""


def compile_script(source: str) -> Script:
    """Compile a script. Its lines are assignments to a name, or expressions."""
    with PARSING:
        return _compiled(source)


def _compiled(source: str) -> Script:
    steps = []
    for node in ast.parse(source, filename="<case>").body:
        if isinstance(node, ast.Expr):
            target, expression = None, node.value
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            target, expression = node.targets[0].id, node.value
        else:
            raise ValueError(f"a script line must assign one name or be an expression: {source}")
        attribute = None
        if target is not None and isinstance(expression, ast.Attribute):
            attribute, expression = expression.attr, expression.value
        code = compile(ast.Expression(expression), "<case>", "eval")
        steps.append(Step(target, code, attribute))
    return tuple(steps)


def run_script(
    script: Script, namespace: dict[str, Any], returned: Collection[str], answer_file: str = ""
) -> ScriptOutcome:
    """Run every line in `namespace`, until the end or the first exception.

    `returned` are the names whose values are kept. Each is copied when it is assigned, so that a
    later line cannot change the copy; arrays that did change are listed in `overwritten`.
    """
    values: dict[str, ScriptValue] = {}
    error = None
    try:
        for step in script:
            value, described = eval(step.code, namespace), None
            if step.attribute is not None:
                value, described = _read(value, step.attribute, answer_file)
            if step.target is not None:
                namespace[step.target] = value
                if step.target in returned:
                    values[step.target] = described or describe(value)
    except BaseException as raised:  # the learner's code may raise anything, SystemExit included
        error = raised
    overwritten = [
        name
        for name, value in values.items()
        if value.live is not None and not _same(value.array, value.live)
    ]
    return ScriptOutcome(values, overwritten, error)


def _read(owner: Any, attribute: str, answer_file: str) -> tuple[Any, ScriptValue | None]:
    try:
        value = getattr(owner, attribute)
    except AttributeError as error:
        files = {f.f_code.co_filename for f, _ in traceback.walk_tb(error.__traceback__)}
        if answer_file in files:  # a property of the learner's that failed inside
            raise
        return None, _absent("missing", owner, attribute)
    if value is None:
        return None, _absent("nothing", owner, attribute)
    return value, None


def _absent(kind: ValueKind, owner: Any, attribute: str) -> ScriptValue:
    """A missing attribute, and where its value may be instead: other arrays, a local variable."""
    others: dict[str, NDArray[Any]] = {}
    for name, value in list(getattr(owner, "__dict__", {}).items()):
        if len(others) == MAX_OTHER_ATTRIBUTES:
            break
        if type(name) is str and isinstance(value, np.ndarray) and value.size <= MAX_OTHER_ENTRIES:
            plain = describe(value)
            if plain.array is not None:
                others[name] = plain.array
    functions = (f for f in vars(type(owner)).values() if isinstance(f, FunctionType))
    is_local = any(attribute in function.__code__.co_varnames for function in functions)
    type_name = "NoneType" if kind == "nothing" else ""
    return ScriptValue(kind, type_name, other_attributes=others, is_local_variable=is_local)


def describe(value: Any) -> ScriptValue:
    """A value as plain data: arrays and numbers are copied; of anything else only the type is kept."""
    if value is None:
        return ScriptValue("nothing", "NoneType")
    if isinstance(value, tuple):
        return ScriptValue("tuple", f"tuple of {len(value)}")
    if isinstance(value, np.ndarray):
        plain = np.ndarray.view(value, np.ndarray)
        if plain.dtype.kind not in "biufc":
            return ScriptValue("object", f"ndarray of {plain.dtype.name}"[:200])
        if plain.nbytes > LARGEST_COPIED:  # larger than any level needs: only its shape is sent
            return ScriptValue("array", "ndarray", plain)
        return ScriptValue("array", "ndarray", _copy(plain), live=plain)
    if isinstance(value, NUMBERS):
        number = np.asarray(value)
        if number.dtype.kind in "biufc":
            return ScriptValue("array", type(value).__name__, _copy(number))
    return ScriptValue("object", type(value).__name__[:200])


def _copy(array: NDArray[Any]) -> NDArray[Any]:
    """A copy in C order and in this machine's byte order; extended precision becomes double."""
    dtype = array.dtype.newbyteorder("=")
    if dtype.itemsize > (16 if dtype.kind == "c" else 8):
        dtype = np.dtype(np.complex128 if dtype.kind == "c" else np.float64)
    return np.array(array, dtype=dtype, copy=True, order="C")


def _same(before: NDArray[Any] | None, now: NDArray[Any]) -> bool:
    return (
        before is not None
        and before.shape == now.shape
        and before.tobytes() == _copy(now).tobytes()
    )
