"""Runs a made-up answer and a made-up draft, so that what Python and NumPy do at first use is done.

Run in the zygote, so that every child inherits warm caches and specialised bytecode, and once in each
child while it waits, so that the pages it will write are copied before its time is measured.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from ..protocol.buffers import Payload
from ..protocol.wire import frame, read_frame
from .answer.printed_output import PrintedOutput
from .answer.session import AnswerSession
from .channel import Channel
from .draft.draft_run import DraftRun

if TYPE_CHECKING:
    from ..protocol.frames import (
        AnswerJob,
        CalledClass,
        CaseFields,
        DraftJob,
        LimitFields,
    )

SOURCE = b"""
import numpy as np

class MadeUpLayer:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        # Begin
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.maximum(dx.reshape(self.shape), dx.min())
        # End
"""
SCRIPT = """layer = MadeUpLayer(W, b)
out = layer.forward(x)
dx = layer.backward(dout)
dW = layer.dW
db = layer.db
"""
LIMITS: LimitFields = {
    "processor_seconds": 1.0,
    "wall_seconds": 1.0,
    "memory_bytes": 1 << 20,
    "printed_bytes": 1,
    "array_bytes": 1 << 20,
    "carried_bytes": 1 << 20,
}


class DiscardingChannel(Channel):
    """Encodes frames and drops them."""

    def __init__(self) -> None:
        super().__init__(-1, -1)

    def flush(self) -> None:
        """Drop the frames that are held."""
        self._held.clear()


def _arrays() -> dict[str, Any]:
    return {
        "W": np.ones((3, 2)),
        "b": np.ones(2),
        "x": np.ones((2, 1, 3)),
        "dout": np.ones((2, 2)),
    }


CALLED: CalledClass = {
    "name": "MadeUpLayer",
    "constructor": ["W", "b"],
    "methods": {"forward": ["x"], "backward": ["dout"]},
}


def run_answer() -> None:
    """Run the made-up answer once."""
    payload = Payload()
    arrays = _arrays()
    case: CaseFields = {
        "script": 0,
        "inputs": payload.add_inputs(arrays),
        "returned": ["out", "dx", "dW", "db"],
        "guarded": list(arrays),
    }
    job: AnswerJob = {
        "frame": "job",
        "name": "warm-up",
        "source": {"at": payload.size, "nbytes": len(SOURCE)},
        "given": "",
        "own": [],
        "seed": 0,
        "scripts": [SCRIPT],
        "classes": [{**CALLED, "template": [], "cases": [case]}],
        "limits": LIMITS,
    }
    PrintedOutput(lambda _: None, 1).write("")
    AnswerSession(DiscardingChannel(), *_sent(job, payload)).run()


def run_draft() -> None:
    """Trace the same as a draft, once."""
    payload = Payload()
    inputs = payload.add_inputs(_arrays())
    job: DraftJob = {
        "frame": "draft",
        "name": "warm-up",
        "source": {"at": payload.size, "nbytes": len(SOURCE)},
        "given": "",
        "classes": [{**CALLED, "script": SCRIPT, "inputs": inputs}],
        "limits": LIMITS,
    }
    DraftRun(DiscardingChannel(), *_sent(job, payload)).run()


def _sent(job: AnswerJob | DraftJob, payload: Payload) -> tuple[Any, bytearray]:
    """The job as it arrives through a channel."""
    sent = io.BytesIO(frame(job, [*payload.buffers, SOURCE]))
    return read_frame(sent.read, header_cap=1 << 20, payload_cap=1 << 20)
