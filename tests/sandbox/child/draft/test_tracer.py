"""What a traced draft is known to have given: shapes, how often, and which line was running."""

from __future__ import annotations

import ast
import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from support.traced_drafts import KeptFrames, trace

from handgrad.sandbox.child.draft.instrumentation import instrument
from handgrad.sandbox.child.draft.tracer import ABSENT, MOST_POINTS, SECONDS_BETWEEN, Tracer, stored
from handgrad.sandbox.protocol.buffers import untrusted_array

START = "import numpy as np\nx, W, b = np.ones((4, 3)), np.ones((3, 5)), np.ones(5)\n"


def beside(statement):
    """What is shown beside a statement on the third line."""
    traced = trace(START + statement)
    assert traced.error is None
    return traced.shown(3)


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("y = x @ W", ("assigned", "y", "(4, 3) · (3, 5)", [4, 5], 1)),
        ("y = np.dot(x, W) + b", ("assigned", "y", "(4, 3) · (3, 5) + (5,)", [4, 5], 1)),
        ("y = x.dot(W)", ("assigned", "y", "(4, 3) · (3, 5)", [4, 5], 1)),
        ("y = 2 * (x @ W) / 4", ("assigned", "y", "(4, 3) · (3, 5)", [4, 5], 1)),
        ("y = -(x @ W)", ("assigned", "y", "(4, 3) · (3, 5)", [4, 5], 1)),
        ("y = np.maximum(x @ W, 0)", ("assigned", "y", "(4, 3) · (3, 5)", [4, 5], 1)),
        ("y = x.T", ("assigned", "y", "(4, 3)", [3, 4], 1)),
        ("y = x.T @ x", ("assigned", "y", "(3, 4) · (4, 3)", [3, 3], 1)),
        ("y = x.sum(axis=0)", ("assigned", "y", "(4, 3)", [3], 1)),
        ("y = np.sum(x @ W, axis=0)", ("assigned", "y", "(4, 3) · (3, 5) → (4, 5)", [5], 1)),
        ("y = (x @ W).reshape(2, 10)", ("assigned", "y", "(4, 3) · (3, 5) → (4, 5)", [2, 10], 1)),
        ("y = (x @ W).reshape(4, -1)", ("assigned", "y", "(4, 3) · (3, 5)", [4, 5], 1)),
        ("y = x * x + 1", ("assigned", "y", "", [4, 3], 1)),
        ("y = np.add(x, W[:, 0])", ("assigned", "y", "(4, 3) + (3,)", [4, 3], 1)),
        ("y = x[:, :1] * b", ("assigned", "y", "(4, 1) * (5,)", [4, 5], 1)),
        ("y = x[:, :1] <= b", ("assigned", "y", "(4, 1) <= (5,)", [4, 5], 1)),
        ("y = np.einsum('ij,jk->ik', x, W)", ("assigned", "y", "(4, 3) · (3, 5)", [4, 5], 1)),
        ("y = np.stack([b, b])", ("assigned", "y", "(5,), (5,)", [2, 5], 1)),
        ("y = np.concatenate((x, x), axis=1)", ("assigned", "y", "(4, 3), (4, 3)", [4, 6], 1)),
        ("x += 1", ("assigned", "x", "", [4, 3], 1)),
        ("x[x > 0] = 0", ("assigned", "x", "", [4, 3], 1)),
        ("y: object = W", ("assigned", "y", "", [3, 5], 1)),
        ("n = len(x)", ("assigned", "n", "", [], 1)),
        ("s = x.shape", ("assigned", "s", "", [4, 3], 1)),
        ("y = x @ W if len(x) else None", ("assigned", "y", "", [4, 5], 1)),
        ("for row in x: pass", ("assigned", "row", "", [3], 4)),
        ("x.sum(axis=1)", ("alone", "x.sum(axis=1)", "(4, 3)", [4], 1)),
    ],
)  # fmt: skip
def test_what_stands_beside_a_statement(statement, shown):
    assert beside(statement) == [shown]


def test_several_names_each_have_their_shape():
    assert [one[1:4] for one in beside("y, (z, *rest) = x, (b, W, W)")] == [
        ("y", "", [4, 3]), ("z", "", [5]), ("rest", "", []),
    ]  # fmt: skip


def test_parameters_and_what_is_returned():
    traced = trace(START + "def f(a, *, k=None):\n    return a @ W\n\nf(x)\nf(x[:2])\n")
    assert traced.shown(3) == [("parameter", "a", "", [2, 3], 2)]
    assert traced.shown(4) == [("returned", "a @ W", "(2, 3) · (3, 5)", [2, 5], 2)]
    [record] = [r for r in traced.channel.records.values() if r["role"] == "parameter"]
    assert record["first_shape"] == [4, 3]


