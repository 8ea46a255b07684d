"""Attacks through live shapes: drafts that go against what follows them, its frames, its patience.

What a draft can reach is its own picture, which only its author sees. Nothing of it may reach a verdict,
hold the server longer than the limits say, or make a terminal or a page obey.
"""

from __future__ import annotations

import itertools
import json
import os
import time

import pytest
from attacks.preamble import PREAMBLE
from support.answers import BEGIN, SOLUTION

from handgrad.judging import Answer, Judge
from handgrad.judging.live_shapes import live_shapes
from handgrad.judging.observation import read_run
from handgrad.judging.trace import MOST_RECORDS, read_trace
from handgrad.sandbox import Ended, Ending, Pool
from handgrad.sandbox.child.wire import LENGTHS, frame
from handgrad.sandbox.zygote import IS_POSSIBLE

pytestmark = pytest.mark.skipif(not IS_POSSIBLE, reason="there are no walls here")

LATEST = 3.0
REACH = "import sys\nos, struct, json = (sys.modules[n] for n in ('os', 'struct', 'json'))\n"
SEND = REACH + "tell = lambda data: os.write(0, data)\n"
TRACER = "tracer = __builtins__['handgrad_value'].__self__\n"


def raw(*frames):
    """A draft that writes these bytes to the channel itself, before it goes on as the solution."""
    return SEND + "".join(f"tell({data!r})\n" for data in frames) + SOLUTION


def record(**fields):
    told = {"kind": "array", "shape": [2], "dtype": "float64", "cut": False, "shapes": [],
            "entries": None, "number": 0, "line": 1, "role": "assigned", "name": "x", "formula": "",
            "count": 1}  # fmt: skip
    return frame({"frame": "trace", "line": 1, "records": [told | fields]})


FORGED = {
    "lengths": LENGTHS.pack(2**32 - 1, 2**64 - 1),
    "a long header": LENGTHS.pack(1 << 19, 0) + b"{" * (1 << 19),
    "no json": LENGTHS.pack(4, 0) + b"\x80\x04.." ,
    "deep json": LENGTHS.pack(100_000, 0) + b"[" * 100_000,
    "a list": LENGTHS.pack(2, 0) + b"[]",
    "no frame": frame({}),
    "a verdict": frame({"frame": "verdict", "verdict": "pass"}),
    "a case": frame({"frame": "case", "number": 0, "values": {}}),
    "a class of another name": frame({"frame": "class", "name": "Other", "problem": None}),
    "a class before its time": frame({"frame": "class", "name": "FullyConnected", "problem": None}),
    "records that are none": frame({"frame": "trace", "line": 1, "records": 3}),
    "a record that is none": frame({"frame": "trace", "line": 1, "records": [None]}),
    "a line below zero": record(line=-1),
    "a line that is a fraction": record(line=1.5),
    "a number that is a truth": record(number=True),
    "a count without end": record(count=10**30),
    "a shape of words": record(shape=["a"]),
    "a shape of many axes": record(shape=[1] * 100),
    "a shape nested": record(shape=[[1]]),
    "a role of its own": record(role="verdict"),
    "a kind of its own": record(kind=["array"]),
    "entries of objects": record(entries={"dtype": "object", "shape": [1], "at": 0, "nbytes": 8}),
    "entries outside": record(entries={"dtype": "float64", "shape": [9], "at": 0, "nbytes": 72}),
    "entries without end": record(
        entries={"dtype": "float64", "shape": [2**30, 2**29], "at": None}
    ),
    "a name that is none": record(name={}),
    "not a number": b"".join([LENGTHS.pack(47, 0), b'{"frame": "trace", "line": NaN, "records": []}  ']),
}  # fmt: skip

