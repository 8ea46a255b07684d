"""Hostile drafts: what live shapes run, and all that they may affect: their own result."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from typing import Any

from support.answers import SOLUTION

from handgrad.course import Level
from handgrad.live_shapes import LiveShapes, live_shapes
from handgrad.sandbox import Pool
from handgrad.sandbox.protocol.wire import LENGTHS, frame

LATEST = 3.0
"""Seconds after which a draft is given up at the latest, however busy the machine is."""
MOST_TOLD = 2_000_000
LINES_OF_THE_SOLUTION = 12
REACH = "import sys\nos, struct, json = (sys.modules[n] for n in ('os', 'struct', 'json'))\n"
SEND = REACH + "tell = lambda data: os.write(0, data)\n"
TRACER = "tracer = __builtins__['handgrad_value'].__self__\n"


def raw(*frames: bytes | str) -> str:
    """A draft that writes these bytes to the channel itself, before it goes on as the solution.

    As text they are an expression that gives them: a draft is not longer than 64 KB.
    """
    told = (data if isinstance(data, str) else repr(data) for data in frames)
    return SEND + "".join(f"tell({data})\n" for data in told) + SOLUTION


def record(**fields: Any) -> bytes:
    told = {"kind": "array", "shape": [2], "dtype": "float64", "cut": False, "shapes": [],
            "entries": None, "number": 0, "line": 1, "role": "assigned", "name": "x", "formula": "",
            "count": 1}  # fmt: skip
    return frame({"frame": "trace", "line": 1, "records": [told | fields]})


FORGED = {
    "lengths": LENGTHS.pack(2**32 - 1, 2**64 - 1),
    "a long header": f"{LENGTHS.pack(1 << 19, 0)!r} + b'{{' * (1 << 19)",
    "no json": LENGTHS.pack(4, 0) + b"\x80\x04.." ,
    "deep json": f"{LENGTHS.pack(100_000, 0)!r} + b'[' * 100_000",
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
    "deletes the tracing function": "del __builtins__['handgrad_value']\n" + SOLUTION,
    "replaces the tracing function": (
        "__builtins__['handgrad_value'] = lambda number, value: 'forged'\n" + SOLUTION
    ),
    "inserts its own numbers": (
        TRACER + "tracer._counts = dict.fromkeys(range(9999), -1)\n" + SOLUTION
    ),
    "deletes the tracer's tables": TRACER + "tracer.snapshots = tracer._points = None\n" + SOLUTION,
    "sends with its channel": (
        TRACER + "tracer._channel.send({'frame': 'class', 'name': 'FullyConnected'})\n" + SOLUTION
    ),
    "claims to have ended": TRACER + "tracer._channel.send({'frame': 'end'})\n" + SOLUTION,
    "claims that the judge failed": (
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
        "    if name.startswith('handgrad_sandbox'):\n        vars(module).clear()\n" + SOLUTION
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
    "uses gigabytes": "import numpy as np\nx = [np.ones(10**8) for _ in range(100)]\n",
    "uses gigabytes step by step": "x = []\nwhile True: x.append(bytearray(10**6))\n",
    "is nested deep": "x = " + "(" * 90 + "1" + ")" * 90 + "\n" + SOLUTION,
    "is a long sum": "x = " + "+".join(["1"] * 9000) + "\n" + SOLUTION,
    "is a long chain": "x = 'a'" + ".strip()" * 3000 + "\n" + SOLUTION,
    "has thousands of statements": "a = 1\n" * 9000 + SOLUTION,
    "contains terminal control sequences": (
        "import numpy as np\nd = {}\nd['\x1b[31m\x9b\u202e\x07'] = np.ones((2, 3))\n"
        "y = d['\x1b[31m\x9b\u202e\x07'] @ d['\x1b[31m\x9b\u202e\x07']\n"
    ),
    "raises terminal control sequences": "raise ValueError('\x1b]0;x\x07\u202e' * 1000)\n",
    "raises an exception that cannot be printed": (
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


def layer_of(attack: str) -> str:
    """What stops a hostile draft."""
    if attack.startswith("forges"):
        return "protocol"
    return LAYERS.get(attack, "own-result")


LAYERS = {
    "sends without end": "deadline",
    "sends records without end": "protocol",
    "sends payloads without end": "protocol",
    "sends with its channel": "protocol",
    "claims to have ended": "protocol",
    "claims that the judge failed": "protocol",
    "never ends": "deadline",
    "never ends in C": "deadline",
    "never ends and catches all": "deadline",
    "sleeps": "deadline",
    "calls itself for ever": "deadline",
    "uses gigabytes": "memory-limit",
    "uses gigabytes step by step": "memory-limit",
    "prints a million lines": "output-cap",
    "reads the channel": "deadline",
    "has thousands of statements": "deadline",
    "kills its process": "isolation",
    "closes the channel": "isolation",
    "crashes": "isolation",
    "contains terminal control sequences": "printable",
    "raises terminal control sequences": "printable",
    "raises a name without end": "printable",
}
MEANINGS = {
    "protocol": "every frame is limited in size and checked field by field against what may come next",
    "deadline": "0.3 s of processor time; the process is killed from outside",
    "memory-limit": "256 MiB",
    "isolation": "the isolation layers of every answer, see above",
    "output-cap": "printed output is discarded",
    "printable": "every text is shortened and escaped before it is shown",
    "own-result": "a draft never affects a verdict, and its process ends with it: it can spoil only its own result",
}


def followed(level: Level, source: str, pool: Pool) -> tuple[LiveShapes, list[str]]:
    """What a draft's author sees, and what of it should not be: nothing, where it was stopped."""
    started = time.monotonic()
    seen = live_shapes(level, source, pool=pool)
    took = time.monotonic() - started
    told = json.dumps(seen.as_json(), allow_nan=False)
    after = live_shapes(level, SOLUTION, pool=pool)
    wrong = {
        f"it took {took:.1f} s": took >= LATEST,
        f"{len(told)} bytes were told": len(told) >= MOST_TOLD,
        "a text is not printable": not all(map(is_harmless, texts_of(json.loads(told)))),
        "a line has a state of its own": any(o.state not in ("shape", "error") for o in seen.lines),
        "there are more lines than it has": len(seen.lines) > source.count("\n") + 1,
        "the draft after it stopped": after.stopped is not None,
        "the draft after it shows less": len(after.lines) != LINES_OF_THE_SOLUTION,
    }
    return seen, [what for what, is_so in wrong.items() if is_so]


def is_harmless(text: str) -> bool:
    return all(character.isprintable() or character == "\n" for character in text)


def texts_of(told: Any) -> Iterator[str]:
    """Every text in a JSON object."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        yield from itertools.chain.from_iterable(map(texts_of, told.values()))
    elif isinstance(told, (list, tuple)):
        yield from itertools.chain.from_iterable(map(texts_of, told))
