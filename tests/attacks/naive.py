"""Judges as one would first write them, for the positive controls: each lacks one layer.

    python -m attacks.naive KIND < answer

runs one of them in this process, which is thrown away, and prints `fooled` when the attack got what
it wanted. A judge that dies, hangs or is stopped before it says anything was beaten as well.
"""

from __future__ import annotations

import atexit  # noqa: F401 -- what a judge has loaded, an answer in its process has as well
import contextlib
import gc  # noqa: F401
import io
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import tempfile
import threading  # noqa: F401
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

TOLERANCE = 1e-5
JUDGED = "judged"
FOOLED = "fooled"
LOADED = "loaded"


class Reference:
    """The layer done right, in the same process as the answer: which is the first mistake."""

    def __init__(self, W: Any, b: Any) -> None:
        self.W, self.b = W, b

    def forward(self, x: Any) -> Any:
        self.shape, self.x = x.shape, x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout: Any) -> Any:
        self.dW, self.db = np.dot(self.x.T, dout), np.sum(dout, axis=0)
        return np.dot(dout, self.W.T).reshape(self.shape)


def draw(seed: int | None = None, rows: int = 4) -> SimpleNamespace:
    rng = np.random.default_rng(seed)
    return SimpleNamespace(
        x=rng.normal(size=(rows, 3)), W=rng.normal(size=(3, 5)), b=rng.normal(size=5),
        dout=rng.normal(size=(rows, 5)),
    )  # fmt: skip


def run(layer_class: Any, drawn: SimpleNamespace) -> dict[str, Any]:
    layer = layer_class(drawn.W, drawn.b)
    out = layer.forward(drawn.x)
    dx = layer.backward(drawn.dout)
    return {"out": out, "dx": dx, "dW": layer.dW, "db": layer.db}


def load(source: str) -> Any:
    names: dict[str, Any] = {"__name__": "answer"}
    exec(compile(source, "answer.py", "exec"), names)
    return names["FullyConnected"]


def close(got: Any, expected: Any) -> bool:
    return bool(np.allclose(got, expected, atol=TOLERANCE))


def elementwise(got: Any, expected: Any) -> bool:
    return not (np.abs(got - expected) > TOLERANCE).any()


def compares(source: str, comparing: Any, *, seed: int | None = None, rows: int = 4) -> bool:
    """Exec the answer here, run it, and compare here."""
    answer = load(source)
    drawn = draw(seed, rows)
    expected = run(Reference, drawn)
    received = run(answer, drawn)
    return all(comparing(received[name], expected[name]) for name in ("dx", "dW", "db"))


def in_one_process(source: str) -> bool:
    return compares(source, close)


def by_difference(source: str) -> bool:
    return compares(source, elementwise)


def on_shared_inputs(source: str) -> bool:
    """The reference runs after the answer, on the very same arrays."""
    drawn = draw()
    received = run(load(source), drawn)
    expected = run(Reference, drawn)
    return all(close(received[name], expected[name]) for name in ("dx", "dW", "db"))


def from_one_seed(source: str) -> bool:
    return compares(source, close, seed=0)


def one_case(source: str) -> bool:
    return compares(source, close, rows=2)


def two_in_one_process(source: str) -> bool:
    """A right answer of a friend's is judged first, then this one, on the same cases."""
    first, _, second = source.partition("# ---- second answer\n")
    for text in (first, second):
        fooled = compares(text, close, seed=5)
    return fooled


def by_exit_status(source: str) -> bool:
    done = subprocess.run([sys.executable, "-c", source], check=False, capture_output=True)
    return done.returncode == 0 and b"FullyConnected" in source.encode()


def by_word(source: str) -> bool:
    """Believes the verdict that the answer's process prints."""
    done = subprocess.run(
        [sys.executable, "-c", source], check=False, capture_output=True, text=True
    )
    return any('"verdict": "pass"' in line for line in done.stdout.splitlines())


def forks_itself(source: str) -> bool:
    """Runs the answer in a fork of the judge, whose memory holds the canary and the reference."""
    canary = os.environ["CANARY"]
    kept = {"reference": Reference, "expected": run(Reference, draw()), "canary": canary}
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.dup2(writing, 1)
        sys.stdout = os.fdopen(1, "w", buffering=1)
        with contextlib.suppress(BaseException):
            load(source)
        sys.stdout.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as printed:
        return kept["canary"] in printed.read()


def starts_with_everything(source: str) -> bool:
    """Starts the answer with its own environment, folder and open files."""
    with tempfile.TemporaryFile() as secret:
        secret.write(os.environ["CANARY"].encode())
        secret.flush()
        os.set_inheritable(secret.fileno(), True)
        done = subprocess.run(
            [sys.executable, "-c", source], close_fds=False, check=False, capture_output=True
        )
        return os.environ["CANARY"].encode() in done.stdout


def reads_output_to_its_end(source: str) -> bool:
    """Keeps all that is printed; a megabyte is far more than it ought to keep."""
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        kept = process.stdout.read(1 << 20)
        process.kill()
    return len(kept) >= 1 << 20


