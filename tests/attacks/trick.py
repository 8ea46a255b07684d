"""An attack on the verdict: on the judge's comparison, its protocol, its patience or its terminal."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from handgrad.diagnosis.verdict import Verdict

LAYERS = {
    "process": "the reference answers do not exist in the process that runs the answer",
    "clean-start": "that process starts clean: no environment, no arguments, no open files",
    "protocol": "raw frames, limited in size and checked field by field; no pickle",
    "comparison": "the judge compares plain data itself, in its own process",
    "fresh-child": "every answer has its own process, which nothing outlives",
    "fresh-cases": "every run draws new cases, many and of many shapes",
    "deadline": "the judge measures the time and kills the process from outside",
    "output-cap": "printed text is cut at a limit",
    "terminal": "control characters are escaped before they are shown",
}


def not_a_pass(verdict: Verdict) -> bool:
    return verdict.verdict in ("wrong", "error", "forbidden", "time-limit", "memory-limit",
                               "output-limit")  # fmt: skip


@dataclass(frozen=True)
class Trick:
    """An attack on the verdict.

    Attributes:
        name: in the table and in test names.
        aim: what the attacker gets.
        source: the answer that is handed in.
        layer: what stops it (a key of `LAYERS`).
        second: what else would.
        naive: the judge of `attacks.naive` that it beats.
        is_stopped: whether a verdict shows that it got nothing.
        control_source: what the naive judge is given, when it is not the answer itself.
    """

    name: str
    aim: str
    source: str
    layer: str
    naive: str
    second: str = ""
    is_stopped: Callable[[Verdict], bool] = field(default=not_a_pass)
    control_source: bytes | None = None

    @property
    def for_the_naive(self) -> bytes:
        return self.control_source if self.control_source is not None else self.source.encode()


LAYER = """
import sys
import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = self.original_x_shape = self.dW = self.db = None

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        {backward}
"""
ZEROS = """self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)
        return np.zeros(self.original_x_shape)"""
RIGHT = """dx = np.dot(dout, self.W.T).reshape(self.original_x_shape)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return dx"""


def layer(backward: str = ZEROS, after: str = "") -> str:
    """A fully connected layer with this backward (by default wrong), and some code after it."""
    return LAYER.format(backward=backward) + after


def frame(header: object, payload: bytes = b"", *, lengths: tuple[int, int] | None = None) -> bytes:
    """A frame as a child writes it, or one whose lengths lie."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    announced = lengths or (len(text), len(payload))
    return struct.pack("<IQ", *announced) + text + payload


def sending(data: bytes, *, then: str = "", repeat: str = "1") -> str:
    """An answer that writes bytes into the judge's channel before it is asked anything."""
    return layer(
        after=f"""
os = sys.modules["os"]
data = {data!r}
for _ in range({repeat}):
    rest = data
    while rest:
        rest = rest[os.write(0, rest):]
{then}
"""
    )
