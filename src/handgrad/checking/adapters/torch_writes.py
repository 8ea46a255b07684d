"""Which line writes into a tensor that is not its own.

Torch has no read-only tensors. Every operation is watched instead: one whose schema says that it
changes an argument, and whose argument shares memory with a watched tensor, is a write.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

LIBRARIES = (str(Path(torch.__file__).parent), str(Path(__file__).parents[2]))
"""Files below these are not the code that is being checked."""


@dataclass(frozen=True)
class Write:
    """A write into a watched tensor.

    Attributes:
        name: the tensor's name.
        operation: the operation of torch that wrote.
        file: the file of the code that asked for it; None if none was found.
        line: its line.
    """

    name: str
    operation: str
    file: str | None
    line: int | None


class _Watch(TorchDispatchMode):
    def __init__(self, tensors: Mapping[str, torch.Tensor], writes: list[Write]) -> None:
        super().__init__()
        self._owners = {
            tensor.untyped_storage().data_ptr(): name
            for name, tensor in tensors.items()
            if tensor.numel()
        }
        self._writes = writes

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        given = dict(kwargs or {})
        schema = func._schema  # noqa: SLF001 -- the only place where torch says what is written
        if schema.is_mutable:
            for position, argument in enumerate(schema.arguments):
                if argument.alias_info is None or not argument.alias_info.is_write:
                    continue
                value = args[position] if position < len(args) else given.get(argument.name)
                self._note(value, str(func))
        return func(*args, **given)

    def _note(self, value: Any, operation: str) -> None:
        if not isinstance(value, torch.Tensor) or not value.numel():
            return
        name = self._owners.get(value.untyped_storage().data_ptr())
        if name is not None:
            file, line = _asking_line(inspect.currentframe())
            self._writes.append(Write(name, operation, file, line))


@contextlib.contextmanager
def watched(tensors: Mapping[str, torch.Tensor]) -> Iterator[list[Write]]:
    """The writes into these tensors while the block runs.

    Operations of torch are seen, on any device; a kernel of one's own that takes a bare pointer is
    not, so the numbers are compared too, and such a write has no line.

    >>> x = torch.zeros(2)
    >>> with watched({"x": x}) as writes:
    ...     _ = x.view(1, 2).add_(1)
    >>> [(write.name, write.operation) for write in writes]
    [('x', 'aten.add_.Tensor')]
    """
    writes: list[Write] = []
    before = {name: tensor.detach().clone() for name, tensor in tensors.items()}
    with _Watch(tensors, writes):
        yield writes
    for name, tensor in tensors.items():
        same = torch.equal(tensor.detach().nan_to_num(), before[name].nan_to_num())
        if not same and all(write.name != name for write in writes):
            writes.append(Write(name, "", None, None))


def _asking_line(frame: FrameType | None) -> tuple[str | None, int | None]:
    """The innermost line that belongs neither to torch nor to us."""
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith(LIBRARIES) and not file.startswith("<"):
            return file, frame.f_lineno
        frame = frame.f_back
    return None, None
