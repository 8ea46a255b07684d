"""Every attack on the verdict."""

from __future__ import annotations

import json

import numpy as np
from attacks.naive import Reference, draw, run
from attacks.trick import RIGHT, ZEROS, Trick, frame, layer, sending

from handgrad.diagnosis.verdict import Verdict

CANARY = "canary-5c0ffee7d1ce"
"""Planted in the judge's own process; whoever prints it has been there."""


def told_nothing(verdict: Verdict) -> bool:
    return CANARY not in verdict.printed and verdict.verdict != "judge-error"


def is_over(*verdicts: str):
    def look(verdict: Verdict) -> bool:
        return verdict.verdict in verdicts

    return look


SEARCH = f"{CANARY[:7]!r} + '5c0ffee' + '7d1ce'"  # the source itself does not hold it


def searches(name: str, aim: str, code: str) -> Trick:
    return Trick(name, aim, layer(after=f"wanted = {SEARCH}\n" + code), "process", "forks_itself",
                 "comparison", told_nothing)  # fmt: skip


REFERENCE = (
    searches("search-the-collector", "the reference, among the objects of the collector",
             "gc = sys.modules['gc']\n"
             "for o in gc.get_objects():\n"
             "    if type(o) is dict and any(v == wanted for v in o.values() if type(v) is str):\n"
             "        print(*(v for v in o.values() if type(v) is str and v == wanted and v is not wanted))\n"),
    searches("walk-the-frames", "the judge's variables, up the stack",
             "f = sys._getframe()\n"
             "while f is not None:\n"
             "    for v in [*f.f_locals.values()]:\n"
             "        if type(v) is dict:\n"
             "            print(*[w[:100] for w in v.values() if type(w) is str and w is not wanted])\n"
             "    f = f.f_back\n"),
    searches("read-modules", "the judge's modules",
             "for m in [*sys.modules.values()]:\n"
             "    for v in [*getattr(m, '__dict__', {}).values()]:\n"
             "        if type(v) is str and v == wanted and v is not wanted:\n            print(v)\n"
             "print(sys.modules['os'].environ.get('CANARY'))\n"),
    searches("read-the-heap", "the judge's data, in raw memory left over",
             "ctypes = sys.modules['ctypes']\n"
             "here = id(object()) & ~0xFFFFF\n"
             "needle = wanted.encode()\n"
             "for start in range(here, here + (1 << 20), 4096):\n"
             "    piece = ctypes.string_at(start, 4096)\n"
             "    at = piece.find(needle)\n"
             "    if at >= 0:\n        print(piece[at:at + 30])\n"),
    searches("subclasses-of-everything", "the reference class, through object's subclasses",
             "for c in object.__subclasses__():\n"
             "    if c.__name__ == 'Reference' or 'handgrad.' in c.__module__:\n"
             "        print(c, sys.modules.get('os').environ.get('CANARY'), c.backward)\n"),
    Trick("import-the-reference", "the layers of the judge's own package",
          layer("from handgrad import FullyConnected as Right\n        right = Right(self.W, self.b)\n"
                "        right.forward(self.x)\n        dx = right.backward(dout)\n"
                "        self.dW, self.db = right.dW, right.db\n"
                "        return dx.reshape(self.original_x_shape)"),
          "process", "in_one_process", "comparison"),
    Trick("take-the-judge-s-variables", "the expected arrays, from the judge's own frame",
          layer("expected = sys._getframe(2).f_locals['expected']\n"
                "        self.dW, self.db = expected['dW'], expected['db']\n        return expected['dx']"),
          "process", "in_one_process", "comparison"),
    Trick("find-expected-by-collector", "the expected arrays, from the collector",
          layer("for o in sys.modules['gc'].get_objects():\n"
                "            if type(o) is dict and {'dx', 'dW', 'db'} <= o.keys():\n"
                "                self.dW, self.db = o['dW'], o['db']\n                return o['dx']\n"
                "        raise LookupError"),
          "process", "in_one_process", "comparison"),
    Trick("read-the-environment", "passwords in the environment",
          layer(after="print(dict(sys.modules['os'].environ))"), "clean-start",
          "starts_with_everything", "process", told_nothing),
    Trick("read-inherited-descriptors", "files that the judge has open",
          layer(after="os = sys.modules['os']\nfor d in range(256):\n"
                      "    try:\n        os.lseek(d, 0, 0)\n    except OSError:\n        pass\n"
                      "    try:\n        if d > 2:\n            print(os.read(d, 1000))\n"
                      "    except OSError:\n        pass\n"),
          "clean-start", "starts_with_everything", "empty-root", told_nothing),
    Trick("read-the-command-line", "what the judge was started with",
          layer(after="print(sys.argv, sys.orig_argv, sys.path, sys.modules['os'].environ)"),
          "clean-start", "starts_with_everything", "empty-root", told_nothing),
)  # fmt: skip