def with_an_alarm(source: str) -> bool:
    """Runs the answer here under a timer of Python's own, which the answer can do without."""

    def ring(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        compares(source, close)
    except Exception as error:
        str(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return False


def shows_as_it_is(source: str) -> bool:
    """Prints what the answer printed to a terminal, which obeys it."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.suppress(Exception):
        load(source)
    return "\x1b" in printed.getvalue() or "\x9b" in printed.getvalue()


class Frames:
    """Readers that trust what is sent; the attack sends it through a pipe, as a child does."""

    def __init__(self, data: bytes) -> None:
        self.stream = io.BytesIO(data)

    def lengths(self) -> tuple[int, int]:
        return struct.unpack("<IQ", self.stream.read(12))


def believes(data: bytes) -> bool:
    """Takes any frame's word: that it ended, that all is well, that it is our own fault."""
    text = data[12:].decode(errors="replace")
    return any(f'"{word}"' in text for word in ("end", "class-end", "fault", "pass", "loaded"))


def unpickles(data: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with contextlib.suppress(Exception):
            pickle.loads(data[data.index(b"\x80") :])
        return Path("pickled").exists()


def makes_room_first(data: bytes) -> bool:
    """Allocates what is announced before anything has come."""
    announced = sum(Frames(data).lengths())
    if announced > 1 << 30:  # it would be gone now
        return True
    bytearray(announced)
    return False


def waits_for_ever(data: bytes) -> bool:
    """Reads what is announced from a child that sends no more; nobody looks at the clock."""
    reading, writing = os.pipe()
    os.write(writing, data[:60_000])
    header, payload = Frames(data).lengths()
    left = 12 + header + payload
    while left > 0:
        left -= len(os.read(reading, min(left, 1 << 16)))
    return False


def parses_without_care(data: bytes) -> bool:
    try:
        header = json.loads(data[12:])
        return not isinstance(header, dict) or header["number"] != int(header["number"])
    except (ValueError, RecursionError, KeyError, TypeError, OverflowError):
        return True


def trusts_descriptors(data: bytes) -> bool:
    """Builds the array that is described, wherever it says that it lies."""
    header = json.loads(data[12 : 12 + Frames(data).lengths()[0]])
    described = header["values"]["dW"]["array"]
    room = bytearray(64)
    try:
        base = np.frombuffer(room, np.uint8)
        array = np.lib.stride_tricks.as_strided(
            (room_left := base[described["at"] :]).view(described["dtype"]),
            described["shape"],
            described.get("strides"),
        )
    except Exception:
        return True
    return array.nbytes > len(room_left) or array.dtype.hasobject


def takes_any_order(data: bytes) -> bool:
    """Counts right cases, whichever they are."""
    numbers = []
    while data:
        header, payload = Frames(data).lengths()
        numbers.append(json.loads(data[12 : 12 + header]).get("number"))
        data = data[12 + header + payload :]
    return len(numbers) > len(set(numbers)) or numbers != sorted(numbers) or numbers[0] != 0


READERS = {
    reader.__name__: reader
    for reader in (
        believes, unpickles, makes_room_first, waits_for_ever, parses_without_care,
        trusts_descriptors, takes_any_order,
    )
}  # fmt: skip
JUDGES = {
    judge.__name__: judge
    for judge in (
        in_one_process, by_difference, on_shared_inputs, from_one_seed, one_case,
        two_in_one_process, by_exit_status, by_word, forks_itself, starts_with_everything,
        reads_output_to_its_end, with_an_alarm, shows_as_it_is,
    )
}  # fmt: skip


HANGING = ("waits_for_ever", "with_an_alarm")
"""The naive judges that an attack may keep busy for ever; every other one comes to an end."""
BUSY_SECONDS = 2.5
LONGEST_RUN = 120.0


def is_fooled(kind: str, attack: bytes, canary: str = "", *, may_hang: bool = True) -> bool:
    """Whether that naive judge is beaten: fooled, dead, or (if it may hang) still busy after a while.

    Its time begins when it has loaded, so that a slow machine beats nobody.
    """
    here = Path(__file__).resolve().parents[1]
    paths = os.pathsep.join([str(here), str(here.parent / "src"), *filter(None, sys.path)])
    is_hanging = may_hang and kind in HANGING
    with subprocess.Popen(
        [sys.executable, "-m", "attacks.naive", kind],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=os.environ | {"CANARY": canary, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            assert process.stdout.readline().split() == [LOADED.encode()]
            output, _ = process.communicate(attack, BUSY_SECONDS if is_hanging else LONGEST_RUN)
        except subprocess.TimeoutExpired:
            return is_hanging
        finally:
            process.kill()
    said = output.decode(errors="replace").split()
    return JUDGED not in said or FOOLED in said or process.returncode != 0


def main() -> None:
    print(LOADED, flush=True)
    kind, attack = sys.argv[1], sys.stdin.buffer.read()
    started = time.monotonic()
    fooled = READERS[kind](attack) if kind in READERS else JUDGES[kind](attack.decode())
    print(*([FOOLED] if fooled else []), JUDGED, round(time.monotonic() - started, 2), flush=True)


if __name__ == "__main__":
    main()