HOSTILE = {
    "takes the function that follows it away": "del __builtins__['handgrad_value']\n" + SOLUTION,
    "puts another in its place": (
        "__builtins__['handgrad_value'] = lambda number, value: 'forged'\n" + SOLUTION
    ),
    "puts its own numbers in": (
        TRACER + "tracer._counts = dict.fromkeys(range(9999), -1)\n" + SOLUTION
    ),
    "takes its tables away": TRACER + "tracer.notes = tracer._places = None\n" + SOLUTION,
    "sends with its channel": (
        TRACER + "tracer._channel.send({'frame': 'class', 'name': 'FullyConnected'})\n" + SOLUTION
    ),
    "says that it is over": TRACER + "tracer._channel.send({'frame': 'end'})\n" + SOLUTION,
    "says that it is our fault": (
        TRACER + "tracer._channel.send({'frame': 'fault', 'traceback': 'x'})\n" + SOLUTION
    ),
    "sends without end": (
        TRACER + "while True: tracer._channel.send({'frame': 'trace', 'line': 1, 'records': []})\n"
    ),
    "sends records without end": (
        TRACER
        + "one = dict(kind='number', shape=[], dtype='', cut=False, shapes=[], entries=None, line=1,\n"
        "  role='assigned', name='a', formula='', count=1)\n"
        "for i in range(10**6):\n"
        "    tracer._channel.send({'frame': 'trace', 'line': 1, 'records': [dict(one, number=i)]})\n"
    ),
    "sends payloads without end": (
        TRACER + "while True: tracer._channel.send({'frame': 'trace'}, [bytes(1 << 20)])\n"
    ),
    "sets trace functions": (
        "import sys\nsys.settrace(lambda *a: sys.exit())\nsys.setprofile(print)\n" + SOLUTION
    ),
    "patches numpy": (
        "import numpy as np\n"
        "np.asarray = np.array = np.dot = np.ndarray.__array_function__ = None\n".replace(
            " = np.ndarray.__array_function__", ""
        )
        + SOLUTION
    ),
    "patches the builtins": (
        "import sys\nb = sys.modules['builtins']\nb.isinstance = b.len = b.type = lambda *a: 0\n" + SOLUTION
    ),
    "patches json": REACH + "json.JSONEncoder.encode = lambda *a: 'x' * 10**6\n" + SOLUTION,
    "patches the child": (
        "import sys\nfor name, module in list(sys.modules.items()):\n"
        "    if name.startswith('handgrad_child'):\n        vars(module).clear()\n" + SOLUTION
    ),
    "prints a million lines": "for i in range(10**6): print('x' * 50)\n" + SOLUTION,
    "never ends": "while True: pass\n",
    "never ends in C": "sum(range(10**12))\n",
    "never ends and catches all": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n"
    ),
    "sleeps": "import time\ntime.sleep(100)\n",
    "calls itself": "def f(): return f()\nf()\n",
    "calls itself for ever": (
        "def f():\n    try: return f()\n    except RecursionError: return f()\nf()\n"
    ),
    "takes gigabytes": "import numpy as np\nx = [np.ones(10**8) for _ in range(100)]\n",
    "takes gigabytes bit by bit": "x = []\nwhile True: x.append(bytearray(10**6))\n",
    "is nested deep": "x = " + "(" * 90 + "1" + ")" * 90 + "\n" + SOLUTION,
    "is a long sum": "x = " + "+".join(["1"] * 9000) + "\n" + SOLUTION,
    "is a long chain": "x = 'a'" + ".strip()" * 3000 + "\n" + SOLUTION,
    "has thousands of statements": "a = 1\n" * 9000 + SOLUTION,
    "has words that terminals obey": (
        "import numpy as np\nd = {}\nd['\x1b[31m\x9b\u202e\x07'] = np.ones((2, 3))\n"
        "y = d['\x1b[31m\x9b\u202e\x07'] @ d['\x1b[31m\x9b\u202e\x07']\n"
    ),
    "raises words that terminals obey": "raise ValueError('\x1b]0;x\x07\u202e' * 1000)\n",
    "raises words that cannot be told": (
        "class E(Exception):\n    def __str__(self): raise E\nraise E\n"
    ),
    "raises a name without end": "raise type('E' * 10**6, (Exception,), {})('x' * 10**6)\n",
    "ends its process": REACH + "os._exit(0)\n" + SOLUTION,
    "kills its process": REACH + "os.kill(os.getpid(), 9)\n" + SOLUTION,
    "closes the channel": REACH + "os.close(0)\n" + SOLUTION,
    "reads the channel": REACH + "os.read(0, 10)\n" + SOLUTION,
    "crashes": REACH + "ctypes = sys.modules['ctypes']\nctypes.string_at(0)\n" + SOLUTION,
    **{f"forges {name}": raw(data) for name, data in FORGED.items()},
}  # fmt: skip


@pytest.fixture(scope="module")
def children():
    with Pool() as kept:
        yield kept