LIAR = """
class Liar(np.ndarray):
    def __array_ufunc__(self, *_, **__):
        return np.zeros(self.shape)
def lie(a): return np.asarray(a).view(Liar)
"""
THING = """
class Thing:
    def __init__(self, shape): self.shape = shape
    def __sub__(self, other): return np.zeros(1)
    __rsub__ = __sub__
    def __array__(self, *_, **__): return np.zeros(self.shape)
    def __eq__(self, other): return True
"""
NUMBER = """
class Number:
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
def objects(shape):
    a = np.empty(shape, dtype=object)
    a[...] = Number()
    return a
"""


def returns(dw: str, db: str, dx: str) -> str:
    return f"self.dW = {dw}\n        self.db = {db}\n        return {dx}"


def filled(value: str) -> str:
    return returns(*(value.format(like) for like in ("self.W", "self.b", "self.x")))


def _learned() -> str:
    """The arrays that one seed gives, written down from an earlier run."""
    drawn = draw(0)
    known = {name: np.asarray(value).tolist() for name, value in run(Reference, drawn).items()}
    return layer(returns(*(f"np.array({known[name]!r})" for name in ("dW", "db", "dx"))))


COMPARISON = (
    Trick("patch-allclose", "a comparison that always holds",
          layer(after="np.allclose = lambda *_, **__: True"), "comparison", "in_one_process",
          "process"),
    Trick("patch-dot", "a reference that is as wrong as the answer",
          layer(after="np.dot = lambda a, b: np.zeros((a.shape[0], b.shape[1]))\n"
                      "np.sum = lambda a, **_: np.zeros(a.shape[1])"),
          "comparison", "on_shared_inputs", "process"),
    Trick("patch-abs", "differences that are all zero",
          layer(after="np.abs = lambda a: np.zeros(1)"), "comparison", "by_difference", "process"),
    Trick("array-subclass-that-lies", "an array that never compares as different",
          layer(returns("lie(np.zeros_like(self.W))", "lie(np.zeros_like(self.b))",
                        "lie(np.zeros(self.original_x_shape))"), LIAR),
          "comparison", "by_difference", "protocol"),
    Trick("object-that-is-an-array", "an object that imitates the expected array",
          layer(returns("Thing(self.W.shape)", "Thing(self.b.shape)", "Thing(self.x.shape)"), THING),
          "protocol", "by_difference", "comparison"),
    Trick("array-of-objects", "numbers that never compare as different",
          layer(returns("objects(self.W.shape)", "objects(self.b.shape)",
                        "objects(self.original_x_shape)"), NUMBER),
          "protocol", "by_difference", "comparison"),
    Trick("nan-everywhere", "numbers that no comparison finds too large",
          layer(filled("np.full({0}.shape, np.nan)").replace("self.x.shape", "self.original_x_shape")),
          "comparison", "by_difference"),
    Trick("nothing-broadcast", "empty arrays, which never differ",
          layer(returns("np.zeros((0, *self.W.shape))", "np.zeros((0, *self.b.shape))",
                        "np.zeros((0, *self.original_x_shape))")), "comparison", "by_difference"),
    Trick("masked-everywhere", "arrays whose every entry is masked",
          layer(filled("np.ma.masked_all({0}.shape)").replace("self.x.shape", "self.original_x_shape")),
          "comparison", "by_difference"),
    Trick("right-up-to-broadcasting", "a db of shape (1, M), which compares as if it were right",
          layer(RIGHT.replace("np.sum(dout, axis=0)", "np.sum(dout, axis=0, keepdims=True)")),
          "comparison", "in_one_process"),
    Trick("change-the-inputs", "a reference computed from arrays that the answer has zeroed",
          layer("dout[...] = 0\n        self.x[...] = 0\n        self.W[...] = 0\n        " + ZEROS),
          "process", "on_shared_inputs", "comparison"),
    Trick("answers-of-an-earlier-run", "numbers written down from an earlier verdict", _learned(),
          "fresh-cases", "from_one_seed"),
    Trick("right-only-once", "a verdict that rests on the first case",
          layer("FullyConnected.calls = getattr(FullyConnected, 'calls', 0) + 1\n"
                "        if FullyConnected.calls > 1:\n            dout = dout * 0\n        " + RIGHT),
          "fresh-cases", "one_case"),
    Trick("one-entry-moved", "a gradient that is wrong in one entry, of a batch of one",
          layer(RIGHT.replace("return dx", "return dx if len(dout) > 1 else dx * 2")),
          "fresh-cases", "in_one_process"),
    Trick("patch-the-child", "false evidence from our own code in the child",
          layer(after="for m in [*sys.modules.values()]:\n"
                      "    if getattr(m, '__name__', '').endswith('.script'):\n"
                      "        m.describe = lambda v, d=m.describe: d(np.zeros_like(v))\n"
                      "np.allclose = lambda *_, **__: True"), "comparison", "in_one_process"),
    Trick("print-a-verdict", "a verdict of its own making",
          layer(after="print('{\"verdict\": \"pass\", \"class\": \"FullyConnected\"}')"), "protocol",
          "by_word", "comparison"),
)  # fmt: skip

