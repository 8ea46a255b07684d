"""Children seen from the parent, and children that do not play by the rules."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from support.answers import SOLUTION, answer, with_line
from support.processes import psutil_or_skip

from handgrad.judging import Judge
from handgrad.sandbox import Limits, Pool

FORGE = """
import sys, json
struct = sys.modules["struct"]
def send(header, payload=b""):
    text = json.dumps(header).encode()
    data = struct.pack("<IQ", len(text), len(payload)) + text + payload
    os = sys.modules["os"]
    for fd in range(20):
        try:
            os.write(fd, data)
        except OSError:
            pass
"""


@pytest.fixture
def judged(course):
    def run(source, **limits):
        with Judge(seed=3, expected_answers=1, limits=Limits(**limits)) as judge:
            [verdict] = judge.judge(course.level("fully-connected"), answer(source))
        return verdict

    return run


@pytest.mark.parametrize(
    "header",
    [
        {"frame": "case", "number": 0, "values": {}, "inputs_after": {}, "overwritten": [], "raised": None, "warned": []},
        {"frame": "class", "name": "FullyConnected", "problem": None},
        {"frame": "class-end", "name": "FullyConnected"},
        {"frame": "loaded", "problem": None},
        {"frame": "loaded", "problem": {"kind": "made-up", "line": 1, "column": 1, "facts": {}}},
        {"frame": "loaded", "problem": {"kind": [], "line": "x"}},
        {"frame": "no-such-frame"},
        {"frame": ["case"]},
        {},
    ],
    ids=lambda header: json.dumps(header)[:40],
)  # fmt: skip
def test_a_forged_frame_never_passes(judged, header):
    verdict = judged(f"{FORGE}\nsend({header!r})\n{SOLUTION.replace('axis=0', 'axis=1')}")
    assert verdict.verdict == "forbidden", verdict.message.en


def test_an_early_end_is_no_pass(judged):
    verdict = judged(f"{FORGE}\nsend({{'frame': 'end'}})\n{SOLUTION}")
    assert (verdict.verdict, verdict.kind) == ("error", "exited")


def test_a_forged_fault_is_no_pass_either(judged):
    verdict = judged(f"{FORGE}\nsend({{'frame': 'fault', 'traceback': 'x'}})\n{SOLUTION}")
    assert verdict.verdict == "judge-error"


@pytest.mark.parametrize("garbage", [b"\xff" * 100, b"\x02\x00\x00\x00" + b"\x00" * 8 + b"{", b"x"])
def test_garbage_in_the_channel_never_passes(judged, garbage):
    forge = f"import sys\nfor fd in range(20):\n    try:\n        sys.modules['os'].write(fd, {garbage!r})\n    except OSError:\n        pass\n"
    verdict = judged(forge + SOLUTION + "\nsys.modules['os']._exit(0)\n", wall_seconds=1.5)
    assert verdict.verdict in ("forbidden", "error", "time-limit")


def test_the_references_are_not_in_the_child(judged):
    source = SOLUTION.replace(
        "    def backward",
        "    import sys\n    print(sorted(m for m in sys.modules if m.startswith(('handgrad.', 'click', 'rich'))))\n"
        "    print([n for n in sys.modules if n == 'handgrad'])\n    def backward",
        1,
    )
    assert judged(source).printed == "[]\n[]\n"


def test_the_environment_and_the_folder_are_not_the_learner_s(judged, monkeypatch):
    monkeypatch.setenv("HANDGRAD_SECRET", "canary")
    verdict = judged("import sys\nprint(dict(sys.modules['os'].environ))\n" + SOLUTION)
    assert "canary" not in verdict.printed
    assert verdict.verdict == "pass"


def test_the_deadline_holds_against_code_that_ignores_everything(judged):
    stubborn = """
import sys
signal = sys.modules.get("signal") or __import__("_signal", level=0) if False else None
class Stubborn:
    def __del__(self):
        while True:
            pass
keep = Stubborn()
"""
    verdict = judged(
        stubborn
        + SOLUTION
        + "\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass\n",
        processor_seconds=0.4,
    )
    assert verdict.verdict == "time-limit"


def test_threads_left_behind_do_not_matter(judged):
    source = """
import sys
def forever():
    while True:
        pass
sys.modules["_thread"].start_new_thread(forever, ())
"""
    verdict = judged(source + SOLUTION)
    # an isolated child has no threads; elsewhere one that is left behind does not matter
    assert verdict.verdict in ("pass", "time-limit", "error")
    assert verdict.verdict != "error" or "thread" in verdict.message.en


def test_descriptors_do_not_leak(course):
    psutil = psutil_or_skip()
    level = course.level("fully-connected")
    process = psutil.Process()
    with Judge(seed=3, pool=Pool(ahead=1)) as judge:
        judge.judge(level, answer(SOLUTION))
        count = process.num_fds if hasattr(process, "num_fds") else process.num_handles
        before = count(), process.num_threads()
        for _ in range(5):
            judge.judge(level, with_line("1 / 0"))
        assert (count(), process.num_threads()) == before


PARENT = """
import sys
from handgrad.course import load_course
from handgrad.judging import Answer, Judge
level = load_course().level("fully-connected")
source = "print('running')\\nwhile True: pass\\n"
judge = Judge(seed=1, expected_answers=2)
preparation = judge.prepare(level)
child = judge._runner._pool.take()
for arrived in child.ask(preparation.job("a.py", source.encode()), judge.limits):
    print(child.process_id, judge._runner._pool._ready[0].process_id, flush=True)
"""


def test_nothing_outlives_a_judge_that_is_killed():
    psutil = psutil_or_skip()
    judge = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    running, waiting = (psutil.Process(int(n)) for n in judge.stdout.readline().split())
    judge.kill()
    judge.wait()
    judge.stdout.close()
    _, alive = psutil.wait_procs([running, waiting], timeout=10)
    assert alive == []
