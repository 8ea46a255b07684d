"""A made-up answer, run as a real one is: what Python and NumPy set up at first use is then there.

Run in the zygote, so that every child inherits warm caches and specialised bytecode, and once in
each child while it waits, so that the pages it is going to write are its own before the clock runs.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..protocol.buffers import Payload
from ..protocol.wire import Buffer, frame, read_frame
from .answer.printed_output import Printed
from .answer.session import Session
from .draft.draft_run import Draft

SOURCE = b"""
import numpy as np

class Rehearsal:
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
SCRIPT = """layer = Rehearsal(W, b)
out = layer.forward(x)
dx = layer.backward(dout)
dW = layer.dW
db = layer.db
"""
LIMITS = {"array_bytes": 1 << 20, "carried_bytes": 1 << 20}


class Nowhere:
    """A channel whose frames are made and dropped."""

    def hold(self, header: dict[str, Any], buffers: Iterable[Buffer] = ()) -> None:
        """Make the frame."""
        frame(header, buffers)

    def flush(self) -> None:
        """Drop it."""

    def send(self, header: dict[str, Any], buffers: Iterable[Buffer] = ()) -> None:
        """Make the frame."""
        frame(header, buffers)


def _arrays() -> dict[str, Any]:
    return {
        "W": np.ones((3, 2)),
        "b": np.ones(2),
        "x": np.ones((2, 1, 3)),
        "dout": np.ones((2, 2)),
    }


WANTED = {
    "name": "Rehearsal",
    "constructor": ["W", "b"],
    "methods": {"forward": ["x"], "backward": ["dout"]},
}


def run_answer() -> None:
    """Run the made-up answer once."""
    payload = Payload()
    arrays = _arrays()
    case = {
        "script": 0,
        "inputs": {name: payload.add_with_strides(array) for name, array in arrays.items()},
        "returned": ["out", "dx", "dW", "db"],
        "guarded": list(arrays),
    }
    wanted = WANTED | {"template": [], "cases": [case]}
    job = {
        "name": "rehearsal",
        "source": {"at": payload.size, "nbytes": len(SOURCE)},
        "given": "",
        "own": [],
        "scripts": [SCRIPT],
        "classes": [wanted],
        "limits": LIMITS,
    }
    sent = io.BytesIO(frame(job, [*payload.buffers, SOURCE]))
    header, received = read_frame(sent.read, header_cap=1 << 20, payload_cap=1 << 20)
    Printed(lambda _: None, 1).write("")
    Session(Nowhere(), header, received).run()


def run_draft() -> None:
    """Follow the same as a draft, once."""
    payload = Payload()
    inputs = {name: payload.add_with_strides(array) for name, array in _arrays().items()}
    job = {
        "name": "rehearsal",
        "source": {"at": payload.size, "nbytes": len(SOURCE)},
        "given": "",
        "classes": [WANTED | {"script": SCRIPT, "inputs": inputs}],
    }
    sent = io.BytesIO(frame(job, [*payload.buffers, SOURCE]))
    header, received = read_frame(sent.read, header_cap=1 << 20, payload_cap=1 << 20)
    Draft(Nowhere(), header, received).run()