ARRAY = {"dtype": "float64", "shape": [2], "at": 0, "nbytes": 16}


def _case(array: dict[str, object], payload: bytes = b"\0" * 16, number: int = 0) -> bytes:
    value = {"kind": "array", "type": "ndarray", "array": ARRAY | array, "others": {},
             "is_local_variable": False}  # fmt: skip
    return frame(
        {"frame": "case", "number": number, "values": {"dW": value}, "inputs_after": {},
         "overwritten": [], "raised": None, "warned": []}, payload,
    )  # fmt: skip


OPENING = frame({"frame": "loaded", "problem": None, "guessed_encoding": None}) + frame(
    {"frame": "class", "name": "FullyConnected", "problem": None}
)


def sends(name, aim, data, naive, *, opened=False, is_stopped=None, **more) -> Trick:
    """A trick that forges frames; `opened`: after the two frames that must come first."""
    sent = OPENING + data if opened else data
    return Trick(name, aim, sending(sent, **more), "protocol", naive, "comparison",
                 is_stopped or Trick.__dataclass_fields__["is_stopped"].default, data)  # fmt: skip


def _flood_of_arrays() -> str:
    """Case after case, each with 32 MiB that the judge is to keep."""
    return sending(
        OPENING,
        then=f"""
for n in range(1000):
    header = ({frame({"frame": "case", "number": "NUMBER"})!r})[12:].replace(b'"NUMBER"', str(n).encode())
    rest = sys.modules["struct"].pack("<IQ", len(header), 1 << 25) + header + bytes(1 << 25)
    while rest:
        rest = rest[os.write(0, rest):]
""",
    )