def is_harmless(text):
    return all(character.isprintable() or character == "\n" for character in text)


def texts_of(told):
    """Every text in a JSON object."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        yield from itertools.chain.from_iterable(map(texts_of, told.values()))
    elif isinstance(told, (list, tuple)):
        yield from itertools.chain.from_iterable(map(texts_of, told))


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_draft_gets_no_more_than_its_own_picture(course, children, attack):
    level = course.level("fully-connected")
    started = time.monotonic()
    seen = live_shapes(level, HOSTILE[attack], pool=children)
    assert time.monotonic() - started < LATEST
    told = json.dumps(seen.as_json(), allow_nan=False)
    print(seen.stopped, len(seen.lines), len(told))
    assert len(told) < 2_000_000
    assert all(map(is_harmless, texts_of(json.loads(told))))
    lines = HOSTILE[attack].count("\n") + 1
    assert all(one.state in ("shape", "error") for one in seen.lines)
    assert len(seen.lines) <= lines
    after = live_shapes(level, SOLUTION, pool=children)
    assert after.stopped is None
    assert len(after.lines) == 12


def test_what_is_forged_does_arrive(course, children):
    """The control: these frames reach the reader, which refuses them; a trusting one would take them."""
    level = course.level("fully-connected")
    for name, data in FORGED.items():
        seen = live_shapes(level, raw(data), pool=children)
        assert seen.stopped is not None, name


def test_no_draft_reaches_a_verdict(course):
    """A judge that shares its children with hostile drafts gives the same verdicts."""
    level = course.level("fully-connected")
    wrong = SOLUTION.replace("axis=0", "axis=1")
    with Pool() as kept, Judge(seed=3, pool=kept, course=course) as judge:
        for attack in ("patches numpy", "patches the child", "never ends", "kills its process",
                       "forges a verdict", "forges a case"):  # fmt: skip
            live_shapes(level, HOSTILE[attack], pool=kept)
            [right] = judge.judge(level, Answer("a.py", SOLUTION.encode()))
            [not_right] = judge.judge(level, Answer("a.py", wrong.encode()))
            assert (right.verdict, not_right.verdict) == ("pass", "wrong")


@pytest.mark.parametrize("kind", ["trace", "left-out"])
def test_an_answer_that_is_judged_may_not_speak_as_a_draft(course, kind):
    told = frame({"frame": kind, "line": 1, "records": [], "problem": None})
    source = SOLUTION.replace(BEGIN, BEGIN + f"        tell({told!r})\n")
    with Judge(seed=3, course=course) as judge:
        [verdict] = judge.judge(
            course.level("fully-connected"), Answer("a.py", (SEND + source).encode())
        )
    assert verdict.verdict == "forbidden"


def test_neither_reader_takes_the_other_s_frames():
    trace = ({"frame": "trace", "line": 1, "records": []}, bytearray())
    case = ({"frame": "case", "number": 0, "values": {}}, bytearray())
    finished = Ended(Ending.FINISHED)
    assert read_run([trace, finished], {"A": 1}).ended.ending is Ending.BROKEN_PROTOCOL
    assert read_trace([case, finished], ("A",)).ended.ending is Ending.BROKEN_PROTOCOL


def test_records_without_end_are_not_kept():
    def frames():
        for number in itertools.count():
            header = json.loads(record(number=number)[LENGTHS.size :])
            yield header, bytearray()

    trace = read_trace(frames(), ("A",))
    assert trace.ended.ending is Ending.BROKEN_PROTOCOL
    assert len(trace.records) == MOST_RECORDS


REFUSED = """
disarm()
refused = 0
for name, arguments in (("openat", (-100, b"/", 0, 0)), ("socket", (2, 1, 0)), ("fork", ()),
                        ("kill", (1, 9)), ("getpid", ())):
    try:
        call(name, *arguments)
    except OSError:
        refused += 1
total = refused
"""


def test_a_draft_is_behind_the_walls_that_an_answer_is_behind(course, children):
    if os.uname().machine != "x86_64":
        pytest.skip("the numbers of the system calls are those of x86-64")
    source = PREAMBLE + REFUSED
    seen = live_shapes(course.level("fully-connected"), source, pool=children)
    last = {one.line: one.text for one in seen.lines}[source.count("\n")]
    assert last == "total = 4"  # its own number it may ask for
