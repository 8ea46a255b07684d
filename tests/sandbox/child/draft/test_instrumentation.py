"""A rewritten draft computes what the draft computes, and fails where it fails."""

from __future__ import annotations

import ast
import traceback

import numpy as np
import pytest
from support.traced_drafts import KeptFrames, trace

from handgrad.course import load_course
from handgrad.sandbox.child.answer.source import source_lines
from handgrad.sandbox.child.draft.instrumentation import instrument
from handgrad.sandbox.child.draft.tracer import Tracer

EVERYTHING = '''
"""A docstring."""
from __future__ import annotations
import contextlib, dataclasses
import numpy as np
from functools import cached_property, partial

seen = []

class Base:
    scale: float = 2.0
    table = {"a": [1, 2], **{"b": [3]}}

    def __init__(self, W, *rest, bias=None, **more):
        """A docstring that stays first."""
        self.W, self.b = W, bias
        self.__hidden = W.sum()
        self.rest = rest
        self.more = more

    @property
    def hidden(self):
        seen.append("hidden")
        return self.__hidden

    @hidden.setter
    def hidden(self, value):
        self.__hidden = value

    @staticmethod
    def double(x): return x * 2

    @classmethod
    def made(cls, n: int = 3) -> "Base":
        return cls(np.ones((n, 2)), 1, 2, bias=np.zeros(2), kind="made")

    def __matmul__(self, other):
        return other @ self.W + self.b

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return name


class Derived(Base):
    class Inner:
        size = 3

    def __init__(self, W, *rest, bias=None):
        super().__init__(W, *rest, bias=bias)
        self.inner = self.Inner.size

    def forward(self, x):
        global last
        last = x
        if x.ndim > 2 and (flat := x.reshape(len(x), -1)) is not None:
            x = flat
        elif x.ndim == 1:
            return None
        else:
            pass
        with np.errstate(all="ignore") as state, contextlib.suppress(ZeroDivisionError):
            1 / 0
        y = self @ x
        y += 1
        y[y < 0] *= -1
        y[0], self.first = 5.0, y[1]
        self.hidden += 1
        del state
        return y

    def walk(self, rows):
        total = None
        for i, row in enumerate(rows):
            if total is None:
                total = np.zeros_like(row)
                continue
            total += row * i
            if i > 5:
                break
        else:
            self.done = True
        while total.sum() > 10:
            total = total / 2
        try:
            total.nothing
        except AttributeError as error:
            self.caught = str(error)
        finally:
            seen.append(len(rows))
        return total

    def choose(self, value):
        match value:
            case {"shape": (n, m), **rest} if n > m:
                return n - m
            case [first, *others]:
                return others
            case np.ndarray(shape=(k,)):
                return k
            case Base.scale | 7:
                return "number"
            case _:
                return None

    def counted(self, n):
        k = 0

        def step(by=1, /, *, times=2):
            nonlocal k
            k += by * times
            return k

        for _ in range(n):
            step()
        return (lambda a, b=k: a + b)(1)

    def numbers(self):
        yield from (i * i for i in range(4) if i % 2)
        got = yield "last"
        yield got


@dataclasses.dataclass
class Point:
    x: float
    y: float = 0.5

    def norm(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5


made = Base.made()
layer = Derived(np.arange(6.0).reshape(3, 2), bias=np.array([0.5, -0.5]))
results = {
    "forward": layer.forward(np.arange(12.0).reshape(2, 3, 2)[:, :, 0]),
    "three": layer.forward(np.ones((2, 3, 1))),
    "none": layer.forward(np.ones(3)),
    "walk": layer.walk([np.ones(2), np.ones(2) * 9, -np.ones(2)]),
    "choices": [layer.choose(v) for v in ({"shape": (4, 2), "z": 1}, [1, 2, 3], np.ones(4), 2.0, "s")],
    "counted": layer.counted(3),
    "numbers": list(layer.numbers()),
    "hidden": layer.hidden,
    "comprehension": {k: [a + b for a, b in zip(v, v) if a] for k, v in Base.table.items()},
    "set": {x % 3 for x in range(7)},
    "slices": np.arange(24).reshape(4, 6)[1:3, ::2, None].shape,
    "starred": [*range(3), *(4, 5)],
    "keywords": dict(a=1, **{"b": 2}),
    "text": f"{made.W.shape!r:>10} {1 + 1}",
    "chained": 1 < 2 < 3 != 4,
    "conditional": "yes" if made.rest else "no",
    "partial": partial(np.sum, axis=0)(np.ones((2, 3))),
    "point": Point(3.0, 4.0).norm(),
    "double": Base.double(np.ones(2)),
    "got": layer.anything,
    "bits": ~np.array([True]) | False,
    "negative": -np.ones(2) ** 2,
    "ellipsis": np.ones((2, 3))[..., 0],
}
a = b = [1]
(c, (d, *e)), f = (1, (2, 3, 4)), 5
g: int = 6
h: "annotation only"
x = y = np.ones(3)
x[:] = y[::-1] * 2
assert c == 1, "message"
'''