def test_values_without_a_shape_are_not_sent():
    for statement in (
        "y = None",
        "y = 'text'",
        "y = {}",
        "y = lambda: 0",
        "y = (1, 'a')",
        "'text'",
    ):
        assert beside(statement) == []


def test_values_are_those_of_the_moment_and_the_first_of_a_large_array(rng):
    traced = trace(START + "y = x * 2\ny[:] = 0\nz = np.arange(400.0).reshape(20, 20)\n")
    values = {}
    for header, payload in traced.channel.frames:
        for record in header["records"]:
            if record["role"] == "assigned" and record["entries"] is not None:
                array = untrusted_array(record["entries"], bytearray(payload))
                values.setdefault((record["line"], record["name"]), (array, record["cut"]))
    assert np.array_equal(values[3, "y"][0], np.full((4, 3), 2.0))
    assert np.array_equal(values[4, "y"][0], np.zeros((4, 3)))
    array, is_cut = values[5, "z"]
    assert is_cut
    assert np.array_equal(array, np.arange(400.0).reshape(20, 20)[:8, :8])


def test_the_line_that_is_running_is_known_before_it_ends():
    traced = trace("a = 1\nb = a\nraise SystemExit\n")
    first_seen = [header["line"] for header, _ in traced.channel.frames]
    assert first_seen == [1, 2, 3, 3]
    before = traced.channel.frames[:3]
    assert [r["name"] for header, _ in before for r in header["records"]] == ["a", "b"]


def test_a_long_loop_sends_a_frame_each_interval(monkeypatch):
    ticks = itertools.count()  # a clock of which a thousand looks are an interval
    clock = SimpleNamespace(perf_counter=lambda: next(ticks) * SECONDS_BETWEEN / 1000)
    monkeypatch.setattr("handgrad.sandbox.child.draft.tracer.time", clock)
    traced = trace("s = 0\nfor i in range(20000):\n    s = s + i\n")
    assert traced.shown(3) == [("assigned", "s", "", [], 20000)]
    assert 15 < len(traced.channel.frames) < 100


def test_there_is_a_limit_to_the_trace_points_that_are_sent():
    source = "".join(f"v{i} = {i}\n" for i in range(MOST_POINTS + 500))
    assert len(trace(source).channel.records) == MOST_POINTS


def test_an_attribute_is_read_past_the_code_of_its_class():
    class Watchful:
        def __init__(self):
            self.__dict__["kept"] = 1

        def __getattr__(self, name):
            raise AssertionError(name)

        @property
        def asked(self):
            raise AssertionError

    assert stored(Watchful(), "kept") == 1
    assert stored(Watchful(), "asked") is ABSENT
    assert stored(3, "real") is ABSENT


def test_no_code_of_the_draft_runs_when_a_value_is_recorded():
    source = """
import numpy as np

class Meta(type):
    @property
    def __name__(cls): raise AssertionError("name")

class Loud(metaclass=Meta):
    __class__ = np.ndarray
    def __getattribute__(self, name): raise AssertionError(name)
    def __array__(self, *a, **k): raise AssertionError("array")
    def __len__(self): raise AssertionError("len")
    def __eq__(self, other): raise AssertionError("eq")
    __hash__ = None

class Array(np.ndarray):
    def __array_finalize__(self, other): pass
    def __array_ufunc__(self, *a, **k): raise AssertionError("ufunc")
    def __array_function__(self, *a, **k): raise AssertionError("function")
    @property
    def shape(self): raise AssertionError("shape")

loud = Loud()
row = [loud, loud]
array = np.ndarray.view(np.ones((2, 3)), Array)
"""
    traced = trace(source)
    assert traced.error is None
    shown = [one for line in range(26) for one in traced.shown(line) if one[1] == "array"]
    assert [one[3] for one in shown] == [[2, 3]]


def test_a_given_class_has_trace_points_but_no_lines():
    draft = instrument(ast.parse("x = 1"))
    given = instrument(ast.parse("y = 2\nz = y"), len(draft.points), statements=False)
    channel = KeptFrames()
    tracer = Tracer(channel, ["x = 1"], draft.points)
    exec(compile(given.tree, "<given>", "exec"), tracer.helpers())
    tracer.flush()
    assert channel.records == {}
    assert tracer.snapshots[len(draft.points)].shape == ()
