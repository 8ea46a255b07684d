from __future__ import annotations

import subprocess
import sys

import pytest

from handgrad.sandbox.resource_usage import NOTHING, proc_usage, psutil_usage


def readers():
    yield pytest.param(
        proc_usage,
        marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc"),
        id="proc",
    )
    yield pytest.param(
        psutil_usage,
        marks=pytest.mark.skipif(
            hasattr(sys, "without_posix") and sys.platform != "win32",
            reason="psutil itself needs `resource` on this system",
        ),
        id="psutil",
    )


BUSY = """
import time
print(flush=True)
input()
ballast = bytearray(64 << 20)
ballast[::4096] = b"x" * len(ballast[::4096])
end = time.process_time() + 0.2
while time.process_time() < end:
    pass
print(flush=True)
input()
"""


@pytest.mark.parametrize("usage", list(readers()))
def test_processor_time_and_memory_grow(usage):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", BUSY], text=True, **pipes) as process:
        process.stdout.readline()
        before = usage(process.pid)
        process.stdin.write("\n")
        process.stdin.flush()
        process.stdout.readline()
        after = usage(process.pid)
        process.kill()
    assert after.processor_seconds - before.processor_seconds >= 0.1
    assert after.memory_bytes - before.memory_bytes >= 48 << 20


@pytest.mark.parametrize("usage", list(readers()))
def test_a_process_that_has_ended_used_nothing_more(usage):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert usage(process.pid) == NOTHING
