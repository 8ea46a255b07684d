"""A draft's frames: its trace, whether it loaded, and how each class ran."""

from __future__ import annotations

import numpy as np

from handgrad.sandbox.child.draft.draft_run import DraftRun
from handgrad.sandbox.protocol.buffers import Payload

GIVEN = "import numpy as np\nclass Given:\n    def apply(self, x):\n        return x @ np.ones((7, 2))\n"
SOURCE = "class Layer:\n    def forward(self, x):\n        return {}\n"


class Kept:
    def __init__(self):
        self.frames = []

    def send(self, header, buffers=()):
        self.frames.append(header)


def run(source):
    payload, channel = Payload(), Kept()
    wanted = {
        "name": "Layer", "constructor": [], "methods": {"forward": ["x"]},
        "script": "out = Layer().forward(x)" if "Given" not in source else
        "out = Layer().forward(x)\nend = Given().apply(out)",
        "inputs": {"x": payload.add_with_strides(np.ones((2, 3)))},
    }  # fmt: skip
    data = source.encode()
    job = {
        "frame": "draft", "name": "a.py", "given": GIVEN, "classes": [wanted],
        "source": {"at": payload.size, "nbytes": len(data)},
    }  # fmt: skip
    DraftRun(channel, job, bytearray(b"".join(payload.buffers)) + data).run()
    return [frame for frame in channel.frames if frame["frame"] != "trace"]


def test_a_draft_that_runs():
    loaded, ran, end = run(SOURCE.format("x * 2"))
    assert (loaded["frame"], loaded["problem"]) == ("loaded", None)
    assert (ran["frame"], ran["problem"], ran["raised"]) == ("class", None, None)
    assert end == {"frame": "end"}


def test_a_line_that_cannot_be_parsed_is_left_out():
    left_out, loaded, *_ = run(
        SOURCE.format("x") + "    def backward(self, dout):\n        y = (\n"
    )
    assert (left_out["frame"], left_out["problem"]["kind"]) == ("left-out", "syntax-error")
    assert loaded["problem"] is None


def test_the_operation_that_raised():
    _, ran, _ = run(SOURCE.format("x @ x"))
    assert (ran["raised"]["line"], ran["operation"]["sign"]) == (3, "@")
    assert ran["operation"]["inside"] == ""


def test_an_operation_inside_a_given_class():
    _, ran, _ = run("# Given\n" + SOURCE.format("x"))
    assert ran["operation"]["inside"] == "Given.apply"


def test_a_file_that_raises_and_a_missing_class():
    loaded, _ = run("1 / 0")
    assert loaded["problem"]["kind"] == "exception"
    assert loaded["problem"]["facts"]["operation"]["sign"] == "/"
    _, ran, _ = run("x = 1")
    assert ran["problem"]["kind"] == "missing-class"
