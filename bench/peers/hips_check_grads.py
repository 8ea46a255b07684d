"""HIPS autograd's `check_grads` in reverse mode, with its default tolerances."""

from __future__ import annotations

from typing import Any

from autograd.extend import defvjp, primitive
from autograd.test_util import check_grads

from peers.task import Said, Task


def bridge(task: Task) -> Any:
    """A NumPy pair as a primitive with its vjps."""
    f = primitive(task.counted_forward)

    def vjp(number: int) -> Any:
        return lambda ans, *inputs: lambda dout: task.counted_backward(dout, *inputs)[number]

    defvjp(f, *(vjp(number) for number in range(len(task.inputs))))
    return f


class CheckGrads:
    """check_grads(f, modes=["rev"], order=1)(*inputs), one argument after the other."""

    name = "HIPS autograd check_grads"

    def check(self, task: Task) -> tuple[Said, str]:
        f = bridge(task)
        try:
            for number in range(len(task.inputs)):
                check_grads(only(f, number, task.inputs), modes=["rev"], order=1)(
                    task.inputs[number]
                )
        except Exception as error:  # noqa: BLE001 - a checker's "no" is whatever it raises
            return "wrong", f"{type(error).__name__}: {error}"
        return "right", "None"


def only(f: Any, number: int, inputs: Any) -> Any:
    """f of its input `number` alone, the others held fixed."""
    return lambda x: f(*inputs[:number], x, *inputs[number + 1 :])