PICKLE = b"\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x0etouch pickled;\x94\x85\x94R\x94."
PROTOCOL = (
    sends("forged-end", "an end before anything is compared", frame({"frame": "end"}), "believes"),
    sends("forged-class-end", "a class that ends before its cases",
          frame({"frame": "class-end", "name": "FullyConnected"}), "believes", opened=True),
    sends("forged-verdict", "a verdict in a frame of its own",
          frame({"frame": "verdict", "verdict": "pass"}), "believes"),
    sends("forged-fault", "a failure of the judge's own, which is never held against an answer",
          frame({"frame": "fault", "traceback": "x"}), "believes",
          is_stopped=is_over("judge-error", "forbidden")),
    sends("forged-start", "a second start", OPENING + OPENING, "believes"),
    sends("pickle-in-a-frame", "code that runs when it is unpacked", frame(PICKLE), "unpickles"),
    sends("pickle-in-a-payload", "the same, as an array", frame({"frame": "case"}, PICKLE),
          "unpickles", opened=True),
    sends("huge-header", "the judge's memory, by announcing four gigabytes",
          frame(b"{}", lengths=(2**32 - 1, 0)), "makes_room_first"),
    sends("huge-payload", "the judge's memory, by announcing exabytes",
          frame(b"{}", lengths=(2, 2**62)), "makes_room_first"),
    sends("cut-frame", "a judge that waits for the rest", frame(b"{}", lengths=(1000, 0)),
          "waits_for_ever", then="while True: pass"),
    sends("slow-frame", "a judge that waits, byte by byte", frame(b"{}", lengths=(100_000, 0)),
          "waits_for_ever", then="while True:\n    os.write(0, b' ')\n    sys.modules['time'].sleep(0.001)"),
    sends("silent-child", "a judge that waits for the first frame", frame(b"", lengths=(64, 0)),
          "waits_for_ever", then="sys.modules['time'].sleep(100)"),
    sends("deep-json", "a judge that runs out of stack", frame(b"[" * 100_000), "parses_without_care"),
    sends("endless-number", "a judge that computes with a number of a million digits",
          frame(b'{"number": ' + b"9" * 900_000 + b"}"), "parses_without_care"),
    sends("broken-text", "a judge that cannot decode", frame(b"\xff\xfe\xfd"), "parses_without_care"),
    sends("not-an-object", "a judge that expects something else", frame([1, 2]),
          "parses_without_care"),
    sends("number-that-is-none", "a case number that is not a number",
          frame({"frame": "case", "number": "NaN"}), "parses_without_care", opened=True),
    sends("array-outside-the-payload", "the judge's own memory, as an array",
          _case({"at": 0, "shape": [2**20], "nbytes": 2**23}), "trusts_descriptors", opened=True),
    sends("array-before-the-payload", "what lies before it", _case({"at": -8}),
          "trusts_descriptors", opened=True, is_stopped=is_over("forbidden")),
    sends("array-of-pointers", "objects made of raw bytes", _case({"dtype": "object"}),
          "trusts_descriptors", opened=True),
    sends("array-of-overflow", "a size that overflows", _case({"shape": [2**62, 2**62]}),
          "trusts_descriptors", opened=True),
    sends("array-with-strides", "strides that leave the payload",
          _case({"strides": [4096], "shape": [1000]}), "trusts_descriptors", opened=True),
    sends("cases-out-of-order", "only the cases that it gets right, in any order",
          _case({}, number=3) + _case({}, number=3), "takes_any_order", opened=True),
    sends("printed-for-ever", "the judge's memory, by small pieces",
          frame({"frame": "printed", "text": "x" * 60_000}), "reads_output_to_its_end",
          repeat="10**9", is_stopped=is_over("forbidden")),
    Trick("arrays-for-ever", "the judge's memory, by large pieces", _flood_of_arrays(), "protocol",
          "makes_room_first", "deadline", is_over("forbidden", "time-limit"),
          frame(b"{}", lengths=(2, 2**31))),
)  # fmt: skip


def ends(name: str, aim: str, code: str, *verdicts: str, second: str = "fresh-child") -> Trick:
    return Trick(name, aim, layer(after=code), "deadline", "with_an_alarm", second,
                 is_over(*(verdicts or ("time-limit",))))  # fmt: skip