def plainly(source):
    names = {"__name__": "__main__"}
    exec(compile(source, "traced.py", "exec"), names)
    return names


def same(a, b):
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return type(a) is type(b) and np.array_equal(a, b) and a.dtype == b.dtype
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def test_what_is_computed_stays_the_same():
    expected, got = plainly(EVERYTHING), trace(EVERYTHING)
    assert got.error is None
    for name in ("results", "seen", "a", "b", "c", "d", "e", "f", "g", "x", "y"):
        assert same(expected[name], got.names[name]), name
    assert set(expected) - {"__builtins__"} <= set(got.names)


SKIPPED = ("endless", "huge", "exits", "prints", "reads_a_file", "imports_torch")
"""They end the process, or do not end in good time."""


def outcome(code, names, level, judged, case):
    """The arrays that a class gives on a case, or the exception with its words and lines."""
    inputs = {n: v.copy() if isinstance(v, np.ndarray) else v for n, v in case.inputs.items()}
    table: dict[str, object] = {"__name__": "answer", **names}
    exec(compile(level.given_source, "<given>", "exec"), table)
    try:
        exec(code, table)
        exec(compile(case.script, "<case>", "exec"), table | inputs, inputs)
    except Exception as error:
        trace = traceback.extract_tb(error.__traceback__)
        return type(error).__name__, str(error), [f.lineno for f in trace if f.filename == "a.py"]
    return {n: v for n, v in inputs.items() if isinstance(v, (np.ndarray, float))}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("level", load_course().levels, ids=lambda level: level.name)
def test_every_planted_answer_gives_the_same_arrays_and_errors(level, rng):
    """All that learners are known to write, traced and not: the same to the last bit and line."""
    count = 0
    for planted in (*level.right_answers, *level.wrong_answers):
        text = planted.source.decode("utf-8-sig", errors="replace")
        if planted.path.stem in SKIPPED:
            continue
        try:
            plain = compile(text, "a.py", "exec")
        except (SyntaxError, ValueError):
            continue
        rewritten = instrument(ast.parse(text))
        tracer = Tracer(KeptFrames(), source_lines(text), rewritten.points)
        traced = compile(rewritten.tree, "a.py", "exec")
        for judged in level.classes:
            case = level.draft_case(judged.name, rng)
            expected = outcome(plain, {}, level, judged, case)
            got = outcome(traced, tracer.helpers(), level, judged, case)
            assert same(expected, got), planted.path.stem
            count += 1
    print(level.name, count)
    assert count > 10


def test_every_place_keeps_its_line_and_column():
    text = "x = (1 +\n     2)\ny = x @ [\n  3]\n"
    original, rewritten = ast.parse(text), instrument(ast.parse(text))
    places = {
        (n.lineno, n.col_offset) for n in ast.walk(original) if isinstance(n, (ast.BinOp, ast.Name))
    }
    for place in rewritten.points:
        assert place.node is None or (place.node.lineno, place.node.col_offset) in places | {(3, 8)}


def test_a_traceback_points_to_what_the_learner_wrote():
    traced = trace(
        "import numpy as np\n\n\ndef f(a):\n    return a.T @ a.T\n\nf(np.ones((2, 3)))\n"
    )
    [*_, last] = traceback.extract_tb(traced.error.__traceback__)
    assert (last.lineno, last.colno, last.end_colno) == (5, 11, 20)


def test_annotations_defaults_decorators_and_patterns_are_left_alone():
    source = "def f(x: undefined = 3, *, y: [1] = 2) -> also(undefined): return x\n"
    assert trace("from __future__ import annotations\n" + source).error is None
    rewritten = instrument(ast.parse(source))
    assert "undefined" not in {p.node.id for p in rewritten.points if isinstance(p.node, ast.Name)}
