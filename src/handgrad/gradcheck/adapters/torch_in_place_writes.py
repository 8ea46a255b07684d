"""Which line writes into a tensor that is not its own.

Torch has no read-only tensors. The author's lines are followed instead, and after each it is looked
whether a watched tensor has changed.
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
"""Files below these are not the code that is being checked."""
MOST_ENTRIES = 1 << 16
"""A larger tensor is known to have changed by torch's own count of its versions alone."""


@dataclass(frozen=True)
class Write:
    """A write into a watched tensor.

    Attributes:
        name: the tensor's name.
        file: the file of the code that wrote; None where no line of Python was seen to.
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
        self.look()
        if event == "return" and frame.f_back is not None:
            frame = frame.f_back
            file = frame.f_code.co_filename
        self._line = (file, frame.f_lineno)
        return self.trace

    def look(self, *, closely: bool = False) -> None:
        """Blame the last line for what has changed since."""
        for name, tensor in self._tensors.items():
            version = self._version(name)
            if closely or tensor.numel() <= MOST_ENTRIES:
                changed = not self._is_as_it_was(name)
            else:
                changed = version != self._versions[name]
            if changed and all(write.name != name for write in self.writes):
                self.writes.append(Write(name, *(self._line or (None, None))))
            self._versions[name] = version

    def _version(self, name: str) -> int:
        return int(self._originals[name]._version)  # noqa: SLF001 -- torch's documented counter

    def _is_as_it_was(self, name: str) -> bool:
        now, before = self._tensors[name], self._seen[name]
        return torch.equal(now, before) or torch.equal(now.nan_to_num(), before.nan_to_num())


@contextlib.contextmanager
def recorded_writes(tensors: Mapping[str, torch.Tensor]) -> Iterator[list[Write]]:
    """The first write into each of these tensors while the block runs.

    Lines are followed in this thread: torch runs a backward on the CPU in the thread that asked for
    it, and one on a GPU in another, where a write is seen but its line is not. A debugger or coverage
    that follows lines goes on after the block.

    >>> x = torch.zeros(2)
    >>> with recorded_writes({"x": x}) as writes:
    ...     _ = x.view(1, 2).add_(1)
    >>> [write.name for write in writes]
    ['x']
    """
    watch = _WriteRecorder(tensors)
    before = sys.gettrace()
    sys.settrace(watch.trace)
    try:
        yield watch.writes
    finally:
        sys.settrace(before)
        watch.look(closely=True)
