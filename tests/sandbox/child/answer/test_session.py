"""The frames of an answer's session, in order; large arrays are sent without their bytes."""

from __future__ import annotations

import numpy as np

from handgrad.sandbox.child.answer.session import AnswerSession
from handgrad.sandbox.protocol.buffers import Payload

SOURCE = b"class Twice:\n    def forward(self, x):\n        return 2 * x\n"


class Kept:
    def __init__(self):
        self.frames = []

    def hold(self, header, buffers=()):
        self.frames.append(header)

    send = hold

    def flush(self):
        pass


def session(source, *, room=1 << 20, shapes=((2, 3), (4,))):
    payload, channel = Payload(), Kept()
    cases = [
        {
            "script": 0,
            "inputs": {"x": payload.add_with_strides(np.ones(shape))},
            "returned": ["out"],
            "guarded": ["x"],
        }
        for shape in shapes
    ]
    judged = {"name": "Twice", "constructor": [], "methods": {"forward": ["x"]}, "template": []}
    job = {
        "frame": "job", "name": "a.py", "given": "", "own": [], "seed": 0,
        "source": {"at": payload.size, "nbytes": len(source)},
        "scripts": ["out = Twice().forward(x)"], "classes": [judged | {"cases": cases}],
        "limits": {"array_bytes": 1 << 20, "carried_bytes": room},
    }  # fmt: skip
    data = bytearray(b"".join(payload.buffers)) + source
    return AnswerSession(channel, job, data), channel.frames


def test_the_frames_of_a_job():
    one, frames = session(SOURCE)
    one.run()
    kinds = [header["frame"] for header in frames]
    assert kinds == ["loaded", "class", "case", "case", "class-end", "end"]
    assert [f["number"] for f in frames if f["frame"] == "case"] == [0, 1]
    assert frames[2]["values"]["out"]["array"]["shape"] == [2, 3]


def test_a_second_run_loads_the_answer_again():
    one, frames = session(
        b"count = [0]\n" + SOURCE.replace(b"return", b"count[0] += 1; return count[0] *")
    )
    one.run()
    first = len(frames)
    one.take(one.job, one.payload)
    one.run()
    again = frames[first:]
    assert [f["frame"] for f in again] == [f["frame"] for f in frames[:first]]


def test_arrays_beyond_the_room_are_sent_without_bytes():
    one, frames = session(SOURCE, room=100)
    one.run()
    sent = [f["values"]["out"]["array"]["at"] for f in frames if f["frame"] == "case"]
    assert sent == [0, None]


def test_a_source_that_cannot_be_read():
    one, frames = session(b"def f(:\n")
    one.run()
    assert [f["frame"] for f in frames] == ["loaded", "end"]
    assert frames[0]["problem"]["kind"] == "syntax-error"
