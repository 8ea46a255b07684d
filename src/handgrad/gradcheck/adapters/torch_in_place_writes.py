"""Finds the line that writes into a tensor of the caller.

Torch has no read-only tensors. Instead, a trace function runs before each line of the code and
compares the recorded tensors with copies.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import torch

LIBRARIES = (str(Path(torch.__file__).parent), str(Path(__file__).parents[2]))
"""Files in these folders are not the code under test."""
MOST_ENTRIES = 1 << 16
"""A change of a larger tensor is detected only by torch's version counter."""


@dataclass(frozen=True)
class Write:
    """A write into a recorded tensor.

    Attributes:
        name: the tensor's name.
        file: the file of the code that wrote; None if it was not a line of Python.
        line: its line.
    """

    name: str
    file: str | None
    line: int | None


class _WriteRecorder:
    def __init__(self, tensors: Mapping[str, torch.Tensor]) -> None:
        self._tensors = {name: tensor.detach() for name, tensor in tensors.items()}
        self._seen = {name: tensor.clone() for name, tensor in self._tensors.items()}
        self._originals = dict(tensors)
        self._versions = {name: self._version(name) for name in tensors}
        self._line: tuple[str, int] | None = None
        self.writes: list[Write] = []

    def trace(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """Called by Python before each line, and when a function begins or ends."""
        file = frame.f_code.co_filename
        if file.startswith((*LIBRARIES, "<")):
            return None
        self.compare()
        if event == "return" and frame.f_back is not None:
            frame = frame.f_back
            file = frame.f_code.co_filename
        self._line = (file, frame.f_lineno)
        return self.trace

    def compare(self, *, in_full: bool = False) -> None:
        """Record the last line for every tensor that has changed since."""
        for name, tensor in self._tensors.items():
            version = self._version(name)
            if in_full or tensor.numel() <= MOST_ENTRIES:
                changed = not self._is_unchanged(name)
            else:
                changed = version != self._versions[name]
            if changed and all(write.name != name for write in self.writes):
                self.writes.append(Write(name, *(self._line or (None, None))))
            self._versions[name] = version

    def _version(self, name: str) -> int:
        return int(self._originals[name]._version)  # noqa: SLF001 -- torch's documented counter

    def _is_unchanged(self, name: str) -> bool:
        now, before = self._tensors[name], self._seen[name]
        return torch.equal(now, before) or torch.equal(now.nan_to_num(), before.nan_to_num())


@contextlib.contextmanager
def recorded_writes(tensors: Mapping[str, torch.Tensor]) -> Iterator[list[Write]]:
    """The first write into each of these tensors inside the block.

    Only lines of this thread are traced. Torch runs a backward on the CPU in the calling thread, and one
    on a GPU in another: there a write is detected, but not its line. A debugger or coverage that traces
    lines continues after the block.

    >>> x = torch.zeros(2)
    >>> with recorded_writes({"x": x}) as writes:
    ...     _ = x.view(1, 2).add_(1)
    >>> [write.name for write in writes]
    ['x']
    """
    recorder = _WriteRecorder(tensors)
    before = sys.gettrace()
    sys.settrace(recorder.trace)
    try:
        yield recorder.writes
    finally:
        sys.settrace(before)
        recorder.compare(in_full=True)