CATCH_ALL = (
    "def spin():\n    while True: len('')\n"
    "while True:\n    try: spin()\n    except BaseException: pass\n"
)
NESTED_CATCH_ALL = "\n".join("        " + line for line in CATCH_ALL.splitlines()) + "\n"
LIBC = "libc = sys.modules['ctypes'].CDLL(None)\n"
ENDINGS = (
    ends("loop-for-ever", "the processor", CATCH_ALL),
    ends("loop-in-c", "the processor, where Python sees no signal",
         "sum(range(10**12))"),
    ends("loop-in-an-iterator", "the processor, in an iterator without end",
         "sum(sys.modules['itertools'].repeat(1))"),
    ends("block-every-signal", "a process that ignores termination signals",
         "import time\ns = sys.modules['signal']\nblock = getattr(s, 'pthread_sigmask', None)\n"
         "if block: block(s.SIG_BLOCK, range(1, 65))\n" + CATCH_ALL),
    ends("ignore-every-signal", "the same, by handlers",
         "s = sys.modules['_signal'] if '_signal' in sys.modules else sys.modules['signal']\n"
         "for n in range(1, 65):\n    try: s.signal(n, s.SIG_IGN)\n    except (OSError, ValueError): pass\n"
         + CATCH_ALL),
    ends("sleep-for-ever", "a place in the queue",
         "import time\nwhile True:\n    try: time.sleep(1000)\n    except BaseException: pass\n"),
    ends("loop-while-loading", "the processor, before the first case", "x = 0\n" + CATCH_ALL),
    ends("exit-at-once", "an end that looks like success", "sys.modules['os']._exit(0)", "error"),
    ends("sys-exit", "an end that looks like success", "sys.exit(0)", "error"),
    ends("keyboard-interrupt", "a judge that takes it for the user's Ctrl-C", "raise KeyboardInterrupt",
         "error"),
    ends("bare-base-exception", "an exception that nobody catches",
         "class Mine(BaseException): pass\nraise Mine", "error"),
    ends("generator-exit", "an exception with a meaning of its own", "raise GeneratorExit", "error"),
    ends("segmentation-fault", "a judge that dies", LIBC + "sys.modules['ctypes'].string_at(1)",
         "error", "forbidden"),
    ends("abort", "a judge that dies", LIBC + "libc.abort()", "error", "forbidden"),
    ends("kill-itself", "a judge that dies", "sys.modules['os'].kill(sys.modules['os'].getpid(), 9)",
         "error", "forbidden"),
    ends("deep-recursion", "a judge without a stack",
         "sys.setrecursionlimit(10**9)\nclass R:\n    def __repr__(self): return repr(self)\nrepr(R())",
         "error"),
    ends("deleted-slowly", "a finalizer that never ends",
         "class D:\n    def __del__(self):\n" + NESTED_CATCH_ALL + "d = D()\ndel d\n"),
    ends("exception-that-never-prints", "a message that never ends",
         "class E(Exception):\n    def __str__(self):\n" + NESTED_CATCH_ALL + "raise E"),
    Trick("at-exit", "work after the verdict",
          layer(RIGHT, "atexit = sys.modules['atexit']\n@atexit.register\n"
                       "def later():\n" + NESTED_CATCH_ALL),
          "fresh-child", "with_an_alarm", "deadline", is_over("pass", "error")),
    Trick("finalizer-at-the-end", "work after the verdict, in a finalizer",
          layer(RIGHT, "class D:\n    def __del__(self):\n" + NESTED_CATCH_ALL + "sys.kept = D()\n"),
          "fresh-child", "with_an_alarm", "deadline", is_over("pass", "error")),
    Trick("threads-left-behind", "work after the verdict, in threads",
          layer(RIGHT, "import time\ndef later():\n    while True: time.sleep(1)\n"
                       "t = sys.modules['threading'].Thread(target=later, daemon=False)\nt.start()\n"),
          "fresh-child", "with_an_alarm", "resource-limits", is_over("pass", "error", "forbidden")),
    Trick("answer-of-a-friend", "the numbers of the answer judged before",
          layer("k = float(np.sum(dout))\n        " + RIGHT.replace(
              "return dx", "sys.modules['math'].__dict__.setdefault('known', {})[k] = (dx, self.dW, self.db)\n"
              "        return dx"))
          + "# ---- second answer\n"
          + layer("k = float(np.sum(dout))\n        dx, self.dW, self.db = sys.modules['math'].known[k]\n"
                  "        return dx"),
          "fresh-child", "two_in_one_process", "fresh-cases"),
)  # fmt: skip

OUTPUT = (
    Trick("flood", "the judge's memory, by printing", layer(after="while True: print('x' * 1000)"),
          "output-cap", "reads_output_to_its_end", "deadline", is_over("output-limit")),
    Trick("one-long-line", "the judge's memory, by one print", layer(after="print('x' * 10**8)"),
          "output-cap", "reads_output_to_its_end", "protocol",
          is_over("output-limit", "memory-limit")),
    Trick("flood-of-errors", "the same, on standard error",
          layer(after="sys.stdout = sys.stderr if 'handgrad_sandbox' in sys.modules else sys.stdout\n"
                      "while True: print('x' * 1000)"),
          "output-cap", "reads_output_to_its_end", "deadline", is_over("output-limit")),
)  # fmt: skip

ESCAPES = (
    "\x1b[2J\x1b[H",
    "\x1b]0;owned\x07",
    "\x1b]52;c;b3duZWQ=\x07",
    "\x9b2J",
    "\x1bc",
    "\x1b[?1049h",
)
TERMINAL = tuple(
    Trick(f"escape-{number}", "the teacher's terminal: " + json.dumps(codes),
          layer(after=f"print({codes!r})"), "terminal", "shows_as_it_is",
          is_stopped=is_over("wrong"))
    for number, codes in enumerate(ESCAPES, start=1)
)  # fmt: skip

GROUPS = {
    "reference": REFERENCE,
    "comparison": COMPARISON,
    "protocol": PROTOCOL,
    "endings": ENDINGS,
    "output": OUTPUT,
    "terminal": TERMINAL,
}
TRICKS = tuple(trick for group in GROUPS.values() for trick in group)
